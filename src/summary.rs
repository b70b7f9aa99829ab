//! Report → what it comes to: ratios per image first, averages after. Pure, so a merged report says the same as one
//! measured in one go.

mod curves;
mod equal;
mod pareto;
mod picture;
mod relate;
mod variant;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{Outcome, Report, rounded};
use crate::stats;

pub(crate) use self::curves::{curve, entry, points, series_of, set_points};
pub(crate) use self::equal::equal_quality_ratio;
pub(crate) use self::variant::measured;

pub use self::curves::lossy_variants;
pub use self::equal::{EqualQuality, Incomparable, equal_quality};
pub use self::picture::{Alone, Picture, PictureSource};
pub use self::relate::{relate, weigh_at_targets};
pub use self::variant::{QualitySpread, ScoreSummary, VariantSummary, VariantTiming};

/// Over all images.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Images measured, each once, at however many widths.
    pub images: usize,
    /// Inputs that gave no image.
    pub failures: usize,
    /// Variants that failed on an image, counted over images.
    pub failed_entries: usize,
    /// Bytes of the images measured, as they came.
    pub input_bytes: u64,
    /// One row a variant, in plan order; none over several widths, of which each has its own.
    pub variants: Vec<VariantSummary>,
    /// The formats' sizes at the same score, one row a lossy format that is not the baseline.
    #[serde(default)]
    pub equal_quality: Vec<EqualQuality>,
    /// What searches cost; none when nothing was searched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<SearchCost>,
    /// The variants that none beats in total bytes and mean score both, among those that reached their goal on every image.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pareto: Vec<String>,
    /// The variants that none of the same goal beats in total bytes and speed of encoding both; of repeated encodes only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speed_pareto: Vec<String>,
    /// What a view costs where each browser gets the first of several formats that it shows, one row a goal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
}

/// An arithmetic mean of per-image differences.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The mean.
    pub mean: f64,
    /// Lower and upper end of the 95 % bootstrap interval; `null` for one image.
    pub interval: Option<[f64; 2]>,
    /// Images behind it.
    pub images: usize,
}

/// What searches cost.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchCost {
    /// Files encoded.
    pub encodes: u64,
    /// Searches: one an image, codec and target, whether or not the target was reached.
    pub entries: usize,
    /// Encodes over searches.
    pub per_entry: f64,
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

/// Sums up a report's images and failures.
pub fn summarise(report: &Report) -> Summary {
    // Widths of one image lie side by side.
    let mut inputs: Vec<_> = report.images.iter().collect();
    inputs.dedup_by_key(|image| (&image.path, &image.path_bytes));
    let counts = Summary {
        images: inputs.len(),
        failures: report.failures.len(),
        failed_entries: report
            .images
            .iter()
            .flat_map(|i| &i.results)
            .filter(|e| matches!(e.outcome, Outcome::Failed { .. }))
            .count(),
        input_bytes: inputs.iter().map(|i| i.bytes).sum(),
        search: search_cost(report),
        ..Summary::default()
    };
    if !report.options.widths.is_empty() {
        // A mean over them would take the widths of one image for as many images.
        return counts;
    }
    let variants = report.options.variants.iter();
    let variants: Vec<_> = variants
        .filter_map(|v| variant::summarise(report, v))
        .collect();
    Summary {
        speed_pareto: pareto::by_speed(&variants, report.images.len()),
        variants,
        equal_quality: equal_quality(report, &report.images.iter().collect::<Vec<_>>()),
        pareto: pareto::of_all(report),
        pictures: picture::pictures(report),
        ..counts
    }
}

fn search_cost(report: &Report) -> Option<SearchCost> {
    let searched = report.measurements().filter(|(_, _, m)| m.target.is_some());
    let (encodes, entries) = searched.fold((0, 0), |(encodes, entries), (_, _, m)| {
        (encodes + u64::from(m.probes), entries + 1)
    });
    (entries > 0).then(|| SearchCost {
        encodes,
        entries,
        per_entry: rounded(encodes as f64 / entries as f64),
    })
}

/// The geometric mean of `values`.
pub(crate) fn ratio(values: impl Iterator<Item = f64>) -> Option<Ratio> {
    let values: Vec<f64> = values.filter(|v| *v > 0.0).collect();
    Some(Ratio {
        mean: rounded(stats::geometric_mean(&values)?),
        interval: stats::geometric_mean_interval(&values).map(|ends| ends.map(rounded)),
        images: values.len(),
    })
}

/// The arithmetic mean of `values`.
pub(crate) fn difference(values: impl Iterator<Item = f64>) -> Option<Difference> {
    let values: Vec<f64> = values.collect();
    Some(Difference {
        mean: rounded(stats::mean(&values)?),
        interval: stats::mean_interval(&values).map(|ends| ends.map(rounded)),
        images: values.len(),
    })
}

#[cfg(test)]
mod tests;
