//! Reports made by hand, for the tests.

mod parts;
mod searched;
mod supported;

use parts::{done, failure, image, image_of, passed_over};
pub(crate) use parts::{finish, report};
pub(crate) use searched::searched;
pub(crate) use supported::{File, GOAL, browsers, pictured, seen, supported};

use crate::quality_map::QualityMap;
use crate::report::*;

/// One page, the three core formats at q60: the figures of the interface.
pub(crate) fn one() -> Report {
    report(vec![page()])
}

fn page() -> ImageReport {
    image(
        "page.png",
        1_200_000,
        &[
            ("mozjpeg:q60", 123_400, 24, "rgb", 68.1, 41.2),
            ("oxipng", 812_000, 24, "rgb", 100.0, 640.0),
            ("libwebp:q60", 61_200, 24, "rgb", 66.0, 88.4),
        ],
    )
}

/// A page, a photo with alpha and a lossy source, and a strip that is too long for WebP; two qualities, several
/// settings, both metrics, failures, files passed over.
pub(crate) fn many() -> Report {
    let mut page = page();
    page.results.push(done(
        &page,
        (
            "mozjpeg:q80,subsampling=444",
            196_100,
            24,
            "rgb",
            83.9,
            55.0,
        ),
    ));
    page.results
        .push(done(&page, ("libwebp:q80", 102_300, 24, "rgb", 80.2, 97.0)));
    let mut report = report(vec![page, photo(), strip()]);
    report.failures = vec![
        failure(
            "cut.jpg",
            "decode",
            "the file ends in the middle of the picture; fetch it again",
        ),
        failure("gone.png", "read", "no such file"),
    ];
    report.skipped = ["index.html", "LICENSE"]
        .map(|path| passed_over(path, "not an image"))
        .into();
    finish(report)
}

fn photo() -> ImageReport {
    let mut photo = image(
        "photos/été/tulips & bees.jpg",
        2_310_400,
        &[
            ("mozjpeg:q60", 402_000, 24, "rgb", 66.4, 120.0),
            ("oxipng", 3_904_000, 32, "rgba", 100.0, 2_640.0),
            ("libwebp:q60", 371_000, 24, "rgb", 67.0, 210.0),
            (
                "mozjpeg:q80,subsampling=444",
                811_000,
                24,
                "rgb",
                82.0,
                144.0,
            ),
            ("libwebp:q80", 602_000, 24, "rgb", 79.4, 236.0),
        ],
    );
    photo.format = "webp".into();
    photo.lossy_source = Some(LossySource {
        estimated_quality: Some(85),
    });
    photo.notes = vec!["converted from Display P3".into()];
    photo.dpi = None;
    photo.alpha = true;
    for entry in &mut photo.results {
        if let (Outcome::Done(m), "mozjpeg") = (&mut entry.outcome, entry.codec.as_str()) {
            m.notes.push("transparent pixels laid over #ffffff".into());
        }
    }
    photo
}

fn strip() -> ImageReport {
    let mut strip = image_of(
        [20_000, 10],
        "strip.png",
        9_400,
        &[
            ("mozjpeg:q60", 12_100, 8, "grey", 91.3, 9.2),
            ("oxipng", 940, 8, "palette", 100.0, 30.0),
        ],
    );
    (strip.bits, strip.colour) = (8, "palette".into());
    let reason = "20000×10 is over the WebP limit of 16383 pixels a side";
    for variant in ["libwebp:q60", "mozjpeg:q80,subsampling=444", "libwebp:q80"] {
        let mut entry = done(&strip, (variant, 1, 8, "grey", 0.0, 0.0));
        entry.outcome = if entry.codec == "libwebp" {
            Outcome::Skipped {
                reason: reason.into(),
            }
        } else {
            let (code, message) = ("encode".into(), "Bogus Huffman table definition".into());
            Outcome::Failed {
                error: EntryError { code, message },
            }
        };
        strip.results.push(entry);
    }
    strip
}

/// Three photos at three qualities: WebP is 10 to 20 % smaller than JPEG at the same score.
pub(crate) fn sweep() -> Report {
    let images = [
        ("a.png", 0.8, 0.0),
        ("b.png", 0.85, 2.0),
        ("c.png", 0.9, -3.0),
    ];
    report(
        images
            .map(|(path, ratio, above)| swept(path, ratio, above))
            .into(),
    )
}

/// One photo whose WebP files score `above` the JPEG ones and take `ratio` of what a JPEG of that score would.
pub(crate) fn swept(path: &str, ratio: f64, above: f64) -> ImageReport {
    let size = |score: f64, ratio: f64| (1000.0 * ratio * (score / 20.0).exp()) as u64;
    let webp = |score: f64| (size(score + above, ratio), score + above);
    let jpeg = |variant, score| (variant, size(score, 1.0), 24, "rgb", score, 40.0);
    let webp = |variant, score| {
        let (bytes, score) = webp(score);
        (variant, bytes, 24, "rgb", score, 90.0)
    };
    image(
        path,
        900_000,
        &[
            jpeg("mozjpeg:q50", 55.0),
            jpeg("mozjpeg:q70", 68.0),
            jpeg("mozjpeg:q90", 86.0),
            ("oxipng", 700_000, 24, "rgb", 100.0, 640.0),
            webp("libwebp:q50", 55.0),
            webp("libwebp:q70", 68.0),
            webp("libwebp:q90", 86.0),
        ],
    )
}

/// The sweep and a photo whose WebP is far ahead, with their quality map.
pub(crate) fn mapped() -> Report {
    let mut images = sweep().images;
    images.push(swept("d.png", 0.5, 40.0));
    let mut report = report(images);
    report.quality_map = QualityMap::of(&report, None).ok();
    report
}

/// Nothing.
pub(crate) fn empty() -> Report {
    report(Vec::new())
}

/// Names and messages that try to be something else.
pub(crate) fn hostile() -> Report {
    let names = [
        "=HYPERLINK(\"http://evil.example\",\"x\").png",
        "a\nb\u{1b}[31m\u{202e}gnp.exe",
        "icon@2x|<img src=x onerror=alert(1)>`*_[l](javascript:x).png",
    ];
    let images = names.map(|name| {
        let mut image = image(
            name,
            50_000,
            &[("mozjpeg:q60", 20_000, 24, "rgb", 70.0, 1.0)],
        );
        image
            .notes
            .push("| --- |\u{1b}]0;title\u{7} https://evil.example\n# heading".into());
        image
    });
    let mut report = report(images.into());
    report.failures = vec![failure(
        "-x\u{9b}2J,\"q\"",
        "read",
        "=cmd|'/c calc'!A1 \u{200b}<b>\r\n",
    )];
    report.skipped = vec![passed_over("@x\t\u{feff}", "not an image")];
    finish(report)
}

/// One image with `path`.
pub(crate) fn named(path: &str) -> Report {
    let mut report = one();
    report.images[0].path = path.into();
    report.failures = vec![failure(path, "read", path)];
    finish(report)
}
