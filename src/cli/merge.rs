//! `imgbench merge`: the reports of all shards, joined.

use std::path::PathBuf;

use anyhow::Context;
use imgbench::Report;

use super::output::OutputArgs;
use super::report::load;
use super::{DONE, Global, pictures};

/// Join shards into one report, byte-identical to that of an unsharded run.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Reports of `imgbench compare --shard K/N -o report.json` with the same options
    #[arg(value_name = "REPORT.json", required = true)]
    reports: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> anyhow::Result<u8> {
    let outputs = args.output.open()?;
    let reports = args
        .reports
        .iter()
        .map(|path| load(path))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut merged = Report::merge(reports).context("these reports do not belong together")?;
    let gallery = pictures::of_saved(&merged, outputs.pictures())?;
    outputs.write(&mut merged, &gallery, global)?;
    Ok(DONE)
}
