use archmage::{ScalarToken, SimdToken};

use super::*;

/// Waves of colour and, from the middle on, nothing: smooth places are where roundings show.
fn picture(width: u32, height: u32, levels: u8) -> Bitmap {
    let mut rgba = Vec::new();
    for at in 0..width * height {
        let (x, y) = (at % width, at / width);
        for wave in [x * 3 + y, y * 2, x + y * 5] {
            let sample = if y > height / 2 { 250 } else { wave % 200 };
            rgba.push(sample as u8 & levels);
        }
        rgba.push(255);
    }
    Bitmap::new(width, height, rgba).unwrap()
}

#[test]
fn every_processor_gives_the_same_score() {
    let token = ScalarToken::summon().unwrap();
    for (width, height) in [(8, 8), (9, 31), (67, 40)] {
        let (a, b) = (picture(width, height, 255), picture(width, height, 0xf0));
        let best = compare(&a, &b, 0.1);
        assert_eq!(vectors_scalar(token, &a, &b, 0.1), best, "{width}×{height}");
    }
}

#[test]
fn scales_halve_until_a_side_is_under_eight() {
    let of = |width, height| sides(&picture(width, height, 255));
    assert_eq!(of(8, 9), [(8, 9), (4, 5)]);
    assert_eq!(of(16, 100), [(16, 100), (8, 50), (4, 25)]);
    assert_eq!(of(1000, 999).len(), pool::SCALES);
    assert_eq!(of(1000, 999)[5], (32, 32));
}

#[test]
fn pictures_too_small_are_refused() {
    let refused = Ssimulacra2.prepare(Arc::new(picture(7, 20, 255)), Mode::Full);
    let told = refused.err().unwrap().to_string();
    assert_eq!(told, "7×20 is under 8×8 pixels");
}
