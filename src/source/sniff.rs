//! Signatures and other signs by which a format is recognised.

use crate::source::bytes::{Endian, slice, u8_at};
use crate::source::format::Format;

use Format as F;

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

/// The format whose signature the file starts with.
pub(crate) fn by_signature(head: &[u8]) -> Option<Format> {
    SIGNATURES
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|&(_, format)| format)
}

/// Formats whose first bytes alone are too weak or not constant.
pub(crate) fn by_structure(head: &[u8]) -> Option<Format> {
    const TESTS: &[(Test, Format)] = &[
        (is_webp, F::WebP),
        (is_avif, F::Avif),
        (is_heif, F::Heif),
        (is_bmp, F::Bmp),
        (is_pnm, F::Pnm),
        (is_ico, F::Ico),
        (is_svg, F::Svg),
    ];
    TESTS
        .iter()
        .find(|(test, _)| test(head))
        .map(|&(_, format)| format)
}

/// Whether a file could start like this.
type Test = fn(&[u8]) -> bool;

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

/// Whether a TGA could start like this.
pub(crate) fn is_tga(head: &[u8]) -> bool {
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
    }
}
