use super::*;
use crate::render::fixture::{finish, searched, sweep};
use crate::report::{Entry, Measurement};

/// The searched report's WebP entry for `goal` on image `nth`.
fn webp<'a>(report: &'a Report, nth: usize, goal: &str) -> (&'a Entry, &'a Measurement) {
    let variant = format!("libwebp:{goal}");
    let mut all = report.images[nth].measurements();
    all.find(|(e, _)| e.variant == variant).unwrap()
}

fn row<'a>(report: &'a Report, variant: &str) -> &'a VariantSummary {
    let mut rows = report.summary.variants.iter();
    rows.find(|v| v.variant == variant).unwrap()
}

#[test]
fn what_missed_its_goal_is_compared_with_nothing() {
    let report = searched();
    let (_, reached) = webp(&report, 5, "ssimulacra2=70");
    assert!(reached.reached && reached.ratio_to_baseline.is_some());
    let (_, missed) = webp(&report, 5, "ssimulacra2=85");
    assert!(!missed.reached && missed.ratio_to_baseline.is_none());
    let summary = row(&report, "libwebp:ssimulacra2=85");
    assert_eq!((summary.images, summary.unreached), (5, 1));
    let sizes = (0..5).map(|nth| webp(&report, nth, "ssimulacra2=85").1.bytes);
    assert_eq!(summary.bytes, sizes.sum::<u64>());
    assert_eq!(summary.ratio_to_baseline.unwrap().images, 5);
    assert_eq!(summary.scores["ssimulacra2"].images, 5);
}

#[test]
fn a_baseline_that_missed_its_goal_is_no_baseline() {
    let mut report = searched();
    for entry in report.images.iter_mut().flat_map(|i| &mut i.results) {
        if let (Outcome::Done(m), "jpeg", "ssimulacra2=85") = (
            &mut entry.outcome,
            entry.format.as_str(),
            entry.goal.as_str(),
        ) {
            m.reached = false;
        }
    }
    let report = finish(report);
    assert_eq!(webp(&report, 0, "ssimulacra2=85").1.ratio_to_baseline, None);
    let (png, lossless) = report.images[0].measurements().nth(2).unwrap();
    let (jpeg, highest) = report.images[0].measurements().next().unwrap();
    assert_eq!(
        (png.variant.as_str(), jpeg.goal.as_str()),
        ("oxipng", "ssimulacra2=70")
    );
    let ratio = 700_000.0 / highest.bytes as f64;
    assert!((lossless.ratio_to_baseline.unwrap() / ratio - 1.0).abs() < 1e-5);
}

#[test]
fn the_smallest_is_one_that_reached_its_goal() {
    let mut report = searched();
    assert_eq!(
        report.images[0].smallest.as_deref(),
        Some("libwebp:ssimulacra2=70")
    );
    for entry in &mut report.images[0].results {
        if let (Outcome::Done(m), "webp") = (&mut entry.outcome, entry.format.as_str()) {
            m.reached = false;
        }
    }
    let report = finish(report);
    assert_eq!(
        report.images[0].smallest.as_deref(),
        Some("mozjpeg:ssimulacra2=70")
    );
}

#[test]
fn sizes_at_exactly_the_target_have_their_own_ratio() {
    let report = searched();
    let row = row(&report, "libwebp:ssimulacra2=70");
    let exact = row.ratio_at_target.unwrap();
    let expected = (0.8_f64 * 0.7 * 0.95 * 0.99 * 1.08 * 0.85).powf(1.0 / 6.0);
    assert!((exact.mean / expected - 1.0).abs() < 1e-3, "{exact:?}");
    assert_eq!(exact.images, 6);
    assert_ne!(exact.mean, row.ratio_to_baseline.unwrap().mean);
}

#[test]
fn the_qualities_found_are_spread() {
    let report = searched();
    let found: Vec<u8> = (0..6)
        .map(|nth| webp(&report, nth, "ssimulacra2=70").0.quality.unwrap())
        .collect();
    let spread = row(&report, "libwebp:ssimulacra2=70").quality.unwrap();
    assert_eq!(Some(&spread.min), found.iter().min());
    assert_eq!(Some(&spread.max), found.iter().max());
    assert!(f64::from(spread.min) < spread.median && spread.median < f64::from(spread.max));
    assert_eq!(row(&report, "oxipng").quality, None);
    assert_eq!(row(&sweep(), "mozjpeg:q70").quality, None);
}

#[test]
fn the_cost_of_searches_counts_those_that_failed() {
    let cost = searched().summary.search.unwrap();
    assert_eq!((cost.encodes, cost.entries, cost.per_entry), (72, 24, 3.0));
    assert_eq!(sweep().summary.search, None);
}

#[test]
fn on_the_front_is_what_none_beats_and_reached_its_goal() {
    let report = searched();
    let front = |nth: usize| report.images[nth].pareto.clone();
    let (jpeg, webp) = ("mozjpeg:ssimulacra2", "libwebp:ssimulacra2");
    let own = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let [low, high] = [70, 85].map(|target| format!("{webp}={target}"));
    assert_eq!(front(0), own(&["oxipng", &low, &high]));
    let [jpeg_low, jpeg_high] = [70, 85].map(|target| format!("{jpeg}={target}"));
    // WebP has the smaller file for 70 and misses 85.
    assert_eq!(front(5), own(&[&jpeg_high, "oxipng", &low]));
    // And a file of more points and more bytes than JPEG’s, on the image that it is worse on.
    assert!(front(4).contains(&jpeg_low));
    let summary = &report.summary.pareto;
    assert!(
        summary.contains(&low) && !summary.contains(&high),
        "{summary:?}"
    );
    assert!(summary.contains(&jpeg_high));
}

#[test]
fn without_a_metric_there_is_no_front() {
    let mut report = searched();
    report.metrics.clear();
    report.options.metrics.clear();
    let report = finish(report);
    assert!(report.images[0].pareto.is_empty() && report.summary.pareto.is_empty());
}
