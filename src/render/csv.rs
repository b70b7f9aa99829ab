//! Comma-separated values (RFC 4180): one row for each variant of each image and one for each input that failed, raw
//! numbers, the names of the JSON report. On a ladder of widths a last column, `rung`, has the width asked for.

use std::io;

use super::{Renderer, RendererInfo, Style, escape};
use crate::report::{Entry, Failure, ImageReport, MetricUsed, Outcome, Report, Target};

/// The renderer.
pub(super) struct Csv;

static INFO: RendererInfo = RendererInfo {
    id: "csv",
    extensions: &["csv"],
    media_type: "text/csv",
    help: "a row a result, for spreadsheets and data frames",
};

/// Columns before the scores.
const BEFORE: [&str; 28] = [
    "path",
    "inputFormat",
    "inputBytes",
    "inputBits",
    "inputColour",
    "inputDpiX",
    "inputDpiY",
    "alpha",
    "lossySource",
    "sourceQuality",
    "variant",
    "codec",
    "format",
    "goal",
    "quality",
    "lossless",
    "width",
    "height",
    "status",
    "bytes",
    "bits",
    "colour",
    "dpiX",
    "dpiY",
    "bitsPerPixel",
    "ratioToInput",
    "ratioToBaseline",
    "identical",
];

/// Columns after the scores.
const AFTER: [&str; 11] = [
    "targetMetric",
    "target",
    "reached",
    "probes",
    "bytesAtTarget",
    "smallest",
    "encodeCpuMs",
    "encodeWallMs",
    "decodeCpuMs",
    "stage",
    "message",
];

impl Renderer for Csv {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, report: &Report, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let names = BEFORE.iter().chain(&AFTER).map(|name| escape::csv(name));
        let mut header: Vec<String> = names.collect();
        let scores = report.metrics.iter().map(|m| escape::csv(&m.id));
        header.splice(BEFORE.len()..BEFORE.len(), scores);
        let ladder = !report.options.widths.is_empty();
        header.extend(ladder.then(|| "rung".into()));
        write_row(&header, out)?;
        for image in &report.images {
            for entry in &image.results {
                let mut row = entry_row(image, entry, &report.metrics);
                row.extend(image.rung.map(|rung| rung.width.to_string()));
                write_row(&row, out)?;
            }
        }
        report
            .failures
            .iter()
            .try_for_each(|failure| write_row(&failure_row(failure, &header), out))
    }
}

/// RFC 4180 ends lines with CR and LF.
fn write_row(cells: &[String], out: &mut dyn io::Write) -> io::Result<()> {
    write!(out, "{}\r\n", cells.join(","))
}

fn entry_row(image: &ImageReport, entry: &Entry, metrics: &[MetricUsed]) -> Vec<String> {
    let text = escape::csv;
    let [dpi_x, dpi_y] = dpi(image.dpi);
    let mut row = vec![
        text(&image.path),
        text(&image.format),
        image.bytes.to_string(),
        image.bits.to_string(),
        text(&image.colour),
        dpi_x,
        dpi_y,
        image.alpha.to_string(),
        image.lossy_source.is_some().to_string(),
        opt(image
            .lossy_source
            .as_ref()
            .and_then(|s| s.estimated_quality)),
        text(&entry.variant),
        text(&entry.codec),
        text(&entry.format),
        text(&entry.goal),
        opt(entry.quality),
        entry.lossless.to_string(),
        entry.width.to_string(),
        entry.height.to_string(),
    ];
    let figures = 9 + metrics.len();
    match &entry.outcome {
        Outcome::Done(_) => {
            row.push("done".into());
            row.extend(measured(image, entry, metrics));
        }
        Outcome::Skipped { reason } => {
            row.push("skipped".into());
            row.extend(vec![String::new(); figures + 10]);
            row.push(text(reason));
        }
        Outcome::Failed { error } => {
            row.push("failed".into());
            row.extend(vec![String::new(); figures + 9]);
            row.extend([text(&error.code), text(&error.message)]);
        }
    }
    row
}

fn measured(image: &ImageReport, entry: &Entry, metrics: &[MetricUsed]) -> Vec<String> {
    let Some(m) = entry.measurement() else {
        return Vec::new();
    };
    let [dpi_x, dpi_y] = dpi(m.dpi);
    let mut row = vec![
        m.bytes.to_string(),
        m.bits.to_string(),
        escape::csv(&m.colour),
        dpi_x,
        dpi_y,
        m.bits_per_pixel.to_string(),
        m.ratio_to_input.to_string(),
        opt(m.ratio_to_baseline),
        m.identical.to_string(),
    ];
    let scores = metrics.iter().map(|metric| opt(m.scores.get(&metric.id)));
    row.extend(scores);
    let smallest = image.smallest.as_deref() == Some(entry.variant.as_str());
    let timing = m.timing.as_ref();
    let [metric, target] = match &m.target {
        Some(Target::Score { metric, at_least }) => [escape::csv(metric), at_least.to_string()],
        Some(Target::Size { at_most_bytes, .. }) => ["size".into(), at_most_bytes.to_string()],
        None => Default::default(),
    };
    row.extend([
        metric,
        target,
        m.reached.to_string(),
        m.probes.to_string(),
        opt(m.bytes_at_target),
        smallest.to_string(),
        opt(timing.map(|t| t.encode_cpu_ms)),
        opt(timing.map(|t| t.encode_wall_ms)),
        opt(timing.and_then(|t| t.decode_cpu_ms)),
        String::new(),
        escape::csv(&m.notes.join("; ")),
    ]);
    row
}

fn failure_row(failure: &Failure, header: &[String]) -> Vec<String> {
    let mut row = vec![String::new(); header.len()];
    row[0] = escape::csv(&failure.path);
    for (name, text) in [
        ("status", "failure"),
        ("stage", &failure.stage),
        ("message", &failure.error),
    ] {
        let nth = header.iter().position(|column| column == name);
        if let Some(cell) = nth.and_then(|n| row.get_mut(n)) {
            *cell = escape::csv(text);
        }
    }
    row
}

fn dpi(sides: Option<[f64; 2]>) -> [String; 2] {
    sides.map_or_else(Default::default, |sides| sides.map(|side| side.to_string()))
}

fn opt<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |v| v.to_string())
}
