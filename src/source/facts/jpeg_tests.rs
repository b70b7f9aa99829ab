use super::*;
use crate::source::facts::exif::sample_block;
use crate::source::test_files::{jpeg, progressive_jpeg, rgb, with_segment};

fn sample() -> Vec<u8> {
    jpeg(&rgb(24, 17), 80)
}

/// A JFIF segment with a density.
fn jfif(unit: u8, across: u16, down: u16) -> Vec<u8> {
    let mut body = b"JFIF\0\x01\x02".to_vec();
    body.push(unit);
    body.extend(across.to_be_bytes());
    body.extend(down.to_be_bytes());
    body.extend([0, 0]);
    with_segment(&sample(), 0xe0, &body)
}

fn piece(number: u8, total: u8, bytes: &[u8]) -> Vec<u8> {
    [b"ICC_PROFILE\0".as_slice(), &[number, total], bytes].concat()
}

#[test]
fn sides_bits_and_model() -> Result<(), SourceError> {
    let facts = read(&sample())?;
    assert_eq!((facts.width, facts.height, facts.bits), (24, 17, 24));
    assert_eq!(facts.model, ColorModel::Rgb);
    assert_eq!(
        (facts.frames, facts.orientation, facts.alpha),
        (1, 1, false)
    );
    assert!(facts.notes.is_empty(), "{:?}", facts.notes);
    Ok(())
}

#[test]
fn the_quality_given_to_mozjpeg_is_found_again() -> Result<(), SourceError> {
    for quality in (5..=100).step_by(5) {
        // The first has the tables of Annex K, the second mozjpeg's own.
        for encode in [jpeg, progressive_jpeg] {
            let lossy = read(&encode(&rgb(16, 16), quality))?.lossy;
            let estimated_quality = Some(quality);
            assert_eq!(lossy, Lossy::Yes { estimated_quality });
        }
    }
    Ok(())
}

#[test]
fn density_by_jfif_in_inches_and_centimetres_else_by_exif() -> Result<(), SourceError> {
    assert_eq!(read(&jfif(1, 300, 150))?.dpi, Some([300.0, 150.0]));
    assert_eq!(read(&jfif(2, 118, 118))?.dpi, Some([299.72, 299.72]));
    assert_eq!(read(&jfif(0, 1, 1))?.dpi, None);
    assert_eq!(read(&jfif(1, 0, 0))?.dpi, None);
    let exif = [b"Exif\0\0".as_slice(), &sample_block(6, 240, 2)].concat();
    let only_exif = read(&with_segment(&jfif(0, 1, 1), 0xe1, &exif))?;
    assert_eq!(only_exif.dpi, Some([240.0, 240.0]));
    assert_eq!(only_exif.orientation, 6);
    let both = read(&with_segment(&jfif(1, 72, 72), 0xe1, &exif))?;
    assert_eq!(both.dpi, Some([72.0, 72.0]));
    Ok(())
}

#[test]
fn a_profile_is_put_together_whatever_the_order_of_its_pieces() -> Result<(), SourceError> {
    let first = with_segment(&sample(), 0xe2, &piece(1, 2, b"ab"));
    let both = with_segment(&first, 0xe2, &piece(2, 2, b"cd"));
    assert_eq!(read(&both)?.icc.as_deref(), Some(b"abcd".as_slice()));
    let facts = read(&first)?;
    assert_eq!(facts.icc, None);
    assert_eq!(facts.notes, ["incomplete ICC profile ignored"]);
    Ok(())
}

#[test]
fn a_jpeg_cut_anywhere_is_refused() {
    let file = sample();
    for end in 1..file.len() {
        assert!(read(&file[..end]).is_err(), "{end} of {}", file.len());
    }
}

#[test]
fn what_cannot_be_decoded_is_refused_by_name() {
    let refusal = |kind, precision, components, adobe| {
        let frame = Frame {
            kind,
            precision,
            size: [8, 8],
            components,
        };
        check_frame(&frame, adobe).map_err(|error| error.to_string())
    };
    let said = |text: &str| Err(text.to_owned());
    assert_eq!(
        refusal(0xc1, 12, 3, None),
        said("12-bit JPEG is not supported")
    );
    assert_eq!(
        refusal(0xc3, 8, 3, None),
        said("lossless JPEG is not supported")
    );
    assert_eq!(
        refusal(0xc9, 8, 3, None),
        said("arithmetic-coded JPEG is not supported")
    );
    assert_eq!(
        refusal(0xc0, 8, 2, None),
        said("JPEG with 2 components is not supported")
    );
    assert_eq!(refusal(0xc2, 8, 1, None), Ok(ColorModel::Grey));
    assert_eq!(refusal(0xc0, 8, 4, Some(0)), Ok(ColorModel::Cmyk));
    assert_eq!(refusal(0xc0, 8, 4, Some(2)), Ok(ColorModel::Ycck));
}

#[test]
fn what_lies_beside_the_picture_is_noted() -> Result<(), SourceError> {
    let trailing = [sample().as_slice(), b"more"].concat();
    assert_eq!(read(&trailing)?.notes, ["data after the end of the image"]);
    let padded = [sample().as_slice(), &[0; 9]].concat();
    assert!(read(&padded)?.notes.is_empty());
    let several = with_segment(&sample(), 0xe2, b"MPF\0");
    assert_eq!(
        read(&several)?.notes,
        ["first of several pictures in the file"]
    );
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<x hdrgm:Version=\"1.0\"/>";
    let gain_map = with_segment(&sample(), 0xe1, xmp);
    assert_eq!(read(&gain_map)?.notes, ["gain map ignored"]);
    Ok(())
}
