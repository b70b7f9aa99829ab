//! The flags of `imgbench compare`.

use std::path::PathBuf;

use imgbench::bitmap::Rgb;
use imgbench::codec::CODECS;
use imgbench::plan::Shard;
use imgbench::variant::{Goal, Template, parse_qualities, parse_target_sizes, parse_targets};

use clap::ArgAction;

use super::browsers::BrowserArgs;
use super::cache::CacheArgs;
use super::limit_args::LimitArgs;
use super::output::OutputArgs;
use super::walk_args::WalkArgs;

/// Encode every input in every variant, in parallel, and report.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    /// Files, directories, quoted globs, or `-` for one image on standard input [default: .]
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) walk: WalkArgs,

    /// Formats, each by its default codec [default: all that `imgbench list codecs` has]
    #[arg(
        short,
        long,
        value_name = "LIST",
        value_delimiter = ',',
        help_heading = "What to measure"
    )]
    pub(super) formats: Option<Vec<String>>,
    /// Qualities of the lossy formats: 60,80 or 40..90/10 [default: 60,80]
    #[arg(short, long, value_name = "LIST", value_parser = parse_qualities, help_heading = "What to measure")]
    pub(super) quality: Option<std::vec::Vec<u8>>,
    /// Instead of set qualities, the smallest file that scores this: ssimulacra2=70 or ssimulacra2=60,70,80. Repeatable
    #[arg(short, long, value_name = "METRIC=SCORE", value_parser = parse_targets, action = ArgAction::Append, help_heading = "What to measure")]
    pub(super) target: Vec<std::vec::Vec<Goal>>,
    /// Instead of set qualities, the best file that is no larger than this: 100kB or 50kB,100kB
    #[arg(long, value_name = "SIZE", value_parser = parse_target_sizes, action = ArgAction::Append, help_heading = "What to measure")]
    pub(super) target_size: Vec<std::vec::Vec<Goal>>,
    /// A column in full, such as mozjpeg:q80,subsampling=444; see `imgbench list codecs`. Repeatable
    #[arg(long, value_name = "VARIANT", value_parser = template, help_heading = "What to measure")]
    pub(super) variant: Vec<Template>,
    /// Also the lossless mode of formats that have both
    #[arg(long, help_heading = "What to measure")]
    pub(super) lossless: bool,
    /// Also resize: measure every image at these widths, in pixels; nothing is enlarged
    #[arg(
        short,
        long,
        value_name = "LIST",
        value_delimiter = ',',
        help_heading = "What to measure"
    )]
    pub(super) widths: Option<Vec<std::num::NonZeroU32>>,
    /// Metrics, or none [default: ssimulacra2]
    #[arg(
        short,
        long,
        value_name = "LIST",
        value_delimiter = ',',
        help_heading = "What to measure"
    )]
    pub(super) metrics: Option<Vec<String>>,
    /// Format that the “vs” column compares with [default: jpeg]
    #[arg(long, value_name = "FORMAT", help_heading = "What to measure")]
    pub(super) baseline: Option<String>,
    /// What transparent pixels become in formats without alpha
    #[arg(long, value_name = "COLOUR", default_value = "#ffffff", value_parser = colour, help_heading = "What to measure")]
    pub(super) background: Rgb,
    /// Refuse inputs that are lossy themselves
    #[arg(long, help_heading = "What to measure")]
    pub(super) strict_lossless_sources: bool,
    /// Only part K of N of the inputs; `imgbench merge` joins the reports
    #[arg(long, value_name = "K/N", help_heading = "What to measure")]
    pub(super) shard: Option<Shard>,
    /// Configuration file [default: the nearest imgbench.toml]
    #[arg(long, value_name = "FILE", help_heading = "What to measure")]
    pub(super) config: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Browsers")]
    pub(super) browsers: BrowserArgs,

    /// Then encode and decode every result N times more, one at a time, for times that can be compared
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "What to measure")]
    pub(super) repeat: Option<u32>,
    #[command(flatten, next_help_heading = "Cache")]
    pub(super) cache: CacheArgs,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) output: OutputArgs,
    /// Keep the encoded files in DIR
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(super) keep: Option<PathBuf>,
    /// Exit with 0 even when inputs could not be measured
    #[arg(long, help_heading = "Output")]
    pub(super) allow_failures: bool,
    /// Write what was done when to FILE, for chrome://tracing or Perfetto
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) trace: Option<PathBuf>,
    /// No progress bar
    #[arg(long, help_heading = "Output")]
    pub(super) no_progress: bool,

    #[command(flatten)]
    pub(super) limits: LimitArgs,
}

impl Args {
    /// What flags ask of lossy codecs.
    pub(super) fn asked(&self) -> Vec<Goal> {
        let qualities = self.quality.iter().flatten().copied().map(Goal::Quality);
        let targets = self.target.iter().chain(&self.target_size).flatten();
        qualities.chain(targets.copied()).collect()
    }
}

const EXAMPLES: &str = "\
Examples:
  imgbench compare photo.png                     every format of one image, at qualities 60 and 80
  imgbench compare page.png -q 60 -f jpeg,webp,png
                                                 the three-row table of a thousand articles, with scores
  imgbench compare img/ -q 40..90/10 -o r.json   a sweep over a folder, saved
  imgbench compare img/ -t ssimulacra2=70        the smallest files that look alike: which format wins?
  imgbench compare img/ --quality-map            which WebP quality looks like JPEG 80?
  imgbench compare img/ -m none --format csv     sizes only, as CSV
  imgbench compare 'img/**/*.png' --variant mozjpeg:subsampling=444 --variant mozjpeg
                                                 what full chroma costs
  git ls-files -z '*.png' | imgbench compare --files-from - -0 -o report.md";

fn template(text: &str) -> Result<Template, String> {
    Template::parse(text, CODECS).map_err(|e| e.to_string())
}

fn colour(text: &str) -> Result<Rgb, String> {
    let digits = text
        .strip_prefix('#')
        .filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()));
    let value = digits.and_then(|d| u32::from_str_radix(d, 16).ok());
    value
        .map(|v| Rgb([(v >> 16) as u8, (v >> 8) as u8, v as u8]))
        .ok_or_else(|| "write it as #rrggbb".into())
}
