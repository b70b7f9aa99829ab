//! What earlier runs measured of an image at one width.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::footing::Side;
use super::ladder::Fit;
use super::open::{Look, Opened};
use crate::cache::{Cache, Key};
use crate::metric::{MetricInfo, Mode};
use crate::plan::Plan;
use crate::report::Outcome;
use crate::variant::Variant;

/// To be raised whenever a source gives other pixels, or an encode other figures, than it did: everything kept before is
/// then measured anew.
const VERSION: &str = "2";

/// The results of an image at one width.
pub(super) struct Recall<'p> {
    cache: Option<&'p Cache>,
    plan: &'p Plan,
    /// What its pixels depend on.
    picture: String,
}

/// What a result depends on beside the picture.
pub(super) struct Ask<'a> {
    /// With its quality set.
    pub(super) variant: &'a Variant,
    pub(super) side: Side,
    /// How metrics run.
    pub(super) mode: Option<Mode>,
    /// Metrics that judge it.
    pub(super) metrics: &'a dyn Fn(&MetricInfo) -> bool,
}

impl<'p> Recall<'p> {
    /// Of `opened` at `fit`. Where files are to be kept nothing is recalled: there are none.
    pub(super) fn new(cache: Option<&'p Cache>, plan: &'p Plan, opened: &Opened, fit: Fit) -> Self {
        let [columns, rows] = fit.size;
        let format = opened.facts.format.id();
        Self {
            cache: cache.filter(|_| plan.keep.is_none()),
            plan,
            picture: format!("{} {format} {columns}x{rows}", opened.digest),
        }
    }

    /// What was seen of the picture when it was decoded.
    pub(super) fn look(&self) -> Option<Look> {
        self.get(self.look_key())
    }

    /// Keeps what is seen of the picture.
    pub(super) fn keep_look(&self, look: &Look) {
        self.put(self.look_key(), look);
    }

    /// What became of a variant.
    pub(super) fn outcome(&self, ask: &Ask<'_>) -> Option<Outcome> {
        self.get(self.key(ask))
    }

    /// Keeps what became of a variant; what failed is tried again.
    pub(super) fn keep_outcome(&self, ask: &Ask<'_>, outcome: &Outcome) {
        let mut outcome = outcome.clone();
        match &mut outcome {
            Outcome::Done(measurement) => {
                if let Some(timing) = &mut measurement.timing {
                    timing.cached = true;
                }
            }
            Outcome::Skipped { .. } => {}
            Outcome::Failed { .. } => return,
        }
        self.put(self.key(ask), &outcome);
    }

    /// Whether anything can be recalled.
    pub(super) fn is_on(&self) -> bool {
        self.cache.is_some()
    }

    fn look_key(&self) -> Key {
        Key::of(["look", VERSION, env!("CARGO_PKG_VERSION"), &self.picture])
    }

    fn key(&self, ask: &Ask<'_>) -> Key {
        let side = match ask.side {
            Side::Original => "original".into(),
            Side::Flat => format!("over {:?}", self.plan.background),
        };
        // Without metrics, lossy results are not even decoded.
        let judged = if self.plan.metrics.is_empty() {
            "unseen"
        } else {
            "seen"
        };
        let codec = ask.variant.codec();
        let parts = [
            "result",
            VERSION,
            env!("CARGO_PKG_VERSION"),
            &self.picture,
            &side,
            &ask.variant.to_string(),
            &codec.version(),
            judged,
            &format!("{:?}", ask.mode),
        ];
        let metrics = self.plan.metrics.iter().filter(|m| (ask.metrics)(m.info()));
        let metrics = metrics.map(|m| format!("{} {}", m.info().id, m.version()));
        Key::of(parts.into_iter().map(str::to_owned).chain(metrics))
    }

    fn get<T: DeserializeOwned>(&self, key: Key) -> Option<T> {
        let bytes = self.cache?.get(key)?;
        serde_json::from_slice(&bytes).ok()
    }

    fn put(&self, key: Key, value: &impl Serialize) {
        let cache = self.cache.zip(serde_json::to_vec(value).ok());
        if let Some((cache, bytes)) = cache {
            cache.put(key, &bytes);
        }
    }
}
