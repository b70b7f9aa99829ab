//! The command line: clap structs, one file a subcommand, and the only printing.

mod actions;
mod allocator;
mod browsers;
mod cache;
mod check;
mod check_args;
mod compare;
mod compare_args;
mod compare_plan;
mod diff;
mod init;
mod limit_args;
mod list;
mod machine;
mod merge;
mod output;
mod pictures;
mod progress;
mod report;
mod signals;
mod terminal;
mod trace;
mod walk_args;
mod watch;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use self::terminal::ColorChoice;

/// Everything was done.
const DONE: u8 = 0;
/// The work was done, and found something that must not be.
const VIOLATION: u8 = 1;
/// Some or all of the work could not be done.
const INCOMPLETE: u8 = 2;

/// Benchmark image formats for the web on your own images.
///
/// Encodes every image as JPEG, PNG, WebP, AVIF and JPEG XL at set qualities, in parallel, decodes the results back and reports file
/// sizes, ratios and perceived quality, so that formats are chosen from facts.
#[derive(Parser)]
#[command(
    name = "imgbench",
    version,
    propagate_version = true,
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

/// What every command takes.
#[derive(clap::Args)]
struct Global {
    /// Say more: files passed over, notes
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// Say nothing on standard error but what stops the run
    #[arg(long, global = true)]
    quiet: bool,
    /// When to use colour (NO_COLOR and CLICOLOR_FORCE are honoured)
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

#[derive(Subcommand)]
enum Command {
    /// Encode images in every variant and report sizes, ratios and scores
    Compare(Box<compare_args::Args>),
    /// Hold files against the budgets of imgbench.toml: a gate for continuous integration
    ///
    /// Sizes, dimensions and formats are read without decoding anything; only max-saving encodes, and only files that
    /// could still be over it.
    Check(Box<check_args::Args>),
    /// Write a commented imgbench.toml, with budgets for the images that are there
    ///
    /// Limits are a tenth above what images are today, a budget a folder.
    Init(init::Args),
    /// Render a saved JSON report again, without encoding anything
    Report(report::Args),
    /// Compare two reports: what came, went, or changed in bytes or score
    ///
    /// Results are matched by path and variant. Those of an input that changed are listed, but count in no average and
    /// are held to no limit. Encode times are not compared, and nothing is encoded.
    Diff(diff::Args),
    /// Join the reports of all shards into one
    Merge(merge::Args),
    /// Show the codecs, metrics and outputs of this build, and which browsers show what
    List(list::Args),
    /// Look after the results that are kept between runs
    Cache(cache::Args),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// Parses the command line, does what it says and returns the exit code.
pub(crate) fn main() -> ExitCode {
    // What a codec panics with ends up in its own row; the default hook would spoil the terminal on top of that.
    std::panic::set_hook(Box::new(|_| {}));
    let result = std::panic::catch_unwind(|| dispatch(Cli::parse()));
    let result = result.unwrap_or_else(|panic| Err(terminal::internal_error(panic.as_ref())));
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) if terminal::is_closed_pipe(&error) => ExitCode::from(DONE),
        Err(error) => {
            terminal::complain(&format!("{error:#}"));
            ExitCode::from(INCOMPLETE)
        }
    }
}

fn dispatch(cli: Cli) -> anyhow::Result<u8> {
    match cli.command {
        Command::Compare(args) => compare::run(&args, &cli.global),
        Command::Check(args) => check::run(&args, &cli.global),
        Command::Init(args) => init::run(&args, &cli.global),
        Command::Report(args) => report::run(&args, &cli.global),
        Command::Diff(args) => diff::run(&args, &cli.global),
        Command::Merge(args) => merge::run(&args, &cli.global),
        Command::List(args) => list::run(&args),
        Command::Cache(args) => cache::run(&args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "imgbench", &mut script);
            terminal::print(&script)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            for sub in Cli::command().get_subcommands() {
                clap_mangen::Man::new(sub.clone())
                    .title(format!("imgbench-{}", sub.get_name()))
                    .render(&mut page)?;
            }
            terminal::print(&page)
        }
    }
}
