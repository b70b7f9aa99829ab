//! Sentences about which quality of one format scores like which of another.

use super::super::{label, units};
use super::{is_unclear, relation};
use crate::quality_map::{Match, QualityMap, Reading, Side};
use crate::report::Report;

/// Images below which a map is a rough one.
const ROUGH: usize = 5;

/// The name of metric `id` for people.
pub(in super::super) fn metric_name<'a>(report: &'a Report, id: &'a str) -> &'a str {
    let metric = report.metrics.iter().find(|metric| metric.id == id);
    metric.map_or(id, |metric| &metric.name)
}

/// A match as a table's cell: `82 (80–83)`, `>95`, `93 (92–>95)`, `–`.
pub(in super::super) fn matching(map: &QualityMap, found: &Match) -> String {
    let Some(quality) = found.quality else {
        return label::NONE.into();
    };
    let quality = reading(map, &found.format, quality);
    let ends = found
        .spread
        .map(|ends| ends.map(|end| reading(map, &found.format, end)));
    match ends {
        Some([low, high]) if low != high => format!("{quality} ({low}–{high})"),
        _ => quality,
    }
}

/// `82`, `<20`, `>95`.
fn reading(map: &QualityMap, format: &str, reading: Reading) -> String {
    let measured = map.formats.iter().find(|m| m.format == format);
    let qualities = measured.map_or(&[][..], |m| &m.qualities);
    let end = |end: Option<&u8>| end.map_or_else(|| "?".into(), u8::to_string);
    match reading {
        Reading::At(quality) => units::fixed(quality, 0),
        Reading::Beyond(Side::Below) => format!("<{}", end(qualities.first())),
        Reading::Beyond(Side::Above) => format!(">{}", end(qualities.last())),
    }
}

/// What the row of the settings comes to, and what it rests on.
pub(in super::super) fn quality_map(report: &Report, map: &QualityMap) -> Vec<String> {
    let matches = map.chosen().map_or(&[][..], |row| &row.matches).iter();
    let mut sentences: Vec<String> = matches
        .filter_map(|found| sentence(report, map, found))
        .collect();
    if map.images < ROUGH {
        let images = units::count(map.images, "image", "images");
        sentences.push(format!("A rough map: it rests on {images} only."));
    }
    sentences
}

/// `JPEG 80 ≈ WebP 73, which is 24.0 % smaller than JPEG [−30.1, −17.2], n = 12.`
fn sentence(report: &Report, map: &QualityMap, found: &Match) -> Option<String> {
    let [base, name] = [&map.baseline, &found.format].map(|id| label::format(report, id));
    let side = found.quality?;
    let quality = reading(map, &found.format, side);
    let equation = format!("{base} {} ≈ {name} {quality}", map.settings.quality);
    let Reading::At(_) = side else {
        return Some(format!(
            "{equation}: most images need a quality outside those measured; give more, as with -q 5..100/5."
        ));
    };
    let Some(ratio) = found.ratio else {
        return Some(format!("{equation}."));
    };
    let unclear = is_unclear(ratio.mean, ratio.interval);
    let (_, clause) = relation(&base, ratio.mean, ratio.interval, unclear);
    let all = match ratio.images {
        n if n == found.images => String::new(),
        _ => format!(" of {}", found.images),
    };
    Some(format!(
        "{equation}, which is {clause}, n = {}{all}.",
        ratio.images
    ))
}

/// How to read a map, and what it holds for.
pub(in super::super) fn quality_map_legend(report: &Report, map: &QualityMap) -> Vec<String> {
    let base = label::format(report, &map.baseline);
    let others = map.formats.iter().skip(1);
    let others: Vec<String> = others.map(|m| label::format(report, &m.format)).collect();
    let median = match map.images {
        0 | 1 => "",
        2 | 3 => " (the median over images, and the least and the greatest)",
        _ => {
            " (the median over images, and their middle half: where that is wide, no one number fits all)"
        }
    };
    let mut lines = vec![format!(
        "Each row: a {base} quality, its score, the quality of {} with the same score{median}, and the size then against that {base} (a geometric mean and its 95 % interval).",
        units::list(&others)
    )];
    let mut matches = map.rows.iter().flat_map(|row| &row.matches);
    if matches.any(|found| found.below + found.above > 0) {
        lines.push("< and >: outside the qualities measured; such images count for the quality, not for the size.".into());
    }
    let encoders = map.formats.iter().map(|measured| {
        let used = report.codecs.iter().find(|c| c.id == measured.codec);
        let version = used.map_or_else(String::new, |used| format!(" {}", used.version));
        format!("{}{version}", measured.codec)
    });
    let encoders = units::list(&encoders.collect::<Vec<_>>());
    let mut holds = format!("The map holds for {encoders} at their default settings.");
    if map.formats.iter().any(|m| m.codec == "mozjpeg") && !map.settings.tools.is_empty() {
        holds.push_str(" These tools encode with sharp, whose JPEG is mozjpeg's with mozjpeg: true only: Next.js sets that itself, Nuxt Image does not.");
    }
    lines.push(holds);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn a_match_reads_as_an_equation() {
        let mut report = fixture::sweep();
        report.images.truncate(1);
        let map = QualityMap::of(&report, Some(70)).unwrap();
        // One image has no spread.
        let found = &map.chosen().unwrap().matches[0];
        assert_eq!(matching(&map, found), "70");
        assert_eq!(
            quality_map(&report, &map),
            [
                "JPEG 70 ≈ WebP 70, which is 20.0 % smaller than JPEG, n = 1.",
                "A rough map: it rests on 1 image only.",
            ]
        );
    }

    #[test]
    fn sizes_over_some_of_the_images_say_so() {
        let report = fixture::mapped();
        let map = QualityMap::of(&report, Some(70)).unwrap();
        let found = &map.chosen().unwrap().matches[0];
        assert_eq!(matching(&map, found), "68 (<50–71)");
        let said = &quality_map(&report, &map)[0];
        assert!(said.starts_with("JPEG 70 ≈ WebP 68, which is "), "{said}");
        assert!(said.ends_with(", n = 3 of 4."), "{said}");
    }

    #[test]
    fn what_was_not_measured_is_not_guessed() {
        let images = [40.0, 41.0, 42.0].map(|above| fixture::swept("x.png", 0.5, above));
        let report = fixture::report(images.into());
        let map = QualityMap::of(&report, Some(70)).unwrap();
        let found = &map.chosen().unwrap().matches[0];
        assert_eq!(matching(&map, found), "<50");
        assert_eq!(
            quality_map(&report, &map)[0],
            "JPEG 70 ≈ WebP <50: most images need a quality outside those measured; give more, as with -q 5..100/5."
        );
        assert_eq!(map.settings.qualities.len(), 1);
    }
}
