//! Sentences: what the figures come to, and what they do not. Pure.

mod browsers;
mod equal;
mod quality;
mod verdict;

pub(super) use browsers::{browsers_legend, pictures, shown_by};
pub(super) use equal::{Hint, equal_quality};
pub(super) use quality::{matching, metric_name, quality_map, quality_map_legend};
pub(super) use verdict::{lossless_class, recommendations, recommended, verdict};

use super::duel::{Duel, Side};
use super::{label, units};
use crate::report::{Report, RunTiming};
use crate::summary::Ratio;
use crate::verdict::TIE;

/// Who is smaller than whom, and whether that compares like with like.
pub(super) fn sentences(duel: &Duel) -> Vec<String> {
    let truth = truth(duel);
    [sizes(duel)].into_iter().chain(truth).collect()
}

/// `At q60 WebP is 50.4 % smaller than JPEG and 92.5 % smaller than PNG.`
fn sizes(duel: &Duel) -> String {
    let opening = match duel.quality {
        Some(quality) => format!("At q{quality}"),
        None => "Without loss".into(),
    };
    let average = match duel.images {
        1 => String::new(),
        n => format!(", on average over {n} images"),
    };
    let clauses = duel.rivals.iter().map(|rival| {
        // A single pair that reads alike has words of its own.
        let same = duel.images == 1 && (rival.ratio - 1.0).abs() < 0.0005;
        let unclear = !same && is_unclear(rival.ratio, rival.interval);
        relation(&rival.side.name, rival.ratio, rival.interval, unclear)
    });
    let clauses = join(&clauses.collect::<Vec<_>>());
    format!("{opening} {} is {clauses}{average}.", duel.subject.name)
}

/// Which way a clause points, and the clause.
type Clause = (std::cmp::Ordering, String);

/// Whether a ratio is within the tie band, or its interval spans 1.
fn is_unclear(ratio: f64, interval: Option<[f64; 2]>) -> bool {
    (ratio - 1.0).abs() <= TIE || interval.is_some_and(|[low, high]| low <= 1.0 && high >= 1.0)
}

fn relation(name: &str, ratio: f64, interval: Option<[f64; 2]>, unclear: bool) -> Clause {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let percent = units::fixed((ratio - 1.0).abs() * 100.0, 1);
    let interval = interval.map_or_else(String::new, |ends| {
        let [low, high] = ends.map(units::points);
        format!(" [{low}, {high}]")
    });
    if unclear {
        let change = format!("{}{interval}", units::change(ratio));
        (
            Equal,
            format!("{} {name} ({change}: no clear winner)", vaguely(ratio)),
        )
    } else if ratio == 1.0 {
        (Equal, format!("exactly as large as {name}"))
    } else if percent == "0.0" {
        (Equal, format!("practically as large as {name}"))
    } else if ratio >= 2.0 {
        let times = units::fixed(ratio, 1);
        (
            Greater,
            format!("{times} times as large as {name}{interval}"),
        )
    } else if ratio > 1.0 {
        (Greater, format!("{percent} % larger than {name}{interval}"))
    } else {
        (Less, format!("{percent} % smaller than {name}{interval}"))
    }
}

/// What may be said of a ratio that is no win.
fn vaguely(ratio: f64) -> &'static str {
    if (ratio - 1.0).abs() <= TIE {
        "about as large as"
    } else if ratio < 1.0 {
        "not clearly smaller than"
    } else {
        "not clearly larger than"
    }
}

/// `a, b and c`; `but` where the last one points the other way.
fn join(clauses: &[Clause]) -> String {
    let [rest @ .., (last_way, last)] = clauses else {
        return String::new();
    };
    let texts: Vec<&str> = rest.iter().map(|(_, text)| text.as_str()).collect();
    match rest.last() {
        None => last.clone(),
        Some((way, _)) if way == last_way => format!("{} and {last}", texts.join(", ")),
        Some(_) => format!("{} but {last}", texts.join(", ")),
    }
}

/// Whether the sizes compare like with like.
fn truth(duel: &Duel) -> Option<String> {
    let quality = duel.quality?;
    let lossy = duel.lossy();
    let judged = match (lossy.as_slice(), &duel.metric) {
        ([], _) => None,
        ([one], Some((id, name))) => one.score.map(|score| {
            let score = label::number(id, score);
            format!(
                "{} is not lossless: it scores {score} {name}{}.",
                one.full,
                average(duel)
            )
        }),
        ([one], None) => Some(format!("{} is not lossless.", one.full)),
        (sides, Some((id, name))) => judge(duel, sides, id, name),
        (_, None) => None,
    };
    let judged = judged.unwrap_or_else(|| {
        format!("But q{quality} means something else in every format, and no score tells how these compare.")
    });
    Some(format!("{judged}{}", lossless(duel)))
}

fn judge(duel: &Duel, sides: &[&Side], id: &str, metric: &str) -> Option<String> {
    let quality = duel.quality?;
    let scores = sides
        .iter()
        .map(|s| s.score)
        .collect::<Option<Vec<f64>>>()?;
    let told: Vec<String> = sides
        .iter()
        .zip(&scores)
        .enumerate()
        .map(|(nth, (side, score))| {
            let verb = if nth == 0 { " scores" } else { "" };
            format!("{}{verb} {}", side.full, label::number(id, *score))
        })
        .collect();
    let told = format!("{} {metric}{}", units::list(&told), average(duel));
    Some(if duel.is_alike() {
        format!("They score about alike: {told}, so these sizes are comparable.")
    } else {
        format!(
            "But q{quality} is not the same quality: {told}, so these sizes do not compare like with like."
        )
    })
}

fn average(duel: &Duel) -> &'static str {
    if duel.images > 1 { " on average" } else { "" }
}

fn lossless(duel: &Duel) -> String {
    let names: Vec<String> = duel.lossless().iter().map(|s| s.full.clone()).collect();
    match names.len() {
        0 => String::new(),
        1 => format!(" {} keeps every pixel.", names[0]),
        _ => format!(" {} keep every pixel.", units::list(&names)),
    }
}

/// `−31.2 % [−38.0, −24.1]`, or `−31.2 % (n=1)`.
pub(super) fn with_interval(ratio: f64, interval: Option<[f64; 2]>, images: usize) -> String {
    let change = units::change(ratio);
    match interval.map(|ends| ends.map(units::points)) {
        Some([low, high]) => format!("{change} [{low}, {high}]"),
        None => format!("{change} (n={images})"),
    }
}

/// ` BD-rate −12.3 % [−15.0, −9.1], n = 12.`
fn bd_rate(rate: Option<Ratio>) -> String {
    match rate {
        None => String::new(),
        Some(one) if one.images == 1 => format!(" BD-rate {}.", units::change(one.mean)),
        Some(Ratio {
            mean,
            interval,
            images,
        }) => {
            let change = with_interval(mean, interval, images);
            format!(" BD-rate {change}, n = {images}.")
        }
    }
}

/// `Encoders: JPEG 1.2 s, WebP 0.9 s of CPU.`, of the files that are shown.
pub(super) fn encode_times(report: &Report) -> Option<String> {
    let mut times: Vec<(String, f64)> = Vec::new();
    for (_, entry, measurement) in report.measurements() {
        let Some(timing) = measurement.fresh_timing() else {
            continue;
        };
        let ms = timing.encode_cpu_ms;
        let name = label::codec(report, &entry.codec, &entry.format);
        match times.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += ms,
            None => times.push((name, ms)),
        }
    }
    let told: Vec<String> = times
        .iter()
        .map(|(name, ms)| format!("{name} {}", units::time(*ms)))
        .collect();
    (told.len() > 1).then(|| format!("Encoders: {} of CPU.", told.join(", ")))
}

/// A spread above this says nothing of which encoder is faster.
const NOISY: f64 = 0.05;

/// `Times are medians of 5 encodes, one at a time: ± 1.8 %, usable.`, where encodes were repeated.
pub(super) fn repeated(report: &Report) -> Option<String> {
    let timings = report
        .measurements()
        .filter_map(|(_, _, m)| m.timing.as_ref());
    let runs = timings
        .filter(|t| t.spread.is_some())
        .map(|t| t.runs)
        .max()?;
    let widths = report.by_width.iter().map(|width| &width.summary);
    let variants = widths.chain([&report.summary]).flat_map(|s| &s.variants);
    let spreads = variants.filter_map(|v| v.timing.as_ref()?.spread);
    let most = spreads.max_by(f64::total_cmp)?;
    if runs == 1 {
        return Some("Times are of one encode each, one at a time: too few to tell noise.".into());
    }
    let percent = units::fixed(most * 100.0, 1);
    let verdict = if most > NOISY {
        "too noisy to rank"
    } else {
        "usable"
    };
    Some(format!(
        "Times are medians of {runs} encodes, one at a time: ± {percent} %, {verdict}."
    ))
}

/// `12 of 40 results were measured in earlier runs (--no-cache measures them anew).`
pub(super) fn cached(report: &Report) -> Option<String> {
    let timings = report
        .measurements()
        .filter_map(|(_, _, m)| m.timing.as_ref());
    let (cached, all) = timings.fold((0, 0), |(cached, all), timing| {
        (cached + usize::from(timing.cached), all + 1)
    });
    let results = units::count(all, "result", "results");
    let line = format!("{cached} of {results} measured in earlier runs (--no-cache does it anew).");
    (cached > 0).then_some(line)
}

/// `codecs and metrics 41.2 s of CPU in 21.0 s on 2 cores: 98 %`.
pub(super) fn busy(timing: &RunTiming) -> String {
    let cores = units::count(timing.jobs, "core", "cores");
    let (cpu, wall) = (units::time(timing.cpu_ms), units::time(timing.wall_ms));
    let line = format!("codecs and metrics {cpu} of CPU in {wall} on {cores}");
    let available = timing.wall_ms * timing.jobs as f64;
    if available > 0.0 {
        let share = units::fixed(timing.cpu_ms / available * 100.0, 0);
        format!("{line}: {share} %")
    } else {
        line
    }
}

#[cfg(test)]
mod tests;
