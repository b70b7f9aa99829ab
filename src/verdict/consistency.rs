//! How far one quality of a codec means the same on every image.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{Entry, ImageReport, Report, rounded};
use crate::stats;
use crate::summary::{entry, points};

/// Fewest images that a spread is told of.
const LEAST: usize = 3;

/// The scores that one quality of a codec gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Consistency {
    /// Canonical name of the variants without the goal.
    pub series: String,
    /// Format id.
    pub format: String,
    /// The quality that was set, or the median of those that searches for one goal found.
    pub quality: u8,
    /// Whether scores were read between the qualities that searches tried, along a straight line.
    pub interpolated: bool,
    /// Metric id.
    pub metric: String,
    /// Mean score.
    pub mean: f64,
    /// Standard deviation of the score over images.
    pub spread: f64,
    /// Images behind it: a search leaves those out whose trials do not enclose the quality.
    pub images: usize,
}

/// Every quality of every lossy codec that enough images have, in plan order.
pub(super) fn all(report: &Report) -> Vec<Consistency> {
    let mut found: Vec<Consistency> = Vec::new();
    for variant in &report.options.variants {
        let Some(one) = entry(report, variant).and_then(|e| of(report, e)) else {
            continue;
        };
        let same =
            |known: &Consistency| (&known.series, known.quality) == (&one.series, one.quality);
        if !found.iter().any(same) {
            found.push(one);
        }
    }
    found
}

/// `entry` is any one of its variant.
fn of(report: &Report, entry: &Entry) -> Option<Consistency> {
    let metric = report.metrics.first()?;
    let series = entry.series();
    let set = entry.set_quality();
    let quality = set.or_else(|| median(report, &entry.variant))?;
    let scores = report.images.iter();
    let scores = scores.filter_map(|image| score(image, &series, &metric.id, quality));
    let scores: Vec<f64> = scores.collect();
    let enough = scores.len() >= LEAST;
    enough.then_some(Consistency {
        series,
        format: entry.format.clone(),
        quality,
        interpolated: set.is_none(),
        metric: metric.id.clone(),
        mean: rounded(stats::mean(&scores)?),
        spread: rounded(stats::deviation(&scores)?),
        images: scores.len(),
    })
}

fn median(report: &Report, variant: &str) -> Option<u8> {
    let mut rows = report.summary.variants.iter();
    let row = rows.find(|v| v.variant == variant)?;
    row.quality.map(|spread| spread.median.round() as u8)
}

/// The score of `quality`, on the straight line between the nearest qualities that were measured.
fn score(image: &ImageReport, series: &str, metric: &str, quality: u8) -> Option<f64> {
    let points = points(image, series, metric);
    let (low, (below, _)) = points.range(..=quality).next_back()?;
    let (high, (above, _)) = points.range(quality..).next()?;
    let way = f64::from(high - low);
    let share = if way > 0.0 {
        f64::from(quality - low) / way
    } else {
        0.0
    };
    Some(below + (above - below) * share)
}
