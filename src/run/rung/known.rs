//! What does not have to be measured.

use std::collections::BTreeMap;

use super::super::recall::Ask;
use super::Rung;
use super::search::How;
use crate::metric::MetricInfo;
use crate::report::{ImageReport, Outcome};
use crate::variant::Variant;

impl Rung<'_> {
    /// The report, where earlier runs measured all that is in it.
    pub(in super::super) fn recalled(&self) -> Option<ImageReport> {
        self.lock().look.as_ref()?;
        self.remember();
        let mut state = self.lock();
        let whole = state.outcomes.len() == self.plan.variants.len();
        whole.then(|| self.report(std::mem::take(&mut *state)))
    }

    /// Settles what is not to be measured: what is left out, and what earlier runs have.
    pub(super) fn remember(&self) {
        let left_out = {
            let state = self.lock();
            let ground = state.opened.as_ref().map(|o| &o.footing.grounds[self.nth]);
            ground.map_or_else(Vec::new, |ground| ground.left_out.clone())
        };
        let mut known = BTreeMap::new();
        for (place, reason) in left_out.into_iter().enumerate() {
            let variant = &self.plan.variants[place];
            let outcome = match reason {
                Some(reason) => Some(Outcome::Skipped { reason }),
                None if variant.goal().is_search() => None,
                None => self.known(variant, &|_| true),
            };
            known.extend(outcome.map(|outcome| (place, outcome)));
        }
        self.lock().outcomes = known;
        if !self.recall.is_on() {
            return;
        }
        let searches: Vec<usize> = self.searches().collect();
        for first in searches {
            if !self.lock().outcomes.contains_key(&first) {
                self.seek(first, How::Recall);
            }
        }
    }

    /// What became of `variant` when the `metrics` judged it in an earlier run.
    pub(super) fn known(
        &self,
        variant: &Variant,
        metrics: &dyn Fn(&MetricInfo) -> bool,
    ) -> Option<Outcome> {
        self.recall.outcome(&self.ask(variant, metrics))
    }

    pub(super) fn ask<'a>(
        &self,
        variant: &'a Variant,
        metrics: &'a dyn Fn(&MetricInfo) -> bool,
    ) -> Ask<'a> {
        let state = self.lock();
        Ask {
            variant,
            side: state.side(variant),
            mode: state.mode(),
            metrics,
        }
    }
}
