//! Encoders and their decoders. One file per *library* (“JPEG” is not a result, “mozjpeg 4.1.5” is), one line in
//! [`CODECS`] each.

#[cfg(feature = "avif")]
mod libaom;
#[cfg(feature = "jxl")]
mod libjxl;
mod libwebp;
mod mozjpeg;
mod oxipng;
mod quantizr;
mod settings;

use std::error::Error;
use std::ops::RangeInclusive;

use crate::bitmap::Bitmap;

pub use self::settings::{OptionKey, Quality, SettingError, Settings, Values};

/// Every codec of this build, in the order formats are listed. To add one: a file beside this one and a line here.
pub static CODECS: &[&dyn Codec] = &[
    &mozjpeg::MozJpeg,
    &oxipng::OxiPng,
    &quantizr::Quantizr,
    &libwebp::LibWebP,
    #[cfg(feature = "avif")]
    &libaom::LibAom,
    #[cfg(feature = "jxl")]
    &libjxl::LibJxl,
];

/// A table of codecs: [`CODECS`], or one of its own for a test.
pub type CodecTable = &'static [&'static dyn Codec];

/// What a codec is and what it can be told.
#[derive(Debug)]
pub struct CodecInfo {
    /// Name in variants, such as `mozjpeg`.
    pub id: &'static str,
    /// Format id, such as `jpeg`: what `--formats` takes.
    pub format: &'static str,
    /// Format name for people, such as `JPEG`.
    pub format_name: &'static str,
    /// File extension without the dot.
    pub extension: &'static str,
    /// IANA media type.
    pub media_type: &'static str,
    /// Lossy qualities, worst to best; `None` when there is no lossy mode.
    pub quality: Option<RangeInclusive<u8>>,
    /// Encoder efforts; `None` when there is one only.
    pub effort: Option<Effort>,
    /// Whether there is a lossless mode.
    pub lossless: bool,
    /// Whether transparency is kept.
    pub alpha: bool,
    /// Longest side in pixels.
    pub max_side: u32,
    /// Keys of [`Settings::extra`].
    pub options: &'static [OptionKey],
}

/// The efforts a codec takes.
#[derive(Debug, Clone)]
pub struct Effort {
    /// Fastest to slowest.
    pub range: RangeInclusive<u8>,
    /// What is used when none is asked for.
    pub default: u8,
}

/// What one encode is expected to take, for scheduling and memory admission only: never reported.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// CPU time, nanoseconds a pixel.
    pub ns_per_pixel: f64,
    /// Memory beyond the shared bitmap, bytes a pixel.
    pub bytes_per_pixel: f64,
}

/// Why there is no encoded file or no decoded picture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The codec cannot take this picture or these settings: the entry is skipped.
    #[error("{0}")]
    Unsupported(String),
    /// The codec failed: the entry is failed.
    #[error("{0}")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

impl CodecError {
    /// A failure told in words.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into().into())
    }
}

/// An encoder with the decoder that reads its files back. Single-threaded inside, no state between calls.
///
/// A call may panic (mozjpeg reports errors by unwinding); [`run`](crate::run) guards every call.
pub trait Codec: Send + Sync {
    /// What it is.
    fn info(&self) -> &CodecInfo;

    /// Version of the library, as it reports itself.
    fn version(&self) -> String;

    /// What slows this build of the library down, if anything, with the remedy.
    fn build_warning(&self) -> Option<String> {
        None
    }

    /// What an encode is expected to take.
    fn cost(&self, settings: &Settings) -> Cost;

    /// Qualities that make files of their own, worst to best: of those that make the same file, the lowest.
    fn steps(&self) -> Vec<u8> {
        self.info().quality.iter().cloned().flatten().collect()
    }

    /// Whether `settings` promise the very same pixels back.
    fn keeps_pixels(&self, settings: &Settings) -> bool {
        settings.quality == Quality::Lossless
    }

    /// Encodes `image`. A codec without alpha expects an opaque one.
    ///
    /// # Errors
    /// [`CodecError::Unsupported`] when the picture is over the format's limits.
    fn encode(&self, image: &Bitmap, settings: &Settings) -> Result<Vec<u8>, CodecError>;

    /// What imports pixels for encodes with `settings`, where that is work that several of them can share.
    fn importer(&self, _settings: &Settings) -> Option<&'static dyn Importer> {
        None
    }

    /// What packs the files of JPEG sources, if this codec can.
    fn jpeg_packer(&self) -> Option<&dyn JpegPacker> {
        None
    }

    /// Decodes a file that [`encode`](Self::encode) or its [`jpeg_packer`](Self::jpeg_packer) made, as a browser would.
    ///
    /// # Errors
    /// When the file is damaged.
    fn decode(&self, file: &[u8]) -> Result<Bitmap, CodecError>;
}

/// Brings pixels into the form that an encoder works on, whatever quality it is told.
pub trait Importer: Send + Sync {
    /// Its name among those of its codec.
    fn id(&self) -> &'static str;

    /// Memory of what it makes, bytes a pixel.
    fn bytes_per_pixel(&self) -> f64;

    /// Imports `image`.
    ///
    /// # Errors
    /// As [`Codec::encode`].
    fn import(&self, image: &Bitmap) -> Result<Box<dyn Imported>, CodecError>;
}

/// A picture that an [`Importer`] has imported.
pub trait Imported: Send + Sync {
    /// Encodes it: to the byte what [`Codec::encode`] makes of its pixels.
    ///
    /// # Errors
    /// As [`Codec::encode`].
    fn encode(&self, settings: &Settings) -> Result<Vec<u8>, CodecError>;
}

/// Packs the file of a JPEG without loss: its coefficients, not its pixels, and all else that it holds.
pub trait JpegPacker {
    /// Packs `jpeg`, a whole file.
    ///
    /// # Errors
    /// [`CodecError::Unsupported`] when it is of a kind that cannot be had back.
    fn pack(&self, jpeg: &[u8], settings: &Settings) -> Result<Vec<u8>, CodecError>;

    /// The JPEG that [`pack`](Self::pack) was given, to the byte.
    ///
    /// # Errors
    /// When the file is damaged.
    fn unpack(&self, file: &[u8]) -> Result<Vec<u8>, CodecError>;
}

impl CodecInfo {
    /// Refuses pictures whose sides the format cannot state.
    ///
    /// # Errors
    /// [`CodecError::Unsupported`] with the limit.
    pub fn check_sides(&self, width: u32, height: u32) -> Result<(), CodecError> {
        if width.max(height) > self.max_side {
            return Err(CodecError::Unsupported(format!(
                "{width}×{height} is over the {} limit of {} pixels a side",
                self.format_name, self.max_side
            )));
        }
        Ok(())
    }
}

/// The codec called `id`, or the default codec (the first listed) of the format called `id`.
pub fn find(table: CodecTable, id: &str) -> Option<&'static dyn Codec> {
    let by = |key: fn(&CodecInfo) -> &str| table.iter().find(|c| key(c.info()) == id).copied();
    by(|info| info.id).or_else(|| by(|info| info.format))
}
