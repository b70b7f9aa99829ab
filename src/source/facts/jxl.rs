//! JPEG XL: what jxl-oxide reads off the headers.

use super::{ColorModel, Facts, Lossy};
use crate::jxl::{self, Picture};
use crate::source::error::SourceError;
use crate::source::format::Format;

/// Bytes that headers, tables and profiles may take; pixels are not decoded here.
const HEADERS: usize = 64 << 20;

pub(super) fn read(file: &[u8]) -> Result<Facts, SourceError> {
    let picture = jxl::open(file, HEADERS).map_err(SourceError::Malformed)?;
    if !picture.is_whole() {
        let what = "the JPEG XL data stop before the picture is complete";
        return Err(SourceError::Truncated(what.into()));
    }
    let model = match picture.channels() {
        1 => ColorModel::Grey,
        2 => ColorModel::GreyAlpha,
        3 => ColorModel::Rgb,
        4 if !picture.is_cmyk() => ColorModel::Rgba,
        _ => {
            return Err(SourceError::Unsupported(
                "CMYK in JPEG XL is not supported".into(),
            ));
        }
    };
    let bits = picture.depth() * picture.channels() as u16;
    let mut facts = Facts::still(Format::Jxl, picture.sides(), bits, model);
    facts.frames = picture.frames();
    facts.hdr = picture.hdr().map(Into::into);
    facts.premultiplied = picture.is_premultiplied();
    colours(&picture, &mut facts);
    if picture.is_xyb() && picture.sides().into_iter().min() < Some(3) {
        // jxl-oxide 0.12.6 blurs a single row or column wrongly, also that of a picture that was halved.
        facts
            .notes
            .push("so narrow that its decoder may err".into());
    }
    if picture.orientation() != 1 {
        let turn = picture.orientation();
        facts.notes.push(format!(
            "turned upright by the decoder (orientation {turn})"
        ));
    }
    if picture.is_jpeg() {
        facts.notes.push("a JPEG, packed without loss".into());
    }
    Ok(facts)
}

/// XYB is decoded to sRGB, and always lossy; all else stays in its own colours, and is lossy where it holds frequencies.
fn colours(picture: &Picture, facts: &mut Facts) {
    if picture.is_xyb() || picture.is_transformed() {
        facts.lossy = Lossy::Yes {
            estimated_quality: None,
        };
    }
    if !picture.is_xyb() {
        facts.cicp = picture.cicp();
        facts.icc = facts.cicp.is_none().then(|| picture.profile());
    }
}
