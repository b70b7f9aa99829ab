//! One variant of one image, and what became of it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ImageReport;

/// Formats without transparency.
const OPAQUE: [&str; 1] = ["jpeg"];

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
    /// What was asked: `q60`, `lossless`, `jpeg-recompress`, `ssimulacra2=70`, `size=100000`.
    pub goal: String,
    /// The quality that was set, or found by a search.
    pub quality: Option<u8>,
    /// Whether the variant promises the very same pixels, or of a JPEG source the very same file.
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
    /// File size over the input's: its file as it came, also where the picture is a smaller one.
    pub ratio_to_input: f64,
    /// File size over that of the baseline's entry for the same goal.
    pub ratio_to_baseline: Option<f64>,
    /// Metric id to score. An infinite score is left out: `identical` tells.
    pub scores: BTreeMap<String, f64>,
    /// Whether the decoded pixels are those of the reference.
    pub identical: bool,
    /// What was searched for, if anything was.
    pub target: Option<Target>,
    /// Whether the goal was reached: an entry that missed it holds the best there is, and is compared with nothing.
    pub reached: bool,
    /// Encodes it took; where several targets share a search, those that were made for this one.
    pub probes: u32,
    /// Of an entry that reached its score: the size at exactly that score, read off the curve through the probes, so that
    /// steps of quality do not decide a ranking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_at_target: Option<u64>,
    /// What else to know about these figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
    /// Where the encoded file was kept.
    pub file: Option<String>,
}

/// What a search was to meet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Target {
    /// The smallest file with a score.
    #[serde(rename_all = "camelCase")]
    Score {
        /// Metric id.
        metric: String,
        /// The score: at least, or at most where lower is better.
        at_least: f64,
    },
    /// The best file of a size.
    #[serde(rename_all = "camelCase")]
    Size {
        /// Id of the metric that says which is best.
        metric: String,
        /// Bytes.
        at_most_bytes: u64,
    },
}

/// What was asked, read from the canonical text of a goal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asked<'a> {
    /// A set quality.
    Quality(u8),
    /// The very same pixels.
    Lossless,
    /// The smallest file with a score.
    Score {
        /// Metric id.
        metric: &'a str,
        /// The score.
        value: f64,
    },
    /// The best file of a size.
    Size(u64),
}

impl<'a> Asked<'a> {
    /// Reads `q60`, `lossless`, `ssimulacra2=70`, `size=100000`; `None` for what this build does not know.
    pub fn of(goal: &'a str) -> Option<Self> {
        match goal.split_once('=') {
            Some(("size", bytes)) => bytes.parse().ok().map(Self::Size),
            Some((metric, value)) => {
                let value = value.parse().ok()?;
                Some(Self::Score { metric, value })
            }
            None if goal == "lossless" => Some(Self::Lossless),
            None => goal.strip_prefix('q')?.parse().ok().map(Self::Quality),
        }
    }

    /// Whether the quality had to be looked for.
    pub fn is_search(self) -> bool {
        matches!(self, Self::Score { .. } | Self::Size(_))
    }
}

/// What a search measured on its way: one codec told one thing but for its quality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeasuredCurve {
    /// Canonical name of its variants without the goal: `mozjpeg`, `mozjpeg:subsampling=444`.
    pub series: String,
    /// Codec id.
    pub codec: String,
    /// Format id.
    pub format: String,
    /// One a quality, ascending.
    pub points: Vec<CurvePoint>,
}

/// One encode of a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CurvePoint {
    /// On the codec's own scale.
    pub quality: u8,
    /// File size.
    pub bytes: u64,
    /// Metric id to score, as [`Measurement::scores`].
    pub scores: BTreeMap<String, f64>,
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
    /// Whether an earlier run took it: it says nothing of this one's speed, nor of this machine's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cached: bool,
    /// Half of the range of the middle half of the encodes, over their median: 0.02 is ± 2 %. Of repeated encodes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<f64>,
    /// By how many bytes the program's memory grew at the peak of an encode, the picture itself apart. Of repeated encodes,
    /// where the system tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encode_peak_bytes: Option<u64>,
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

impl Measurement {
    /// The time it took in this run, and not in an earlier one.
    pub(crate) fn fresh_timing(&self) -> Option<&Timing> {
        self.timing.as_ref().filter(|timing| !timing.cached)
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

    /// The quality that was set: none where it was found by a search, or where there is none.
    pub fn set_quality(&self) -> Option<u8> {
        match Asked::of(&self.goal) {
            Some(Asked::Quality(q)) => Some(q),
            _ => None,
        }
    }

    /// Whether a file of its format shows all of `image`: one without transparency does not, where there is any.
    pub(crate) fn shows_all(&self, image: &ImageReport) -> bool {
        !(image.alpha && OPAQUE.contains(&self.format.as_str()))
    }

    /// Canonical name without the goal, as [`MeasuredCurve::series`].
    pub fn series(&self) -> String {
        let parts = self.variant.split([':', ',']).skip(1);
        let settings: Vec<&str> = parts.filter(|part| *part != self.goal).collect();
        let colon = if settings.is_empty() { "" } else { ":" };
        format!("{}{colon}{}", self.codec, settings.join(","))
    }
}
