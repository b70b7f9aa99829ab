//! JPEG: a walk over the markers.

use super::{ColorModel, Facts, Lossy, jpeg_quality};
use crate::source::bytes::{Endian, tail, u8_at};
use crate::source::error::SourceError;
use crate::source::format::Format;

const BE: Endian = Endian::Big;

/// What the walk gathers on its way.
#[derive(Default)]
struct Walk<'a> {
    frame: Option<Frame>,
    /// Luma divisors, in zigzag order.
    luma: Option<[u16; 64]>,
    jfif: Option<[f64; 2]>,
    exif: Option<&'a [u8]>,
    /// Pieces of the ICC profile: number, total, bytes.
    icc: Vec<(u8, u8, &'a [u8])>,
    /// Adobe's colour transform: 0 none, 1 YCbCr, 2 YCCK.
    adobe: Option<u8>,
    mpo: bool,
    gain_map: bool,
    scans: u32,
}

struct Frame {
    kind: u8,
    precision: u8,
    size: [u32; 2],
    components: u8,
}

pub(super) fn read(file: &[u8]) -> Result<Facts, SourceError> {
    let mut walk = Walk::default();
    let end = walk.run(file)?;
    let frame = walk
        .frame
        .take()
        .ok_or_else(|| SourceError::short_header(Format::Jpeg))?;
    let model = check_frame(&frame, walk.adobe)?;
    let Some(end) = end else {
        return Err(SourceError::Truncated(
            "the JPEG data stop before the end-of-image marker".into(),
        ));
    };
    if walk.scans == 0 {
        return Err(SourceError::malformed("a JPEG without image data"));
    }
    let bits = u16::from(frame.components) * u16::from(frame.precision);
    let mut facts = Facts::still(Format::Jpeg, frame.size, bits, model);
    facts.lossy = Lossy::Yes {
        estimated_quality: walk.luma.as_ref().and_then(jpeg_quality::estimate),
    };
    facts.dpi = walk.jfif;
    if let Some(block) = walk.exif {
        facts.apply_exif(block);
    }
    facts.notes.extend(walk.note(tail(file, end)));
    match join_profile(walk.icc) {
        Ok(profile) => facts.icc = profile,
        Err(note) => facts.notes.push(note.into()),
    }
    Ok(facts)
}

/// Refuses what no safe decoder can decode, and names the colour model of the rest.
fn check_frame(frame: &Frame, adobe: Option<u8>) -> Result<ColorModel, SourceError> {
    let refuse = |what: String| Err(SourceError::Unsupported(what));
    match frame.kind {
        0xc0..=0xc2 => {}
        0xc3 => return refuse("lossless JPEG is not supported".into()),
        0xc9..=0xcb | 0xcd..=0xcf => {
            return refuse("arithmetic-coded JPEG is not supported".into());
        }
        _ => return refuse("hierarchical JPEG is not supported".into()),
    }
    if frame.precision != 8 {
        return refuse(format!("{}-bit JPEG is not supported", frame.precision));
    }
    if frame.size[1] == 0 {
        return refuse("JPEG without a height in its header is not supported".into());
    }
    match (frame.components, adobe) {
        (1, _) => Ok(ColorModel::Grey),
        (3, _) => Ok(ColorModel::Rgb),
        (4, Some(2)) => Ok(ColorModel::Ycck),
        (4, _) => Ok(ColorModel::Cmyk),
        (n, _) => refuse(format!("JPEG with {n} components is not supported")),
    }
}

impl<'a> Walk<'a> {
    /// Visits every marker; gives the offset past the end-of-image marker, `None` when there is none.
    fn run(&mut self, file: &'a [u8]) -> Result<Option<usize>, SourceError> {
        let mut at = 2;
        while let Some((marker, after)) = next_marker(file, at) {
            at = after;
            match marker {
                0xd9 => return Ok(Some(at)),
                0xd8 | 0x01 | 0xd0..=0xd7 => continue,
                _ => {}
            }
            let Some(len) = BE.u16(file, at).map(usize::from) else {
                break;
            };
            if len < 2 {
                return Err(SourceError::malformed("a JPEG segment without a length"));
            }
            let Some(body) = file.get(at + 2..at + len) else {
                break;
            };
            self.segment(marker, body);
            at += len;
        }
        Ok(None)
    }

    /// What lies beside or behind (`rest`) the picture and is ignored.
    fn note(&self, rest: &[u8]) -> Option<String> {
        if self.gain_map {
            Some("gain map ignored".into())
        } else if self.mpo {
            Some("first of several pictures in the file".into())
        } else {
            super::note_trailing(rest)
        }
    }

    fn segment(&mut self, marker: u8, body: &'a [u8]) {
        match marker {
            0xda => self.scans += 1,
            0xdb => self.quantisation(body),
            0xe0 => self.jfif = self.jfif.or_else(|| jfif_density(body)),
            0xe1 => self.app1(body),
            0xe2 => self.app2(body),
            0xee if body.starts_with(b"Adobe") => self.adobe = u8_at(body, 11),
            0xc4 | 0xc8 | 0xcc => {}
            0xc0..=0xcf if self.frame.is_none() => self.frame = frame(marker, body),
            _ => {}
        }
    }

    fn app1(&mut self, body: &'a [u8]) {
        if body.starts_with(b"Exif\0") {
            self.exif = self.exif.or(Some(body));
        } else if body.starts_with(b"http://ns.adobe.com/xap/1.0/\0") {
            self.gain_map |= body.windows(13).any(|w| w == b"hdrgm:Version");
        }
    }

    fn app2(&mut self, body: &'a [u8]) {
        if let Some([number, total, bytes @ ..]) = body.strip_prefix(b"ICC_PROFILE\0") {
            self.icc.push((*number, *total, bytes));
        } else if body.starts_with(b"MPF\0") {
            self.mpo = true;
        } else if body.starts_with(b"urn:iso:std:iso:ts:21496:-1\0") {
            self.gain_map = true;
        }
    }

    /// Keeps table 0, which every encoder uses for luma.
    fn quantisation(&mut self, mut body: &[u8]) {
        while let Some((&head, rest)) = body.split_first() {
            let wide = head >> 4 != 0;
            let len = if wide { 128 } else { 64 };
            let Some(raw) = rest.get(..len) else { return };
            if head & 15 == 0 && self.luma.is_none() {
                self.luma = Some(std::array::from_fn(|i| match wide {
                    true => u16::from_be_bytes([raw[2 * i], raw[2 * i + 1]]),
                    false => u16::from(raw[i]),
                }));
            }
            body = &rest[len..];
        }
    }
}

/// The next marker at or after `at`, past padding, stuffed bytes and entropy-coded data, and the offset behind it.
pub(crate) fn next_marker(file: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += tail(file, at).iter().position(|&b| b == 0xff)?;
        at += tail(file, at).iter().position(|&b| b != 0xff)?;
        match u8_at(file, at)? {
            0 => at += 1,
            marker => return Some((marker, at + 1)),
        }
    }
}

fn frame(kind: u8, body: &[u8]) -> Option<Frame> {
    Some(Frame {
        kind,
        precision: u8_at(body, 0)?,
        size: [BE.u16(body, 3)?.into(), BE.u16(body, 1)?.into()],
        components: u8_at(body, 5)?,
    })
}

fn jfif_density(body: &[u8]) -> Option<[f64; 2]> {
    let density = body.strip_prefix(b"JFIF\0")?;
    let per_inch = match u8_at(density, 2)? {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    let value = |at| Some(f64::from(BE.u16(density, at)?) * per_inch);
    super::dpi(value(3)?, value(5)?)
}

/// Puts the pieces of a profile in order; as browsers do, it ignores a profile with missing or repeated pieces.
fn join_profile(mut pieces: Vec<(u8, u8, &[u8])>) -> Result<Option<Vec<u8>>, &'static str> {
    let Some(&(_, total, _)) = pieces.first() else {
        return Ok(None);
    };
    pieces.sort_by_key(|&(number, ..)| number);
    let whole = pieces.len() == usize::from(total)
        && (1..)
            .zip(&pieces)
            .all(|(i, &(number, of, _))| u16::from(number) == i && of == total);
    if !whole {
        return Err("incomplete ICC profile ignored");
    }
    Ok(Some(
        pieces
            .iter()
            .flat_map(|&(.., bytes)| bytes)
            .copied()
            .collect(),
    ))
}

#[cfg(test)]
#[path = "jpeg_tests.rs"]
mod tests;
