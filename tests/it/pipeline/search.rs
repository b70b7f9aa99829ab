//! Searches for a score or a size.

use super::*;
use imgbench::report::{Entry, Measurement, Target};

fn variants(names: &[&str]) -> Vec<Variant> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn done(report: &Report) -> Vec<(&Entry, &Measurement)> {
    report.measurements().map(|(_, e, m)| (e, m)).collect()
}

/// A piece of a sample, as PNG.
fn crop(sample: &str, [left, top]: [u32; 2], [width, height]: [u32; 2]) -> Vec<u8> {
    let at = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let whole = decode_png(&std::fs::read(format!("{at}/{sample}")).unwrap()).unwrap();
    let pixel = |x: u32, y: u32| {
        let at = 4 * ((y + top) * whole.width() + x + left) as usize;
        whole.rgba()[at..at + 4].try_into().unwrap()
    };
    png(&crate::pictures::draw(width, height, pixel))
}

/// Every quality of both codecs on small pieces of all kinds of picture: the search and the scan agree. Where a curve
/// wavers a scan may find a quality below one that fails; a search cannot know, and the test says how often that is.
#[test]
fn a_search_finds_what_a_scan_of_all_qualities_finds() {
    let side = [160, 120];
    let pieces = [
        ("photo.png", [40, 40]),
        ("photo.png", [300, 200]),
        ("screenshot.png", [100, 100]),
        ("page.png", [500, 300]),
        ("chart.png", [300, 200]),
        ("grey.png", [100, 60]),
    ];
    let pieces = pieces.map(|(name, at)| source(&format!("{at:?}{name}"), crop(name, at, side)));
    let goals = [
        "ssimulacra2=55",
        "ssimulacra2=70",
        "ssimulacra2=85",
        "ssimulacra2=99",
        "size=2500",
    ];
    let codecs = [("mozjpeg", 1), ("libwebp", 0)];
    let every = codecs.iter().flat_map(|(codec, lowest)| {
        (*lowest..=100).map(move |q| format!("{codec}:q{q}").parse().unwrap())
    });
    let asked = codecs.iter().flat_map(|(codec, _)| {
        goals
            .iter()
            .map(move |goal| format!("{codec}:{goal}").parse().unwrap())
    });
    let scan = measure(
        &plan(pieces.to_vec(), every.collect(), vec![ssimulacra2()]),
        2,
    );
    let search = measure(
        &plan(pieces.to_vec(), asked.collect(), vec![ssimulacra2()]),
        2,
    );
    let (mut answers, mut beaten) = (0, Vec::new());
    for (searched, scanned) in search.images.iter().zip(&scan.images) {
        for (entry, found) in searched.measurements() {
            let all = scanned
                .measurements()
                .filter(|(e, _)| e.codec == entry.codec);
            let all: Vec<(u8, &Measurement)> = all.map(|(e, m)| (e.quality.unwrap(), m)).collect();
            let best = best_of(found.target.as_ref().unwrap(), &all);
            answers += 1;
            let same = all
                .iter()
                .find(|(q, _)| Some(*q) == entry.quality)
                .unwrap()
                .1;
            assert_eq!((found.bytes, &found.scores), (same.bytes, &same.scores));
            match best {
                None => assert!(!found.reached),
                Some(best) if best.bytes == found.bytes => assert!(found.reached),
                Some(_) => beaten.push(format!("{} {}", searched.path, entry.variant)),
            }
        }
    }
    assert_eq!(answers, 6 * 2 * 5);
    assert!(beaten.len() <= 2, "{beaten:?}");
}

/// The one that meets the target best, of those measured.
fn best_of<'a>(target: &Target, all: &[(u8, &'a Measurement)]) -> Option<&'a Measurement> {
    let score = |m: &Measurement| m.scores["ssimulacra2"];
    let all = all.iter().map(|(_, m)| *m);
    match *target {
        Target::Score { at_least, .. } => {
            all.filter(|m| score(m) >= at_least).min_by_key(|m| m.bytes)
        }
        Target::Size { at_most_bytes, .. } => {
            let fitting = all.filter(|m| m.bytes <= at_most_bytes);
            fitting.max_by(|a, b| score(a).total_cmp(&score(b)).then(b.bytes.cmp(&a.bytes)))
        }
    }
}

#[test]
fn goals_share_their_encodes_and_every_one_is_in_the_report_once() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let mozjpeg = imgbench::codec::find(CODECS, "mozjpeg").unwrap();
    let codec = FakeCodec::new("counted").encoding(move |image, settings| {
        counted.fetch_add(1, Ordering::Relaxed);
        mozjpeg.encode(image, settings)
    });
    let codec: &'static FakeCodec =
        Box::leak(Box::new(codec.decoding(|file| mozjpeg.decode(file))));
    let ssimulacra2_of = |score: f64| Goal::Score {
        metric: "ssimulacra2",
        at_least: imgbench::variant::Score::new(score),
    };
    let goals = [70.0, 60.0, 80.0].map(ssimulacra2_of);
    let goals = goals.into_iter().chain([Goal::Size { at_most: 3000 }]);
    let variants = goals
        .map(|goal| Variant::new(codec, goal).unwrap())
        .collect();
    let sources = vec![source("a.png", png(&photo(200, 150, 3)))];
    let report = measure(&plan(sources, variants, vec![ssimulacra2()]), 4);
    let calls = calls.load(Ordering::Relaxed);
    let told: u32 = done(&report).iter().map(|(_, m)| m.probes).sum();
    assert_eq!(told as usize, calls);
    let [curve] = report.images[0].curves.as_slice() else {
        panic!("one codec, one curve")
    };
    assert_eq!(curve.series, "counted");
    let qualities: Vec<u8> = curve.points.iter().map(|p| p.quality).collect();
    assert_eq!(qualities.len(), calls, "no quality twice");
    assert!(qualities.is_sorted_by(|a, b| a < b), "{qualities:?}");
    assert_eq!(done(&report).len(), 4);
    for (entry, m) in done(&report) {
        assert!(m.reached, "{}", entry.variant);
        let point = curve
            .points
            .iter()
            .find(|p| Some(p.quality) == entry.quality)
            .unwrap();
        assert_eq!((point.bytes, &point.scores), (m.bytes, &m.scores));
        // At exactly the target it would be a little smaller, though larger than the file that misses it.
        let below = curve
            .points
            .iter()
            .rev()
            .find(|p| Some(p.quality) < entry.quality);
        let exact = m
            .bytes_at_target
            .map(|bytes| bytes <= m.bytes && bytes >= below.unwrap().bytes);
        assert_eq!(
            exact,
            entry.goal.starts_with("ssim").then_some(true),
            "{}",
            entry.variant
        );
    }
}

#[test]
fn any_metric_can_be_searched_for_and_the_others_judge_the_answer() {
    let names = [
        "libwebp:butteraugli=1.5",
        "libwebp:psnr=36",
        "mozjpeg:psnr=36",
        "oxipng",
    ];
    let metrics = ["ssimulacra2", "psnr", "butteraugli"];
    let metrics = metrics.map(|id| imgbench::metric::find(METRICS, id).unwrap());
    let sources = vec![source("a.png", png(&photo(120, 90, 5)))];
    let report = measure(&plan(sources, variants(&names), metrics.to_vec()), 2);
    let results = done(&report);
    assert_eq!(results.len(), 4);
    for (entry, m) in &results[..3] {
        assert_eq!(m.scores.len(), 3, "{}", entry.variant);
        assert!(m.reached && entry.quality.is_some());
    }
    assert!(results[0].1.scores["butteraugli"] <= 1.5);
    assert!(results[1].1.scores["psnr"] >= 36.0 && results[2].1.scores["psnr"] >= 36.0);
    assert!(results[3].0.lossless && results[3].1.target.is_none());
    // Probes are judged by what is searched for, and nothing else.
    let probe = &report.images[0].curves[0].points[0];
    let judges: Vec<&str> = probe.scores.keys().map(String::as_str).collect();
    assert_eq!(judges, ["butteraugli", "psnr"]);
}

#[test]
fn out_of_reach_is_a_result_with_the_best_there_is() {
    let names = [
        "mozjpeg:ssimulacra2=99.9",
        "libwebp:size=20",
        "mozjpeg:size=9000",
    ];
    let sources = vec![source("a.png", png(&noise(64, 64, 1)))];
    let report = measure(&plan(sources, variants(&names), vec![ssimulacra2()]), 2);
    let results = done(&report);
    assert!(!results[0].1.reached && results[0].0.quality >= Some(98));
    assert_eq!(
        (results[1].1.reached, results[1].0.quality),
        (false, Some(0))
    );
    assert!(results[2].1.reached);
    for (_, m) in &results[..2] {
        assert!(m.notes[0].starts_with("unreachable: "), "{:?}", m.notes);
        assert_eq!(m.ratio_to_baseline, None);
    }
    let smallest = report.images[0].smallest.as_deref();
    assert_eq!(smallest, Some("mozjpeg:size=9000"));
}

#[test]
fn a_codec_that_fails_on_the_way_costs_that_search_only() {
    let failing =
        FakeCodec::new("failing").encoding(|_, _| resume_unwind(Box::new("broke".to_owned())));
    let goal = Goal::Score {
        metric: "ssimulacra2",
        at_least: imgbench::variant::Score::new(70.0),
    };
    let mut all = vec![failing.at(goal)];
    all.extend(variants(&["libwebp:ssimulacra2=70"]));
    let wide = source("wide.png", png(&photo(17_000, 9, 1)));
    let sources = vec![source("a.png", png(&photo(64, 48, 1))), wide];
    let report = measure(&plan(sources, all, vec![ssimulacra2()]), 2);
    let fate = fates(&report, "a.png");
    assert_eq!(fate["failing"], "panic: broke");
    assert_eq!(fate["libwebp"], "done");
    let fate = fates(&report, "wide.png");
    assert!(
        fate["libwebp"].starts_with("skipped: 17000×9 is over"),
        "{fate:?}"
    );
}

#[test]
fn what_cannot_be_scored_cannot_be_searched_and_says_so() {
    let sources = vec![source("tiny.png", png(&photo(7, 7, 1)))];
    let report = measure(
        &plan(
            sources,
            variants(&["libwebp:ssimulacra2=70"]),
            vec![ssimulacra2()],
        ),
        2,
    );
    let fate = fates(&report, "tiny.png");
    assert!(
        fate["libwebp"].starts_with("skipped: not scored"),
        "{fate:?}"
    );
}

#[test]
fn a_search_does_not_depend_on_jobs_memory_or_the_other_images() {
    let names = [
        "mozjpeg:ssimulacra2=60",
        "mozjpeg:ssimulacra2=75",
        "libwebp:ssimulacra2=75",
        "libwebp:size=4000",
    ];
    let whole = plan(mixed(6), variants(&names), vec![ssimulacra2()]);
    let run_with = |plan: &Plan, jobs, max_memory| {
        let machine = Machine {
            jobs,
            max_memory,
            cache: None,
        };
        let mut report = run(plan, machine, &Quiet, &Cancel::default()).unwrap();
        report.drop_timings();
        report
    };
    let one = run_with(&whole, 1, ROOMY);
    assert_eq!(one, run_with(&whole, 8, ROOMY));
    assert_eq!(one, run_with(&whole, 3, 40 << 20));
    let alone: Vec<ImageReport> = mixed(6)
        .into_iter()
        .flat_map(|source| {
            run_with(
                &plan(vec![source], variants(&names), vec![ssimulacra2()]),
                2,
                ROOMY,
            )
            .images
        })
        .collect();
    assert_eq!(one.images.len(), alone.len());
    assert!(one.images.iter().all(|image| alone.contains(image)));
}
