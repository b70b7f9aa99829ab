//! All images together, and what is said once a report.

use super::super::{Verbosity, duel::Duel, label, units, words};
use super::{
    Align, Block, Heading, Item, List, Row, SMALLEST, Table, Tone, column, metric_columns,
};
use crate::report::{Outcome, Report};
use crate::summary::{Ratio, VariantSummary};

/// Lines of a list before the rest is only counted.
const LIST_LIMIT: usize = 20;

/// The summary.
pub(super) fn blocks(report: &Report) -> Vec<Block> {
    let summary = &report.summary;
    let mut blocks = vec![
        Block::Heading(Heading {
            path: None,
            facts: vec![
                units::count(summary.images, "image", "images"),
                units::bytes(summary.input_bytes),
            ],
        }),
        Block::Table(table(report)),
    ];
    let images: Vec<_> = report.images.iter().collect();
    if let Some(duel) = Duel::of(report, &images) {
        blocks.push(Block::Text(Tone::Plain, words::sentences(&duel)));
    }
    blocks.push(Block::Text(Tone::Dim, how_to_read(report)));
    blocks
}

fn table(report: &Report) -> Table {
    let variants = &report.summary.variants;
    let timed = variants.iter().any(|v| v.timing.is_some());
    let baseline = label::format(report, &report.options.baseline);
    let mut columns = vec![
        column("Format", Align::Left, 0),
        column("Quality", Align::Left, 0),
        column("Images", Align::Right, 3),
        column("Total size", Align::Right, 0),
        column("vs input", Align::Right, 4),
        column(format!("vs {baseline}"), Align::Right, 1),
        column("bpp", Align::Right, 8),
    ];
    columns.extend(metric_columns(report, ""));
    if timed {
        columns.push(column("Encode", Align::Right, 9));
    }
    let smallest = smallest(report);
    let rows = variants.iter().map(|variant| {
        let best = smallest == Some(variant.variant.as_str());
        let mut cells = cells(report, variant);
        cells.resize(columns.len(), label::NONE.into());
        Row {
            cells,
            tone: if best { Tone::Best } else { Tone::Plain },
            mark: best.then_some(SMALLEST),
        }
    });
    Table {
        rows: rows.collect(),
        columns,
    }
}

/// The variant of the smallest total, where all totals are over the same images.
fn smallest(report: &Report) -> Option<&str> {
    let variants = &report.summary.variants;
    let whole = variants.iter().all(|v| v.images == report.summary.images);
    let least = variants.iter().min_by_key(|v| v.bytes);
    least.filter(|_| whole).map(|v| v.variant.as_str())
}

fn cells(report: &Report, variant: &VariantSummary) -> Vec<String> {
    let none = || label::NONE.to_owned();
    let measured = variant.images > 0;
    let mut cells = vec![
        label::codec(report, &variant.codec, &variant.format),
        label::quality(&variant.variant, &variant.goal),
        variant.images.to_string(),
        measured
            .then(|| units::bytes(variant.bytes))
            .unwrap_or_else(none),
        variant
            .ratio_to_input
            .map_or_else(none, |r| units::change(r.mean)),
        versus(report, variant),
        variant.bits_per_pixel.map_or_else(none, units::rate),
    ];
    cells.extend(report.metrics.iter().map(|metric| {
        variant.scores.get(&metric.id).map_or_else(none, |score| {
            let number = |value| label::number(&metric.id, value);
            format!("{} / {}", number(score.mean), number(score.p5))
        })
    }));
    let speed = variant.timing.as_ref();
    cells.extend(speed.map(|t| format!("{} MP/s", units::rate(t.encode_mp_per_s))));
    cells
}

/// The change against the baseline with its interval; none for the baseline itself.
fn versus(report: &Report, variant: &VariantSummary) -> String {
    let itself = |r: &Ratio| {
        variant.format == report.options.baseline
            && r.mean == 1.0
            && r.interval.is_none_or(|ends| ends == [1.0, 1.0])
    };
    match variant.ratio_to_baseline.filter(|r| !itself(r)) {
        None => label::NONE.into(),
        Some(ratio) => words::with_interval(ratio.mean, ratio.interval, ratio.images),
    }
}

fn how_to_read(report: &Report) -> Vec<String> {
    let baseline = label::format(report, &report.options.baseline);
    let mut lines = vec![format!(
        "vs input and vs {baseline}: geometric mean of each image's ratio, with its 95 % interval. Large images dominate the total."
    )];
    if let Some(metric) = report.metrics.first() {
        lines.push(format!("{}: mean / 5th percentile.", metric.name));
    }
    let lossy = report.images.iter().filter(|i| i.lossy_source.is_some());
    match lossy.count() {
        0 => {}
        1 => lines
            .push("1 input is lossy already: re-encoding it favours whatever resembles it.".into()),
        n => lines.push(format!(
            "{n} inputs are lossy already: re-encoding them favours whatever resembles them."
        )),
    }
    lines
}

/// Entries without figures, where no image has a table of its own to show them in.
pub(super) fn entries_left_out(report: &Report) -> Option<Block> {
    let mut failed = Vec::new();
    let mut skipped = Vec::new();
    for image in &report.images {
        for entry in &image.results {
            let name = label::entry(report, entry);
            let (list, text) = match &entry.outcome {
                Outcome::Done(_) => continue,
                Outcome::Skipped { reason } => (&mut skipped, format!("{name} skipped: {reason}")),
                Outcome::Failed { error } => (
                    &mut failed,
                    format!("{name} failed: {}: {}", error.code, error.message),
                ),
            };
            list.push(Item {
                path: Some(image.path.clone()),
                text,
            });
        }
    }
    let tone = if failed.is_empty() {
        Tone::Warning
    } else {
        Tone::Failure
    };
    failed.append(&mut skipped);
    let total = failed.len();
    (total > 0).then(|| {
        let encodes = units::count(total, "result is", "results are");
        list(
            tone,
            format!("{encodes} missing:"),
            failed,
            Verbosity::Normal,
        )
    })
}

/// Inputs that gave no image.
pub(super) fn failures(report: &Report) -> Option<Block> {
    let inputs = units::count(report.failures.len(), "input", "inputs");
    let items = report.failures.iter().map(|failure| Item {
        path: Some(failure.path.clone()),
        text: format!("{}: {}", failure.stage, failure.error),
    });
    (!report.failures.is_empty()).then(|| {
        let title = format!("{inputs} could not be measured:");
        list(Tone::Failure, title, items.collect(), Verbosity::Verbose)
    })
}

/// Files that were rightly passed over: their number, or their names.
pub(super) fn passed_over(report: &Report, verbosity: Verbosity) -> Option<Block> {
    let files = match report.skipped.len() {
        0 => return None,
        1 => "1 file was passed over".to_owned(),
        n => format!("{n} files were passed over"),
    };
    if verbosity == Verbosity::Normal {
        let line = format!("{files} (-v lists them).");
        return Some(Block::Aside(Tone::Dim, vec![line]));
    }
    let items = report.skipped.iter().map(|file| Item {
        path: Some(file.path.clone()),
        text: file.reason.clone(),
    });
    Some(list(
        Tone::Dim,
        format!("{files}:"),
        items.collect(),
        verbosity,
    ))
}

fn list(tone: Tone, title: String, mut items: Vec<Item>, verbosity: Verbosity) -> Block {
    let more = items.len().saturating_sub(LIST_LIMIT);
    if more > 1 && verbosity == Verbosity::Normal {
        items.truncate(LIST_LIMIT);
        items.push(Item {
            path: None,
            text: format!("… and {more} more (--per-image always shows all)"),
        });
    }
    Block::List(List { tone, title, items })
}

/// How busy the run kept the cores.
pub(super) fn busy(report: &Report) -> Option<Block> {
    let timing = report.timing.as_ref()?;
    Some(Block::Aside(Tone::Dim, vec![words::busy(timing)]))
}
