use super::*;
use crate::render::duel::Rival;
use crate::render::fixture::many;
use crate::report::Outcome;

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
        "At q60 WebP is not clearly smaller than JPEG (−5.0 % [−14.5, +4.5]: no clear winner) but 80.0 % smaller than PNG [−82.0, −78.0], on average over 12 images."
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

mod at_equal_quality {
    use super::super::*;
    use crate::render::fixture::{self, report, swept};
    use crate::report::Report;

    fn told(report: &Report) -> Vec<String> {
        let images: Vec<_> = report.images.iter().collect();
        let duel = Duel::of(report, &images);
        let rows = &report.summary.equal_quality;
        equal_quality(report, rows, duel.as_ref(), Hint::Give)
    }

    #[test]
    fn several_images() {
        assert_eq!(
            told(&fixture::sweep()),
            [
                "At equal SSIMULACRA2 (about 70) WebP is 15.1 % smaller than JPEG [−20.0, −10.0], n = 3."
            ]
        );
    }

    #[test]
    fn one_image() {
        for (ratio, said) in [
            (0.9, "10.0 % smaller than JPEG [n=1]."),
            (1.2, "20.0 % larger than JPEG [n=1]."),
            (
                1.015,
                "about as large as JPEG (+1.5 %: no clear winner) [n=1].",
            ),
        ] {
            assert_eq!(
                told(&report(vec![swept("a.png", ratio, 1.0)])),
                [format!("At equal SSIMULACRA2 71.0 WebP is {said}")]
            );
        }
    }

    #[test]
    fn an_interval_that_spans_one_and_images_left_over() {
        let images = [(0.8, 0.0), (1.1, 1.0), (1.0, 40.0)];
        let images = images.map(|(ratio, above)| swept("a.png", ratio, above));
        assert_eq!(
            told(&report(images.into())),
            [
                "At equal SSIMULACRA2 (about 71) WebP is not clearly smaller than JPEG (−6.2 % [−20.0, +10.0]: no clear winner), n = 2. 1 more image is not comparable: every WebP scores better than every JPEG; add qualities, as with -q 40..90/10."
            ]
        );
    }

    #[test]
    fn not_comparable() {
        let of = |above| told(&report(vec![swept("a.png", 0.9, above)])).remove(0);
        assert_eq!(
            of(-40.0),
            "At equal SSIMULACRA2 WebP and JPEG are not comparable: every JPEG scores better than every WebP; add qualities, as with -q 40..90/10."
        );
        assert!(of(30.8).contains("their scores hardly overlap; add"));
        let images = [40.0, 30.8, 41.0].map(|above| swept("a.png", 0.9, above));
        let several = told(&report(images.into())).remove(0);
        assert!(several.contains("comparable, mostly because every WebP scores better than"));
    }

    #[test]
    fn one_quality_of_one_of_them_is_told_once() {
        let many = fixture::many();
        assert_eq!(
            told(&many),
            [
                "At equal SSIMULACRA2 WebP and JPEG are not comparable: JPEG has one quality only at default settings; add qualities, as with -q 40..90/10."
            ]
        );
        let rows = &many.summary.equal_quality;
        assert!(equal_quality(&many, rows, None, Hint::Keep).is_empty());
    }

    #[test]
    fn one_quality_gives_a_hint_where_scores_differ() {
        let hint = "For sizes at equal quality give several qualities: -q 50..90/10.";
        let mut one = fixture::one();
        assert_eq!(told(&one), [hint]);
        for entry in &mut one.images[0].results {
            if let crate::report::Outcome::Done(m) = &mut entry.outcome {
                m.scores.insert("ssimulacra2".into(), 70.0);
            }
        }
        assert!(told(&fixture::finish(one)).is_empty());
    }
}

/// What is said of `runs` encodes of each result that are spread by `spread` about their median.
fn said_of(runs: u32, spread: f64) -> Option<String> {
    let mut report = many();
    for image in &mut report.images {
        for entry in &mut image.results {
            let Outcome::Done(measurement) = &mut entry.outcome else {
                continue;
            };
            let timing = measurement.timing.as_mut()?;
            (timing.runs, timing.spread) = (runs, Some(spread));
        }
    }
    report.derive();
    repeated(&report)
}

#[test]
fn repeated_times_say_whether_they_can_be_ranked() {
    assert_eq!(repeated(&many()), None);
    assert_eq!(
        said_of(5, 0.018).unwrap(),
        "Times are medians of 5 encodes, one at a time: ± 1.8 %, usable."
    );
    assert_eq!(
        said_of(5, 0.051).unwrap(),
        "Times are medians of 5 encodes, one at a time: ± 5.1 %, too noisy to rank."
    );
    assert_eq!(
        said_of(1, 0.0).unwrap(),
        "Times are of one encode each, one at a time: too few to tell noise."
    );
}
