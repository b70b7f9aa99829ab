//! The hub: what a run found, as plain data. `run` makes it; everything after only reads it.
//!
//! Schema `imgbench-report/1`, camelCase. Readers accept unknown fields; adding a field is minor, changing or removing
//! one makes schema 2. No number is NaN, infinite or −0; there are no dates, hosts or absolute paths; what depends on
//! the machine's speed is under `timing` keys only.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::metric::Better;
use crate::summary::Summary;

/// The schema this build writes.
pub const SCHEMA: &str = "imgbench-report/1";

/// Everything one run found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The program that measured.
    pub generator: Generator,
    /// Codecs that were asked, in plan order.
    pub codecs: Vec<CodecUsed>,
    /// Metrics that were asked, in plan order.
    pub metrics: Vec<MetricUsed>,
    /// Effective options that change what is measured.
    pub options: Options,
    /// One entry an image, by path.
    pub images: Vec<ImageReport>,
    /// Inputs that gave no image, by path.
    pub failures: Vec<Failure>,
    /// Files met in directories and rightly passed over, by path.
    #[serde(default)]
    pub skipped: Vec<SkippedFile>,
    /// Over all images; derived.
    pub summary: Summary,
    /// How long the run took and how busy it kept the cores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<RunTiming>,
}

/// The program that measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Generator {
    /// `imgbench`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A codec and what it was told when nothing was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodecUsed {
    /// Name in variants.
    pub id: String,
    /// Format id.
    pub format: String,
    /// Format name for people.
    pub format_name: String,
    /// IANA media type.
    pub media_type: String,
    /// Library.
    pub library: String,
    /// Version of the library.
    pub version: String,
    /// Every setting a variant leaves unsaid, with its value.
    pub defaults: BTreeMap<String, String>,
}

/// A metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricUsed {
    /// Name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Implementation and its version.
    pub implementation: String,
    /// Version of the implementation.
    pub version: String,
    /// Which way is good.
    pub better: Better,
}

/// Effective options that change what is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// Canonical variants, in plan order.
    pub variants: Vec<String>,
    /// Metric ids.
    pub metrics: Vec<String>,
    /// Format id that ratios are taken to.
    pub baseline: String,
    /// `#rrggbb` behind transparent pixels in codecs without alpha.
    pub background: String,
    /// Largest picture accepted, in pixels.
    pub max_pixels: u64,
    /// Largest file accepted, in bytes.
    pub max_file_size: u64,
}

/// One input image and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImageReport {
    /// Relative path with `/`; bytes that are not UTF-8 are shown as `\xFF`.
    pub path: String,
    /// The exact path bytes in base64, only when they are not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_bytes: Option<String>,
    /// `blake3:` and the digest of the file in hexadecimal.
    pub digest: String,
    /// Format id.
    pub format: String,
    /// IANA media type.
    pub media_type: String,
    /// File size.
    pub bytes: u64,
    /// Columns, upright.
    pub width: u32,
    /// Rows, upright.
    pub height: u32,
    /// Bits a pixel that the file carries.
    pub bits: u16,
    /// What the samples mean: `grey`, `palette`, `rgb`, …
    pub colour: String,
    /// Density the file states, across and down.
    pub dpi: Option<[f64; 2]>,
    /// Whether any pixel is transparent.
    pub alpha: bool,
    /// Description of the embedded ICC profile.
    pub icc: Option<String>,
    /// EXIF orientation as stored, 1 to 8.
    pub orientation: u8,
    /// Pictures in the file; 1 is a still.
    pub frames: u32,
    /// Set when the input is itself lossy: re-encoding it favours whatever resembles it.
    pub lossy_source: Option<LossySource>,
    /// What was done to the pixels on the way to the reference, and what was noticed.
    pub notes: Vec<String>,
    /// One entry a variant, in plan order.
    pub results: Vec<Entry>,
    /// The variant with the fewest bytes.
    pub smallest: Option<String>,
}

/// A source that has been through a lossy encoder before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LossySource {
    /// JPEG quality that best fits the quantisation tables, 1 to 100.
    pub estimated_quality: Option<u8>,
}

/// One variant of one image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Canonical name.
    pub variant: String,
    /// Codec id.
    pub codec: String,
    /// Format id.
    pub format: String,
    /// What was asked: `q60`, `lossless`.
    pub goal: String,
    /// The set quality.
    pub quality: Option<u8>,
    /// Whether the variant promises the very same pixels.
    pub lossless: bool,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What became of a variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "lowercase")]
#[allow(clippy::large_enum_variant)] // Almost every outcome is the large one.
pub enum Outcome {
    /// Encoded, decoded back and measured.
    Done(Measurement),
    /// The codec cannot take this picture.
    Skipped {
        /// Why.
        reason: String,
    },
    /// The codec or a metric failed on it.
    Failed {
        /// Why.
        error: EntryError,
    },
}

/// Why a variant failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EntryError {
    /// `encode`, `decode`, `verify`, `score`, `keep` or `panic`.
    pub code: String,
    /// In words.
    pub message: String,
}

/// An encoded file, measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Measurement {
    /// File size.
    pub bytes: u64,
    /// Bits a pixel that the file carries, read back from it.
    pub bits: u16,
    /// What the samples mean, read back from the file.
    pub colour: String,
    /// Density the file states, read back from it.
    pub dpi: Option<[f64; 2]>,
    /// File size in bits over pixels.
    pub bits_per_pixel: f64,
    /// File size over the input's.
    pub ratio_to_input: f64,
    /// File size over that of the baseline's entry for the same goal.
    pub ratio_to_baseline: Option<f64>,
    /// Metric id to score. An infinite score is left out: `identical` tells.
    pub scores: BTreeMap<String, f64>,
    /// Whether the decoded pixels are those of the reference.
    pub identical: bool,
    /// The searched score, when there was one.
    pub target: Option<Target>,
    /// Whether the goal was reached.
    pub reached: bool,
    /// Encodes it took.
    pub probes: u32,
    /// What else to know about these figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
    /// Where the encoded file was kept.
    pub file: Option<String>,
}

/// A score to be reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// Metric id.
    pub metric: String,
    /// The score.
    pub at_least: f64,
}

/// Time of the codec calls alone: one thread, no file access.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Timing {
    /// Thread CPU time of the encoder, milliseconds.
    pub encode_cpu_ms: f64,
    /// Wall time of the encoder, milliseconds.
    pub encode_wall_ms: f64,
    /// Thread CPU time of the decoder, milliseconds; `null` when nothing was decoded.
    pub decode_cpu_ms: Option<f64>,
    /// Encodes behind these figures.
    pub runs: u32,
    /// Whether other jobs ran at the same time.
    pub contended: bool,
}

/// An input that gave no image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// As [`ImageReport::path`].
    pub path: String,
    /// As [`ImageReport::path_bytes`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_bytes: Option<String>,
    /// `find`, `read`, `identify`, `limit` or `decode`.
    pub stage: String,
    /// The reason and the next step.
    pub error: String,
}

/// A file met in a directory and rightly passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SkippedFile {
    /// As [`ImageReport::path`].
    pub path: String,
    /// As [`ImageReport::path_bytes`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_bytes: Option<String>,
    /// Why.
    pub reason: String,
}

/// The run as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunTiming {
    /// Thread CPU time of all jobs, milliseconds.
    pub cpu_ms: f64,
    /// From the first job's start to the last one's end, milliseconds.
    pub wall_ms: f64,
    /// Jobs at a time.
    pub jobs: usize,
}

/// Why a text is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Not JSON, or not with the fields of a report.
    #[error("the JSON does not fit")]
    Json(#[from] serde_json::Error),
    /// A report of another schema.
    #[error("its schema is “{0}”, this build reads {SCHEMA}")]
    Schema(String),
}

/// Why reports do not make one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("there is none")]
    Nothing,
    /// They were not made alike.
    #[error("their {0} differ: merge only shards of one run")]
    Different(&'static str),
    /// The same input is in two of them.
    #[error("{0} is in two of them: merge each shard once")]
    Twice(String),
}

impl Report {
    /// Reads a saved report.
    ///
    /// # Errors
    /// When `text` is not JSON, not a report, or of a schema this build does not read.
    pub fn from_json(text: &str) -> Result<Self, LoadError> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let head: Head = serde_json::from_str(text)?;
        if head.schema != SCHEMA {
            return Err(LoadError::Schema(head.schema));
        }
        Ok(serde_json::from_str(text)?)
    }

    /// Joins the reports of shards. Timing adds up: CPU time over the sum of wall times.
    ///
    /// # Errors
    /// When they were made by different programs, codecs, metrics or options, or share an input.
    pub fn merge(reports: Vec<Self>) -> Result<Self, MergeError> {
        let mut rest = reports.into_iter();
        let mut merged = rest.next().ok_or(MergeError::Nothing)?;
        for report in rest {
            merged.require_alike(&report)?;
            merged.images.extend(report.images);
            merged.failures.extend(report.failures);
            merged.skipped.extend(report.skipped);
            merged.timing = merged.timing.zip(report.timing).map(|(a, b)| RunTiming {
                cpu_ms: a.cpu_ms + b.cpu_ms,
                wall_ms: a.wall_ms + b.wall_ms,
                jobs: a.jobs.max(b.jobs),
            });
        }
        merged.sort();
        if let Some(path) = merged.met_twice() {
            return Err(MergeError::Twice(path));
        }
        merged.summary = crate::summary::summarise(&merged);
        Ok(merged)
    }

    /// An input that is there more than once.
    fn met_twice(&self) -> Option<String> {
        let images = self.images.iter().map(|i| (&i.path, &i.path_bytes));
        let failures = self.failures.iter().map(|f| (&f.path, &f.path_bytes));
        let mut seen = std::collections::BTreeSet::new();
        images
            .chain(failures)
            .find(|input| !seen.insert(*input))
            .map(|(path, _)| path.clone())
    }

    fn require_alike(&self, other: &Self) -> Result<(), MergeError> {
        let differences = [
            (self.generator != other.generator, "imgbench versions"),
            (self.codecs != other.codecs, "codecs"),
            (self.metrics != other.metrics, "metrics"),
            (self.options != other.options, "options"),
        ];
        match differences.iter().find(|(differ, _)| *differ) {
            Some((_, what)) => Err(MergeError::Different(what)),
            None => Ok(()),
        }
    }

    /// Puts everything in order of path.
    pub(crate) fn sort(&mut self) {
        self.images
            .sort_by(|a, b| (&a.path, &a.path_bytes).cmp(&(&b.path, &b.path_bytes)));
        self.failures
            .sort_by(|a, b| (&a.path, &a.path_bytes).cmp(&(&b.path, &b.path_bytes)));
        self.skipped
            .sort_by(|a, b| (&a.path, &a.path_bytes).cmp(&(&b.path, &b.path_bytes)));
    }

    /// Takes out everything that depends on the machine's speed.
    pub fn drop_timings(&mut self) {
        self.timing = None;
        self.images.iter_mut().for_each(ImageReport::drop_timings);
        self.summary
            .variants
            .iter_mut()
            .for_each(|v| v.timing = None);
    }

    /// Every measured entry of every image.
    pub fn measurements(&self) -> impl Iterator<Item = (&ImageReport, &Entry, &Measurement)> {
        self.images
            .iter()
            .flat_map(|image| image.measurements().map(move |(e, m)| (image, e, m)))
    }

    /// The name for people of format `id`: the id in capitals when the report does not know it.
    pub fn format_name(&self, id: &str) -> String {
        let known = self.codecs.iter().find(|c| c.format == id);
        known.map_or_else(|| id.to_uppercase(), |c| c.format_name.clone())
    }
}

impl ImageReport {
    /// Takes out everything that depends on the machine's speed.
    pub fn drop_timings(&mut self) {
        for entry in &mut self.results {
            if let Outcome::Done(measurement) = &mut entry.outcome {
                measurement.timing = None;
            }
        }
    }

    /// The measured entries.
    pub fn measurements(&self) -> impl Iterator<Item = (&Entry, &Measurement)> {
        self.results
            .iter()
            .filter_map(|entry| entry.measurement().map(|m| (entry, m)))
    }

    /// Columns × rows.
    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

impl Entry {
    /// The measurement, when there is one.
    pub fn measurement(&self) -> Option<&Measurement> {
        if let Outcome::Done(measurement) = &self.outcome {
            Some(measurement)
        } else {
            None
        }
    }
}

/// Rounds to 6 decimals and turns −0 into 0, so that a figure reads the same after it was saved and loaded.
pub fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6 + 0.0
}
