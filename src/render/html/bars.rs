//! Who is how large: a bar a format, for each thing that was asked.

mod drawn;

use super::super::{label, units};
use super::distinct;
use super::draw::Drawing;
use super::figure::{Figure, Grid, place};
use crate::report::{Asked, Measurement, Report};
use crate::summary::{Ratio, VariantSummary, measured, ratio};

/// Set qualities that are drawn; the table has all.
const MOST_QUALITIES: usize = 3;

/// A format's size over that of another, which is 100 %.
struct Bar {
    name: String,
    nth: usize,
    size: Ratio,
    score: Option<String>,
    lossless: bool,
}

/// One chart for equal scores, where curves tell, and one for each goal.
pub(super) fn figures(report: &Report, prefix: &str) -> Vec<Figure> {
    let mut goals = distinct(report.summary.variants.iter().map(|v| v.goal.as_str()));
    // Files without loss stand beside those of every goal, and alone where there is none.
    let alone = goals == ["lossless"];
    let mut qualities = 0;
    goals.retain(|goal| match Asked::of(goal) {
        Some(Asked::Score { .. }) => true,
        Some(Asked::Quality(_)) => {
            qualities += 1;
            qualities <= MOST_QUALITIES
        }
        Some(Asked::Lossless) => alone,
        _ => false,
    });
    let mut figures: Vec<Figure> = at_equal_scores(report, prefix).into_iter().collect();
    let numbered = goals.iter().enumerate();
    figures.extend(
        numbered.filter_map(|(nth, goal)| at_goal(report, goal, &format!("{prefix}{nth}"))),
    );
    if let Some(first) = figures.first_mut() {
        first.caption += &how_to_read(report);
    }
    figures
}

/// Sizes at equal scores, read off curves through set qualities.
fn at_equal_scores(report: &Report, prefix: &str) -> Option<Figure> {
    if label::has_targets(report) {
        // Looked for is better than read off.
        return None;
    }
    let rows = &report.summary.equal_quality;
    let metric = rows.first().map(|row| label::metric(report, &row.metric))?;
    let bars = rows.iter().filter_map(|row| {
        let score = row.score.map(|score| label::number(&row.metric, score));
        Some(Bar {
            name: label::format(report, &row.format),
            nth: place(report, &row.format),
            size: row.ratio?,
            score,
            lossless: false,
        })
    });
    let mut bars: Vec<Bar> = bars.collect();
    let format = &report.options.baseline;
    let baseline = Bar {
        name: label::format(report, format),
        nth: place(report, format),
        size: Ratio {
            mean: 1.0,
            interval: None,
            images: bars.iter().map(|bar| bar.size.images).max()?,
        },
        score: None,
        lossless: false,
    };
    let whole = baseline.name.clone();
    bars.push(baseline);
    let title = format!("Size at equal {metric}");
    let opening = "The fair comparison: each image's sizes at one score, read off the curves through its measured qualities.";
    let id = format!("{prefix}equal");
    Some(figure(report, id, title, opening, (&whole, bars)))
}

fn at_goal(report: &Report, goal: &str, id: &str) -> Option<Figure> {
    let variants = report.summary.variants.iter();
    let mut own = variants
        .clone()
        .filter(|v| v.goal == goal && v.images > 0)
        .peekable();
    let first = *own.peek()?;
    let base = own
        .find(|v| v.format == report.options.baseline)
        .unwrap_or(first);
    let shown = variants.filter(|v| v.goal == goal || v.goal == "lossless");
    let bars: Vec<Bar> = shown.filter_map(|v| bar(report, v, base)).collect();
    if bars.len() < 2 {
        return None;
    }
    let (title, opening) = match Asked::of(goal) {
        Some(Asked::Quality(q)) => (
            format!("Size at quality number {q}"),
            "An equal number is not equal quality: mind the scores.",
        ),
        Some(Asked::Lossless) => ("Size without loss".into(), "Every pixel is kept."),
        _ => (
            format!("Size at {}", label::goal(report, goal)),
            "The smallest files that score this, at exactly the target.",
        ),
    };
    let whole = name(report, base);
    Some(figure(report, id.into(), title, opening, (&whole, bars)))
}

/// What is said once.
fn how_to_read(report: &Report) -> String {
    let scores = match report.metrics.len() {
        0 => "",
        _ => "; after the dot, the mean score",
    };
    match report.images.len() {
        1 => String::new(),
        _ => format!(
            " Bars are geometric means over images; whiskers and brackets are 95 % intervals{scores}."
        ),
    }
}

fn name(report: &Report, variant: &VariantSummary) -> String {
    let name = label::codec(report, &variant.codec, &variant.format);
    label::with_settings(name, &variant.variant, &variant.goal)
}

fn bar(report: &Report, variant: &VariantSummary, base: &VariantSummary) -> Option<Bar> {
    let lossless = variant.goal == "lossless";
    let summed = variant.ratio_at_target.or(variant.ratio_to_baseline);
    let size = match summed {
        // Of files without loss these are over the baseline's highest quality.
        Some(size) if !lossless && base.format == report.options.baseline => size,
        _ => {
            let bytes = |m: &Measurement| m.bytes_at_target.unwrap_or(m.bytes) as f64;
            let pairs = report.images.iter().filter_map(|image| {
                let own = measured(image, &variant.variant)?;
                let base = measured(image, &base.variant)?;
                Some(bytes(own) / bytes(base))
            });
            ratio(pairs)?
        }
    };
    let score = report.metrics.first().and_then(|metric| {
        let score = variant.scores.get(&metric.id)?;
        Some(label::number(&metric.id, score.mean))
    });
    let without = if lossless { " lossless" } else { "" };
    Some(Bar {
        name: name(report, variant) + without,
        nth: place(report, &variant.format),
        size,
        score: score.filter(|_| !lossless),
        lossless,
    })
}

/// The chart of `bars`, in percent of what is called `whole`.
fn figure(
    report: &Report,
    id: String,
    title: String,
    opening: &str,
    (whole, mut bars): (&str, Vec<Bar>),
) -> Figure {
    bars.sort_by(|a, b| {
        (a.lossless, a.size.mean)
            .partial_cmp(&(b.lossless, b.size.mean))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let percent = |bar: &Bar| units::fixed(bar.size.mean * 100.0, 1);
    let told = bars
        .iter()
        .map(|bar| format!("{} {} %", bar.name, percent(bar)));
    let told: Vec<String> = told.collect();
    let metric = report.metrics.first().map_or("Score", |m| m.name.as_str());
    Figure {
        caption: format!("{opening} {whole} is 100 %."),
        drawing: Drawing {
            id: format!("bars-{id}"),
            title,
            description: format!(
                "A bar a format, in percent of {whole}, the smallest first: {}.",
                told.join(", ")
            ),
            size: drawn::size(&bars),
            shapes: drawn::shapes(&bars),
        },
        keys: Vec::new(),
        table: Grid::new(
            &[
                "Format",
                &format!("Size vs {whole}"),
                "95 % interval",
                "Images",
                metric,
            ],
            bars.iter().map(row).collect(),
        ),
    }
}

fn row(bar: &Bar) -> Vec<String> {
    let none = || label::NONE.to_owned();
    vec![
        bar.name.clone(),
        units::change(bar.size.mean),
        bar.size
            .interval
            .map_or_else(none, |ends| ends.map(units::points).join(" to ") + " %"),
        bar.size.images.to_string(),
        bar.score.clone().unwrap_or_else(none),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    fn titles(report: &Report) -> Vec<(String, String)> {
        let figures = figures(report, "").into_iter();
        figures.map(|f| (f.drawing.title, f.caption)).collect()
    }

    #[test]
    fn sizes_are_drawn_without_the_baseline_too() {
        let mut report = fixture::sweep();
        for image in &mut report.images {
            image.results.retain(|entry| entry.format != "jpeg");
        }
        let figures = titles(&fixture::report(report.images));
        let [(title, caption), ..] = &figures[..] else {
            panic!("no figure");
        };
        assert_eq!(title, "Size at quality number 50");
        assert!(caption.contains("WebP is 100 %."), "{caption}");
    }

    #[test]
    fn files_without_loss_are_drawn_alone_where_there_are_no_others() {
        let mut report = fixture::sweep();
        for image in &mut report.images {
            image.results.retain(|entry| entry.lossless);
            let mut webp = image.results[0].clone();
            webp.variant = "libwebp:lossless".into();
            (webp.codec, webp.format) = ("libwebp".into(), "webp".into());
            if let crate::report::Outcome::Done(m) = &mut webp.outcome {
                m.bytes /= 2;
            }
            image.results.push(webp);
        }
        let figures = figures(&fixture::report(report.images), "");
        assert_eq!(figures.len(), 1);
        assert_eq!(figures[0].drawing.title, "Size without loss");
        let rows = &figures[0].table.rows;
        assert_eq!(rows[0][..2], ["WebP lossless", "−50.0 %"]);
        assert_eq!(rows[1][..2], ["PNG lossless", "0.0 %"]);
    }

    #[test]
    fn how_to_read_bars_is_said_once() {
        let told = titles(&fixture::sweep());
        let brackets = told
            .iter()
            .filter(|(_, caption)| caption.contains("brackets"));
        assert!(told.len() > 2 && brackets.count() == 1);
    }
}
