//! One image: facts, figures, and what they come to.

use super::super::words::{self, Hint};
use super::super::{duel::Duel, label, units};
use super::{
    Align, Block, Heading, Row, SMALLEST, SMALLEST_LOSSLESS, Table, Tone, UNREACHABLE,
    browsers_column, column, goal_columns, metric_columns, smallest_of_class,
};
use crate::report::{Entry, ImageReport, Measurement, Outcome, Report};
use crate::summary::equal_quality;
use crate::verdict::pairs;

/// The blocks of `image`.
pub(super) fn blocks(report: &Report, image: &ImageReport) -> Vec<Block> {
    let mut blocks = vec![heading(report, image)];
    let notes = source_notes(report, image);
    if !notes.is_empty() {
        blocks.push(Block::Text(Tone::Dim, notes));
    }
    if !image.results.is_empty() {
        blocks.push(Block::Table(table(report, image)));
    }
    let (failed, noted) = entry_notes(report, image);
    if !failed.is_empty() {
        blocks.push(Block::Text(Tone::Failure, failed));
    }
    if !noted.is_empty() {
        blocks.push(Block::Text(Tone::Dim, noted));
    }
    let sentences = if label::has_targets(report) {
        let mut sentences = words::verdict(
            report,
            &pairs(report, &[image]),
            &equal_quality(report, &[image]),
        );
        if is_alone(report) {
            sentences.extend(words::pictures(report, None));
        }
        sentences.extend(words::recommended(report, image));
        sentences
    } else {
        at_set_qualities(report, image)
    };
    if !sentences.is_empty() {
        blocks.push(Block::Text(Tone::Plain, sentences));
    }
    blocks
}

fn at_set_qualities(report: &Report, image: &ImageReport) -> Vec<String> {
    let duel = Duel::of(report, &[image]);
    let mut sentences = duel.as_ref().map_or(Vec::new(), words::sentences);
    sentences.extend(words::lossless_class(
        report,
        duel.as_ref(),
        &pairs(report, &[image]),
    ));
    let rows = equal_quality(report, &[image]);
    // What to do better next time is said once.
    let hint = if is_alone(report) {
        Hint::Give
    } else {
        Hint::Keep
    };
    sentences.extend(words::equal_quality(report, &rows, duel.as_ref(), hint));
    if is_alone(report) {
        sentences.extend(words::pictures(report, duel.as_ref()));
    }
    sentences
}

/// Whether there is one image, which is its own summary.
fn is_alone(report: &Report) -> bool {
    report.images.len() == 1
}

fn heading(report: &Report, image: &ImageReport) -> Block {
    let resized = image.rung.filter(|_| image.is_resized());
    let from = resized.map(|rung| format!(" of {}×{}", rung.from[0], rung.from[1]));
    let mut facts = vec![
        label::sides(image) + &from.unwrap_or_default(),
        label::format(report, &image.format),
        label::bits_in_words(image.bits, &image.colour),
    ];
    if image.dpi.is_some() {
        facts.push(format!("{} DPI", label::dpi(image.dpi)));
    }
    facts.push(units::bytes(image.bytes));
    Block::Heading(Heading {
        path: Some(image.path.clone()),
        facts,
    })
}

fn source_notes(report: &Report, image: &ImageReport) -> Vec<String> {
    let mut notes = image.notes.clone();
    if let Some(source) = &image.lossy_source {
        let format = label::format(report, &image.format);
        let quality = source
            .estimated_quality
            .map_or_else(String::new, |q| format!(" about q{q}"));
        notes.push(format!(
            "lossy source ({format}{quality}): re-encoding favours whatever resembles it"
        ));
    }
    notes
}

fn table(report: &Report, image: &ImageReport) -> Table {
    let timed = image.measurements().any(|(_, m)| m.timing.is_some());
    let baseline = label::format(report, &report.options.baseline);
    let mut columns = goal_columns(report);
    columns.extend([
        column("Bits", Align::Right, 5),
        column("DPI", Align::Right, 6),
        column("File size", Align::Right, 0),
    ]);
    // Of another size it is another picture.
    if !image.is_resized() {
        columns.push(column("vs input", Align::Right, 7));
    }
    columns.extend([
        column(format!("vs {baseline}"), Align::Right, 1),
        column("bpp", Align::Right, 8),
    ]);
    columns.extend(metric_columns(&report.metrics));
    columns.extend(browsers_column(report).filter(|_| is_alone(report)));
    if timed {
        columns.push(column("Encode", Align::Right, 9));
    }
    let rows = image.results.iter();
    Table {
        rows: rows.map(|e| row(report, image, e, columns.len())).collect(),
        columns,
    }
}

fn row(report: &Report, image: &ImageReport, entry: &Entry, columns: usize) -> Row {
    let mut cells = vec![label::codec(report, &entry.codec, &entry.format)];
    if label::has_targets(report) {
        cells.push(label::target(report, &entry.goal));
        cells.push(label::quality_found(entry));
    } else {
        cells.push(label::quality(&entry.variant, &entry.goal));
    }
    let (tone, mark) = match &entry.outcome {
        Outcome::Done(measurement) => {
            cells.extend(figures(report, image, entry, measurement));
            outstanding(image, entry, measurement)
        }
        Outcome::Skipped { .. } => missing(&mut cells, Tone::Dim, "skipped"),
        Outcome::Failed { .. } => missing(&mut cells, Tone::Failure, "failed"),
    };
    cells.resize(columns, label::NONE.into());
    Row { cells, tone, mark }
}

/// What stands out about a row.
type Standing = (Tone, Option<&'static str>);

fn outstanding(image: &ImageReport, entry: &Entry, measurement: &Measurement) -> Standing {
    let name = entry.variant.as_str();
    let lossless = image.measurements().filter(|(e, _)| e.lossless);
    let lossless = lossless.map(|(e, m)| (e.variant.as_str(), m.bytes));
    if !measurement.reached {
        (Tone::Warning, Some(UNREACHABLE))
    } else if image.smallest.as_deref() == Some(name) {
        (Tone::Best, Some(SMALLEST))
    } else if smallest_of_class(lossless) == Some(name) {
        (Tone::Best, Some(SMALLEST_LOSSLESS))
    } else {
        (Tone::Plain, None)
    }
}

/// A row without figures.
fn missing(cells: &mut Vec<String>, tone: Tone, instead: &str) -> Standing {
    cells.extend([label::NONE, label::NONE, instead].map(String::from));
    (tone, None)
}

fn figures(report: &Report, image: &ImageReport, entry: &Entry, m: &Measurement) -> Vec<String> {
    let mut cells = vec![
        label::bits(m.bits, &m.colour),
        label::dpi(m.dpi),
        units::bytes(m.bytes),
    ];
    if !image.is_resized() {
        cells.push(units::change(m.ratio_to_input));
    }
    cells.extend([
        versus(report, &entry.format, m.ratio_to_baseline),
        units::fixed(m.bits_per_pixel, 2),
    ]);
    cells.extend(report.metrics.iter().map(|metric| label::score(metric, m)));
    let support = report.support.as_ref().filter(|_| is_alone(report));
    cells.extend(support.map(|_| words::shown_by(report, &entry.format)));
    cells.extend(m.timing.as_ref().map(|timing| match timing.cached {
        true => "cached".into(),
        false => units::time(timing.encode_cpu_ms),
    }));
    cells
}

/// The change against the baseline; none for the baseline itself.
fn versus(report: &Report, format: &str, ratio: Option<f64>) -> String {
    match ratio {
        Some(1.0) if format == report.options.baseline => label::NONE.into(),
        Some(ratio) => units::change(ratio),
        None => label::NONE.into(),
    }
}

/// Why entries have no figures, and what else to know about those that have: one line a text, whoever it is about.
fn entry_notes(report: &Report, image: &ImageReport) -> (Vec<String>, Vec<String>) {
    let mut failed = Grouped::default();
    let mut skipped = Grouped::default();
    let mut noted = Grouped::default();
    for entry in &image.results {
        let name = label::entry(report, entry);
        match &entry.outcome {
            Outcome::Done(m) => {
                let notes = m.notes.iter().map(|note| format!(": {note}"));
                notes.for_each(|text| noted.add(&name, text));
            }
            missing => {
                let group = match missing {
                    Outcome::Failed { .. } => &mut failed,
                    _ => &mut skipped,
                };
                group.add(&name, format!(" {}", label::missing(missing)));
            }
        }
    }
    let noted = noted.lines();
    (
        failed.lines(),
        skipped.lines().into_iter().chain(noted).collect(),
    )
}

/// Texts and who each is about, in the order they came.
#[derive(Default)]
struct Grouped(Vec<(String, Vec<String>)>);

impl Grouped {
    fn add(&mut self, name: &str, text: String) {
        match self.0.iter_mut().find(|(known, _)| *known == text) {
            Some((_, names)) => names.push(name.into()),
            None => self.0.push((text, vec![name.into()])),
        }
    }

    fn lines(&self) -> Vec<String> {
        let groups = self.0.iter();
        groups
            .map(|(text, names)| format!("{}{text}", units::list(names)))
            .collect()
    }
}
