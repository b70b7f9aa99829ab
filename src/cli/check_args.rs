//! The flags of `imgbench check`.

use std::path::PathBuf;

use imgbench::check::Check;
use imgbench::render::{self, CHECK_RENDERERS, Renderer};
use imgbench::size::{parse_bytes, parse_pixels};

use super::cache::CacheArgs;
use super::output::ids;

/// Hold files against the budgets of imgbench.toml.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub(super) struct Args {
    /// Files, directories or quoted globs [default: the configuration's folder]
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    /// Also take paths from FILE, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,
    /// Paths in --files-from end in NUL instead of newline
    #[arg(short = '0', requires = "files_from")]
    pub(super) null: bool,
    /// Take files that .gitignore and .imgbenchignore list
    #[arg(long)]
    pub(super) no_ignore: bool,
    /// Take hidden files and look into hidden directories
    #[arg(long)]
    pub(super) hidden: bool,

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

    /// Jobs at a time [default: all cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Limits")]
    pub(super) jobs: Option<u16>,
    /// Memory for pictures, encoders and metrics together [default: half of what there is]
    #[arg(long, value_name = "SIZE", value_parser = parse_bytes, help_heading = "Limits")]
    pub(super) max_memory: Option<u64>,
    /// Largest picture, in pixels
    #[arg(long, value_name = "N", default_value = "512M", value_parser = parse_pixels, help_heading = "Limits")]
    pub(super) max_pixels: u64,
    /// Largest file
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = parse_bytes, help_heading = "Limits")]
    pub(super) max_file_size: u64,
}

const AFTER: &str = "\
Exit code: 0 within budget, warnings allowed; 1 something is over budget; 2 something could not be checked.
Where GITHUB_ACTIONS is true, annotations and the step's summary are written, too.";

fn renderer(id: &str) -> Result<&'static dyn Renderer<Check>, String> {
    let known = ids(CHECK_RENDERERS);
    render::find(CHECK_RENDERERS, id).ok_or_else(|| format!("a check is written as {known}"))
}
