//! JPEG, by the decoder that `image` uses, but in strict mode.
//!
//! In its lenient mode a scan that breaks off leaves grey where the rest of the picture should be, without a word.

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::jpeg_scan::{Missing, missing};
use super::{Job, Pixels};
use crate::source::error::SourceError;
use crate::source::facts::ColorModel;
use crate::source::samples::SampleLayout;

/// Strict mode also refuses stray bytes between segments, which do no harm and which browsers skip.
const HARMLESS: &str = "Extra bytes between headers";

pub(super) fn read(job: &Job<'_>, file: &[u8]) -> Result<Pixels, SourceError> {
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let result = match attempt(job, file, options.set_strict_mode(true))? {
        Err(error) if error.to_string().contains(HARMLESS) => {
            attempt(job, file, options.set_strict_mode(false))?
        }
        other => other,
    };
    let mut pixels = result.map_err(|error| explain(job, error))?;
    match missing(file) {
        Missing::Nothing => Ok(pixels),
        Missing::Scans => {
            pixels.note = Some("progressive JPEG without all its scans");
            Ok(pixels)
        }
        Missing::Blocks => Err(job.ended_early()),
    }
}

/// Decodes into room of the size the facts promise; the outer error is about that room.
fn attempt(
    job: &Job<'_>,
    file: &[u8],
    options: DecoderOptions,
) -> Result<Result<Pixels, DecodeErrors>, SourceError> {
    let (colors, channels) = match job.facts.model {
        ColorModel::Grey => (ColorSpace::Luma, 1),
        _ => (ColorSpace::RGB, 3),
    };
    let options = options.jpeg_set_out_colorspace(colors);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    if let Err(error) = decoder.decode_headers() {
        return Ok(Err(error));
    }
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let mut pixels = job.room([width as u32, height as u32], SampleLayout::bytes(channels))?;
    let len = width * height * channels;
    let decoded = decoder.decode_into(&mut pixels.buffer[..len]);
    Ok(decoded.map(|()| pixels))
}

fn explain(job: &Job<'_>, error: DecodeErrors) -> SourceError {
    match error {
        DecodeErrors::IoErrors(_) | DecodeErrors::ExhaustedData => job.ended_early(),
        DecodeErrors::Unsupported(scheme) => SourceError::Unsupported(format!("{scheme:?}")),
        other => SourceError::malformed(other.to_string().trim_matches('"')),
    }
}
