//! Variants that none beats in bytes and score both.

use super::variant::{VariantSummary, measured};
use crate::curve::front;
use crate::metric::{self, Better, METRICS};
use crate::report::{ImageReport, Measurement, MetricUsed, Report};
use crate::stats;

/// The front of one image, among the entries that reached their goal.
pub(super) fn of_image(image: &ImageReport, metric: &MetricUsed) -> Vec<String> {
    let reached = image.measurements().filter(|(_, m)| m.reached);
    let points: Vec<_> = reached
        .map(|(e, m)| (e.variant.as_str(), m.bytes, score(m, metric)))
        .collect();
    named(&points, metric)
}

/// The front of all images together, by total bytes and mean score, among the variants that reached their goal on every
/// one.
pub(super) fn of_all(report: &Report) -> Vec<String> {
    let Some(metric) = report.metrics.first() else {
        return Vec::new();
    };
    let point = |name: &'_ String| {
        let all = report.images.iter().map(|image| measured(image, name));
        let all: Vec<&Measurement> = all.collect::<Option<_>>()?;
        let scores: Vec<f64> = all.iter().map(|m| score(m, metric)).collect();
        let bytes = all.iter().map(|m| m.bytes).sum::<u64>();
        Some((bytes, stats::mean(&scores)?))
    };
    let variants = report.options.variants.iter();
    let points: Vec<_> = variants
        .filter_map(|name| point(name).map(|(bytes, score)| (name.as_str(), bytes, score)))
        .collect();
    named(&points, metric)
}

/// The variants that none of the same goal beats in total bytes and speed of encoding both, where that was taken by repeated
/// encodes, among those that reached their goal on every image.
pub(super) fn by_speed(variants: &[VariantSummary], images: usize) -> Vec<String> {
    let timed = variants.iter().filter(|v| v.images == images);
    let timed = timed.filter_map(|v| v.timing.filter(|t| t.spread.is_some()).map(|t| (v, t)));
    let timed: Vec<_> = timed.collect();
    let mut goals: Vec<&str> = timed.iter().map(|(v, _)| v.goal.as_str()).collect();
    goals.sort_unstable();
    goals.dedup();
    let fronts = goals.into_iter().flat_map(|goal| {
        let of_goal = timed.iter().filter(|(v, _)| v.goal == goal);
        let points = of_goal.map(|(v, t)| (v.variant.as_str(), v.bytes, t.encode_mp_per_s));
        front(&points.collect::<Vec<_>>(), Better::Higher)
    });
    fronts.map(String::from).collect()
}

fn named(points: &[(&str, u64, f64)], metric: &MetricUsed) -> Vec<String> {
    let front = front(points, metric.better).into_iter();
    front.map(String::from).collect()
}

/// The score, also of identical pictures whose score is infinite; not a number where there is none.
fn score(m: &Measurement, metric: &MetricUsed) -> f64 {
    let infinite = metric.better.rising(f64::INFINITY);
    let known = metric::find(METRICS, &metric.id);
    let perfect = known.and_then(|m| m.info().perfect).unwrap_or(infinite);
    let identical = m.identical.then_some(perfect);
    m.scores
        .get(&metric.id)
        .copied()
        .or(identical)
        .unwrap_or(f64::NAN)
}
