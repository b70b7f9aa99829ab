//! What was searched for, and what was found.

use super::{NONE, Used, codec, metric, number, with_settings};
use crate::metric::Better;
use crate::render::units;
use crate::report::{Asked, Entry, Measurement, Report, Target};
use crate::summary::{QualitySpread, VariantSummary};

/// Whether anything was searched for.
pub(in super::super) fn has_targets(report: &Report) -> bool {
    let widths = report.by_width.iter().map(|width| &width.summary);
    let mut variants = widths.chain([&report.summary]).flat_map(|s| &s.variants);
    variants.any(|v| is_search(&v.goal))
}

pub(super) fn is_search(goal: &str) -> bool {
    Asked::of(goal).is_some_and(Asked::is_search)
}

/// A goal as a cell beside what was found for it: `≥ 70`, `≤ 100.0 kB`, `lossless`; with its metric where that is not the
/// first.
pub(in super::super) fn target(report: &Report, goal: &str) -> String {
    let (id, value) = match Asked::of(goal) {
        Some(Asked::Score { metric, value }) => (metric, value),
        Some(Asked::Size(bytes)) => return format!("≤ {}", units::bytes(bytes)),
        Some(Asked::Quality(_)) => return NONE.into(),
        _ => return goal.into(),
    };
    let used = report.metrics.iter().position(|m| m.id == id);
    let lower = used.is_some_and(|nth| report.metrics[nth].better == Better::Lower);
    let sign = if lower { "≤" } else { "≥" };
    let name = match used {
        Some(0) => String::new(),
        _ => format!("{} ", metric(report, id)),
    };
    format!("{name}{sign} {}", plain(value))
}

/// A goal in a sentence: `SSIMULACRA2 70`, `100.0 kB`.
pub(in super::super) fn goal(report: &impl Used, goal: &str) -> String {
    match Asked::of(goal) {
        Some(Asked::Score { metric: id, value }) => {
            format!("{} {}", metric(report, id), plain(value))
        }
        Some(Asked::Size(bytes)) => units::bytes(bytes),
        _ => goal.into(),
    }
}

/// A number as it was written.
fn plain(value: f64) -> String {
    value.to_string().replace('-', "−")
}

/// As [`quality`], beside the goal: the quality of an entry that was set or found.
pub(in super::super) fn quality_found(entry: &Entry) -> String {
    let quality = entry.quality.map_or(NONE.into(), |q| q.to_string());
    with_settings(quality, &entry.variant, &entry.goal)
}

/// As [`quality_found`], over all images: `74 (58–81)`.
pub(in super::super) fn qualities_found(variant: &VariantSummary) -> String {
    let text = match (variant.quality, Asked::of(&variant.goal)) {
        (Some(QualitySpread { median, min, max }), _) => {
            let middle = units::fixed(median, if median.fract() == 0.0 { 0 } else { 1 });
            let range = if min == max {
                String::new()
            } else {
                format!(" ({min}–{max})")
            };
            format!("{middle}{range}")
        }
        (None, Some(Asked::Quality(quality))) => quality.to_string(),
        (None, _) => NONE.into(),
    };
    with_settings(text, &variant.variant, &variant.goal)
}

/// An entry in a sentence by the quality it has: `WebP q73`, `PNG`, `JPEG q80 subsampling=444`.
pub(in super::super) fn found(report: &Report, entry: &Entry) -> String {
    let name = codec(report, &entry.codec, &entry.format);
    match entry.quality {
        Some(quality) => with_settings(format!("{name} q{quality}"), &entry.variant, &entry.goal),
        None => super::entry(report, entry),
    }
}

/// What an entry is short of that missed its goal: `unreachable; its best score is 66.2`.
pub(in super::super) fn unreachable(m: &Measurement) -> String {
    let best = match &m.target {
        Some(Target::Score { metric, .. }) => {
            let score = m.scores.get(metric);
            score.map(|score| format!("its best score is {}", number(metric, *score)))
        }
        Some(Target::Size { .. }) => {
            Some(format!("its smallest file has {}", units::bytes(m.bytes)))
        }
        None => None,
    };
    best.map_or("unreachable".into(), |best| format!("unreachable; {best}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn targets() {
        let report = fixture::searched();
        for (goal, cell, words) in [
            ("ssimulacra2=70", "≥ 70", "SSIMULACRA2 70"),
            ("ssimulacra2=-2.5", "≥ −2.5", "SSIMULACRA2 −2.5"),
            ("butteraugli=1.5", "Butteraugli ≤ 1.5", "Butteraugli 1.5"),
            ("size=100000", "≤ 100.0 kB", "100.0 kB"),
            ("lossless", "lossless", "lossless"),
            ("jpeg-recompress", "jpeg-recompress", "jpeg-recompress"),
            ("q80", "–", "q80"),
        ] {
            assert_eq!(
                (
                    target(&report, goal).as_str(),
                    super::goal(&report, goal).as_str()
                ),
                (cell, words)
            );
        }
        assert!(has_targets(&report) && !has_targets(&fixture::sweep()));
    }

    #[test]
    fn what_was_found() {
        let mut report = fixture::searched();
        let rows = &mut report.summary.variants;
        rows[3].variant = "libwebp:ssimulacra2=70,effort=6".into();
        assert_eq!(qualities_found(&rows[3]), "70 (68–80) effort=6");
        assert_eq!(
            (qualities_found(&rows[0]), qualities_found(&rows[2])),
            ("69".into(), "–".into())
        );
        (rows[2].goal, rows[2].quality) = ("q80".into(), None);
        assert_eq!(qualities_found(&rows[2]), "80");
        let own = &mut report.images[0].results[3];
        own.variant = "libwebp:ssimulacra2=70,effort=6".into();
        assert_eq!(quality_found(own), "70 effort=6");
        let own = &report.images[0].results[3];
        assert_eq!(found(&report, own), "WebP q70 effort=6");
        assert_eq!(
            super::super::entry(&report, own),
            "WebP at SSIMULACRA2 70 effort=6"
        );
        let missed = report.images[5].results[4].measurement().unwrap();
        assert_eq!(unreachable(missed), "unreachable; its best score is 84.6");
        let mut sized = missed.clone();
        let (metric, at_most_bytes) = ("ssimulacra2".into(), 9);
        sized.target = Some(Target::Size {
            metric,
            at_most_bytes,
        });
        assert_eq!(
            unreachable(&sized),
            "unreachable; its smallest file has 58.4 kB"
        );
    }
}
