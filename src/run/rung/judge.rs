//! What an encoded file is worth.

use super::super::measure::{self, Against, Encoded, Look};
use super::super::queue::Task;
use super::super::state::Bench;
use super::super::step::Step;
use super::Rung;
use crate::metric::MetricInfo;
use crate::report::Outcome;
use crate::variant::Variant;

impl Rung<'_> {
    /// The step that judges the file of `place`.
    pub(super) fn inspect(&self, place: usize) -> Vec<Task<Step>> {
        let encoded = self.lock().encoded.remove(&place);
        let encoded = encoded.ok_or_else(|| "the encoded file is missing".to_owned());
        let variant = &self.plan.variants[place];
        let outcome = encoded.and_then(|encoded| self.judge(variant, &encoded, |_| true));
        let outcome = outcome.unwrap_or_else(|message| measure::failed("score", message));
        let ask = self.ask(variant, &|_| true);
        self.recall.keep_outcome(&ask, &outcome);
        self.lock().outcomes.insert(place, outcome);
        Vec::new()
    }

    /// Decodes a file of `variant` back and judges it by the `wanted` metrics.
    ///
    /// # Errors
    /// When there is nothing to judge it by.
    pub(super) fn judge(
        &self,
        variant: &Variant,
        encoded: &Encoded,
        wanted: impl Fn(&MetricInfo) -> bool,
    ) -> Result<Outcome, String> {
        let state = self.lock();
        let side = state.side(variant);
        let reference = state.picture(side).ok_or("there is no picture")?;
        let input_bytes = state.opened.as_ref().map_or(0, |opened| opened.bytes);
        let keeps_pixels = variant.keeps_pixels();
        let bench = state.benches.get(&side).filter(|_| !keeps_pixels);
        let mut judges = match bench {
            Some(Bench {
                error: Some(error), ..
            }) => return Err(error.clone()),
            Some(bench) => bench.judges.clone(),
            None => Vec::new(),
        };
        judges.retain(|judge| wanted(judge.info));
        let scored = state.mode().is_some();
        drop(state);
        let metrics = self.plan.metrics.iter().map(|m| m.info());
        let metrics: Vec<_> = metrics.filter(|info| scored && wanted(info)).collect();
        let against = Against {
            reference: &reference,
            metrics: &metrics,
            judges: &judges,
            input_bytes,
            contended: self.bounds.contended,
            look: if self.plan.metrics.is_empty() {
                Look::Lossless
            } else {
                Look::Always
            },
        };
        Ok(measure::inspect(variant, encoded, &against))
    }
}
