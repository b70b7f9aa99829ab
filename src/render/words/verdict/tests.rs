use super::*;
use crate::render::fixture::{finish, searched};
use crate::report::{Entry, LossySource, Measurement, Outcome as Entered, Target};

fn told(report: &Report) -> Vec<String> {
    let pairs = &report.verdict.as_ref().unwrap().pairs;
    verdict(report, pairs, &report.summary.equal_quality)
}

/// The searched report with its measurements changed.
fn changed(mut change: impl FnMut(&str, &mut Entry, &mut Measurement)) -> Report {
    let mut report = searched();
    for image in &mut report.images {
        for entry in &mut image.results {
            let mut outcome = entry.outcome.clone();
            if let Entered::Done(m) = &mut outcome {
                change(&image.path, entry, m);
            }
            entry.outcome = outcome;
        }
    }
    let named = report.images[0].results.iter().map(|e| e.variant.clone());
    report.options.variants = named.collect();
    finish(report)
}

/// Where the lower target is 30 kB, and WebP scores `gain` more than JPEG, on a.png ten less.
fn sized(gain: f64) -> Report {
    changed(|path, entry, m| {
        if entry.goal != "ssimulacra2=70" {
            return;
        }
        entry.goal = "size=30000".into();
        entry.variant = format!("{}:{}", entry.codec, entry.goal);
        let less = if path == "a.png" { 10.0 } else { 0.0 };
        let webp = if entry.format == "webp" {
            gain - less
        } else {
            0.0
        };
        m.scores.insert("ssimulacra2".into(), 64.0 + webp);
        (m.bytes, m.bytes_at_target) = (29_990, None);
        m.target = Some(Target::Size {
            metric: "ssimulacra2".into(),
            at_most_bytes: 30_000,
        });
    })
}

#[test]
fn sizes_at_one_score() {
    assert_eq!(
        told(&searched()),
        [
            "At SSIMULACRA2 70 WebP is 11.4 % smaller than JPEG [−21.1, −1.3], n = 6 (4 wins, 1 tie, 1 loss; worst: e.png, 8.0 % larger). BD-rate −11.4 % [−21.1, −1.3], n = 6. Butteraugli disagrees: it finds WebP worse by 0.108.",
            "At SSIMULACRA2 85 WebP is not clearly smaller than JPEG (−10.7 % [−22.9, +0.8]: no clear winner), n = 5 (3 wins, 1 tie, 1 loss; worst: e.png, 8.0 % larger). Butteraugli finds WebP worse by 0.103. WebP cannot reach it on 1 of 6 images.",
        ]
    );
}

#[test]
fn other_metrics_that_agree_are_named_in_one_breath() {
    let mut report = changed(|_, _, m| {
        m.scores.insert("butteraugli".into(), 1.0);
        m.scores.insert("psnr".into(), 40.0);
    });
    let mut psnr = report.metrics[0].clone();
    (psnr.id, psnr.name) = ("psnr".into(), "PSNR".into());
    report.metrics.push(psnr);
    report.options.metrics.push("psnr".into());
    for entry in report.images.iter_mut().flat_map(|i| &mut i.results) {
        if let Entered::Done(m) = &mut entry.outcome {
            m.scores.insert("psnr".into(), 40.0);
        }
    }
    let report = finish(report);
    assert!(told(&report)[0].ends_with("n = 6. Butteraugli and PSNR agree."));
}

#[test]
fn scores_at_one_size() {
    assert_eq!(
        told(&sized(6.0))[0],
        "At 30.0 kB WebP scores 4.3 SSIMULACRA2 better than JPEG [+1.0, +6.0], n = 6 (5 wins, 0 ties, 1 loss; worst: a.png, 4.0 worse). Butteraugli disagrees: it finds WebP worse by 0.108."
    );
    let unclear = told(&sized(2.0)).remove(0);
    assert!(
        unclear.starts_with("At 30.0 kB WebP and JPEG score about alike (+0.3 SSIMULACRA2 [−3.0, +2.0]: no clear winner), n = 6"),
        "{unclear}"
    );
}

#[test]
fn sizes_at_equal_quality_where_no_score_was_sought() {
    let mut report = sized(6.0);
    let variants = &mut report.options.variants;
    variants.retain(|v| !v.ends_with("=85"));
    for image in &mut report.images {
        image.results.retain(|e| e.goal != "ssimulacra2=85");
    }
    let told = told(&finish(report));
    assert_eq!(told.len(), 2);
    assert!(
        told[1].starts_with("At equal SSIMULACRA2 (about 7"),
        "{}",
        told[1]
    );
    assert!(
        told[1].ends_with("n = 6. BD-rate −11.4 % [−21.1, −1.3], n = 6."),
        "{}",
        told[1]
    );
}

#[test]
fn one_image_and_none() {
    let report = searched();
    let of = |nth: usize| {
        let images = [&report.images[nth]];
        verdict(&report, &crate::verdict::pairs(&report, &images), &[])
    };
    assert_eq!(
        of(4)[0],
        "At SSIMULACRA2 70 JPEG is 7.4 % smaller than WebP [n=1]. BD-rate −7.4 %. Butteraugli agrees."
    );
    assert_eq!(
        of(5)[1],
        "At SSIMULACRA2 85 JPEG and WebP are not comparable. WebP cannot reach it."
    );
}

#[test]
fn the_one_ahead_of_most_is_in_every_sentence() {
    let mut report = searched();
    let third = |entry: &Entry| {
        let mut entry = entry.clone();
        (entry.codec, entry.format) = ("aom".into(), "avif".into());
        entry.variant = format!("aom:{}", entry.goal);
        entry
    };
    for image in &mut report.images {
        let avif: Vec<Entry> = image.results[3..].iter().map(third).collect();
        image.results.extend(avif);
    }
    let named = report.images[0].results.iter().map(|e| e.variant.clone());
    report.options.variants = named.collect();
    let report = finish(report);
    assert_eq!(report.verdict.as_ref().unwrap().pairs.len(), 6);
    let all = told(&report);
    assert_eq!(all.len(), 4);
    assert!(all[..2].iter().all(|s| s.contains("WebP is")), "{all:?}");
}

#[test]
fn what_to_serve() {
    let line = |report: &Report, nth: usize| recommended(report, &report.images[nth]).unwrap();
    let report = searched();
    assert_eq!(
        line(&report, 0),
        "Recommended: WebP q70, 27.3 kB (−97.0 %): smallest that reaches SSIMULACRA2 70."
    );
    assert_eq!(
        recommendations(&report).unwrap(),
        "Recommended for SSIMULACRA2 70: WebP for 5 images and JPEG for 1."
    );
    assert_eq!(
        line(&sized(2.0), 0),
        "Recommended: JPEG q69, 30.0 kB (−96.7 %): best that is no larger than 30.0 kB."
    );
    let mut clear = searched();
    clear.images[4].alpha = true;
    assert_eq!(
        line(&finish(clear), 4),
        "Recommended: WebP q68, 36.7 kB (−95.9 %): smallest that keeps transparency and reaches SSIMULACRA2 70."
    );
    let mut odd = searched();
    odd.images[0].bytes = 20_000;
    odd.images[1].lossy_source = Some(LossySource {
        estimated_quality: None,
    });
    if let Entered::Done(m) = &mut odd.images[2].results[2].outcome {
        m.bytes = 1_000;
    }
    let odd = finish(odd);
    assert_eq!(
        line(&odd, 0),
        "Recommended: the original, 20.0 kB: no file that reaches SSIMULACRA2 70 is smaller."
    );
    assert!(
        line(&odd, 1)
            .ends_with("The original is lossy already: better made from what it was made from.")
    );
    assert_eq!(
        line(&odd, 2),
        "Recommended: PNG, 1.0 kB (−99.9 %): lossless, and smaller than any lossy file that reaches SSIMULACRA2 70."
    );
    assert_eq!(
        recommendations(&odd).unwrap(),
        "Recommended for SSIMULACRA2 70: WebP for 3 images, the original for 1, PNG for 1 and JPEG for 1."
    );
}
