//! The table of all results: a row a variant of an image.

use super::super::{label, units};
use super::{distinct, shown};
use crate::report::{Entry, ImageReport, Measurement, Outcome, Report};

/// Rows that a page holds: a browser lays these out in a second.
const MOST: usize = 20_000;

/// All results, or as many as a page can hold.
pub(super) struct Results {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
    /// What can be chosen to be shown alone.
    pub(super) formats: Vec<String>,
    pub(super) goals: Vec<String>,
    pub(super) folders: Vec<String>,
    /// Results that are not here.
    pub(super) left_out: usize,
}

/// A column's title, and its name in CSV.
pub(super) struct Column {
    pub(super) title: String,
    pub(super) id: String,
    pub(super) numeric: bool,
}

/// A result.
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) class: &'static str,
}

/// A text, and the exact figure where it is one.
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) value: Option<String>,
}

impl Cell {
    fn text(text: impl Into<String>) -> Self {
        Self {
            text: shown(&text.into()),
            value: None,
        }
    }

    fn figure(text: String, value: f64) -> Self {
        Self {
            text: shown(&text),
            value: Some(value.to_string()),
        }
    }

    fn none() -> Self {
        Self::text("")
    }
}

impl Results {
    /// The results of `report`.
    pub(super) fn of(report: &Report) -> Self {
        let all = report.images.iter();
        let all = all.flat_map(|image| image.results.iter().map(move |entry| (image, entry)));
        let columns = columns(report);
        let row = |(image, entry)| row(report, image, entry, columns.len());
        let rows: Vec<Row> = all.clone().take(MOST).map(row).collect();
        let of = |column: usize| rows.iter().map(move |row| row.cells[column].text.as_str());
        Self {
            left_out: all.count() - rows.len(),
            formats: distinct(of(1)),
            goals: distinct(of(2)),
            folders: distinct(of(0).map(folder)),
            columns,
            rows,
        }
    }
}

/// All before the last `/`.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn goal(report: &Report, entry: &Entry) -> String {
    if label::has_targets(report) {
        label::target(report, &entry.goal)
    } else {
        label::quality(&entry.variant, &entry.goal)
    }
}

fn columns(report: &Report) -> Vec<Column> {
    let column = |title: &str, id: &str, numeric: bool| Column {
        title: title.into(),
        id: id.into(),
        numeric,
    };
    let baseline = label::format(report, &report.options.baseline);
    let mut columns = vec![
        column("Image", "path", false),
        column("Format", "format", false),
    ];
    if label::has_targets(report) {
        columns.push(column("Target", "goal", false));
        columns.push(column("Quality", "quality", true));
    } else {
        columns.push(column("Quality", "goal", false));
    }
    columns.extend([
        column("Pixels", "pixels", true),
        column("File size", "bytes", true),
        column("vs input", "ratioToInput", true),
        column(&format!("vs {baseline}"), "ratioToBaseline", true),
        column("bpp", "bitsPerPixel", true),
    ]);
    columns.extend(report.metrics.iter().map(|m| column(&m.name, &m.id, true)));
    if report.measurements().any(|(_, _, m)| m.timing.is_some()) {
        columns.push(column("Encode", "encodeCpuMs", true));
    }
    columns.push(column("Notes", "notes", false));
    columns
}

fn row(report: &Report, image: &ImageReport, entry: &Entry, columns: usize) -> Row {
    let mut cells = vec![
        Cell::text(label::image(image)),
        Cell::text(label::codec(report, &entry.codec, &entry.format)),
        Cell::text(goal(report, entry)),
    ];
    if label::has_targets(report) {
        let quality = entry
            .quality
            .map(|q| Cell::figure(q.to_string(), f64::from(q)));
        cells.push(quality.unwrap_or_else(Cell::none));
    }
    cells.push(Cell::figure(label::sides(image), image.pixels() as f64));
    let class = match &entry.outcome {
        Outcome::Done(m) => {
            cells.extend(figures(report, image, entry, m));
            standing(image, entry, m)
        }
        Outcome::Skipped { .. } => "skipped",
        Outcome::Failed { .. } => "failed",
    };
    cells.resize_with(columns - 1, Cell::none);
    cells.push(Cell::text(notes(image, entry)));
    Row { cells, class }
}

fn figures(report: &Report, image: &ImageReport, entry: &Entry, m: &Measurement) -> Vec<Cell> {
    let change = |ratio: f64| Cell::figure(units::change(ratio), ratio);
    let versus = |ratio: f64| {
        let is_itself = entry.format == report.options.baseline && ratio == 1.0;
        Cell {
            text: if is_itself {
                label::NONE.into()
            } else {
                units::change(ratio)
            },
            ..change(ratio)
        }
    };
    let input = (!image.is_resized()).then(|| change(m.ratio_to_input));
    let mut cells = vec![
        Cell::figure(units::bytes(m.bytes), m.bytes as f64),
        input.unwrap_or_else(Cell::none),
        m.ratio_to_baseline.map_or_else(Cell::none, versus),
        Cell::figure(units::fixed(m.bits_per_pixel, 2), m.bits_per_pixel),
    ];
    cells.extend(report.metrics.iter().map(|metric| {
        let score = m.scores.get(&metric.id);
        let text = label::score(metric, m);
        score.map_or_else(
            || Cell::text(text.clone()),
            |score| Cell::figure(text.clone(), *score),
        )
    }));
    let timing = m.timing.as_ref();
    cells.extend(timing.map(|t| Cell::figure(units::time(t.encode_cpu_ms), t.encode_cpu_ms)));
    cells
}

fn standing(image: &ImageReport, entry: &Entry, m: &Measurement) -> &'static str {
    if !m.reached {
        "missed"
    } else if image.smallest.as_deref() == Some(&entry.variant) {
        "smallest"
    } else {
        ""
    }
}

/// What stands out about a result, and why it has no figures.
fn notes(image: &ImageReport, entry: &Entry) -> String {
    let mut notes = Vec::new();
    match &entry.outcome {
        Outcome::Done(m) => {
            if standing(image, entry, m) == "smallest" {
                notes.push("smallest".to_owned());
            }
            let recommended = image.recommended.as_ref();
            if recommended.is_some_and(|r| r.variant.as_deref() == Some(&entry.variant)) {
                notes.push("recommended".into());
            }
            notes.extend(m.notes.iter().cloned());
        }
        missing => notes.push(label::missing(missing)),
    }
    notes.join("; ")
}
