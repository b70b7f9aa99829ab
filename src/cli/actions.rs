//! What GitHub Actions is told beside the outcome: annotations, and the step's summary.

use std::borrow::Cow;
use std::fs::OpenOptions;
use std::io::Write;

use anyhow::Context;
use imgbench::check::Check;
use imgbench::render::{self, CHECK_RENDERERS, Style};

use super::terminal;

/// Bytes that a step's summary may hold, with some room to GitHub's own limit of 1 MiB.
const SUMMARY: u64 = 900 << 10;

/// What is said where it does not hold all. It also closes what may be folded.
const CUT: &str = "\n</details>\n\nThe rest is left out: GitHub takes no more than 1 MiB of summary from a step.\n";

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
        Annotations::Stdout => match terminal::print(annotations.as_bytes()) {
            Err(error) if !terminal::is_closed_pipe(&error) => return Err(error),
            _ => {}
        },
        Annotations::Stderr => drop(std::io::stderr().lock().write_all(annotations.as_bytes())),
        Annotations::AreThere => {}
    }
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let summary = written(check, "markdown")?;
    let file = OpenOptions::new().append(true).create(true).open(path);
    let mut file = file.context("cannot write GITHUB_STEP_SUMMARY")?;
    // Several commands of one step share the file.
    let there = file.metadata().map_or(0, |meta| meta.len());
    let summary = cut(&summary, SUMMARY.saturating_sub(there) as usize);
    file.write_all(summary.as_bytes())
        .context("cannot write GITHUB_STEP_SUMMARY")
}

/// As many lines of `summary` as `room` bytes hold, with a sentence where that is not all of them.
fn cut(summary: &str, room: usize) -> Cow<'_, str> {
    if summary.len() <= room {
        return summary.into();
    }
    let Some(room) = room.checked_sub(CUT.len()) else {
        return "".into();
    };
    let mut kept = 0;
    for line in summary.split_inclusive('\n') {
        if kept + line.len() > room {
            break;
        }
        kept += line.len();
    }
    format!("{}{CUT}", &summary[..kept]).into()
}

fn written(check: &Check, format: &str) -> anyhow::Result<String> {
    let renderer = render::find(CHECK_RENDERERS, format).context("this build lacks an output")?;
    let mut bytes = Vec::new();
    renderer.render(check, &Style::default(), &mut bytes)?;
    Ok(String::from_utf8(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_cut_at_a_line_and_says_so() {
        let summary = &format!("### Images\n\n| é |\n{}", "| b |\n".repeat(99));
        assert_eq!(cut(summary, summary.len()), *summary);
        let room = CUT.len() + 20;
        assert_eq!(cut(summary, room), format!("### Images\n\n| é |\n{CUT}"));
        assert_eq!(cut(summary, room - 4), format!("### Images\n\n{CUT}"));
        assert_eq!(cut(summary, CUT.len() - 1), "");
    }
}
