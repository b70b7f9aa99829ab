//! What the search needs to know of image formats; the only lines that know them.

/// How many bytes of a file the search looks at.
pub(super) const HEAD: usize = 1024;

/// Whether a file that begins so is an image. `extension` is without the dot, in any case.
pub(super) fn is_image(head: &[u8], extension: Option<&str>) -> bool {
    let ftyp = head.get(4..8) == Some(b"ftyp");
    let webp = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
    let magic: [&[u8]; 8] = [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"GIF8",
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"qoif",
        b"\xff\x0a",
    ];
    let tga = extension.is_some_and(|ext| ext.eq_ignore_ascii_case("tga")) && head.len() >= 18;
    webp || ftyp || tga || magic.iter().any(|magic| head.starts_with(magic))
}

/// Whether a file with this extension should be an image.
pub(super) fn is_image_extension(extension: &str) -> bool {
    const KNOWN: [&str; 12] = [
        "png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "qoi", "tga", "avif", "jxl",
    ];
    KNOWN
        .iter()
        .any(|known| known.eq_ignore_ascii_case(extension))
}
