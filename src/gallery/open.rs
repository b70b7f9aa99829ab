//! Pictures opened again after a run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::Origin;
use crate::bitmap::Bitmap;
use crate::codec::{self, CODECS};
use crate::report::{Entry, ImageReport};
use crate::resize;
use crate::source::decode::{self, Limits};
use crate::source::path::RelPath;

/// Why a picture cannot be shown.
pub(super) struct Lost(pub(super) String);

fn lost(error: impl std::fmt::Display) -> Lost {
    Lost(error.to_string())
}

/// The picture that the encoders got.
pub(super) fn original(
    image: &ImageReport,
    origin: &Origin,
    max_pixels: u64,
) -> Result<Bitmap, Lost> {
    let path = RelPath::from_parts(&image.path, image.path_bytes.as_deref());
    let path = path.ok_or_else(|| lost("its name cannot be read"))?;
    let file = match &origin.stdin {
        Some(bytes) if path == RelPath::stdin() => bytes.to_vec(),
        _ => std::fs::read(origin.inputs.join(path.as_path())).map_err(lost)?,
    };
    if format!("blake3:{}", blake3::hash(&file).to_hex()) != image.digest {
        return Err(lost("it is not the file that was measured"));
    }
    let extension = path.as_path().extension().and_then(|e| e.to_str());
    let limits = Limits {
        max_pixels,
        max_memory: u64::MAX,
    };
    let bitmap = decode::open(&file, extension, &limits)
        .map_err(lost)?
        .bitmap;
    let bitmap = if image.is_resized() {
        resize::resize_to(&bitmap, image.width).map_err(lost)?
    } else {
        bitmap
    };
    same_sides(image, bitmap)
}

/// What the file of `entry` decodes to.
pub(super) fn decoded(path: &Path, entry: &Entry, bytes: u64) -> Result<Bitmap, Lost> {
    let named = |why: &dyn std::fmt::Display| Lost(format!("{}: {why}", entry.variant));
    let file = std::fs::read(path).map_err(|e| named(&e))?;
    if file.len() as u64 != bytes {
        return Err(named(&"the kept file is not the one that was measured"));
    }
    let codec = codec::find(CODECS, &entry.codec);
    let codec = codec.ok_or_else(|| named(&"this build cannot decode it"))?;
    // mozjpeg reports errors by unwinding.
    let decoded = catch_unwind(AssertUnwindSafe(|| codec.decode(&file)));
    let decoded = decoded.map_err(|_| named(&"the decoder failed"))?;
    let bitmap = decoded.map_err(|e| named(&e))?;
    if [bitmap.width(), bitmap.height()] != [entry.width, entry.height] {
        return Err(named(&"the kept file is not the one that was measured"));
    }
    Ok(bitmap)
}

fn same_sides(image: &ImageReport, bitmap: Bitmap) -> Result<Bitmap, Lost> {
    if [bitmap.width(), bitmap.height()] == [image.width, image.height] {
        Ok(bitmap)
    } else {
        Err(lost("it is not of the size that was measured"))
    }
}
