//! ICO: the directory, and the header of the picture that will be taken.

use super::{ColorModel, Facts, bmp, png};
use crate::source::bytes::{Endian, slice};
use crate::source::error::SourceError;
use crate::source::format::Format;

const LE: Endian = Endian::Little;

/// One picture of the directory.
pub(crate) struct Entry<'a> {
    /// The bytes of the picture: a PNG file, or a BMP without its file header.
    pub(crate) picture: &'a [u8],
    sides: [u32; 2],
    bits: u16,
}

impl Entry<'_> {
    fn rank(&self) -> (u32, u16) {
        (self.sides[0] * self.sides[1], self.bits)
    }

    /// An icon file of this picture alone, for a decoder that would choose another one.
    pub(crate) fn alone(&self) -> Vec<u8> {
        let len = u32::try_from(self.picture.len()).unwrap_or(u32::MAX);
        let [width, height] = self.sides.map(|side| (side % 256) as u8);
        let mut icon = vec![0, 0, 1, 0, 1, 0, width, height, 0, 0, 1, 0];
        icon.extend(self.bits.to_le_bytes());
        icon.extend(len.to_le_bytes());
        icon.extend(22u32.to_le_bytes());
        icon.extend_from_slice(self.picture);
        icon
    }

    /// Whether the picture is a whole PNG file.
    pub(crate) fn is_png(&self) -> bool {
        self.picture.starts_with(b"\x89PNG")
    }
}

/// The largest picture (of equals, the one with the most bits), and how many there are.
pub(crate) fn largest(file: &[u8]) -> Result<(Entry<'_>, u16), SourceError> {
    let count = LE
        .u16(file, 4)
        .ok_or_else(|| SourceError::short_header(Format::Ico))?;
    let mut best: Option<Entry<'_>> = None;
    for index in 0..usize::from(count) {
        let entry = entry(file, 6 + 16 * index)?;
        if best.as_ref().is_none_or(|b| entry.rank() > b.rank()) {
            best = Some(entry);
        }
    }
    let best = best.ok_or_else(|| SourceError::malformed("an ICO without a picture"))?;
    Ok((best, count))
}

fn entry(file: &[u8], at: usize) -> Result<Entry<'_>, SourceError> {
    let head = slice(file, at, 16).ok_or_else(|| SourceError::short_header(Format::Ico))?;
    let side = |raw: u8| if raw == 0 { 256 } else { u32::from(raw) };
    let number = |at| LE.u32(head, at).unwrap_or(0) as usize;
    let picture = slice(file, number(12), number(8)).ok_or_else(|| {
        SourceError::Truncated("a picture of the ICO lies outside the file".into())
    })?;
    Ok(Entry {
        picture,
        sides: [side(head[0]), side(head[1])],
        bits: LE.u16(head, 6).unwrap_or(0),
    })
}

pub(super) fn read(file: &[u8]) -> Result<Facts, SourceError> {
    let (entry, count) = largest(file)?;
    let mut facts = if entry.is_png() {
        png::read(entry.picture)?
    } else {
        let mut facts = bmp::read_info(entry.picture)
            .ok_or_else(|| SourceError::short_header(Format::Ico))??;
        // The height counts the picture and its one-bit mask.
        facts.height /= 2;
        facts
    };
    if facts.frames > 1 {
        return Err(SourceError::Unsupported(
            "animated PNG inside ICO is not supported".into(),
        ));
    }
    facts.format = Format::Ico;
    facts.alpha = true;
    if facts.model == ColorModel::Rgb && facts.bits == 32 {
        facts.model = ColorModel::Rgba;
    }
    if count > 1 {
        facts
            .notes
            .push(format!("largest of {count} pictures in the file"));
    }
    // An icon is always used at its own size: what its parts say of inches means nothing.
    facts.dpi = None;
    Ok(facts)
}
