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
        "At q60 WebP is about as large as JPEG (−5.0 % [−14.5, +4.5]: no clear winner) but 80.0 % smaller than PNG [−82.0, −78.0], on average over 12 images."
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
