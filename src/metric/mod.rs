//! Perceived and numeric distance between a picture and its reference. One file per metric, one line in [`METRICS`].

mod butteraugli;
mod psnr;
mod ssimulacra2;

use std::error::Error;
use std::sync::Arc;

use crate::bitmap::Bitmap;

/// Every metric of this build, the primary one first. To add one: a file beside this one and a line here.
pub static METRICS: &[&dyn Metric] = &[
    &ssimulacra2::Ssimulacra2,
    &psnr::Psnr,
    &butteraugli::Butteraugli::ThreeNorm,
    &butteraugli::Butteraugli::Max,
];

/// A table of metrics: [`METRICS`], or one of its own for a test.
pub type MetricTable = &'static [&'static dyn Metric];

/// Levels of the dark and the light backdrop that transparent pictures are judged on, those of SSIMULACRA2's tool: a tenth
/// and nine tenths.
const BACKDROPS: [u8; 2] = [26, 230];

/// Which way a metric is good.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// Larger scores are better.
    Higher,
    /// Smaller scores are better.
    Lower,
}

impl Better {
    /// `score` so that better is higher; its own inverse.
    pub fn rising(self, score: f64) -> f64 {
        match self {
            Self::Higher => score,
            Self::Lower => -score,
        }
    }
}

/// What a metric is.
#[derive(Debug)]
pub struct MetricInfo {
    /// Name on the command line and in reports, such as `ssimulacra2`.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Unit for people, empty when the scale has none.
    pub unit: &'static str,
    /// Which way is good.
    pub better: Better,
    /// The score of identical pictures; `None` when it is infinite.
    pub perfect: Option<f64>,
    /// Shortest side it can judge, in pixels.
    pub min_side: u32,
    /// A difference that is hardly one: scores no further apart are about alike.
    pub tolerance: f64,
    /// Words for points of its scale, ascending.
    pub scale: &'static [(f64, &'static str)],
    /// The implementation, for reports.
    pub implementation: &'static str,
}

/// Bytes a metric needs, for memory admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Held as long as the prepared reference lives.
    pub reference: u64,
    /// Beyond that while preparing or scoring.
    pub working: u64,
}

/// What a picture means to a metric's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Whether any pixel may be transparent.
    pub opacity: Opacity,
}

impl Shape {
    /// Columns × rows.
    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// Whether a picture has transparent pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opacity {
    /// Every pixel hides what is behind it.
    Opaque,
    /// Some pixel does not.
    Translucent,
}

/// How a score was computed when it was not in the metric's ordinary way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As the reference tool does.
    Full,
    /// In strips, bounded in memory, with the same score.
    Strips,
}

/// Why there is no score.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// The metric cannot judge these pictures.
    #[error("{0}")]
    Unsupported(String),
    /// The metric failed.
    #[error("{0}")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

/// A full-reference metric. The reference side is prepared once an image: it is half the cost.
pub trait Metric: Send + Sync {
    /// What it is.
    fn info(&self) -> &'static MetricInfo;

    /// Version of the implementation.
    fn version(&self) -> String;

    /// Memory for pictures of this shape, in `mode`.
    fn need(&self, shape: Shape, mode: Mode) -> Need;

    /// Whether there is a bounded-memory mode, of the same scores.
    fn has_strips(&self) -> bool {
        false
    }

    /// CPU nanoseconds a pixel for one comparison, roughly: for scheduling only.
    fn ns_per_pixel(&self) -> f64;

    /// Readies the reference side.
    ///
    /// # Errors
    /// When the metric cannot take a picture of this size.
    fn prepare(&self, reference: Arc<Bitmap>, mode: Mode)
    -> Result<Box<dyn Prepared>, MetricError>;
}

/// A metric with its reference side ready.
pub trait Prepared: Send + Sync {
    /// Compares `decoded` with the reference: a finite number on the metric's scale, or positive infinity where
    /// [`MetricInfo::perfect`] is `None` and the pictures are identical.
    ///
    /// # Errors
    /// When the sides differ.
    fn score(&self, decoded: &Bitmap) -> Result<f64, MetricError>;
}

/// The metric called `id`.
pub fn find(table: MetricTable, id: &str) -> Option<&'static dyn Metric> {
    table.iter().find(|m| m.info().id == id).copied()
}

/// The [`MetricInfo::tolerance`] of metric `id`; 0 for one that this build does not know.
pub fn tolerance(id: &str) -> f64 {
    find(METRICS, id).map_or(0.0, |m| m.info().tolerance)
}

/// Those of the `backdrops` that `images` must be seen on: any one where all are opaque.
fn seen_on<'a, T>(backdrops: &'a [T; 2], images: &[&Bitmap]) -> &'a [T] {
    let opaque = images.iter().all(|image| image.is_opaque());
    &backdrops[..if opaque { 1 } else { 2 }]
}

/// Refuses a picture with a side under the least that a metric can judge.
fn large_enough(image: &Bitmap, least: u32) -> Result<(), MetricError> {
    let (width, height) = (image.width(), image.height());
    if width.min(height) >= least {
        return Ok(());
    }
    Err(MetricError::Unsupported(format!(
        "{width}×{height} is under {least}×{least} pixels"
    )))
}

/// Refuses pictures of different sides.
fn same_sides(a: &Bitmap, b: &Bitmap) -> Result<(), MetricError> {
    if (a.width(), a.height()) == (b.width(), b.height()) {
        return Ok(());
    }
    Err(MetricError::Unsupported(format!(
        "{}×{} cannot be compared with {}×{}",
        b.width(),
        b.height(),
        a.width(),
        a.height()
    )))
}
