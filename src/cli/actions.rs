//! What GitHub Actions is told beside the outcome: annotations, and the step's summary.

use std::fs::OpenOptions;
use std::io::Write;

use anyhow::Context;
use imgbench::check::Check;
use imgbench::render::{self, CHECK_RENDERERS, Style};

use super::terminal;

/// Bytes that a step's summary may hold, with some room to GitHub's own limit of 1 MiB.
const SUMMARY: u64 = 900 << 10;

/// Where annotations go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Annotations {
    /// To standard output, which people read.
    Stdout,
    /// To standard error: a program reads the other.
    Stderr,
    /// Nowhere: they are what standard output got already.
    AreThere,
}

/// Tells GitHub Actions, where the command runs there.
///
/// # Errors
/// When the summary's file cannot be written.
pub(super) fn tell(check: &Check, to: Annotations) -> anyhow::Result<()> {
    if std::env::var_os("GITHUB_ACTIONS").is_none_or(|value| value != "true") {
        return Ok(());
    }
    let annotations = written(check, "github")?;
    match to {
        Annotations::Stdout => match terminal::print(&annotations) {
            Err(error) if !terminal::is_closed_pipe(&error) => return Err(error),
            _ => {}
        },
        Annotations::Stderr => drop(std::io::stderr().lock().write_all(&annotations)),
        Annotations::AreThere => {}
    }
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let summary = written(check, "markdown")?;
    let file = OpenOptions::new().append(true).create(true).open(path);
    let mut file = file.context("cannot write GITHUB_STEP_SUMMARY")?;
    // Several checks of one step share the file.
    let there = file.metadata().map_or(0, |meta| meta.len());
    if there + summary.len() as u64 <= SUMMARY {
        file.write_all(&summary)
            .context("cannot write GITHUB_STEP_SUMMARY")?;
    }
    Ok(())
}

fn written(check: &Check, format: &str) -> anyhow::Result<Vec<u8>> {
    let renderer = render::find(CHECK_RENDERERS, format).context("this build lacks an output")?;
    let mut bytes = Vec::new();
    renderer.render(check, &Style::default(), &mut bytes)?;
    Ok(bytes)
}
