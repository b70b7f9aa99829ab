//! Where results are kept between runs, and `imgbench cache`.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use etcetera::BaseStrategy;
use imgbench::cache::Cache;

use super::{DONE, Global, VIOLATION, terminal};

/// Names the folder where no flag does; an empty one turns the cache off.
const VARIABLE: &str = "IMGBENCH_CACHE";

/// Bytes of results that are kept: some hundred thousand of them.
const LIMIT: u64 = 256 << 20;

/// Whether and where results are kept.
#[derive(clap::Args)]
pub(super) struct CacheArgs {
    /// Keep results in DIR, and take them from there [default: IMGBENCH_CACHE, else imgbench in the user's cache folder]
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Measure everything anew, and keep nothing
    #[arg(long)]
    no_cache: bool,
}

impl CacheArgs {
    /// The cache that is asked for. None, too, where the system has no folder for such things.
    pub(super) fn open(&self) -> Option<Arc<Cache>> {
        let folder = match (self.no_cache, &self.cache) {
            (true, _) => None,
            (_, Some(folder)) => Some(folder.clone()),
            _ => usual(),
        };
        folder.map(|folder| Arc::new(Cache::new(folder)))
    }
}

/// The folder that is used where no flag names one.
fn usual() -> Option<PathBuf> {
    match std::env::var_os(VARIABLE) {
        Some(folder) if folder.is_empty() => None,
        Some(folder) => Some(folder.into()),
        None => {
            let folders = etcetera::choose_base_strategy().ok()?;
            Some(folders.cache_dir().join("imgbench"))
        }
    }
}

/// Keeps the folder within its limit once a run is over; one warning says what went wrong with it, where any are wanted.
pub(super) fn close(cache: &Cache, global: &Global) {
    let trimmed = match cache.kept() {
        0 => Ok(()),
        _ => cache.trim(LIMIT),
    };
    let trouble = trimmed.err().map(|error| error.to_string());
    let why = cache.trouble().map(str::to_owned).or(trouble);
    if let Some(why) = why.filter(|_| !global.quiet) {
        terminal::complain(&format!(
            "warning: results are not kept in {}: {why}; --cache names another folder, --no-cache does without",
            cache.folder().display()
        ));
    }
}

/// Look after the results that are kept between runs.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
    /// The folder [default: IMGBENCH_CACHE, else imgbench in the user's cache folder]
    #[arg(long, global = true, value_name = "DIR")]
    cache: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::Subcommand)]
enum What {
    /// Where they are, how many and how large
    Stats,
    /// Remove them all
    Clear,
    /// Read them all and remove those that are damaged; 1 if there were any
    Verify,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<u8> {
    let folder = args.cache.clone().or_else(usual);
    let folder = folder.context("there is no cache; --cache names a folder")?;
    let cache = Cache::new(folder);
    let at = cache.folder().display();
    let context = || format!("{at}");
    let (said, code) = match args.what {
        What::Stats => {
            let stats = cache.stats().with_context(context)?;
            let told = told(stats.results, stats.bytes);
            (format!("{at}\n{told} of {}\n", megabytes(LIMIT)), DONE)
        }
        What::Clear => {
            let stats = cache.clear().with_context(context)?;
            (
                format!("removed {}\n", told(stats.results, stats.bytes)),
                DONE,
            )
        }
        What::Verify => {
            let found = cache.verify().with_context(context)?;
            let code = if found.damaged > 0 { VIOLATION } else { DONE };
            (
                format!(
                    "{} sound, {} damaged and removed\n",
                    found.sound, found.damaged
                ),
                code,
            )
        }
    };
    terminal::print(said.as_bytes())?;
    Ok(code)
}

fn told(results: u64, bytes: u64) -> String {
    let noun = if results == 1 { "result" } else { "results" };
    format!("{results} {noun}, {}", megabytes(bytes))
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
