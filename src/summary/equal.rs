//! Sizes at equal quality from set qualities: each image's two rate–distortion curves, read at one score that both
//! cover. Ratios per image first, averages after.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Ratio, ratio};
use crate::curve::Curve;
use crate::metric;
use crate::report::{Entry, ImageReport, MetricUsed, Report, rounded};
use crate::stats;

/// A format against the baseline at the same score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EqualQuality {
    /// Format id.
    pub format: String,
    /// Format id of the baseline.
    pub baseline: String,
    /// Metric id.
    pub metric: String,
    /// Images compared.
    pub images: usize,
    /// Images that could not be.
    pub not_comparable: usize,
    /// Geometric mean of the format's size over the baseline's, each at the middle of the scores that both cover.
    pub ratio: Option<Ratio>,
    /// Mean of the scores compared at.
    pub score: Option<f64>,
    /// Why images could not be compared: what most of them lack.
    pub reason: Option<Incomparable>,
}

/// Why two curves of an image do not compare.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum Incomparable {
    /// One of the formats has fewer than two qualities worth choosing.
    TooFewPoints,
    /// The format's worst score is better than the baseline's best.
    AllBetter,
    /// The format's best score is worse than the baseline's worst.
    AllWorse,
    /// The scores that both cover are so few that there is no middle to speak of.
    OverlapTooNarrow,
}

/// A format's size over the baseline's, and the score that both have there.
type Compared = Result<(f64, f64), Incomparable>;

/// Compares every lossy format of `images` with the baseline of `report`, by the first metric. Only variants that differ
/// in quality and nothing else make a curve: those of all defaults, of the format's first codec.
pub fn equal_quality(report: &Report, images: &[&ImageReport]) -> Vec<EqualQuality> {
    let Some(metric) = report.metrics.first() else {
        return Vec::new();
    };
    let baseline = &report.options.baseline;
    let base = lossy_variants(report, baseline);
    let formats = formats(report).into_iter().filter(|f| f != baseline);
    let rows = formats.filter_map(|format| {
        let own = lossy_variants(report, &format);
        let compared: Vec<Compared> = images
            .iter()
            .map(|image| compare(image, &own, &base, metric))
            .collect();
        let lossy = !own.is_empty() && !base.is_empty() && !images.is_empty();
        lossy.then(|| row(format, baseline, metric, &compared))
    });
    rows.collect()
}

/// The variants that make the curve of `format`, in plan order.
pub fn lossy_variants<'a>(report: &'a Report, format: &str) -> Vec<&'a str> {
    let fitting = |entry: &&Entry| {
        entry.format == format
            && entry.series() == entry.codec
            && entry.set_quality().is_some()
            && !entry.lossless
    };
    // Every image has every variant: the first tells.
    let named = |name: &'a String| {
        let first = entries(report, name).next();
        Some((name.as_str(), first.filter(fitting)?))
    };
    let fitting: Vec<(&str, &Entry)> = report.options.variants.iter().filter_map(named).collect();
    let Some(codec) = fitting.first().map(|(_, entry)| &entry.codec) else {
        return Vec::new();
    };
    let of_codec = fitting.iter().filter(|(_, entry)| entry.codec == *codec);
    of_codec.map(|(name, _)| *name).collect()
}

fn entries<'a>(report: &'a Report, variant: &'a str) -> impl Iterator<Item = &'a Entry> {
    let all = report.images.iter().flat_map(|image| &image.results);
    all.filter(move |entry| entry.variant == variant)
}

/// Format ids in plan order.
fn formats(report: &Report) -> Vec<String> {
    let names = report.options.variants.iter();
    let first = names.filter_map(|name| entries(report, name).next());
    first.fold(Vec::new(), |mut formats, entry| {
        if !formats.contains(&entry.format) {
            formats.push(entry.format.clone());
        }
        formats
    })
}

fn compare(image: &ImageReport, own: &[&str], base: &[&str], metric: &MetricUsed) -> Compared {
    let curve = |names: &[&str]| {
        let measured = image.measurements();
        let points = measured
            .filter(|(entry, m)| names.contains(&entry.variant.as_str()) && m.target.is_none())
            .filter_map(|(_, m)| Some((*m.scores.get(&metric.id)?, m.bytes as f64)));
        Curve::new(points, metric.better).ok_or(Incomparable::TooFewPoints)
    };
    let (own, base) = (curve(own)?, curve(base)?);
    let Some([worst, best]) = own.overlap(&base) else {
        let better = own.is_better_than(&base);
        return Err(if better {
            Incomparable::AllBetter
        } else {
            Incomparable::AllWorse
        });
    };
    if (best - worst).abs() < metric::tolerance(&metric.id) {
        return Err(Incomparable::OverlapTooNarrow);
    }
    let score = (worst + best) / 2.0;
    let sizes = own.bytes_at(score).zip(base.bytes_at(score));
    let (own, base) = sizes.ok_or(Incomparable::OverlapTooNarrow)?;
    Ok((own / base, score))
}

fn row(format: String, baseline: &str, metric: &MetricUsed, compared: &[Compared]) -> EqualQuality {
    let done: Vec<(f64, f64)> = compared.iter().filter_map(|c| c.ok()).collect();
    let scores: Vec<f64> = done.iter().map(|(_, score)| *score).collect();
    let reasons: Vec<Incomparable> = compared.iter().filter_map(|c| c.err()).collect();
    let count = |reason: &Incomparable| reasons.iter().filter(|r| *r == reason).count();
    EqualQuality {
        format,
        baseline: baseline.into(),
        metric: metric.id.clone(),
        images: done.len(),
        not_comparable: reasons.len(),
        ratio: ratio(done.iter().map(|(ratio, _)| *ratio)),
        score: stats::mean(&scores).map(rounded),
        reason: reasons.iter().copied().max_by_key(|r| (count(r), *r)),
    }
}

#[cfg(test)]
mod tests;
