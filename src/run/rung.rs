//! One image at one width: prepare, encode and inspect in any order that the data allows.

mod judge;
mod known;
mod search;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::footing::{self, Side};
use super::image::Image;
use super::ladder::Fit;
use super::measure::{self, Encoded, Judge};
use super::open::{Opened, Pictures};
use super::queue::{Claim, Task};
use super::recall::Recall;
use super::state::{Bench, State};
use super::step::{Act, Bounds, Settled, Step};
use super::{describe, keep};
use crate::plan::{Plan, Source};
use crate::report::{ImageReport, Outcome, Report};
use crate::variant::{Goal, Variant};

/// CPU nanoseconds a pixel that decoding a result takes, roughly: for scheduling only.
const DECODE_NS: f64 = 20.0;

/// One image at one width.
pub(super) struct Rung<'p> {
    plan: &'p Plan,
    /// The run's report without images.
    head: &'p Report,
    source: &'p Source,
    /// The image's place in the plan.
    image: usize,
    bounds: Bounds,
    /// Its place among the image's widths.
    nth: usize,
    fit: Fit,
    recall: Recall<'p>,
    state: Mutex<State>,
}

impl<'p> Rung<'p> {
    /// `image` at the n-th of its widths, where it looks like `pictures`, or as earlier runs saw it.
    pub(super) fn new(
        image: &Image<'p>,
        nth: usize,
        opened: Arc<Opened>,
        pictures: Option<Pictures>,
    ) -> Self {
        let fit = opened.fits[nth];
        let recall = Recall::new(image.cache, image.plan, &opened, fit);
        let look = match &pictures {
            Some(pictures) => {
                recall.keep_look(&pictures.look);
                Some(pictures.look.clone())
            }
            None => recall.look(),
        };
        Self {
            plan: image.plan,
            head: image.head,
            source: image.source,
            image: image.index,
            bounds: image.bounds,
            nth,
            fit,
            recall,
            state: Mutex::new(State {
                nth,
                opened: Some(opened),
                size: fit.size,
                look,
                pictures,
                // That which began it.
                steps_left: 1,
                ..State::default()
            }),
        }
    }

    /// The steps that a decoded image allows at once.
    pub(super) fn start(&self) -> Settled {
        self.remember();
        let tasks = self.spread(&mut self.lock());
        self.settle(tasks)
    }

    fn report(&self, state: State) -> ImageReport {
        describe::image(self.plan, self.head, self.source, self.fit, state)
    }

    /// Does one step, which no other thread does.
    pub(super) fn advance(&self, act: Act) -> Settled {
        let tasks = match act {
            Act::Prepare(side, metric) => self.prepare(side, metric),
            Act::Encode(variant) => self.encode(variant),
            Act::Inspect(variant) => self.inspect(variant),
            Act::Search(variant) => self.search(variant),
        };
        self.settle(tasks)
    }

    /// As [`Image::after_panic`].
    pub(super) fn after_panic(&self, act: Act, message: &str) -> Settled {
        let mut tasks = Vec::new();
        match act {
            Act::Prepare(side, _) => tasks = self.prepared(side, Err(message.into())),
            Act::Encode(place) | Act::Inspect(place) => {
                self.lock()
                    .outcomes
                    .insert(place, measure::failed("panic", message));
            }
            Act::Search(place) => self.give_up(place, &measure::failed("panic", message)),
        }
        self.settle(tasks)
    }

    /// It is done when no step is left, neither waiting nor under way.
    fn settle(&self, tasks: Vec<Task<Step>>) -> Settled {
        let mut state = self.lock();
        state.steps_left = state.steps_left + tasks.len() - 1;
        if state.steps_left > 0 {
            return Settled::Next(tasks);
        }
        let report = self.report(std::mem::take(&mut *state));
        Settled::Measured(Box::new(report))
    }

    fn spread(&self, state: &mut State) -> Vec<Task<Step>> {
        let mut tasks = Vec::new();
        let Some(opened) = state.opened.clone() else {
            return tasks;
        };
        let ground = &opened.footing.grounds[self.nth];
        let pixels = state.pixels();
        for (place, variant) in self.plan.variants.iter().enumerate() {
            if state.outcomes.contains_key(&place) {
                continue;
            }
            if ground.mode.is_some() && !self.is_lossless(place) {
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
            tasks.push(self.task(Act::Encode(place), cost, claim));
        }
        for &side in state.benches.keys() {
            let bytes = footing::score_bytes(self.plan, state.shape(side), ground.mode);
            // Before any encode: results cannot be judged without it.
            let prepare =
                |metric| self.task(Act::Prepare(side, metric), f64::MAX, Claim::Working(bytes));
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
        let encoded = self.encoded(variant).and_then(|encoded| {
            let kept = keep::write(self.plan, self.source, self.fit, variant, &encoded.file);
            kept.map(|file| (encoded, file))
                .map_err(|message| measure::failed("keep", message))
        });
        let mut state = self.lock();
        let (encoded, file) = match encoded {
            Ok(done) => done,
            Err(outcome) => {
                state.outcomes.insert(place, outcome.clone());
                drop(state);
                let ask = self.ask(variant, &|_| true);
                self.recall.keep_outcome(&ask, &outcome);
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

    #[allow(clippy::result_large_err)] // As in `measure::encode`.
    fn encoded(&self, variant: &Variant) -> Result<Encoded, Outcome> {
        let (side, pictures, imports) = {
            let state = self.lock();
            let pictures = state.pictures.clone();
            (state.side(variant), pictures, state.imports.clone())
        };
        let pictures = pictures.ok_or_else(|| measure::failed("encode", "there is no picture"))?;
        match variant.goal() {
            Goal::JpegRecompress => measure::pack(variant, pictures.jpeg.as_deref()),
            _ => imports.encode(variant, side, pictures.side(side)),
        }
    }

    fn inspection(&self, state: &State, place: usize) -> Task<Step> {
        let shape = state.shape(state.side(&self.plan.variants[place]));
        let bytes = footing::score_bytes(self.plan, shape, state.mode());
        let judged = state.mode().is_some() && !self.is_lossless(place);
        let metrics = self.plan.metrics.iter().filter(|_| judged);
        let judging: f64 = metrics.map(|m| m.ns_per_pixel()).sum();
        let cost = (DECODE_NS + judging) * shape.pixels() as f64;
        self.task(Act::Inspect(place), cost, Claim::Working(bytes))
    }

    fn task(&self, act: Act, cost: f64, claim: Claim) -> Task<Step> {
        Task {
            image: self.image,
            step: Step::At(self.nth, act),
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
