use super::*;
use crate::source::test_files::tiff as sample;

const SHORT: u16 = 3;
const RATIONAL: u16 = 5;

/// Width 2, height 1, 8 bits a sample.
const SIDES: [(u16, u16, u32, u32); 3] =
    [(256, SHORT, 1, 2), (257, SHORT, 1, 1), (258, SHORT, 1, 8)];

fn with(tags: &[(u16, u16, u32, u32)], extra: &[u8]) -> Result<Facts, SourceError> {
    read(&sample(&[SIDES.as_slice(), tags].concat(), &[1, 2], extra))
}

#[test]
fn grey_with_everything_left_out() -> Result<(), SourceError> {
    let facts = with(&[(262, SHORT, 1, 1)], &[])?;
    assert_eq!((facts.width, facts.height, facts.bits), (2, 1, 8));
    assert_eq!((facts.model, facts.dpi), (ColorModel::Grey, None));
    assert_eq!((facts.lossy, facts.orientation), (Lossy::No, 1));
    Ok(())
}

#[test]
fn resolution_orientation_profile_and_compression() -> Result<(), SourceError> {
    let extra = [&150u32.to_le_bytes()[..], &1u32.to_le_bytes(), b"profile"].concat();
    let tags = [
        (259, SHORT, 1, 7),
        (262, SHORT, 1, 1),
        (274, SHORT, 1, 6),
        (282, RATIONAL, 1, 0),
        (283, RATIONAL, 1, 0),
        (296, SHORT, 1, 2),
        (34675, 7, 7, 8),
    ];
    let facts = with(&tags, &extra)?;
    assert_eq!(facts.dpi, Some([150.0, 150.0]));
    assert_eq!(facts.orientation, 6);
    assert_eq!(facts.icc.as_deref(), Some(b"profile".as_slice()));
    assert!(matches!(facts.lossy, Lossy::Yes { .. }));
    let no_unit: Vec<_> = tags
        .iter()
        .map(|&t| if t.0 == 296 { (296, SHORT, 1, 1) } else { t })
        .collect();
    assert_eq!(with(&no_unit, &extra)?.dpi, None);
    Ok(())
}

#[test]
fn what_cannot_be_decoded_is_refused_by_name() {
    let said = |tags: &[_]| with(tags, &[]).map(|f| f.hdr).map_err(|e| e.to_string());
    assert_eq!(
        said(&[(262, SHORT, 1, 6)]),
        Err("TIFF with YCbCr samples is not supported".into())
    );
    assert_eq!(
        said(&[(262, SHORT, 1, 1), (339, SHORT, 1, 2)]),
        Err("TIFF with signed samples is not supported".into())
    );
    let float = said(&[(262, SHORT, 1, 1), (339, SHORT, 1, 3)]);
    assert_eq!(float, Ok(Some("floating-point samples".into())));
}

#[test]
fn a_strip_outside_the_file_is_refused() {
    let file = sample(
        &[SIDES.as_slice(), &[(262, SHORT, 1, 1)]].concat(),
        &[1, 2],
        &[],
    );
    assert!(read(&file).is_ok());
    for end in 0..file.len() {
        assert!(read(&file[..end]).is_err(), "{end} of {}", file.len());
    }
}

#[test]
fn a_loop_of_pages_ends() -> Result<(), SourceError> {
    let mut file = sample(
        &[SIDES.as_slice(), &[(262, SHORT, 1, 1)]].concat(),
        &[1, 2],
        &[],
    );
    let next = file.len() - 2 - 4;
    file[next] = 8;
    assert_eq!(read(&file)?.notes, ["first of 1000 pages"]);
    Ok(())
}

#[test]
fn palettes_are_read_with_8_or_16_bits_a_sample() {
    let map: Vec<u8> = (0..6u16).flat_map(|v| (v * 257).to_le_bytes()).collect();
    let tags = [
        (256, SHORT, 1, 2),
        (257, SHORT, 1, 1),
        (258, SHORT, 1, 1),
        (262, SHORT, 1, 3),
        (320, SHORT, 6, 0),
    ];
    let file = sample(&tags, &[0x40], &map);
    let found = palette(&file).unwrap();
    assert_eq!(found.colours, [[0, 2, 4], [1, 3, 5]]);
    let small: Vec<u8> = (0..6u16).flat_map(u16::to_le_bytes).collect();
    let found = palette(&sample(&tags, &[0x40], &small)).unwrap();
    assert_eq!(found.colours, [[0, 2, 4], [1, 3, 5]]);
    assert_eq!(read(&found.as_grey).unwrap().model, ColorModel::Grey);
}
