//! Runs with codecs and metrics made to misbehave: every fault costs its own entry, and nothing is done twice.

mod cache;
mod fake;
mod search;
mod widths;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use imgbench::Bitmap;
use imgbench::Report;
use imgbench::codec::{CODECS, CodecError, Settings};
use imgbench::metric::{METRICS, MetricError};
use imgbench::plan::{Content, Keep, LossySources, Plan};
use imgbench::report::{Failure, ImageReport, Outcome};
use imgbench::run::{Cancel, Machine, Observer, Rounds, run};
use imgbench::variant::{Goal, Variant};

use self::fake::{FakeCodec, FakeMetric, decode_png, plan, source};
use crate::pictures::{flat, glass, grey, noise, photo, png};

struct Quiet;

impl Observer for Quiet {}

const ROOMY: u64 = 4 << 30;

fn measure(plan: &Plan, jobs: usize) -> Report {
    let machine = Machine {
        jobs,
        max_memory: ROOMY,
        cache: None,
    };
    run(plan, machine, &Quiet, &Cancel::default()).unwrap()
}

fn ssimulacra2() -> &'static dyn imgbench::metric::Metric {
    imgbench::metric::find(METRICS, "ssimulacra2").unwrap()
}

/// What became of each variant of the image called `path`, in a word: `done`, `skipped: …`, `encode: …`.
fn fates(report: &Report, path: &str) -> BTreeMap<String, String> {
    let image = report.images.iter().find(|i| i.path == path).unwrap();
    let fate = |outcome: &Outcome| match outcome {
        Outcome::Done(_) => "done".into(),
        Outcome::Skipped { reason } => format!("skipped: {reason}"),
        Outcome::Failed { error } => format!("{}: {}", error.code, error.message),
    };
    let results = image.results.iter();
    results
        .map(|e| (e.codec.clone(), fate(&e.outcome)))
        .collect()
}

fn digest(image: &Bitmap) -> u64 {
    let mut hasher = DefaultHasher::new();
    (image.width(), image.rgba()).hash(&mut hasher);
    hasher.finish()
}

fn real_variants() -> Vec<Variant> {
    let names = [
        "mozjpeg:q40",
        "mozjpeg:q80",
        "libwebp:q40",
        "libwebp:q80,effort=0",
        "oxipng",
        "libwebp:lossless,effort=0",
    ];
    names.map(|name| name.parse().unwrap()).into()
}

#[test]
fn a_codec_that_misbehaves_costs_its_own_entry_only() {
    let bad = FakeCodec::new;
    let variants = vec![
        bad("good").variant(),
        bad("panics")
            .encoding(|_, _| panic!("out of cheese"))
            .variant(),
        bad("unwinds")
            .encoding(|_, _| resume_unwind(Box::new(String::from("fatal error in C"))))
            .variant(),
        bad("mute")
            .encoding(|_, _| resume_unwind(Box::new(7_u8)))
            .variant(),
        bad("fails")
            .encoding(|_, _| Err(CodecError::failed("disk on fire")))
            .variant(),
        bad("picky")
            .encoding(|_, _| Err(CodecError::Unsupported("no stripes, please".into())))
            .variant(),
        bad("garbles")
            .encoding(|_, _| Ok(b"gibberish".to_vec()))
            .variant(),
        bad("empties").encoding(|_, _| Ok(Vec::new())).variant(),
        bad("shrinks").decoding(|_| Ok(flat(3, 3))).variant(),
        bad("forgets")
            .decoding(|_| Err(CodecError::failed("what file")))
            .variant(),
        bad("chokes").decoding(|_| panic!("gulp")).variant(),
        bad("lies").lossy().at(Goal::Lossless),
        bad("crops").decoding(|_| Ok(flat(3, 3))).at(Goal::Lossless),
        bad("lossy").lossy().variant(),
    ];
    let count = variants.len();
    let sources = vec![
        source("a.png", png(&photo(20, 16, 1))),
        source("b.png", png(&photo(9, 30, 2))),
    ];
    let plan = plan(sources, variants, vec![ssimulacra2()]);
    for jobs in [1, 4] {
        let report = measure(&plan, jobs);
        assert_eq!(report.failures, []);
        for (path, shape) in [("a.png", "20×16"), ("b.png", "9×30")] {
            let fates = fates(&report, path);
            assert_eq!(fates.len(), count);
            let fate = |codec: &str| fates[codec].as_str();
            assert_eq!(fate("good"), "done");
            assert_eq!(fate("lossy"), "done");
            assert_eq!(fate("panics"), "panic: out of cheese");
            assert_eq!(fate("unwinds"), "panic: fatal error in C");
            assert_eq!(fate("mute"), "panic: panicked without a message");
            assert_eq!(fate("fails"), "encode: disk on fire");
            assert_eq!(fate("picky"), "skipped: no stripes, please");
            assert!(fate("garbles").starts_with("decode: "), "{fates:?}");
            assert!(fate("empties").starts_with("decode: "), "{fates:?}");
            assert_eq!(
                fate("shrinks"),
                format!("score: ssimulacra2: 3×3 cannot be compared with {shape}")
            );
            assert_eq!(fate("forgets"), "decode: what file");
            assert_eq!(fate("chokes"), "panic: gulp");
            assert!(fate("lies").starts_with("verify: "), "{fates:?}");
            assert!(fate("crops").starts_with("verify: "), "{fates:?}");
        }
        let (good, lossy) = (
            &report.images[0].results[0],
            &report.images[0].results[count - 1],
        );
        let (good, lossy) = (good.measurement().unwrap(), lossy.measurement().unwrap());
        assert!(good.identical && good.scores["ssimulacra2"] == 100.0);
        assert!(!lossy.identical && lossy.scores["ssimulacra2"] < 100.0);
        assert_eq!(report.summary.failed_entries, 2 * 11);
        let picky = report
            .summary
            .variants
            .iter()
            .find(|v| v.codec == "picky")
            .unwrap();
        assert_eq!((picky.images, picky.skipped, picky.failed), (0, 2, 0));
    }
}

#[test]
fn a_metric_that_misbehaves_costs_lossy_entries_their_result_and_nothing_else() {
    let failed = |message: &str| MetricError::Failed(message.to_owned().into());
    for (metric, message) in [
        (FakeMetric::scoring("nan", || Ok(f64::NAN)), "nan gave NaN"),
        (
            FakeMetric::scoring("abyss", || Ok(f64::NEG_INFINITY)),
            "abyss gave -inf",
        ),
        (
            FakeMetric::scoring("fails", move || Err(failed("no idea"))),
            "fails: no idea",
        ),
        (
            FakeMetric::scoring("panics", || panic!("ouch")),
            "panics: ouch",
        ),
        (
            FakeMetric::preparing("refuses", move |_| Err(failed("not that one"))),
            "refuses: not that one",
        ),
        (
            FakeMetric::preparing("explodes", |_| panic!("boom")),
            "explodes panicked: boom",
        ),
    ] {
        let variants = vec![
            FakeCodec::new("lossy").lossy().variant(),
            FakeCodec::new("flattened")
                .lossy()
                .without_alpha()
                .variant(),
            FakeCodec::new("whole").at(Goal::Lossless),
        ];
        let sources = vec![
            source("a.png", png(&photo(20, 16, 1))),
            source("b.png", png(&glass(20, 16, 2))),
        ];
        let plan = plan(sources, variants, vec![ssimulacra2(), metric]);
        for jobs in [1, 4] {
            let report = measure(&plan, jobs);
            for path in ["a.png", "b.png"] {
                let fates = fates(&report, path);
                assert_eq!(fates["lossy"], format!("score: {message}"));
                assert_eq!(fates["flattened"], format!("score: {message}"));
                assert_eq!(fates["whole"], "done");
            }
        }
    }
}

#[test]
fn an_endless_score_is_left_out() {
    let variants = vec![FakeCodec::new("lossy").lossy().variant()];
    let metric = FakeMetric::scoring("endless", || Ok(f64::INFINITY));
    let report = measure(
        &plan(
            vec![source("a.png", png(&photo(8, 8, 1)))],
            variants,
            vec![metric],
        ),
        1,
    );
    let measurement = report.images[0].results[0].measurement().unwrap();
    assert!(measurement.scores.is_empty());
    assert!(serde_json::to_string(&report).is_ok());
}

#[test]
fn inputs_that_cannot_be_measured_are_failures_and_the_rest_goes_on() {
    let picture = png(&photo(20, 16, 1));
    let jpeg: Variant = "mozjpeg:q50".parse().unwrap();
    let lossy = jpeg
        .codec()
        .encode(&photo(20, 16, 1), jpeg.settings())
        .unwrap();
    let sources = vec![
        source("broken.png", picture[..picture.len() / 2].to_vec()),
        source("empty.png", Vec::new()),
        source("fine.png", picture.clone()),
        source("large.png", png(&flat(200, 200))),
        source("lossy.jpg", lossy),
        source("text.png", b"not a picture".to_vec()),
    ];
    let mut plan = plan(sources, vec![FakeCodec::new("good").variant()], vec![]);
    plan.limits.max_pixels = 10_000;
    plan.lossy_sources = LossySources::Refuse;
    let report = measure(&plan, 3);
    let stages: Vec<(&str, &str)> = report
        .failures
        .iter()
        .map(|f| (f.path.as_str(), f.stage.as_str()))
        .collect();
    let expected = [
        ("broken.png", "decode"),
        ("empty.png", "identify"),
        ("large.png", "limit"),
        ("lossy.jpg", "identify"),
        ("text.png", "identify"),
    ];
    assert_eq!(stages, expected, "{:?}", report.failures);
    assert_eq!(report.images.len(), 1);
    assert_eq!((report.summary.images, report.summary.failures), (1, 5));
}

/// A mix of kinds and sizes, and one that is broken.
fn mixed(count: u64) -> Vec<imgbench::plan::Source> {
    let mut sources: Vec<_> = (0..count)
        .map(|nth| {
            let side = 16 + 5 * nth as u32;
            let image = match nth % 4 {
                0 => photo(side, 40, nth),
                1 => glass(30, side, nth),
                2 => grey(side, side, nth),
                _ => noise(side, 20, nth),
            };
            source(&format!("{nth:02}.png"), png(&image))
        })
        .collect();
    sources.push(source("zz.png", b"\x89PNG\r\n\x1a\nnothing more".to_vec()));
    sources
}

#[test]
fn the_report_does_not_depend_on_the_number_of_jobs_or_on_the_memory_left() {
    let plan = plan(mixed(9), real_variants(), METRICS.to_vec());
    let report = |jobs, max_memory| {
        let mut report = run(
            &plan,
            Machine {
                jobs,
                max_memory,
                cache: None,
            },
            &Quiet,
            &Cancel::default(),
        )
        .unwrap();
        report.drop_timings();
        serde_json::to_string_pretty(&report).unwrap()
    };
    let alone = report(1, ROOMY);
    for jobs in [2, 8] {
        assert!(report(jobs, ROOMY) == alone, "{jobs} jobs");
    }
    // From what no image fits into to what each does, though not two at a time.
    let mut budget = 1 << 20;
    loop {
        let tight = report(1, budget);
        assert!(report(8, budget) == tight, "{budget} bytes");
        if tight == alone {
            break;
        }
        budget += budget / 2;
    }
    assert!(budget < 64 << 20, "{budget}");
}

#[test]
fn too_little_memory_leaves_out_what_does_not_fit_and_says_so() {
    let picture = png(&photo(512, 512, 1));
    let mut variants = real_variants();
    variants.push(FakeCodec::new("hungry").hungry(100_000.0).variant());
    let with = |metric| {
        plan(
            vec![source("a.png", picture.clone())],
            variants.clone(),
            vec![metric],
        )
    };
    let small = with(ssimulacra2());
    let large = with(imgbench::metric::find(METRICS, "butteraugli").unwrap());
    let run_with = |plan: &Plan, max_memory| {
        let machine = Machine {
            jobs: 2,
            max_memory,
            cache: None,
        };
        run(plan, machine, &Quiet, &Cancel::default()).unwrap()
    };
    let of = |max_memory| run_with(&small, max_memory);
    let nothing = of(1000);
    assert_eq!(nothing.images.len(), 0);
    assert_eq!(nothing.failures[0].stage, "limit");
    assert!(
        nothing.failures[0].error.contains("--max-memory"),
        "{:?}",
        nothing.failures
    );

    let plenty = of(ROOMY);
    let hungry = &fates(&plenty, "a.png")["hungry"];
    assert!(
        hungry.starts_with("skipped: needs 262") && hungry.contains("--max-memory"),
        "{hungry}"
    );
    assert_eq!(plenty.images[0].measurements().count(), 6);

    let mut done_before = 0;
    for budget in (1..=24).map(|step| step << 21) {
        let report = of(budget);
        let done = report.measurements().count();
        assert!(
            done >= done_before,
            "{done} after {done_before} at {budget}"
        );
        done_before = done;
        assert_eq!(report.images.len() + report.failures.len(), 1);
        let entries = report.images.iter().flat_map(|i| &i.results);
        for entry in entries {
            match &entry.outcome {
                Outcome::Done(_) => {}
                Outcome::Skipped { reason } => assert!(reason.contains("--max-memory"), "{reason}"),
                Outcome::Failed { error } => panic!("{budget}: {error:?}"),
            }
        }
    }
    assert_eq!(done_before, 6);
    let notes = (1..=24).flat_map(|step| run_with(&large, step << 21).images);
    let notes: Vec<String> = notes.flat_map(|image| image.notes).collect();
    assert!(
        notes.iter().any(|n| n.starts_with("not scored")),
        "{notes:?}"
    );
}

#[test]
fn under_eight_pixels_a_side_nothing_is_scored_and_that_is_said() {
    let plan = plan(
        vec![source("a.png", png(&photo(7, 100, 1)))],
        real_variants(),
        METRICS.to_vec(),
    );
    let report = measure(&plan, 2);
    assert_eq!(report.images[0].notes, ["under 8×8 pixels: not scored"]);
    for (_, entry, measurement) in report.measurements() {
        assert!(
            measurement.scores.is_empty() || measurement.identical,
            "{entry:?}"
        );
    }
    assert_eq!(report.measurements().count(), 6);
}

/// Notes whatever it is told.
#[derive(Default)]
struct Diary {
    images: Mutex<Vec<String>>,
    failures: Mutex<Vec<String>>,
    steps: Mutex<Vec<f64>>,
}

impl Observer for Diary {
    fn step(&self, _image: &str, done: f64) {
        self.steps.lock().unwrap().push(done);
    }

    fn image(&self, image: &ImageReport) {
        self.images.lock().unwrap().push(image.path.clone());
    }

    fn failure(&self, failure: &Failure) {
        self.failures.lock().unwrap().push(failure.path.clone());
    }
}

#[test]
fn the_observer_sees_every_image_and_failure_once() {
    let plan = plan(mixed(8), real_variants(), vec![ssimulacra2()]);
    for jobs in [1, 4] {
        let diary = Diary::default();
        let machine = Machine {
            jobs,
            max_memory: ROOMY,
            cache: None,
        };
        let report = run(&plan, machine, &diary, &Cancel::default()).unwrap();
        let mut seen = diary.images.into_inner().unwrap();
        seen.sort();
        let paths: Vec<&str> = report.images.iter().map(|i| i.path.as_str()).collect();
        assert_eq!(seen, paths);
        assert_eq!(seen.len(), 8);
        assert_eq!(diary.failures.into_inner().unwrap(), ["zz.png"]);
        let steps = diary.steps.into_inner().unwrap();
        assert!(
            steps.iter().all(|done| (0.0..=1.0).contains(done)),
            "{steps:?}"
        );
        if jobs == 1 {
            assert!(steps.is_sorted(), "{steps:?}");
        }
    }
}

/// Cancels when so many images are done.
struct Impatient<'a> {
    cancel: &'a Cancel,
    patience: AtomicUsize,
}

impl Observer for Impatient<'_> {
    fn image(&self, _image: &ImageReport) {
        if self.patience.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.cancel.cancel();
        }
    }
}

#[test]
fn a_cancelled_run_gives_a_valid_report_of_what_is_done() {
    let plan = plan(mixed(12), real_variants(), vec![ssimulacra2()]);
    let whole = measure(&plan, 2);
    for (jobs, patience) in [(1, 1), (1, 3), (3, 2)] {
        let cancel = Cancel::default();
        let observer = Impatient {
            cancel: &cancel,
            patience: patience.into(),
        };
        let machine = Machine {
            jobs,
            max_memory: ROOMY,
            cache: None,
        };
        let mut report = run(&plan, machine, &observer, &cancel).unwrap();
        let done = report.images.len();
        assert!(patience <= done && done < patience + jobs, "{done} images");
        assert_eq!(report.summary, imgbench::summary::summarise(&report));
        assert_eq!(report.options, whole.options);
        let text = serde_json::to_string(&report).unwrap();
        assert_eq!(Report::from_json(&text).unwrap(), report);
        report.drop_timings();
        for image in &report.images {
            let mut same = whole
                .images
                .iter()
                .find(|i| i.path == image.path)
                .unwrap()
                .clone();
            same.drop_timings();
            assert_eq!(*image, same);
        }
    }
    let cancel = Cancel::default();
    cancel.cancel();
    let machine = Machine {
        jobs: 2,
        max_memory: ROOMY,
        cache: None,
    };
    let report = run(&plan, machine, &Quiet, &cancel).unwrap();
    assert_eq!((report.images.len(), report.failures.len()), (0, 0));
}

#[test]
fn every_picture_is_encoded_once_a_variant() {
    type Calls = Arc<Mutex<BTreeMap<(u64, Settings, &'static str), usize>>>;
    let calls = Calls::default();
    let counting = |id: &'static str, goal| {
        let calls = calls.clone();
        let codec = FakeCodec::new(id).encoding(move |image, settings| {
            let key = (digest(image), settings.clone(), id);
            *calls.lock().unwrap().entry(key).or_default() += 1;
            Ok(png(image))
        });
        codec.at(goal)
    };
    let variants = vec![
        counting("one", Goal::Quality(10)),
        counting("two", Goal::Quality(20)),
        counting("three", Goal::Lossless),
    ];
    measure(&plan(mixed(8), variants, vec![ssimulacra2()]), 4);
    let calls = calls.lock().unwrap();
    assert_eq!(calls.len(), 8 * 3);
    assert!(calls.values().all(|n| *n == 1), "{calls:?}");
}

#[test]
fn pixels_are_imported_once_for_all_qualities_and_searches() {
    let imports = Arc::new(AtomicUsize::new(0));
    let codec = FakeCodec::new("fake").lossy();
    let codec = codec.encoding(|_, _| panic!("not from an import"));
    let codec: &'static FakeCodec = Box::leak(Box::new(codec.importing(imports.clone())));
    let size = Goal::Size { at_most: 1 << 20 };
    let goals = [Goal::Quality(10), Goal::Quality(20), size];
    let variants = goals.map(|goal| Variant::new(codec, goal).unwrap());
    let plan = plan(mixed(8), variants.into(), vec![ssimulacra2()]);
    let report = measure(&plan, 4);
    assert_eq!(report.measurements().count(), 8 * 3);
    assert_eq!(imports.load(Ordering::Relaxed), 8);
}

#[test]
fn a_reference_is_prepared_once_an_image_and_side() {
    let prepared = Arc::new(Mutex::new(Vec::new()));
    let seen = prepared.clone();
    let metric = FakeMetric::preparing("counting", move |picture| {
        seen.lock()
            .unwrap()
            .push((digest(&picture), picture.is_opaque()));
        Err(MetricError::Unsupported("counted".into()))
    });
    let variants = || {
        vec![
            FakeCodec::new("a").variant(),
            FakeCodec::new("b").lossy().variant(),
            FakeCodec::new("c").without_alpha().variant(),
            FakeCodec::new("d").without_alpha().lossy().variant(),
            FakeCodec::new("e").at(Goal::Lossless),
        ]
    };
    let sources = |glassy: bool| {
        let image = |n| {
            if glassy {
                glass(24, 16, n)
            } else {
                photo(24, 16, n)
            }
        };
        (0..5)
            .map(|n| source(&format!("{n}.png"), png(&image(n))))
            .collect()
    };
    measure(&plan(sources(true), variants(), vec![metric]), 4);
    let mut all = std::mem::take(&mut *prepared.lock().unwrap());
    all.sort_unstable();
    assert_eq!(all.len(), 10);
    all.dedup();
    assert_eq!(all.len(), 10, "each picture once");
    assert_eq!(all.iter().filter(|(_, opaque)| *opaque).count(), 5);

    measure(&plan(sources(false), variants(), vec![metric]), 4);
    assert_eq!(
        std::mem::take(&mut *prepared.lock().unwrap()).len(),
        5,
        "one side when opaque"
    );

    let lossless = vec![FakeCodec::new("e").at(Goal::Lossless)];
    measure(&plan(sources(true), lossless, vec![metric]), 4);
    assert_eq!(prepared.lock().unwrap().len(), 0, "nothing to judge");
}

#[test]
fn pixels_are_let_go_as_soon_as_their_image_is_done() {
    let held: Arc<Mutex<Vec<Weak<Bitmap>>>> = Arc::default();
    let most = Arc::new(AtomicUsize::new(0));
    let (all, peak) = (held.clone(), most.clone());
    let metric = FakeMetric::preparing("holding", move |picture| {
        let mut all = all.lock().unwrap();
        all.push(Arc::downgrade(&picture));
        let alive = all.iter().filter(|w| w.strong_count() > 0).count();
        peak.fetch_max(alive, Ordering::SeqCst);
        ssimulacra2().prepare(picture, imgbench::metric::Mode::Full)
    });
    let variants = vec![
        FakeCodec::new("b").lossy().variant(),
        FakeCodec::new("d").without_alpha().lossy().variant(),
    ];
    let sources = (0..20).map(|n| source(&format!("{n:02}.png"), png(&glass(24, 16, n))));
    let plan = plan(sources.collect(), variants, vec![metric]);
    for jobs in [1, 3] {
        measure(&plan, jobs);
        let mut all = held.lock().unwrap();
        assert_eq!(all.len(), 40);
        assert!(
            all.iter().all(|w| w.strong_count() == 0),
            "pixels outlive the run"
        );
        all.clear();
        // Two sides an image, and one image more open than jobs.
        let most = most.swap(0, Ordering::SeqCst);
        assert!(
            most <= 2 * (jobs + 1),
            "{most} pictures at a time with {jobs} jobs"
        );
    }
}

#[test]
fn waiting_is_wall_time_and_not_cpu_time() {
    let slow = FakeCodec::new("slow").encoding(|image, _| {
        std::thread::sleep(Duration::from_millis(60));
        Ok(png(image))
    });
    let variants = vec![slow.variant(), FakeCodec::new("quick").variant()];
    let report = measure(
        &plan(
            vec![source("a.png", png(&photo(20, 16, 1)))],
            variants,
            vec![],
        ),
        2,
    );
    let timing = |nth: usize| {
        report.images[0].results[nth]
            .measurement()
            .unwrap()
            .timing
            .clone()
            .unwrap()
    };
    let slow = timing(0);
    assert!(
        slow.encode_wall_ms >= 60.0 && slow.encode_cpu_ms < 40.0,
        "{slow:?}"
    );
    assert!(slow.contended && slow.runs == 1);
    assert!(timing(1).encode_cpu_ms < 40.0);
}

#[test]
fn without_metrics_lossy_results_are_not_decoded_but_lossless_ones_are_verified() {
    let decoded = Arc::new(Mutex::new(Vec::new()));
    let noting = |id: &'static str, goal| {
        let decoded = decoded.clone();
        let codec = FakeCodec::new(id).decoding(move |file| {
            decoded.lock().unwrap().push(id);
            decode_png(file)
        });
        codec.at(goal)
    };
    let variants = vec![
        noting("lossy", Goal::Quality(1)),
        noting("whole", Goal::Lossless),
        FakeCodec::new("lies").lossy().at(Goal::Lossless),
    ];
    let report = measure(
        &plan(
            vec![source("a.png", png(&photo(20, 16, 1)))],
            variants,
            vec![],
        ),
        2,
    );
    assert_eq!(*decoded.lock().unwrap(), ["whole"]);
    let fates = fates(&report, "a.png");
    assert_eq!(
        (fates["lossy"].as_str(), fates["whole"].as_str()),
        ("done", "done")
    );
    assert!(fates["lies"].starts_with("verify"), "{fates:?}");
}

/// Changes a file when its second step begins: it has been looked at, and is about to be decoded.
struct Meddler {
    at: std::path::PathBuf,
    steps: AtomicUsize,
}

impl Observer for Meddler {
    fn step(&self, _image: &str, _done: f64) {
        if self.steps.fetch_add(1, Ordering::SeqCst) == 1 {
            std::fs::write(&self.at, png(&photo(21, 16, 2))).unwrap();
        }
    }
}

#[test]
fn a_file_that_changes_under_way_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("a.png");
    std::fs::write(&at, png(&photo(20, 16, 1))).unwrap();
    let mut file = source("a.png", Vec::new());
    file.content = Content::File(at.clone());
    let plan = plan(vec![file], vec![FakeCodec::new("good").variant()], vec![]);
    let meddler = Meddler {
        at,
        steps: 0.into(),
    };
    let machine = Machine {
        jobs: 1,
        max_memory: ROOMY,
        cache: None,
    };
    let report = run(&plan, machine, &meddler, &Cancel::default()).unwrap();
    assert_eq!(report.images, []);
    assert!(
        report.failures[0].error.contains("changed"),
        "{:?}",
        report.failures
    );
}

#[test]
fn a_file_that_cannot_be_kept_costs_its_entry_only() {
    let folder = tempfile::tempdir().unwrap();
    // A file where a folder has to be.
    std::fs::write(folder.path().join("a"), "").unwrap();
    let sources = vec![
        source("a/x.png", png(&photo(20, 16, 1))),
        source("b/x.png", png(&photo(20, 16, 2))),
    ];
    let mut plan = plan(sources, vec![FakeCodec::new("good").variant()], vec![]);
    plan.keep = Some(Keep {
        folder: folder.path().join(""),
        base: folder.path().into(),
    });
    let report = measure(&plan, 2);
    assert!(fates(&report, "a/x.png")["good"].starts_with("keep: "));
    let kept = report.images[1].results[0].measurement().unwrap();
    let file = kept.file.as_deref().unwrap();
    assert_eq!(file, "b/x.png.good_q50.png");
    assert_eq!(
        std::fs::read(folder.path().join(file)).unwrap().len() as u64,
        kept.bytes
    );
}

#[test]
fn an_empty_plan_is_an_empty_report() {
    let report = measure(&plan(vec![], real_variants(), METRICS.to_vec()), 2);
    assert_eq!(
        (
            report.images.len(),
            report.codecs.len(),
            report.metrics.len()
        ),
        (0, 3, METRICS.len())
    );
    assert_eq!(report.summary.variants, []);
    let report = measure(
        &plan(vec![source("a.png", png(&photo(9, 9, 1)))], vec![], vec![]),
        2,
    );
    assert_eq!(
        (report.images.len(), report.images[0].results.len()),
        (1, 0)
    );
}

#[test]
fn repeated_encodes_give_medians_and_a_spread_and_change_nothing_else() {
    let encodes = Arc::new(AtomicUsize::new(0));
    let seen = encodes.clone();
    let counted = FakeCodec::new("counted").encoding(move |image, _| {
        seen.fetch_add(1, Ordering::Relaxed);
        Ok(png(image))
    });
    let sources = vec![
        source("a.png", png(&photo(30, 20, 1))),
        source("b.png", png(&photo(20, 20, 2))),
        source("broken.png", b"\x89PNG\r\n\x1a\n".to_vec()),
    ];
    let mut variants = vec![counted.variant()];
    variants.extend(["mozjpeg:q60", "mozjpeg:ssimulacra2=60"].map(|v| v.parse().unwrap()));
    let mut plan = plan(sources, variants, vec![ssimulacra2()]);
    plan.widths = vec![10, 20];
    let mut report = measure(&plan, 2);
    assert_eq!(encodes.swap(0, Ordering::Relaxed), 4);
    let before = report.clone();
    let releases = AtomicUsize::new(0);
    let rounds = Rounds {
        timed: 3,
        release: &|| {
            releases.fetch_add(1, Ordering::Relaxed);
        },
    };
    imgbench::run::repeat(&plan, &mut report, &rounds, &Quiet, &Cancel::default());
    // Each round, and one for memory.
    assert_eq!(encodes.load(Ordering::Relaxed), 16);
    assert_eq!(releases.into_inner(), report.measurements().count());
    for (_, entry, m) in report.measurements() {
        let timing = m.timing.as_ref().unwrap();
        assert_eq!(
            (timing.runs, timing.contended),
            (3, false),
            "{}",
            entry.variant
        );
        assert!(timing.spread.is_some() && timing.decode_cpu_ms.is_some());
        assert_eq!(
            timing.encode_peak_bytes.is_some(),
            cfg!(target_os = "linux")
        );
    }
    let bare = |mut report: Report| {
        report.drop_timings();
        serde_json::to_string(&report).unwrap()
    };
    assert_eq!(bare(report), bare(before));
}
