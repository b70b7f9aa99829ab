//! One image on its way through a run: open, decode, then prepare, encode and inspect in any order that the data
//! allows. Each step is one task for one thread.

mod judge;
mod search;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::footing::{self, Footing, Side};
use super::ladder::{Fit, Rung};
use super::measure::{self, Judge};
use super::queue::{Claim, Task};
use super::state::{Bench, State};
use super::step::{Bounds, Outlook, Step};
use super::{describe, keep, open};
use crate::plan::{Plan, Source};
use crate::report::{Failure, Outcome, Report};
use crate::source::SourceError;
use crate::variant::Goal;

/// CPU nanoseconds a pixel that decoding a result takes, roughly: for scheduling only.
const DECODE_NS: f64 = 20.0;

/// One image of the plan.
pub(super) struct Image<'p> {
    plan: &'p Plan,
    /// The run's report without images.
    head: &'p Report,
    source: &'p Source,
    rung: Rung<'p>,
    index: usize,
    bounds: Bounds,
    state: Mutex<State>,
}

impl<'p> Image<'p> {
    pub(super) fn new(
        plan: &'p Plan,
        head: &'p Report,
        source: &'p Source,
        rung: Rung<'p>,
        index: usize,
        bounds: Bounds,
    ) -> Self {
        Self {
            plan,
            head,
            source,
            rung,
            index,
            bounds,
            // The first step.
            state: Mutex::new(State {
                steps_left: 1,
                ..State::default()
            }),
        }
    }

    /// The first step.
    pub(super) fn first(&self) -> Task<Step> {
        self.task(Step::Open, 0.0, Claim::Brief(self.source.bytes))
    }

    /// Name of the image for people.
    pub(super) fn name(&self) -> String {
        self.source.path.text()
    }

    /// Steps this image takes in all, roughly: for a progress bar.
    pub(super) fn steps(plan: &Plan) -> usize {
        2 + plan.variants.len() * 2 + plan.metrics.len()
    }

    /// Does one step, which no other thread does.
    pub(super) fn advance(&self, step: Step) -> Outlook {
        let next = match step {
            Step::Open => self.open(),
            Step::Decode => self.decode(),
            Step::Prepare(side, metric) => Ok(self.prepare(side, metric)),
            Step::Encode(variant) => Ok(self.encode(variant)),
            Step::Inspect(variant) => Ok(self.inspect(variant)),
            Step::Search(variant) => Ok(self.search(variant)),
        };
        match next {
            Err(failure) => self.lost(failure),
            Ok(tasks) => self.settle(tasks),
        }
    }

    /// A source that gives no image is told of once, not once a width.
    fn lost(&self, failure: Failure) -> Outlook {
        let answers = self.rung.answers(self.lock().size);
        if answers {
            Outlook::Lost(failure)
        } else {
            Outlook::Passed
        }
    }

    /// What is left after a step that panicked outside the guards around codecs and metrics: a bug of ours, which
    /// still costs this image only.
    pub(super) fn after_panic(&self, step: Step, message: &str) -> Outlook {
        let mut tasks = Vec::new();
        match step {
            Step::Open | Step::Decode => {
                let error = SourceError::malformed(message);
                return self.lost(describe::failure(self.source, error.stage(), &error));
            }
            Step::Prepare(side, _) => tasks = self.prepared(side, Err(message.into())),
            Step::Encode(place) | Step::Inspect(place) => {
                self.lock()
                    .outcomes
                    .insert(place, measure::failed("panic", message));
            }
            Step::Search(place) => self.give_up(place, &measure::failed("panic", message)),
        }
        self.settle(tasks)
    }

    /// The image is done when no step is left, neither waiting nor under way.
    fn settle(&self, tasks: Vec<Task<Step>>) -> Outlook {
        let mut state = self.lock();
        if state.opened.as_ref().is_some_and(|o| o.fit == Fit::None) {
            return Outlook::Passed;
        }
        state.steps_left = state.steps_left + tasks.len() - 1;
        if state.steps_left > 0 {
            return Outlook::Next(tasks);
        }
        let state = std::mem::take(&mut *state);
        let image = describe::image(self.plan, self.head, self.source, self.rung, state);
        Outlook::Measured(Box::new(image))
    }

    fn open(&self) -> Result<Vec<Task<Step>>, Failure> {
        let mut size = None;
        let opened = open::open(
            self.plan,
            self.source,
            self.rung,
            self.bounds.memory,
            &mut size,
        );
        self.lock().size = size;
        let opened = opened?;
        let claim = Claim::Reserve(opened.footing.reserve);
        let decodes = opened.fit != Fit::None;
        self.lock().opened = Some(Arc::new(opened));
        let decode = decodes.then(|| self.task(Step::Decode, 0.0, claim));
        Ok(decode.into_iter().collect())
    }

    fn decode(&self) -> Result<Vec<Task<Step>>, Failure> {
        let opened = self.lock().opened.clone();
        let never = || describe::failure(self.source, "decode", &"it was never opened");
        let opened = opened.ok_or_else(never)?;
        let pictures = open::decode(self.plan, self.source, &opened)?;
        let mut state = self.lock();
        state.pictures = Some(pictures);
        Ok(self.spread(&mut state, &opened.footing))
    }

    /// The steps that a decoded image allows at once.
    fn spread(&self, state: &mut State, footing: &Footing) -> Vec<Task<Step>> {
        let mut tasks = Vec::new();
        let pixels = state.pixels();
        for (place, variant) in self.plan.variants.iter().enumerate() {
            if let Some(reason) = footing.left_out[place].clone() {
                state.outcomes.insert(place, Outcome::Skipped { reason });
                continue;
            }
            if footing.mode.is_some() && !self.is_lossless(place) {
                let awaited = self.plan.metrics.len();
                let bench = Bench {
                    awaited,
                    ..Bench::default()
                };
                state.benches.insert(state.side(variant), bench);
            }
            if variant.goal().is_search() {
                // It begins when the metrics are ready.
                continue;
            }
            let cost = variant.codec().cost(variant.settings()).ns_per_pixel * pixels as f64;
            let claim = Claim::Working(footing::encode_bytes(variant, pixels));
            tasks.push(self.task(Step::Encode(place), cost, claim));
        }
        for &side in state.benches.keys() {
            let bytes = footing::score_bytes(self.plan, state.shape(side), footing.mode);
            // Before any encode: results cannot be judged without it.
            let prepare =
                |metric| self.task(Step::Prepare(side, metric), f64::MAX, Claim::Working(bytes));
            tasks.extend((0..self.plan.metrics.len()).map(prepare));
        }
        tasks
    }

    fn prepare(&self, side: Side, metric: usize) -> Vec<Task<Step>> {
        let (picture, mode) = {
            let state = self.lock();
            (state.picture(side), state.mode())
        };
        let judge = match picture.zip(mode) {
            Some((picture, mode)) => measure::prepare(self.plan.metrics[metric], picture, mode),
            None => Err("there is no picture".into()),
        };
        self.prepared(side, judge)
    }

    fn prepared(&self, side: Side, judge: Result<Judge, String>) -> Vec<Task<Step>> {
        let mut state = self.lock();
        let bench = state.benches.entry(side).or_default();
        bench.awaited = bench.awaited.saturating_sub(1);
        match judge {
            Ok(judge) => bench.judges.push(judge),
            Err(error) => bench.error = Some(error),
        }
        if bench.awaited > 0 {
            return Vec::new();
        }
        let waits =
            |v: &usize| !self.is_lossless(*v) && state.side(&self.plan.variants[*v]) == side;
        let waiting = state.encoded.keys().copied().filter(waits);
        let inspections = waiting.map(|place| self.inspection(&state, place));
        let searches = self
            .searches()
            .filter(|&place| waits(&place) && !state.outcomes.contains_key(&place));
        let searches = searches.map(|place| self.search_task(&state, place));
        inspections.chain(searches).collect()
    }

    #[allow(clippy::result_large_err)] // As in `measure::encode`.
    fn encode(&self, place: usize) -> Vec<Task<Step>> {
        let variant = &self.plan.variants[place];
        let (picture, jpeg) = {
            let state = self.lock();
            let jpeg = state.pictures.as_ref().and_then(|p| p.jpeg.clone());
            (state.picture(state.side(variant)), jpeg)
        };
        let picture = picture.ok_or_else(|| measure::failed("encode", "there is no picture"));
        let encoded = picture.and_then(|picture| {
            let encoded = match variant.goal() {
                Goal::JpegRecompress => measure::pack(variant, jpeg.as_deref())?,
                _ => measure::encode(variant, &picture)?,
            };
            let kept = keep::write(self.plan, self.source, self.rung, variant, &encoded.file);
            kept.map(|file| (encoded, file))
                .map_err(|message| measure::failed("keep", message))
        });
        let mut state = self.lock();
        let (encoded, file) = match encoded {
            Ok(done) => done,
            Err(outcome) => {
                state.outcomes.insert(place, outcome);
                return Vec::new();
            }
        };
        state.kept.extend(file.map(|file| (place, file)));
        state.encoded.insert(place, encoded);
        let bench = state.benches.get(&state.side(variant));
        let judged = self.is_lossless(place) || bench.is_none_or(|b| b.awaited == 0);
        if judged {
            vec![self.inspection(&state, place)]
        } else {
            Vec::new()
        }
    }

    fn inspection(&self, state: &State, place: usize) -> Task<Step> {
        let shape = state.shape(state.side(&self.plan.variants[place]));
        let bytes = footing::score_bytes(self.plan, shape, state.mode());
        let judged = state.mode().is_some() && !self.is_lossless(place);
        let metrics = self.plan.metrics.iter().filter(|_| judged);
        let judging: f64 = metrics.map(|m| m.ns_per_pixel()).sum();
        let cost = (DECODE_NS + judging) * shape.pixels as f64;
        self.task(Step::Inspect(place), cost, Claim::Working(bytes))
    }

    fn task(&self, step: Step, cost: f64, claim: Claim) -> Task<Step> {
        Task {
            image: self.index,
            step,
            cost,
            claim,
        }
    }

    fn is_lossless(&self, place: usize) -> bool {
        self.plan.variants[place].keeps_pixels()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
