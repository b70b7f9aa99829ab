//! Sizes at equal quality from set qualities: each image's two rate–distortion curves, read at one score that both
//! cover. Ratios per image first, averages after.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::curves::{curve, entry, series_of};
use super::{Difference, Ratio, difference, ratio};
use crate::curve::{Curve, bd_rate, bd_score};
use crate::metric;
use crate::report::{ImageReport, MetricUsed, Report, rounded};
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
    /// Bjøntegaard's delta rate: geometric mean of 1 + the delta of each image that has one, so that 0.9 is −10 %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bd_rate: Option<Ratio>,
    /// Bjøntegaard's delta of the score at equal bytes: mean over the images that have one, on the metric's own scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bd_score: Option<Difference>,
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

/// Two curves of an image.
struct Compared {
    /// The format's size over the baseline's, and the score that both have there.
    middle: Result<(f64, f64), Incomparable>,
    bd_rate: Option<f64>,
    bd_score: Option<f64>,
}

/// Compares every lossy format of `images` with the baseline of `report`, by the first metric. Only variants that differ
/// in quality and nothing else make a curve: those of all defaults, of the format's first codec.
pub fn equal_quality(report: &Report, images: &[&ImageReport]) -> Vec<EqualQuality> {
    let Some(metric) = report.metrics.first() else {
        return Vec::new();
    };
    let baseline = &report.options.baseline;
    let Some(base) = series_of(report, baseline).filter(|_| !images.is_empty()) else {
        return Vec::new();
    };
    let formats = formats(report).into_iter().filter(|f| f != baseline);
    let rows = formats.filter_map(|format| {
        let own = series_of(report, &format)?;
        let compared = images.iter().map(|image| {
            let [own, base] = [&own, &base].map(|series| curve(image, series, metric));
            Compared::of(own.as_ref(), base.as_ref(), metric)
        });
        Some(row(format, baseline, metric, &compared.collect::<Vec<_>>()))
    });
    rows.collect()
}

/// Format ids in plan order.
fn formats(report: &Report) -> Vec<String> {
    let names = report.options.variants.iter();
    let first = names.filter_map(|name| entry(report, name));
    first.fold(Vec::new(), |mut formats, entry| {
        if !formats.contains(&entry.format) {
            formats.push(entry.format.clone());
        }
        formats
    })
}

/// The size of `format` over the baseline's on `image`, each at the middle of the scores that both cover.
pub(crate) fn equal_quality_ratio(
    report: &Report,
    image: &ImageReport,
    format: &str,
) -> Option<f64> {
    let metric = report.metrics.first()?;
    let curve = |format: &str| curve(image, &series_of(report, format)?, metric);
    let [own, base] = [curve(format)?, curve(&report.options.baseline)?];
    let middle = at_the_middle(&own, &base, metric);
    middle.ok().map(|(ratio, _)| ratio)
}

impl Compared {
    fn of(own: Option<&Curve>, base: Option<&Curve>, metric: &MetricUsed) -> Self {
        let both = own.zip(base);
        Self {
            middle: both
                .ok_or(Incomparable::TooFewPoints)
                .and_then(|(own, base)| at_the_middle(own, base, metric)),
            bd_rate: both.and_then(|(own, base)| bd_rate(own, base)),
            bd_score: both.and_then(|(own, base)| bd_score(own, base)),
        }
    }
}

fn at_the_middle(
    own: &Curve,
    base: &Curve,
    metric: &MetricUsed,
) -> Result<(f64, f64), Incomparable> {
    let Some([worst, best]) = own.overlap(base) else {
        let better = own.is_better_than(base);
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
    let done: Vec<(f64, f64)> = compared.iter().filter_map(|c| c.middle.ok()).collect();
    let scores: Vec<f64> = done.iter().map(|(_, score)| *score).collect();
    let reasons: Vec<Incomparable> = compared.iter().filter_map(|c| c.middle.err()).collect();
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
        bd_rate: ratio(compared.iter().filter_map(|c| c.bd_rate).map(|d| 1.0 + d)),
        bd_score: difference(compared.iter().filter_map(|c| c.bd_score)),
    }
}

#[cfg(test)]
mod tests;
