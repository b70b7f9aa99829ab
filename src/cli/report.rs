//! `imgbench report`: a saved report, rendered again.

use std::path::{Path, PathBuf};

use anyhow::Context;
use imgbench::Report;

use super::browsers::BrowserArgs;
use super::output::OutputArgs;
use super::{DONE, Global, pictures};

/// Render a saved JSON report again; never encodes.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A report that `imgbench compare -o report.json` wrote; `-` is standard input
    #[arg(value_name = "REPORT.json")]
    report: PathBuf,
    #[command(flatten)]
    browsers: BrowserArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> anyhow::Result<u8> {
    let mut report = load(&args.report)?;
    if args.browsers.are_named() {
        report.support = Some(args.browsers.support(None)?);
        report.derive();
    }
    let outputs = args.output.open()?;
    let gallery = pictures::of_saved(&report, outputs.pictures())?;
    outputs.write(&mut report, &gallery, global)?;
    Ok(DONE)
}

/// Reads a saved report.
///
/// # Errors
/// When the file cannot be read or is no report this build understands.
pub(super) fn load(path: &Path) -> anyhow::Result<Report> {
    let shown = path.display();
    let text = if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.with_context(|| format!("cannot read {shown}"))?;
    Report::from_json(&text).with_context(|| format!("{shown} is not a report"))
}
