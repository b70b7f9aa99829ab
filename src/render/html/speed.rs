//! What a smaller file costs in time.

use super::super::{label, units};
use super::draw::{
    Axis, CHART, Drawing, FRAME, Scale, Shape, Steps, axes, mark, polyline, short, text,
};
use super::figure::{Figure, Grid, hue, keys, place};
use crate::report::Report;
use crate::summary::VariantSummary;

/// Points beyond which names would cover each other.
const MOST_NAMES: usize = 6;

/// A variant's speed and its size over the baseline's.
struct Paced<'a> {
    variant: &'a VariantSummary,
    name: String,
    speed: f64,
    size: f64,
}

/// Size against speed, with the variants that none beats in both joined by a line.
pub(super) fn figure(report: &Report, prefix: &str) -> Option<Figure> {
    let paced = all(report);
    if paced.len() < 2 {
        return None;
    }
    let front = front(&paced);
    let names: Vec<&str> = front.iter().map(|p| p.name.as_str()).collect();
    let baseline = label::format(report, &report.options.baseline);
    let row = |p: &Paced| {
        let beaten = if names.contains(&p.name.as_str()) {
            "by none"
        } else {
            "yes"
        };
        vec![
            p.name.clone(),
            units::rate(p.speed),
            units::change(p.size),
            beaten.into(),
        ]
    };
    let versus = format!("Size vs {baseline}");
    Some(Figure {
        caption: caption(report),
        drawing: Drawing {
            id: format!("{prefix}speed"),
            title: "What a smaller file costs in time".into(),
            description: format!(
                "File size over {baseline}'s against encoding speed, both axes logarithmic. Further right is faster, further down is smaller. On the line of those that none beats in both: {}.",
                names.join(", ")
            ),
            size: CHART,
            shapes: shapes(report, &paced, &front)?,
        },
        keys: keys(report, paced.iter().map(|p| p.variant.format.as_str())),
        table: Grid::new(
            &["Variant", "MP/s", &versus, "Beaten in both"],
            paced.iter().map(row).collect(),
        ),
    })
}

fn all(report: &Report) -> Vec<Paced<'_>> {
    let paced = report.summary.variants.iter().filter_map(|variant| {
        let size = variant.ratio_at_target.or(variant.ratio_to_baseline)?;
        let (codec, format) = (&variant.codec, &variant.format);
        Some(Paced {
            variant,
            name: label::variant(report, codec, format, &variant.variant, &variant.goal),
            speed: variant.timing?.encode_mp_per_s,
            size: size.mean,
        })
    });
    paced.collect()
}

fn shapes(report: &Report, paced: &[Paced], front: &[&Paced]) -> Option<Vec<Shape>> {
    let baseline = label::format(report, &report.options.baseline);
    let [left, top, right, bottom] = FRAME;
    let x = Scale::over(paced.iter().map(|p| p.speed), Steps::Log, [left, right])?;
    let y = Scale::over(paced.iter().map(|p| p.size), Steps::Log, [bottom, top])?;
    let place_of = |p: &Paced| [x.at(p.speed), y.at(p.size)];
    let (across, up) = (
        Axis {
            scale: x,
            label: short,
            title: "megapixels a second of CPU".into(),
        },
        Axis {
            scale: y,
            label: |v| format!("{} %", short(v * 100.0)),
            title: format!("size, {baseline} = 100 %"),
        },
    );
    let mut shapes = axes(&across, &up);
    let line: Vec<[f64; 2]> = front.iter().map(|p| place_of(p)).collect();
    shapes.push(polyline("front", &line));
    for p in paced {
        let nth = place(report, &p.variant.format);
        let at = place_of(p);
        let (speed, size) = (units::rate(p.speed), units::change(p.size));
        let tip = format!("{}: {speed} MP/s, {size} to {baseline}", p.name);
        shapes.push(mark(nth, &hue(nth), at, tip));
        if paced.len() <= MOST_NAMES {
            let is_last = at[0] > right - 120.0;
            let (class, beside) = if is_last {
                ("end small", -9.0)
            } else {
                ("small", 9.0)
            };
            shapes.push(text(class, [at[0] + beside, at[1] - 6.0], p.name.clone()));
        }
    }
    Some(shapes)
}

fn caption(report: &Report) -> String {
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
