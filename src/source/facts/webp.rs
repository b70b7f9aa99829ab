//! WebP: a walk over the RIFF chunks.

use super::{ColorModel, Facts, Lossy, note_trailing};
use crate::source::bytes::{Endian, slice, tail, u8_at};
use crate::source::error::SourceError;
use crate::source::format::Format;

const LE: Endian = Endian::Little;

/// What the walk gathers on its way.
#[derive(Default)]
struct Walk<'a> {
    /// Sides of the canvas, from `VP8X`.
    canvas: Option<[u32; 2]>,
    /// Sides from the first bitstream.
    stream: Option<[u32; 2]>,
    alpha: bool,
    lossy: bool,
    animated: bool,
    frames: u32,
    profile: Option<&'a [u8]>,
    exif: Option<&'a [u8]>,
}

pub(super) fn read(file: &[u8]) -> Result<Facts, SourceError> {
    let size = LE
        .u32(file, 4)
        .ok_or_else(|| SourceError::short_header(Format::WebP))?;
    let end = (size as usize).saturating_add(8);
    // Only the pad byte of the last chunk may be missing.
    if end
        > file
            .len()
            .saturating_add(size as usize % 2)
            .saturating_add(1)
    {
        return Err(SourceError::Truncated(format!(
            "{} of {end} bytes of the WebP file are there",
            file.len()
        )));
    }
    let mut walk = Walk::default();
    walk.chunks(file.get(12..end.min(file.len())).unwrap_or_default())?;
    let sides = walk
        .canvas
        .or(walk.stream)
        .ok_or_else(|| SourceError::short_header(Format::WebP))?;
    if walk.stream.is_none() {
        return Err(SourceError::Truncated(
            "the WebP file holds no image data".into(),
        ));
    }
    let (bits, model) = match walk.alpha {
        true => (32, ColorModel::Rgba),
        false => (24, ColorModel::Rgb),
    };
    let mut facts = Facts::still(Format::WebP, sides, bits, model);
    facts.frames = walk.frames.max(1);
    if walk.lossy {
        facts.lossy = Lossy::Yes {
            estimated_quality: None,
        };
    }
    facts.icc = walk.profile.map(<[u8]>::to_vec);
    if let Some(block) = walk.exif {
        facts.apply_exif(block);
    }
    facts.notes.extend(note_trailing(tail(file, end)));
    Ok(facts)
}

impl<'a> Walk<'a> {
    fn chunks(&mut self, mut rest: &'a [u8]) -> Result<(), SourceError> {
        while let (Some(kind), Some(len)) = (slice(rest, 0, 4), LE.u32(rest, 4)) {
            let len = len as usize;
            let body = slice(rest, 8, len).ok_or_else(|| {
                SourceError::Truncated("a WebP chunk is longer than the file".into())
            })?;
            self.chunk(kind, body)?;
            rest = tail(rest, len.saturating_add(8 + len % 2));
        }
        Ok(())
    }

    fn chunk(&mut self, kind: &[u8], body: &'a [u8]) -> Result<(), SourceError> {
        match kind {
            b"VP8X" => self.extended(body),
            b"VP8 " => {
                self.lossy = true;
                self.stream = self.stream.or(lossy_sides(body));
            }
            b"VP8L" => self.lossless(body),
            b"ALPH" => self.alpha = true,
            b"ICCP" => self.profile = self.profile.or(Some(body)),
            b"EXIF" => self.exif = self.exif.or(Some(body)),
            b"ANMF" if self.animated => {
                self.frames = self.frames.saturating_add(1);
                // The frame's own chunks lie behind its 16 bytes of place and time; they cannot nest any deeper.
                if self.frames == 1 {
                    self.animated = false;
                    self.chunks(tail(body, 16))?;
                    self.animated = true;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn extended(&mut self, body: &[u8]) {
        let flags = u8_at(body, 0).unwrap_or(0);
        self.alpha |= flags & 0x10 != 0;
        self.animated = flags & 0x02 != 0;
        self.canvas = LE
            .u24(body, 4)
            .zip(LE.u24(body, 7))
            .map(|(w, h)| [w + 1, h + 1]);
    }

    fn lossless(&mut self, body: &[u8]) {
        if let (Some(0x2f), Some(packed)) = (u8_at(body, 0), LE.u32(body, 1)) {
            let sides = [(packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1];
            self.stream = self.stream.or(Some(sides));
            self.alpha |= self.canvas.is_none() && packed >> 28 & 1 != 0;
        }
    }
}

/// Sides from the header of a VP8 key frame.
fn lossy_sides(body: &[u8]) -> Option<[u32; 2]> {
    (slice(body, 3, 3)? == [0x9d, 0x01, 0x2a]).then_some(())?;
    let side = |at| Some(u32::from(LE.u16(body, at)? & 0x3fff));
    Some([side(6)?, side(8)?])
}

#[cfg(test)]
#[path = "webp_tests.rs"]
mod tests;
