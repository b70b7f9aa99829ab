//! From a file to the one reference bitmap.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::Bitmap;
use crate::source::error::SourceError;
use crate::source::facts::{self, ColorModel, Facts};
use crate::source::format::Format;
use crate::source::{colour, orient, pixels};

/// What decoding one picture may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most pixels (width × height).
    pub max_pixels: u64,
    /// The most bytes at the peak, beyond the file itself.
    pub max_memory: u64,
}

/// A reference bitmap, and what was done to the picture on the way to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Upright, 8-bit sRGB, straight alpha.
    pub bitmap: Bitmap,
    /// One entry for every step that changed samples, in words.
    pub notes: Vec<String>,
}

/// Decodes `file`, whose facts have been read, into the reference bitmap.
///
/// Nothing is allocated before the facts have passed the limits.
///
/// # Errors
/// When the picture is animated, of high dynamic range, over a limit, cut short, damaged, or of a kind that the decoders
/// do not know. A decoder that panics makes a [`SourceError::Malformed`].
pub fn decode(file: &[u8], facts: &Facts, limits: &Limits) -> Result<Decoded, SourceError> {
    check(facts, limits)?;
    catch_unwind(AssertUnwindSafe(|| decode_still(file, facts, limits))).unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        Err(SourceError::malformed(format!(
            "decoder panicked: {message}"
        )))
    })
}

/// Identifies `file`, of which `extension` is the end of the name, reads its facts and decodes it.
///
/// # Errors
/// When it is no image, and as [`decode`].
pub fn open(file: &[u8], extension: Option<&str>, limits: &Limits) -> Result<Decoded, SourceError> {
    let format = Format::sniff(file, extension).ok_or(SourceError::NotAnImage)?;
    decode(file, &facts::read(file, format)?, limits)
}

/// Bytes that [`decode`] needs at its peak beyond the file itself, from the facts alone.
///
/// An upper bound, close for most formats; a JPEG is taken for a progressive one, which needs the most.
pub fn decode_memory(facts: &Facts) -> u64 {
    let channels = u64::from(channels(facts));
    let wide = u64::from(facts.bits) > 8 * channels;
    let samples = if wide { 2 * channels } else { channels };
    let buffer = samples.max(4);
    let per_pixel = match facts.format {
        // Two bytes for every coefficient.
        Format::Jpeg => 4 + 2 * channels,
        // The decoder's own RGBA, or planes and an alpha plane.
        Format::WebP => 9,
        // Planes of 16-bit samples, and libaom's own.
        Format::Avif => buffer + 24,
        // Floats a channel, twice while filters run.
        Format::Jxl => buffer + 32,
        // The decoder's own samples; of a palette, a copy of the file too.
        Format::Tiff => buffer + samples + 1,
        // A frame that does not cover the canvas.
        Format::Gif => 8,
        _ => buffer,
    };
    // A quarter turn takes the old and the new picture.
    let turned = if facts.orientation > 4 { 8 } else { 0 };
    let slack = facts.pixels() / 8 + (4 << 20);
    facts
        .pixels()
        .saturating_mul(per_pixel.max(turned))
        .saturating_add(slack)
}

/// Samples of one pixel as they come out of a decoder; a palette counts as grey, as it is stored.
fn channels(facts: &Facts) -> u16 {
    match facts.model {
        ColorModel::Grey | ColorModel::Palette => 1,
        ColorModel::GreyAlpha => 2,
        ColorModel::Rgb => 3,
        ColorModel::Rgba | ColorModel::Cmyk | ColorModel::Ycck => 4,
    }
}

/// Refuses, by its facts alone, what [`decode`] would refuse before it decodes.
///
/// # Errors
/// When the picture is animated, of high dynamic range or over a limit.
pub fn check(facts: &Facts, limits: &Limits) -> Result<(), SourceError> {
    if facts.frames > 1 {
        return Err(SourceError::Animated {
            frames: facts.frames,
        });
    }
    if let Some(kind) = &facts.hdr {
        return Err(SourceError::Hdr(kind.clone()));
    }
    if facts.pixels() > limits.max_pixels {
        return Err(SourceError::TooManyPixels {
            pixels: facts.pixels(),
            limit: limits.max_pixels,
        });
    }
    let needed = decode_memory(facts);
    if needed > limits.max_memory {
        return Err(SourceError::TooMuchMemory {
            needed,
            limit: limits.max_memory,
        });
    }
    Ok(())
}

fn decode_still(file: &[u8], facts: &Facts, limits: &Limits) -> Result<Decoded, SourceError> {
    let decoded = pixels::read(file, facts, limits)?;
    let mut notes: Vec<String> = decoded.note.map(Into::into).into_iter().collect();
    let layout = decoded.layout;
    if facts.model.is_cmyk() {
        notes.push("CMYK converted to RGB".into());
    }
    let size = [facts.width as usize, facts.height as usize];
    let converted = colour::convert(decoded.buffer, size, layout, facts)
        .map_err(|error| SourceError::Malformed(error.into()))?;
    if facts.premultiplied {
        notes.push("premultiplied alpha made straight".into());
    }
    notes.extend(converted.note);
    if layout.bytes > 1 {
        let depth = facts.bits / channels(facts);
        notes.push(format!("{depth}-bit samples rounded to 8"));
    }
    if facts.orientation != 1 {
        notes.push(format!("rotated by EXIF orientation {}", facts.orientation));
    }
    let mut rgba = converted.rgba;
    if matches!(facts.format, Format::Bmp | Format::Tga) && facts.alpha && is_invisible(&rgba) {
        rgba.as_chunks_mut::<4>()
            .0
            .iter_mut()
            .for_each(|p| p[3] = 255);
        notes.push("alpha is zero everywhere: treated as opaque".into());
    }
    let (rgba, _) = orient::upright(rgba, size[0], facts.orientation);
    let [width, height] = facts.upright_size();
    let bitmap =
        Bitmap::new(width, height, rgba).map_err(|error| SourceError::Malformed(error.into()))?;
    Ok(Decoded { bitmap, notes })
}

/// Many writers of BMP and TGA leave the fourth byte at zero without meaning it; browsers show such pictures as opaque.
fn is_invisible(rgba: &[u8]) -> bool {
    rgba.as_chunks::<4>().0.iter().all(|pixel| pixel[3] == 0)
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
