use super::*;
use crate::source::SourceError;
use crate::source::test_files::{iccp, open, png, rgb, rgba, with_chunk};

fn with_profile(file: &[u8], profile: &ColorProfile) -> Vec<u8> {
    with_chunk(file, b"iCCP", &iccp(&profile.encode().unwrap()))
}

/// sRGB with red and green exchanged: whoever ignores it shows red for green.
fn swapped() -> ColorProfile {
    let mut profile = ColorProfile::new_srgb();
    std::mem::swap(&mut profile.red_colorant, &mut profile.green_colorant);
    profile.cicp = None;
    profile
}

fn near(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(l, r)| l.abs_diff(*r) <= 1)
}

#[test]
fn a_profile_is_applied_and_named() -> Result<(), SourceError> {
    let decoded = open(&with_profile(&png(rgba(6, 5)), &swapped()))?;
    let wanted: Vec<u8> = rgba(6, 5)
        .pixels()
        .flat_map(|p| [p[1], p[0], p[2], p[3]])
        .collect();
    assert!(near(decoded.bitmap.rgba(), &wanted));
    assert!(
        decoded.notes[0].starts_with("converted from "),
        "{:?}",
        decoded.notes
    );
    Ok(())
}

#[test]
fn srgb_is_recognised_by_what_it_does() -> Result<(), SourceError> {
    let decoded = open(&with_profile(&png(rgb(6, 5)), &ColorProfile::new_srgb()))?;
    let plain = open(&png(rgb(6, 5)))?;
    assert_eq!(decoded, plain);
    assert!(decoded.notes.is_empty());
    Ok(())
}

#[test]
fn display_p3_by_profile_and_by_cicp_agree() -> Result<(), SourceError> {
    let file = png(rgb(6, 5));
    let by_profile = open(&with_profile(&file, &ColorProfile::new_display_p3()))?;
    let by_cicp = open(&with_chunk(&file, b"cICP", &[12, 13, 0, 1]))?;
    assert!(near(by_profile.bitmap.rgba(), by_cicp.bitmap.rgba()));
    assert_eq!(by_cicp.notes, ["converted from Display P3"]);
    assert_ne!(by_cicp.bitmap, open(&file)?.bitmap);
    assert!(by_cicp.bitmap.is_opaque());
    let srgb = open(&with_chunk(&file, b"cICP", &[1, 13, 0, 1]))?;
    assert_eq!(srgb, open(&file)?);
    Ok(())
}

#[test]
fn high_dynamic_range_is_refused() {
    let file = with_chunk(&png(rgb(2, 2)), b"cICP", &[9, 16, 0, 1]);
    assert!(matches!(open(&file), Err(SourceError::Hdr(kind)) if kind == "PQ"));
}

#[test]
fn sixteen_bits_are_converted_before_they_are_rounded() -> Result<(), SourceError> {
    let wide = image::DynamicImage::from(rgb(6, 5)).to_rgb16();
    let decoded = open(&with_profile(&png(wide), &swapped()))?;
    let narrow = open(&with_profile(&png(rgb(6, 5)), &swapped()))?;
    assert!(near(decoded.bitmap.rgba(), narrow.bitmap.rgba()));
    assert_eq!(decoded.notes.last().unwrap(), "16-bit samples rounded to 8");
    Ok(())
}

#[test]
fn grey_profiles_fit_grey_and_nothing_else() -> Result<(), SourceError> {
    let linear = ColorProfile::new_gray_with_gamma(1.0);
    let grey = image::GrayImage::from_fn(3, 1, |x, _| image::Luma([x as u8 * 100]));
    let decoded = open(&with_profile(&png(grey.clone()), &linear))?;
    let [black, mid] = [0, 4].map(|i| decoded.bitmap.rgba()[i]);
    assert_eq!(black, 0);
    assert!(
        (165..=170).contains(&mid),
        "linear 100 is sRGB 168, not {mid}"
    );
    let alpha = image::DynamicImage::from(grey.clone()).to_luma_alpha8();
    let with_alpha = open(&with_profile(&png(alpha), &linear))?;
    assert_eq!(with_alpha.bitmap, decoded.bitmap);
    let color = open(&with_profile(&png(rgb(3, 1)), &linear))?;
    assert!(
        color.notes[0].starts_with("ICC profile ignored"),
        "{:?}",
        color.notes
    );
    let p3 = open(&with_profile(&png(grey), &ColorProfile::new_display_p3()))?;
    assert!(p3.bitmap.is_grey() && p3.bitmap.is_opaque());
    Ok(())
}

#[test]
fn a_profile_without_sense_is_ignored_and_said_so() -> Result<(), SourceError> {
    let file = with_chunk(&png(rgb(3, 3)), b"iCCP", &iccp(b"nonsense"));
    let decoded = open(&file)?;
    assert_eq!(decoded.notes, ["unusable ICC profile ignored"]);
    assert_eq!(decoded.bitmap, open(&png(rgb(3, 3)))?.bitmap);
    Ok(())
}
