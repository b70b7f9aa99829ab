//! PNG: a walk over the chunks; only the ICC profile is inflated, by the `png` crate and within a limit.

use std::io::Cursor;

use super::{ColorModel, Facts, note_trailing};
use crate::source::bytes::{Endian, slice, tail, u8_at};
use crate::source::colour;
use crate::source::error::SourceError;
use crate::source::format::Format;

const BE: Endian = Endian::Big;

/// A profile that inflates to more than this is not worth having.
const MAX_PROFILE: usize = 16 << 20;

/// What the walk gathers on its way.
#[derive(Default)]
struct Walk<'a> {
    header: Option<&'a [u8]>,
    density: Option<&'a [u8]>,
    gamma: Option<u32>,
    primaries: Option<&'a [u8]>,
    srgb: bool,
    cicp: Option<[u8; 4]>,
    profile: bool,
    exif: Option<&'a [u8]>,
    transparency: bool,
    data: bool,
    /// Frames promised by `acTL`.
    promised: Option<u32>,
    /// Whether the default image, which `IDAT` holds, is a frame of the animation.
    default_is_frame: bool,
    frames: u32,
    /// Offset past the `IEND` chunk.
    end: Option<usize>,
}

pub(super) fn read(file: &[u8]) -> Result<Facts, SourceError> {
    let walk = Walk::over(file);
    let header = walk
        .header
        .ok_or_else(|| SourceError::short_header(Format::Png))?;
    let mut facts =
        from_header(header).ok_or_else(|| SourceError::malformed("a PNG header without sense"))?;
    if !walk.data {
        return Err(SourceError::Truncated(
            "the PNG file holds no image data".into(),
        ));
    }
    facts.alpha |= walk.transparency;
    facts.frames = walk.frame_count();
    facts.dpi = walk.density.and_then(density);
    if let Some(block) = walk.exif {
        facts.apply_exif(block);
    }
    facts.cicp = walk.cicp;
    facts.hdr = walk
        .cicp
        .and_then(|[_, transfer, ..]| colour::hdr_transfer(transfer));
    if walk.profile && facts.cicp.is_none() {
        facts.icc = profile(file, &facts);
        if facts.icc.is_none() {
            facts.notes.push("unreadable ICC profile ignored".into());
        }
    }
    facts.notes.extend(walk.colour_notes(&facts));
    match walk.end {
        Some(end) => facts.notes.extend(note_trailing(tail(file, end))),
        None => facts.notes.push("the PNG end chunk is missing".into()),
    }
    Ok(facts)
}

impl<'a> Walk<'a> {
    fn over(file: &'a [u8]) -> Self {
        let mut walk = Self::default();
        let mut at = 8;
        while let (Some(len), Some(kind)) = (BE.u32(file, at), slice(file, at + 4, 4)) {
            let body = slice(file, at + 8, len as usize);
            at = at.saturating_add(len as usize).saturating_add(12);
            match (kind, body) {
                (b"IEND", _) => {
                    walk.end = Some(at);
                    break;
                }
                // Data may be cut short: that is for the decoder to find.
                (b"IDAT", _) => walk.data = true,
                (_, Some(body)) => walk.chunk(kind, body),
                (_, None) => break,
            }
        }
        walk
    }

    fn chunk(&mut self, kind: &[u8], body: &'a [u8]) {
        match kind {
            b"IHDR" => self.header = self.header.or(Some(body)),
            b"pHYs" => self.density = self.density.or(Some(body)),
            b"gAMA" => self.gamma = BE.u32(body, 0),
            b"cHRM" => self.primaries = Some(body),
            b"sRGB" => self.srgb = true,
            b"cICP" => self.cicp = body.try_into().ok(),
            b"iCCP" => self.profile = true,
            b"eXIf" => self.exif = self.exif.or(Some(body)),
            b"tRNS" => self.transparency = true,
            b"acTL" if !self.data => self.promised = self.promised.or(BE.u32(body, 0)),
            b"fcTL" => {
                self.default_is_frame |= !self.data;
                self.frames = self.frames.saturating_add(1);
            }
            _ => {}
        }
    }

    /// Without a valid `acTL` before the data every viewer shows the default image alone.
    fn frame_count(&self) -> u32 {
        match self.promised {
            None | Some(0) => 1,
            Some(promised) if self.default_is_frame => promised.max(self.frames),
            Some(promised) => promised.max(self.frames).saturating_add(1),
        }
    }

    /// `gAMA` and `cHRM` count only when nothing better is there, and even then browsers differ: said, not applied.
    fn colour_notes(&self, facts: &Facts) -> Vec<String> {
        let mut notes = Vec::new();
        if self.srgb || facts.icc.is_some() || facts.cicp.is_some() {
            return notes;
        }
        if let Some(gamma) = self.gamma.filter(|&g| g > 0 && g.abs_diff(45_455) > 500) {
            let exponent = 100_000.0 / f64::from(gamma);
            notes.push(format!("gAMA 1/{exponent:.2} ignored"));
        }
        if self.primaries.is_some_and(|body| !is_srgb_primaries(body)) {
            notes.push("cHRM differs from sRGB, ignored".into());
        }
        notes
    }
}

fn from_header(header: &[u8]) -> Option<Facts> {
    let size = [BE.u32(header, 0)?, BE.u32(header, 4)?];
    let depth = u16::from(u8_at(header, 8)?);
    let (model, samples) = match u8_at(header, 9)? {
        0 => (ColorModel::Grey, 1),
        2 => (ColorModel::Rgb, 3),
        3 => (ColorModel::Palette, 1),
        4 => (ColorModel::GreyAlpha, 2),
        6 => (ColorModel::Rgba, 4),
        _ => return None,
    };
    let known = matches!(depth, 1 | 2 | 4 | 8 | 16);
    known.then(|| Facts::still(Format::Png, size, depth * samples, model))
}

fn density(body: &[u8]) -> Option<[f64; 2]> {
    match u8_at(body, 8)? {
        1 => super::dpi_from_metre(BE.u32(body, 0)?, BE.u32(body, 4)?),
        _ => None,
    }
}

fn is_srgb_primaries(body: &[u8]) -> bool {
    const SRGB: [u32; 8] = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];
    SRGB.iter()
        .enumerate()
        .all(|(i, &want)| BE.u32(body, 4 * i).is_some_and(|v| v.abs_diff(want) <= 100))
}

/// The inflated `iCCP` profile.
fn profile(file: &[u8], facts: &Facts) -> Option<Vec<u8>> {
    if u64::from(facts.width) * u64::from(facts.bits) / 8 > MAX_PROFILE as u64 {
        return None;
    }
    let limits = png::Limits {
        bytes: MAX_PROFILE * 2,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_ignore_text_chunk(true);
    let reader = decoder.read_info().ok()?;
    let profile = reader.info().icc_profile.as_ref()?;
    (profile.len() <= MAX_PROFILE).then(|| profile.to_vec())
}

#[cfg(test)]
#[path = "png_tests.rs"]
mod tests;
