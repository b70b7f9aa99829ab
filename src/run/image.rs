//! One image on its way through a run: open, decode, then prepare, encode and inspect in any order that the data
//! allows. Each step is one task for one thread.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::describe;
use super::footing::{self, Footing, Side, Size};
use super::keep;
use super::measure::{self, Against, Encoded, Judge, Look};
use super::queue::{Claim, Task};
use crate::bitmap::Bitmap;
use crate::metric::{Mode, Opacity, Shape};
use crate::plan::{Content, LossySources, Plan, Source};
use crate::report::{Failure, ImageReport, Outcome};
use crate::source::SourceError;
use crate::source::decode::{self, Decoded};
use crate::source::facts::{self, Facts, Lossy};
use crate::source::format::Format;
use crate::source::read;

/// What can be done next to an image. Numbers are places in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Read the file's facts.
    Open,
    /// Make the reference.
    Decode,
    /// Ready a metric for a side.
    Prepare(Side, usize),
    /// Make a file.
    Encode(usize),
    /// Decode a file back and judge it.
    Inspect(usize),
}

/// What a step led to.
pub(super) enum Outlook {
    /// More steps.
    Next(Vec<Task<Step>>),
    /// All variants have their outcome.
    Measured(Box<ImageReport>),
    /// There is no image to measure.
    Lost(Failure),
}

/// The machine as an image sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Bytes for all images together.
    pub(super) memory: u64,
    /// Whether jobs run side by side.
    pub(super) contended: bool,
}

/// One image of the plan.
pub(super) struct Image<'p> {
    plan: &'p Plan,
    source: &'p Source,
    index: usize,
    bounds: Bounds,
    state: Mutex<State>,
}

/// What is known of the image so far.
#[derive(Default)]
pub(super) struct State {
    pub(super) digest: String,
    pub(super) bytes: u64,
    pub(super) notes: Vec<String>,
    pub(super) facts: Option<Facts>,
    pub(super) opacity: Option<Opacity>,
    footing: Option<Footing>,
    pictures: BTreeMap<Side, Arc<Bitmap>>,
    judges: BTreeMap<Side, Bench>,
    encoded: BTreeMap<usize, Arc<Encoded>>,
    pub(super) kept: BTreeMap<usize, String>,
    pub(super) outcomes: BTreeMap<usize, Outcome>,
    steps_left: usize,
    begun: bool,
}

/// The metrics of one side.
#[derive(Default)]
struct Bench {
    judges: Vec<Judge>,
    awaited: usize,
    error: Option<String>,
}

impl<'p> Image<'p> {
    pub(super) fn new(plan: &'p Plan, index: usize, bounds: Bounds) -> Self {
        Self {
            plan,
            source: &plan.sources[index],
            index,
            bounds,
            state: Mutex::default(),
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
        };
        match next {
            Err(failure) => Outlook::Lost(failure),
            Ok(tasks) => self.settle(tasks),
        }
    }

    /// What is left after a step that panicked outside the guards around codecs and metrics: a bug of ours, which
    /// still costs this image only.
    pub(super) fn after_panic(&self, step: Step, message: &str) -> Outlook {
        let mut tasks = Vec::new();
        match step {
            Step::Open | Step::Decode => {
                let error = SourceError::malformed(message);
                return Outlook::Lost(describe::failure(self.source, error.stage(), &error));
            }
            Step::Prepare(side, _) => tasks = self.prepared(side, Err(message.into())),
            Step::Encode(place) | Step::Inspect(place) => {
                self.lock()
                    .outcomes
                    .insert(place, measure::failed("panic", message));
            }
        }
        self.settle(tasks)
    }

    /// The image is done when no step is left, neither waiting nor under way.
    fn settle(&self, tasks: Vec<Task<Step>>) -> Outlook {
        let mut state = self.lock();
        // The first step was nobody's task.
        state.steps_left =
            (state.steps_left + tasks.len()).saturating_sub(usize::from(state.begun));
        state.begun = true;
        if state.steps_left > 0 {
            return Outlook::Next(tasks);
        }
        let state = std::mem::take(&mut *state);
        Outlook::Measured(Box::new(describe::image(self.plan, self.source, state)))
    }

    fn open(&self) -> Result<Vec<Task<Step>>, Failure> {
        let lost = |e: SourceError| describe::failure(self.source, e.stage(), &e);
        let file = self.bytes()?;
        let extension = self
            .source
            .path
            .as_path()
            .extension()
            .and_then(|e| e.to_str());
        let format = Format::sniff(&file, extension)
            .ok_or(SourceError::NotAnImage)
            .map_err(lost)?;
        let facts = facts::read(&file, format).map_err(lost)?;
        decode::check(&facts, &self.limits(u64::MAX)).map_err(lost)?;
        if self.plan.lossy_sources == LossySources::Refuse
            && matches!(facts.lossy, Lossy::Yes { .. })
        {
            let why = "a lossy source: give the original, or drop --strict-lossless-sources";
            return Err(lost(SourceError::Unsupported(why.into())));
        }
        let [width, height] = facts.upright_size();
        let opacity = if facts.alpha {
            Opacity::Translucent
        } else {
            Opacity::Opaque
        };
        // Decoding holds the file, too.
        let decode_peak = decode::decode_memory(&facts) + file.len() as u64;
        let size = Size {
            width,
            height,
            opacity,
            decode_peak,
        };
        let limit = self.bounds.memory;
        let footing = footing::find(self.plan, size, limit);
        let footing =
            footing.map_err(|needed| lost(SourceError::TooMuchMemory { needed, limit }))?;
        let reserve = footing.reserve;
        let mut state = self.lock();
        state.digest = digest(&file);
        state.bytes = file.len() as u64;
        state
            .notes
            .extend(extension.and_then(|e| facts.extension_note(e)));
        state.notes.extend(facts.notes.iter().cloned());
        state.facts = Some(facts);
        state.footing = Some(footing);
        Ok(vec![self.task(Step::Decode, 0.0, Claim::Reserve(reserve))])
    }

    fn decode(&self) -> Result<Vec<Task<Step>>, Failure> {
        let lost = |e: SourceError| describe::failure(self.source, e.stage(), &e);
        let file = self.bytes()?;
        let (facts, footing) = {
            let state = self.lock();
            let known = state.facts.clone().zip(state.footing.clone());
            let same = known.filter(|_| digest(&file) == state.digest);
            same.ok_or_else(|| {
                lost(SourceError::malformed(
                    "the file changed while it was being read",
                ))
            })?
        };
        let Decoded { bitmap, notes } =
            decode::decode(&file, &facts, &self.limits(u64::MAX)).map_err(lost)?;
        drop(file);
        let mut state = self.lock();
        state.notes.extend(notes);
        state.notes.extend(footing.notes.iter().cloned());
        let opacity = if bitmap.is_opaque() {
            Opacity::Opaque
        } else {
            Opacity::Translucent
        };
        state.opacity = Some(opacity);
        let sides: Vec<Side> = self
            .plan
            .variants
            .iter()
            .map(|v| Side::of(v, opacity))
            .collect();
        if sides.contains(&Side::Flat) {
            let flat = bitmap.over(self.plan.background).into_owned();
            state.pictures.insert(Side::Flat, Arc::new(flat));
        }
        state.pictures.insert(Side::Original, Arc::new(bitmap));
        Ok(self.spread(&mut state, &footing, &sides))
    }

    fn limits(&self, max_memory: u64) -> decode::Limits {
        decode::Limits {
            max_pixels: self.plan.limits.max_pixels,
            max_memory,
        }
    }

    /// The steps that a decoded image allows at once.
    fn spread(&self, state: &mut State, footing: &Footing, sides: &[Side]) -> Vec<Task<Step>> {
        let mut tasks = Vec::new();
        for (place, variant) in self.plan.variants.iter().enumerate() {
            if let Some(reason) = &footing.left_out[place] {
                state.outcomes.insert(
                    place,
                    Outcome::Skipped {
                        reason: reason.clone(),
                    },
                );
                continue;
            }
            let pixels = self.pixels(state);
            let cost = variant.codec().cost(variant.settings()).ns_per_pixel * pixels as f64;
            let claim = Claim::Working(footing::encode_bytes(variant, pixels));
            tasks.push(self.task(Step::Encode(place), cost, claim));
            let side = sides[place];
            if footing.mode.is_some() && !variant.codec().keeps_pixels(variant.settings()) {
                state.judges.entry(side).or_default();
            }
        }
        let benches: Vec<Side> = state.judges.keys().copied().collect();
        for side in benches {
            for place in 0..self.plan.metrics.len() {
                let claim = Claim::Working(footing::score_bytes(
                    self.plan,
                    self.shape(state, side),
                    footing.mode,
                ));
                // Before any encode: results cannot be judged without it.
                tasks.push(self.task(Step::Prepare(side, place), f64::MAX, claim));
            }
            if let Some(bench) = state.judges.get_mut(&side) {
                bench.awaited = self.plan.metrics.len();
            }
        }
        tasks
    }

    fn prepare(&self, side: Side, metric: usize) -> Vec<Task<Step>> {
        let (picture, mode) = {
            let state = self.lock();
            (
                state.pictures[&side].clone(),
                state
                    .footing
                    .as_ref()
                    .and_then(|f| f.mode)
                    .unwrap_or(Mode::Full),
            )
        };
        self.prepared(
            side,
            measure::prepare(self.plan.metrics[metric], picture, mode),
        )
    }

    fn prepared(&self, side: Side, judge: Result<Judge, String>) -> Vec<Task<Step>> {
        let mut state = self.lock();
        let bench = state.judges.entry(side).or_default();
        bench.awaited = bench.awaited.saturating_sub(1);
        match judge {
            Ok(judge) => bench.judges.push(judge),
            Err(error) => bench.error = Some(error),
        }
        if bench.awaited > 0 {
            return Vec::new();
        }
        let waits = |v: &usize| !self.is_lossless(*v) && self.side(&state, *v) == side;
        let waiting: Vec<usize> = state.encoded.keys().copied().filter(waits).collect();
        waiting
            .into_iter()
            .map(|v| self.inspection(&state, v))
            .collect()
    }

    #[allow(clippy::result_large_err)] // As in `measure::encode`.
    fn encode(&self, place: usize) -> Vec<Task<Step>> {
        let variant = &self.plan.variants[place];
        let picture = {
            let state = self.lock();
            state.pictures[&self.side(&state, place)].clone()
        };
        let encoded = measure::encode(variant, &picture).and_then(|encoded| {
            let kept = keep::write(self.plan, self.source, variant, &encoded.file);
            kept.map(|file| (encoded, file))
                .map_err(|message| measure::failed("keep", message))
        });
        let mut state = self.lock();
        match encoded {
            Err(outcome) => {
                state.outcomes.insert(place, outcome);
                Vec::new()
            }
            Ok((encoded, file)) => {
                state.kept.extend(file.map(|file| (place, file)));
                state.encoded.insert(place, Arc::new(encoded));
                let side = self.side(&state, place);
                let free = self.is_lossless(place)
                    || state.judges.get(&side).is_none_or(|b| b.awaited == 0);
                if free {
                    vec![self.inspection(&state, place)]
                } else {
                    Vec::new()
                }
            }
        }
    }

    fn inspection(&self, state: &State, place: usize) -> Task<Step> {
        let side = self.side(state, place);
        let mode = state.footing.as_ref().and_then(|f| f.mode);
        let bytes = footing::score_bytes(self.plan, self.shape(state, side), mode);
        let judging: f64 = if self.is_lossless(place) || mode.is_none() {
            0.0
        } else {
            self.plan.metrics.iter().map(|m| m.ns_per_pixel()).sum()
        };
        let cost = (20.0 + judging) * self.pixels(state) as f64;
        self.task(Step::Inspect(place), cost, Claim::Working(bytes))
    }

    fn inspect(&self, place: usize) -> Vec<Task<Step>> {
        let variant = &self.plan.variants[place];
        let (encoded, picture, judges, error, scored, bytes) = {
            let mut state = self.lock();
            let side = self.side(&state, place);
            let bench = state.judges.get(&side).filter(|_| !self.is_lossless(place));
            let judges = bench.map(|b| b.judges.clone()).unwrap_or_default();
            let error = bench.and_then(|b| b.error.clone());
            let scored = state.footing.as_ref().is_some_and(|f| f.mode.is_some());
            (
                state.encoded.remove(&place),
                state.pictures[&side].clone(),
                judges,
                error,
                scored,
                state.bytes,
            )
        };
        let metrics: Vec<_> = self
            .plan
            .metrics
            .iter()
            .filter(|_| scored)
            .map(|m| m.info())
            .collect();
        let against = Against {
            reference: &picture,
            metrics: &metrics,
            judges: &judges,
            input_bytes: bytes,
            contended: self.bounds.contended,
            look: if self.plan.metrics.is_empty() {
                Look::Lossless
            } else {
                Look::Always
            },
        };
        let outcome = match (encoded, error) {
            (_, Some(error)) => measure::failed("score", error),
            (None, None) => measure::failed("encode", "the encoded file is missing"),
            (Some(encoded), None) => measure::inspect(variant, &encoded, &against),
        };
        self.lock().outcomes.insert(place, outcome);
        Vec::new()
    }

    fn bytes(&self) -> Result<Arc<[u8]>, Failure> {
        match &self.source.content {
            Content::Memory(bytes) => Ok(bytes.clone()),
            Content::File(at) => read::read(at, self.plan.limits.max_file_size)
                .map(Into::into)
                .map_err(|e| describe::failure(self.source, e.stage(), &e)),
        }
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
        let variant = &self.plan.variants[place];
        variant.codec().keeps_pixels(variant.settings())
    }

    fn side(&self, state: &State, place: usize) -> Side {
        Side::of(
            &self.plan.variants[place],
            state.opacity.unwrap_or(Opacity::Opaque),
        )
    }

    fn shape(&self, state: &State, side: Side) -> Shape {
        let opacity = state
            .opacity
            .filter(|_| side == Side::Original)
            .unwrap_or(Opacity::Opaque);
        Shape {
            pixels: self.pixels(state),
            opacity,
        }
    }

    fn pixels(&self, state: &State) -> u64 {
        state
            .pictures
            .get(&Side::Original)
            .map_or(0, |p| p.pixels())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn digest(file: &[u8]) -> String {
    format!("blake3:{}", blake3::hash(file).to_hex())
}
