//! TIFF, palettes included.

use std::io::Cursor;

use image::codecs::tiff::TiffDecoder;

use super::{Job, Pixels};
use crate::source::error::SourceError;
use crate::source::facts::{ColorModel, tiff};
use crate::source::samples::SampleLayout;

pub(super) fn read(job: &Job<'_>, file: &[u8]) -> Result<Pixels, SourceError> {
    if job.facts.model == ColorModel::Palette {
        return with_palette(job, file);
    }
    job.run(TiffDecoder::new(Cursor::new(file)))
}

/// The decoder knows no palettes: it is given the indices as lightness.
fn with_palette(job: &Job<'_>, file: &[u8]) -> Result<Pixels, SourceError> {
    let palette = tiff::palette(file)
        .ok_or_else(|| SourceError::malformed("a TIFF palette without sense"))?;
    let input = Cursor::new(palette.as_grey.as_slice());
    let mut pixels = job.run(TiffDecoder::new(input))?;
    if pixels.layout != SampleLayout::bytes(1) {
        return Err(SourceError::Unsupported(
            "this kind of TIFF palette is not supported".into(),
        ));
    }
    let count = job.facts.pixels() as usize;
    // From the last pixel on, so that no index is written over before it is read.
    for at in (0..count).rev() {
        let index = usize::from(pixels.buffer[at]);
        // One-bit indices come as black and white.
        let index = if job.facts.bits == 1 {
            index / 255
        } else {
            index
        };
        let colour = palette.colours.get(index).copied().unwrap_or_default();
        pixels.buffer[3 * at..3 * at + 3].copy_from_slice(&colour);
    }
    pixels.layout = SampleLayout::bytes(3);
    Ok(pixels)
}
