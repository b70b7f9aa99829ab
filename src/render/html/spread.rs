//! How a figure is spread over images: file sizes, and bits a pixel beside those of the web.

use super::super::units;
use super::draw::{ACROSS, Drawing, Px, Scale, Shape, Steps, WIDTH, line, mark, rect, short, text};
use super::figure::{Figure, Grid, hue, name, place};
use crate::report::{ImageReport, Measurement, Report};
use crate::stats;
use crate::summary::VariantSummary;

/// Rows that are drawn.
const MOST_ROWS: usize = 24;
const RIGHT: f64 = WIDTH - 16.0;
const ROW: f64 = 27.0;
/// Files that are enough for a box.
const LEAST_BOXED: usize = 5;
/// Letters of a name that are drawn.
const MOST_LETTERS: usize = 26;
/// What each takes, also on a narrow screen, where they are larger.
const LETTER: f64 = 8.8;

/// Percentiles of the bits a pixel of images in `<img>` elements of larger than 1×1 pixel, on mobile pages; June 2024.
const WEB: [(f64, f64); 5] = [
    (10.0, 0.1),
    (25.0, 0.9),
    (50.0, 2.1),
    (75.0, 5.6),
    (90.0, 12.9),
];
/// Where [`WEB`] is from.
pub(super) const WEB_SOURCE: &str = "https://almanac.httparchive.org/en/2024/media#bits-per-pixel";

/// The figures of a variant, or of the images as they came.
struct Row {
    name: String,
    /// Its colour's class and its mark.
    hue: (String, usize),
    /// The 5th, 25th, 50th, 75th and 95th percentile.
    at: [f64; 5],
    images: usize,
}

/// A figure of each image as it came, and of what became of it.
struct Figures {
    input: fn(&ImageReport) -> f64,
    result: fn(&Measurement) -> f64,
}

/// Rows that can be drawn, and what is said of others.
fn rows(report: &Report, figures: &Figures) -> (Vec<Row>, String) {
    let resized = report.images.iter().any(ImageReport::is_resized);
    let inputs: Vec<f64> = report.images.iter().map(figures.input).collect();
    let input = quantiles(&inputs).filter(|_| !resized).map(|at| Row {
        name: "as they came".into(),
        hue: ("source".into(), 0),
        at,
        images: inputs.len(),
    });
    let variants = report.summary.variants.iter();
    let variants = variants.filter_map(|v| row(report, v, figures));
    let mut rows: Vec<Row> = input.into_iter().chain(variants).collect();
    let more = rows.len().saturating_sub(MOST_ROWS);
    rows.truncate(MOST_ROWS);
    let told = match more {
        0 => String::new(),
        _ => format!(" {more} more are not drawn."),
    };
    (rows, told)
}

fn row(report: &Report, variant: &VariantSummary, figures: &Figures) -> Option<Row> {
    let own = report
        .measurements()
        .filter(|(_, e, m)| e.variant == variant.variant && m.reached);
    let values: Vec<f64> = own.map(|(_, _, m)| (figures.result)(m)).collect();
    let nth = place(report, &variant.format);
    Some(Row {
        name: name(report, variant),
        hue: (hue(nth), nth),
        at: quantiles(&values)?,
        images: values.len(),
    })
}

fn quantiles(values: &[f64]) -> Option<[f64; 5]> {
    let at = |fraction| stats::quantile(values, fraction);
    Some([at(0.05)?, at(0.25)?, at(0.5)?, at(0.75)?, at(0.95)?])
}

/// File sizes, a row a variant.
pub(super) fn sizes(report: &Report, prefix: &str) -> Option<Figure> {
    let bytes = Figures {
        input: |image| image.bytes as f64,
        result: |m| m.bytes as f64,
    };
    let (rows, more) = rows(report, &bytes);
    let x = scale(&rows, &[])?;
    let mut shapes = Vec::new();
    let bottom = rows.len() as f64 * ROW + 6.0;
    ruler(&mut shapes, x, bottom, |v| {
        units::bytes(v.round() as u64).replace(".0 ", " ")
    });
    boxes(&mut shapes, &rows, x, 0.0, |row| {
        format!(
            "{}: half of {} files between {} and {}",
            row.name,
            row.images,
            whole(row.at[1]),
            whole(row.at[3])
        )
    });
    Some(Figure {
        caption: format!("{} The axis is logarithmic.{more}", how_to_read(&rows)),
        drawing: Drawing {
            id: format!("{prefix}sizes"),
            title: "How large the files are".into(),
            description: format!(
                "A box plot of file sizes on a logarithmic axis. Medians: {}.",
                rows.iter()
                    .map(|row| format!("{} {}", row.name, whole(row.at[2])))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            size: [Px(WIDTH), Px(bottom + 26.0)],
            shapes,
        },
        keys: Vec::new(),
        table: Grid::new(
            &["Files", "Images", "5 %", "25 %", "Median", "75 %", "95 %"],
            rows.iter()
                .map(|row| {
                    let figures = row.at.iter().map(|v| whole(*v));
                    [row.name.clone(), row.images.to_string()]
                        .into_iter()
                        .chain(figures)
                        .collect()
                })
                .collect(),
        ),
    })
}

fn how_to_read(rows: &[Row]) -> &'static str {
    match rows.iter().map(|row| row.images).max() {
        Some(0..2) | None => "A mark a file.",
        Some(0..LEAST_BOXED) => "The mark is the median of the files, the line holds nine tenths.",
        Some(_) => {
            "Boxes hold the middle half of the files, whiskers nine tenths, the mark is the median."
        }
    }
}

fn whole(bytes: f64) -> String {
    units::bytes(bytes.round() as u64)
}

/// Bits a pixel beside those of the web.
pub(super) fn web(report: &Report, prefix: &str) -> Option<Figure> {
    let bits = Figures {
        input: |image| image.bytes as f64 * 8.0 / image.pixels() as f64,
        result: |m| m.bits_per_pixel,
    };
    let (rows, more) = rows(report, &bits);
    let x = scale(&rows, &WEB.map(|(_, bits)| bits))?;
    let mut shapes = Vec::new();
    let bottom = rows.len() as f64 * ROW + 26.0;
    for (percent, bits) in WEB {
        shapes.push(line("web", [x.at(bits), 18.0], [x.at(bits), bottom]));
        shapes.push(text(
            "mid dim",
            [x.at(bits), 12.0],
            format!("{} %", short(percent)),
        ));
    }
    shapes.push(text("dim", [0.0, 12.0], "lighter:".into()));
    shapes.push(text(
        "end dim",
        [RIGHT, bottom + 36.0],
        "bits a pixel".into(),
    ));
    ruler(&mut shapes, x, bottom, short);
    boxes(&mut shapes, &rows, x, 20.0, |row| {
        format!("{}: {}", row.name, heavier(row.at[2]))
    });
    Some(Figure {
        caption: format!(
            "Bits a pixel of these files, and of images on the web: so many percent of those in pages are lighter than the dashed lines.{more}"
        ),
        drawing: Drawing {
            id: format!("{prefix}web"),
            title: "Beside the web’s images".into(),
            description: format!(
                "Bits a pixel on a logarithmic axis, with percentiles of the web. By their medians: {}.",
                rows.iter()
                    .map(|row| format!("{} {}", row.name, heavier(row.at[2])))
                    .collect::<Vec<_>>()
                    .join("; ")
            ),
            size: [Px(WIDTH), Px(bottom + 45.0)],
            shapes,
        },
        keys: Vec::new(),
        table: Grid::new(
            &["Files", "Median bits a pixel", "On the web"],
            rows.iter()
                .map(|row| {
                    vec![
                        row.name.clone(),
                        units::fixed(row.at[2], 2),
                        heavier(row.at[2]),
                    ]
                })
                .collect(),
        ),
    })
}

/// Where `bits` a pixel stand among the web's images, between percentiles by the logarithm.
fn heavier(bits: f64) -> String {
    let [(first, lowest), .., (last, highest)] = WEB;
    if bits < lowest {
        return format!("lighter than {} %", short(100.0 - first));
    }
    if bits > highest {
        return format!("heavier than {} %", short(last));
    }
    let pair = WEB.windows(2).find(|pair| bits <= pair[1].1);
    let percent = pair.map_or(last, |pair| {
        let way = (bits / pair[0].1).ln() / (pair[1].1 / pair[0].1).ln();
        pair[0].0 + (pair[1].0 - pair[0].0) * way
    });
    format!("heavier than about {} %", units::fixed(percent, 0))
}

fn scale(rows: &[Row], others: &[f64]) -> Option<Scale> {
    let ends = rows.iter().flat_map(|row| [row.at[0], row.at[4]]);
    let all = ends.chain(others.iter().copied());
    (!rows.is_empty()).then(|| Scale::over(all, Steps::Log, [left(rows), RIGHT]))?
}

/// Where names end.
fn left(rows: &[Row]) -> f64 {
    let longest = rows.iter().map(|row| row.name.chars().count()).max();
    longest.unwrap_or(0).min(MOST_LETTERS) as f64 * LETTER + 12.0
}

fn ruler(shapes: &mut Vec<Shape>, x: Scale, bottom: f64, label: impl Fn(f64) -> String) {
    for tick in x.ticks(ACROSS) {
        let at = x.at(tick);
        shapes.push(line("grid", [at, 18.0], [at, bottom]));
        shapes.push(text("mid dim", [at, bottom + 17.0], label(tick)));
    }
}

/// A box and whiskers a row, from `top` down.
fn boxes(shapes: &mut Vec<Shape>, rows: &[Row], x: Scale, top: f64, tip: impl Fn(&Row) -> String) {
    for (nth, row) in rows.iter().enumerate() {
        let middle = top + nth as f64 * ROW + ROW / 2.0 + 4.0;
        let [low, from, median, to, high] = row.at.map(|v| x.at(v));
        let (hue, form) = &row.hue;
        let mut name: String = row.name.chars().take(MOST_LETTERS).collect();
        if name != row.name {
            name = format!("{}…", name.trim_end());
        }
        shapes.push(text("end", [left(rows) - 12.0, middle + 4.0], name));
        shapes.push(line("whisker", [low, middle], [high, middle]));
        if row.images >= LEAST_BOXED {
            shapes.push(rect(
                &format!("box {hue}"),
                [from, middle - 8.0],
                [to - from, 16.0],
            ));
        }
        shapes.push(mark(*form, hue, [median, middle], tip(row)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    #[test]
    fn places_on_the_web_are_read_between_percentiles() {
        for (bits, text) in [
            (0.05, "lighter than 90 %"),
            (0.1, "heavier than about 10 %"),
            (2.1, "heavier than about 50 %"),
            (3.43, "heavier than about 63 %"),
            (12.9, "heavier than about 90 %"),
            (30.0, "heavier than 90 %"),
        ] {
            assert_eq!(heavier(bits), text, "{bits}");
        }
    }

    #[test]
    fn rows_that_are_not_drawn_are_counted() {
        let mut report = fixture::sweep();
        for image in &mut report.images {
            let first = image.results[0].clone();
            for quality in 1..=25 {
                let mut entry = first.clone();
                entry.goal = format!("q{quality}");
                entry.variant = format!("mozjpeg:q{quality}");
                image.results.push(entry);
            }
        }
        let report = fixture::report(report.images);
        // As they came, seven variants of the sweep, these.
        let more = 1 + 7 + 25 - MOST_ROWS;
        for figure in [sizes(&report, ""), web(&report, "")] {
            let figure = figure.unwrap();
            assert_eq!(figure.table.rows.len(), MOST_ROWS);
            assert!(
                figure
                    .caption
                    .ends_with(&format!(" {more} more are not drawn."))
            );
        }
    }
}
