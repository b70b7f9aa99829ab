//! What a file says about itself, read without decoding its pixels.

#[cfg(feature = "avif")]
mod avif;
mod bmp;
pub(crate) mod exif;
mod gif;
pub(crate) mod ico;
pub(crate) mod jpeg;
mod jpeg_quality;
#[cfg(feature = "jxl")]
mod jxl;
mod png;
mod raster;
pub(crate) mod tiff;
mod tiff_directory;
mod webp;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::source::colour;
use crate::source::error::SourceError;
use crate::source::format::Format;

/// How the samples of a file are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColorModel {
    /// One sample of lightness.
    Grey,
    /// Lightness and alpha.
    GreyAlpha,
    /// Indices into a table of colours.
    Palette,
    /// Red, green, blue, or a luma-chroma form of them.
    Rgb,
    /// Red, green, blue, alpha.
    Rgba,
    /// Cyan, magenta, yellow, black.
    Cmyk,
    /// CMYK in a luma-chroma form, as Adobe's programs write JPEG.
    Ycck,
}

impl ColorModel {
    /// A short lower-case name: `grey`, `rgba`, `palette`, …
    pub fn id(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::GreyAlpha => "grey-alpha",
            Self::Palette => "palette",
            Self::Rgb => "rgb",
            Self::Rgba => "rgba",
            Self::Cmyk => "cmyk",
            Self::Ycck => "ycck",
        }
    }

    /// Four inks.
    pub(crate) fn is_cmyk(self) -> bool {
        matches!(self, Self::Cmyk | Self::Ycck)
    }
}

/// Whether the file has been through a lossy encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lossy {
    /// The format keeps every sample as it was given.
    No,
    /// Something was thrown away when the file was written.
    Yes {
        /// The quality on the scale of libjpeg (1–100) that fits the JPEG quantisation tables best.
        estimated_quality: Option<u8>,
    },
}

/// Facts about one file. Sides are as stored: the orientation is not applied yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The format of the content.
    pub format: Format,
    /// Columns as stored, 1 or more.
    pub width: u32,
    /// Rows as stored, 1 or more.
    pub height: u32,
    /// Bits the file carries for one pixel before compression: 1, 2, 4, 8, 16, 24, 32, 48, 64, …
    pub bits: u16,
    /// What the samples mean.
    pub model: ColorModel,
    /// Pixels per inch across and down, rounded to 0.01. `None` when absent, zero, or without a known unit.
    pub dpi: Option<[f64; 2]>,
    /// Whether the file carries transparency of any kind, used or not.
    pub alpha: bool,
    /// Whether colours are stored multiplied by alpha; decoding divides them again.
    pub premultiplied: bool,
    /// The embedded ICC profile.
    pub icc: Option<Vec<u8>>,
    /// Colour primaries, transfer function, matrix and range by ITU-T H.273 (`cICP`); they outrank `icc`.
    pub cicp: Option<[u8; 4]>,
    /// EXIF orientation, 1 (upright) to 8.
    pub orientation: u8,
    /// Frames of an animation; 1 for a still picture.
    pub frames: u32,
    /// Whether the file is lossy.
    pub lossy: Lossy,
    /// The kind of high dynamic range, when the file has one.
    pub hdr: Option<String>,
    /// What was found and will be ignored or dealt with, in words.
    pub notes: Vec<String>,
}

impl Facts {
    /// Facts of a plain, lossless, opaque, upright still picture; the rest is filled in by each format.
    pub(crate) fn still(
        format: Format,
        [width, height]: [u32; 2],
        bits: u16,
        model: ColorModel,
    ) -> Self {
        Self {
            format,
            width,
            height,
            bits,
            model,
            dpi: None,
            premultiplied: false,
            alpha: matches!(model, ColorModel::GreyAlpha | ColorModel::Rgba),
            icc: None,
            cicp: None,
            orientation: 1,
            frames: 1,
            lossy: Lossy::No,
            hdr: None,
            notes: Vec::new(),
        }
    }

    /// Width × height.
    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Columns and rows once the orientation is applied.
    pub fn upright_size(&self) -> [u32; 2] {
        match self.orientation {
            5..=8 => [self.height, self.width],
            _ => [self.width, self.height],
        }
    }

    /// The name the embedded ICC profile gives itself, `Display P3` for instance.
    pub fn profile_name(&self) -> Option<String> {
        let profile = self.icc.as_deref()?;
        catch_unwind(AssertUnwindSafe(|| colour::profile_name(profile))).unwrap_or_default()
    }

    /// `extension says PNG, content is JPEG`, when a file is named (extension without the dot) for another format.
    pub fn extension_note(&self, extension: &str) -> Option<String> {
        let named = Format::from_extension(extension)?;
        (named != self.format).then(|| {
            format!(
                "extension says {}, content is {}",
                named.name(),
                self.format.name()
            )
        })
    }

    /// Takes over what an EXIF block says; a resolution that the format itself states wins.
    pub(crate) fn apply_exif(&mut self, block: &[u8]) {
        let found = exif::read(block);
        self.orientation = found.orientation;
        self.dpi = self.dpi.or(found.dpi);
    }
}

/// Reads the facts of `file`, the whole content of a file of format `format`.
///
/// # Errors
/// When the format cannot be decoded by this build, when the header is damaged or the file ends too early. High dynamic
/// range, animation and size are facts, not errors: [`decode`](crate::source::decode()) refuses them.
pub fn read(file: &[u8], format: Format) -> Result<Facts, SourceError> {
    if file.is_empty() {
        return Err(SourceError::Empty);
    }
    let mut facts = catch_unwind(AssertUnwindSafe(|| read_header(file, format)))
        .unwrap_or_else(|_| Err(SourceError::malformed("the header upset its reader")))?;
    if let (None, Some(profile)) = (&facts.hdr, facts.icc.as_deref()) {
        facts.hdr =
            catch_unwind(AssertUnwindSafe(|| colour::hdr_of_profile(profile))).unwrap_or_default();
    }
    if facts.width == 0 || facts.height == 0 {
        return Err(SourceError::malformed(format!(
            "{}×{} pixels",
            facts.width, facts.height
        )));
    }
    Ok(facts)
}

fn read_header(file: &[u8], format: Format) -> Result<Facts, SourceError> {
    match format {
        Format::Png => png::read(file),
        Format::Jpeg => jpeg::read(file),
        Format::WebP => webp::read(file),
        Format::Gif => gif::read(file),
        Format::Bmp => bmp::read(file),
        Format::Tiff => tiff::read(file),
        Format::Ico => ico::read(file),
        Format::Qoi => raster::qoi(file),
        Format::Farbfeld => raster::farbfeld(file),
        Format::Pnm => raster::pnm(file),
        Format::Tga => raster::tga(file),
        #[cfg(feature = "avif")]
        Format::Avif => avif::read(file),
        #[cfg(feature = "jxl")]
        Format::Jxl => jxl::read(file),
        other => Err(SourceError::Unsupported(format!(
            "{other} input is not supported by this build"
        ))),
    }
}

/// Pixels per inch, rounded to 0.01, when both are usable numbers above zero.
pub(crate) fn dpi(across: f64, down: f64) -> Option<[f64; 2]> {
    let round = |v: f64| (v * 100.0).round() / 100.0;
    let usable = |v: f64| v.is_finite() && (0.01..=1e6).contains(&v);
    (usable(across) && usable(down)).then(|| [round(across), round(down)])
}

/// Pixels per inch from pixels per metre.
pub(crate) fn dpi_from_metre(across: u32, down: u32) -> Option<[f64; 2]> {
    dpi(f64::from(across) * 0.0254, f64::from(down) * 0.0254)
}

/// The note for bytes (`rest`) behind the picture; padding with zeros is none.
pub(crate) fn note_trailing(rest: &[u8]) -> Option<String> {
    rest.iter()
        .any(|&b| b != 0)
        .then(|| "data after the end of the image".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolutions_are_rounded_and_nonsense_is_dropped() {
        assert_eq!(dpi_from_metre(11811, 2835), Some([300.0, 72.01]));
        assert_eq!(dpi(0.0, 72.0), None);
        assert_eq!(dpi(f64::NAN, 72.0), None);
        assert_eq!(dpi(f64::INFINITY, 72.0), None);
    }

    #[test]
    fn formats_that_cannot_be_decoded_are_refused_by_name() {
        let error = read(b"anything", Format::Heif).unwrap_err();
        assert_eq!(
            error.to_string(),
            "HEIF input is not supported by this build"
        );
        assert!(matches!(read(b"", Format::Png), Err(SourceError::Empty)));
    }

    #[test]
    fn a_misleading_extension_is_noted() {
        let facts = Facts::still(Format::Jpeg, [1, 2], 24, ColorModel::Rgb);
        let note = facts.extension_note("PNG");
        assert_eq!(note.as_deref(), Some("extension says PNG, content is JPEG"));
        assert_eq!(facts.extension_note("jpe"), None);
        assert_eq!(facts.extension_note("txt"), None);
    }

    #[test]
    fn no_header_prefix_upsets_a_reader() {
        let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01";
        for format in Format::all() {
            for end in 1..head.len() {
                assert!(read(&head[..end], format).is_err());
            }
        }
    }
}
