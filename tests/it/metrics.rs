//! Metrics against the reference tools' own scores, against brute force, and against what any metric owes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use imgbench::Bitmap;
use imgbench::bitmap::Rgb;
use imgbench::codec::{CODECS, Settings};
use imgbench::metric::{Better, METRICS, Metric, MetricError, Mode};
use imgbench::source::decode::{Limits, decode};
use imgbench::source::facts;
use imgbench::source::format::Format;
use rayon::prelude::*;

use crate::pictures::{glass, noise, photo};
use crate::source_corpus;

fn metric(id: &str) -> &'static dyn Metric {
    imgbench::metric::find(METRICS, id).unwrap()
}

fn score(metric: &dyn Metric, reference: &Bitmap, other: &Bitmap, mode: Mode) -> f64 {
    let prepared = metric.prepare(Arc::new(reference.clone()), mode).unwrap();
    prepared.score(other).unwrap()
}

/// A file, decoded as an input of a run is.
fn load(at: &Path) -> Bitmap {
    let file = std::fs::read(at).unwrap_or_else(|e| panic!("{}: {e}", at.display()));
    let format = Format::sniff(&file, Some("png")).unwrap();
    let facts = facts::read(&file, format).unwrap();
    let limits = Limits {
        max_pixels: u64::MAX,
        max_memory: u64::MAX,
    };
    decode(&file, &facts, &limits).unwrap().bitmap
}

/// An original, a distorted picture, and what the reference tool says of them.
struct Pair {
    original: PathBuf,
    distorted: PathBuf,
    score: f64,
}

/// The pairs with scores by libjxl's own tool, where they are at hand.
fn pairs() -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    let Ok(table) = std::fs::read_to_string(folder.join("scores.tsv")) else {
        return Vec::new();
    };
    let mut lines = table
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let place = |name: &str| head.iter().position(|title| *title == name).unwrap();
    let (original, distorted, score) =
        (place("original"), place("distorted"), place("ssimulacra2"));
    lines
        .map(|cells| Pair {
            original: folder.join(cells[original]),
            distorted: folder.join(cells[distorted]),
            score: cells[score].parse().unwrap(),
        })
        .collect()
}

/// The picture that quality `q` of the JPEG codec makes of `image`.
fn worse(image: &Bitmap, q: u8) -> Bitmap {
    through("jpeg", image, q).unwrap()
}

/// The picture that quality `q` of a codec makes of `image`, if it takes such pictures.
fn through(codec: &str, image: &Bitmap, q: u8) -> Option<Bitmap> {
    let codec = imgbench::codec::find(CODECS, codec).unwrap();
    let file = codec.encode(image, &Settings::lossy(q)).ok()?;
    Some(codec.decode(&file).unwrap())
}

#[test]
fn ssimulacra2_gives_the_scores_of_the_reference_tool() {
    let complaints: Vec<String> = pairs()
        .par_iter()
        .filter_map(|pair| {
            let (original, distorted) = (load(&pair.original), load(&pair.distorted));
            let score = score(metric("ssimulacra2"), &original, &distorted, Mode::Full);
            let off = (score - pair.score).abs();
            let name = pair.distorted.file_name().unwrap().display();
            (off > 0.001).then(|| format!("{name}: {score} should be {}", pair.score))
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The score by the crate fast-ssim2, a port of the reference tool that keeps all of its roundings. Transparent pictures
/// are laid over the tool's two backdrops before: there the port has a curve of its own.
fn ported(reference: &Bitmap, other: &Bitmap) -> f64 {
    use fast_ssim2::{PixelDescriptor, PixelSlice, compute_ssimulacra2};
    let (width, height) = (reference.width(), reference.height());
    if reference.is_opaque() && other.is_opaque() {
        let [a, b] = [reference, other].map(|image| {
            let stride = width as usize * 4;
            let kind = PixelDescriptor::RGBX8_SRGB;
            PixelSlice::new(image.rgba(), width, height, stride, kind).unwrap()
        });
        return compute_ssimulacra2(&a, &b).unwrap();
    }
    let on = |backdrop: f32| {
        let lights = [reference, other].map(|image| light(image, backdrop));
        let [a, b] = lights.each_ref().map(|light| {
            let stride = width as usize * 12;
            let kind = PixelDescriptor::RGBF32_LINEAR;
            PixelSlice::new(light, width, height, stride, kind).unwrap()
        });
        compute_ssimulacra2(&a, &b).unwrap()
    };
    on(0.1).min(on(0.9))
}

/// Red, green and blue of every pixel over grey of encoded level `backdrop`, linear, as the bytes of floats. Blending and
/// curve are those of libjxl (`AlphaBlend` and `TF_SRGB`).
fn light(image: &Bitmap, backdrop: f32) -> Vec<u8> {
    let decode = |x: f32| {
        if x <= 0.04045 {
            return x * (1.0 / 12.92);
        }
        let horner = |p: [f32; 5]| (0..4).rev().fold(p[4], |sum, at| sum.mul_add(x, p[at]));
        horner([
            2.200_248_3e-4,
            1.043_637_6e-2,
            1.624_820_4e-1,
            7.961_565e-1,
            8.210_153e-1,
        ]) / horner([
            2.631_847e-1,
            1.076_976_5,
            4.987_528_3e-1,
            -5.512_498_3e-2,
            6.521_209e-3,
        ])
    };
    let unit = |sample: u8| f32::from(sample) * (1.0 / 255.0);
    let mut bytes = Vec::with_capacity(image.pixels() as usize * 12);
    for pixel in image.rgba().chunks_exact(4) {
        let alpha = unit(pixel[3]);
        for sample in &pixel[..3] {
            let blended = alpha * unit(*sample) + (1.0 - alpha) * backdrop;
            bytes.extend(decode(blended).to_ne_bytes());
        }
    }
    bytes
}

/// What `ported` and our own SSIMULACRA2 may be apart: sums of some millions of numbers in another order.
const ROUNDING: f64 = 1e-3;

#[test]
fn ssimulacra2_equals_the_port_at_every_size() {
    let sides = [8, 9, 11, 12, 15, 16, 17, 23, 31, 40, 65, 130];
    for (nth, (width, height)) in sides.into_iter().zip(sides.into_iter().rev()).enumerate() {
        for image in [
            photo(width, height, nth as u64),
            noise(width, height, nth as u64),
            glass(width, height, nth as u64),
        ] {
            for bits in [0xff_u8, 0xfe, 0xf0, 0x80] {
                let mut other = image.clone();
                for pixel in other.rgba_mut().chunks_exact_mut(4) {
                    pixel[1] &= bits;
                    pixel[2] &= bits;
                }
                let apart = score(metric("ssimulacra2"), &image, &other, Mode::Full)
                    - ported(&image, &other);
                assert!(apart.abs() < ROUNDING, "{image:?} & {bits:x}: {apart}");
            }
        }
    }
}

/// Photographs, document pages, screenshots and flat art of the developers' corpus.
const REAL: [&str; 10] = [
    "photos/kodak/kodim09.png",
    "photos/gb82/mc1-lossless.png",
    "photos/skimage/page.png",
    "web/documents/table.150.png",
    "web/documents/books_logo.png",
    "web/screenshots/graph.png",
    "web/screenshots/windows95.png",
    "web/logos/Transparency.png",
    "web/icons/oxygen_16x16_utilities-terminal.png",
    "web/pixelart/mediummummy.png",
];

#[test]
fn ssimulacra2_equals_the_port_on_real_pictures() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let complaints: Vec<String> = REAL
        .par_iter()
        .map(|name| corpus.join(name))
        .filter(|path| path.exists())
        .flat_map(|path| {
            let image = load(&path).over(Rgb::WHITE).into_owned();
            // Faint losses are where roundings count most.
            [30, 80, 97].map(|q| {
                let other = worse(&image, q);
                let ours = score(metric("ssimulacra2"), &image, &other, Mode::Full);
                let what = format!("{} q{q}", path.display());
                (what, ours, ported(&image, &other))
            })
        })
        .filter(|(_, ours, port)| (ours - port).abs() >= ROUNDING)
        .map(|(what, ours, port)| format!("{what}: {ours} should be {port}"))
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn ssimulacra2_equals_the_port_on_long_pictures() {
    // The blur's rounding errors pile up along a row and a column.
    for (width, height) in [(40_000, 9), (9, 40_000)] {
        let image = photo(width, height, 3);
        let mut other = image.clone();
        other
            .rgba_mut()
            .iter_mut()
            .step_by(4)
            .for_each(|r| *r &= 0xf8);
        let ours = score(metric("ssimulacra2"), &image, &other, Mode::Full);
        let port = ported(&image, &other);
        assert!(
            (ours - port).abs() < ROUNDING,
            "{image:?}: {ours} should be {port}"
        );
    }
}

/// Every picture of the corpus that can be decoded and needs no gigabytes, as two codecs make it at quality 60. It takes
/// minutes: `cargo test --release --test it whole_corpus -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes"]
#[allow(clippy::print_stderr)] // The figure is what it is run for.
fn ssimulacra2_equals_the_port_on_the_whole_corpus() {
    let rows = source_corpus::rows("");
    let compare = |row: &source_corpus::Row| -> Vec<(f64, String)> {
        let decoded = source_corpus::open(&row.path).map(|decoded| decoded.bitmap);
        let Some(image) = decoded
            .ok()
            .filter(|image| image.width().min(image.height()) >= 8 && image.pixels() <= 40_000_000)
        else {
            return Vec::new();
        };
        let flat = image.over(Rgb::WHITE).into_owned();
        let made = [("jpeg", &flat), ("libwebp", &image)].map(|(codec, image)| {
            let other = through(codec, image, 60)?;
            let ours = score(metric("ssimulacra2"), image, &other, Mode::Full);
            let port = ported(image, &other);
            let what = format!("{codec} of {}: {ours}, the port {port}", row.name);
            Some(((ours - port).abs(), what))
        });
        made.into_iter().flatten().collect()
    };
    let mut apart: Vec<_> = rows.par_iter().flat_map_iter(compare).collect();
    apart.sort_by(|a, b| b.0.total_cmp(&a.0));
    let worst: Vec<_> = apart
        .iter()
        .take(20)
        .map(|(by, what)| format!("{by:.6} {what}"))
        .collect();
    eprintln!(
        "{} comparisons, the worst:\n{}",
        apart.len(),
        worst.join("\n")
    );
    assert!(apart.iter().all(|(by, _)| *by < 0.02));
}

#[test]
fn metrics_take_the_smallest_pictures_they_say_and_refuse_smaller_ones() {
    for metric in METRICS {
        let side = metric.info().min_side;
        for mode in [Mode::Full, Mode::Strips] {
            let prepare = |side| metric.prepare(Arc::new(photo(side, 20, 1)), mode);
            let same = prepare(side).unwrap().score(&photo(side, 20, 1)).unwrap();
            assert_eq!(same, metric.info().perfect.unwrap_or(f64::INFINITY));
            if side > 1 {
                let refused = prepare(side - 1).err();
                let told = matches!(refused, Some(MetricError::Unsupported(_)));
                assert!(told, "{} {mode:?}: {refused:?}", metric.info().id);
            }
        }
    }
}

#[test]
fn strips_change_no_score() {
    // Several strips of 256 rows, the last one incomplete.
    let image = photo(160, 700, 1);
    for q in [20, 60, 90] {
        let other = worse(&image, q);
        let of = |mode| score(metric("ssimulacra2"), &image, &other, mode);
        let (full, strips) = (of(Mode::Full), of(Mode::Strips));
        assert!((full - strips).abs() <= 1e-4, "q{q}: {full} and {strips}");
    }
}

#[test]
fn identical_pictures_are_perfect() {
    for metric in METRICS {
        let perfect = metric.info().perfect.unwrap_or(f64::INFINITY);
        let side = metric.info().min_side;
        for image in [
            photo(40, 30, 1),
            noise(33, 21, 2),
            glass(40, 30, 3),
            photo(side, side, 4),
        ] {
            for mode in [Mode::Full, Mode::Strips] {
                let score = score(*metric, &image, &image.clone(), mode);
                assert_eq!(score, perfect, "{} {mode:?} {image:?}", metric.info().id);
            }
        }
    }
}

#[test]
fn worse_pictures_score_worse() {
    let image = photo(160, 120, 5);
    for metric in METRICS {
        let scores: Vec<f64> = [95, 80, 60, 40, 20, 5]
            .iter()
            .map(|&q| score(*metric, &image, &worse(&image, q), Mode::Full))
            .collect();
        let better = metric.info().better;
        let falls = |w: &[f64]| match better {
            imgbench::metric::Better::Higher => w[0] > w[1],
            imgbench::metric::Better::Lower => w[0] < w[1],
        };
        assert!(
            scores.windows(2).all(falls),
            "{} {scores:?}",
            metric.info().id
        );
        assert!(scores.iter().all(|s| s.is_finite()), "{scores:?}");
    }
}

#[test]
fn other_sides_are_refused() {
    let image = photo(40, 30, 6);
    for metric in METRICS {
        for mode in [Mode::Full, Mode::Strips] {
            let prepared = metric.prepare(Arc::new(image.clone()), mode).unwrap();
            for (width, height) in [(30, 40), (40, 29), (41, 30), (80, 15)] {
                let refused = prepared.score(&photo(width, height, 6));
                let error = refused.expect_err("sides differ");
                assert!(matches!(error, MetricError::Unsupported(_)));
                let told = error.to_string();
                assert!(told.contains("40×30") && told.contains(&format!("{width}×{height}")));
            }
        }
    }
}

#[test]
fn a_prepared_reference_scores_the_same_from_any_thread() {
    let image = photo(96, 64, 7);
    let others: Vec<Bitmap> = [10, 50, 90].iter().map(|&q| worse(&image, q)).collect();
    for metric in METRICS {
        for mode in [Mode::Full, Mode::Strips] {
            let prepared = metric.prepare(Arc::new(image.clone()), mode).unwrap();
            let all =
                || -> Vec<f64> { others.iter().map(|o| prepared.score(o).unwrap()).collect() };
            let alone = all();
            let together = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(all)).collect();
                threads
                    .into_iter()
                    .map(|t| t.join().unwrap())
                    .collect::<Vec<_>>()
            });
            assert!(
                together.iter().all(|t| *t == alone),
                "{} {mode:?}",
                metric.info().id
            );
        }
    }
}

#[test]
fn with_alpha_the_worse_backdrop_counts() {
    // Dark glass made worse: seen on a light page, hardly on a dark one.
    let dark = |mut image: Bitmap| {
        let pixels = image.rgba_mut().chunks_exact_mut(4).enumerate();
        pixels.for_each(|(at, p)| {
            p.copy_from_slice(&[p[0] / 8, p[1] / 8, p[2] / 8, (at % 96 * 2) as u8])
        });
        image
    };
    let image = dark(photo(96, 64, 13));
    let mut other = image.clone();
    let pixels = other.rgba_mut().chunks_exact_mut(4).enumerate();
    pixels.for_each(|(at, p)| p[3] = p[3].saturating_sub((at / 7 % 5) as u8 * 9));
    for metric in METRICS {
        let on = |back: u8| {
            let lay = |image: &Bitmap| image.over(Rgb([back; 3])).into_owned();
            score(*metric, &lay(&image), &lay(&other), Mode::Full)
        };
        let (on_dark, on_light) = (on(26), on(230));
        let worse = match metric.info().better {
            Better::Higher => on_light < on_dark - metric.info().tolerance,
            Better::Lower => on_light > on_dark + metric.info().tolerance,
        };
        assert!(worse, "{}: {on_light} and {on_dark}", metric.info().id);
        for mode in [Mode::Full, Mode::Strips] {
            let score = score(*metric, &image, &other, mode);
            // Both tools lay over a tenth and nine tenths, to which 26 and 230 are near.
            assert!(
                (score - on_light).abs() < 0.5,
                "{}: {score} and {on_light}",
                metric.info().id
            );
        }
    }
}

#[test]
fn psnr_is_what_its_formula_says() {
    let image = photo(61, 47, 8);
    let cases = [
        (image.clone(), worse(&image, 30)),
        (noise(50, 50, 9), noise(50, 50, 10)),
        (glass(31, 29, 11), glass(31, 29, 12)),
    ];
    for (a, b) in cases {
        let expected = [26.0, 230.0].map(|back| brute_psnr(&a, &b, back));
        let expected = expected[0].min(expected[1]);
        let score = score(metric("psnr"), &a, &b, Mode::Full);
        assert!(
            (score - expected).abs() < 1e-9,
            "{score} should be {expected}"
        );
    }
}

/// 10 · log₁₀(255² / MSE) of both pictures laid over `back`, rounded to whole levels.
fn brute_psnr(a: &Bitmap, b: &Bitmap, back: f64) -> f64 {
    let mut sum = 0.0;
    for at in 0..a.rgba().len() {
        if at % 4 == 3 {
            continue;
        }
        let laid = |image: &Bitmap| {
            let alpha = f64::from(image.rgba()[at - at % 4 + 3]) / 255.0;
            (f64::from(image.rgba()[at]) * alpha + back * (1.0 - alpha)).round()
        };
        sum += (laid(a) - laid(b)).powi(2);
    }
    let mean = sum / (a.pixels() as f64 * 3.0);
    10.0 * (255.0_f64.powi(2) / mean).log10()
}
