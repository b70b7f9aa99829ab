//! One variant over all images.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::relate::baseline_of;
use super::{Ratio, ratio};
use crate::metric::Better;
use crate::report::{Entry, ImageReport, Measurement, Outcome, Report, Timing, rounded};
use crate::stats;

/// One variant over all images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VariantSummary {
    /// Canonical name.
    pub variant: String,
    /// Codec id.
    pub codec: String,
    /// Format id.
    pub format: String,
    /// What was asked: `q60`, `lossless`, `ssimulacra2=70`.
    pub goal: String,
    /// Images it was measured on and reached its goal on: those that all its figures are about.
    pub images: usize,
    /// Images it missed its goal on.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unreached: usize,
    /// Images it was skipped on.
    pub skipped: usize,
    /// Images it failed on.
    pub failed: usize,
    /// Images where it is the smallest.
    pub smallest: usize,
    /// Bytes in total: dominated by large images.
    pub bytes: u64,
    /// Geometric mean of file size over the input's.
    pub ratio_to_input: Option<Ratio>,
    /// Geometric mean of file size over the baseline's for the same goal.
    pub ratio_to_baseline: Option<Ratio>,
    /// The same of the sizes at exactly the score that was asked for, where both have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio_at_target: Option<Ratio>,
    /// The qualities that a search found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<QualitySpread>,
    /// Bits over pixels, all images together.
    pub bits_per_pixel: Option<f64>,
    /// Metric id to its scores.
    pub scores: BTreeMap<String, ScoreSummary>,
    /// Speed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<VariantTiming>,
}

/// Qualities that a search found, on the codec's own scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QualitySpread {
    /// The one in the middle, or halfway between the two there.
    pub median: f64,
    /// The lowest.
    pub min: u8,
    /// The highest.
    pub max: u8,
}

/// A metric over all images.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreSummary {
    /// Arithmetic mean.
    pub mean: f64,
    /// The worst twentieth starts here: the 5th percentile, or the 95th where smaller is better.
    pub p5: f64,
    /// Images behind it.
    pub images: usize,
}

/// Speed of a variant, by CPU time of the codec calls alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VariantTiming {
    /// Megapixels a CPU second.
    pub encode_mp_per_s: f64,
    /// Megapixels a CPU second, decoding; none where results were not decoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decode_mp_per_s: Option<f64>,
    /// Median of the images' spreads, if encodes were repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<f64>,
    /// Memory at the peak of an encode, bytes a pixel, the picture itself apart; of repeated encodes, where the system
    /// tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encode_peak_bytes_per_pixel: Option<f64>,
}

/// The measurement of `variant` on `image`, if it reached its goal.
pub(crate) fn measured<'a>(image: &'a ImageReport, variant: &str) -> Option<&'a Measurement> {
    let mut all = image.measurements().filter(|(e, _)| e.variant == variant);
    all.next().map(|(_, m)| m).filter(|m| m.reached)
}

#[allow(clippy::trivially_copy_pass_by_ref)] // As serde calls it.
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Sums up variant `name`.
pub(super) fn summarise(report: &Report, name: &str) -> Option<VariantSummary> {
    let rows: Vec<(&ImageReport, &Entry)> = report
        .images
        .iter()
        .filter_map(|image| {
            image
                .results
                .iter()
                .find(|e| e.variant == name)
                .map(|e| (image, e))
        })
        .collect();
    let (_, first) = rows.first()?;
    let measured = rows
        .iter()
        .filter_map(|(i, e)| Some((*i, e.measurement()?)));
    let (done, missed): (Vec<(&ImageReport, &Measurement)>, Vec<_>) =
        measured.partition(|(_, m)| m.reached);
    let count = |test: fn(&Outcome) -> bool| rows.iter().filter(|(_, e)| test(&e.outcome)).count();
    let bytes = done.iter().map(|(_, m)| m.bytes).sum();
    let pixels: u64 = done.iter().map(|(i, _)| i.pixels()).sum();
    Some(VariantSummary {
        variant: name.into(),
        codec: first.codec.clone(),
        format: first.format.clone(),
        goal: first.goal.clone(),
        images: done.len(),
        unreached: missed.len(),
        skipped: count(|o| matches!(o, Outcome::Skipped { .. })),
        failed: count(|o| matches!(o, Outcome::Failed { .. })),
        smallest: rows
            .iter()
            .filter(|(i, _)| i.smallest.as_deref() == Some(name))
            .count(),
        bytes,
        ratio_to_input: ratio(done.iter().map(|(_, m)| m.ratio_to_input)),
        ratio_to_baseline: ratio(done.iter().filter_map(|(_, m)| m.ratio_to_baseline)),
        ratio_at_target: ratio(rows.iter().filter_map(|(i, e)| at_target(report, i, e))),
        quality: qualities(&rows),
        bits_per_pixel: (pixels > 0).then(|| rounded(bytes as f64 * 8.0 / pixels as f64)),
        scores: report
            .metrics
            .iter()
            .filter_map(|metric| {
                Some((metric.id.clone(), score(&done, &metric.id, metric.better)?))
            })
            .collect(),
        timing: speed(&done),
    })
}

/// The entry's size at exactly its target over the baseline's.
fn at_target(report: &Report, image: &ImageReport, entry: &Entry) -> Option<f64> {
    let own = entry.measurement()?.bytes_at_target?;
    let base = baseline_of(image, entry, &report.options.baseline)?.bytes_at_target?;
    Some(own as f64 / base as f64)
}

fn qualities(rows: &[(&ImageReport, &Entry)]) -> Option<QualitySpread> {
    let searched = |m: &Measurement| m.reached && m.target.is_some();
    let found = rows
        .iter()
        .filter(|(_, e)| e.measurement().is_some_and(searched));
    let found: Vec<u8> = found.filter_map(|(_, e)| e.quality).collect();
    let all: Vec<f64> = found.iter().copied().map(f64::from).collect();
    Some(QualitySpread {
        median: stats::quantile(&all, 0.5)?,
        min: found.iter().copied().min()?,
        max: found.iter().copied().max()?,
    })
}

fn score(
    done: &[(&ImageReport, &Measurement)],
    metric: &str,
    better: Better,
) -> Option<ScoreSummary> {
    let scores: Vec<f64> = done
        .iter()
        .filter_map(|(_, m)| m.scores.get(metric).copied())
        .collect();
    let tail = if better == Better::Higher { 0.05 } else { 0.95 };
    Some(ScoreSummary {
        mean: rounded(stats::mean(&scores)?),
        p5: rounded(stats::quantile(&scores, tail)?),
        images: scores.len(),
    })
}

fn speed(done: &[(&ImageReport, &Measurement)]) -> Option<VariantTiming> {
    let timed: Vec<(u64, &Timing)> = done
        .iter()
        .filter_map(|(i, m)| m.fresh_timing().map(|t| (i.pixels(), t)))
        .collect();
    let rate = |ms: &dyn Fn(&Timing) -> Option<f64>| {
        let known = timed
            .iter()
            .filter_map(|(pixels, t)| Some((*pixels, ms(t)?)));
        let (pixels, ms) = known.fold((0, 0.0), |(p, t), (pixels, ms)| (p + pixels, t + ms));
        (ms > 0.0).then(|| rounded(pixels as f64 / ms / 1e3))
    };
    let peaks = timed
        .iter()
        .filter_map(|(pixels, t)| Some((*pixels, t.encode_peak_bytes?)));
    let (weighed, bytes) = peaks.fold((0, 0), |(p, b), (pixels, bytes)| (p + pixels, b + bytes));
    let spreads: Vec<f64> = timed.iter().filter_map(|(_, t)| t.spread).collect();
    Some(VariantTiming {
        encode_mp_per_s: rate(&|t| Some(t.encode_cpu_ms))?,
        decode_mp_per_s: rate(&|t| t.decode_cpu_ms),
        spread: stats::quantile(&spreads, 0.5).map(rounded),
        encode_peak_bytes_per_pixel: (weighed > 0).then(|| rounded(bytes as f64 / weighed as f64)),
    })
}
