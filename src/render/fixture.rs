//! Reports made by hand, for the tests.

use std::collections::BTreeMap;

use crate::metric::Better;
use crate::report::*;
use crate::summary::{relate, summarise};

/// Variant, bytes, bits, colour, SSIMULACRA2, encoder milliseconds.
type Figures = (&'static str, u64, u16, &'static str, f64, f64);

/// One page, the three core formats at q60: the figures of the interface.
pub(super) fn one() -> Report {
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
pub(super) fn many() -> Report {
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
    let mut strip = image(
        "strip.png",
        9_400,
        &[
            ("mozjpeg:q60", 12_100, 8, "grey", 91.3, 9.2),
            ("oxipng", 940, 8, "palette", 100.0, 30.0),
        ],
    );
    (strip.width, strip.height, strip.bits, strip.colour) = (20_000, 10, 8, "palette".into());
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
    let mut report = report(vec![page, photo, strip]);
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

/// Nothing.
pub(super) fn empty() -> Report {
    report(Vec::new())
}

/// Names and messages that try to be something else.
pub(super) fn hostile() -> Report {
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
pub(super) fn named(path: &str) -> Report {
    let mut report = one();
    report.images[0].path = path.into();
    report.failures = vec![failure(path, "read", path)];
    finish(report)
}

fn failure(path: &str, stage: &str, error: &str) -> Failure {
    Failure {
        path: path.into(),
        path_bytes: None,
        stage: stage.into(),
        error: error.into(),
    }
}

fn passed_over(path: &str, reason: &str) -> SkippedFile {
    SkippedFile {
        path: path.into(),
        path_bytes: None,
        reason: reason.into(),
    }
}

fn image(path: &str, bytes: u64, figures: &[Figures]) -> ImageReport {
    let mut image = ImageReport {
        path: path.into(),
        path_bytes: None,
        digest: "blake3:00".into(),
        format: "png".into(),
        media_type: "image/png".into(),
        bytes,
        width: 1458,
        height: 1126,
        bits: 24,
        colour: "rgb".into(),
        dpi: Some([150.01, 150.01]),
        alpha: false,
        icc: None,
        orientation: 1,
        frames: 1,
        lossy_source: None,
        notes: Vec::new(),
        results: Vec::new(),
        smallest: None,
    };
    image.results = figures.iter().map(|f| done(&image, *f)).collect();
    image
}

fn done(image: &ImageReport, (variant, bytes, bits, colour, score, ms): Figures) -> Entry {
    let codec = variant.split(':').next().unwrap();
    let quality = variant
        .split([':', ','])
        .nth(1)
        .and_then(|g| g[1..].parse().ok());
    let format = match codec {
        "mozjpeg" => "jpeg",
        "oxipng" => "png",
        _ => "webp",
    };
    let lossless = quality.is_none();
    let mut scores = BTreeMap::from([("ssimulacra2".to_owned(), score)]);
    if !lossless {
        scores.insert("psnr".into(), 30.0 + score / 10.0);
    }
    let timing = Timing {
        encode_cpu_ms: ms,
        encode_wall_ms: ms + 0.5,
        decode_cpu_ms: Some(ms / 4.0),
        runs: 1,
        contended: true,
    };
    let measurement = Measurement {
        bytes,
        bits,
        colour: colour.into(),
        dpi: match format {
            "jpeg" => Some([72.0, 72.0]),
            "png" => image.dpi,
            _ => None,
        },
        bits_per_pixel: rounded(bytes as f64 * 8.0 / image.pixels() as f64),
        ratio_to_input: rounded(bytes as f64 / image.bytes as f64),
        ratio_to_baseline: None,
        scores,
        identical: lossless,
        target: None,
        reached: true,
        probes: 1,
        notes: Vec::new(),
        timing: Some(timing),
        file: None,
    };
    Entry {
        variant: variant.into(),
        codec: codec.into(),
        format: format.into(),
        goal: quality.map_or("lossless".into(), |q: u8| format!("q{q}")),
        quality,
        lossless,
        width: image.width,
        height: image.height,
        outcome: Outcome::Done(measurement),
    }
}

fn report(images: Vec<ImageReport>) -> Report {
    let codec = |id: &str, format: &str, name: &str, version: &str| CodecUsed {
        id: id.into(),
        format: format.into(),
        format_name: name.into(),
        media_type: format!("image/{format}"),
        library: id.into(),
        version: version.into(),
        defaults: BTreeMap::new(),
    };
    let metric = |id: &str, name: &str| MetricUsed {
        id: id.into(),
        name: name.into(),
        implementation: "test".into(),
        version: "1".into(),
        better: Better::Higher,
    };
    let several = images.len() > 1;
    let mut metrics = vec![metric("ssimulacra2", "SSIMULACRA2")];
    metrics.extend(several.then(|| metric("psnr", "PSNR")));
    let variants = images.first().map_or(Vec::new(), |i| i.results.clone());
    finish(Report {
        schema: SCHEMA.into(),
        generator: Generator {
            name: "imgbench".into(),
            version: "0.0.0".into(),
        },
        codecs: vec![
            codec("mozjpeg", "jpeg", "JPEG", "4.1.5"),
            codec("oxipng", "png", "PNG", "10.2.1"),
            codec("libwebp", "webp", "WebP", "1.6.0"),
        ],
        options: Options {
            variants: variants.into_iter().map(|e| e.variant).collect(),
            metrics: metrics.iter().map(|m| m.id.clone()).collect(),
            baseline: "jpeg".into(),
            background: "#ffffff".into(),
            max_pixels: 512_000_000,
            max_file_size: 268_435_456,
        },
        metrics,
        images,
        failures: Vec::new(),
        skipped: Vec::new(),
        summary: Default::default(),
        timing: Some(RunTiming {
            cpu_ms: 41_200.0,
            wall_ms: 21_000.0,
            jobs: 2,
        }),
    })
}

fn finish(mut report: Report) -> Report {
    for image in &mut report.images {
        for entry in &mut image.results {
            if let Outcome::Done(m) = &mut entry.outcome {
                m.scores.retain(|id, _| report.options.metrics.contains(id));
            }
        }
        relate(image, "jpeg");
    }
    report.summary = summarise(&report);
    report
}
