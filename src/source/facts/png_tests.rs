use super::*;
use crate::source::facts::exif::sample_block;
use crate::source::test_files::{iccp, rgb, rgba, with_chunk};

fn sample() -> Vec<u8> {
    crate::source::test_files::png(rgb(5, 3))
}

fn with(kind: &[u8; 4], body: &[u8]) -> Result<Facts, SourceError> {
    read(&with_chunk(&sample(), kind, body))
}

#[test]
fn sides_bits_and_model() -> Result<(), SourceError> {
    let facts = read(&sample())?;
    assert_eq!((facts.width, facts.height, facts.bits), (5, 3, 24));
    assert_eq!(facts.model, ColorModel::Rgb);
    assert!(!facts.alpha && facts.dpi.is_none() && facts.notes.is_empty());
    let with_alpha = read(&crate::source::test_files::png(rgba(5, 3)))?;
    assert_eq!((with_alpha.bits, with_alpha.alpha), (32, true));
    assert!(with(b"tRNS", &[0; 6])?.alpha);
    Ok(())
}

#[test]
fn resolution_by_phys_or_exif() -> Result<(), SourceError> {
    let metric = [&11811u32.to_be_bytes()[..], &2835u32.to_be_bytes(), &[1]].concat();
    assert_eq!(with(b"pHYs", &metric)?.dpi, Some([300.0, 72.01]));
    let unknown = [&metric[..8], &[0]].concat();
    assert_eq!(with(b"pHYs", &unknown)?.dpi, None);
    let exif = with(b"eXIf", &sample_block(8, 96, 2))?;
    assert_eq!((exif.dpi, exif.orientation), (Some([96.0, 96.0]), 8));
    Ok(())
}

#[test]
fn an_animation_needs_its_control_chunk_before_the_data() -> Result<(), SourceError> {
    let control = |frames: u32| [frames.to_be_bytes(), [0; 4]].concat();
    let frame = with_chunk(&sample(), b"fcTL", &[0; 26]);
    assert_eq!(read(&frame)?.frames, 1);
    let single = with_chunk(&frame, b"acTL", &control(1));
    assert_eq!(read(&single)?.frames, 1);
    let several = with_chunk(&frame, b"acTL", &control(12));
    assert_eq!(read(&several)?.frames, 12);
    // The default image is not part of this animation: what a browser shows is another picture.
    assert_eq!(with(b"acTL", &control(1))?.frames, 2);
    Ok(())
}

#[test]
fn high_dynamic_range_is_told_by_cicp() -> Result<(), SourceError> {
    assert_eq!(with(b"cICP", &[9, 16, 0, 1])?.hdr.as_deref(), Some("PQ"));
    assert_eq!(with(b"cICP", &[9, 18, 0, 1])?.hdr.as_deref(), Some("HLG"));
    let p3 = with(b"cICP", &[12, 13, 0, 1])?;
    assert_eq!((p3.hdr, p3.cicp), (None, Some([12, 13, 0, 1])));
    Ok(())
}

#[test]
fn gamma_and_primaries_are_noted_unless_something_better_is_there() -> Result<(), SourceError> {
    let gamma = with_chunk(&sample(), b"gAMA", &62_500u32.to_be_bytes());
    assert_eq!(read(&gamma)?.notes, ["gAMA 1/1.60 ignored"]);
    assert!(read(&with_chunk(&gamma, b"sRGB", &[0]))?.notes.is_empty());
    assert!(with(b"gAMA", &45_455u32.to_be_bytes())?.notes.is_empty());
    let primaries = with(b"cHRM", &[1; 32])?;
    assert_eq!(primaries.notes, ["cHRM differs from sRGB, ignored"]);
    Ok(())
}

#[test]
fn a_profile_is_inflated_within_its_limit() -> Result<(), SourceError> {
    let facts = with(b"iCCP", &iccp(b"not a profile, but carried"))?;
    assert_eq!(
        facts.icc.as_deref(),
        Some(b"not a profile, but carried".as_slice())
    );
    let broken = with(b"iCCP", b"name\0\0garbage")?;
    assert_eq!(broken.icc, None);
    assert_eq!(broken.notes, ["unreadable ICC profile ignored"]);
    Ok(())
}

#[test]
fn texts_are_never_looked_into() -> Result<(), SourceError> {
    assert!(with(b"zTXt", b"x\0\0garbage")?.notes.is_empty());
    Ok(())
}

#[test]
fn a_png_without_data_is_refused_and_one_without_an_end_noted() -> Result<(), SourceError> {
    let file = sample();
    assert!(read(&file[..30]).is_err());
    assert!(read(&file[..33]).is_err());
    let open = read(&file[..file.len() - 12])?;
    assert_eq!(open.notes, ["the PNG end chunk is missing"]);
    let trailing = read(&[file.as_slice(), b"more"].concat())?;
    assert_eq!(trailing.notes, ["data after the end of the image"]);
    Ok(())
}
