//! All images together.

use super::super::words::{self, Hint};
use super::super::{duel::Duel, label, units};
use super::{
    Align, Block, Heading, Row, SMALLEST, SMALLEST_LOSSLESS, Table, Tone, browsers_column, column,
    goal_columns, metric_columns, smallest_of_class,
};
use crate::report::{ImageReport, Report};
use crate::summary::{Ratio, VariantSummary};
use crate::verdict::pairs;

/// The summary, of the images at one `width` of a ladder if there is one.
pub(super) fn blocks(report: &Report, width: Option<u32>) -> Vec<Block> {
    let summary = &report.summary;
    let facts = match width {
        Some(width) => at_width(report, width),
        None => vec![
            units::count(summary.images, "image", "images"),
            units::bytes(summary.input_bytes),
        ],
    };
    let heading = Block::Heading(Heading { path: None, facts });
    if summary.images == 0 {
        return vec![heading];
    }
    let mut blocks = vec![heading, Block::Table(table(report))];
    let sentences = if label::has_targets(report) {
        let verdict = report.verdict.as_ref();
        let pairs = verdict.map_or(&[][..], |verdict| &verdict.pairs);
        let mut sentences = words::verdict(report, pairs, &summary.equal_quality);
        sentences.extend(words::pictures(report, None));
        sentences.extend(words::recommendations(report));
        sentences
    } else {
        at_set_qualities(report)
    };
    if !sentences.is_empty() {
        blocks.push(Block::Text(Tone::Plain, sentences));
    }
    blocks
}

/// `640 pixels wide`, `9 images`, `2 of them narrower`.
fn at_width(report: &Report, width: u32) -> Vec<String> {
    let count = report.images.len();
    let images = match count {
        0 => "no image is".into(),
        _ => units::count(count, "image", "images"),
    };
    let narrower = report.images.iter().filter(|i| i.width < width).count();
    let narrower = (narrower > 0).then(|| format!("{narrower} of them narrower"));
    let facts = [format!("{width} pixels wide"), images];
    facts.into_iter().chain(narrower).collect()
}

fn at_set_qualities(report: &Report) -> Vec<String> {
    let images: Vec<_> = report.images.iter().collect();
    let duel = Duel::of(report, &images);
    let mut sentences = duel.as_ref().map_or(Vec::new(), words::sentences);
    // Not the verdict's: an old report has none.
    sentences.extend(words::lossless_class(
        report,
        duel.as_ref(),
        &pairs(report, &images),
    ));
    let rows = &report.summary.equal_quality;
    let equal = words::equal_quality(report, rows, duel.as_ref(), Hint::Give);
    sentences.extend(equal);
    sentences.extend(words::pictures(report, duel.as_ref()));
    sentences
}

fn table(report: &Report) -> Table {
    let variants = &report.summary.variants;
    let timed = variants.iter().any(|v| v.timing.is_some());
    let baseline = label::format(report, &report.options.baseline);
    let mut columns = goal_columns(report);
    columns.extend([
        // Totals over different images must not be taken for comparable ones.
        column("Images", Align::Right, if whole(report) { 3 } else { 0 }),
        column("Total size", Align::Right, 0),
    ]);
    // Of another size it is another picture.
    let resized = report.images.iter().any(ImageReport::is_resized);
    if !resized {
        columns.push(column("vs input", Align::Right, 4));
    }
    columns.extend([
        column(format!("vs {baseline}"), Align::Right, 1),
        column("bpp", Align::Right, 8),
    ]);
    columns.extend(metric_columns(&report.metrics));
    columns.extend(browsers_column(report));
    if timed {
        columns.push(column("Encode", Align::Right, 9));
    }
    if repeated(report) {
        columns.push(column("Decode", Align::Right, 10));
    }
    if weighed(report) {
        columns.push(column("Memory", Align::Right, 11));
    }
    let smallest = smallest(report);
    let lossless = smallest.and_then(|_| {
        let class = variants.iter().filter(|v| v.goal == "lossless");
        smallest_of_class(class.map(|v| (v.variant.as_str(), v.bytes)))
    });
    let rows = variants.iter().map(|variant| {
        let name = Some(variant.variant.as_str());
        let mark = if smallest == name {
            Some(SMALLEST)
        } else if lossless == name {
            Some(SMALLEST_LOSSLESS)
        } else {
            None
        };
        let mut cells = cells(report, variant);
        cells.resize(columns.len(), label::NONE.into());
        Row {
            cells,
            tone: if mark.is_some() {
                Tone::Best
            } else {
                Tone::Plain
            },
            mark,
        }
    });
    Table {
        rows: rows.collect(),
        columns,
    }
}

/// Whether every variant was measured on every image.
fn whole(report: &Report) -> bool {
    let summary = &report.summary;
    let mut variants = summary.variants.iter();
    variants.all(|v| v.images == summary.images)
}

/// The variant of the smallest total, where all totals are over the same images.
fn smallest(report: &Report) -> Option<&str> {
    let variants = report.summary.variants.iter();
    let least = variants.min_by_key(|v| v.bytes);
    least.filter(|_| whole(report)).map(|v| v.variant.as_str())
}

fn cells(report: &Report, variant: &VariantSummary) -> Vec<String> {
    let none = || label::NONE.to_owned();
    let bytes = match variant.images {
        0 => none(),
        _ => units::bytes(variant.bytes),
    };
    let mut cells = vec![label::codec(report, &variant.codec, &variant.format)];
    if label::has_targets(report) {
        cells.push(label::target(report, &variant.goal));
        cells.push(label::qualities_found(variant));
    } else {
        cells.push(label::quality(&variant.variant, &variant.goal));
    }
    cells.extend([variant.images.to_string(), bytes]);
    if !report.images.iter().any(ImageReport::is_resized) {
        let ratio = variant.ratio_to_input;
        cells.push(ratio.map_or_else(none, |r| units::change(r.mean)));
    }
    cells.extend([
        versus(report, variant),
        variant
            .bits_per_pixel
            .map_or_else(none, |bits| units::fixed(bits, 2)),
    ]);
    let scores = report.metrics.iter();
    cells.extend(scores.map(|metric| label::scores(report, metric, variant)));
    let support = report.support.as_ref();
    cells.extend(support.map(|_| words::shown_by(report, &variant.format)));
    let speed = variant.timing.as_ref();
    let rate = |mp_per_s| format!("{} MP/s", units::rate(mp_per_s));
    cells.extend(speed.map(|t| rate(t.encode_mp_per_s)));
    if repeated(report) {
        cells.push(
            speed
                .and_then(|t| t.decode_mp_per_s)
                .map_or_else(none, rate),
        );
    }
    if weighed(report) {
        let bytes = speed.and_then(|t| t.encode_peak_bytes_per_pixel);
        cells.push(bytes.map_or_else(none, |b| format!("{} B/px", units::fixed(b, 1))));
    }
    cells
}

/// Whether encodes were repeated, so that decoding has a speed worth a column.
fn repeated(report: &Report) -> bool {
    let mut timings = report.summary.variants.iter().filter_map(|v| v.timing);
    timings.any(|timing| timing.spread.is_some())
}

/// Whether the memory of encodes is known.
fn weighed(report: &Report) -> bool {
    let mut timings = report.summary.variants.iter().filter_map(|v| v.timing);
    timings.any(|timing| timing.encode_peak_bytes_per_pixel.is_some())
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
