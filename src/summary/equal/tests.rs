use super::*;
use crate::metric::Better;
use crate::render::fixture::{finish, report, searched, sweep, swept};
use crate::report::{CurvePoint, Entry, MeasuredCurve, Outcome};
use crate::summary::lossy_variants;

fn only(report: &Report) -> EqualQuality {
    let mut rows = report.summary.equal_quality.clone();
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0)
}

/// The report with its measurements changed: variant, score, bytes.
fn changed(mut report: Report, change: impl Fn(&str, &mut f64, &mut u64)) -> Report {
    for entry in report.images.iter_mut().flat_map(|i| &mut i.results) {
        if let Outcome::Done(m) = &mut entry.outcome {
            let score = m.scores.get_mut("ssimulacra2").unwrap();
            change(&entry.variant, score, &mut m.bytes);
        }
    }
    finish(report)
}

#[test]
fn ratios_come_first_and_averages_after() {
    let row = only(&sweep());
    assert_eq!(
        (row.format.as_str(), row.baseline.as_str()),
        ("webp", "jpeg")
    );
    assert_eq!((row.images, row.not_comparable, row.reason), (3, 0, None));
    let ratio = row.ratio.unwrap();
    let expected = (0.8_f64 * 0.85 * 0.9).cbrt();
    assert!((ratio.mean / expected - 1.0).abs() < 2e-3, "{ratio:?}");
    let [low, high] = ratio.interval.unwrap();
    assert!(0.79 < low && low < ratio.mean && ratio.mean < high && high < 0.91);
    // The middles of 55 to 86, 57 to 86 and 55 to 83.
    assert!((row.score.unwrap() - (70.5 + 71.5 + 69.0) / 3.0).abs() < 1e-6);
}

#[test]
fn one_image_has_no_interval() {
    let report = report(vec![swept("a.png", 0.9, 1.0)]);
    let row = only(&report);
    assert_eq!((row.images, row.ratio.unwrap().interval), (1, None));
    let image: Vec<_> = report.images.iter().collect();
    assert_eq!(equal_quality(&report, &image), [row]);
}

#[test]
fn images_that_do_not_compare_are_counted_with_their_reason() {
    let of = |above| only(&report(vec![swept("a.png", 0.9, above)]));
    let told = |row: EqualQuality| (row.images, row.not_comparable, row.reason);
    for (above, reason) in [
        (31.5, Incomparable::AllBetter),
        (-31.5, Incomparable::AllWorse),
        (30.5, Incomparable::OverlapTooNarrow),
        (31.0, Incomparable::OverlapTooNarrow),
    ] {
        let row = of(above);
        assert_eq!((row.ratio, row.score), (None, None));
        assert_eq!(told(row), (0, 1, Some(reason)), "{above}");
    }
    assert_eq!(told(of(29.5)), (1, 0, None));
    let images = [0.0, 40.0, -40.0, -41.0].map(|above| swept("a.png", 0.9, above));
    let row = only(&report(images.into()));
    assert_eq!(told(row), (1, 3, Some(Incomparable::AllWorse)));
}

#[test]
fn one_quality_makes_no_curve() {
    let mut report = report(vec![swept("a.png", 0.9, 1.0)]);
    let lost = |entry: &mut Entry| {
        if entry.format == "webp" && entry.goal != "q70" {
            let reason = "too long".into();
            entry.outcome = Outcome::Skipped { reason };
        }
    };
    report.images[0].results.iter_mut().for_each(lost);
    let row = only(&finish(report));
    assert_eq!(row.reason, Some(Incomparable::TooFewPoints));
}

#[test]
fn where_lower_is_better_all_is_the_same() {
    let mut report = sweep();
    let higher = only(&report);
    report.metrics[0].better = Better::Lower;
    let lower = only(&changed(report, |_, score, _| *score = 100.0 - *score));
    assert!((lower.ratio.unwrap().mean / higher.ratio.unwrap().mean - 1.0).abs() < 1e-5);
    assert!((lower.score.unwrap() - (100.0 - higher.score.unwrap())).abs() < 1e-5);
}

#[test]
fn other_settings_and_other_codecs_do_not_mix() {
    let mut report = sweep();
    for entry in report.images.iter_mut().flat_map(|i| &mut i.results) {
        match entry.variant.as_str() {
            "libwebp:q50" => entry.variant = "libwebp:q50,effort=6".into(),
            "libwebp:q90" => {
                (entry.variant, entry.codec) = ("other:q90".into(), "other".into());
            }
            _ => {}
        }
    }
    let names = report.images[0].results.iter().map(|e| e.variant.clone());
    report.options.variants = names.collect();
    let report = finish(report);
    assert_eq!(lossy_variants(&report, "webp"), ["libwebp:q70"]);
    assert_eq!(only(&report).reason, Some(Incomparable::TooFewPoints));
    assert!(lossy_variants(&report, "png").is_empty());
}

#[test]
fn without_a_metric_or_a_lossy_baseline_there_is_nothing() {
    let mut report = sweep();
    report.options.baseline = "png".into();
    assert_eq!(finish(report.clone()).summary.equal_quality, []);
    report.options.baseline = "jpeg".into();
    report.metrics.clear();
    assert_eq!(finish(report).summary.equal_quality, []);
}

#[test]
fn an_older_report_has_none() {
    let mut json = serde_json::to_value(sweep()).unwrap();
    json["summary"]
        .as_object_mut()
        .unwrap()
        .remove("equalQuality");
    let report: Report = serde_json::from_value(json).unwrap();
    assert_eq!(report.summary.equal_quality, []);
}

/// The mean of the logarithms of the ratios that [`searched`] was made with.
fn mean_log() -> f64 {
    let ratios = [0.8_f64, 0.7, 0.95, 0.99, 1.08, 0.85];
    ratios.map(f64::ln).iter().sum::<f64>() / 6.0
}

#[test]
fn bjontegaards_deltas_come_from_the_probes_of_searches() {
    let row = only(&searched());
    let rate = row.bd_rate.unwrap();
    assert_eq!(rate.images, 6);
    assert!(
        (rate.mean / mean_log().exp() - 1.0).abs() < 1e-3,
        "{rate:?}"
    );
    let [low, high] = rate.interval.unwrap();
    assert!(low < rate.mean && rate.mean < high);
    let score = row.bd_score.unwrap();
    assert!((score.mean + 20.0 * mean_log()).abs() < 0.02, "{score:?}");
    assert_eq!(score.images, 6);
    assert_eq!(only(&sweep()).bd_rate, None, "three qualities are too few");
}

#[test]
fn set_qualities_and_probes_make_one_curve() {
    let mut report = sweep();
    let image = &mut report.images[0];
    let (_, set) = image.measurements().next().unwrap();
    let point = |quality, bytes, score| CurvePoint {
        quality,
        bytes,
        scores: [("ssimulacra2".to_owned(), score)].into(),
    };
    let same = point(50, set.bytes, set.scores["ssimulacra2"]);
    let points = vec![same, point(60, 20_000, 60.0), point(80, 50_000, 78.0)];
    let (series, codec, format) = ("mozjpeg".into(), "mozjpeg".into(), "jpeg".into());
    let own = MeasuredCurve {
        series,
        codec,
        format,
        points,
    };
    let mut other = own.clone();
    other.series = "mozjpeg:subsampling=444".into();
    image.curves = vec![other, own];
    let found = points_of(image);
    assert_eq!(found, [50, 60, 70, 80, 90]);
    let metric = &report.metrics[0];
    assert_eq!(
        curve(&report.images[0], "mozjpeg", metric)
            .unwrap()
            .points(),
        5
    );
    assert_eq!(
        curve(&report.images[1], "mozjpeg", metric)
            .unwrap()
            .points(),
        3
    );
}

fn points_of(image: &ImageReport) -> Vec<u8> {
    let points = super::super::points(image, "mozjpeg", "ssimulacra2");
    points.into_keys().collect()
}
