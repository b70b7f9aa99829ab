//! What the search needs to know of image formats; the only lines that know them.

use super::Drawings;
use crate::source::format::Format;

/// How many bytes of a file the search looks at.
pub(super) const HEAD: usize = Format::SNIFF_BYTES;

/// Whether a file that begins so is an image. `extension` is without the dot, in any case.
pub(super) fn is_image(head: &[u8], extension: Option<&str>, drawings: Drawings) -> bool {
    let format = Format::sniff(head, extension);
    format.is_some_and(|f| has_pixels(f) || (f == Format::Svg && drawings == Drawings::Take))
}

/// Whether a file with this extension should be an image.
pub(super) fn is_image_extension(extension: &str) -> bool {
    Format::from_extension(extension).is_some_and(has_pixels)
}

/// Vector drawings and documents lie beside images in most sites and are no failures there: they have no pixels to
/// encode. Formats of pixels that cannot be decoded yet are images still, to be answered for.
fn has_pixels(format: Format) -> bool {
    !matches!(format, Format::Svg | Format::Pdf)
}
