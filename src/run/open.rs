//! From a source to the pictures that are measured: read, identified, held against the limits, decoded.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::describe;
use super::footing::{self, Footing, Side};
use super::ladder::{self, Fit};
use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};
use crate::metric::{Opacity, Shape};
use crate::plan::{Content, LossySources, Plan, Source};
use crate::report::Failure;
use crate::resize;
use crate::source::SourceError;
use crate::source::decode::{self, Decoded, Limits};
use crate::source::facts::{self, Facts, Lossy};
use crate::source::format::Format;
use crate::source::read;
use crate::variant::{Goal, Variant};

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
    /// What it is measured at, widest last.
    pub(super) fits: Vec<Fit>,
    /// What fits.
    pub(super) footing: Footing,
}

/// What is seen of a picture once it is decoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Look {
    /// Whether any pixel is transparent.
    pub(super) alpha: bool,
    /// What was done to the samples.
    pub(super) notes: Vec<String>,
}

impl Look {
    pub(super) fn opacity(&self) -> Opacity {
        if self.alpha {
            Opacity::Translucent
        } else {
            Opacity::Opaque
        }
    }
}

/// The pictures that encoders get, at one width.
#[derive(Clone)]
pub(super) struct Pictures {
    /// What is seen of them.
    pub(super) look: Look,
    /// Upright sRGB.
    pub(super) original: Arc<Bitmap>,
    /// The same over the background, where a codec of the plan needs it.
    pub(super) flat: Option<Arc<Bitmap>>,
    /// The file of a JPEG as it came, where a variant of the plan packs it.
    pub(super) jpeg: Option<Arc<[u8]>>,
}

impl Pictures {
    fn new(plan: &Plan, bitmap: Bitmap, notes: Vec<String>) -> Self {
        let look = Look {
            alpha: !bitmap.is_opaque(),
            notes,
        };
        let needs_flat = plan
            .variants
            .iter()
            .any(|v| Side::of(v, look.opacity()) == Side::Flat);
        let flat = needs_flat.then(|| Arc::new(bitmap.over(plan.background).into_owned()));
        Self {
            original: Arc::new(bitmap),
            flat,
            jpeg: None,
            look,
        }
    }

    /// The picture that `variant` encodes.
    pub(super) fn of(&self, variant: &Variant) -> &Bitmap {
        self.side(Side::of(variant, self.look.opacity()))
    }

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
/// What makes it no image to be measured.
pub(super) fn open(plan: &Plan, source: &Source, memory: u64) -> Result<Opened, Failure> {
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
    let size = facts.upright_size();
    let fits = ladder::fits(&plan.widths, size);
    let opacity = if facts.alpha {
        Opacity::Translucent
    } else {
        Opacity::Opaque
    };
    let sizes: Vec<Shape> = fits
        .iter()
        .map(|fit| Shape {
            width: fit.size[0],
            height: fit.size[1],
            opacity,
        })
        .collect();
    // Decoding holds the file, too, which is gone before anything is made smaller.
    let decoding = decode::decode_memory(&facts).saturating_add(file.len() as u64);
    let peak = decoding.max(resizing(size, &fits));
    let footing = footing::find(plan, &sizes, peak, memory);
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
    notes.extend(ladder::not_enlarged(&plan.widths, size));
    Ok(Opened {
        digest: digest(&file),
        bytes: file.len() as u64,
        notes,
        facts,
        fits,
        footing,
    })
}

/// Bytes at the peak of making all pictures that are smaller than their source of these sides; 0 where none is.
fn resizing([width, height]: [u32; 2], fits: &[Fit]) -> u64 {
    let pixels = |[width, height]: [u32; 2]| u64::from(width) * u64::from(height);
    let smaller = fits.iter().map(|fit| fit.size).filter(|s| s[0] < width);
    let results: u64 = smaller.map(pixels).sum();
    let bitmap = BYTES_PER_PIXEL as u64;
    match results {
        0 => 0,
        _ => pixels([width, height]) * (bitmap + resize::BYTES_PER_PIXEL) + results * bitmap,
    }
}

/// Decodes `source`, which has been opened, and makes it as small as it is measured: what each of its widths looks like.
///
/// # Errors
/// When it cannot be decoded, or is not the file it was.
pub(super) fn decode(
    plan: &Plan,
    source: &Source,
    opened: &Opened,
) -> Result<Vec<Pictures>, Failure> {
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
    let jpeg = (packs && opened.facts.format == Format::Jpeg).then_some(file);
    let Decoded { bitmap, notes } = decoded;
    let widths = opened.fits.iter().map(|fit| fit.size[0]);
    let smaller: Vec<u32> = widths.filter(|w| *w < bitmap.width()).collect();
    let resized = match smaller.as_slice() {
        [] => Vec::new(),
        widths => resize::resize(&bitmap, widths)
            .map_err(|e| lost(SourceError::malformed(e.to_string())))?,
    };
    let whole = (smaller.len() < opened.fits.len()).then_some(bitmap);
    let resized = resized.into_iter();
    let resized = resized.map(|bitmap| Pictures::new(plan, bitmap, notes.clone()));
    let whole = whole.map(|bitmap| Pictures {
        jpeg,
        ..Pictures::new(plan, bitmap, notes.clone())
    });
    Ok(resized.chain(whole).collect())
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
