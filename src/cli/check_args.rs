//! The flags of `imgbench check`.

use std::path::PathBuf;

use imgbench::check::Check;
use imgbench::render::{self, CHECK_RENDERERS, Renderer};

use super::cache::CacheArgs;
use super::limit_args::LimitArgs;
use super::output::ids;
use super::walk_args::WalkArgs;

/// Hold files against the budgets of imgbench.toml.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub(super) struct Args {
    /// Files, directories or quoted globs [default: the configuration's folder]
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) walk: WalkArgs,

    /// Configuration file [default: the nearest imgbench.toml]
    #[arg(long, value_name = "FILE", help_heading = "What to hold")]
    pub(super) config: Option<PathBuf>,
    /// What max-growth is held against: a revision such as origin/main, a report of `compare`, or a baseline
    /// [default: imgbench-baseline.json beside the configuration, if it is there]
    #[arg(long, value_name = "REV|FILE", help_heading = "What to hold")]
    pub(super) base: Option<String>,
    /// Write what files are now to the baseline, for later checks to be held against
    #[arg(long, help_heading = "What to hold")]
    pub(super) update_baseline: bool,
    /// Fail when there are more warnings than this
    #[arg(long, value_name = "N", help_heading = "What to hold")]
    pub(super) max_warnings: Option<usize>,

    /// Write the outcome to a file, in the format of its extension; `-` is standard output. Repeatable
    #[arg(
        short,
        long = "output",
        value_name = "[FORMAT:]PATH",
        help_heading = "Output"
    )]
    pub(super) outputs: Vec<String>,
    /// What goes to standard output
    #[arg(long, value_name = "FORMAT", value_parser = renderer, help_heading = "Output")]
    pub(super) format: Option<&'static dyn Renderer<Check>>,
    /// Do not fail for files that could not be looked at
    #[arg(long, help_heading = "Output")]
    pub(super) allow_failures: bool,
    #[command(flatten, next_help_heading = "Cache")]
    pub(super) cache: CacheArgs,
    /// No progress bar
    #[arg(long, help_heading = "Output")]
    pub(super) no_progress: bool,

    #[command(flatten)]
    pub(super) limits: LimitArgs,
}

const AFTER: &str = "\
Exit code: 0 within budget, warnings allowed; 1 something is over budget; 2 something could not be checked.
Where GITHUB_ACTIONS is true, annotations and the step's summary are written, too.";

fn renderer(id: &str) -> Result<&'static dyn Renderer<Check>, String> {
    let known = ids(CHECK_RENDERERS);
    render::find(CHECK_RENDERERS, id).ok_or_else(|| format!("a check is written as {known}"))
}
