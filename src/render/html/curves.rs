//! Two figures against each other: what a score costs in bytes, and what a size costs in time.

use super::super::{label, units};
use super::draw::{
    Axis, CHART, Drawing, FRAME, Scale, Shape, Steps, axes, mark, polyline, short, text,
};
use super::figure::{Figure, Grid, hue, keys, place};
use crate::metric::Better;
use crate::report::{ImageReport, MetricUsed, Report};
use crate::summary::{VariantSummary, points};

/// Images whose own curves are drawn faintly behind the means.
const MOST_CURVES: usize = 60;
/// Points beyond which names would cover each other.
const MOST_NAMES: usize = 12;

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
    let every = || {
        let own = series
            .iter()
            .flat_map(|s| s.images.iter().flatten().copied());
        let means = series
            .iter()
            .flat_map(|s| &s.means)
            .map(|(bits, score, _)| [*bits, *score]);
        own.chain(means)
    };
    let [left, top, right, bottom] = FRAME;
    let x = Scale::over(every().map(|p| p[0]), Steps::Log, [left, right])?;
    // Up is better, whichever way the metric goes.
    let up = match metric.better {
        Better::Higher => [bottom, top],
        Better::Lower => [top, bottom],
    };
    let y = Scale::over(every().map(|p| p[1]), Steps::Linear, up)?;
    let mut shapes = axes(
        &Axis {
            scale: x,
            label: short,
            title: "bits a pixel, each mark twice the last at equal distance".into(),
        },
        &Axis {
            scale: y,
            label: short,
            title: metric.name.clone(),
        },
    );
    for s in &series {
        let hue = hue(place(report, &s.format));
        for own in s.images.iter().filter(|own| own.len() > 1) {
            let own: Vec<[f64; 2]> = own.iter().map(|p| [x.at(p[0]), y.at(p[1])]).collect();
            shapes.push(polyline(&format!("faint {hue}"), &own));
        }
    }
    for s in &series {
        shapes.extend(mean_curve(report, metric, s, x, y));
    }
    let names: Vec<String> = series.iter().map(|s| s.name.clone()).collect();
    let several = report.images.len() > 1;
    Some(Figure {
        caption: caption(report, several),
        drawing: Drawing {
            id: format!("{prefix}rate"),
            title: "What quality costs".into(),
            description: format!(
                "{} against bits a pixel on a logarithmic axis, a line each for {}. Further left is smaller, further up is better.",
                metric.name,
                units::list(&names)
            ),
            size: CHART,
            shapes,
        },
        keys: keys(report, series.iter().map(|s| s.format.as_str())),
        table: Grid::new(
            &["Variant", "Bits a pixel", &metric.name],
            series
                .iter()
                .flat_map(|s| &s.means)
                .map(|(bits, score, name)| {
                    vec![
                        name.clone(),
                        units::fixed(*bits, 3),
                        label::number(&metric.id, *score),
                    ]
                })
                .collect(),
        ),
    })
}

fn caption(report: &Report, several: bool) -> String {
    let faint = if several && report.images.len() <= MOST_CURVES {
        " Faint lines are single images."
    } else if several {
        " Single images are too many to draw."
    } else {
        ""
    };
    let thick = if several {
        "the means over all images, by pixels; up"
    } else {
        "Up"
    };
    let thick = if several {
        format!("Lines are {thick}")
    } else {
        thick.to_owned()
    };
    format!("{thick} and to the left is better.{faint} Lossless files are on no such curve.")
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
        let name = label::variant(
            report,
            &variant.codec,
            &variant.format,
            &variant.variant,
            &variant.goal,
        );
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

/// A variant's speed and its size over the baseline's.
struct Paced<'a> {
    variant: &'a VariantSummary,
    name: String,
    speed: f64,
    size: f64,
}

/// Size against speed, with the variants that none beats in both joined by a line.
pub(super) fn speed(report: &Report, prefix: &str) -> Option<Figure> {
    let baseline = label::format(report, &report.options.baseline);
    let paced = report.summary.variants.iter().filter_map(|variant| {
        let size = variant.ratio_at_target.or(variant.ratio_to_baseline)?;
        Some(Paced {
            variant,
            name: label::variant(
                report,
                &variant.codec,
                &variant.format,
                &variant.variant,
                &variant.goal,
            ),
            speed: variant.timing?.encode_mp_per_s,
            size: size.mean,
        })
    });
    let paced: Vec<Paced> = paced.collect();
    if paced.len() < 2 {
        return None;
    }
    let [left, top, right, bottom] = FRAME;
    let x = Scale::over(paced.iter().map(|p| p.speed), Steps::Log, [left, right])?;
    let y = Scale::over(paced.iter().map(|p| p.size), Steps::Log, [bottom, top])?;
    let front = front(&paced);
    let mut shapes = axes(
        &Axis {
            scale: x,
            label: short,
            title: "megapixels a second of CPU".into(),
        },
        &Axis {
            scale: y,
            label: |v| format!("{} %", short(v * 100.0)),
            title: format!("size, {baseline} = 100 %"),
        },
    );
    let line: Vec<[f64; 2]> = front
        .iter()
        .map(|p| [x.at(p.speed), y.at(p.size)])
        .collect();
    shapes.push(polyline("front", &line));
    for p in &paced {
        let nth = place(report, &p.variant.format);
        let at = [x.at(p.speed), y.at(p.size)];
        let tip = format!(
            "{}: {} MP/s, {} to {baseline}",
            p.name,
            units::rate(p.speed),
            units::change(p.size)
        );
        shapes.push(mark(nth, &hue(nth), at, tip));
        if paced.len() <= MOST_NAMES {
            let (class, beside) = if at[0] > right - 120.0 {
                ("end small", -9.0)
            } else {
                ("small", 9.0)
            };
            shapes.push(text(class, [at[0] + beside, at[1] - 6.0], p.name.clone()));
        }
    }
    let on_front = |p: &&Paced| front.iter().any(|f| f.variant.variant == p.variant.variant);
    Some(Figure {
        caption: pace_caption(report),
        drawing: Drawing {
            id: format!("{prefix}speed"),
            title: "What a smaller file costs in time".into(),
            description: format!(
                "File size over {baseline}'s against encoding speed, both axes logarithmic. Further right is faster, further down is smaller. On the line of those that none beats in both: {}.",
                front
                    .iter()
                    .map(|p| p.name.clone())
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            size: CHART,
            shapes,
        },
        keys: keys(report, paced.iter().map(|p| p.variant.format.as_str())),
        table: Grid::new(
            &[
                "Variant",
                "MP/s",
                &format!("Size vs {baseline}"),
                "Beaten in both",
            ],
            paced
                .iter()
                .map(|p| {
                    let beaten = if on_front(&p) { "by none" } else { "yes" };
                    vec![
                        p.name.clone(),
                        units::rate(p.speed),
                        units::change(p.size),
                        beaten.into(),
                    ]
                })
                .collect(),
        ),
    })
}

fn pace_caption(report: &Report) -> String {
    let mut timings = report
        .measurements()
        .filter_map(|(_, _, m)| m.timing.as_ref());
    let rough = if timings.any(|t| t.contended) {
        " Times were taken while other jobs ran: a rough figure."
    } else {
        ""
    };
    let quality = if label::has_targets(report) {
        ""
    } else {
        " At one quality number formats are not of one quality: the sizes are what they are."
    };
    format!(
        "Right is faster, down is smaller; the line joins what none beats in both.{quality}{rough}"
    )
}

/// Those that no other beats in speed and size both, the slowest first.
fn front<'a, 'b>(paced: &'b [Paced<'a>]) -> Vec<&'b Paced<'a>> {
    let beats = |a: &Paced, b: &Paced| {
        a.speed >= b.speed && a.size <= b.size && (a.speed > b.speed || a.size < b.size)
    };
    let stays = |p: &&Paced| !paced.iter().any(|other| beats(other, p));
    let mut front: Vec<&Paced> = paced.iter().filter(stays).collect();
    front.sort_by(|a, b| a.speed.total_cmp(&b.speed));
    front
}
