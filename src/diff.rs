//! Two reports → what changed from one to the other. Pure.
//!
//! Inputs are matched by path, and width where there is a ladder of them, their results by canonical variant. A result of an input that changed itself is listed,
//! but counts in no average and is held to no limit: its size differs because the picture does. Time is not compared.

mod condition;
mod entry;
mod growth;
mod input;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::entry::{Figures, Pair};
use crate::report::{CodecUsed, Entry, MetricUsed, Report};

pub use self::condition::{Condition, ConditionKind};
pub use self::entry::{EntryDiff, VariantDiff};
pub use self::growth::{GrowthError, MaxGrowth, Verdict, Violation};
pub use self::input::{Input, Inputs};

/// The schema this build writes.
pub const SCHEMA: &str = "imgbench-diff/1";

/// What changed from an old report to a new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Codecs of either report, as the new one has them where both do.
    pub codecs: Vec<CodecUsed>,
    /// Metrics of either report, as the new one has them where both do.
    pub metrics: Vec<MetricUsed>,
    /// What the reports were made with, as far as it differs: reason enough for figures to differ.
    pub conditions: Vec<Condition>,
    /// Inputs that came, went or changed.
    pub inputs: Inputs,
    /// Images in both reports.
    pub images: usize,
    /// Results of an unchanged input that were measured, and reached their goals, in both reports.
    pub compared: usize,
    /// Results that were so in the old report and are not in the new one.
    pub lost: usize,
    /// One row a variant with results to compare, in plan order.
    pub variants: Vec<VariantDiff>,
    /// Results that differ, of images in both reports: by path, then in plan order.
    pub entries: Vec<EntryDiff>,
    /// Whether growth is within the limit, where there is one.
    pub verdict: Option<Verdict>,
}

impl Diff {
    /// Compares two reports.
    pub fn between(old: &Report, new: &Report) -> Self {
        let both = input::in_both(old, new);
        let order = variants(old, new);
        let pairs: Vec<Pair> = both
            .iter()
            .flat_map(|(old, new)| entry::pairs(old, new, &order))
            .collect();
        let kept = pairs.iter().filter(|p| p.figures().is_some()).count();
        let measured = old.measurements().filter(|(_, _, m)| m.reached);
        let mut by_variant = BTreeMap::<&str, Vec<(&Entry, Figures)>>::new();
        for pair in pairs.iter().filter(|p| !p.input_changed()) {
            if let (Some(entry), Some(figures)) = (pair.new, pair.figures()) {
                let of_variant = by_variant.entry(&entry.variant).or_default();
                of_variant.push((entry, figures));
            }
        }
        Self {
            schema: SCHEMA.into(),
            codecs: union(&old.codecs, &new.codecs, |codec| &codec.id),
            metrics: union(&old.metrics, &new.metrics, |metric| &metric.id),
            conditions: condition::differing(old, new),
            inputs: Inputs::between(old, new, &both),
            images: both.len(),
            compared: by_variant.values().map(Vec::len).sum(),
            lost: measured.count().saturating_sub(kept),
            variants: order
                .iter()
                .filter_map(|name| VariantDiff::of(by_variant.get(name)?))
                .collect(),
            entries: pairs.iter().filter_map(EntryDiff::of).collect(),
            verdict: None,
        }
    }

    /// Whether the reports tell the same, time apart.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty() && self.entries.is_empty() && self.inputs == Inputs::default()
    }
}

/// Every variant of either report, in the new one's plan order and then the old one's.
fn variants<'a>(old: &'a Report, new: &'a Report) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    let named = [new, old].into_iter().flat_map(|report| {
        let results = report.images.iter().flat_map(|image| &image.results);
        let planned = report.options.variants.iter();
        planned.chain(results.map(|entry| &entry.variant))
    });
    named
        .map(String::as_str)
        .filter(|name| seen.insert(*name))
        .collect()
}

/// Everything in `new`, then what is only in `old`.
fn union<T: Clone>(old: &[T], new: &[T], id: fn(&T) -> &String) -> Vec<T> {
    let gone = old.iter().filter(|o| new.iter().all(|n| id(n) != id(o)));
    new.iter().chain(gone).cloned().collect()
}

#[cfg(test)]
mod tests;
