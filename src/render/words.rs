//! Sentences: what the figures come to, and what they do not. Pure.

use super::duel::{Duel, Rival, Side};
use super::{label, units};
use crate::report::RunTiming;

/// A difference of this share or less is no win over several images.
const TIE: f64 = 0.02;

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
    let several = duel.images > 1;
    let clauses = duel.rivals.iter().map(|rival| relation(rival, several));
    let clauses = join(&clauses.collect::<Vec<_>>());
    format!("{opening} {} is {clauses}{average}.", duel.subject.name)
}

/// Which way a clause points, and the clause.
type Clause = (std::cmp::Ordering, String);

fn relation(rival: &Rival, several: bool) -> Clause {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let (name, ratio) = (&rival.side.name, rival.ratio);
    let unclear = several
        && ((ratio - 1.0).abs() <= TIE
            || rival
                .interval
                .is_some_and(|[low, high]| low <= 1.0 && high >= 1.0));
    let percent = units::fixed((ratio - 1.0).abs() * 100.0, 1);
    if unclear {
        let change = units::change(ratio);
        (
            Equal,
            format!("about as large as {name} ({change}: no clear winner)"),
        )
    } else if ratio == 1.0 {
        (Equal, format!("exactly as large as {name}"))
    } else if percent == "0.0" {
        (Equal, format!("practically as large as {name}"))
    } else if ratio >= 2.0 {
        let times = units::fixed(ratio, 1);
        (Greater, format!("{times} times as large as {name}"))
    } else if ratio > 1.0 {
        (Greater, format!("{percent} % larger than {name}"))
    } else {
        (Less, format!("{percent} % smaller than {name}"))
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
    let spread = scores.iter().copied().fold(f64::MIN, f64::max)
        - scores.iter().copied().fold(f64::MAX, f64::min);
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
    // A hair more than the tolerance, for scores that were rounded.
    Some(if spread <= tolerance(id) + 1e-9 {
        format!("They score about alike: {told}, so these sizes are comparable.")
    } else {
        format!(
            "But q{quality} is not the same quality: {told}, so these sizes do not compare like with like."
        )
    })
}

/// The difference that is hardly one, on the metric's scale.
fn tolerance(metric: &str) -> f64 {
    match metric {
        "ssimulacra2" => 1.0,
        "psnr" => 0.5,
        _ => 0.0,
    }
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
mod tests {
    use super::*;

    fn side(name: &str, score: Option<f64>) -> Side {
        let lossless = name == "PNG";
        let full = if lossless {
            name.into()
        } else {
            format!("{name} q60")
        };
        Side {
            name: name.into(),
            full,
            lossless,
            score,
        }
    }

    fn duel(images: usize, subject: Side, rivals: &[(Side, f64)]) -> Duel {
        let rivals = rivals.iter().map(|(side, ratio)| Rival {
            side: side.clone(),
            ratio: *ratio,
            interval: (images > 1).then(|| [ratio * 0.9, ratio * 1.1]),
        });
        Duel {
            quality: Some(60),
            images,
            metric: Some(("ssimulacra2".into(), "SSIMULACRA2".into())),
            rivals: rivals.collect(),
            subject,
        }
    }

    fn one(webp: f64, jpeg: f64, to_jpeg: f64, to_png: f64) -> Vec<String> {
        let rivals = [
            (side("JPEG", Some(jpeg)), to_jpeg),
            (side("PNG", Some(100.0)), to_png),
        ];
        sentences(&duel(1, side("WebP", Some(webp)), &rivals))
    }

    #[test]
    fn the_sentence_that_started_it_and_the_truth_about_it() {
        assert_eq!(
            one(66.0, 68.1, 0.496, 0.075),
            [
                "At q60 WebP is 50.4 % smaller than JPEG and 92.5 % smaller than PNG.",
                "But q60 is not the same quality: JPEG q60 scores 68.1 and WebP q60 66.0 SSIMULACRA2, so these sizes do not compare like with like. PNG keeps every pixel.",
            ]
        );
    }

    #[test]
    fn scores_within_a_point_are_alike() {
        assert_eq!(
            one(67.1, 68.1, 0.9, 0.1)[1],
            "They score about alike: JPEG q60 scores 68.1 and WebP q60 67.1 SSIMULACRA2, so these sizes are comparable. PNG keeps every pixel."
        );
        assert!(one(67.09, 68.1, 0.9, 0.1)[1].starts_with("But q60"));
    }

    #[test]
    fn larger_equal_and_far_larger() {
        for (jpeg, png, said) in [
            (
                1.063,
                0.18,
                "6.3 % larger than JPEG but 82.0 % smaller than PNG",
            ),
            (
                1.0,
                1.25,
                "exactly as large as JPEG but 25.0 % larger than PNG",
            ),
            (
                0.9999,
                0.5,
                "practically as large as JPEG but 50.0 % smaller than PNG",
            ),
            (
                1.5,
                6.58,
                "50.0 % larger than JPEG and 6.6 times as large as PNG",
            ),
        ] {
            assert_eq!(
                one(66.0, 68.0, jpeg, png)[0],
                format!("At q60 WebP is {said}.")
            );
        }
    }

    #[test]
    fn an_interval_that_spans_one_is_no_win() {
        let rivals = [(side("JPEG", Some(70.0)), 0.95), (side("PNG", None), 0.2)];
        let told = sentences(&duel(12, side("WebP", Some(72.0)), &rivals));
        assert_eq!(
            told[0],
            "At q60 WebP is about as large as JPEG (−5.0 %: no clear winner) but 80.0 % smaller than PNG, on average over 12 images."
        );
        assert!(told[1].contains("70.0 and WebP q60 72.0 SSIMULACRA2 on average, so"));
    }

    #[test]
    fn one_lossy_format_and_no_score() {
        let mut alone = duel(1, side("JPEG", Some(70.0)), &[(side("PNG", None), 0.2)]);
        assert_eq!(
            truth(&alone).as_deref(),
            Some("JPEG q60 is not lossless: it scores 70.0 SSIMULACRA2. PNG keeps every pixel.")
        );
        alone.metric = None;
        assert_eq!(
            truth(&alone).as_deref(),
            Some("JPEG q60 is not lossless. PNG keeps every pixel.")
        );
        let both = duel(1, side("WebP", None), &[(side("JPEG", None), 0.5)]);
        assert!(truth(&both).is_some_and(|t| t.contains("no score tells")));
    }

    #[test]
    fn lossless_formats_alone() {
        let mut duel = duel(1, side("PNG", None), &[(side("PNG", None), 1.5)]);
        duel.quality = None;
        assert_eq!(
            sentences(&duel),
            ["Without loss PNG is 50.0 % larger than PNG."]
        );
    }

    #[test]
    fn how_busy() {
        let timing = |cpu_ms, wall_ms, jobs| {
            busy(&RunTiming {
                cpu_ms,
                wall_ms,
                jobs,
            })
        };
        assert_eq!(
            timing(41_200.0, 21_000.0, 2),
            "codecs and metrics 41.2 s of CPU in 21.0 s on 2 cores: 98 %"
        );
        assert_eq!(
            timing(0.0, 0.0, 1),
            "codecs and metrics 0.0 ms of CPU in 0.0 ms on 1 core"
        );
    }

    #[test]
    fn intervals() {
        assert_eq!(
            with_interval(0.688, Some([0.62, 0.759]), 12),
            "−31.2 % [−38.0, −24.1]"
        );
        assert_eq!(with_interval(0.688, None, 1), "−31.2 % (n=1)");
    }
}
