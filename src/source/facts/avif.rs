//! AVIF: the items of the file and what is said of them.

use super::{ColorModel, Facts, Lossy};
use crate::avif::{AvifError, Container, Item, numbers, sides};
use crate::source::colour;
use crate::source::error::SourceError;
use crate::source::format::Format;

pub(super) fn read(file: &[u8]) -> Result<Facts, SourceError> {
    let container = Container::read(file)?;
    if container.frames > 1 {
        let frames = container.frames;
        return Err(SourceError::Animated { frames });
    }
    let picture = container.picture()?;
    container.check(picture)?;
    let alpha = container.alpha_of(picture);
    let (depth, grey) = samples(&container, picture)?;
    let (model, channels) = match (grey, alpha.is_some()) {
        (true, false) => (ColorModel::Grey, 1),
        (true, true) => (ColorModel::GreyAlpha, 2),
        (false, false) => (ColorModel::Rgb, 3),
        (false, true) => (ColorModel::Rgba, 4),
    };
    let size = sides(&container, picture)?;
    let mut facts = Facts::still(Format::Avif, size, depth * channels, model);
    facts.premultiplied = alpha.is_some_and(|alpha| container.is_premultiplied(picture, alpha));
    facts.orientation = orientation(&container, picture);
    facts.lossy = Lossy::Yes {
        estimated_quality: None,
    };
    let mut stated = container.each(picture, b"colr");
    let profile = |body: &&[u8]| body.starts_with(b"prof") || body.starts_with(b"rICC");
    facts.icc = stated.find(profile).map(|body| body[4..].to_vec());
    colours(numbers(&container, picture).cicp, &mut facts);
    if container.has_gain_map() {
        facts.notes.push("gain map ignored".into());
    }
    Ok(facts)
}

/// Bits of a sample, and whether there is luma only: from `av1C`, of a grid that of its first tile.
fn samples(container: &Container<'_>, picture: &Item) -> Result<(u16, bool), SourceError> {
    let shape = container
        .configuration(picture)
        .and_then(|body| body.get(2));
    let shape = *shape.ok_or_else(|| SourceError::short_header(Format::Avif))?;
    let depth = match shape >> 5 & 3 {
        0 => 8,
        2 => 10,
        _ => 12,
    };
    Ok((depth, shape & 0x10 != 0))
}

/// What the numbers of H.273 say. A profile outranks them: then they only tell how to read the planes.
fn colours([primaries, transfer, matrix]: [u8; 3], facts: &mut Facts) {
    facts.hdr = colour::hdr_transfer(transfer);
    if matrix == 0 {
        // Nobody takes these planes for anything but what keeps every pixel.
        facts.lossy = Lossy::No;
    }
    let is_said = ![primaries, transfer].contains(&2);
    // As RGB of full range: that is what the decoder makes of the planes.
    facts.cicp = (is_said && facts.icc.is_none()).then_some([primaries, transfer, 0, 1]);
}

/// The EXIF orientation that `irot` (quarter turns against the clock) and then `imir` (0 swaps top and bottom, 1 left and
/// right) come to.
fn orientation(container: &Container<'_>, picture: &Item) -> u8 {
    let first = |kind| {
        container
            .property(picture, kind)
            .and_then(|body| body.first().copied())
    };
    let turns = first(b"irot").unwrap_or(0) & 3;
    match (turns, first(b"imir").map(|axis| axis & 1)) {
        (0, None) => 1,
        (1, None) => 8,
        (2, None) => 3,
        (_, None) => 6,
        (0, Some(0)) | (2, Some(1)) => 4,
        (0, _) | (2, _) => 2,
        (1, Some(0)) | (3, Some(1)) => 5,
        _ => 7,
    }
}

impl From<AvifError> for SourceError {
    fn from(error: AvifError) -> Self {
        match error {
            AvifError::Short(what) => Self::Truncated(what.into()),
            AvifError::Malformed(reason) => Self::malformed(reason),
            AvifError::Unsupported(what) => {
                Self::Unsupported(format!("this kind of AVIF is not supported: {what}"))
            }
        }
    }
}
