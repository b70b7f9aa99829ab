//! Which quality of one format scores like which of another, on the images of a report. Pure.
//!
//! Per image first: the score of the baseline at a quality, the other format's quality that scores the same, and both
//! sizes at that score. Over images then: the median quality, how far images spread about it, and the geometric mean of
//! the sizes. Nothing is extrapolated. An image that needs a quality outside those measured is known to lie beyond the
//! end: it counts as such in the median and the spread, and has no size.

mod measured;
mod scale;
mod settings;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::measured::{measured, rows};
use self::scale::Scale;
use crate::curve::Curve;
use crate::metric::Better;
use crate::report::{ImageReport, MetricUsed, Report, rounded};
use crate::stats;
use crate::summary::{Ratio, ratio, set_points};

pub use self::measured::{Measured, NoMap};
pub use self::settings::{Settings, TOOLS, Tool};

/// The baseline quality that settings are made for when none is asked for.
const USUAL: u8 = 80;

/// Fewest images whose middle half says more than their ends.
const FEWEST_FOR_QUARTILES: usize = 4;

/// Which quality of each format scores like which of the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QualityMap {
    /// Format id of the baseline.
    pub baseline: String,
    /// Id of the metric that says what is alike.
    pub metric: String,
    /// Images with a scale of the baseline.
    pub images: usize,
    /// What was measured, the baseline first: one codec a format, at its default settings.
    pub formats: Vec<Measured>,
    /// One a quality of the baseline, ascending.
    pub rows: Vec<Row>,
    /// A row as settings of tools that build sites.
    pub settings: Settings,
}

/// A quality of the baseline and what matches it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The baseline's quality.
    pub quality: u8,
    /// Mean of the images' scores there.
    pub score: Option<f64>,
    /// One a format that is not the baseline.
    pub matches: Vec<Match>,
}

/// The quality of a format that scores like a quality of the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Match {
    /// Format id.
    pub format: String,
    /// Images with a scale of both formats.
    pub images: usize,
    /// Images among them whose match is below the qualities measured.
    pub below: usize,
    /// Images among them whose match is above the qualities measured.
    pub above: usize,
    /// The median; `null` without images, or where it lies between images below and above.
    pub quality: Option<Reading>,
    /// The lower and the upper quartile; of fewer than four images the least and the greatest.
    pub spread: Option<[Reading; 2]>,
    /// Geometric mean of the format's size over the baseline's, both at the same score, over the images inside.
    pub ratio: Option<Ratio>,
}

/// A quality, or the side on which it lies outside those measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Reading {
    /// Between settings a codec takes, as it was read off the scales.
    At(f64),
    /// Unknown but for the side.
    Beyond(Side),
}

/// A side of the qualities measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// Less than the lowest.
    Below,
    /// More than the highest.
    Above,
}

impl QualityMap {
    /// The map of `report`, with settings for quality `at` of its baseline; without `at` for 80, or what is nearest to
    /// it.
    ///
    /// # Errors
    /// When what was asked of the codecs and metrics makes no map. A report without images makes an empty one, so
    /// [`header`](crate::run::header) tells beforehand.
    pub fn of(report: &Report, at: Option<u8>) -> Result<Self, NoMap> {
        if !report.options.widths.is_empty() {
            return Err(NoMap::Widths);
        }
        let metric = report.metrics.first().ok_or(NoMap::NoMetric)?;
        let formats = measured(report)?;
        let range = |m: &Measured| Some((*m.qualities.first()?, *m.qualities.last()?));
        let (lowest, highest) = range(&formats[0]).unwrap_or_default();
        let at = match at {
            Some(at) if !(lowest..=highest).contains(&at) => {
                let name = report.format_name(&formats[0].format);
                return Err(NoMap::Outside(name, at, lowest, highest));
            }
            at => at.unwrap_or(USUAL).clamp(lowest, highest),
        };
        let curves = |format| {
            let images = report.images.iter();
            let curves = images.map(|image| Curves::of(image, format, metric));
            curves.collect::<Vec<_>>()
        };
        let curves: Vec<Vec<Option<Curves>>> = formats.iter().map(curves).collect();
        let rows: Vec<Row> = rows(&formats[0].qualities, at)
            .into_iter()
            .map(|quality| row(quality, &formats, &curves, metric))
            .collect();
        Ok(Self {
            baseline: formats[0].format.clone(),
            metric: metric.id.clone(),
            images: curves[0].iter().flatten().count(),
            settings: settings(at, &formats, &rows),
            rows,
            formats,
        })
    }

    /// The row of the settings.
    pub fn chosen(&self) -> Option<&Row> {
        let mut rows = self.rows.iter();
        rows.find(|row| row.quality == self.settings.quality)
    }
}

/// A format on one image. Scores rise with quality: negated where lower is better.
struct Curves {
    scale: Scale,
    sizes: Option<Curve>,
}

impl Curves {
    fn of(image: &ImageReport, format: &Measured, metric: &MetricUsed) -> Option<Self> {
        let points = set_points(image, &format.codec, &metric.id);
        let points: Vec<(f64, f64, f64)> = points
            .map(|(q, (score, bytes))| (f64::from(q), metric.better.rising(score), bytes))
            .collect();
        let scores = points.iter().map(|(quality, score, _)| (*quality, *score));
        let sizes = points.iter().map(|(_, score, bytes)| (*score, *bytes));
        Some(Self {
            scale: Scale::new(scores)?,
            sizes: Curve::new(sizes, Better::Higher),
        })
    }

    fn bytes_at(&self, score: f64) -> Option<f64> {
        self.sizes.as_ref()?.bytes_at(score)
    }
}

fn row(
    quality: u8,
    formats: &[Measured],
    curves: &[Vec<Option<Curves>>],
    metric: &MetricUsed,
) -> Row {
    let wanted = |base: &Curves| base.scale.score_at(f64::from(quality));
    let scores: Vec<f64> = curves[0].iter().flatten().filter_map(wanted).collect();
    let matches = formats.iter().zip(curves).skip(1).map(|(format, own)| {
        let pairs = curves[0].iter().zip(own);
        let found = pairs.filter_map(|(base, own)| {
            let (base, own) = (base.as_ref()?, own.as_ref()?);
            let score = wanted(base)?;
            let sizes = own.bytes_at(score).zip(base.bytes_at(score));
            let quality = own.scale.quality_of(score);
            Some((quality, sizes.map(|(own, base)| own / base)))
        });
        matched(format.format.clone(), found.collect())
    });
    Row {
        quality,
        score: stats::mean(&scores).map(|mean| rounded(metric.better.rising(mean))),
        matches: matches.collect(),
    }
}

/// What the images' qualities, infinite beyond those measured, and size ratios come to.
fn matched(format: String, found: Vec<(f64, Option<f64>)>) -> Match {
    let mut qualities: Vec<f64> = found.iter().map(|(quality, _)| *quality).collect();
    qualities.sort_by(f64::total_cmp);
    let beyond = |side: f64| qualities.iter().filter(|q| **q == side).count();
    let quality = quantile(&qualities, 0.5);
    let [low, high] = if qualities.len() < FEWEST_FOR_QUARTILES {
        [0.0, 1.0]
    } else {
        [0.25, 0.75]
    };
    let spread = quantile(&qualities, low).zip(quantile(&qualities, high));
    let inside = found.iter().filter(|(quality, _)| quality.is_finite());
    let ratio = ratio(inside.filter_map(|(_, ratio)| *ratio));
    Match {
        format,
        images: qualities.len(),
        below: beyond(f64::NEG_INFINITY),
        above: beyond(f64::INFINITY),
        quality,
        spread: spread.map(|(low, high)| [low, high]),
        // Of the lesser half of the images, those that happen to lie inside, a mean would mislead.
        ratio: ratio.filter(|_| matches!(quality, Some(Reading::At(_)))),
    }
}

/// As [`stats::quantile`] of `sorted` values that may be infinite; `None` between −∞ and ∞.
fn quantile(sorted: &[f64], fraction: f64) -> Option<Reading> {
    let position = fraction * sorted.len().checked_sub(1)? as f64;
    let [below, above] = [position.floor(), position.ceil()].map(|at| sorted[at as usize]);
    let value = if below.is_finite() && above.is_finite() {
        below + (above - below) * position.fract()
    } else if below == above || position.fract() == 0.0 {
        below
    } else {
        below + above
    };
    (!value.is_nan()).then(|| match value {
        f64::NEG_INFINITY => Reading::Beyond(Side::Below),
        f64::INFINITY => Reading::Beyond(Side::Above),
        value => Reading::At(rounded(value)),
    })
}

fn settings(at: u8, formats: &[Measured], rows: &[Row]) -> Settings {
    let row = rows.iter().find(|row| row.quality == at);
    let matches = row.map_or(&[][..], |row| &row.matches).iter();
    let own = matches.zip(&formats[1..]).filter_map(|(found, format)| {
        let Some(Reading::At(quality)) = found.quality else {
            return None;
        };
        Some((format, quality.round() as u8))
    });
    let all: Vec<(&str, &str, u8)> = [(&formats[0], at)]
        .into_iter()
        .chain(own)
        .map(|(m, quality)| (m.format.as_str(), m.codec.as_str(), quality))
        .collect();
    Settings::new(at, &all)
}

#[cfg(test)]
mod tests;
