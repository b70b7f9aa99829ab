//! What relates an image's entries to each other.

use super::{curves, pareto};
use crate::report::{Entry, ImageReport, Measurement, Outcome, Report, Target, rounded};

/// Fills in what relates an image's entries to each other: ratio to the baseline, smallest, front. An entry that missed its
/// goal is related to nothing. Of `report` only the options and metrics count: it need not hold any image yet.
pub fn relate(image: &mut ImageReport, report: &Report) {
    let baseline = &report.options.baseline;
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
        .filter(|(_, m)| m.reached)
        .min_by_key(|(_, m)| m.bytes)
        .map(|(e, _)| e.variant.clone());
    let metric = report.metrics.first();
    image.pareto = metric.map_or(Vec::new(), |metric| pareto::of_image(image, metric));
}

/// Fills in what entries would weigh at exactly their target.
pub fn weigh_at_targets(image: &mut ImageReport, report: &Report) {
    let results = image.results.iter();
    let exact: Vec<Option<u64>> = results
        .map(|entry| bytes_at_target(image, entry, report))
        .collect();
    for (entry, exact) in image.results.iter_mut().zip(exact) {
        if let Outcome::Done(measurement) = &mut entry.outcome {
            measurement.bytes_at_target = exact;
        }
    }
}

/// The size that `entry` would have at exactly the score that was searched for and reached, read off the curve of its series.
fn bytes_at_target(image: &ImageReport, entry: &Entry, report: &Report) -> Option<u64> {
    let measurement = entry.measurement().filter(|m| m.reached)?;
    let Some(Target::Score { metric, at_least }) = &measurement.target else {
        return None;
    };
    let metric = report.metrics.iter().find(|m| m.id == *metric)?;
    let curve = curves::curve(image, &entry.series(), metric)?;
    curve.bytes_at(*at_least).map(|bytes| bytes.round() as u64)
}

/// The baseline format's entry that `entry` compares with: that of the same goal; for a lossless entry the baseline's
/// highest quality; for a lossy one beside a lossless baseline, that. `None` where one of the two missed its goal.
pub(super) fn baseline_of<'a>(
    image: &'a ImageReport,
    entry: &Entry,
    baseline: &str,
) -> Option<&'a Measurement> {
    entry.measurement().filter(|m| m.reached)?;
    let candidates: Vec<_> = image
        .measurements()
        .filter(|(e, _)| e.format == baseline)
        .collect();
    let same_goal = candidates.iter().find(|(e, _)| e.goal == entry.goal);
    let reached = candidates.iter().filter(|(_, m)| m.reached);
    // Of several at that quality the first, as above.
    let highest = reached.rev().max_by_key(|(e, _)| e.quality);
    let fallback = || highest.filter(|(e, _)| entry.lossless || e.lossless);
    let found = same_goal.or_else(fallback).map(|(_, m)| *m);
    found.filter(|m| m.reached)
}
