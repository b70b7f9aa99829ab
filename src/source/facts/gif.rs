//! GIF: a walk over the blocks.

use super::{ColorModel, Facts, note_trailing};
use crate::source::bytes::{Endian, tail, u8_at};
use crate::source::error::SourceError;
use crate::source::format::Format;

const LE: Endian = Endian::Little;

/// What the walk gathers on its way.
struct Walk {
    canvas: [u32; 2],
    /// Bits of an index into the palette in use.
    bits: u16,
    transparent: bool,
    /// Whether the first frame reaches beyond the canvas.
    cropped: bool,
    frames: u32,
}

pub(super) fn read(file: &[u8]) -> Result<Facts, SourceError> {
    let (mut walk, start) = screen(file).ok_or_else(|| SourceError::short_header(Format::Gif))?;
    let end = walk.blocks(file, start)?;
    let Some(end) = end else {
        return Err(SourceError::Truncated(
            "the GIF data stop before the trailer".into(),
        ));
    };
    if walk.frames == 0 {
        return Err(SourceError::malformed("a GIF without a picture"));
    }
    let mut facts = Facts::still(Format::Gif, walk.canvas, walk.bits, ColorModel::Palette);
    facts.alpha = walk.transparent;
    facts.frames = walk.frames;
    if walk.cropped {
        facts.notes.push("frame cropped to the canvas".into());
    }
    facts.notes.extend(note_trailing(tail(file, end)));
    Ok(facts)
}

/// Bytes and index bits of the colour table that a flags byte announces.
fn table(flags: u8) -> Option<(usize, u16)> {
    let bits = u16::from(flags & 7) + 1;
    (flags & 0x80 != 0).then_some((3 << bits, bits))
}

/// The screen descriptor, and the offset of the first block.
fn screen(file: &[u8]) -> Option<(Walk, usize)> {
    let flags = u8_at(file, 10)?;
    u8_at(file, 12)?;
    let (len, bits) = table(flags).unwrap_or((0, 8));
    let walk = Walk {
        canvas: [LE.u16(file, 6)?.into(), LE.u16(file, 8)?.into()],
        bits,
        transparent: false,
        cropped: false,
        frames: 0,
    };
    Some((walk, 13 + len))
}

impl Walk {
    /// Visits every block; gives the offset past the trailer, `None` when the file ends before it.
    fn blocks(&mut self, file: &[u8], mut at: usize) -> Result<Option<usize>, SourceError> {
        loop {
            let next = match u8_at(file, at) {
                Some(0x3b) => return Ok(Some(at + 1)),
                Some(0x21) => {
                    if self.frames == 0 && u8_at(file, at + 1) == Some(0xf9) {
                        self.transparent = u8_at(file, at + 3).is_some_and(|flags| flags & 1 != 0);
                    }
                    skip_sub_blocks(file, at + 2)
                }
                Some(0x2c) => self.image(file, at),
                // Some writers pad between blocks.
                Some(0) => Some(at + 1),
                Some(_) if self.frames > 0 => return Ok(Some(at)),
                Some(other) => {
                    return Err(SourceError::malformed(format!(
                        "a GIF block of unknown kind {other}"
                    )));
                }
                None => None,
            };
            match next {
                Some(next) => at = next,
                None => return Ok(None),
            }
        }
    }

    /// One image from its descriptor at `at`; gives the offset behind its data.
    fn image(&mut self, file: &[u8], at: usize) -> Option<usize> {
        let flags = u8_at(file, at + 9)?;
        let local = table(flags);
        if self.frames == 0 {
            let number = |offset| LE.u16(file, at + offset).map(u32::from);
            let place = [number(1)?, number(3)?, number(5)?, number(7)?];
            let (right, bottom) = (place[0] + place[2], place[1] + place[3]);
            let [width, height] = self.canvas;
            self.transparent |= place[0] > 0 || place[1] > 0 || right < width || bottom < height;
            self.cropped = right > width || bottom > height;
            self.bits = local.map_or(self.bits, |(_, bits)| bits);
        }
        let len = local.map_or(0, |(len, _)| len);
        let end = skip_sub_blocks(file, at.checked_add(11 + len)?)?;
        self.frames = self.frames.saturating_add(1);
        Some(end)
    }
}

/// The offset behind a chain of sub-blocks, each led by its length, a zero ending the chain.
fn skip_sub_blocks(file: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let len = usize::from(u8_at(file, at)?);
        at += 1 + len;
        if len == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STILL: &[u8] = b"GIF89a\x02\0\x02\0\x80\0\0\0\0\0\xff\xff\xff\
        \x21\xf9\x04\x01\0\0\0\0,\0\0\0\0\x02\0\x02\0\0\x02\x03\x04\x12\x05\0;";

    #[test]
    fn a_still_gif_with_transparency() -> Result<(), SourceError> {
        let facts = read(STILL)?;
        assert_eq!((facts.width, facts.height, facts.bits), (2, 2, 1));
        assert_eq!(facts.model, ColorModel::Palette);
        assert!(facts.alpha && facts.frames == 1 && facts.notes.is_empty());
        Ok(())
    }

    #[test]
    fn every_image_block_is_a_frame() -> Result<(), SourceError> {
        let frame = &STILL[19..STILL.len() - 1];
        let three = [&STILL[..STILL.len() - 1], frame, frame, b";"].concat();
        assert_eq!(read(&three)?.frames, 3);
        Ok(())
    }

    #[test]
    fn a_frame_smaller_than_the_canvas_leaves_transparency() -> Result<(), SourceError> {
        let mut file = STILL.to_vec();
        file[22] = 0;
        assert!(!read(&file)?.alpha);
        file[32] = 1;
        assert!(read(&file)?.alpha);
        Ok(())
    }

    #[test]
    fn a_gif_cut_anywhere_is_refused() {
        for end in 0..STILL.len() {
            assert!(read(&STILL[..end]).is_err(), "{end} bytes");
        }
    }

    #[test]
    fn data_behind_the_trailer_is_noted() -> Result<(), SourceError> {
        let file = [STILL, b"more"].concat();
        assert_eq!(read(&file)?.notes, ["data after the end of the image"]);
        Ok(())
    }
}
