use proptest::prelude::*;

use super::*;
use crate::render::fixture;
use crate::report::{EntryError, Failure, ImageReport, Measurement, Outcome};

fn measured<'a>(report: &'a mut Report, path: &str, variant: &str) -> &'a mut Measurement {
    match &mut entry(report, path, variant).outcome {
        Outcome::Done(measurement) => measurement,
        other => panic!("{path} {variant}: {other:?}"),
    }
}

fn entry<'a>(report: &'a mut Report, path: &str, variant: &str) -> &'a mut Entry {
    let results = &mut image(report, path).results;
    results.iter_mut().find(|e| e.variant == variant).unwrap()
}

fn image<'a>(report: &'a mut Report, path: &str) -> &'a mut ImageReport {
    report.images.iter_mut().find(|i| i.path == path).unwrap()
}

/// What `change` makes of a report of three photos at three qualities.
fn after(change: impl FnOnce(&mut Report)) -> Diff {
    let old = fixture::sweep();
    let mut new = old.clone();
    change(&mut new);
    Diff::between(&old, &new)
}

fn held(limit: &str, change: impl FnOnce(&mut Report)) -> Vec<Violation> {
    let mut diff = after(change);
    diff.hold(limit.parse().unwrap());
    diff.verdict.unwrap().violations
}

fn paths(inputs: &[Input]) -> Vec<&str> {
    inputs.iter().map(|i| i.path.as_str()).collect()
}

#[test]
fn a_report_does_not_differ_from_itself() {
    for report in [
        fixture::one(),
        fixture::many(),
        fixture::sweep(),
        fixture::empty(),
        fixture::hostile(),
    ] {
        let mut untimed = report.clone();
        untimed.drop_timings();
        for other in [&report, &untimed] {
            let mut diff = Diff::between(&report, other);
            assert!(diff.is_empty() && diff.lost == 0, "{diff:?}");
            diff.hold("0".parse().unwrap());
            assert_eq!(diff.verdict.unwrap().violations, []);
        }
    }
}

#[test]
fn a_variant_changes_by_the_geometric_mean_of_its_images() {
    let diff = after(|new| {
        measured(new, "a.png", "mozjpeg:q50").bytes *= 2;
        let b = measured(new, "b.png", "mozjpeg:q50");
        (b.bytes, b.scores) = (b.bytes / 2, [("ssimulacra2".into(), 58.0)].into());
    });
    let variant = &diff.variants[0];
    assert_eq!(
        (variant.variant.as_str(), variant.images),
        ("mozjpeg:q50", 3)
    );
    let ratio = variant.ratio.unwrap();
    assert!((ratio.mean - 1.0).abs() < 1e-3, "{ratio:?}");
    let [low, high] = ratio.interval.unwrap();
    assert!(low < 0.8 && high > 1.25, "{ratio:?}");
    assert_eq!(variant.scores["ssimulacra2"], 1.0);
    assert!(variant.new_bytes > variant.old_bytes);
    assert_eq!(diff.variants[1].ratio.unwrap().interval, Some([1.0, 1.0]));
    let changed: Vec<_> = diff
        .entries
        .iter()
        .map(|e| (&*e.input.path, e.ratio))
        .collect();
    assert_eq!(changed[0], ("a.png", Some(2.0)));
    assert_eq!(
        (changed.len(), diff.entries[1].scores["ssimulacra2"]),
        (2, 3.0)
    );
}

#[test]
fn scores_that_differ_by_less_than_a_millionth_are_the_same() {
    let by = |change: f64| {
        after(|new| {
            let scores = &mut measured(new, "a.png", "mozjpeg:q50").scores;
            scores
                .entry("ssimulacra2".into())
                .and_modify(|score| *score += change);
        })
    };
    assert!(by(5e-7).is_empty());
    assert_eq!(by(-2e-6).entries[0].scores["ssimulacra2"], -2e-6);
}

#[test]
fn figures_that_no_arithmetic_bears_are_left_out() {
    let old = after(|new| {
        let m = measured(new, "a.png", "mozjpeg:q50");
        (m.bytes, m.scores) = (u64::MAX, [("ssimulacra2".into(), f64::MAX)].into());
        measured(new, "b.png", "mozjpeg:q50").bytes = u64::MAX;
        measured(new, "c.png", "mozjpeg:q50").bytes = 0;
    });
    let text = serde_json::to_string(&old).unwrap();
    assert_eq!(serde_json::from_str::<Diff>(&text).unwrap(), old);
    assert_eq!(old.variants[0].new_bytes, u64::MAX);
    assert_eq!(old.variants[0].ratio.unwrap().images, 2);
}

#[test]
fn what_another_input_gives_is_listed_and_does_not_count() {
    let change = |new: &mut Report| {
        image(new, "a.png").digest = "blake3:01".into();
        measured(new, "a.png", "mozjpeg:q50").bytes *= 9;
    };
    let diff = after(change);
    assert_eq!(paths(&diff.inputs.changed), ["a.png"]);
    assert!(diff.entries[0].input_changed && diff.entries.len() == 1);
    assert_eq!((diff.variants[0].images, diff.compared), (2, 14));
    assert_eq!(diff.variants[0].ratio.unwrap().mean, 1.0);
    assert_eq!(held("0%", change), []);
}

#[test]
fn inputs_come_go_fail_and_recover() {
    let diff = after(|new| {
        let mut images = std::mem::take(&mut new.images).into_iter();
        let (_gone, failing, kept) = (images.next(), images.next(), images.next());
        new.images.extend(kept);
        new.images.push(fixture::swept("d.png", 0.8, 0.0));
        let mut failed = fixture::many().failures;
        (failed[0].path, failed[1].path) = (failing.unwrap().path, "never.png".into());
        new.failures = failed;
    });
    assert_eq!(diff.images, 1);
    assert_eq!(paths(&diff.inputs.added), ["d.png"]);
    assert_eq!(paths(&diff.inputs.removed), ["a.png"]);
    let failing: Vec<&str> = diff.inputs.failing.iter().map(|f| &*f.path).collect();
    assert_eq!(failing, ["b.png", "never.png"]);
    // All results of both: those of images that are in one report only are not listed one by one.
    assert_eq!((diff.lost, diff.entries.len()), (14, 0));
}

#[test]
fn results_come_go_and_turn() {
    let diff = after(|new| {
        image(new, "a.png").results.retain(|e| e.codec != "oxipng");
        let (code, message) = ("encode".into(), "no".into());
        let error = EntryError { code, message };
        entry(new, "b.png", "libwebp:q50").outcome = Outcome::Failed { error };
        // A goal that is missed compares with nothing.
        measured(new, "c.png", "libwebp:q50").reached = false;
        let mut more = entry(new, "c.png", "libwebp:q90").clone();
        more.variant = "libwebp:q91".into();
        image(new, "c.png").results.push(more);
    });
    let listed: Vec<_> = diff
        .entries
        .iter()
        .map(|e| {
            (
                &*e.input.path,
                &*e.variant,
                e.old.is_some(),
                e.new.is_some(),
                e.ratio,
            )
        })
        .collect();
    assert_eq!(
        listed,
        [
            ("a.png", "oxipng", true, false, None),
            ("b.png", "libwebp:q50", true, true, None),
            ("c.png", "libwebp:q50", true, true, None),
            ("c.png", "libwebp:q91", false, true, None),
        ]
    );
    assert_eq!((diff.lost, diff.compared), (3, 18));
}

#[test]
fn another_quality_found_is_a_change() {
    let diff = after(|new| entry(new, "a.png", "mozjpeg:q50").quality = Some(52));
    assert_eq!((diff.entries.len(), diff.entries[0].ratio), (1, Some(1.0)));
}

#[test]
fn versions_defaults_and_options_that_differ_are_told() {
    let diff = after(|new| {
        new.generator.version = "9.0.0".into();
        new.codecs[0].version = "5.0.0".into();
        new.codecs[0]
            .defaults
            .insert("trellis".into(), "off".into());
        new.codecs.remove(2);
        new.metrics[1].version = "2".into();
        new.options.background = "#000000".into();
        new.options.variants.pop();
    });
    let told = |c: &Condition| {
        let side = |side: &Option<String>| side.clone().unwrap_or("-".into());
        format!("{:?} {} {} {}", c.kind, c.name, side(&c.old), side(&c.new))
    };
    let told: Vec<String> = diff.conditions.iter().map(told).collect();
    assert_eq!(
        told,
        [
            "Generator imgbench 0.0.0 9.0.0",
            "Codec mozjpeg 4.1.5 5.0.0",
            "Default mozjpeg:trellis - off",
            "Metric psnr test 1 test 2",
            "Option background #ffffff #000000",
        ]
    );
    // What only the old report knows has its name all the same.
    assert_eq!(diff.codecs.last().unwrap().id, "libwebp");
}

#[test]
fn limits_are_percentages() {
    for (text, percent, shown) in [
        ("2%", 2.0, "2 %"),
        (" 0.5 % ", 0.5, "0.5 %"),
        ("0", 0.0, "0 %"),
        ("100", 100.0, "100 %"),
    ] {
        let limit: MaxGrowth = text.parse().unwrap();
        assert_eq!(
            (limit.percent(), limit.to_string().as_str()),
            (percent, shown)
        );
    }
    for wrong in [
        "", "%", "-1%", "+1", "2kB", "1e3", "NaN", "inf", "1.2.3", "2%%", "9999999",
    ] {
        assert!(wrong.parse::<MaxGrowth>().is_err(), "{wrong}");
    }
}

#[test]
fn exactly_the_limit_is_fine_and_a_byte_more_is_not() {
    for (limit, old, allowed) in [
        ("2%", 1000, 1020),
        ("0.1", 3000, 3003),
        ("1.7%", 100, 101),
        ("0", 7, 7),
        ("7%", u64::MAX, u64::MAX),
    ] {
        assert_eq!(
            limit.parse::<MaxGrowth>().unwrap().allows(old),
            allowed,
            "{limit}"
        );
    }
    let grown = |by: u64| {
        let old = fixture::sweep();
        let mut new = old.clone();
        measured(&mut new, "a.png", "oxipng").bytes = 714_000 + by;
        let mut diff = Diff::between(&old, &new);
        diff.hold("2%".parse().unwrap());
        diff.verdict.unwrap().violations
    };
    assert_eq!(grown(0), []);
    let [
        Violation::Entry {
            new_bytes,
            allowed_bytes,
            ..
        },
    ] = grown(1)[..]
    else {
        panic!("{:?}", grown(1));
    };
    assert_eq!((new_bytes, allowed_bytes), (714_001, 714_000));
}

#[test]
fn a_variant_is_held_to_the_limit_on_average() {
    let violations = held("2%", |new| {
        for path in ["a.png", "b.png", "c.png"] {
            measured(new, path, "oxipng").bytes = 721_000;
        }
    });
    let [
        Violation::Variant {
            variant,
            ratio,
            images,
        },
        rest @ ..,
    ] = &violations[..]
    else {
        panic!("{violations:?}");
    };
    assert_eq!(
        (variant.as_str(), *ratio, *images, rest.len()),
        ("oxipng", 1.03, 3, 3)
    );
}

#[test]
fn the_largest_growth_is_told_first() {
    let violations = held("2%", |new| {
        for (path, bytes) in [("a.png", 720_000), ("b.png", 740_000), ("c.png", 730_000)] {
            measured(new, path, "oxipng").bytes = bytes;
        }
    });
    let sizes = violations.iter().filter_map(|v| match v {
        Violation::Entry { new_bytes, .. } => Some(*new_bytes),
        Violation::Variant { .. } => None,
    });
    assert_eq!(sizes.collect::<Vec<_>>(), [740_000, 730_000, 720_000]);
}

/// Image, result, what becomes of it, and a number for that.
type Chance = (usize, usize, u8, u64);

fn chances() -> impl Strategy<Value = Vec<Chance>> {
    proptest::collection::vec((0..3_usize, 0..7_usize, 0..6_u8, 1..2_000_000_u64), 0..12)
}

/// A report, and what chance makes of it.
fn reports(chances: Vec<Chance>) -> (Report, Report) {
    let old = fixture::sweep();
    let mut new = old.clone();
    for (nth, result, what, bytes) in chances {
        let image = &mut new.images[nth];
        match (what, image.results.get_mut(result)) {
            (0, _) => image.digest = format!("blake3:{bytes}"),
            (1, _) => image.path = format!("{bytes}.png"),
            (2, Some(_)) => drop(image.results.remove(result)),
            (3, Some(e)) => {
                e.outcome = Outcome::Skipped {
                    reason: "no".into(),
                }
            }
            (_, Some(e)) => {
                if let Outcome::Done(m) = &mut e.outcome {
                    m.bytes = bytes;
                    m.scores.insert("ssimulacra2".into(), bytes as f64 / 2e4);
                }
            }
            (_, None) => new.failures.push(Failure {
                path: format!("{bytes}.gif"),
                path_bytes: None,
                stage: "read".into(),
                error: "no".into(),
            }),
        }
    }
    (old, new)
}

proptest! {
    #[test]
    fn the_other_way_round_everything_is_mirrored(chances in chances()) {
        let (old, new) = reports(chances);
        let (there, back) = (Diff::between(&old, &new), Diff::between(&new, &old));
        prop_assert_eq!(&there.inputs.added, &back.inputs.removed);
        prop_assert_eq!(&there.inputs.removed, &back.inputs.added);
        prop_assert_eq!(paths(&there.inputs.changed), paths(&back.inputs.changed));
        prop_assert_eq!(&there.inputs.failing, &back.inputs.recovered);
        prop_assert_eq!((there.images, there.compared), (back.images, back.compared));
        prop_assert_eq!(there.is_empty(), back.is_empty());
        let reciprocal = |a: f64, b: f64| (a * b - 1.0).abs() < 1e-6 * (a + b + 1.0);
        prop_assert_eq!(there.entries.len(), back.entries.len());
        for entry in &there.entries {
            let same = |other: &&EntryDiff| other.input == entry.input && other.variant == entry.variant;
            let other = back.entries.iter().find(same).unwrap();
            prop_assert_eq!((&entry.old, &entry.new), (&other.new, &other.old));
            let ratios = entry.ratio.zip(other.ratio);
            prop_assert!(ratios.is_none_or(|(a, b)| reciprocal(a, b)), "{ratios:?}");
            let opposite = |(id, change): (&String, &f64)| other.scores[id] == -change;
            prop_assert!(entry.scores.iter().all(opposite));
        }
        for variant in &there.variants {
            let other = back.variants.iter().find(|v| v.variant == variant.variant).unwrap();
            prop_assert_eq!((variant.old_bytes, variant.new_bytes), (other.new_bytes, other.old_bytes));
            let (ratio, other) = (variant.ratio.unwrap(), other.ratio.unwrap());
            prop_assert!(reciprocal(ratio.mean, other.mean));
            if let (Some([low, high]), Some([other_low, other_high])) = (ratio.interval, other.interval) {
                prop_assert!(reciprocal(low, other_high) && reciprocal(high, other_low));
            }
        }
    }

    #[test]
    fn a_diff_reads_back_equal_and_is_empty_only_of_equals(chances in chances()) {
        let (old, new) = reports(chances);
        let mut diff = Diff::between(&old, &new);
        diff.hold("1%".parse().unwrap());
        let text = serde_json::to_string(&diff).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Diff>(&text).unwrap(), &diff);
        prop_assert_eq!(diff.is_empty(), old == new);
    }
}
