//! Orientation and resolution out of an EXIF block, by kamadak-exif.

use exif::{In, Tag, Value};

/// The block is a small TIFF file; what matters lies near its start, and no more than this is looked at.
const MAX_BLOCK: usize = 1 << 20;

/// What EXIF says of a picture.
#[derive(Debug, PartialEq)]
pub(crate) struct ExifFacts {
    /// 1 to 8; 1 when absent or out of range.
    pub(crate) orientation: u8,
    /// Pixels per inch.
    pub(crate) dpi: Option<[f64; 2]>,
}

/// Reads an EXIF block, with or without its `Exif\0\0` prefix. Damage reads as absence.
pub(crate) fn read(block: &[u8]) -> ExifFacts {
    let block = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    let block = block.get(..MAX_BLOCK).unwrap_or(block);
    let parsed = exif::Reader::new()
        .continue_on_error(true)
        .read_raw(block.to_vec())
        .or_else(|error| error.distill_partial_result(|_| {}));
    match parsed {
        Ok(fields) => ExifFacts {
            orientation: orientation(&fields),
            dpi: resolution(&fields),
        },
        Err(_) => ExifFacts {
            orientation: 1,
            dpi: None,
        },
    }
}

fn number(fields: &exif::Exif, tag: Tag) -> Option<u32> {
    fields.get_field(tag, In::PRIMARY)?.value.get_uint(0)
}

fn orientation(fields: &exif::Exif) -> u8 {
    match number(fields, Tag::Orientation) {
        Some(value @ 1..=8) => value as u8,
        _ => 1,
    }
}

fn resolution(fields: &exif::Exif) -> Option<[f64; 2]> {
    let per_inch = match number(fields, Tag::ResolutionUnit) {
        Some(2) | None => 1.0,
        Some(3) => 2.54,
        Some(_) => return None,
    };
    let value = |tag| match &fields.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(list) => list.first().map(|r| r.to_f64() * per_inch),
        _ => None,
    };
    super::dpi(value(Tag::XResolution)?, value(Tag::YResolution)?)
}

/// An EXIF block for tests: big-endian TIFF with orientation and resolution.
#[cfg(test)]
pub(crate) fn sample_block(orientation: u16, per_unit: u32, unit: u16) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08\0\x04".to_vec();
    let data_at = 8 + 2 + 4 * 12 + 4;
    let mut entry = |tag: u16, kind: u16, value: [u8; 4]| {
        block.extend(tag.to_be_bytes());
        block.extend(kind.to_be_bytes());
        block.extend(1u32.to_be_bytes());
        block.extend(value);
    };
    let short = |v: u16| [v.to_be_bytes()[0], v.to_be_bytes()[1], 0, 0];
    entry(0x0112, 3, short(orientation));
    entry(0x011a, 5, u32::to_be_bytes(data_at));
    entry(0x011b, 5, u32::to_be_bytes(data_at));
    entry(0x0128, 3, short(unit));
    block.extend([0; 4]);
    block.extend(per_unit.to_be_bytes());
    block.extend(1u32.to_be_bytes());
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orientation_and_resolution_are_read_in_either_unit() {
        let inch = read(&sample_block(6, 300, 2));
        assert_eq!(inch.orientation, 6);
        assert_eq!(inch.dpi, Some([300.0, 300.0]));
        let centimetre = read(&[b"Exif\0\0".as_slice(), &sample_block(1, 100, 3)].concat());
        assert_eq!(centimetre.dpi, Some([254.0, 254.0]));
    }

    #[test]
    fn nonsense_reads_as_absence() {
        let nothing = ExifFacts {
            orientation: 1,
            dpi: None,
        };
        assert_eq!(read(b""), nothing);
        assert_eq!(read(b"MM\0*\0\0\0\x08\xff\xff"), nothing);
        assert_eq!(read(&sample_block(9, 0, 2)), nothing);
        assert_eq!(read(&sample_block(1, 72, 1)), nothing);
    }
}
