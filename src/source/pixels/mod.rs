//! Driving the decoders: from a file to samples in the file's own layout.

#[cfg(feature = "avif")]
mod avif;
mod jpeg;
mod jpeg_bits;
mod jpeg_scan;
#[cfg(feature = "jxl")]
mod jxl;
mod tiff;

use std::io::{Cursor, ErrorKind};

use image::codecs::bmp::BmpDecoder;
use image::codecs::farbfeld::FarbfeldDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::ico::IcoDecoder;
use image::codecs::pnm::PnmDecoder;
use image::codecs::qoi::QoiDecoder;
use image::codecs::tga::TgaDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::{UnsupportedError, UnsupportedErrorKind};
use image::{ColorType, ImageDecoder, ImageError};

use crate::source::decode::Limits;
use crate::source::error::SourceError;
use crate::source::facts::{Facts, ico};
use crate::source::format::Format;
use crate::source::samples::{Alpha, SampleLayout};

/// Samples as a decoder gave them.
pub(crate) struct Pixels {
    /// Starts with the samples and has room for the same pixels as RGBA.
    pub(crate) buffer: Vec<u8>,
    pub(crate) layout: SampleLayout,
    /// What is odd about them.
    pub(crate) note: Option<&'static str>,
}

/// Decodes `file` into samples; `facts` have passed the limits already.
pub(crate) fn read(file: &[u8], facts: &Facts, limits: &Limits) -> Result<Pixels, SourceError> {
    let job = Job { facts, limits };
    let input = Cursor::new(file);
    match facts.format {
        Format::Png => job.png(file),
        Format::Jpeg => jpeg::read(&job, file),
        Format::WebP => job.run(WebPDecoder::new(input)),
        Format::Gif => job.run(GifDecoder::new(input)),
        Format::Bmp => job.run(BmpDecoder::new(input)),
        Format::Tiff => tiff::read(&job, file),
        Format::Qoi => job.run(QoiDecoder::new(input)),
        Format::Pnm => job.run(PnmDecoder::new(input)),
        Format::Tga => job.run(TgaDecoder::new(input)),
        Format::Farbfeld => job.run(FarbfeldDecoder::new(input)),
        Format::Ico => job.ico(file),
        #[cfg(feature = "avif")]
        Format::Avif => avif::read(&job, file),
        #[cfg(feature = "jxl")]
        Format::Jxl => jxl::read(&job, file),
        other => Err(SourceError::Unsupported(format!(
            "{other} input is not supported by this build"
        ))),
    }
}

struct Job<'a> {
    facts: &'a Facts,
    limits: &'a Limits,
}

impl Job<'_> {
    fn run<D: ImageDecoder>(&self, decoder: Result<D, ImageError>) -> Result<Pixels, SourceError> {
        let mut decoder = decoder.map_err(|e| self.explain(e))?;
        let mut bounds = image::Limits::no_limits();
        bounds.max_alloc = Some(self.limits.max_memory);
        decoder.set_limits(bounds).map_err(|e| self.explain(e))?;
        let layout = self.layout(decoder.color_type())?;
        let (width, height) = decoder.dimensions();
        let mut pixels = self.room([width, height], layout)?;
        let len = decoder.total_bytes() as usize;
        let target = pixels.buffer.get_mut(..len);
        let target = target.ok_or_else(|| SourceError::malformed("more samples than pixels"))?;
        decoder.read_image(target).map_err(|e| self.explain(e))?;
        Ok(pixels)
    }

    /// By the `png` crate itself: it can be told to leave texts and profiles alone.
    fn png(&self, file: &[u8]) -> Result<Pixels, SourceError> {
        let bytes = usize::try_from(self.limits.max_memory).unwrap_or(usize::MAX);
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), png::Limits { bytes });
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().map_err(|e| self.explain_png(e))?;
        let (color, depth) = reader.output_color_type();
        let layout = SampleLayout {
            channels: color.samples(),
            bytes: if depth == png::BitDepth::Sixteen {
                2
            } else {
                1
            },
            alpha: Alpha::Straight,
        };
        let mut pixels = self.room(reader.info().size().into(), layout)?;
        let len = reader.output_buffer_size().unwrap_or(usize::MAX);
        let target = pixels.buffer.get_mut(..len);
        let target = target.ok_or_else(|| SourceError::malformed("more samples than pixels"))?;
        reader.next_frame(target).map_err(|e| self.explain_png(e))?;
        if layout.bytes == 2 {
            for sample in target.as_chunks_mut::<2>().0 {
                *sample = u16::from_be_bytes(*sample).to_ne_bytes();
            }
        }
        Ok(pixels)
    }

    /// The largest picture: a PNG of any kind, or a BMP given to the decoder as an icon of its own.
    fn ico(&self, file: &[u8]) -> Result<Pixels, SourceError> {
        let (entry, _) = ico::largest(file)?;
        if entry.is_png() {
            return self.png(entry.picture);
        }
        let icon = entry.alone();
        self.run(IcoDecoder::new(Cursor::new(icon.as_slice())))
    }

    /// Zeroed room for these pixels, which must be the ones the facts promised.
    fn room(&self, size: [u32; 2], layout: SampleLayout) -> Result<Pixels, SourceError> {
        let expected = [self.facts.width, self.facts.height];
        if size != expected {
            return Err(SourceError::malformed(format!(
                "the header says {}×{} pixels, the data say {}×{}",
                expected[0], expected[1], size[0], size[1]
            )));
        }
        let needed = self
            .facts
            .pixels()
            .saturating_mul(layout.pixel_bytes().max(4) as u64);
        let out_of_memory = || SourceError::TooMuchMemory {
            needed,
            limit: self.limits.max_memory,
        };
        let len = usize::try_from(needed).map_err(|_| out_of_memory())?;
        if needed > self.limits.max_memory {
            return Err(out_of_memory());
        }
        let mut buffer = Vec::new();
        buffer.try_reserve_exact(len).map_err(|_| out_of_memory())?;
        buffer.resize(len, 0);
        Ok(Pixels {
            buffer,
            layout,
            note: None,
        })
    }

    fn layout(&self, color: ColorType) -> Result<SampleLayout, SourceError> {
        let (channels, bytes) = match color {
            ColorType::L8 => (1, 1),
            ColorType::La8 => (2, 1),
            ColorType::Rgb8 => (3, 1),
            ColorType::Rgba8 => (4, 1),
            ColorType::L16 => (1, 2),
            ColorType::La16 => (2, 2),
            ColorType::Rgb16 => (3, 2),
            ColorType::Rgba16 => (4, 2),
            _ => return Err(SourceError::Hdr("floating-point samples".into())),
        };
        let alpha = match self.facts.premultiplied {
            true => Alpha::Premultiplied,
            false => Alpha::Straight,
        };
        Ok(SampleLayout {
            channels,
            bytes,
            alpha,
        })
    }

    fn explain(&self, error: ImageError) -> SourceError {
        match error {
            ImageError::Limits(_) => self.over_memory(),
            ImageError::Unsupported(what) => self.unsupported(&what),
            other if ends_early(&other) => self.ended_early(),
            // The cause says it all; what wraps it only names the format again.
            other => SourceError::malformed(match std::error::Error::source(&other) {
                Some(cause) => cause.to_string(),
                None => other.to_string(),
            }),
        }
    }

    fn explain_png(&self, error: png::DecodingError) -> SourceError {
        match error {
            png::DecodingError::LimitsExceeded => self.over_memory(),
            png::DecodingError::IoError(io) if io.kind() == ErrorKind::UnexpectedEof => {
                self.ended_early()
            }
            other => SourceError::Malformed(other.into()),
        }
    }

    fn unsupported(&self, what: &UnsupportedError) -> SourceError {
        let what = match what.kind() {
            UnsupportedErrorKind::GenericFeature(feature) => feature,
            UnsupportedErrorKind::Color(color) => format!("samples of kind {color:?}"),
            _ => what.to_string(),
        };
        let format = self.facts.format;
        SourceError::Unsupported(format!("this kind of {format} is not supported: {what}"))
    }

    fn over_memory(&self) -> SourceError {
        SourceError::TooMuchMemory {
            needed: self.limits.max_memory.saturating_add(1),
            limit: self.limits.max_memory,
        }
    }

    fn ended_early(&self) -> SourceError {
        SourceError::Truncated(format!(
            "the {} data stop before the picture is complete",
            self.facts.format
        ))
    }
}

/// Whether an error is, at bottom, about the end of the file.
fn ends_early(error: &ImageError) -> bool {
    if let ImageError::IoError(io) = error {
        return io.kind() == ErrorKind::UnexpectedEof;
    }
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let io = error.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == ErrorKind::UnexpectedEof) {
            return true;
        }
        cause = error.source();
    }
    false
}
