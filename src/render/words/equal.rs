//! Sentences about sizes at equal quality.

use super::super::duel::Duel;
use super::super::{label, units};
use super::{bd_rate, is_unclear, relation};
use crate::report::{Entry, Report};
use crate::summary::{EqualQuality, Incomparable, Ratio, lossy_variants};

/// Whether the reader is told how to get sizes at equal quality where the qualities asked for give none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Hint {
    Give,
    /// It is told elsewhere, once for all images.
    Keep,
}

/// What the formats come to at the same score; beside `duel`, which has them at the same quality number.
pub(in super::super) fn equal_quality(
    report: &Report,
    rows: &[EqualQuality],
    duel: Option<&Duel>,
    hint: Hint,
) -> Vec<String> {
    let without_curve =
        |row: &&EqualQuality| row.ratio.is_none() && row.reason == Some(Incomparable::TooFewPoints);
    let (without, told): (Vec<&EqualQuality>, Vec<&EqualQuality>) =
        rows.iter().partition(without_curve);
    let mut sentences: Vec<String> = told.iter().map(|row| sentence(report, row)).collect();
    if hint == Hint::Keep {
        return sentences;
    }
    let (single, odd): (Vec<&EqualQuality>, Vec<&EqualQuality>) =
        without.iter().partition(|row| is_single(report, row));
    sentences.extend(odd.iter().map(|row| sentence(report, row)));
    let apart = duel.is_some_and(|duel| !duel.is_alike());
    if !single.is_empty() && apart {
        sentences.push("For sizes at equal quality give several qualities: -q 50..90/10.".into());
    }
    sentences
}

/// Whether both formats were asked at one quality only: that says nothing about any other.
fn is_single(report: &Report, row: &EqualQuality) -> bool {
    [&row.format, &row.baseline]
        .iter()
        .all(|format| is_alone(report, format))
}

fn is_alone(report: &Report, format: &str) -> bool {
    lossy_variants(report, format).len() < 2
}

/// `At equal SSIMULACRA2 (about 66) WebP is 8.1 % smaller than JPEG [−12.0, −4.1], n = 9.`
fn sentence(report: &Report, row: &EqualQuality) -> String {
    let metric = report.metrics.iter().find(|m| m.id == row.metric);
    let metric = metric.map_or(row.metric.as_str(), |m| &m.name);
    let [name, baseline] = names(report, row);
    let Some((ratio, score)) = row.ratio.zip(row.score) else {
        return format!(
            "At equal {metric} {name} and {baseline} are not comparable{}.",
            reason(report, row)
        );
    };
    let Ratio { mean, interval, .. } = ratio;
    let (_, clause) = relation(&baseline, mean, interval, is_unclear(mean, interval));
    let (score, n) = match ratio.images {
        1 => (label::number(&row.metric, score), " [n=1]".into()),
        n => {
            let rough = match row.metric.as_str() {
                "ssimulacra2" => units::fixed(score, 0),
                id => label::number(id, score),
            };
            (format!("(about {rough})"), format!(", n = {n}"))
        }
    };
    format!(
        "At equal {metric} {score} {name} is {clause}{n}.{}{}",
        bd_rate(row.bd_rate),
        rest(report, row)
    )
}

/// ` 3 more images are not comparable: …`
fn rest(report: &Report, row: &EqualQuality) -> String {
    if row.not_comparable == 0 {
        return String::new();
    }
    let images = units::count(row.not_comparable, "more image is", "more images are");
    format!(" {images} not comparable{}.", reason(report, row))
}

/// Why they do not compare, and what to do about it: `: …; add qualities …`.
fn reason(report: &Report, row: &EqualQuality) -> String {
    let [name, baseline] = names(report, row);
    let why = match row.reason {
        Some(Incomparable::AllBetter) => {
            format!("every {name} scores better than every {baseline}")
        }
        Some(Incomparable::AllWorse) => {
            format!("every {baseline} scores better than every {name}")
        }
        Some(Incomparable::OverlapTooNarrow) => "their scores hardly overlap".into(),
        Some(Incomparable::TooFewPoints) | None => {
            let alone = [(&row.format, &name), (&row.baseline, &baseline)];
            let alone = alone.iter().find(|(id, _)| is_alone(report, id));
            match alone {
                Some((_, name)) => format!("{name} has one quality only at default settings"),
                None => "one of them has fewer than two qualities that count".into(),
            }
        }
    };
    let differs = row.not_comparable > 1 && row.reason != Some(Incomparable::TooFewPoints);
    let because = if differs { ", mostly because " } else { ": " };
    format!(
        "{because}{why}; add qualities, as with -q {}",
        sweep(report)
    )
}

/// Qualities that reach further than those there are.
fn sweep(report: &Report) -> &'static str {
    let results = report.images.iter().flat_map(|image| &image.results);
    let qualities = results.filter_map(Entry::set_quality);
    let [low, high] = qualities.fold([u8::MAX, 0], |[low, high], q| [low.min(q), high.max(q)]);
    if low <= 40 && high >= 90 {
        "10..100/5"
    } else {
        "40..90/10"
    }
}

fn names(report: &Report, row: &EqualQuality) -> [String; 2] {
    [&row.format, &row.baseline].map(|id| label::format(report, id))
}
