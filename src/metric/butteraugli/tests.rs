use std::path::Path;

use super::*;

const BOTH: [Butteraugli; 2] = [Butteraugli::ThreeNorm, Butteraugli::Max];

fn score(norm: Butteraugli, mode: Mode, a: &Bitmap, b: &Bitmap) -> f64 {
    let prepared = norm.prepare(Arc::new(a.clone()), mode).unwrap();
    prepared.score(b).unwrap()
}

/// Waves of colour, with so much noise on them.
fn picture(width: u32, height: u32, noise: u32) -> Bitmap {
    let mut rgba = Vec::new();
    let mut random = 1_u32;
    for at in 0..width * height {
        let (x, y) = (at % width, at / width);
        for wave in [x * 3 + y, y * 2, x + y * 5] {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = (random >> 16) * noise / 65_536;
            rgba.push((wave % 200 + grain) as u8);
        }
        rgba.push(255);
    }
    Bitmap::new(width, height, rgba).unwrap()
}

/// The picture as glass: more transparent to the right.
fn glass(mut image: Bitmap) -> Bitmap {
    let width = image.width() as usize;
    let pixels = image.rgba_mut().chunks_exact_mut(4).enumerate();
    pixels.for_each(|(at, p)| p[3] = (255 - at % width * 200 / width) as u8);
    image
}

fn load(path: &Path) -> Bitmap {
    let picture = image::open(path).unwrap().into_rgba8();
    Bitmap::new(picture.width(), picture.height(), picture.into_raw()).unwrap()
}

/// Scores by libjxl's own tool, where they are at hand. They are not part of the repository.
#[test]
fn opaque_pairs_score_as_with_the_reference_tool() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    let table = std::fs::read_to_string(folder.join("scores.tsv")).unwrap_or_default();
    let head: Vec<&str> = table.lines().next().unwrap_or("").split('\t').collect();
    let column = |name: &str| head.iter().position(|title| *title == name).unwrap();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [a, b] = ["original", "distorted"].map(|name| load(&folder.join(cells[column(name)])));
        if !a.is_opaque() || !b.is_opaque() {
            continue;
        }
        let told = ["butteraugli_3norm", "butteraugli_max"].map(|name| cells[column(name)]);
        let result = ready(&a, 0).unwrap().compare(&samples(&b, 0)).unwrap();
        for (nth, norm) in BOTH.into_iter().enumerate() {
            let expected: f64 = told[nth].parse().unwrap();
            let off = (norm.of(&result) - expected).abs();
            assert!(
                off < 1e-3,
                "{}: {off} off {expected}",
                cells[column("distorted")]
            );
        }
    }
}

#[test]
fn identical_is_zero_and_worse_is_larger() {
    let image = picture(64, 48, 0);
    for norm in BOTH {
        for mode in [Mode::Full, Mode::Strips] {
            for image in [image.clone(), glass(image.clone()), picture(8, 8, 0)] {
                assert_eq!(score(norm, mode, &image, &image), 0.0);
            }
            let scores = [5, 15, 50].map(|n| score(norm, mode, &image, &picture(64, 48, n)));
            assert!(0.0 < scores[0] && scores.is_sorted(), "{scores:?}");
        }
    }
}

#[test]
fn strips_score_as_the_whole() {
    // Three strips, the last one incomplete.
    let (image, other) = (picture(70, 601, 0), picture(70, 601, 20));
    for (a, b) in [(image.clone(), other.clone()), (glass(image), glass(other))] {
        for norm in BOTH {
            let [full, strips] = [Mode::Full, Mode::Strips].map(|mode| score(norm, mode, &a, &b));
            assert!((full - strips).abs() < 1e-4, "{full} and {strips}");
        }
    }
}

#[test]
fn the_worse_backdrop_counts() {
    let (a, b) = (glass(picture(64, 48, 0)), glass(picture(64, 48, 30)));
    for norm in BOTH {
        let on = |back: u8| {
            let lay = |image: &Bitmap| image.over(Rgb([back; 3])).into_owned();
            score(norm, Mode::Full, &lay(&a), &lay(&b))
        };
        let expected = on(26).max(on(230));
        for mode in [Mode::Full, Mode::Strips] {
            assert!((score(norm, mode, &a, &b) - expected).abs() < 1e-4);
        }
        // Transparent against opaque, either way round.
        let solid = picture(64, 48, 0);
        let there = score(norm, Mode::Full, &solid, &a);
        assert!(there > 1.0 && (score(norm, Mode::Strips, &solid, &a) - there).abs() < 1e-4);
        assert!(score(norm, Mode::Full, &a, &solid) > 1.0);
    }
}

#[test]
fn small_and_different_pictures_are_refused() {
    let refused = Butteraugli::Max.prepare(Arc::new(picture(7, 20, 0)), Mode::Full);
    let error = refused.err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.contains("8×8"), "{error}");
    let prepared = Butteraugli::Max.prepare(Arc::new(picture(9, 20, 0)), Mode::Full);
    let error = prepared.unwrap().score(&picture(20, 9, 0)).unwrap_err();
    assert!(matches!(error, MetricError::Unsupported(_)));
}

#[test]
fn the_version_is_that_of_the_lock_file() {
    let entry = format!(
        "name = \"butteraugli\"\nversion = \"{}\"\n",
        Butteraugli::Max.version()
    );
    assert!(
        include_str!("../../../Cargo.lock")
            .replace("\r\n", "\n")
            .contains(&entry)
    );
}
