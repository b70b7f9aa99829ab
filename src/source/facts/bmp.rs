//! BMP: the two headers.

use super::{ColorModel, Facts};
use crate::source::bytes::{Endian, slice, tail};
use crate::source::error::SourceError;
use crate::source::format::Format;

const LE: Endian = Endian::Little;

/// Offset of the second header, which states its own size first.
const INFO: usize = 14;

pub(super) fn read(file: &[u8]) -> Result<Facts, SourceError> {
    let info = tail(file, INFO);
    let mut facts = read_info(info).ok_or_else(|| SourceError::short_header(Format::Bmp))??;
    let start = LE.u32(file, 10).unwrap_or(0) as usize;
    if let Some(needed) = plain_size(info, &facts) {
        let there = file.len().saturating_sub(start) as u64;
        if there < needed {
            return Err(SourceError::Truncated(format!(
                "{there} of {needed} bytes of BMP pixels are there"
            )));
        }
    }
    facts.icc = profile(info);
    Ok(facts)
}

/// The facts of a BMP whose second header starts `info`; also used for the pictures of an ICO.
pub(super) fn read_info(info: &[u8]) -> Option<Result<Facts, SourceError>> {
    let size = LE.u32(info, 0)?;
    let (width, height, bits) = if size == 12 {
        let side = |at| LE.u16(info, at).map(i64::from);
        (side(4)?, side(6)?, LE.u16(info, 10)?)
    } else {
        let side = |at| LE.u32(info, at).map(|v| i64::from(v as i32));
        (side(4)?, side(8)?, LE.u16(info, 14)?)
    };
    Some(check(info, [width, height], bits))
}

fn check(info: &[u8], [width, height]: [i64; 2], bits: u16) -> Result<Facts, SourceError> {
    if width <= 0 || height == 0 {
        return Err(SourceError::malformed(format!(
            "a BMP of {width}×{height} pixels"
        )));
    }
    let sides = [width as u32, height.unsigned_abs() as u32];
    if matches!(header_size(info), 16..40 | 64) {
        return unsupported("BMP with an OS/2 2.x header is not supported");
    }
    match compression(info) {
        4 => return unsupported("JPEG inside BMP is not supported"),
        5 => return unsupported("PNG inside BMP is not supported"),
        6 => return unsupported("BMP with masks for four channels is not supported"),
        _ => {}
    }
    let model = match bits {
        1..=8 => ColorModel::Palette,
        16 | 24 | 32 => ColorModel::Rgb,
        _ => return unsupported(&format!("BMP with {bits} bits per pixel is not supported")),
    };
    let mut facts = Facts::still(Format::Bmp, sides, bits, model);
    facts.alpha = has_alpha_mask(info);
    if facts.alpha {
        facts.model = ColorModel::Rgba;
    }
    if header_size(info) >= 40 {
        facts.dpi = LE
            .u32(info, 24)
            .zip(LE.u32(info, 28))
            .and_then(|(across, down)| super::dpi_from_metre(across, down));
    }
    Ok(facts)
}

fn unsupported(what: &str) -> Result<Facts, SourceError> {
    Err(SourceError::Unsupported(what.into()))
}

fn header_size(info: &[u8]) -> u32 {
    LE.u32(info, 0).unwrap_or(0)
}

/// 0 none, 1 and 2 run lengths, 3 and 6 masks, 4 JPEG, 5 PNG. OS/2 uses the same numbers for 1 and 2 only.
fn compression(info: &[u8]) -> u32 {
    match header_size(info) {
        12 => 0,
        _ => LE.u32(info, 16).unwrap_or(0),
    }
}

fn has_alpha_mask(info: &[u8]) -> bool {
    let masks = header_size(info) >= 56 && compression(info) == 3;
    masks && LE.u32(info, 52).is_some_and(|mask| mask != 0)
}

/// Bytes the pixels take when they are not compressed. The last row may lack its padding.
fn plain_size(info: &[u8], facts: &Facts) -> Option<u64> {
    matches!(compression(info), 0 | 3).then_some(())?;
    let row_bits = u64::from(facts.width) * u64::from(facts.bits);
    let full = row_bits.div_ceil(32) * 4;
    Some(full * (u64::from(facts.height) - 1) + row_bits.div_ceil(8))
}

/// The profile a version 5 header points at.
fn profile(info: &[u8]) -> Option<Vec<u8>> {
    const EMBEDDED: u32 = u32::from_be_bytes(*b"MBED");
    (header_size(info) >= 124 && LE.u32(info, 56)? == EMBEDDED).then_some(())?;
    let (at, len) = (LE.u32(info, 112)?, LE.u32(info, 116)?);
    slice(info, at as usize, len as usize).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file header, an info header of 40 bytes, and `pixels` bytes of pixels.
    fn sample(width: i32, height: i32, bits: u16, pixels: usize) -> Vec<u8> {
        let mut file = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
        file.extend(width.to_le_bytes());
        file.extend(height.to_le_bytes());
        file.extend(1u16.to_le_bytes());
        file.extend(bits.to_le_bytes());
        file.extend([0; 8]);
        file.extend(3780u32.to_le_bytes());
        file.extend(3780u32.to_le_bytes());
        file.extend(vec![0; 8 + pixels]);
        file
    }

    #[test]
    fn header_facts_and_resolution() -> Result<(), SourceError> {
        let facts = read(&sample(3, -2, 24, 24))?;
        assert_eq!((facts.width, facts.height, facts.bits), (3, 2, 24));
        assert_eq!(facts.dpi, Some([96.01, 96.01]));
        assert!(!facts.alpha);
        Ok(())
    }

    #[test]
    fn missing_pixels_and_impossible_sides_are_refused() {
        let short = read(&sample(3, 2, 24, 20)).unwrap_err();
        assert_eq!(
            short.to_string(),
            "cut short: 20 of 21 bytes of BMP pixels are there"
        );
        assert!(read(&sample(-3, 2, 24, 24)).is_err());
        assert!(read(&sample(3, 0, 24, 24)).is_err());
        assert!(read(&sample(3, 2, 25, 24)).is_err());
        assert!(read(&sample(3, i32::MIN, 24, 24)).is_err());
    }
}
