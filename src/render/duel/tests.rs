use super::*;
use crate::render::fixture;

fn told(report: &Report) -> Option<(Option<u8>, String, Vec<String>)> {
    let images: Vec<_> = report.images.iter().collect();
    let duel = Duel::of(report, &images)?;
    let rivals = duel.rivals.iter().map(|r| r.side.full.clone()).collect();
    Some((duel.quality, duel.subject.full, rivals))
}

/// The one page with its entries renamed: codec, format, goal, bytes.
fn page(baseline: &str, entries: &[(&str, &str, Option<u8>, u64)]) -> Report {
    let mut report = fixture::one();
    report.options.baseline = baseline.into();
    let sample = report.images[0].results[0].clone();
    let made = entries.iter().map(|&(codec, format, quality, bytes)| {
        let mut entry = sample.clone();
        let goal = quality.map_or("lossless".into(), |q| format!("q{q}"));
        entry.variant = format!("{codec}:{goal}");
        (entry.codec, entry.format, entry.goal) = (codec.into(), format.into(), goal);
        (entry.quality, entry.lossless) = (quality, quality.is_none());
        if let crate::report::Outcome::Done(m) = &mut entry.outcome {
            m.bytes = bytes;
        }
        entry
    });
    report.images[0].results = made.collect();
    let names = report.images[0].results.iter().map(|e| e.variant.clone());
    report.options.variants = names.collect();
    report
}

#[test]
fn the_lowest_common_quality_is_compared_and_the_baseline_comes_first() {
    let entries = [
        ("libwebp", "webp", Some(40), 5),
        ("libwebp", "webp", Some(60), 8),
        ("libwebp", "webp", None, 50),
        ("oxipng", "png", None, 60),
        ("aom", "avif", Some(60), 7),
        ("mozjpeg", "jpeg", Some(60), 10),
        ("mozjpeg", "jpeg", Some(80), 20),
    ];
    let (quality, subject, rivals) = told(&page("jpeg", &entries)).unwrap();
    assert_eq!((quality, subject.as_str()), (Some(60), "AVIF q60"));
    // Two lossless ones are ranked among themselves.
    assert_eq!(rivals, ["JPEG q60", "WebP q60"]);
    let one: Vec<_> = entries.into_iter().filter(|e| e.0 != "oxipng").collect();
    let (_, _, rivals) = told(&page("jpeg", &one)).unwrap();
    assert_eq!(rivals, ["JPEG q60", "WebP q60", "WebP lossless"]);
}

#[test]
fn without_a_common_quality_nothing_lossy_is_compared() {
    let apart = [
        ("libwebp", "webp", Some(40), 5),
        ("mozjpeg", "jpeg", Some(60), 10),
    ];
    assert_eq!(told(&page("jpeg", &apart)), None);
}

#[test]
fn lossless_formats_compare_without_a_quality() {
    let both = [("libwebp", "webp", None, 50), ("oxipng", "png", None, 60)];
    let (quality, subject, rivals) = told(&page("png", &both)).unwrap();
    assert_eq!((quality, subject.as_str()), (None, "WebP lossless"));
    assert_eq!(rivals, ["PNG lossless"]);
    assert_eq!(told(&page("png", &both[..1])), None);
}

#[test]
fn only_images_that_all_were_measured_on_count() {
    let report = fixture::many();
    let images: Vec<_> = report.images.iter().collect();
    let duel = Duel::of(&report, &images).unwrap();
    assert_eq!((duel.images, images.len()), (2, 3));
}
