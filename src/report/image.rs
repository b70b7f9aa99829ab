//! One input image, or one width of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Entry, MeasuredCurve, Measurement, Outcome, Rung};
use crate::verdict::Recommended;

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
    /// Columns of what was measured, upright.
    pub width: u32,
    /// Rows of what was measured, upright.
    pub height: u32,
    /// Where it stands in the ladder of widths, if there is one: one entry an image and width.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rung: Option<Rung>,
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
    /// What searches measured on their way, by series.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<MeasuredCurve>,
    /// The variant with the fewest bytes among those that reached their goal.
    pub smallest: Option<String>,
    /// The variants that none beats in bytes and the first metric's score both, among those that reached their goal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pareto: Vec<String>,
    /// The file to serve for the first target; none where nothing was sought that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommended: Option<Recommended>,
}

/// A source that has been through a lossy encoder before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LossySource {
    /// JPEG quality that best fits the quantisation tables, 1 to 100.
    pub estimated_quality: Option<u8>,
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
