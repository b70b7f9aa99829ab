//! `imgbench diff`: what changed between two reports.

use std::path::PathBuf;

use anyhow::bail;
use imgbench::diff::{Diff, MaxGrowth};
use imgbench::render::{self, DIFF_RENDERERS, Renderer};

use super::output::{Places, ids, plain};
use super::report::load;
use super::{DONE, Global, VIOLATION, terminal};

/// Compare two reports; never encodes.
#[derive(clap::Args)]
#[command(
    after_help = "Exit code: 0 done, 1 something grew by more than --max-growth, 2 could not compare."
)]
pub(super) struct Args {
    /// The report before; `-` is standard input
    #[arg(value_name = "OLD.json")]
    old: PathBuf,
    /// The report now; `-` is standard input
    #[arg(value_name = "NEW.json")]
    new: PathBuf,
    /// Exit with 1 when a result, or a variant on average, is larger than before by more than this: 2% or 0.5%
    #[arg(long, value_name = "PERCENT")]
    max_growth: Option<MaxGrowth>,
    /// Write the diff to a file, in the format of its extension; `-` is standard output. Repeatable
    #[arg(short, long = "output", value_name = "[FORMAT:]PATH")]
    outputs: Vec<String>,
    /// What goes to standard output
    #[arg(long, value_name = "FORMAT", value_parser = renderer)]
    format: Option<&'static dyn Renderer<Diff>>,
}

fn renderer(id: &str) -> Result<&'static dyn Renderer<Diff>, String> {
    let known = ids(DIFF_RENDERERS);
    render::find(DIFF_RENDERERS, id).ok_or_else(|| format!("a diff is written as {known}"))
}

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> anyhow::Result<u8> {
    if args.old.as_os_str() == "-" && args.new.as_os_str() == "-" {
        bail!("only one of the two reports can come from standard input");
    }
    let places = Places::open(DIFF_RENDERERS, &args.outputs, args.format)?;
    let mut diff = Diff::between(&load(&args.old)?, &load(&args.new)?);
    if let Some(limit) = args.max_growth {
        diff.hold(limit);
    }
    let told = places.shows_table() || global.quiet;
    match places.write(&diff, plain(global), None, global) {
        // Who reads no further still gets the exit code.
        Err(error) if !terminal::is_closed_pipe(&error) => return Err(error),
        _ => {}
    }
    let Some(limit) = args.max_growth else {
        return Ok(DONE);
    };
    if diff.compared == 0 {
        bail!(
            "nothing to hold to --max-growth: no result of an unchanged input is in both reports"
        );
    }
    let violations = diff.verdict.map_or(0, |verdict| verdict.violations.len());
    if violations == 0 {
        return Ok(DONE);
    }
    if !told {
        let times = match violations {
            1 => "once".to_owned(),
            times => format!("{times} times"),
        };
        terminal::complain(&format!("--max-growth {limit} is exceeded {times}"));
    }
    Ok(VIOLATION)
}
