//! What a smaller file costs in time.

use super::super::{label, units};
use super::axes::{Axis, CHART, FRAME, axes, names};
use super::draw::{Drawing, Scale, Shape, Steps, mark, polyline, short};
use super::figure::{Figure, Grid, hue, keys, name, place};
use crate::report::{Asked, Report};
use crate::summary::VariantSummary;

/// A variant's speed and its size over the baseline's.
struct Paced<'a> {
    variant: &'a VariantSummary,
    name: String,
    speed: f64,
    size: f64,
}

/// Size against speed, with the variants that none beats in both joined by a line. What keeps every pixel is no rival of
/// what does not.
pub(super) fn figure(report: &Report, prefix: &str) -> Option<Figure> {
    let paced = all(report);
    if paced.len() < 2 {
        return None;
    }
    let front = front(&paced);
    let (shapes, all_named) = shapes(report, &paced, &front)?;
    let formats = paced.iter().filter(|_| !all_named);
    let unbeaten: Vec<&str> = front.iter().map(|p| p.name.as_str()).collect();
    let baseline = label::format(report, &report.options.baseline);
    let row = |p: &Paced| {
        let beaten = if unbeaten.contains(&p.name.as_str()) {
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
        caption: caption(report, &paced),
        drawing: Drawing {
            id: format!("{prefix}speed"),
            title: "What a smaller file costs in time".into(),
            description: format!(
                "File size over {baseline}'s against encoding speed, both axes logarithmic. Further right is faster, further down is smaller. On the line of those that none beats in both: {}.",
                unbeaten.join(", ")
            ),
            size: CHART,
            shapes,
        },
        keys: keys(report, formats.map(|p| p.variant.format.as_str())),
        table: Grid::new(
            &["Variant", "MP/s", &versus, "Beaten in both"],
            paced.iter().map(row).collect(),
        ),
    })
}

fn all(report: &Report) -> Vec<Paced<'_>> {
    let paced = report.summary.variants.iter().filter_map(|variant| {
        if let Some(Asked::Size(_)) = Asked::of(&variant.goal) {
            // All are of that size.
            return None;
        }
        let size = variant.ratio_at_target.or(variant.ratio_to_baseline)?;
        Some(Paced {
            variant,
            name: name(report, variant),
            speed: variant.timing?.encode_mp_per_s,
            size: size.mean,
        })
    });
    let (lossless, lossy): (Vec<_>, Vec<_>) = paced.partition(|p| p.variant.goal == "lossless");
    if lossy.is_empty() { lossless } else { lossy }
}

/// The chart, and whether every variant has its name in it.
fn shapes(report: &Report, paced: &[Paced], front: &[&Paced]) -> Option<(Vec<Shape>, bool)> {
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
    }
    // Those that none beats have their names first.
    let is_beaten = |p: &&Paced| !front.iter().any(|other| std::ptr::eq(*other, *p));
    let named = front.iter().copied().chain(paced.iter().filter(is_beaten));
    let named: Vec<([f64; 2], &str)> = named.map(|p| (place_of(p), p.name.as_str())).collect();
    let marks: Vec<[f64; 2]> = paced.iter().map(place_of).collect();
    let names = names(&named, &marks);
    let all_named = names.len() == paced.len();
    shapes.extend(names);
    Some((shapes, all_named))
}

fn caption(report: &Report, paced: &[Paced]) -> String {
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
    let is_lossless = |v: &VariantSummary| v.goal == "lossless";
    let all = &report.summary.variants;
    let left_out = if all.iter().any(is_lossless) && !paced.iter().any(|p| is_lossless(p.variant)) {
        " Lossless files are not of this race."
    } else {
        ""
    };
    format!(
        "Right is faster, down is smaller; the line joins what none beats in both.{left_out}{quality}{rough}"
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

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    #[test]
    fn what_keeps_every_pixel_races_its_like_only() {
        let names =
            |report: &Report| -> Vec<String> { all(report).into_iter().map(|p| p.name).collect() };
        let mut report = fixture::sweep();
        assert!(!names(&report).contains(&"PNG".to_owned()));
        let told = figure(&report, "").unwrap().caption;
        assert!(
            told.contains("Lossless files are not of this race."),
            "{told}"
        );
        for image in &mut report.images {
            let baseline = |e: &crate::report::Entry| e.lossless || e.format == "jpeg";
            image.results.retain(baseline);
        }
        report.summary.variants.retain(|v| v.goal == "lossless");
        assert_eq!(names(&report), ["PNG"]);
    }
}
