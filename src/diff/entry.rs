//! One variant, of one image and over all of them, before and now.

use std::collections::BTreeMap;
use std::mem::discriminant;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::input::Input;
use crate::report::{Entry, ImageReport, Measurement, Outcome, rounded};
use crate::stats;
use crate::summary::{Ratio, ratio};

/// The least difference between two scores.
const LEAST_CHANGE: f64 = 1e-6;

/// A result that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryDiff {
    /// Of which image.
    #[serde(flatten)]
    pub input: Input,
    /// Canonical name.
    pub variant: String,
    /// Whether the image's file is another one.
    pub input_changed: bool,
    /// What it was, without timing; `null` when it was not asked for.
    pub old: Option<Entry>,
    /// What it is, without timing; `null` when it was not asked for.
    pub new: Option<Entry>,
    /// New size over old one, where both reached their goals.
    pub ratio: Option<f64>,
    /// Metric id to the change of the score, new less old, likewise; 0 for less than a millionth.
    pub scores: BTreeMap<String, f64>,
}

/// One variant over all images that both reports measured it on and whose input is the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VariantDiff {
    /// Canonical name.
    pub variant: String,
    /// Codec id.
    pub codec: String,
    /// Format id.
    pub format: String,
    /// What was asked: `q60`, `lossless`.
    pub goal: String,
    /// Images behind the figures.
    pub images: usize,
    /// Bytes in total, before.
    pub old_bytes: u64,
    /// Bytes in total, now.
    pub new_bytes: u64,
    /// Geometric mean of each image's new size over its old one.
    pub ratio: Option<Ratio>,
    /// Metric id to the mean change of the score, new less old, where both reports have one.
    pub scores: BTreeMap<String, f64>,
}

/// Two measurements of the same thing, old and new.
pub(super) type Figures<'a> = (&'a Measurement, &'a Measurement);

/// A variant of an image that is in both reports.
pub(super) struct Pair<'a> {
    images: (&'a ImageReport, &'a ImageReport),
    variant: &'a str,
    old: Option<&'a Entry>,
    pub(super) new: Option<&'a Entry>,
}

/// `old` and `new` variant by variant, in the order given.
pub(super) fn pairs<'a>(
    old: &'a ImageReport,
    new: &'a ImageReport,
    order: &[&'a str],
) -> Vec<Pair<'a>> {
    let by_name = |image: &'a ImageReport| -> BTreeMap<&str, &Entry> {
        image.results.iter().map(|e| (&*e.variant, e)).collect()
    };
    let (before, after) = (by_name(old), by_name(new));
    let pair = |variant: &&'a str| Pair {
        images: (old, new),
        variant,
        old: before.get(variant).copied(),
        new: after.get(variant).copied(),
    };
    order.iter().map(pair).collect()
}

impl<'a> Pair<'a> {
    pub(super) fn input_changed(&self) -> bool {
        self.images.0.digest != self.images.1.digest
    }

    pub(super) fn figures(&self) -> Option<Figures<'a>> {
        comparable(self.old?).zip(comparable(self.new?))
    }
}

impl EntryDiff {
    /// Both measurements, where both are and reached their goals.
    pub fn measurements(&self) -> Option<(&Measurement, &Measurement)> {
        comparable(self.old.as_ref()?).zip(comparable(self.new.as_ref()?))
    }

    /// What differs in `pair`, if anything does.
    pub(super) fn of(pair: &Pair) -> Option<Self> {
        let status = |entry: Option<&Entry>| {
            entry.map(|e| (discriminant(&e.outcome), comparable(e).is_some()))
        };
        let (mut ratio, mut scores) = (None, BTreeMap::new());
        let mut differs = status(pair.old) != status(pair.new);
        if let Some((old, new)) = pair.figures() {
            ratio = size_ratio(old, new).map(rounded);
            scores = score_changes(old, new);
            let quality = |entry: Option<&Entry>| entry.and_then(|e| e.quality);
            differs = old.bytes != new.bytes
                || quality(pair.old) != quality(pair.new)
                || scores.values().any(|change| *change != 0.0);
        }
        differs.then(|| Self {
            input: Input::of(pair.images.1),
            variant: pair.variant.into(),
            input_changed: pair.input_changed(),
            old: pair.old.map(untimed),
            new: pair.new.map(untimed),
            ratio,
            scores,
        })
    }
}

impl VariantDiff {
    /// The `entries` of one variant, summed up.
    pub(super) fn of(entries: &[(&Entry, Figures)]) -> Option<Self> {
        let (first, _) = entries.first()?;
        let total = |side: fn(&Figures) -> u64| {
            let sizes = entries.iter().map(|(_, figures)| side(figures));
            sizes.fold(0, u64::saturating_add)
        };
        let ratios = entries.iter().filter_map(|(_, (o, n))| size_ratio(o, n));
        let mut changes = BTreeMap::<String, Vec<f64>>::new();
        for (_, (old, new)) in entries {
            for (metric, change) in score_changes(old, new) {
                changes.entry(metric).or_default().push(change);
            }
        }
        let means = changes.into_iter().filter_map(|(metric, values)| {
            finite(stats::mean(&values)?).map(|mean| (metric, mean))
        });
        Some(Self {
            variant: first.variant.clone(),
            codec: first.codec.clone(),
            format: first.format.clone(),
            goal: first.goal.clone(),
            images: entries.len(),
            old_bytes: total(|(old, _)| old.bytes),
            new_bytes: total(|(_, new)| new.bytes),
            ratio: ratio(ratios),
            scores: means.collect(),
        })
    }
}

/// What was measured, where the goal was reached: what missed it compares with nothing.
fn comparable(entry: &Entry) -> Option<&Measurement> {
    entry.measurement().filter(|m| m.reached)
}

fn size_ratio(old: &Measurement, new: &Measurement) -> Option<f64> {
    (old.bytes > 0).then(|| new.bytes as f64 / old.bytes as f64)
}

fn score_changes(old: &Measurement, new: &Measurement) -> BTreeMap<String, f64> {
    let scores = old.scores.iter();
    let change = |(metric, before): (&String, &f64)| {
        let change = new.scores.get(metric)? - before;
        let told = if change.abs() < LEAST_CHANGE {
            0.0
        } else {
            change
        };
        Some((metric.clone(), finite(told)?))
    };
    scores.filter_map(change).collect()
}

/// `value` as a report holds it.
fn finite(value: f64) -> Option<f64> {
    Some(rounded(value)).filter(|v| v.is_finite())
}

fn untimed(entry: &Entry) -> Entry {
    let mut entry = entry.clone();
    if let Outcome::Done(measurement) = &mut entry.outcome {
        measurement.timing = None;
    }
    entry
}
