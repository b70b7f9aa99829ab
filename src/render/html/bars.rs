//! Who is how large: a bar a format, for each thing that was asked.

use super::super::{label, units};
use super::draw::{Drawing, Px, Scale, Shape, Steps, line, polyline, rect, short, text};
use super::figure::{Figure, Grid, hue, place};
use crate::report::{Asked, Report};
use crate::summary::{Ratio, VariantSummary, measured, ratio};

/// Set qualities that are drawn; the table has all.
const MOST_QUALITIES: usize = 3;
/// Where bars begin and end, and where their figures begin.
const BARS: [f64; 2] = [140.0, 392.0];
const FIGURES: f64 = 404.0;
const ROW: f64 = 34.0;
/// A bar is not drawn longer than this many times the baseline's.
const LONGEST: f64 = 2.0;

/// A format's size over the baseline's.
struct Bar {
    name: String,
    nth: usize,
    size: Ratio,
    score: Option<String>,
    lossless: bool,
}

/// One chart for equal scores, where curves tell, and one for each goal.
pub(super) fn figures(report: &Report, prefix: &str) -> Vec<Figure> {
    let mut figures: Vec<Figure> = at_equal_scores(report, prefix).into_iter().collect();
    let mut goals: Vec<&str> = Vec::new();
    for variant in &report.summary.variants {
        if !goals.contains(&variant.goal.as_str()) {
            goals.push(&variant.goal);
        }
    }
    let mut qualities = 0;
    goals.retain(|goal| match Asked::of(goal) {
        Some(Asked::Score { .. }) => true,
        Some(Asked::Quality(_)) => {
            qualities += 1;
            qualities <= MOST_QUALITIES
        }
        _ => false,
    });
    let drawn = goals.iter().enumerate();
    figures
        .extend(drawn.filter_map(|(nth, goal)| at_goal(report, goal, &format!("{prefix}{nth}"))));
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
    if bars.is_empty() {
        return None;
    }
    bars.push(baseline(report, bars.iter().map(|b| b.size.images).max()?));
    let caption = format!(
        "The fair comparison: each image's sizes at one score, read off the curves through its measured qualities. {}",
        how_to_read(report)
    );
    let title = format!("Size at equal {metric}");
    Some(figure(
        report,
        format!("{prefix}equal"),
        title,
        caption,
        bars,
    ))
}

fn baseline(report: &Report, images: usize) -> Bar {
    let format = &report.options.baseline;
    Bar {
        name: label::format(report, format),
        nth: place(report, format),
        size: Ratio {
            mean: 1.0,
            interval: None,
            images,
        },
        score: None,
        lossless: false,
    }
}

fn at_goal(report: &Report, goal: &str, id: &str) -> Option<Figure> {
    let variants = report.summary.variants.iter();
    let base = variants
        .clone()
        .find(|v| v.goal == goal && v.format == report.options.baseline)?;
    let shown = variants.filter(|v| v.goal == goal || v.goal == "lossless");
    let bars: Vec<Bar> = shown.filter_map(|v| bar(report, v, base)).collect();
    if bars.len() < 2 {
        return None;
    }
    let (title, opening) = match Asked::of(goal) {
        Some(Asked::Quality(q)) => (
            format!("Size at quality number {q}"),
            "The same number is not the same quality: mind the scores.".to_owned(),
        ),
        _ => (
            format!("Size at {}", label::goal(report, goal)),
            "The smallest files that score this, at exactly the target.".to_owned(),
        ),
    };
    let caption = format!("{opening} {}", how_to_read(report));
    Some(figure(report, id.into(), title, caption, bars))
}

fn how_to_read(report: &Report) -> String {
    format!(
        "Bars are geometric means over images, {} is 100 %; whiskers are 95 % intervals; after the dot, the mean score.",
        label::format(report, &report.options.baseline)
    )
}

fn bar(report: &Report, variant: &VariantSummary, base: &VariantSummary) -> Option<Bar> {
    let lossless = variant.goal == "lossless";
    let size = if lossless {
        // The summary compares these with the baseline's highest quality.
        let pairs = report.images.iter().filter_map(|image| {
            let own = measured(image, &variant.variant)?;
            let base = measured(image, &base.variant)?;
            Some(own.bytes as f64 / base.bytes as f64)
        });
        ratio(pairs)?
    } else {
        variant.ratio_at_target.or(variant.ratio_to_baseline)?
    };
    let name = label::codec(report, &variant.codec, &variant.format);
    let score = report.metrics.first().and_then(|metric| {
        let score = variant.scores.get(&metric.id)?;
        Some(label::number(&metric.id, score.mean))
    });
    Some(Bar {
        name: label::with_settings(name, &variant.variant, &variant.goal),
        nth: place(report, &variant.format),
        size,
        score: score.filter(|_| !lossless),
        lossless,
    })
}

fn figure(
    report: &Report,
    id: String,
    title: String,
    caption: String,
    mut bars: Vec<Bar>,
) -> Figure {
    bars.sort_by(|a, b| {
        (a.lossless, a.size.mean)
            .partial_cmp(&(b.lossless, b.size.mean))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let told = bars
        .iter()
        .map(|bar| format!("{} {} %", bar.name, units::fixed(bar.size.mean * 100.0, 1)));
    let told: Vec<String> = told.collect();
    let description = format!(
        "A bar a format, in percent of {}, the smallest first: {}.",
        label::format(report, &report.options.baseline),
        told.join(", ")
    );
    let baseline = label::format(report, &report.options.baseline);
    let metric = report.metrics.first().map_or("Score", |m| m.name.as_str());
    let versus = format!("Size vs {baseline}");
    Figure {
        caption,
        drawing: Drawing {
            id: format!("bars-{id}"),
            title,
            description,
            size: [Px(720.0), Px(bars.len() as f64 * ROW + 34.0)],
            shapes: shapes(&bars),
        },
        keys: Vec::new(),
        table: Grid::new(
            &["Format", &versus, "95 % interval", "Images", metric],
            bars.iter().map(row).collect(),
        ),
    }
}

fn row(bar: &Bar) -> Vec<String> {
    let none = || label::NONE.to_owned();
    vec![
        bar.label(),
        units::change(bar.size.mean),
        bar.size
            .interval
            .map_or_else(none, |ends| ends.map(units::points).join(" to ") + " %"),
        bar.size.images.to_string(),
        bar.score.clone().unwrap_or_else(none),
    ]
}

impl Bar {
    fn label(&self) -> String {
        let lossless = if self.lossless { " lossless" } else { "" };
        format!("{}{lossless}", self.name)
    }

    /// `−26.9 % [−49.1, +5.1] · scores 71.2`
    fn figures(&self) -> String {
        let interval = self.size.interval.filter(|ends| ends[0] != ends[1]);
        let interval = interval.map_or_else(String::new, |ends| {
            format!(" [{}]", ends.map(units::points).join(", "))
        });
        let score = self
            .score
            .as_ref()
            .map_or_else(String::new, |score| format!(" · {score}"));
        let change = if self.size.mean == 1.0 {
            "100 %".into()
        } else {
            units::change(self.size.mean)
        };
        format!("{change}{interval}{score}")
    }
}

fn shapes(bars: &[Bar]) -> Vec<Shape> {
    let longest = bars
        .iter()
        .map(|bar| bar.size.interval.map_or(bar.size.mean, |ends| ends[1]));
    let longest = longest.fold(1.0, f64::max).min(LONGEST) * 1.05;
    let x = Scale::new([0.0, longest], Steps::Linear, BARS);
    let bottom = bars.len() as f64 * ROW + 6.0;
    let mut shapes = Vec::new();
    for tick in x.ticks() {
        shapes.push(line("grid", [x.at(tick), 4.0], [x.at(tick), bottom]));
        let percent = format!("{} %", short(tick * 100.0));
        shapes.push(text("mid", [x.at(tick), bottom + 18.0], percent));
    }
    for (nth, bar) in bars.iter().enumerate() {
        let middle = nth as f64 * ROW + ROW / 2.0 + 4.0;
        let class = format!(
            "bar {}{}",
            hue(bar.nth),
            if bar.lossless { " pale" } else { "" }
        );
        let end = x.at(bar.size.mean.min(longest));
        shapes.push(text(
            "end strong",
            [BARS[0] - 10.0, middle + 4.5],
            bar.label(),
        ));
        shapes.push(rect(
            &class,
            [BARS[0], middle - 10.0],
            [end - BARS[0], 20.0],
        ));
        if bar.size.mean > longest {
            // It goes on beyond the chart.
            let cut = [[end - 12.0, middle + 12.0], [end - 6.0, middle - 12.0]];
            shapes.push(polyline("cut", &cut));
        } else if let Some(ends) = bar.size.interval.filter(|ends| ends[0] != ends[1]) {
            let [low, high] = ends.map(|v| x.at(v.min(longest)));
            shapes.push(line("whisker", [low, middle], [high, middle]));
            for (at, value) in [(low, ends[0]), (high, ends[1])] {
                if value <= longest {
                    shapes.push(line("whisker", [at, middle - 5.0], [at, middle + 5.0]));
                }
            }
        }
        shapes.push(text("", [FIGURES, middle + 4.5], bar.figures()));
    }
    shapes.push(line("even", [x.at(1.0), 2.0], [x.at(1.0), bottom]));
    shapes
}
