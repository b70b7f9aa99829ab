//! What a map can be read off: the qualities that were set, told from the names of columns alone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::Report;

/// Fewest qualities of a format that make a scale worth reading.
const FEWEST_QUALITIES: usize = 3;

/// Most rows of a map; of more qualities only round ones have a row.
const MOST_ROWS: usize = 12;

/// The qualities behind a format's scales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    /// Format id.
    pub format: String,
    /// Codec id.
    pub codec: String,
    /// Ascending.
    pub qualities: Vec<u8>,
}

/// Why a report makes no map.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoMap {
    /// Images were measured at several widths.
    #[error("a map is of one size of each image: leave out --widths")]
    Widths,
    /// Nothing was scored.
    #[error("only scores tell which qualities match: choose a metric with -m")]
    NoMetric,
    /// The baseline has no lossy columns.
    #[error(
        "{0}, the baseline, is not measured at set qualities: add it with -f and -q, or choose another --baseline"
    )]
    NoBaseline(String),
    /// There is nothing beside the baseline.
    #[error("{0} alone matches nothing: add another lossy format with -f")]
    Alone(String),
    /// A format has too few qualities.
    #[error("{0} is measured at too few qualities ({1}): give a sweep, as with -q 20..95/5")]
    TooFew(String, usize),
    /// The quality asked for was not swept.
    #[error("{0} {1} is outside the qualities measured, {2} to {3}: widen them with -q")]
    Outside(String, u8, u8, u8),
}

/// The formats with set qualities, the baseline first: variants of a format's first codec that differ in nothing else.
pub(super) fn measured(report: &Report) -> Result<Vec<Measured>, NoMap> {
    let mut formats: Vec<Measured> = Vec::new();
    for name in &report.options.variants {
        let Some((codec, quality)) = name.split_once(":q") else {
            continue;
        };
        let used = report.codecs.iter().find(|used| used.id == codec);
        let Some((used, quality)) = used.zip(quality.parse().ok()) else {
            continue;
        };
        match formats.iter_mut().find(|m| m.format == used.format) {
            Some(known) if known.codec == codec => known.qualities.push(quality),
            Some(_) => {}
            None => formats.push(Measured {
                format: used.format.clone(),
                codec: codec.into(),
                qualities: vec![quality],
            }),
        }
    }
    formats.iter_mut().for_each(|m| m.qualities.sort_unstable());
    let baseline = &report.options.baseline;
    let name = report.format_name(baseline);
    formats.sort_by_key(|m| m.format != *baseline);
    match formats.as_slice() {
        [first, ..] if first.format == *baseline => {}
        _ => return Err(NoMap::NoBaseline(name)),
    }
    if formats.len() < 2 {
        return Err(NoMap::Alone(name));
    }
    match formats
        .iter()
        .find(|m| m.qualities.len() < FEWEST_QUALITIES)
    {
        Some(m) => Err(NoMap::TooFew(
            report.format_name(&m.format),
            m.qualities.len(),
        )),
        None => Ok(formats),
    }
}

/// The qualities that have a row: all that were measured, or the round ones among many, and `at`.
pub(super) fn rows(measured: &[u8], at: u8) -> Vec<u8> {
    let filters: [fn(&u8) -> bool; 4] = [
        |_| true,
        |q| q % 5 == 0 && (40..=95).contains(q),
        |q| q % 5 == 0,
        |q| q % 10 == 0,
    ];
    let kept = filters.iter().map(|keeps| {
        let kept = measured.iter().copied().filter(keeps);
        kept.collect::<Vec<u8>>()
    });
    let fits = |rows: &Vec<u8>| (FEWEST_QUALITIES..=MOST_ROWS).contains(&rows.len());
    let mut rows = kept.into_iter().find(fits).unwrap_or(measured.to_vec());
    rows.push(at);
    rows.sort_unstable();
    rows.dedup();
    rows
}
