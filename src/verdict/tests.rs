use super::*;
use crate::metric::Better;
use crate::render::fixture::{finish, many, one, searched, sweep};
use crate::report::{
    Entry, ImageReport, LossySource, Measurement, Outcome as Entered, Report, Target,
};

fn verdict(report: &Report) -> &Verdict {
    report.verdict.as_ref().unwrap()
}

fn pair<'a>(report: &'a Report, goal: &str) -> &'a Pair {
    let mut pairs = verdict(report).pairs.iter().filter(|p| p.goal == goal);
    let found = pairs.next().unwrap();
    assert_eq!(pairs.next(), None);
    found
}

fn sides(pair: &Pair) -> [&str; 2] {
    [&pair.a.format, &pair.b.format].map(String::as_str)
}

/// The report with its measured entries changed.
fn changed(mut report: Report, mut change: impl FnMut(&str, &mut Entry)) -> Report {
    for image in &mut report.images {
        for entry in &mut image.results {
            change(&image.path, entry);
        }
    }
    let named = report.images[0].results.iter().map(|e| e.variant.clone());
    report.options.variants = named.collect();
    finish(report)
}

fn done(entry: &mut Entry) -> &mut Measurement {
    match &mut entry.outcome {
        Entered::Done(m) => m,
        other => panic!("{other:?}"),
    }
}

/// The searched report where the lower target is a size: WebP scores `gain` more than JPEG.
fn sized(gain: f64) -> Report {
    changed(searched(), |_, entry| {
        if entry.goal != "ssimulacra2=70" {
            return;
        }
        entry.goal = "size=30000".into();
        entry.variant = format!("{}:{}", entry.codec, entry.goal);
        let webp = if entry.format == "webp" { gain } else { 0.0 };
        let m = done(entry);
        m.bytes = 29_990;
        m.bytes_at_target = None;
        m.scores.insert("ssimulacra2".into(), 64.0 + webp);
        let (metric, at_most_bytes) = ("ssimulacra2".into(), 30_000);
        m.target = Some(Target::Size {
            metric,
            at_most_bytes,
        });
    })
}

/// The first `count` images of the searched report.
fn first(count: usize) -> Report {
    let mut report = searched();
    report.images.truncate(count);
    finish(report)
}

mod pairs {
    use super::*;

    #[test]
    fn at_one_score_sizes_at_exactly_that_score_are_compared() {
        let report = searched();
        let pair = pair(&report, "ssimulacra2=70");
        assert_eq!((sides(pair), pair.basis), (["webp", "jpeg"], Basis::Target));
        assert_eq!(pair.a.variant.as_deref(), Some("libwebp:ssimulacra2=70"));
        let row = report.summary.variants.iter();
        let row = row
            .filter(|v| v.variant == "libwebp:ssimulacra2=70")
            .last()
            .unwrap();
        assert_eq!(pair.ratio, row.ratio_at_target);
        assert_eq!(pair.file_ratio.unwrap().images, 6);
        assert_eq!((pair.images, pair.not_comparable), (6, 0));
        // 1 % smaller is a tie.
        assert_eq!((pair.wins, pair.ties, pair.losses), (4, 1, 1));
        let worst: Vec<&str> = pair.worst.iter().map(|w| w.path.as_str()).collect();
        assert_eq!(worst, ["e.png", "d.png", "c.png"]);
        assert!((pair.worst[0].value - 1.08).abs() < 1e-3);
        let rate = pair.bd_rate.unwrap();
        assert!((rate.mean / pair.ratio.unwrap().mean - 1.0).abs() < 1e-3);
    }

    #[test]
    fn what_missed_the_score_is_left_out_and_counted() {
        let report = searched();
        let pair = pair(&report, "ssimulacra2=85");
        assert_eq!((pair.images, pair.not_comparable), (5, 1));
        assert_eq!((pair.a.unreached, pair.b.unreached), (1, 0));
    }

    #[test]
    fn the_larger_one_is_never_the_first() {
        let report = changed(searched(), |_, entry| {
            let (own, webp) = (entry.goal.clone(), entry.format == "webp");
            if webp && own == "ssimulacra2=70" {
                let m = done(entry);
                m.bytes_at_target = m.bytes_at_target.map(|bytes| bytes * 2);
            }
        });
        let pair = pair(&report, "ssimulacra2=70");
        assert_eq!((sides(pair), pair.losses), (["jpeg", "webp"], 0));
        assert!(pair.ratio.unwrap().mean < 1.0 && pair.bd_rate.unwrap().mean > 1.0);
    }

    #[test]
    fn outcomes_say_why() {
        let told = |report: &Report| {
            let pair = pair(report, "ssimulacra2=70");
            (pair.outcome, pair.reason)
        };
        assert_eq!(told(&first(2)), (Outcome::Smaller, Reason::IntervalClear));
        assert_eq!(told(&first(1)), (Outcome::Smaller, Reason::OneImage));
        let scaled = |by: [f64; 2]| {
            let report = changed(first(2), |path, entry| {
                let by = by[usize::from(path == "b.png")];
                let jpeg = entry.format == "jpeg";
                if let (Some(_), true) = (entry.quality, entry.goal.ends_with("=70")) {
                    let bytes = if jpeg { 10_000.0 } else { 10_000.0 * by };
                    done(entry).bytes_at_target = Some(bytes as u64);
                }
            });
            told(&report)
        };
        let none = Outcome::NoClearWinner;
        assert_eq!(scaled([0.7, 1.1]), (none, Reason::IntervalSpans));
        assert_eq!(scaled([0.99, 0.985]), (none, Reason::TieBand));
        assert_eq!(scaled([0.98, 0.98]), (none, Reason::TieBand));
        let never = changed(first(2), |_, entry| {
            if entry.format == "webp" {
                done(entry).reached = false;
            }
        });
        let unreached = pair(&never, "ssimulacra2=70");
        assert_eq!(
            told(&never),
            (Outcome::NotComparable, Reason::NothingShared)
        );
        assert_eq!((unreached.ratio, unreached.images), (None, 0));
        assert_eq!(sides(unreached), ["jpeg", "webp"]);
        assert_eq!((unreached.a.unreached, unreached.b.unreached), (0, 2));
    }

    #[test]
    fn without_a_size_at_exactly_the_score_the_files_are_compared() {
        let report = changed(searched(), |path, entry| {
            if entry.goal.ends_with("=70") && (entry.format == "webp" || path == "a.png") {
                done(entry).bytes_at_target = None;
            }
        });
        let pair = pair(&report, "ssimulacra2=70");
        assert_eq!((pair.basis, pair.file_ratio), (Basis::Files, None));
        assert_eq!(pair.images, 6);
    }

    #[test]
    fn another_metric_is_asked_and_may_disagree() {
        let report = searched();
        let opinion = &pair(&report, "ssimulacra2=70").second_opinion;
        let [opinion] = opinion.as_slice() else {
            panic!("{opinion:?}");
        };
        assert_eq!(
            (opinion.metric.as_str(), opinion.sign),
            ("butteraugli", Sign::Worse)
        );
        // Lower is better, and WebP is a tenth higher.
        assert!(opinion.disagrees && opinion.difference.mean < -0.05);
        let alike = changed(searched(), |_, entry| {
            done(entry).scores.insert("butteraugli".into(), 1.0);
        });
        let opinion = &pair(&alike, "ssimulacra2=70").second_opinion[0];
        assert_eq!((opinion.sign, opinion.disagrees), (Sign::Alike, false));
    }

    #[test]
    fn at_one_size_scores_are_compared_and_no_ratio_is_told() {
        let told = |gain| {
            let report = sized(gain);
            let pair = pair(&report, "size=30000");
            assert_eq!((pair.basis, pair.ratio), (Basis::Scores, None));
            let difference = pair.score_difference.unwrap().mean;
            (
                sides(pair)[0].to_owned(),
                difference,
                pair.outcome,
                pair.wins,
            )
        };
        assert_eq!(told(3.0), ("webp".into(), 3.0, Outcome::Better, 6));
        assert_eq!(told(-3.0), ("jpeg".into(), 3.0, Outcome::Better, 6));
        assert_eq!(told(0.9), ("webp".into(), 0.9, Outcome::NoClearWinner, 0));
    }

    #[test]
    fn lossless_files_are_a_class_of_their_own() {
        let report = changed(searched(), |_, entry| {
            if entry.goal == "ssimulacra2=85" && entry.format == "webp" {
                entry.variant = "libwebp:lossless".into();
                (entry.goal, entry.quality) = ("lossless".into(), None);
                entry.lossless = true;
                let m = done(entry);
                (m.bytes, m.identical, m.target) = (500_000, true, None);
                (m.reached, m.bytes_at_target) = (true, None);
            }
        });
        let pair = pair(&report, "lossless");
        assert_eq!((sides(pair), pair.basis), (["webp", "png"], Basis::Files));
        assert!(pair.second_opinion.is_empty() && pair.bd_rate.is_none());
        assert!((pair.ratio.unwrap().mean - 5.0 / 7.0).abs() < 1e-6);
    }

    #[test]
    fn set_qualities_are_compared_at_equal_quality() {
        let report = sweep();
        let [pair] = verdict(&report).pairs.as_slice() else {
            panic!("{:?}", verdict(&report).pairs);
        };
        assert_eq!(
            (pair.goal.as_str(), pair.basis),
            ("equal ssimulacra2", Basis::Curves)
        );
        assert_eq!(pair.ratio, report.summary.equal_quality[0].ratio);
        assert_eq!(
            (pair.wins, pair.images, sides(pair)),
            (3, 3, ["webp", "jpeg"])
        );
        assert_eq!(
            (pair.a.variant.as_deref(), pair.a.codec.as_str()),
            (None, "libwebp")
        );
        // Scores were sought: what is halfway between the curves is no news.
        assert!(
            verdict(&searched())
                .pairs
                .iter()
                .all(|p| p.basis != Basis::Curves)
        );
        let one = one();
        let pair = &verdict(&one).pairs[0];
        assert_eq!(
            (pair.outcome, pair.not_comparable),
            (Outcome::NotComparable, 1)
        );
    }

    #[test]
    fn of_some_images_only() {
        let report = searched();
        let last: Vec<&ImageReport> = report.images.iter().skip(5).collect();
        let pairs = super::super::pairs(&report, &last);
        let told = pairs.iter().map(|p| (p.goal.as_str(), p.images));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [("ssimulacra2=70", 1), ("ssimulacra2=85", 0)]
        );
    }
}

mod recommended {
    use super::*;

    fn told(report: &Report, nth: usize) -> Option<(Option<&str>, u64, Because)> {
        let found = report.images[nth].recommended.as_ref()?;
        Some((found.variant.as_deref(), found.bytes, found.reason))
    }

    fn webp_at_70(report: &Report) -> u64 {
        report.images[0].results[3].measurement().unwrap().bytes
    }

    #[test]
    fn the_smallest_file_that_reaches_the_first_target() {
        let report = searched();
        let bytes = webp_at_70(&report);
        let webp = Some("libwebp:ssimulacra2=70");
        assert_eq!(told(&report, 0), Some((webp, bytes, Because::Smallest)));
        let found = report.images[0].recommended.as_ref().unwrap();
        assert_eq!(
            (found.media_type.as_str(), found.goal.as_str()),
            ("image/webp", "ssimulacra2=70")
        );
        // WebP is larger on this one.
        assert_eq!(told(&report, 4).unwrap().0, Some("mozjpeg:ssimulacra2=70"));
    }

    #[test]
    fn never_a_file_that_is_no_smaller_than_the_input() {
        let mut report = searched();
        report.images[0].bytes = webp_at_70(&report);
        let bytes = report.images[0].bytes;
        let report = finish(report);
        assert_eq!(told(&report, 0), Some((None, bytes, Because::Original)));
        let mut bitmap = report;
        bitmap.images[0].format = "bmp".into();
        bitmap.images[0].bytes -= 1;
        let report = finish(bitmap);
        assert_eq!(
            told(&report, 0).unwrap().2,
            Because::Smallest,
            "no browser shows a BMP file"
        );
    }

    #[test]
    fn a_lossless_file_where_it_is_smaller_than_any_lossy_one() {
        let report = changed(searched(), |_, entry| {
            if entry.lossless {
                done(entry).bytes = 900;
            }
        });
        assert_eq!(
            told(&report, 0),
            Some((Some("oxipng"), 900, Because::Lossless))
        );
    }

    #[test]
    fn what_misses_the_target_is_not_served() {
        let report = changed(searched(), |_, entry| {
            done(entry).reached = entry.lossless;
        });
        assert_eq!(told(&report, 0).unwrap().0, Some("oxipng"));
    }

    #[test]
    fn nothing_opaque_for_a_transparent_picture() {
        let mut report = searched();
        report.images[4].alpha = true;
        let report = finish(report);
        assert_eq!(told(&report, 4).unwrap().0, Some("libwebp:ssimulacra2=70"));
    }

    #[test]
    fn the_best_file_of_a_size() {
        let jpeg_wins = sized(-3.0);
        let jpeg = Some("mozjpeg:size=30000");
        assert_eq!(told(&jpeg_wins, 0), Some((jpeg, 29_990, Because::Best)));
        let mut small = sized(-3.0);
        small.images[0].bytes = 30_000;
        let small = finish(small);
        assert_eq!(told(&small, 0), Some((None, 30_000, Because::Original)));
    }

    #[test]
    fn set_qualities_are_not_ranked() {
        assert!((0..3).all(|nth| told(&many(), nth).is_none()));
        let lossless = |mut report: Report| {
            report.images[0].results.retain(|e| e.lossless);
            finish(report)
        };
        let report = lossless(one());
        assert_eq!(
            told(&report, 0),
            Some((Some("oxipng"), 812_000, Because::Smallest))
        );
        let mut nothing = one();
        nothing.images[0].results.clear();
        assert_eq!(told(&finish(nothing), 0), None);
    }
}

#[test]
fn a_quality_that_means_another_score_on_every_image_is_spread() {
    let report = sweep();
    let told = |report: &Report| -> Vec<(String, u8, bool, f64, usize)> {
        let all = verdict(report).consistency.iter();
        let rows = all.map(|c| {
            (
                c.series.clone(),
                c.quality,
                c.interpolated,
                c.spread,
                c.images,
            )
        });
        rows.collect()
    };
    let rows = told(&report);
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0], ("mozjpeg".into(), 50, false, 0.0, 3));
    // 55, 57 and 52.
    let (series, quality, _, spread, _) = &rows[3];
    assert_eq!((series.as_str(), *quality), ("libwebp", 50));
    assert!((spread - 2.516_611).abs() < 1e-6, "{spread}");
    let searched = searched();
    let rows = told(&searched);
    assert_eq!(
        rows.iter().map(|r| r.1).collect::<Vec<_>>(),
        [69, 90, 70, 91]
    );
    // Six lines that differ in height: read where they were not tried, they do not change.
    assert!(rows.iter().all(|r| r.2 && r.4 == 6));
    assert_eq!((rows[0].3, rows[2].3), (0.0, rows[3].3));
    assert!(told(&first(2)).is_empty());
}

#[test]
fn warnings_name_what_weakens_the_figures() {
    let mut report = searched();
    assert!(verdict(&report).warnings.is_empty());
    report.images.truncate(4);
    report.images[2].lossy_source = Some(LossySource {
        estimated_quality: None,
    });
    let report = finish(report);
    let expected = [
        Warning::LossySources { images: 1, of: 4 },
        Warning::FewImages { images: 4 },
    ];
    assert_eq!(verdict(&report).warnings, expected);
}

#[test]
fn where_lower_is_better_nothing_is_turned_round() {
    let mut report = sized(3.0);
    report.metrics[0].better = Better::Lower;
    let pair = finish(report).verdict.unwrap().pairs.remove(0);
    assert_eq!(sides(&pair), ["jpeg", "webp"]);
    assert_eq!(pair.score_difference.unwrap().mean, 3.0);
}
