use super::*;
use crate::source::facts::exif::sample_block;
use crate::source::test_files::{encode, rgba, riff};

/// A lossless bitstream of 5×3 pixels with alpha.
fn lossless_stream() -> Vec<u8> {
    encode(rgba(5, 3), image::ImageFormat::WebP)[20..].to_vec()
}

/// The start of a key frame of 24×17 pixels, enough for its header.
const LOSSY: &[u8] = &[0x10, 0, 0, 0x9d, 0x01, 0x2a, 24, 0, 17, 0];

/// A `VP8X` chunk for a canvas of 5×3 pixels.
fn extended(flags: u8) -> [u8; 10] {
    [flags, 0, 0, 0, 4, 0, 0, 2, 0, 0]
}

#[test]
fn plain_lossy_and_lossless() -> Result<(), SourceError> {
    let lossy = read(&riff(&[(b"VP8 ", LOSSY)]))?;
    assert_eq!((lossy.width, lossy.height, lossy.bits), (24, 17, 24));
    assert!(matches!(lossy.lossy, Lossy::Yes { .. }) && !lossy.alpha);
    let lossless = read(&riff(&[(b"VP8L", &lossless_stream())]))?;
    assert_eq!((lossless.width, lossless.height, lossless.bits), (5, 3, 32));
    assert_eq!((lossless.lossy, lossless.alpha), (Lossy::No, true));
    Ok(())
}

#[test]
fn the_extended_header_brings_profile_and_exif() -> Result<(), SourceError> {
    let file = riff(&[
        (b"VP8X", &extended(0x28)),
        (b"ICCP", b"profile"),
        (b"VP8L", &lossless_stream()),
        (b"EXIF", &sample_block(5, 72, 2)),
    ]);
    let facts = read(&file)?;
    assert_eq!(facts.icc.as_deref(), Some(b"profile".as_slice()));
    assert_eq!((facts.orientation, facts.dpi), (5, Some([72.0, 72.0])));
    assert!(!facts.alpha, "the flags of the extended header decide");
    Ok(())
}

#[test]
fn frames_are_counted() -> Result<(), SourceError> {
    let mut frame = vec![0; 16];
    frame.extend(b"VP8 \x0a\0\0\0");
    frame.extend(LOSSY);
    let file = riff(&[
        (b"VP8X", &extended(0x02)),
        (b"ANIM", &[0; 6]),
        (b"ANMF", &frame),
        (b"ANMF", &frame),
    ]);
    let facts = read(&file)?;
    assert_eq!((facts.frames, facts.width), (2, 5));
    assert!(matches!(facts.lossy, Lossy::Yes { .. }));
    Ok(())
}

#[test]
fn only_the_last_pad_byte_may_be_missing() {
    let odd = riff(&[(b"VP8 ", &[LOSSY, &[0]].concat())]);
    assert!(read(&odd).is_ok());
    for missing in 1..odd.len() {
        let result = read(&odd[..odd.len() - missing]);
        assert_eq!(result.is_ok(), missing == 1, "{missing} bytes missing");
    }
    let even = riff(&[(b"VP8 ", LOSSY)]);
    assert!(read(&even[..even.len() - 1]).is_err());
}
