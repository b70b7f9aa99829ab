//! TIFF: a walk over the first directory, classic or BigTIFF.

use super::tiff_directory::{Directory, header};
use super::{ColorModel, Facts, Lossy};
use crate::source::bytes::{Endian, slice};
use crate::source::error::SourceError;
use crate::source::format::Format;

mod tag {
    pub(super) const WIDTH: u16 = 256;
    pub(super) const HEIGHT: u16 = 257;
    pub(super) const BITS: u16 = 258;
    pub(super) const COMPRESSION: u16 = 259;
    pub(super) const PHOTOMETRIC: u16 = 262;
    pub(super) const STRIP_OFFSETS: u16 = 273;
    pub(super) const ORIENTATION: u16 = 274;
    pub(super) const SAMPLES: u16 = 277;
    pub(super) const STRIP_SIZES: u16 = 279;
    pub(super) const X_RESOLUTION: u16 = 282;
    pub(super) const Y_RESOLUTION: u16 = 283;
    pub(super) const RESOLUTION_UNIT: u16 = 296;
    pub(super) const COLOR_MAP: u16 = 320;
    pub(super) const TILE_OFFSETS: u16 = 324;
    pub(super) const TILE_SIZES: u16 = 325;
    pub(super) const EXTRA_SAMPLES: u16 = 338;
    pub(super) const SAMPLE_FORMAT: u16 = 339;
    pub(super) const ICC: u16 = 34675;
}

pub(super) fn read(file: &[u8]) -> Result<Facts, SourceError> {
    let short = || SourceError::short_header(Format::Tiff);
    let (layout, first) = header(file).ok_or_else(short)?;
    let page = Directory::read(file, layout, first).ok_or_else(short)?;
    let mut facts = page.facts()?;
    page.check_data()?;
    let pages = page.count_pages();
    if pages > 1 {
        facts.notes.push(format!("first of {pages} pages"));
    }
    Ok(facts)
}

impl Directory<'_> {
    fn facts(&self) -> Result<Facts, SourceError> {
        let side = |tag| self.number(tag).and_then(|v| u32::try_from(v).ok());
        let sides = side(tag::WIDTH)
            .zip(side(tag::HEIGHT))
            .ok_or_else(|| SourceError::short_header(Format::Tiff))?;
        let samples = self.number(tag::SAMPLES).unwrap_or(1).min(1024) as u16;
        let bits = self.number(tag::BITS).unwrap_or(1).min(64) as u16;
        let model = self.model(samples)?;
        self.check_samples(bits, model)?;
        let mut facts = Facts::still(Format::Tiff, sides.into(), bits * samples, model);
        facts.alpha = self.has_alpha();
        facts.premultiplied = self.number(tag::EXTRA_SAMPLES) == Some(1);
        if matches!(self.number(tag::COMPRESSION), Some(6 | 7)) {
            facts.lossy = Lossy::Yes {
                estimated_quality: None,
            };
        }
        facts.orientation = match self.number(tag::ORIENTATION) {
            Some(value @ 1..=8) => value as u8,
            _ => 1,
        };
        facts.dpi = self.dpi();
        facts.icc = self.profile();
        if self.number(tag::SAMPLE_FORMAT) == Some(3) {
            facts.hdr = Some("floating-point samples".into());
        }
        Ok(facts)
    }

    fn model(&self, samples: u16) -> Result<ColorModel, SourceError> {
        let alpha = self.has_alpha();
        match self.number(tag::PHOTOMETRIC) {
            Some(0 | 1) if alpha => Ok(ColorModel::GreyAlpha),
            Some(0 | 1) => Ok(ColorModel::Grey),
            Some(3) => Ok(ColorModel::Palette),
            Some(5) => Ok(ColorModel::Cmyk),
            Some(2) if alpha => Ok(ColorModel::Rgba),
            Some(2) => Ok(ColorModel::Rgb),
            Some(6) => unsupported("YCbCr samples"),
            None if samples >= 3 => Ok(ColorModel::Rgb),
            None => Ok(ColorModel::Grey),
            Some(other) => unsupported(&format!("photometric interpretation {other}")),
        }
    }

    /// Refuses samples that the decoder does not know. Floating point is high dynamic range, and refused as that.
    fn check_samples(&self, bits: u16, model: ColorModel) -> Result<(), SourceError> {
        let palette = model == ColorModel::Palette;
        match (self.number(tag::SAMPLE_FORMAT).unwrap_or(1), bits) {
            (3, _) => Ok(()),
            (2, _) => unsupported("signed samples"),
            (_, 1 | 8) => Ok(()),
            (_, 16) if !palette => Ok(()),
            _ if palette => unsupported(&format!("a palette of {bits}-bit indices")),
            _ => unsupported(&format!("{bits}-bit samples")),
        }
    }

    fn has_alpha(&self) -> bool {
        matches!(self.number(tag::EXTRA_SAMPLES), Some(1 | 2))
    }

    fn dpi(&self) -> Option<[f64; 2]> {
        let per_inch = match self.number(tag::RESOLUTION_UNIT) {
            Some(2) | None => 1.0,
            Some(3) => 2.54,
            Some(_) => return None,
        };
        let across = self.fraction(tag::X_RESOLUTION)? * per_inch;
        super::dpi(across, self.fraction(tag::Y_RESOLUTION)? * per_inch)
    }

    fn profile(&self) -> Option<Vec<u8>> {
        let entry = self.find(tag::ICC).filter(|e| matches!(e.kind, 1 | 7))?;
        let len = usize::try_from(entry.count).ok()?;
        slice(self.file, entry.at, len).map(<[u8]>::to_vec)
    }

    /// Refuses a file that ends before its strips or tiles do.
    fn check_data(&self) -> Result<(), SourceError> {
        let (offsets, sizes) = match self.find(tag::STRIP_OFFSETS) {
            Some(offsets) => (Some(offsets), self.find(tag::STRIP_SIZES)),
            None => (self.find(tag::TILE_OFFSETS), self.find(tag::TILE_SIZES)),
        };
        let (Some(offsets), Some(sizes)) = (offsets, sizes) else {
            return Err(SourceError::malformed("a TIFF page without image data"));
        };
        for index in 0..offsets.count.min(sizes.count) {
            let end = self
                .number_at(offsets, index)
                .zip(self.number_at(sizes, index))
                .map(|(at, len)| at.saturating_add(len));
            if end.is_none_or(|end| end > self.file.len() as u64) {
                return Err(SourceError::Truncated(
                    "a piece of the TIFF picture lies outside the file".into(),
                ));
            }
        }
        Ok(())
    }
}

fn unsupported<T>(what: &str) -> Result<T, SourceError> {
    Err(SourceError::Unsupported(format!(
        "TIFF with {what} is not supported"
    )))
}

/// The colours of a TIFF with a palette, for a decoder that knows only grey.
pub(crate) struct Palette {
    /// Red, green, blue of every index, 8 bits each.
    pub(crate) colours: Vec<[u8; 3]>,
    /// The same file, but for its indices being called lightness.
    pub(crate) as_grey: Vec<u8>,
}

/// Reads the palette of the first page.
pub(crate) fn palette(file: &[u8]) -> Option<Palette> {
    let (layout, first) = header(file)?;
    let page = Directory::read(file, layout, first)?;
    let map = page.find(tag::COLOR_MAP)?;
    let size = 1 << page.number(tag::BITS).unwrap_or(1).min(8);
    let value = |index| page.number_at(map, index);
    let values: Vec<u64> = (0..3 * size).map(value).collect::<Option<_>>()?;
    // Samples of the map have 16 bits; some writers fill only the lower eight.
    let shift = if values.iter().any(|&v| v > 255) {
        8
    } else {
        0
    };
    let size = size as usize;
    let colour = |i| [0, 1, 2].map(|channel: usize| (values[channel * size + i] >> shift) as u8);
    let colours = (0..size).map(colour).collect();
    let photometric = page.find(tag::PHOTOMETRIC)?;
    let mut as_grey = file.to_vec();
    let black_is_zero = match layout.endian {
        Endian::Little => 1u16.to_le_bytes(),
        Endian::Big => 1u16.to_be_bytes(),
    };
    let place = as_grey.get_mut(photometric.at..photometric.at.checked_add(2)?)?;
    place.copy_from_slice(&black_is_zero);
    Some(Palette { colours, as_grey })
}

#[cfg(test)]
#[path = "tiff_tests.rs"]
mod tests;
