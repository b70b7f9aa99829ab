//! A ladder of widths, with codecs that watch what they are given.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use imgbench::Report;
use imgbench::run::{Cancel, Machine, run};

use super::fake::{FakeCodec, FakeMetric, plan, source};
use super::{Quiet, digest, measure, mixed, real_variants, ssimulacra2};
use crate::pictures::{glass, noise, photo, png};

/// Sides of each image's widths, by path.
fn sizes(report: &Report) -> BTreeMap<&str, Vec<[u32; 2]>> {
    let mut sizes = BTreeMap::<&str, Vec<[u32; 2]>>::new();
    for image in &report.images {
        let of_image = sizes.entry(&image.path).or_default();
        of_image.push([image.width, image.height]);
    }
    sizes
}

#[test]
fn each_width_is_made_from_the_reference_and_is_the_reference_of_its_files() {
    let picture = noise(90, 60, 7);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let scored = seen.clone();
    let metric = FakeMetric::preparing("watching", move |reference| {
        scored.lock().unwrap().push(digest(&reference));
        Err(imgbench::metric::MetricError::Unsupported(
            "seen enough".into(),
        ))
    });
    let encoded = Arc::new(Mutex::new(Vec::new()));
    let given = encoded.clone();
    let codec = FakeCodec::new("a").encoding(move |image, _| {
        given.lock().unwrap().push(digest(image));
        Ok(png(image))
    });
    let sources = vec![source("a.png", png(&picture))];
    let mut plan = plan(sources, vec![codec.lossy().variant()], vec![metric]);
    plan.widths = vec![30, 60, 90, 200];
    let report = measure(&plan, 3);
    let all = [[30, 20], [60, 40], [90, 60]];
    assert_eq!(sizes(&report)["a.png"], all);
    assert_eq!(report.images[2].notes, ["not enlarged to 200 pixels"]);
    let smaller = imgbench::resize::resize(&picture, &[30, 60]).unwrap();
    let mut due: Vec<u64> = smaller.iter().chain([&picture]).map(digest).collect();
    due.sort_unstable();
    for seen in [seen, encoded] {
        let mut seen = seen.lock().unwrap().clone();
        seen.sort_unstable();
        assert_eq!(seen, due);
    }
}

#[test]
fn bits_per_pixel_are_of_the_resized_picture() {
    let variant = FakeCodec::new("a").encoding(|image, _| Ok(png(image)));
    let sources = vec![source("a.png", png(&photo(64, 64, 3)))];
    let mut plan = plan(sources, vec![variant.variant()], Vec::new());
    plan.widths = vec![16];
    let report = measure(&plan, 1);
    let (_, entry, figures) = report.measurements().next().unwrap();
    assert_eq!([entry.width, entry.height], [16, 16]);
    let bits = figures.bytes as f64 * 8.0 / 256.0;
    assert!((figures.bits_per_pixel - bits).abs() < 1e-6);
}

#[test]
fn a_ladder_does_not_depend_on_the_number_of_jobs() {
    let mut plan = plan(mixed(9), real_variants(), vec![ssimulacra2()]);
    plan.widths = vec![9, 17, 24];
    let report = |jobs| {
        let mut report = measure(&plan, jobs);
        report.drop_timings();
        serde_json::to_string(&report).unwrap()
    };
    let one = report(1);
    assert_eq!(one, report(2));
    assert_eq!(one, report(7));
}

#[test]
fn a_lost_source_is_one_failure_at_however_many_widths() {
    let sources = vec![
        source("broken.png", b"\x89PNG\r\n\x1a\n".to_vec()),
        source("glass.png", png(&glass(40, 30, 4))),
    ];
    let mut plan = plan(sources, vec![FakeCodec::new("a").variant()], Vec::new());
    plan.widths = vec![10, 20, 30];
    let report = measure(&plan, 2);
    assert_eq!(report.failures.len(), 1);
    assert_eq!(report.images.len(), 3);
    assert!(report.images.iter().all(|image| image.alpha));
}

#[test]
fn where_memory_is_short_the_widths_share_it_and_nothing_is_lost_in_silence() {
    let sources = || vec![source("a.png", png(&photo(400, 400, 5)))];
    let hungry = || vec![FakeCodec::new("a").hungry(200.0).variant()];
    let mut plan = plan(sources(), hungry(), Vec::new());
    plan.widths = vec![100, 400];
    let of = |max_memory| {
        let machine = Machine {
            jobs: 2,
            max_memory,
            cache: None,
        };
        run(&plan, machine, &Quiet, &Cancel::default()).unwrap()
    };
    let done = |report: &Report| -> Vec<bool> {
        let images = report.images.iter();
        images
            .map(|image| image.measurements().next().is_some())
            .collect()
    };
    assert_eq!(done(&of(64 << 20)), [true, true]);
    // 203 bytes for each of 160 000 pixels is too much, for each of 10 000 it is not.
    let tight = of(24 << 20);
    assert_eq!(done(&tight), [true, false]);
    assert!(tight.failures.is_empty());
    // Decoding and resizing 160 000 pixels takes more than this.
    let none = of(2 << 20);
    assert_eq!((none.images.len(), none.failures.len()), (0, 1));
    assert!(none.failures[0].error.contains("memory"));
}

#[test]
fn what_is_summed_up_is_one_width_at_a_time() {
    let sources = vec![
        source("a.png", png(&photo(80, 60, 1))),
        source("b.png", png(&photo(50, 50, 2))),
    ];
    let variants = ["mozjpeg:q60", "libwebp:q60"].map(|name| name.parse().unwrap());
    let mut plan = plan(sources, variants.into(), vec![ssimulacra2()]);
    plan.widths = vec![40, 60, 1000];
    plan.baseline = "jpeg".into();
    let report = measure(&plan, 2);
    let input_bytes = plan.sources.iter().map(|s| s.bytes).sum::<u64>();
    assert_eq!(report.summary.images, 2, "widths of one are no two images");
    assert_eq!(report.summary.input_bytes, input_bytes);
    assert!(report.summary.variants.is_empty() && report.verdict.is_none());
    let counts: Vec<_> = report
        .by_width
        .iter()
        .map(|w| (w.width, w.summary.images, w.summary.variants.len()))
        .collect();
    assert_eq!(counts, [(40, 2, 2), (60, 1, 2), (1000, 0, 0)]);
    // The same as from a run of that width alone.
    plan.widths = vec![40];
    let alone = measure(&plan, 2);
    let timeless = |mut report: Report| {
        report.drop_timings();
        report.by_width.swap_remove(0)
    };
    assert_eq!(timeless(alone), timeless(report));
}
