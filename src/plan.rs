//! What a run will do: sources × variants × metrics. Pure.

use std::path::PathBuf;
use std::sync::Arc;

use crate::bitmap::Rgb;
use crate::codec::{self, CodecTable, SettingError};
use crate::metric::{self, Metric, MetricTable};
use crate::report::{Failure, SkippedFile};
use crate::source::discover::{Candidate, Found};
use crate::source::path::RelPath;
use crate::support::Support;
use crate::variant::{Goal, Template, Variant};

/// Everything a run needs to know.
pub struct Plan {
    /// Inputs to be measured, by path.
    pub sources: Vec<Source>,
    /// Inputs lost before the run, by path.
    pub failures: Vec<Failure>,
    /// Files rightly passed over, by path.
    pub skipped: Vec<SkippedFile>,
    /// Widths that every source is resized to, ascending, each once; none keeps sources as they are.
    pub widths: Vec<u32>,
    /// Columns of the experiment.
    pub variants: Vec<Variant>,
    /// Metrics, the primary one first.
    pub metrics: Vec<&'static dyn Metric>,
    /// Format id that ratios are taken to.
    pub baseline: String,
    /// What transparent pixels become in codecs without alpha.
    pub background: Rgb,
    /// What is refused.
    pub limits: Limits,
    /// What becomes of inputs that are lossy themselves.
    pub lossy_sources: LossySources,
    /// The browsers that are counted on, if any are to be told of.
    pub support: Option<Support>,
    /// Where encoded files are kept.
    pub keep: Option<Keep>,
}

/// What is refused of an input.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Pixels.
    pub max_pixels: u64,
    /// Bytes of the file.
    pub max_file_size: u64,
}

/// What becomes of inputs that are lossy themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LossySources {
    /// Measured and flagged.
    Measure,
    /// Refused.
    Refuse,
}

/// Where encoded files are kept.
#[derive(Debug, Clone)]
pub struct Keep {
    /// The folder.
    pub folder: PathBuf,
    /// What paths in the report are relative to.
    pub base: PathBuf,
}

/// One input.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name in the report.
    pub path: RelPath,
    /// Where its bytes are.
    pub content: Content,
    /// How many there are.
    pub bytes: u64,
}

/// Where an input's bytes are.
#[derive(Debug, Clone)]
pub enum Content {
    /// In a file.
    File(PathBuf),
    /// Here: they came by standard input.
    Memory(Arc<[u8]>),
}

/// Part `k` of `n` of the inputs, 1 ≤ k ≤ n.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    k: usize,
    n: usize,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Self = Self { k: 1, n: 1 };
}

impl std::str::FromStr for Shard {
    type Err = String;

    /// Reads `K/N`.
    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text
            .split_once('/')
            .and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match numbers {
            Some((k, n)) if 1 <= k && k <= n => Ok(Self { k, n }),
            _ => Err(format!(
                "“{text}” is no shard: write 2/4 for the second of four"
            )),
        }
    }
}

/// The inputs of one shard, sorted into what is measured, what is lost and what is passed over.
#[derive(Debug, Default)]
pub struct Inputs {
    /// To be measured.
    pub sources: Vec<Source>,
    /// Lost.
    pub failures: Vec<Failure>,
    /// Passed over.
    pub skipped: Vec<SkippedFile>,
    /// Inputs of all shards that are to be measured or lost: a shard alone may have nothing to do.
    pub in_all: usize,
}

impl Inputs {
    /// Sorts every n-th candidate; `stdin` is what standard input held, if anything was to come by it.
    pub fn new(candidates: Vec<Candidate>, stdin: Option<Vec<u8>>, shard: Shard) -> Self {
        let counts = |c: &&Candidate| !matches!(c.found, Found::Skipped { .. });
        let mut inputs = Self {
            in_all: candidates.iter().filter(counts).count(),
            ..Self::default()
        };
        let stdin: Arc<[u8]> = stdin.unwrap_or_default().into();
        for candidate in candidates.into_iter().skip(shard.k - 1).step_by(shard.n) {
            let Candidate { path, found, .. } = candidate;
            match found {
                Found::File { at, bytes } => inputs.sources.push(Source {
                    path,
                    content: Content::File(at),
                    bytes,
                }),
                Found::Stdin => inputs.sources.push(Source {
                    path,
                    bytes: stdin.len() as u64,
                    content: Content::Memory(stdin.clone()),
                }),
                Found::Skipped { reason } => {
                    inputs.skipped.push(SkippedFile {
                        path: path.text(),
                        path_bytes: path.raw(),
                        reason,
                    });
                }
                Found::Lost { stage, error } => inputs.failures.push(Failure {
                    path: path.text(),
                    path_bytes: path.raw(),
                    stage: stage.into(),
                    error,
                }),
            }
        }
        inputs
    }
}

/// Which columns the user wants.
#[derive(Default)]
pub struct Selection {
    /// Format or codec ids, each its default codec; empty when only `explicit` counts.
    pub formats: Vec<String>,
    /// What is asked of the lossy ones.
    pub goals: Vec<Goal>,
    /// Whether codecs that have both modes also run lossless.
    pub lossless: LosslessToo,
    /// Columns in full.
    pub explicit: Vec<Template>,
}

/// Whether codecs with a lossy mode also run in their lossless one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LosslessToo {
    /// No.
    #[default]
    No,
    /// Yes.
    Yes,
}

/// The columns: lossy before lossless, formats in the order asked, goals in the order asked, each once.
///
/// # Errors
/// An unknown format, a quality out of a codec's range.
pub fn variants(selection: &Selection, table: CodecTable) -> Result<Vec<Variant>, SettingError> {
    let mut all = Vec::new();
    for id in &selection.formats {
        let codec = codec::find(table, id).ok_or_else(|| unknown_format(id, table))?;
        all.extend(Template::plain(codec).variants(&selection.goals)?);
        if selection.lossless == LosslessToo::Yes && codec.info().lossless {
            all.push(Variant::new(codec, Goal::Lossless)?);
        }
    }
    for template in &selection.explicit {
        all.extend(template.variants(&selection.goals)?);
    }
    let mut unique: Vec<Variant> = Vec::new();
    all.into_iter().for_each(|v| {
        if !unique.contains(&v) {
            unique.push(v)
        }
    });
    unique.sort_by_key(Variant::loses_nothing);
    Ok(unique)
}

fn unknown_format(id: &str, table: CodecTable) -> SettingError {
    let mut known: Vec<&str> = table.iter().map(|c| c.info().format).collect();
    known.dedup();
    SettingError(format!(
        "no format “{id}”; this build has {}",
        known.join(", ")
    ))
}

/// The metrics called `ids`, or the primary one where none are named; `none` alone is none. A searched score needs its
/// metric: where `ids` do not name it, it comes first.
///
/// # Errors
/// An unknown metric, or none where `variants` search for a score.
pub fn metrics(
    ids: &[String],
    variants: &[Variant],
    table: MetricTable,
) -> Result<Vec<&'static dyn Metric>, SettingError> {
    let mut searches = variants.iter().map(Variant::goal).filter(|g| g.is_search());
    let searched = variants.iter().filter_map(|v| match v.goal() {
        Goal::Score { metric, .. } => Some(metric),
        _ => None,
    });
    if ids == ["none"] {
        return match searches.next() {
            Some(goal) => Err(SettingError(format!(
                "{goal} cannot be looked for without measuring: leave out --metrics none"
            ))),
            None => Ok(Vec::new()),
        };
    }
    let named = ids.iter().map(String::as_str);
    let unnamed = searched.filter(|metric| ids.iter().all(|id| id != metric));
    let mut found: Vec<&'static dyn Metric> = Vec::new();
    for id in unnamed.chain(named) {
        let metric = metric::find(table, id).ok_or_else(|| {
            let known: Vec<&str> = table.iter().map(|m| m.info().id).collect();
            SettingError(format!(
                "no metric “{id}”; this build has {}, or none",
                known.join(", ")
            ))
        })?;
        if !found.iter().any(|m| m.info().id == metric.info().id) {
            found.push(metric);
        }
    }
    found.extend(table.first().filter(|_| ids.is_empty() && found.is_empty()));
    Ok(found)
}

#[cfg(test)]
mod tests;
