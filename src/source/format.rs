//! What a file is, told by its first bytes.

use crate::source::bytes::{Endian, slice, u8_at};

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
    row(F::Avif, "avif", "AVIF", "image/avif", &["avif", "avifs"], false),
    row(F::Heif, "heif", "HEIF", "image/heif", &["heic", "heif", "heics", "hif"], false),
    row(F::Jxl, "jxl", "JPEG XL", "image/jxl", &["jxl"], false),
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
        by_signature(head)
            .or_else(|| by_structure(head))
            .or_else(|| {
                let named = extension.and_then(Self::from_extension);
                (named == Some(F::Tga) && is_tga(head)).then_some(F::Tga)
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

const SIGNATURES: &[(&[u8], Format)] = &[
    (b"\x89PNG\r\n\x1a\n", F::Png),
    (b"\xff\xd8\xff", F::Jpeg),
    (b"GIF87a", F::Gif),
    (b"GIF89a", F::Gif),
    (b"II*\0", F::Tiff),
    (b"MM\0*", F::Tiff),
    (b"II+\0", F::Tiff),
    (b"MM\0+", F::Tiff),
    (b"qoif", F::Qoi),
    (b"farbfeld", F::Farbfeld),
    (b"\xff\x0a", F::Jxl),
    (b"\0\0\0\x0cJXL \r\n\x87\n", F::Jxl),
    (b"\0\0\0\x0cjP  \r\n\x87\n", F::Jpeg2000),
    (b"\xff\x4f\xff\x51", F::Jpeg2000),
    (b"II\xbc", F::JpegXr),
    (b"#?RADIANCE", F::Hdr),
    (b"#?RGBE", F::Hdr),
    (b"\x76\x2f\x31\x01", F::OpenExr),
    (b"DDS ", F::Dds),
    (b"8BPS", F::Psd),
    (b"%PDF-", F::Pdf),
];

fn by_signature(head: &[u8]) -> Option<Format> {
    SIGNATURES
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|&(_, format)| format)
}

/// Formats whose first bytes alone are too weak or not constant.
fn by_structure(head: &[u8]) -> Option<Format> {
    let tests: [(fn(&[u8]) -> bool, Format); 7] = [
        (is_webp, F::WebP),
        (is_avif, F::Avif),
        (is_heif, F::Heif),
        (is_bmp, F::Bmp),
        (is_pnm, F::Pnm),
        (is_ico, F::Ico),
        (is_svg, F::Svg),
    ];
    tests
        .iter()
        .find(|(test, _)| test(head))
        .map(|&(_, format)| format)
}

fn is_webp(head: &[u8]) -> bool {
    head.starts_with(b"RIFF") && slice(head, 8, 4) == Some(b"WEBP")
}

/// The major and the compatible brands of an ISO media file.
fn brands(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let box_size = Endian::Big.u32(head, 0).unwrap_or(0) as usize;
    let list = match slice(head, 4, 4) {
        Some(b"ftyp") => head.get(8..box_size.min(head.len())).unwrap_or_default(),
        _ => &[],
    };
    list.chunks_exact(4)
}

fn is_avif(head: &[u8]) -> bool {
    brands(head).any(|brand| brand == b"avif" || brand == b"avis")
}

fn is_heif(head: &[u8]) -> bool {
    const BRANDS: [&[u8]; 8] = [
        b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1",
    ];
    brands(head).any(|brand| BRANDS.contains(&brand))
}

/// `BM` may start a text: the size of the second header must be plausible too.
fn is_bmp(head: &[u8]) -> bool {
    let size = Endian::Little.u32(head, 14);
    head.starts_with(b"BM") && size.is_some_and(|size| (12..=124).contains(&size))
}

fn is_pnm(head: &[u8]) -> bool {
    matches!(head, [b'P', b'1'..=b'7', c, ..] if c.is_ascii_whitespace() || *c == b'#')
}

fn is_ico(head: &[u8]) -> bool {
    let count = Endian::Little.u16(head, 4);
    head.starts_with(&[0, 0, 1, 0])
        && count.is_some_and(|count| (1..=1024).contains(&count))
        && u8_at(head, 9) == Some(0)
}

fn is_svg(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    text.trim_ascii_start().starts_with(b"<") && text.windows(4).any(|w| w == b"<svg")
}

fn is_tga(head: &[u8]) -> bool {
    let Some(header) = slice(head, 0, 18) else {
        return false;
    };
    let (map, kind, depth) = (header[1], header[2], header[16]);
    map <= 1
        && matches!(kind, 1..=3 | 9..=11)
        && matches!(depth, 8 | 15 | 16 | 24 | 32)
        && Endian::Little.u16(header, 12) != Some(0)
        && Endian::Little.u16(header, 14) != Some(0)
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
        assert!(TABLE.iter().enumerate().all(|(i, r)| r.format as usize == i));
    }

    #[test]
    fn content_decides_whatever_the_name_says() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
        assert_eq!(Format::sniff(png, Some("jpg")), Some(F::Png));
        assert_eq!(Format::sniff(b"\xff\xd8\xff\xe0", None), Some(F::Jpeg));
        assert_eq!(
            Format::sniff(b"RIFF\x10\0\0\0WEBPVP8L", None),
            Some(F::WebP)
        );
        assert_eq!(Format::sniff(b"RIFF\x10\0\0\0WAVEfmt ", None), None);
        assert_eq!(Format::sniff(b"BMW is a maker of cars", None), None);
        assert_eq!(Format::sniff(b"", Some("png")), None);
        assert_eq!(Format::sniff(b"P6\n1 1\n255\n", None), Some(F::Pnm));
        assert_eq!(Format::sniff(b"P600 is a phone", None), None);
    }

    #[test]
    fn brands_tell_avif_from_heif() {
        let avif = b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf";
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
        assert_eq!(Format::sniff(avif, None), Some(F::Avif));
        assert_eq!(Format::sniff(heic, None), Some(F::Heif));
        assert_eq!(Format::sniff(b"\0\0\0\x14ftypisom\0\0\0\0mp41", None), None);
    }

    #[test]
    fn a_tga_needs_its_extension_and_a_plausible_header() {
        let mut head = [0; 18];
        head[2] = 2;
        head[12] = 4;
        head[14] = 4;
        head[16] = 24;
        assert_eq!(Format::sniff(&head, Some("TGA")), Some(F::Tga));
        assert_eq!(Format::sniff(&head, Some("bin")), None);
        assert_eq!(Format::sniff(b"hello, this is a text", Some("tga")), None);
    }

    #[test]
    fn an_svg_is_markup_with_an_svg_element() {
        let svg = b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg xmlns=''/>";
        assert_eq!(Format::sniff(svg, None), Some(F::Svg));
        assert_eq!(Format::sniff(b"<html><body>", None), None);
        assert_eq!(Format::from_extension("JpG"), Some(F::Jpeg));
        assert!(F::Qoi.is_decodable() && !F::Avif.is_decodable());
    }
}
