//! A limit to how much sizes may grow.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::input::Input;
use super::{Diff, EntryDiff};
use crate::report::rounded;

/// Parts of one percent that a limit is exact to.
const PARTS: u64 = 1_000_000;

/// The largest limit, in percent.
const LARGEST: f64 = 1e6;

/// How much a size may grow, in percent; exactly as much is fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxGrowth {
    /// Millionths of a percent.
    parts: u64,
}

/// Why a text is no limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a percentage: write 2% or 0.5%")]
pub struct GrowthError(String);

/// Whether growth is within a limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The limit, in percent.
    pub max_growth: f64,
    /// What is beyond it: variants on average in plan order, then results, the largest growth first.
    pub violations: Vec<Violation>,
}

/// A growth beyond the limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "of", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Violation {
    /// A variant, by the geometric mean over several images.
    Variant {
        /// Canonical name.
        variant: String,
        /// New size over old one, on average.
        ratio: f64,
        /// Images behind it.
        images: usize,
    },
    /// A single result.
    Entry {
        /// Of which image.
        #[serde(flatten)]
        input: Input,
        /// Canonical name.
        variant: String,
        /// File size before.
        old_bytes: u64,
        /// File size now.
        new_bytes: u64,
        /// The largest size within the limit.
        allowed_bytes: u64,
    },
}

impl FromStr for MaxGrowth {
    type Err = GrowthError;

    fn from_str(text: &str) -> Result<Self, GrowthError> {
        let number = text.trim();
        let number = number.strip_suffix('%').unwrap_or(number).trim_end();
        let plain = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let percent = number.parse().ok();
        percent
            .filter(|percent: &f64| plain && *percent <= LARGEST)
            .map(|percent| Self {
                parts: (percent * PARTS as f64).round() as u64,
            })
            .ok_or_else(|| GrowthError(text.into()))
    }
}

impl fmt::Display for MaxGrowth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.percent())
    }
}

impl MaxGrowth {
    /// In percent.
    pub fn percent(self) -> f64 {
        self.parts as f64 / PARTS as f64
    }

    /// The largest size that `bytes` may grow to.
    pub fn allows(self, bytes: u64) -> u64 {
        let whole = u128::from(100 * PARTS);
        let allowed = u128::from(bytes) * (whole + u128::from(self.parts)) / whole;
        u64::try_from(allowed).unwrap_or(u64::MAX)
    }

    /// The largest ratio of new to old that is within the limit.
    pub fn ratio(self) -> f64 {
        rounded(1.0 + self.percent() / 100.0)
    }
}

impl Diff {
    /// Holds every result of an unchanged input, and every variant's mean over several images, to `limit`.
    pub fn hold(&mut self, limit: MaxGrowth) {
        let variants = self.variants.iter().filter_map(|variant| {
            let ratio = variant.ratio.filter(|r| r.images > 1)?;
            (ratio.mean > limit.ratio()).then(|| Violation::Variant {
                variant: variant.variant.clone(),
                ratio: ratio.mean,
                images: ratio.images,
            })
        });
        let entries = self.entries.iter().filter(|e| !e.input_changed);
        let mut entries: Vec<&EntryDiff> = entries.collect();
        let growth = |entry: &EntryDiff| entry.ratio.unwrap_or(f64::MAX);
        entries.sort_by(|a, b| growth(b).total_cmp(&growth(a)));
        let entries = entries.into_iter().filter_map(|entry| {
            let (old, new) = entry.measurements()?;
            let allowed = limit.allows(old.bytes);
            (new.bytes > allowed).then(|| Violation::Entry {
                input: entry.input.clone(),
                variant: entry.variant.clone(),
                old_bytes: old.bytes,
                new_bytes: new.bytes,
                allowed_bytes: allowed,
            })
        });
        self.verdict = Some(Verdict {
            max_growth: limit.percent(),
            violations: variants.chain(entries).collect(),
        });
    }
}
