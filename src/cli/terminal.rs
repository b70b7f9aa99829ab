//! Standard streams: what may be written where, and how.

use std::any::Any;
use std::io::{self, IsTerminal, Write};

use imgbench::render::{Color, visible};

/// `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless NO_COLOR or CLICOLOR_FORCE say otherwise.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// What it comes to on standard output.
    pub(super) fn resolve(self) -> Color {
        let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let forced =
            set("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE").is_some_and(|v| v != "0");
        let capable =
            io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|t| t != "dumb");
        let colored = match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => !set("NO_COLOR") && (forced || capable),
        };
        if colored { Color::Always } else { Color::Never }
    }
}

/// Columns of the terminal that standard output is, if it is one.
pub(super) fn width() -> Option<usize> {
    let stdout = io::stdout();
    stdout
        .is_terminal()
        .then(|| terminal_size::terminal_size_of(stdout))
        .flatten()
        .map(|(w, _)| usize::from(w.0))
}

/// Writes to standard output, whole.
pub(super) fn print(bytes: &[u8]) -> anyhow::Result<u8> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()?;
    Ok(super::DONE)
}

/// Writes a line to standard error, as far as that is possible.
pub(super) fn complain(message: &str) {
    let lines: Vec<String> = message.lines().map(visible).collect();
    let _ = writeln!(io::stderr().lock(), "imgbench: {}", lines.join("\n"));
}

/// Says on one line of standard error what is wrong with `path`.
pub(super) fn complain_of(path: &str, error: &str) {
    complain(&visible(&format!("{path}: {error}")));
}

/// A path as it may be shown on one line.
pub(super) fn shown(path: &std::path::Path) -> String {
    visible(&path.to_string_lossy())
}

/// Whether an error is only that nobody reads standard output any more.
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let broken = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(broken))
}

/// A panic that no guard caught, as an error.
pub(super) fn internal_error(panic: &(dyn Any + Send)) -> anyhow::Error {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    anyhow::anyhow!(
        "internal error: {}\nThis is a bug in imgbench: please report it with the command you ran.",
        text.unwrap_or("no message")
    )
}
