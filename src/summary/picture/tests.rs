//! Sums by hand, with the shares of [`browsers`]: 0.5 see JPEG XL and AVIF and WebP, 0.2 JPEG XL with limits, AVIF and
//! WebP, 0.2 AVIF and WebP, 0.06 WebP, 0.04 none of them.

use super::*;
use crate::render::fixture::{File, GOAL, browsers, pictured, seen, supported};

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
}

/// The picture at [`GOAL`] of images with these files.
fn picture_of(images: &[&[File]]) -> Option<Picture> {
    let images = images.iter().enumerate();
    let images = images.map(|(nth, files)| pictured(&format!("{nth}.png"), files));
    let report = seen(images.collect());
    let pictures = report.summary.pictures;
    pictures.into_iter().find(|p| p.goal == GOAL)
}

#[test]
fn each_browser_gets_the_first_format_that_it_shows_in_full() {
    let report = supported();
    let [picture] = &report.summary.pictures[..] else {
        panic!("{:?}", report.summary.pictures);
    };
    assert_eq!((picture.images, picture.not_comparable), (2, 0));
    assert!(picture.same_quality);
    // Means: JPEG XL (40 + 50) / 2, AVIF 50, WebP (70 + 140, the JPEG) / 2, JPEG (100 + 140) / 2; nobody needs PNG.
    let found = picture.sources.iter();
    let found: Vec<_> = found
        .map(|s| (s.format.as_str(), s.share, s.mean_bytes))
        .collect();
    assert_eq!(
        found,
        [
            ("jxl", 0.5, 45_000.0),
            ("avif", 0.4, 50_000.0),
            ("webp", 0.06, 105_000.0),
            ("jpeg", 0.04, 120_000.0),
        ]
    );
    // 0.5 × 45 + 0.4 × 50 + 0.06 × 105 + 0.04 × 120 kB.
    near(picture.bytes_per_view, 53_600.0);
    // 0.7 × 45 + 0.2 × 50 + 0.06 × 105 + 0.04 × 120 kB.
    near(picture.bytes_per_view_with_partial, 52_600.0);
    // 0.3 × 45 + 0.6 × 50 + 0.06 × 105 + 0.04 × 120 kB.
    near(picture.bytes_per_view_at_desktop_pace, 54_600.0);
    let alone = picture.alone.as_ref().unwrap();
    assert_eq!(
        (
            alone.format.as_str(),
            alone.bytes_per_view,
            alone.substituted
        ),
        ("jpeg", 120_000.0, 0)
    );
}

#[test]
fn a_transparent_picture_is_served_by_no_jpeg() {
    let opaque: &[File] = &[
        ("mozjpeg", "jpeg", GOAL, Some(80_000)),
        ("libwebp", "webp", GOAL, Some(50_000)),
        ("oxipng", "png", "lossless", Some(200_000)),
    ];
    let glass: &[File] = &[
        ("mozjpeg", "jpeg", GOAL, Some(10_000)),
        ("libwebp", "webp", GOAL, Some(20_000)),
        ("oxipng", "png", "lossless", Some(60_000)),
    ];
    let mut images = vec![pictured("a.png", opaque), pictured("b.png", glass)];
    images[1].alpha = true;
    let picture = &seen(images.clone()).summary.pictures[0];
    // WebP 0.96 × (50 + 20) / 2; else JPEG, and PNG for the transparent one: 0.04 × (80 + 60) / 2 kB.
    near(picture.bytes_per_view, 36_400.0);
    let alone = picture.alone.as_ref().unwrap();
    assert_eq!(
        (
            alone.format.as_str(),
            alone.bytes_per_view,
            alone.substituted
        ),
        ("jpeg", 70_000.0, 1)
    );
    // Alone it is WebP or PNG: 0.96 × 20 + 0.04 × 60 kB.
    let picture = &seen(images.split_off(1)).summary.pictures[0];
    near(picture.bytes_per_view, 21_600.0);
    let formats: Vec<&str> = picture.sources.iter().map(|s| s.format.as_str()).collect();
    assert_eq!(formats, ["webp", "png"]);
    assert_eq!(picture.alone.as_ref().unwrap().format, "png");
}

#[test]
fn a_lossless_file_that_is_smaller_meets_any_score() {
    let picture = picture_of(&[&[
        ("mozjpeg", "jpeg", GOAL, Some(90_000)),
        ("libwebp", "webp", GOAL, Some(60_000)),
        ("libwebp", "webp", "lossless", Some(30_000)),
    ]]);
    near(
        picture.unwrap().bytes_per_view,
        0.96 * 30_000.0 + 0.04 * 90_000.0,
    );
}

#[test]
fn what_nobody_would_take_is_left_out() {
    let larger: &[File] = &[
        ("mozjpeg", "jpeg", GOAL, Some(100_000)),
        ("libwebp", "webp", GOAL, Some(40_000)),
        ("libaom", "avif", GOAL, Some(50_000)),
    ];
    // Whoever sees AVIF sees WebP, which is smaller, where there is one.
    for (images, expected) in [
        (vec![larger, larger], vec!["webp", "jpeg"]),
        (
            vec![larger, &[larger[0], larger[2]]],
            vec!["avif", "webp", "jpeg"],
        ),
    ] {
        let picture = picture_of(&images).unwrap();
        let formats: Vec<&str> = picture.sources.iter().map(|s| s.format.as_str()).collect();
        assert_eq!(formats, expected);
    }
}

#[test]
fn what_every_browser_shows_ends_the_list() {
    let images = supported().images;
    let mut report = seen(images);
    let support = report.support.as_mut().unwrap();
    support.groups.truncate(3);
    report.derive();
    let picture = &report.summary.pictures[0];
    let formats: Vec<&str> = picture.sources.iter().map(|s| s.format.as_str()).collect();
    assert_eq!(formats, ["jxl", "avif"]);
    // Shares are out of those who are left: 0.5 and 0.4 of 0.9.
    near(
        picture.bytes_per_view,
        (0.5 * 45_000.0 + 0.4 * 50_000.0) / 0.9,
    );
    assert_eq!(picture.alone.as_ref().unwrap().bytes_per_view, 120_000.0);
}

#[test]
fn an_image_that_not_all_can_see_is_left_out_and_counted() {
    let whole: &[File] = &[
        ("mozjpeg", "jpeg", GOAL, Some(90_000)),
        ("libaom", "avif", GOAL, Some(60_000)),
    ];
    let lacking: &[File] = &[
        ("mozjpeg", "jpeg", GOAL, None),
        ("libaom", "avif", GOAL, Some(1_000)),
    ];
    let picture = picture_of(&[whole, lacking]).unwrap();
    assert_eq!((picture.images, picture.not_comparable), (1, 1));
    near(picture.bytes_per_view, 0.9 * 60_000.0 + 0.1 * 90_000.0);
    assert_eq!(picture_of(&[lacking]), None);
}

#[test]
fn set_qualities_are_not_of_one_quality() {
    let files: &[File] = &[
        ("mozjpeg", "jpeg", "q60", Some(90_000)),
        ("libwebp", "webp", "q60", Some(60_000)),
        ("mozjpeg", "jpeg", "q80", Some(50_000)),
        ("libwebp", "webp", "q80", Some(70_000)),
        ("mozjpeg", "jpeg", "size=100000", Some(90_000)),
        ("libwebp", "webp", "size=100000", Some(80_000)),
        ("libwebp", "webp", "lossless", Some(200_000)),
        ("oxipng", "png", "lossless", Some(300_000)),
    ];
    let report = seen(vec![pictured("a.png", files)]);
    let found = report.summary.pictures.iter();
    let found: Vec<_> = found.map(|p| (p.goal.as_str(), p.same_quality)).collect();
    // At q80 JPEG is the smallest, and needs no company; files of one size have one size.
    assert_eq!(found, [("q60", false), ("lossless", true)]);
    near(
        report.summary.pictures[1].bytes_per_view,
        0.96 * 200_000.0 + 0.04 * 300_000.0,
    );
}

#[test]
fn one_format_is_no_choice_and_no_browsers_are_none() {
    assert_eq!(picture_of(&[&[("mozjpeg", "jpeg", GOAL, Some(9))]]), None);
    let mut report = supported();
    report.support = None;
    report.derive();
    assert_eq!(report.summary.pictures, []);
    // All see the one format there is.
    let mut all = browsers();
    all.groups.truncate(1);
    let mut report = seen(vec![pictured(
        "a.png",
        &[("libaom", "avif", GOAL, Some(9))],
    )]);
    report.support = Some(all);
    report.derive();
    assert_eq!(report.summary.pictures, []);
}
