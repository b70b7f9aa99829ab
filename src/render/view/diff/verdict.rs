//! Two reports: whether anything grew by more than it may.

use super::super::super::{Verbosity, label, units};
use super::super::{Block, Item, Tone, cut};
use super::lists::{item, list};
use super::sizes;
use crate::diff::{Diff, Violation};

/// What is beyond the limit, or that nothing is, and what was not held to it.
pub(super) fn blocks(diff: &Diff, verbosity: Verbosity) -> Vec<Block> {
    let Some(verdict) = &diff.verdict else {
        return Vec::new();
    };
    let limit = verdict.max_growth;
    let lost = units::count(diff.lost, "earlier result has", "earlier results have");
    let lost = (diff.lost > 0).then(|| {
        let line = format!("Warning: {lost} nothing to compare with now, and so no limit.");
        Block::Aside(Tone::Warning, vec![line])
    });
    let within = (verdict.violations.is_empty() && diff.compared > 0).then(|| {
        let line = format!("Nothing grew by more than --max-growth {limit} %.");
        Block::Aside(Tone::Plain, vec![line])
    });
    let violations = verdict.violations.iter();
    let mut items: Vec<Item> = violations.map(|v| violation(diff, v, limit)).collect();
    cut(&mut items, verbosity);
    let beyond = list(
        Tone::Failure,
        format!("Over --max-growth {limit} %:"),
        items,
    );
    lost.into_iter().chain(within).chain(beyond).collect()
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
                &label::input(&input.path, input.width),
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
