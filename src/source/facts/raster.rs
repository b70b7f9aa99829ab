//! The plain raster formats: QOI, farbfeld, PNM, TGA.

use std::io::Cursor;

use image::codecs::pnm::PnmDecoder;
use image::{ExtendedColorType, ImageDecoder};

use super::{ColorModel, Facts};
use crate::source::bytes::{Endian, slice, u8_at};
use crate::source::error::SourceError;
use crate::source::format::Format;

const BE: Endian = Endian::Big;
const LE: Endian = Endian::Little;

pub(super) fn qoi(file: &[u8]) -> Result<Facts, SourceError> {
    let header = slice(file, 0, 14).ok_or_else(|| SourceError::short_header(Format::Qoi))?;
    let side = |at| BE.u32(header, at).unwrap_or(0);
    let (bits, model) = match u8_at(header, 12) {
        Some(3) => (24, ColorModel::Rgb),
        Some(4) => (32, ColorModel::Rgba),
        _ => return Err(SourceError::malformed("a QOI without 3 or 4 channels")),
    };
    let mut facts = Facts::still(Format::Qoi, [side(4), side(8)], bits, model);
    if u8_at(header, 13) == Some(1) {
        return Err(SourceError::Unsupported(
            "QOI with linear samples is not supported".into(),
        ));
    }
    if !file.ends_with(&[0, 0, 0, 0, 0, 0, 0, 1]) {
        facts.notes.push("the QOI end marker is missing".into());
    }
    Ok(facts)
}

pub(super) fn farbfeld(file: &[u8]) -> Result<Facts, SourceError> {
    let short = || SourceError::short_header(Format::Farbfeld);
    let sides = [
        BE.u32(file, 8).ok_or_else(short)?,
        BE.u32(file, 12).ok_or_else(short)?,
    ];
    let facts = Facts::still(Format::Farbfeld, sides, 64, ColorModel::Rgba);
    enough(file.len(), 16, u128::from(facts.pixels()) * 8, &facts)?;
    Ok(facts)
}

pub(super) fn pnm(file: &[u8]) -> Result<Facts, SourceError> {
    let decoder =
        PnmDecoder::new(Cursor::new(file)).map_err(|e| SourceError::Malformed(e.into()))?;
    let color = decoder.original_color_type();
    let model = match color {
        ExtendedColorType::L1 | ExtendedColorType::L8 | ExtendedColorType::L16 => ColorModel::Grey,
        ExtendedColorType::La1 | ExtendedColorType::La8 | ExtendedColorType::La16 => {
            ColorModel::GreyAlpha
        }
        ExtendedColorType::Rgba8 | ExtendedColorType::Rgba16 => ColorModel::Rgba,
        _ => ColorModel::Rgb,
    };
    let (width, height) = decoder.dimensions();
    Ok(Facts::still(
        Format::Pnm,
        [width, height],
        color.bits_per_pixel(),
        model,
    ))
}

pub(super) fn tga(file: &[u8]) -> Result<Facts, SourceError> {
    let header = slice(file, 0, 18).ok_or_else(|| SourceError::short_header(Format::Tga))?;
    let side = |at| LE.u16(header, at).map_or(0, u32::from);
    let (kind, bits, alpha_bits) = (header[2], u16::from(header[16]), header[17] & 15);
    let mut alpha = alpha_bits > 0;
    let model = match (kind, bits) {
        (1 | 9, 8 | 16) => {
            alpha = header[7] == 32;
            ColorModel::Palette
        }
        (2 | 10, 32) if alpha => ColorModel::Rgba,
        (2 | 10, 15 | 16 | 24 | 32) => {
            // A sixteenth bit, where there is one, is not decoded.
            alpha = false;
            ColorModel::Rgb
        }
        (3 | 11, 8) => ColorModel::Grey,
        (3 | 11, 16) => ColorModel::GreyAlpha,
        _ => {
            return Err(SourceError::Unsupported(format!(
                "TGA of type {kind} with {bits} bits is not supported"
            )));
        }
    };
    let mut facts = Facts::still(Format::Tga, [side(12), side(14)], bits, model);
    facts.alpha = alpha;
    if matches!(kind, 1..=3) {
        let map = side(5) * u32::from(header[7]).div_ceil(8);
        let start = 18 + usize::from(header[0]) + if header[1] == 1 { map as usize } else { 0 };
        let bytes = u128::from(facts.pixels()) * u128::from(bits.div_ceil(8));
        enough(file.len(), start, bytes, &facts)?;
    }
    Ok(facts)
}

/// Refuses a file of `len` bytes that is too short for `needed` bytes of plain pixels from offset `start`.
fn enough(len: usize, start: usize, needed: u128, facts: &Facts) -> Result<(), SourceError> {
    let there = len.saturating_sub(start) as u128;
    if there >= needed {
        return Ok(());
    }
    Err(SourceError::Truncated(format!(
        "{there} of {needed} bytes of {} pixels are there",
        facts.format
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qoi_header_states_its_channels() -> Result<(), SourceError> {
        let mut file = b"qoif\0\0\0\x02\0\0\0\x03\x04\0".to_vec();
        file.extend([0, 0, 0, 0, 0, 0, 0, 1]);
        let facts = qoi(&file)?;
        assert_eq!((facts.width, facts.height, facts.bits), (2, 3, 32));
        assert!(facts.alpha && facts.notes.is_empty());
        file[13] = 1;
        assert!(qoi(&file).is_err());
        assert!(qoi(&file[..13]).is_err());
        Ok(())
    }

    #[test]
    fn a_farbfeld_must_hold_all_its_pixels() -> Result<(), SourceError> {
        let mut file = b"farbfeld\0\0\0\x01\0\0\0\x02".to_vec();
        file.extend([0; 15]);
        let short = farbfeld(&file).unwrap_err();
        assert_eq!(
            short.to_string(),
            "cut short: 15 of 16 bytes of farbfeld pixels are there"
        );
        file.push(0);
        assert_eq!(farbfeld(&file)?.bits, 64);
        Ok(())
    }

    #[test]
    fn pnm_bits_follow_its_kind() -> Result<(), SourceError> {
        assert_eq!(pnm(b"P4\n8 1\n\xff")?.bits, 1);
        assert_eq!(pnm(b"P5\n1 1\n65535\n\0\0")?.bits, 16);
        let color = pnm(b"P6 # comment\n1 1\n255\n\0\0\0")?;
        assert_eq!((color.bits, color.model), (24, ColorModel::Rgb));
        assert!(pnm(b"P6\n1").is_err());
        Ok(())
    }

    #[test]
    fn tga_kinds() -> Result<(), SourceError> {
        let mut file = vec![0; 18 + 8];
        file[2] = 2;
        file[12] = 1;
        file[14] = 2;
        file[16] = 32;
        assert_eq!(tga(&file)?.model, ColorModel::Rgb);
        file[17] = 8;
        assert_eq!(tga(&file)?.model, ColorModel::Rgba);
        assert!(matches!(tga(&file[..25]), Err(SourceError::Truncated(_))));
        file[2] = 32;
        assert!(matches!(tga(&file), Err(SourceError::Unsupported(_))));
        Ok(())
    }
}
