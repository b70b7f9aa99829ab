//! What changed between two reports.

mod lists;
mod verdict;

use std::cmp::Ordering;

use super::super::{Style, Verbosity, label, units, words};
use super::{Align, Block, Heading, LIST_LIMIT, Row, Table, Tone, View, column, metric_columns};
use crate::diff::{Diff, EntryDiff, VariantDiff};
use crate::metric::Better;
use crate::report::{Entry, MetricUsed};

/// The mark of a result whose input is another file.
const INPUT_CHANGED: &str = "◁ input changed";

impl View for Diff {
    fn view(&self, style: &Style) -> Vec<Block> {
        let verbosity = style.verbosity;
        let entries = self.entries.iter();
        let (measured, others): (Vec<&EntryDiff>, Vec<_>) =
            entries.partition(|e| e.measurements().is_some());
        let counted = measured.iter().any(|e| !e.input_changed);
        let said = if self.is_empty() {
            Some("No difference.")
        } else if !counted && self.compared > 0 {
            Some("Every result that can be compared is the same.")
        } else {
            None
        };
        let mut blocks = Vec::new();
        blocks.extend(lists::conditions(self));
        blocks.extend(said.map(|text| Block::Aside(Tone::Plain, vec![text.into()])));
        if counted {
            let images = units::count(self.images, "image", "images");
            blocks.push(heading(format!("{images} in both reports")));
            blocks.push(Block::Table(variants(self)));
        }
        if !measured.is_empty() {
            blocks.extend(results(self, measured, verbosity));
            blocks.extend(legend(self));
        }
        blocks.extend(lists::statuses(self, &others, verbosity));
        blocks.extend(lists::inputs(self, verbosity));
        blocks.extend(verdict::blocks(self, verbosity));
        blocks
    }
}

fn heading(text: String) -> Block {
    Block::Heading(Heading {
        path: None,
        facts: vec![text],
    })
}

/// A row a variant.
fn variants(diff: &Diff) -> Table {
    let metrics = metrics(diff);
    let mut columns = vec![
        column("Format", Align::Left, 0),
        column("Quality", Align::Left, 0),
        column("Images", Align::Right, 3),
        column("Old total", Align::Right, 4),
        column("New total", Align::Right, 1),
        column("Change", Align::Right, 0),
    ];
    columns.extend(metric_columns(&metrics));
    let rows = diff.variants.iter().map(|variant| Row {
        cells: variant_cells(diff, variant, &metrics),
        tone: Tone::Plain,
        mark: None,
    });
    Table {
        rows: rows.collect(),
        columns,
    }
}

fn variant_cells(diff: &Diff, variant: &VariantDiff, metrics: &[MetricUsed]) -> Vec<String> {
    let [old, new] = sizes(variant.old_bytes, variant.new_bytes);
    let change = match variant.ratio {
        None => label::NONE.into(),
        Some(ratio) if ratio.interval.is_none_or(|ends| ends == [1.0, 1.0]) => {
            units::change(ratio.mean)
        }
        Some(ratio) => words::with_interval(ratio.mean, ratio.interval, ratio.images),
    };
    let mut cells = vec![
        label::codec(diff, &variant.codec, &variant.format),
        label::asked(diff, &variant.variant, &variant.goal),
        variant.images.to_string(),
        old,
        new,
        change,
    ];
    let scores = metrics.iter().map(|m| variant.scores.get(&m.id));
    cells.extend(scores.zip(metrics).map(score_change));
    cells
}

/// The results that changed most, or all of them.
fn results(diff: &Diff, mut entries: Vec<&EntryDiff>, verbosity: Verbosity) -> Vec<Block> {
    entries.sort_by(|a, b| {
        weight(diff, b)
            .partial_cmp(&weight(diff, a))
            .unwrap_or(Ordering::Equal)
    });
    let count = entries.len();
    let mut title = units::count(count, "result", "results") + " changed";
    if count > LIST_LIMIT && verbosity == Verbosity::Normal {
        entries.truncate(LIST_LIMIT);
        title += &format!(", the {LIST_LIMIT} that changed most (-v lists them all)");
    }
    let metrics = metrics(diff);
    let mut columns = vec![
        column("Image", Align::Left, 0),
        column("Format", Align::Left, 0),
        column("Quality", Align::Left, 0),
        column("Old size", Align::Right, 4),
        column("New size", Align::Right, 0),
        column("Change", Align::Right, 0),
    ];
    columns.extend(metric_columns(&metrics));
    let rows = entries.iter().filter_map(|e| row(diff, e, &metrics));
    let table = Table {
        rows: rows.collect(),
        columns,
    };
    vec![heading(title), Block::Table(table)]
}

/// How much a result changed: its size before its score.
fn weight(diff: &Diff, entry: &EntryDiff) -> (f64, f64) {
    let score = diff.metrics.first().and_then(|m| entry.scores.get(&m.id));
    let size = entry.ratio.filter(|r| *r > 0.0).map_or(f64::MAX, f64::ln);
    (size.abs(), score.map_or(0.0, |change| change.abs()))
}

fn row(diff: &Diff, entry: &EntryDiff, metrics: &[MetricUsed]) -> Option<Row> {
    let (old, new) = entry.measurements()?;
    let (before, now) = (entry.old.as_ref()?, entry.new.as_ref()?);
    let [old, new] = sizes(old.bytes, new.bytes);
    let mut cells = vec![
        label::input(&entry.input.path, entry.input.width),
        label::codec(diff, &now.codec, &now.format),
        label::asked(diff, &now.variant, &now.goal) + &found(before, now),
        old,
        new,
        entry
            .ratio
            .map_or_else(|| label::NONE.into(), units::change),
    ];
    let scores = metrics.iter().map(|m| entry.scores.get(&m.id));
    cells.extend(scores.zip(metrics).map(score_change));
    Some(Row {
        cells,
        tone: Tone::Plain,
        mark: entry.input_changed.then_some(INPUT_CHANGED),
    })
}

/// The quality that a search found, where it is another one: ` (q73 → q75)`.
fn found(old: &Entry, new: &Entry) -> String {
    let found = old.quality.zip(new.quality).filter(|(old, new)| old != new);
    found.map_or_else(String::new, |(old, new)| format!(" (q{old} → q{new})"))
}

/// Metrics that both reports have scores of.
fn metrics(diff: &Diff) -> Vec<MetricUsed> {
    let scored = |id: &String| {
        let mut entries = diff.entries.iter().map(|e| &e.scores);
        let mut variants = diff.variants.iter().map(|v| &v.scores);
        entries.any(|scores| scores.contains_key(id))
            || variants.any(|scores| scores.contains_key(id))
    };
    let metrics = diff.metrics.iter().filter(|m| scored(&m.id));
    metrics.cloned().collect()
}

fn score_change((change, metric): (Option<&f64>, &MetricUsed)) -> String {
    change.map_or_else(
        || label::NONE.into(),
        |change| label::score_change(&metric.id, *change),
    )
}

/// Two sizes side by side, to the byte where they would look the same and are not.
fn sizes(old: u64, new: u64) -> [String; 2] {
    let shown = [old, new].map(units::bytes);
    if old != new && shown[0] == shown[1] {
        [old, new].map(|bytes| format!("{bytes} B"))
    } else {
        shown
    }
}

/// How to read the figures.
fn legend(diff: &Diff) -> Option<Block> {
    let several = diff.variants.iter().any(|v| v.images > 1);
    let means = several.then_some(
        "Over several images, Change is the geometric mean of each one's new size over its old one, with a 95 % interval; a score's change is the mean one.",
    );
    let changed = (!diff.inputs.changed.is_empty())
        .then_some("Results of inputs that changed count in no average and are held to no limit.");
    let metrics = metrics(diff);
    let lower = metrics.iter().filter(|m| m.better == Better::Lower);
    let lower = lower.map(|m| format!("{}: lower is better.", m.name));
    let lines = means.into_iter().chain(changed).map(str::to_owned);
    let lines: Vec<String> = lines.chain(lower).collect();
    (!lines.is_empty()).then_some(Block::Aside(Tone::Dim, lines))
}

#[cfg(test)]
mod tests;
