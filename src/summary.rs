//! Report → what it comes to: ratios per image first, averages after. Pure, so a merged report says the same as one
//! measured in one go.

mod equal;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::metric::Better;
use crate::report::{Entry, ImageReport, Measurement, Outcome, Report, rounded};
use crate::stats;

pub use equal::{EqualQuality, Incomparable, equal_quality, lossy_variants};

/// Over all images.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Images measured.
    pub images: usize,
    /// Inputs that gave no image.
    pub failures: usize,
    /// Variants that failed on an image, counted over images.
    pub failed_entries: usize,
    /// Bytes of the images measured, as they came.
    pub input_bytes: u64,
    /// One row a variant, in plan order.
    pub variants: Vec<VariantSummary>,
    /// The formats' sizes at the same score, one row a lossy format that is not the baseline.
    #[serde(default)]
    pub equal_quality: Vec<EqualQuality>,
}

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
    /// What was asked: `q60`, `lossless`.
    pub goal: String,
    /// Images it was measured on.
    pub images: usize,
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
    /// Bits over pixels, all images together.
    pub bits_per_pixel: Option<f64>,
    /// Metric id to its scores.
    pub scores: BTreeMap<String, ScoreSummary>,
    /// Speed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<VariantTiming>,
}

/// A geometric mean of per-image ratios.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ratio {
    /// The mean.
    pub mean: f64,
    /// Lower and upper end of the 95 % bootstrap interval; `null` for one image.
    pub interval: Option<[f64; 2]>,
    /// Images behind it.
    pub images: usize,
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
}

/// Fills in what relates an image's entries to each other: ratio to the baseline, smallest.
pub fn relate(image: &mut ImageReport, baseline: &str) {
    let ratios: Vec<Option<f64>> = image
        .results
        .iter()
        .map(|entry| {
            let base = baseline_of(image, entry, baseline)?;
            Some(rounded(
                entry.measurement()?.bytes as f64 / base.bytes as f64,
            ))
        })
        .collect();
    for (entry, ratio) in image.results.iter_mut().zip(ratios) {
        if let Outcome::Done(measurement) = &mut entry.outcome {
            measurement.ratio_to_baseline = ratio;
        }
    }
    // The first of equals, in plan order.
    image.smallest = image
        .measurements()
        .min_by_key(|(_, m)| m.bytes)
        .map(|(e, _)| e.variant.clone());
}

/// The baseline format's entry that `entry` compares with: that of the same goal; for a lossless entry the baseline's
/// highest quality; for a lossy one beside a lossless baseline, that.
fn baseline_of<'a>(
    image: &'a ImageReport,
    entry: &Entry,
    baseline: &str,
) -> Option<&'a Measurement> {
    let candidates: Vec<_> = image
        .measurements()
        .filter(|(e, _)| e.format == baseline)
        .collect();
    let same_goal = candidates.iter().find(|(e, _)| e.goal == entry.goal);
    let highest = candidates.iter().max_by_key(|(e, _)| e.quality);
    let fallback = || highest.filter(|(e, _)| entry.lossless || e.lossless);
    same_goal.or_else(fallback).map(|(_, m)| *m)
}

/// Sums up a report's images and failures.
pub fn summarise(report: &Report) -> Summary {
    Summary {
        images: report.images.len(),
        failures: report.failures.len(),
        failed_entries: report
            .images
            .iter()
            .flat_map(|i| &i.results)
            .filter(|e| matches!(e.outcome, Outcome::Failed { .. }))
            .count(),
        input_bytes: report.images.iter().map(|i| i.bytes).sum(),
        variants: report
            .options
            .variants
            .iter()
            .filter_map(|v| variant(report, v))
            .collect(),
        equal_quality: equal_quality(report, &report.images.iter().collect::<Vec<_>>()),
    }
}

fn variant(report: &Report, name: &str) -> Option<VariantSummary> {
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
    let done: Vec<(&ImageReport, &Measurement)> = rows
        .iter()
        .filter_map(|(i, e)| e.measurement().map(|m| (*i, m)))
        .collect();
    let count = |test: fn(&Outcome) -> bool| rows.iter().filter(|(_, e)| test(&e.outcome)).count();
    let bytes = done.iter().map(|(_, m)| m.bytes).sum();
    let pixels: u64 = done.iter().map(|(i, _)| i.pixels()).sum();
    Some(VariantSummary {
        variant: name.into(),
        codec: first.codec.clone(),
        format: first.format.clone(),
        goal: first.goal.clone(),
        images: done.len(),
        skipped: count(|o| matches!(o, Outcome::Skipped { .. })),
        failed: count(|o| matches!(o, Outcome::Failed { .. })),
        smallest: rows
            .iter()
            .filter(|(i, _)| i.smallest.as_deref() == Some(name))
            .count(),
        bytes,
        ratio_to_input: ratio(done.iter().map(|(_, m)| m.ratio_to_input)),
        ratio_to_baseline: ratio(done.iter().filter_map(|(_, m)| m.ratio_to_baseline)),
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

/// What positive `values` come to.
pub(crate) fn ratio(values: impl Iterator<Item = f64>) -> Option<Ratio> {
    let values: Vec<f64> = values.filter(|v| *v > 0.0).collect();
    Some(Ratio {
        mean: rounded(stats::geometric_mean(&values)?),
        interval: stats::geometric_mean_interval(&values).map(|ends| ends.map(rounded)),
        images: values.len(),
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
    let timed: Vec<(u64, f64)> = done
        .iter()
        .filter_map(|(i, m)| m.timing.as_ref().map(|t| (i.pixels(), t.encode_cpu_ms)))
        .collect();
    let (pixels, ms) = timed
        .iter()
        .fold((0, 0.0), |(p, t), (pixels, ms)| (p + pixels, t + ms));
    (ms > 0.0).then(|| VariantTiming {
        encode_mp_per_s: rounded(pixels as f64 / ms / 1e3),
    })
}
