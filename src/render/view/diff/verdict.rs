//! Two reports: whether anything grew by more than it may.

use super::super::super::{Verbosity, label, units};
use super::super::{Block, Item, Tone, cut};
use super::lists::{item, list};
use super::sizes;
use crate::diff::{Diff, Violation};

/// That nothing is beyond the limit, and what was not held to it.
pub(super) fn within(diff: &Diff) -> Vec<String> {
    let Some(verdict) = &diff.verdict else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    if verdict.violations.is_empty() && diff.compared > 0 {
        lines.push(format!(
            "Nothing grew by more than --max-growth {} %.",
            verdict.max_growth
        ));
    }
    if diff.lost > 0 {
        let lost = units::count(
            diff.lost,
            "result that was measured before is",
            "results that were measured before are",
        );
        lines.push(format!(
            "Warning: {lost} not measured now, and so held to no limit."
        ));
    }
    lines
}

/// What is beyond the limit.
pub(super) fn beyond(diff: &Diff, verbosity: Verbosity) -> Option<Block> {
    let verdict = diff.verdict.as_ref()?;
    let items = verdict.violations.iter();
    let mut items: Vec<Item> = items
        .map(|v| violation(diff, v, verdict.max_growth))
        .collect();
    cut(&mut items, verbosity);
    list(
        Tone::Failure,
        format!("Over --max-growth {} %:", verdict.max_growth),
        items,
    )
}

fn violation(diff: &Diff, violation: &Violation, limit: f64) -> Item {
    match violation {
        Violation::Variant {
            variant,
            ratio,
            images,
        } => Item {
            path: None,
            text: format!(
                "{} grew by {} on average over {images} images",
                name(diff, variant),
                growth(*ratio, limit)
            ),
        },
        Violation::Entry {
            input,
            variant,
            old_bytes,
            new_bytes,
            allowed_bytes,
        } => {
            let [old, new] = sizes(*old_bytes, *new_bytes);
            let excess = units::bytes(new_bytes.saturating_sub(*allowed_bytes));
            let grew = match *old_bytes {
                0 => String::new(),
                old => format!(" by {}", growth(*new_bytes as f64 / old as f64, limit)),
            };
            item(
                &input.path,
                format!(
                    "{} grew{grew}, from {old} to {new}: exceeded by {excess}",
                    name(diff, variant)
                ),
            )
        }
    }
}

/// Growth in percent, with as many decimals as tell it from the limit.
fn growth(ratio: f64, limit: f64) -> String {
    let percent = (ratio - 1.0) * 100.0;
    let shown = |decimals: usize| format!("{percent:.decimals$}");
    let decimals = (1..6).find(|&d| shown(d).parse().is_ok_and(|shown: f64| shown > limit));
    format!("{} %", units::fixed(percent, decimals.unwrap_or(1)))
}

fn name(diff: &Diff, variant: &str) -> String {
    let known = diff.variants.iter().find(|v| v.variant == variant);
    known.map_or_else(
        || variant.into(),
        |v| label::variant(diff, &v.codec, &v.format, variant, &v.goal),
    )
}
