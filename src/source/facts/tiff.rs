//! TIFF: a walk over the first directory, classic or BigTIFF.

use super::{ColorModel, Facts, Lossy};
use crate::source::bytes::{Endian, slice};
use crate::source::error::SourceError;
use crate::source::format::Format;

/// Pages are counted no further than this.
const MAX_PAGES: u32 = 1000;
/// Directories with more entries than this are not read on.
const MAX_ENTRIES: u64 = 4096;

/// How numbers and offsets are laid out in one file.
#[derive(Clone, Copy)]
struct Layout {
    endian: Endian,
    big: bool,
}

/// One directory entry.
struct Entry {
    kind: u16,
    count: u64,
    /// Offset of the first value.
    at: usize,
}

/// One directory of a file.
struct Directory<'a> {
    file: &'a [u8],
    layout: Layout,
    entries: Vec<(u16, Entry)>,
    next: Option<u64>,
}

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

fn header(file: &[u8]) -> Option<(Layout, u64)> {
    let endian = match slice(file, 0, 2)? {
        b"II" => Endian::Little,
        _ => Endian::Big,
    };
    let big = endian.u16(file, 2)? == 43;
    let first = match big {
        true => endian.u64(file, 8)?,
        false => endian.u32(file, 4)?.into(),
    };
    Some((Layout { endian, big }, first))
}

impl<'a> Directory<'a> {
    fn read(file: &'a [u8], layout: Layout, at: u64) -> Option<Self> {
        let Layout { endian, big } = layout;
        let at = usize::try_from(at).ok()?;
        let (count, start, stride) = match big {
            true => (endian.u64(file, at)?, at.checked_add(8)?, 20),
            false => (endian.u16(file, at)?.into(), at.checked_add(2)?, 12),
        };
        if count > MAX_ENTRIES {
            return None;
        }
        let mut page = Self {
            file,
            layout,
            entries: Vec::new(),
            next: None,
        };
        let end = start.checked_add(count as usize * stride)?;
        for at in (start..end).step_by(stride) {
            let tag = endian.u16(file, at)?;
            // A field of unknown type is none of ours.
            page.entries.extend(page.entry(at).map(|entry| (tag, entry)));
        }
        page.next = match big {
            true => endian.u64(file, end),
            false => endian.u32(file, end).map(u64::from),
        };
        Some(page)
    }

    fn entry(&self, at: usize) -> Option<Entry> {
        let Layout { endian, big } = self.layout;
        let kind = endian.u16(self.file, at + 2)?;
        let (count, value_at, room) = match big {
            true => (endian.u64(self.file, at + 4)?, at + 12, 8),
            false => (endian.u32(self.file, at + 4)?.into(), at + 8, 4),
        };
        let inline = count.checked_mul(value_size(kind)? as u64)? <= room;
        let at = match (inline, big) {
            (true, _) => value_at,
            (false, true) => usize::try_from(endian.u64(self.file, value_at)?).ok()?,
            (false, false) => endian.u32(self.file, value_at)? as usize,
        };
        Some(Entry { kind, count, at })
    }

    fn find(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|(t, _)| *t == tag).map(|(_, e)| e)
    }

    /// Value `index` of a tag, as a whole number.
    fn number_at(&self, entry: &Entry, index: u64) -> Option<u64> {
        let size = value_size(entry.kind)?;
        let offset = usize::try_from(index).ok()?.checked_mul(size)?;
        let at = entry.at.checked_add(offset)?;
        let endian = self.layout.endian;
        match entry.kind {
            1 | 6 | 7 => self.file.get(at).map(|&v| v.into()),
            3 | 8 => endian.u16(self.file, at).map(u64::from),
            4 | 9 | 13 => endian.u32(self.file, at).map(u64::from),
            16..=18 => endian.u64(self.file, at),
            _ => None,
        }
    }

    fn number(&self, tag: u16) -> Option<u64> {
        self.number_at(self.find(tag)?, 0)
    }

    fn fraction(&self, tag: u16) -> Option<f64> {
        let entry = self.find(tag).filter(|entry| entry.kind == 5)?;
        let part = |at| self.layout.endian.u32(self.file, at).map(f64::from);
        Some(part(entry.at)? / part(entry.at.checked_add(4)?)?)
    }

    fn facts(&self) -> Result<Facts, SourceError> {
        let side = |tag| self.number(tag).and_then(|v| u32::try_from(v).ok());
        let sides = side(tag::WIDTH)
            .zip(side(tag::HEIGHT))
            .ok_or_else(|| SourceError::short_header(Format::Tiff))?;
        let samples = self.number(tag::SAMPLES).unwrap_or(1).min(1024) as u16;
        let bits = self.number(tag::BITS).unwrap_or(1).min(64) as u16;
        let model = self.model(samples)?;
        let mut facts = Facts::still(Format::Tiff, sides.into(), bits * samples, model);
        facts.alpha = self.has_alpha();
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
            Some(2 | 6) if alpha => Ok(ColorModel::Rgba),
            Some(2 | 6) => Ok(ColorModel::Rgb),
            None if samples >= 3 => Ok(ColorModel::Rgb),
            None => Ok(ColorModel::Grey),
            Some(other) => Err(SourceError::Unsupported(format!(
                "TIFF with photometric interpretation {other} is not supported"
            ))),
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
            return Ok(());
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

    fn count_pages(&self) -> u32 {
        let mut pages = 1;
        let mut next = self.next;
        while let Some(at) = next.filter(|&at| at != 0 && pages < MAX_PAGES) {
            match Self::read(self.file, self.layout, at) {
                Some(page) => next = page.next,
                None => break,
            }
            pages += 1;
        }
        pages
    }
}

/// Bytes of one value of a field type.
fn value_size(kind: u16) -> Option<usize> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16..=18 => Some(8),
        _ => None,
    }
}

#[cfg(test)]
#[path = "tiff_tests.rs"]
mod tests;
