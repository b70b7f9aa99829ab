//! Two reports: what does not show in figures.

use super::super::super::{Verbosity, label, units};
use super::super::{Block, Item, List, Tone, UNREACHABLE, cut};
use crate::diff::{Condition, ConditionKind, Diff, EntryDiff, Input};
use crate::report::{Entry, Failure, Outcome};

/// Why figures may differ though nothing was done to the images.
pub(super) fn conditions(diff: &Diff) -> Option<Block> {
    let items = diff.conditions.iter().map(|condition| Item {
        path: None,
        text: condition_text(condition),
    });
    list(
        Tone::Warning,
        "The reports were not made alike:",
        items.collect(),
    )
}

/// `mozjpeg 4.1.1 → 4.1.5: sizes and scores may change for that reason alone`.
fn condition_text(condition: &Condition) -> String {
    let value = |side: &Option<String>| match side.as_deref() {
        None => label::NONE.to_owned(),
        Some("") => "none".into(),
        Some(value) => value.into(),
    };
    let name = condition.name.as_str();
    let (name, affected) = match condition.kind {
        ConditionKind::Generator | ConditionKind::Codec => (name.into(), "sizes and scores"),
        ConditionKind::Default => {
            let name = name.replacen(':', " ", 1);
            (format!("{name} by default"), "sizes and scores")
        }
        ConditionKind::Metric => (name.into(), "scores"),
        ConditionKind::Option if name == "background" => {
            (name.into(), "sizes and scores of transparent images")
        }
        ConditionKind::Option => (spaced(name), ""),
    };
    let (old, new) = (value(&condition.old), value(&condition.new));
    let change = format!("{name} {old} → {new}");
    if affected.is_empty() {
        change
    } else {
        format!("{change}: {affected} may change for that reason alone")
    }
}

/// `maxPixels` as `max pixels`.
fn spaced(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push(' ');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Results that are not measured in both reports.
pub(super) fn statuses(diff: &Diff, entries: &[&EntryDiff], verbosity: Verbosity) -> Vec<Block> {
    let (both, one): (Vec<&EntryDiff>, Vec<_>) = entries
        .iter()
        .copied()
        .partition(|e| e.old.is_some() && e.new.is_some());
    let (added, removed): (Vec<&EntryDiff>, Vec<_>) =
        one.into_iter().partition(|e| e.new.is_some());
    let mut turned: Vec<Item> = both.iter().filter_map(|e| turned(diff, e)).collect();
    let title = format!(
        "{} another status:",
        units::count(turned.len(), "result has", "results have")
    );
    cut(&mut turned, verbosity);
    let blocks = [
        list(Tone::Warning, title, turned),
        grouped(diff, &added, "new", Tone::Plain, verbosity),
        grouped(diff, &removed, "gone", Tone::Warning, verbosity),
    ];
    blocks.into_iter().flatten().collect()
}

/// `WebP q60: done → failed (encode): …`.
fn turned(diff: &Diff, entry: &EntryDiff) -> Option<Item> {
    let (old, new) = (entry.old.as_ref()?, entry.new.as_ref()?);
    let reason = match &new.outcome {
        Outcome::Done(m) => {
            // A note tells the best there is.
            let mut notes = m.notes.iter();
            let best = notes.find(|note| !m.reached && note.starts_with(UNREACHABLE));
            best.map_or_else(|| status(new).into(), String::clone)
        }
        missing => label::missing(missing),
    };
    Some(Item {
        path: Some(label::input(&entry.input.path, entry.input.width)),
        text: format!("{}: {} → {reason}", label::entry(diff, new), status(old)),
    })
}

fn status(entry: &Entry) -> &'static str {
    match &entry.outcome {
        Outcome::Done(m) if m.reached => "done",
        Outcome::Done(_) => UNREACHABLE,
        Outcome::Skipped { .. } => "skipped",
        Outcome::Failed { .. } => "failed",
    }
}

/// Results that only one report has: a line a variant, or a line each.
fn grouped(
    diff: &Diff,
    entries: &[&EntryDiff],
    are: &str,
    tone: Tone,
    verbosity: Verbosity,
) -> Option<Block> {
    let title = format!(
        "{} {are}:",
        units::count(entries.len(), "result is", "results are")
    );
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for entry in entries {
        let name = label::entry(diff, entry.new.as_ref().or(entry.old.as_ref())?);
        let input = label::input(&entry.input.path, entry.input.width);
        let known = groups.iter_mut().find(|(known, _)| *known == name);
        match known.filter(|_| verbosity == Verbosity::Normal) {
            Some((_, paths)) => paths.push(input),
            None => groups.push((name, vec![input])),
        }
    }
    let items = groups
        .into_iter()
        .map(|(name, paths)| match paths.as_slice() {
            [path] => Item {
                path: Some(path.clone()),
                text: name,
            },
            paths => Item {
                path: None,
                text: format!("{name} of {} images", paths.len()),
            },
        });
    list(tone, title, items.collect())
}

/// Inputs that came, went or changed.
pub(super) fn inputs(diff: &Diff, verbosity: Verbosity) -> Vec<Block> {
    let inputs = &diff.inputs;
    let named = |tone, inputs: &[Input], one, many| {
        let title = format!("{}:", units::count(inputs.len(), one, many));
        let mut items: Vec<Item> = inputs
            .iter()
            .map(|i| item(&label::input(&i.path, i.width), String::new()))
            .collect();
        cut(&mut items, verbosity);
        list(tone, title, items)
    };
    let failed = |tone, failures: &[Failure], one, many| {
        let title = format!("{}:", units::count(failures.len(), one, many));
        let items = failures
            .iter()
            .map(|f| item(&f.path, format!("{}: {}", f.stage, f.error)));
        list(tone, title, items.collect())
    };
    let blocks = [
        named(
            Tone::Warning,
            &inputs.changed,
            "input changed",
            "inputs changed",
        ),
        named(Tone::Plain, &inputs.added, "image is new", "images are new"),
        named(
            Tone::Warning,
            &inputs.removed,
            "image is gone",
            "images are gone",
        ),
        failed(
            Tone::Failure,
            &inputs.failing,
            "input cannot be measured now",
            "inputs cannot be measured now",
        ),
        failed(
            Tone::Plain,
            &inputs.recovered,
            "input no longer fails",
            "inputs no longer fail",
        ),
    ];
    blocks.into_iter().flatten().collect()
}

pub(super) fn item(path: &str, text: String) -> Item {
    Item {
        path: Some(path.into()),
        text,
    }
}

pub(super) fn list(tone: Tone, title: impl Into<String>, items: Vec<Item>) -> Option<Block> {
    let title = title.into();
    (!items.is_empty()).then_some(Block::List(List { tone, title, items }))
}
