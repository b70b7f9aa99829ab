//! Sentences about what was searched for: who wins at one goal, and what to serve.

use super::super::duel::Duel;
use super::super::{label, units};
use super::{Hint, bd_rate, equal_quality, relation};
use crate::report::{Asked, ImageReport, Report};
use crate::summary::{Difference, EqualQuality};
use crate::verdict::{Basis, Because, Opinion, Outcome, Pair, Side, Sign, Worst};

/// Who wins at each goal, against each of the others. Beside what was searched for `rows` are told if `pairs` has them: at
/// equal quality.
pub(in super::super) fn verdict(
    report: &Report,
    pairs: &[Pair],
    rows: &[EqualQuality],
) -> Vec<String> {
    let (curves, pairs): (Vec<&Pair>, Vec<&Pair>) =
        pairs.iter().partition(|pair| pair.basis == Basis::Curves);
    let told = pairs.iter().filter(|pair| {
        let leader = leader(pairs.iter().copied().filter(|p| p.goal == pair.goal));
        [&pair.a, &pair.b]
            .into_iter()
            .any(|side| Some(side) == leader)
    });
    let first = pairs.first().map(|pair| &pair.goal);
    let sentences = told.map(|pair| {
        // It is about the whole curves: once is enough.
        let rate = pair.bd_rate;
        let rate = rate.filter(|_| pair.ratio.is_some() && Some(&pair.goal) == first);
        let parts = [
            sentence(report, pair),
            bd_rate(rate),
            opinions(report, pair),
            unreached(report, pair),
        ];
        parts.concat()
    });
    let comparable = |row: &&EqualQuality| row.ratio.is_some() && !curves.is_empty();
    let rows: Vec<EqualQuality> = rows.iter().filter(comparable).cloned().collect();
    let equal = equal_quality(report, &rows, None, Hint::Keep);
    sentences.chain(equal).collect()
}

/// Who is ahead most often of those that `pairs` compare, the first of equals.
fn leader<'a>(pairs: impl Iterator<Item = &'a Pair>) -> Option<&'a Side> {
    let ahead: Vec<&Side> = pairs.map(|pair| &pair.a).collect();
    let wins = |side: &Side| ahead.iter().filter(|a| **a == side).count();
    let sides = ahead.iter().rev().copied();
    sides.max_by_key(|side| wins(side))
}

/// Who is smallest of several that keep every pixel, where `duel` is about lossy ones.
pub(in super::super) fn lossless_class(
    report: &Report,
    duel: Option<&Duel>,
    pairs: &[Pair],
) -> Vec<String> {
    let class = pairs.iter().filter(|pair| pair.goal == "lossless");
    let class: Vec<Pair> = class.cloned().collect();
    match duel.map(|duel| duel.quality) {
        Some(None) => Vec::new(),
        _ => verdict(report, &class, &[]),
    }
}

/// `At SSIMULACRA2 70 WebP is 11.0 % smaller than JPEG [−15.0, −7.1], n = 42 (38 wins, 3 ties, 1 loss; …).`
fn sentence(report: &Report, pair: &Pair) -> String {
    let [a, b] = [&pair.a, &pair.b].map(|side| name(report, pair, side));
    let at = match Asked::of(&pair.goal) {
        Some(Asked::Lossless) => "Without loss".into(),
        _ => format!("At {}", label::goal(report, &pair.goal)),
    };
    let clause = match (pair.ratio, pair.score_difference) {
        (Some(ratio), _) => {
            let unclear = pair.outcome == Outcome::NoClearWinner;
            let (_, clause) = relation(&b, ratio.mean, ratio.interval, unclear);
            format!("{a} is {clause}")
        }
        (None, Some(difference)) => by_score(report, pair, difference, [&a, &b]),
        (None, None) => return format!("{at} {a} and {b} are not comparable."),
    };
    format!("{at} {clause}{}.", tally(report, pair))
}

/// `WebP scores 3.1 SSIMULACRA2 better than JPEG [+2.0, +4.2]`.
fn by_score(report: &Report, pair: &Pair, difference: Difference, [a, b]: [&str; 2]) -> String {
    let metric = report.metrics.first().map_or("", |m| &m.id);
    let scale = label::metric(report, metric);
    let signed = |value: f64| match label::number(metric, value) {
        text if value > 0.0 => format!("+{text}"),
        text => text,
    };
    let ends = difference.interval.map(|ends| ends.map(signed));
    let ends = ends.map_or_else(String::new, |[low, high]| format!(" [{low}, {high}]"));
    if pair.outcome == Outcome::NoClearWinner {
        let mean = signed(difference.mean);
        format!("{a} and {b} score about alike ({mean} {scale}{ends}: no clear winner)")
    } else {
        let mean = label::number(metric, difference.mean);
        format!("{a} scores {mean} {scale} better than {b}{ends}")
    }
}

/// `, n = 42 (38 wins, 3 ties, 1 loss; worst: hero.png, 4.0 % larger)`, or ` [n=1]`.
fn tally(report: &Report, pair: &Pair) -> String {
    if pair.images == 1 {
        return " [n=1]".into();
    }
    let counts = [
        units::count(pair.wins, "win", "wins"),
        units::count(pair.ties, "tie", "ties"),
        units::count(pair.losses, "loss", "losses"),
    ];
    let worst = pair.worst.first();
    let worst = worst.map_or_else(String::new, |worst| {
        format!("; worst: {}, {}", worst.path, badly(report, pair, worst))
    });
    format!(", n = {} ({}{worst})", pair.images, counts.join(", "))
}

fn badly(report: &Report, pair: &Pair, worst: &Worst) -> String {
    if pair.basis == Basis::Scores {
        let metric = report.metrics.first().map_or("", |m| &m.id);
        let word = if worst.value < 0.0 { "worse" } else { "better" };
        return format!("{} {word}", label::number(metric, worst.value.abs()));
    }
    let word = if worst.value > 1.0 {
        "larger"
    } else {
        "smaller"
    };
    let percent = units::fixed((worst.value - 1.0).abs() * 100.0, 1);
    format!("{percent} % {word}")
}

/// ` Butteraugli agrees.`
fn opinions(report: &Report, pair: &Pair) -> String {
    let agrees = |o: &&Opinion| match pair.outcome {
        Outcome::Smaller | Outcome::Better => !o.disagrees,
        _ => o.sign == Sign::Alike,
    };
    let (agreeing, others): (Vec<&Opinion>, Vec<&Opinion>) =
        pair.second_opinion.iter().partition(agrees);
    let names = agreeing.iter().map(|o| label::metric(report, &o.metric));
    let names: Vec<String> = names.collect();
    let mut told = match names.len() {
        0 => String::new(),
        1 => format!(" {} agrees.", names[0]),
        _ => format!(" {} agree.", units::list(&names)),
    };
    for opinion in others {
        let metric = label::metric(report, &opinion.metric);
        let by = label::number(&opinion.metric, opinion.difference.mean.abs());
        let (verb, word) = match opinion.sign {
            _ if opinion.disagrees => ("disagrees: it finds", "worse"),
            Sign::Worse => ("finds", "worse"),
            _ => ("finds", "better"),
        };
        let a = name(report, pair, &pair.a);
        told += &format!(" {metric} {verb} {a} {word} by {by}.");
    }
    told
}

/// ` WebP cannot reach it on 2 of 12 images.`
fn unreached(report: &Report, pair: &Pair) -> String {
    let of = pair.images + pair.not_comparable;
    let missed = [&pair.a, &pair.b].into_iter().filter(|s| s.unreached > 0);
    let told = missed.map(|side| {
        let name = name(report, pair, side);
        match (side.unreached, of) {
            (_, 1) => format!(" {name} cannot reach it."),
            (missed, _) => format!(" {name} cannot reach it on {missed} of {of} images."),
        }
    });
    told.collect()
}

fn name(report: &Report, pair: &Pair, side: &Side) -> String {
    let codec = label::codec(report, &side.codec, &side.format);
    let variant = side.variant.as_deref().unwrap_or(&side.codec);
    label::with_settings(codec, variant, &pair.goal)
}

/// `Recommended: WebP q73, 61.2 kB (−41.0 %): smallest that reaches SSIMULACRA2 70.`
pub(in super::super) fn recommended(report: &Report, image: &ImageReport) -> Option<String> {
    let found = image.recommended.as_ref()?;
    let asked = Asked::of(&found.goal);
    let goal = label::goal(report, &found.goal);
    let size = matches!(asked, Some(Asked::Size(_)));
    // What does not is no candidate.
    let keeps = if image.alpha {
        "keeps transparency and "
    } else {
        ""
    };
    let does = match asked {
        Some(Asked::Lossless) => "is lossless".into(),
        Some(Asked::Size(_)) => format!("{keeps}is no larger than {goal}"),
        _ => format!("{keeps}reaches {goal}"),
    };
    let why = match found.reason {
        Because::Smallest => format!("smallest that {does}"),
        Because::Best => format!("best that {does}"),
        Because::Lossless if size => format!("lossless, and no larger than {goal}"),
        Because::Lossless => format!("lossless, and smaller than any lossy file that {does}"),
        Because::Original if size => format!("no larger than {goal} as it is"),
        Because::Original => format!("no file that {does} is smaller"),
    };
    let bytes = units::bytes(found.bytes);
    let Some(variant) = &found.variant else {
        return Some(format!("Recommended: the original, {bytes}: {why}."));
    };
    let entry = image.results.iter().find(|e| e.variant == *variant)?;
    let change = units::change(found.bytes as f64 / image.bytes as f64);
    // Of another size it is another picture.
    let change = if image.is_resized() {
        String::new()
    } else {
        format!(" ({change})")
    };
    let lossy = image.lossy_source.is_some() && !entry.lossless;
    let lossy = if lossy {
        " The original is lossy already: better made from what it was made from."
    } else {
        ""
    };
    let name = label::found(report, entry);
    Some(format!(
        "Recommended: {name}, {bytes}{change}: {why}.{lossy}"
    ))
}

/// `Recommended for SSIMULACRA2 70: WebP for 30 images, PNG for 8 and the original for 4.`
pub(in super::super) fn recommendations(report: &Report) -> Option<String> {
    let found: Vec<_> = report
        .images
        .iter()
        .filter_map(|i| Some((i, i.recommended.as_ref()?)))
        .collect();
    let (_, first) = found.first()?;
    let mut counted: Vec<(String, usize)> = Vec::new();
    for (image, found) in &found {
        let entry = found.variant.as_ref();
        let entry = entry.and_then(|v| image.results.iter().find(|e| e.variant == *v));
        let name = entry.map_or("the original".into(), |e| {
            label::codec(report, &e.codec, &e.format)
        });
        match counted.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counted.push((name, 1)),
        }
    }
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let told = counted
        .iter()
        .enumerate()
        .map(|(nth, (name, count))| match nth {
            0 => format!("{name} for {}", units::count(*count, "image", "images")),
            _ => format!("{name} for {count}"),
        });
    let goal = label::goal(report, &first.goal);
    Some(format!(
        "Recommended for {goal}: {}.",
        units::list(&told.collect::<Vec<_>>())
    ))
}

#[cfg(test)]
mod tests;
