//! What a score costs in bytes.

use super::super::{label, units};
use super::axes::{Axis, CHART, FRAME, axes, names};
use super::draw::{Drawing, Scale, Shape, Steps, mark, polyline, short};
use super::figure::{Figure, Grid, hue, keys, name, place};
use crate::metric::Better;
use crate::report::{ImageReport, MetricUsed, Report};
use crate::summary::{VariantSummary, points};

/// Images whose own curves are drawn faintly behind the means.
const MOST_CURVES: usize = 60;

/// A codec told one thing but for its quality.
struct Series {
    /// As [`crate::report::Entry::series`].
    id: String,
    name: String,
    format: String,
    /// Bits a pixel, mean score and which variant, by bits.
    means: Vec<(f64, f64, String)>,
    /// Of each image: bits a pixel and score, by quality.
    images: Vec<Vec<[f64; 2]>>,
}

/// Score against bits a pixel, of each lossy codec.
pub(super) fn rate_distortion(report: &Report, prefix: &str) -> Option<Figure> {
    let metric = report.metrics.first()?;
    let series = all_series(report, metric);
    let named: Vec<String> = series.iter().map(|s| s.name.clone()).collect();
    let (shapes, all_named) = shapes(report, metric, &series)?;
    let formats = series.iter().filter(|_| !all_named);
    let means = series.iter().flat_map(|s| &s.means);
    let row = |(bits, score, name): &(f64, f64, String)| {
        let score = label::number(&metric.id, *score);
        vec![name.clone(), units::fixed(*bits, 3), score]
    };
    Some(Figure {
        caption: caption(report),
        drawing: Drawing {
            id: format!("{prefix}rate"),
            title: "What quality costs".into(),
            description: format!(
                "{} against bits a pixel on a logarithmic axis, a line each for {}. Further left is smaller, further up is better.",
                metric.name,
                units::list(&named)
            ),
            size: CHART,
            shapes,
        },
        keys: keys(report, formats.map(|s| s.format.as_str())),
        table: Grid::new(
            &["Variant", "Bits a pixel", &metric.name],
            means.map(row).collect(),
        ),
    })
}

/// The chart, and whether every series has its name in it.
fn shapes(report: &Report, metric: &MetricUsed, series: &[Series]) -> Option<(Vec<Shape>, bool)> {
    let own = series
        .iter()
        .flat_map(|s| s.images.iter().flatten().copied());
    let means = series.iter().flat_map(|s| &s.means);
    let every = own.chain(means.map(|(bits, score, _)| [*bits, *score]));
    let every: Vec<[f64; 2]> = every.collect();
    let [left, top, right, bottom] = FRAME;
    let x = Scale::over(every.iter().map(|p| p[0]), Steps::Log, [left, right])?;
    // Up is better, whichever way the metric goes.
    let up = match metric.better {
        Better::Higher => [bottom, top],
        Better::Lower => [top, bottom],
    };
    let y = Scale::over(every.iter().map(|p| p[1]), Steps::Linear, up)?;
    let axis = |scale, title: &str| Axis {
        scale,
        label: short,
        title: title.into(),
    };
    let mut shapes = axes(&axis(x, "bits a pixel"), &axis(y, &metric.name));
    for s in series {
        let class = format!("faint {}", hue(place(report, &s.format)));
        for own in s.images.iter().filter(|own| own.len() > 1) {
            let own: Vec<[f64; 2]> = own.iter().map(|p| [x.at(p[0]), y.at(p[1])]).collect();
            shapes.push(polyline(&class, &own));
        }
    }
    let curves = series.iter().map(|s| mean_curve(report, metric, s, x, y));
    shapes.extend(curves.flatten());
    let at = |(bits, score, _): &(f64, f64, String)| [x.at(*bits), y.at(*score)];
    let marks: Vec<[f64; 2]> = series.iter().flat_map(|s| &s.means).map(at).collect();
    let ends = series
        .iter()
        .filter_map(|s| Some((at(s.means.last()?), s.name.as_str())));
    let names = names(&ends.collect::<Vec<_>>(), &marks);
    let all_named = names.len() == series.len();
    shapes.extend(names);
    Some((shapes, all_named))
}

fn caption(report: &Report) -> String {
    let lines = match report.images.len() {
        0 | 1 => "Up and to the left is better.",
        n if n <= MOST_CURVES => {
            "Lines are the means over all images, by pixels; up and to the left is better. Faint lines are single images."
        }
        _ => {
            "Lines are the means over all images, by pixels; up and to the left is better. Single images are too many to draw."
        }
    };
    format!("{lines} The axis of bits is logarithmic. Lossless files are on no such curve.")
}

fn mean_curve(report: &Report, metric: &MetricUsed, s: &Series, x: Scale, y: Scale) -> Vec<Shape> {
    let nth = place(report, &s.format);
    let places: Vec<[f64; 2]> = s
        .means
        .iter()
        .map(|(bits, score, _)| [x.at(*bits), y.at(*score)])
        .collect();
    let mut shapes = vec![polyline(&format!("curve {}", hue(nth)), &places)];
    for (at, (bits, score, name)) in places.iter().zip(&s.means) {
        let score = label::number(&metric.id, *score);
        let tip = format!(
            "{name}: {} bits a pixel, {} {score}",
            units::fixed(*bits, 2),
            metric.name
        );
        shapes.push(mark(nth, &hue(nth), *at, tip));
    }
    shapes
}

/// The lossy variants of `report`, those of one series together, in plan order.
fn all_series(report: &Report, metric: &MetricUsed) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for variant in report
        .summary
        .variants
        .iter()
        .filter(|v| v.goal != "lossless")
    {
        let Some((bits, score)) = variant.bits_per_pixel.zip(variant.scores.get(&metric.id)) else {
            continue;
        };
        let Some(id) = series_of(report, variant) else {
            continue;
        };
        let name = name(report, variant);
        let point = (bits, score.mean, name);
        match all.iter_mut().find(|s| s.id == id) {
            Some(s) => s.means.push(point),
            None => all.push(Series {
                images: own_curves(report, &id, metric),
                name: label::with_settings(
                    label::codec(report, &variant.codec, &variant.format),
                    &variant.variant,
                    &variant.goal,
                ),
                format: variant.format.clone(),
                means: vec![point],
                id,
            }),
        }
    }
    for s in &mut all {
        s.means.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    all
}

fn series_of(report: &Report, variant: &VariantSummary) -> Option<String> {
    let mut entries = report.images.iter().flat_map(|image| &image.results);
    entries
        .find(|e| e.variant == variant.variant)
        .map(|e| e.series())
}

fn own_curves(report: &Report, series: &str, metric: &MetricUsed) -> Vec<Vec<[f64; 2]>> {
    if report.images.len() > MOST_CURVES || report.images.len() < 2 {
        return Vec::new();
    }
    let curve = |image: &ImageReport| {
        let pixels = image.pixels() as f64;
        let points = points(image, series, &metric.id).into_values();
        points
            .map(|(score, bytes)| [bytes * 8.0 / pixels, score])
            .collect()
    };
    report.images.iter().map(curve).collect()
}
