//! The hub: what a run found, as plain data. `run` makes it; everything after only reads it.
//!
//! Schema `imgbench-report/1`, camelCase. Readers accept unknown fields; adding a field is minor, changing or removing
//! one makes schema 2. No number is NaN, infinite or −0; there are no dates, hosts or absolute paths; what depends on
//! the machine's speed is under `timing` keys only.

mod entry;
mod image;
mod ladder;
mod store;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::metric::Better;
use crate::quality_map::QualityMap;
use crate::summary::{Summary, summarise};
use crate::support::Support;
use crate::verdict::{Verdict, judge};

pub use self::entry::{
    Asked, CurvePoint, Entry, EntryError, MeasuredCurve, Measurement, Outcome, RunTiming, Target,
    Timing,
};
pub use self::image::{ImageReport, LossySource};
pub use self::ladder::{Rung, WidthSummary};
pub use self::store::{LoadError, MergeError};

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
    /// Which browsers are counted on, and what they show. None in reports of versions that did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<Support>,
    /// One entry an image, by path; on a ladder of widths, one an image and width.
    pub images: Vec<ImageReport>,
    /// Inputs that gave no image, by path.
    pub failures: Vec<Failure>,
    /// Files met in directories and rightly passed over, by path.
    #[serde(default)]
    pub skipped: Vec<SkippedFile>,
    /// Over all images; derived.
    pub summary: Summary,
    /// What the figures come to; derived. None in reports of versions that did not say, and on a ladder of widths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Summary and verdict of each width alone, ascending, where there is a ladder of them; derived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_width: Vec<WidthSummary>,
    /// Which quality of each format matches which, where that was asked for; derived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality_map: Option<QualityMap>,
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
    /// Widths that images were resized to, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub widths: Vec<u32>,
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

impl Report {
    /// Puts everything in order of path.
    pub(crate) fn sort(&mut self) {
        self.images.sort_by(|a, b| a.key().cmp(&b.key()));
        self.failures
            .sort_by(|a, b| (&a.path, &a.path_bytes).cmp(&(&b.path, &b.path_bytes)));
        self.skipped
            .sort_by(|a, b| (&a.path, &a.path_bytes).cmp(&(&b.path, &b.path_bytes)));
    }

    /// Fills in what follows from the images: the summary, the verdict, and the quality map where there is one.
    pub fn derive(&mut self) {
        self.summary = summarise(self);
        // The widths of an image do not count as images, so there is no verdict over all of them.
        self.verdict = self.options.widths.is_empty().then(|| judge(self));
        self.by_width = self.sum_up_widths();
        let asked = self.quality_map.as_ref().map(|map| map.settings.quality);
        self.quality_map = asked.and_then(|quality| QualityMap::of(self, Some(quality)).ok());
    }

    /// Takes out everything that depends on the machine's speed.
    pub fn drop_timings(&mut self) {
        self.timing = None;
        self.images.iter_mut().for_each(ImageReport::drop_timings);
        let widths = self.by_width.iter_mut().map(|w| &mut w.summary);
        for summary in widths.chain([&mut self.summary]) {
            summary.variants.iter_mut().for_each(|v| v.timing = None);
            summary.speed_pareto.clear();
        }
    }

    /// The name for people of format `id`: the id in capitals when the report does not know it.
    pub fn format_name(&self, id: &str) -> String {
        let known = self.codecs.iter().find(|c| c.format == id);
        known.map_or_else(|| id.to_uppercase(), |c| c.format_name.clone())
    }

    /// Every measured entry of every image.
    pub fn measurements(&self) -> impl Iterator<Item = (&ImageReport, &Entry, &Measurement)> {
        self.images
            .iter()
            .flat_map(|image| image.measurements().map(move |(e, m)| (image, e, m)))
    }
}

/// Rounds to 6 decimals and turns −0 into 0, so that a figure reads the same after it was saved and loaded.
pub fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6 + 0.0
}
