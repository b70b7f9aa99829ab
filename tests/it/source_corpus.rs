//! Reading real, odd, broken and hostile files. The corpus is not part of the repository: without it these tests do
//! nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use imgbench::source::{self, Decoded, Format, Limits, SourceError};

const LIMITS: Limits = Limits {
    max_pixels: 100_000_000,
    max_memory: 1 << 30,
};

/// Channel means of some pictures of the suite: palettes, grey, alpha, 16 bits, interlacing, odd sizes.
const PNG_SUITE_MEANS: [(&str, [f64; 4]); 13] = [
    ("basn0g01", [124.51, 124.51, 124.51, 255.0]),
    ("basn0g04", [119.0, 119.0, 119.0, 255.0]),
    ("basn0g08", [127.01, 127.01, 127.01, 255.0]),
    ("basi2c08", [191.25, 191.25, 191.25, 255.0]),
    ("basn2c08", [191.25, 191.25, 191.25, 255.0]),
    ("basn3p01", [136.0, 178.5, 144.5, 255.0]),
    ("basn3p08", [135.31, 135.31, 111.44, 255.0]),
    ("basn4a08", [127.03, 127.03, 127.03, 127.03]),
    ("basi6a08", [100.66, 191.25, 94.72, 127.03]),
    ("tbbn3p08", [167.14, 174.38, 169.31, 141.94]),
    ("s09n3p02", [125.93, 150.9, 75.56, 255.0]),
    ("oi9n2c16", [127.5, 127.5, 43.77, 255.0]),
    ("basn2c16", [127.5, 127.5, 43.77, 255.0]),
];

/// No single file may take longer, even in an unoptimised build.
const MOST_TIME: Duration = Duration::from_secs(5);

/// One row of the corpus's manifest.
pub(crate) struct Row {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    expect: String,
}

fn corpus() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")).to_owned()
}

/// The rows whose path starts with `folder`; none when there is no corpus.
pub(crate) fn rows(folder: &str) -> Vec<Row> {
    let manifest = std::fs::read_to_string(corpus().join("MANIFEST.tsv")).unwrap_or_default();
    let column = |name: &str| {
        let head = manifest.lines().next().unwrap_or_default();
        head.split('\t').position(|n| n == name).unwrap_or(0)
    };
    let expect = column("expect");
    let row = |line: &str| {
        let fields: Vec<_> = line.split('\t').collect();
        Row {
            path: corpus().join(fields[0]),
            name: fields[0].to_owned(),
            expect: fields[expect].to_owned(),
        }
    };
    let inside = |line: &&str| line.starts_with(folder);
    manifest.lines().skip(1).filter(inside).map(row).collect()
}

/// Decodes a file as a run does, unless it has over 100 megapixels.
pub(crate) fn open(path: &Path) -> Result<Decoded, SourceError> {
    let file = std::fs::read(path)?;
    let extension = path.extension().and_then(|e| e.to_str());
    let format = Format::sniff(&file, extension).ok_or(SourceError::NotAnImage)?;
    let facts = source::facts::read(&file, format)?;
    let decoded = source::decode(&file, &facts, &LIMITS)?;
    let bitmap = &decoded.bitmap;
    assert_eq!([bitmap.width(), bitmap.height()], facts.upright_size());
    assert!(facts.alpha || bitmap.is_opaque(), "{path:?} is not opaque");
    Ok(decoded)
}

/// Opens a file that must decode; `None` without the corpus.
fn sample(name: &str) -> Option<Decoded> {
    let path = corpus().join(name);
    path.exists().then(|| match open(&path) {
        Ok(decoded) => decoded,
        Err(error) => panic!("{name}: {error}"),
    })
}

/// The mean and the largest difference of two pictures of one size.
fn difference(left: &Decoded, right: &Decoded) -> (f64, u8) {
    let (left, right) = (left.bitmap.rgba(), right.bitmap.rgba());
    assert_eq!(left.len(), right.len());
    let apart = || left.iter().zip(right).map(|(l, r)| l.abs_diff(*r));
    let sum: u64 = apart().map(u64::from).sum();
    (sum as f64 / left.len() as f64, apart().max().unwrap_or(0))
}

#[test]
fn the_same_landscape_in_eight_orientations() {
    let name = |i| format!("odd/exif-orientation/Landscape_{i}.jpg");
    let Some(upright) = sample(&name(1)) else {
        return;
    };
    for turned in (2..=8).filter_map(|i| sample(&name(i))) {
        let size = (turned.bitmap.width(), turned.bitmap.height());
        assert_eq!(size, (600, 450));
        // Each was turned by its maker and compressed again; a wrong turn differs by some tens.
        let (mean, _) = difference(&upright, &turned);
        assert!(mean < 4.0, "{:?}: {mean}", turned.notes);
    }
}

#[test]
fn a_profile_that_exchanges_channels_is_honoured() {
    let folder = "odd/icc/flowers-GBR";
    let Some(reference) = sample(&format!("{folder}-reference-sRGB.png")) else {
        return;
    };
    for (extension, mean) in [("png", 0.1), ("tif", 0.1), ("webp", 0.1), ("jpg", 4.0)] {
        let name = format!("{folder}-swapped-profile.{extension}");
        let Some(swapped) = sample(&name) else {
            continue;
        };
        let (found, most) = difference(&reference, &swapped);
        assert!(found < mean, "{name}: {found} on average, {most} at most");
    }
}

#[test]
fn one_picture_in_several_lossless_formats_is_one_picture() {
    let mut stems: BTreeMap<String, Vec<(String, Decoded)>> = BTreeMap::new();
    for row in rows("odd/same-picture/") {
        let file = row.name.rsplit('/').next().unwrap_or_default();
        let endings = [
            ".no-ancillary.png",
            ".lossless.webp",
            ".png",
            ".bmp",
            ".tiff",
        ];
        if let Some(stem) = endings.iter().find_map(|end| file.strip_suffix(end)) {
            let decoded = open(&row.path).expect(&row.name);
            stems
                .entry(stem.to_owned())
                .or_default()
                .push((row.name, decoded));
        }
    }
    for files in stems.values() {
        for (name, decoded) in &files[1..] {
            assert_eq!(difference(&files[0].1, decoded), (0.0, 0), "{name}");
        }
    }
}

#[test]
fn the_png_suite_decodes_to_the_values_that_others_find() {
    for row in rows("odd/pngsuite/")
        .iter()
        .filter(|row| row.expect == "ok")
    {
        open(&row.path).expect(&row.name);
    }
    // The mean of each channel, as libpng finds it.
    for (name, wanted) in PNG_SUITE_MEANS {
        let Some(decoded) = sample(&format!("odd/pngsuite/{name}.png")) else {
            return;
        };
        let mut sums = [0.0; 4];
        for pixel in decoded.bitmap.rgba().chunks_exact(4) {
            for (sum, value) in sums.iter_mut().zip(pixel) {
                *sum += f64::from(*value) / decoded.bitmap.pixels() as f64;
            }
        }
        let near = sums
            .iter()
            .zip(wanted)
            .all(|(sum, want)| (sum - want).abs() < 0.6);
        assert!(near, "{name}: {sums:?} is not {wanted:?}");
    }
}

#[test]
fn odd_files_decode_or_say_why_not() {
    for row in rows("odd/") {
        match (open(&row.path), row.expect.as_str()) {
            (Ok(_), _) | (Err(SourceError::Animated { .. }), _) => {}
            (Err(error), "ok") => panic!("{}: {error}", row.name),
            // Files over the limit of these tests, formats and kinds that no safe decoder knows.
            (Err(_), "limit-or-ok" | "either" | "unsupported-or-ok") => {}
            (Err(error), other) => panic!("{}: {error}, {other}", row.name),
        }
    }
}

#[test]
fn broken_and_hostile_files_neither_panic_nor_hang_nor_pass() {
    for row in rows("broken/").into_iter().chain(rows("hostile/")) {
        let start = Instant::now();
        let result = open(&row.path);
        assert!(start.elapsed() < MOST_TIME, "{} took too long", row.name);
        match (&result, row.expect.as_str()) {
            (Ok(_), "error" | "limit" | "error-or-limit" | "error-or-partial") => {
                panic!("{} should be refused", row.name);
            }
            (Err(error), "ok") => panic!("{}: {error}", row.name),
            (Err(error), _) => {
                let message = error.to_string();
                let caught = message.contains("panicked") || message.contains("upset");
                assert!(!caught, "{}: {message}", row.name);
            }
            (Ok(_), _) => {}
        }
    }
}

#[test]
fn photographs_and_pictures_of_the_web_decode() {
    // Every fourth: large ones take long in an unoptimised build.
    let rows = rows("photos/").into_iter().chain(rows("web/"));
    for row in rows.step_by(4) {
        open(&row.path).expect(&row.name);
    }
}
