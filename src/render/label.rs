//! What things in a report are called.

mod goal;

pub(super) use goal::{
    found, goal, has_targets, qualities_found, quality_found, target, unreachable,
};

use self::goal::is_search;
use super::units;
use crate::diff::Diff;
use crate::metric::{self, Better, METRICS};
use crate::report::{CodecUsed, Entry, ImageReport, Measurement, MetricUsed, Outcome, Report};
use crate::summary::VariantSummary;

/// What stands for “none”.
pub(super) const NONE: &str = "–";

/// What knows the codecs and metrics that are named.
pub(super) trait Used {
    /// All codecs.
    fn codecs(&self) -> &[CodecUsed];
    /// All metrics.
    fn metrics(&self) -> &[MetricUsed];
}

impl Used for Report {
    fn codecs(&self) -> &[CodecUsed] {
        &self.codecs
    }

    fn metrics(&self) -> &[MetricUsed] {
        &self.metrics
    }
}

impl Used for Diff {
    fn codecs(&self) -> &[CodecUsed] {
        &self.codecs
    }

    fn metrics(&self) -> &[MetricUsed] {
        &self.metrics
    }
}

/// Name of format `id`, also of one that was only read.
pub(super) fn format(report: &impl Used, id: &str) -> String {
    let used = report.codecs().iter().find(|c| c.format == id);
    match (id, used) {
        (_, Some(codec)) => codec.format_name.clone(),
        ("webp", None) => "WebP".into(),
        ("jxl", None) => "JPEG XL".into(),
        _ => id.to_uppercase(),
    }
}

/// Format of a codec's files; with the codec when several make it.
pub(super) fn codec(report: &impl Used, codec: &str, format_id: &str) -> String {
    let name = format(report, format_id);
    let several = report
        .codecs()
        .iter()
        .any(|c| c.format == format_id && c.id != codec);
    if several {
        format!("{name} ({codec})")
    } else {
        name
    }
}

/// What a variant name says beside codec and goal: `subsampling=444`.
fn settings(variant: &str, goal: &str) -> Option<String> {
    let (_, parts) = variant.split_once(':')?;
    let parts: Vec<&str> = parts.split(',').filter(|p| *p != goal).collect();
    (!parts.is_empty()).then(|| parts.join(","))
}

/// `text` and what a variant name says beside codec and goal.
pub(super) fn with_settings(text: String, variant: &str, goal: &str) -> String {
    match settings(variant, goal) {
        Some(settings) => format!("{text} {settings}"),
        None => text,
    }
}

/// A goal and other settings as a table's only cell about them: as [`quality`], or `SSIMULACRA2 70`.
pub(super) fn asked(report: &impl Used, variant: &str, goal: &str) -> String {
    if is_search(goal) {
        with_settings(self::goal(report, goal), variant, goal)
    } else {
        quality(variant, goal)
    }
}

/// A goal and other settings as a table's cell: `60`, `lossless`, `80 subsampling=444`.
pub(super) fn quality(variant: &str, goal: &str) -> String {
    let number = goal
        .strip_prefix('q')
        .filter(|n| n.parse::<u8>().is_ok())
        .unwrap_or(goal);
    with_settings(number.into(), variant, goal)
}

/// Name of metric `id`.
pub(super) fn metric(report: &impl Used, id: &str) -> String {
    let used = report.metrics().iter().find(|m| m.id == id);
    used.map_or(id, |m| &m.name).into()
}

/// An entry in a sentence: `JPEG q60`, `PNG`, `WebP lossless`, `JPEG q80 subsampling=444`.
pub(super) fn entry(report: &impl Used, entry: &Entry) -> String {
    variant(
        report,
        &entry.codec,
        &entry.format,
        &entry.variant,
        &entry.goal,
    )
}

/// As [`entry`], of a variant's parts.
pub(super) fn variant(
    report: &impl Used,
    codec_id: &str,
    format_id: &str,
    variant: &str,
    goal: &str,
) -> String {
    let mut name = codec(report, codec_id, format_id);
    // A codec that is lossless anyway does not say so in its variants.
    let said = variant
        .split_once(':')
        .is_some_and(|(_, parts)| parts.split(',').any(|p| p == goal));
    if is_search(goal) {
        name = format!("{name} at {}", self::goal::goal(report, goal));
    } else if said {
        name = format!("{name} {goal}");
    }
    with_settings(name, variant, goal)
}

/// Bits a pixel as a table's cell: `24`, `8 palette`, `1 grey`.
pub(super) fn bits(bits: u16, colour: &str) -> String {
    match model(colour) {
        Some(model) => format!("{bits} {model}"),
        None => bits.to_string(),
    }
}

/// Bits a pixel in a heading: `24 bits`, `8-bit palette`.
pub(super) fn bits_in_words(bits: u16, colour: &str) -> String {
    match model(colour) {
        Some(model) => format!("{bits}-bit {model}"),
        None if bits == 1 => "1 bit".into(),
        None => format!("{bits} bits"),
    }
}

/// The colour model where the number of bits does not tell.
fn model(colour: &str) -> Option<&str> {
    match colour {
        "rgb" | "rgba" | "" => None,
        "grey-alpha" => Some("grey+alpha"),
        "cmyk" => Some("CMYK"),
        "ycck" => Some("YCCK"),
        other => Some(other),
    }
}

/// A density: `72`, `150×75`, `–`.
pub(super) fn dpi(dpi: Option<[f64; 2]>) -> String {
    let one = |value: f64| {
        let whole = (value - value.round()).abs() < 0.05;
        units::fixed(value, if whole { 0 } else { 1 })
    };
    match dpi.map(|sides| sides.map(one)) {
        None => NONE.into(),
        Some([x, y]) if x == y => x,
        Some([x, y]) => format!("{x}×{y}"),
    }
}

/// A score as a table's cell: `100`, `0` and `∞` for a perfect one of identical pictures.
pub(super) fn score(metric: &MetricUsed, measurement: &Measurement) -> String {
    match measurement.scores.get(&metric.id) {
        Some(&perfect) if measurement.identical => units::fixed(perfect, 0),
        Some(&score) => number(&metric.id, score),
        // An infinite score is left out of the report: a metric that has one has no score for the same pixels.
        None if measurement.identical && is_infinite(&metric.id) => "∞".into(),
        None => NONE.into(),
    }
}

/// A mean score and its worst twentieth as a table's cell: `72.3 / 61.0`.
pub(super) fn scores(report: &Report, metric: &MetricUsed, variant: &VariantSummary) -> String {
    let number = |score: f64| match score {
        100.0 if metric.id == "ssimulacra2" => "100".into(),
        0.0 if metric.better == Better::Lower => "0".into(),
        score => number(&metric.id, score),
    };
    if let Some(score) = variant.scores.get(&metric.id) {
        return format!("{} / {}", number(score.mean), number(score.p5));
    }
    let mut own = report
        .measurements()
        .filter(|(_, e, _)| e.variant == variant.variant);
    let identical =
        is_infinite(&metric.id) && variant.images > 0 && own.all(|(_, _, m)| m.identical);
    if identical { "∞".into() } else { NONE.into() }
}

/// Whether identical pictures have no finite score in metric `id`.
fn is_infinite(id: &str) -> bool {
    metric::find(METRICS, id).is_some_and(|m| m.info().perfect.is_none())
}

/// Why there are no figures: `skipped: …`, `failed (encode): …`.
pub(super) fn missing(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done(_) => String::new(),
        Outcome::Skipped { reason } => format!("skipped: {reason}"),
        Outcome::Failed { error } => format!("failed ({}): {}", error.code, error.message),
    }
}

/// A score with the decimals that mean something on its scale.
pub(super) fn number(metric: &str, score: f64) -> String {
    let decimals = match metric {
        "ssimulacra2" => 1,
        "psnr" | "butteraugli-max" => 2,
        "butteraugli" => 3,
        _ if score.abs() < 1.0 => 4,
        _ => 2,
    };
    units::fixed(score, decimals)
}

/// What a score changed by: `+0.3`, `−1.2`, `0.0`; to more decimals where it is less than those tell.
pub(super) fn score_change(metric: &str, change: f64) -> String {
    let is_told = |text: &String| text.contains(|c: char| ('1'..='9').contains(&c));
    let usual = number(metric, change);
    let finer = (2..=6).map(|decimals| units::fixed(change, decimals));
    let text = [usual.clone()].into_iter().chain(finer).find(is_told);
    let text = text.unwrap_or(usual);
    if change > 0.0 {
        format!("+{text}")
    } else {
        text
    }
}

/// `a.png`, or `a.png 640w` of a ladder of widths.
pub(super) fn input(path: &str, width: Option<u32>) -> String {
    width.map_or_else(|| path.into(), |width| format!("{path} {width}w"))
}

/// What an image is called: as [`input`].
pub(super) fn image(image: &ImageReport) -> String {
    input(&image.path, image.rung.map(|rung| rung.width))
}

/// `1458×1126`.
pub(super) fn sides(image: &ImageReport) -> String {
    format!("{}×{}", image.width, image.height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities() {
        for (variant, goal, text) in [
            ("mozjpeg:q60", "q60", "60"),
            ("oxipng", "lossless", "lossless"),
            ("oxipng:effort=4", "lossless", "lossless effort=4"),
            ("libwebp:lossless,effort=6", "lossless", "lossless effort=6"),
            (
                "mozjpeg:q80,progressive=off,subsampling=444",
                "q80",
                "80 progressive=off,subsampling=444",
            ),
        ] {
            assert_eq!(quality(variant, goal), text);
        }
    }

    #[test]
    fn bits_name_the_model_where_it_matters() {
        assert_eq!(bits(24, "rgb"), "24");
        assert_eq!(bits(32, "rgba"), "32");
        assert_eq!(bits(8, "palette"), "8 palette");
        assert_eq!(bits(1, "grey"), "1 grey");
        assert_eq!(bits_in_words(24, "rgb"), "24 bits");
        assert_eq!(bits_in_words(8, "palette"), "8-bit palette");
    }

    #[test]
    fn densities() {
        assert_eq!(dpi(None), "–");
        assert_eq!(dpi(Some([72.0, 72.0])), "72");
        assert_eq!(dpi(Some([299.99, 299.99])), "300");
        assert_eq!(dpi(Some([150.0, 75.0])), "150×75");
        assert_eq!(dpi(Some([72.6, 72.6])), "72.6");
    }
}
