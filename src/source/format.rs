//! What a file is, told by its first bytes.

use crate::source::sniff;

/// A file format that imgbench recognises, whether or not it can decode it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// Portable Network Graphics, animated or not.
    Png,
    /// JPEG, any frame type.
    Jpeg,
    /// WebP, lossy or lossless.
    WebP,
    /// GIF 87a or 89a.
    Gif,
    /// Windows or OS/2 bitmap.
    Bmp,
    /// TIFF, classic or BigTIFF.
    Tiff,
    /// The Quite OK Image format.
    Qoi,
    /// PBM, PGM, PPM or PAM.
    Pnm,
    /// Truevision TGA.
    Tga,
    /// Windows icon.
    Ico,
    /// Farbfeld.
    Farbfeld,
    /// AVIF, still or sequence.
    Avif,
    /// HEIC and other HEIF.
    Heif,
    /// JPEG XL, container or bare codestream.
    Jxl,
    /// JPEG 2000, container or bare codestream.
    Jpeg2000,
    /// JPEG XR.
    JpegXr,
    /// Scalable Vector Graphics.
    Svg,
    /// Radiance RGBE.
    Hdr,
    /// OpenEXR.
    OpenExr,
    /// DirectDraw Surface.
    Dds,
    /// Photoshop document.
    Psd,
    /// Portable Document Format.
    Pdf,
}

use Format as F;

/// One row of the table of formats.
struct Row {
    format: Format,
    id: &'static str,
    name: &'static str,
    media_type: &'static str,
    extensions: &'static [&'static str],
    decodable: bool,
}

#[rustfmt::skip]
const TABLE: &[Row] = &[
    row(F::Png, "png", "PNG", "image/png", &["png", "apng"], true),
    row(F::Jpeg, "jpeg", "JPEG", "image/jpeg", &["jpg", "jpeg", "jpe", "jfif", "mpo"], true),
    row(F::WebP, "webp", "WebP", "image/webp", &["webp"], true),
    row(F::Gif, "gif", "GIF", "image/gif", &["gif"], true),
    row(F::Bmp, "bmp", "BMP", "image/bmp", &["bmp", "dib"], true),
    row(F::Tiff, "tiff", "TIFF", "image/tiff", &["tif", "tiff"], true),
    row(F::Qoi, "qoi", "QOI", "image/qoi", &["qoi"], true),
    row(F::Pnm, "pnm", "PNM", "image/x-portable-anymap", &["pnm", "pbm", "pgm", "ppm", "pam"], true),
    row(F::Tga, "tga", "TGA", "image/x-tga", &["tga", "icb", "vda", "vst"], true),
    row(F::Ico, "ico", "ICO", "image/vnd.microsoft.icon", &["ico"], true),
    row(F::Farbfeld, "farbfeld", "farbfeld", "image/x-farbfeld", &["ff", "farbfeld"], true),
    row(F::Avif, "avif", "AVIF", "image/avif", &["avif", "avifs"], cfg!(feature = "avif")),
    row(F::Heif, "heif", "HEIF", "image/heif", &["heic", "heif", "heics", "hif"], false),
    row(F::Jxl, "jxl", "JPEG XL", "image/jxl", &["jxl"], cfg!(feature = "jxl")),
    row(F::Jpeg2000, "jp2", "JPEG 2000", "image/jp2", &["jp2", "j2k", "jpx", "j2c"], false),
    row(F::JpegXr, "jxr", "JPEG XR", "image/jxr", &["jxr", "wdp", "hdp"], false),
    row(F::Svg, "svg", "SVG", "image/svg+xml", &["svg"], false),
    row(F::Hdr, "hdr", "Radiance HDR", "image/vnd.radiance", &["hdr", "rgbe"], false),
    row(F::OpenExr, "exr", "OpenEXR", "image/x-exr", &["exr"], false),
    row(F::Dds, "dds", "DDS", "image/vnd-ms.dds", &["dds"], false),
    row(F::Psd, "psd", "PSD", "image/vnd.adobe.photoshop", &["psd", "psb"], false),
    row(F::Pdf, "pdf", "PDF", "application/pdf", &["pdf"], false),
];

const fn row(
    format: Format,
    id: &'static str,
    name: &'static str,
    media_type: &'static str,
    extensions: &'static [&'static str],
    decodable: bool,
) -> Row {
    Row {
        format,
        id,
        name,
        media_type,
        extensions,
        decodable,
    }
}

impl Format {
    /// How many bytes from the start of a file [`sniff`](Self::sniff) looks at; more do no harm.
    pub const SNIFF_BYTES: usize = 1024;

    /// Every format that can be recognised, decodable ones first.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.format)
    }

    /// The format that the first bytes of a file belong to.
    ///
    /// The content decides, whatever the name says. Only TGA has no signature: it takes both its extension (without
    /// the dot, in any case) and a plausible header.
    pub fn sniff(head: &[u8], extension: Option<&str>) -> Option<Self> {
        let head = head.get(..Self::SNIFF_BYTES).unwrap_or(head);
        sniff::by_signature(head)
            .or_else(|| sniff::by_structure(head))
            .or_else(|| {
                let named = extension.and_then(Self::from_extension);
                (named == Some(F::Tga) && sniff::is_tga(head)).then_some(F::Tga)
            })
    }

    /// The format that files with this extension (without the dot, in any case) should hold.
    pub fn from_extension(extension: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|row| {
                row.extensions
                    .iter()
                    .any(|e| e.eq_ignore_ascii_case(extension))
            })
            .map(|row| row.format)
    }

    /// As it is written in prose: `PNG`, `WebP`, `JPEG XL`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// A short lower-case name that never changes: `png`, `webp`, `jxl`.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// The media (MIME) type.
    pub fn media_type(self) -> &'static str {
        self.row().media_type
    }

    /// Usual file extensions, lower case, without the dot, the commonest first.
    pub fn extensions(self) -> &'static [&'static str] {
        self.row().extensions
    }

    /// Whether files of this format can be decoded by this build.
    pub fn is_decodable(self) -> bool {
        self.row().decodable
    }

    fn row(self) -> &'static Row {
        // The table lists every variant (there is a test); the first row can never be reached otherwise.
        TABLE
            .iter()
            .find(|row| row.format == self)
            .unwrap_or(&TABLE[0])
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_extensions_are_unique() {
        let mut ids: Vec<_> = TABLE.iter().map(|row| row.id).collect();
        let mut extensions: Vec<_> = TABLE.iter().flat_map(|row| row.extensions).collect();
        for list in [&mut ids, &mut extensions.drain(..).copied().collect()] {
            let before = list.len();
            list.sort_unstable();
            list.dedup();
            assert_eq!(list.len(), before);
        }
        assert_eq!(Format::all().count(), F::Pdf as usize + 1);
        assert!(
            TABLE
                .iter()
                .enumerate()
                .all(|(i, r)| r.format as usize == i)
        );
    }

    #[test]
    fn extensions_are_known_in_any_case() {
        assert_eq!(Format::from_extension("JpG"), Some(F::Jpeg));
        assert_eq!(Format::from_extension("txt"), None);
        assert!(F::Qoi.is_decodable() && !F::Heif.is_decodable());
        assert_eq!(F::Jxl.to_string(), "JPEG XL");
    }
}
