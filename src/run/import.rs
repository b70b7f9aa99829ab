//! What encoders have imported of one picture: once for all of its encodes that import alike.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::clock::Lap;
use super::footing::Side;
use super::measure::{self, Encoded};
use crate::bitmap::Bitmap;
use crate::codec::Imported;
use crate::report::Outcome;
use crate::variant::Variant;

/// A side of the picture, a codec and an importer of that.
type Key = (Side, &'static str, &'static str);

/// What was imported and how long it took; the outcome of all its encodes instead where that failed.
type Import = Result<(Box<dyn Imported>, Lap), Outcome>;

/// The imports of one picture.
#[derive(Default)]
pub(super) struct Imports(Mutex<BTreeMap<Key, Arc<OnceLock<Import>>>>);

impl Imports {
    /// Encodes `image`, which is `side` of the picture. An import counts in the time of each encode that shares it: alone,
    /// it would take that.
    #[allow(clippy::result_large_err)] // As in `measure::encode`.
    pub(super) fn encode(
        &self,
        variant: &Variant,
        side: Side,
        image: &Bitmap,
    ) -> Result<Encoded, Outcome> {
        let codec = variant.codec();
        let Some(importer) = codec.importer(variant.settings()) else {
            return measure::encode(variant, image);
        };
        let key = (side, codec.info().id, importer.id());
        let mut imports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let import = imports.entry(key).or_default().clone();
        drop(imports);
        let import = import.get_or_init(|| measure::import(importer, image));
        let (imported, lap) = import.as_ref().map_err(Outcome::clone)?;
        measure::encode_imported(variant, imported.as_ref(), *lap)
    }
}
