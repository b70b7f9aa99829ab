//! From a source to the pictures that are measured: read, identified, held against the limits, decoded.

use std::sync::Arc;

use super::describe;
use super::footing::{self, Footing, Side, Size};
use super::ladder::{Fit, Rung};
use crate::bitmap::Bitmap;
use crate::metric::Opacity;
use crate::plan::{Content, LossySources, Plan, Source};
use crate::report::Failure;
use crate::resize;
use crate::source::SourceError;
use crate::source::decode::{self, Decoded, Limits};
use crate::source::facts::{self, Facts, Lossy};
use crate::source::format::Format;
use crate::source::read;
use crate::variant::Goal;

/// What a file says of itself, and what of its measurement fits the memory.
pub(super) struct Opened {
    /// `blake3:` and the digest of the file.
    pub(super) digest: String,
    /// Length of the file.
    pub(super) bytes: u64,
    /// What was noticed.
    pub(super) notes: Vec<String>,
    /// What the file says.
    pub(super) facts: Facts,
    /// What becomes of it at its width.
    pub(super) fit: Fit,
    /// What fits.
    pub(super) footing: Footing,
}

/// The pictures that encoders get.
pub(super) struct Pictures {
    /// Upright sRGB.
    pub(super) original: Arc<Bitmap>,
    /// The same over the background, where a codec of the plan needs it.
    pub(super) flat: Option<Arc<Bitmap>>,
    /// Of the original.
    pub(super) opacity: Opacity,
    /// The file of a JPEG, where a variant of the plan packs it.
    pub(super) jpeg: Option<Arc<[u8]>>,
    /// What was done to the samples.
    pub(super) notes: Vec<String>,
}

impl Pictures {
    /// The picture of `side`.
    pub(super) fn side(&self, side: Side) -> &Arc<Bitmap> {
        let flat = self.flat.as_ref().filter(|_| side == Side::Flat);
        flat.unwrap_or(&self.original)
    }
}

/// Reads the facts of `source` and finds what fits `memory` bytes. The file itself is not kept: it is read again when
/// its turn to be decoded comes.
///
/// # Errors
/// What makes it no image to be measured; `size` tells its columns and rows, if they could be read.
pub(super) fn open(
    plan: &Plan,
    source: &Source,
    rung: Rung<'_>,
    memory: u64,
    size: &mut Option<[u32; 2]>,
) -> Result<Opened, Failure> {
    let lost = |e: SourceError| describe::failure(source, e.stage(), &e);
    let file = bytes(plan, source)?;
    let extension = source.path.as_path().extension().and_then(|e| e.to_str());
    let format = Format::sniff(&file, extension).ok_or(SourceError::NotAnImage);
    let facts = format
        .and_then(|format| facts::read(&file, format))
        .map_err(lost)?;
    decode::check(&facts, &limits(plan)).map_err(lost)?;
    let lossy = matches!(facts.lossy, Lossy::Yes { .. });
    if lossy && plan.lossy_sources == LossySources::Refuse {
        let why = "a lossy source: give the original, or drop --strict-lossless-sources";
        return Err(lost(SourceError::Unsupported(why.into())));
    }
    *size = Some(facts.upright_size());
    let fit = rung.fit(facts.upright_size());
    let ([width, height], resizing) = match fit {
        Fit::Whole => (facts.upright_size(), 0),
        Fit::Smaller(size) => (size, facts.pixels() * resize::BYTES_PER_PIXEL),
        // It will not be decoded: nothing is too large for the memory.
        Fit::None => ([1, 1], 0),
    };
    let decoding = match fit {
        Fit::None => 0,
        _ => decode::decode_memory(&facts),
    };
    let size = Size {
        width,
        height,
        opacity: if facts.alpha {
            Opacity::Translucent
        } else {
            Opacity::Opaque
        },
        // Decoding holds the file, too; what is made smaller is there beside it.
        decode_peak: decoding
            .saturating_add(resizing)
            .saturating_add(file.len() as u64),
    };
    let footing = footing::find(plan, size, memory);
    let footing = footing.map_err(|needed| {
        lost(SourceError::TooMuchMemory {
            needed,
            limit: memory,
        })
    })?;
    let mut notes: Vec<String> = extension
        .and_then(|e| facts.extension_note(e))
        .into_iter()
        .collect();
    notes.extend(facts.notes.iter().cloned());
    notes.extend(not_enlarged(rung.beyond(facts.upright_size())));
    Ok(Opened {
        digest: digest(&file),
        bytes: file.len() as u64,
        notes,
        facts,
        fit,
        footing,
    })
}

/// Decodes `source`, which has been opened.
///
/// # Errors
/// When it cannot be decoded, or is not the file it was.
pub(super) fn decode(plan: &Plan, source: &Source, opened: &Opened) -> Result<Pictures, Failure> {
    let lost = |e: SourceError| describe::failure(source, e.stage(), &e);
    let file = bytes(plan, source)?;
    if digest(&file) != opened.digest {
        return Err(lost(SourceError::malformed(
            "the file changed while it was being read",
        )));
    }
    let decoded = decode::decode(&file, &opened.facts, &limits(plan)).map_err(lost)?;
    let packs = plan
        .variants
        .iter()
        .any(|v| v.goal() == Goal::JpegRecompress);
    let is_there = opened.facts.format == Format::Jpeg && opened.fit == Fit::Whole;
    let jpeg = (packs && is_there).then_some(file);
    let Decoded {
        mut bitmap,
        mut notes,
    } = decoded;
    if let Fit::Smaller([width, _]) = opened.fit {
        let [from, rows] = [bitmap.width(), bitmap.height()];
        notes.push(format!(
            "resized from {from}×{rows} by Lanczos3 in linear light"
        ));
        let smaller = resize::resize(&bitmap, width);
        bitmap = smaller.map_err(|e| lost(SourceError::malformed(e.to_string())))?;
    }
    let opacity = if bitmap.is_opaque() {
        Opacity::Opaque
    } else {
        Opacity::Translucent
    };
    let needs_flat = plan
        .variants
        .iter()
        .any(|v| Side::of(v, opacity) == Side::Flat);
    let flat = needs_flat.then(|| Arc::new(bitmap.over(plan.background).into_owned()));
    Ok(Pictures {
        original: Arc::new(bitmap),
        flat,
        opacity,
        jpeg,
        notes,
    })
}

/// `not enlarged to 640 and 1280 pixels`.
fn not_enlarged(widths: &[u32]) -> Option<String> {
    let widths: Vec<String> = widths.iter().map(ToString::to_string).collect();
    let told = match widths.as_slice() {
        [] => return None,
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    };
    Some(format!("not enlarged to {told} pixels"))
}

/// Memory was promised by the queue, so only the number of pixels is held against a limit here.
fn limits(plan: &Plan) -> Limits {
    Limits {
        max_pixels: plan.limits.max_pixels,
        max_memory: u64::MAX,
    }
}

fn bytes(plan: &Plan, source: &Source) -> Result<Arc<[u8]>, Failure> {
    match &source.content {
        Content::Memory(bytes) => Ok(bytes.clone()),
        Content::File(at) => read::read(at, plan.limits.max_file_size)
            .map(Into::into)
            .map_err(|e| describe::failure(source, e.stage(), &e)),
    }
}

fn digest(file: &[u8]) -> String {
    format!("blake3:{}", blake3::hash(file).to_hex())
}
