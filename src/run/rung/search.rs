//! The search step: one codec told one thing, all its goals one after the other, sharing every encode.

use std::collections::BTreeMap;

use super::super::footing;
use super::super::measure::{self, Encoded};
use super::super::queue::{Claim, Task};
use super::super::state::State;
use super::super::step::{Act, Step};
use super::super::{describe, keep};
use super::{DECODE_NS, Rung};
use crate::metric::MetricInfo;
use crate::report::{CurvePoint, MeasuredCurve, Measurement, Outcome};
use crate::search::{Found, Point, Search, order};
use crate::variant::{Goal, Variant};

/// Encodes a goal takes, roughly: for scheduling only.
const ENCODES: f64 = 3.0;

/// What was seen of one codec on one picture, by quality.
type Seen = BTreeMap<u8, Probe>;

/// How much is done to find a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// What has to be.
    Measure,
    /// Nothing that earlier runs have not done.
    Recall,
}

/// One encode, judged by the metrics that are searched for.
struct Probe {
    /// The file, if it was made in this run.
    encoded: Option<Encoded>,
    measurement: Measurement,
}

impl Rung<'_> {
    /// The searches of the plan, each by the first of the variants that share it.
    pub(super) fn searches(&self) -> impl Iterator<Item = usize> {
        let places = 0..self.plan.variants.len();
        places.filter(|&place| self.sharing(place).first() == Some(&place))
    }

    /// The variants that share a search with the one at `place`, itself among them; none when it is no search.
    fn sharing(&self, place: usize) -> Vec<usize> {
        let searches = |nth: usize| {
            let variant = &self.plan.variants[nth];
            variant.goal().is_search().then(|| variant.series())
        };
        let series = searches(place);
        let places = 0..self.plan.variants.len();
        let shares = |&nth: &usize| series.is_some() && searches(nth) == series;
        places.filter(shares).collect()
    }

    /// The step that does the search of `place`.
    pub(super) fn search_task(&self, state: &State, place: usize) -> Task<Step> {
        let variant = &self.plan.variants[place];
        let shape = state.shape(state.side(variant));
        let bytes = footing::search_bytes(self.plan, variant, shape, state.mode());
        let encode = variant.codec().cost(variant.settings()).ns_per_pixel;
        let judging: f64 = self.plan.metrics.iter().map(|m| m.ns_per_pixel()).sum();
        let encodes = ENCODES * self.sharing(place).len() as f64;
        let cost = (encode + DECODE_NS + judging) * encodes * shape.pixels() as f64;
        self.task(Act::Search(place), cost, Claim::Working(bytes))
    }

    /// Searches for all goals that share the search of `first`.
    pub(super) fn search(&self, first: usize) -> Vec<Task<Step>> {
        self.seek(first, How::Measure);
        Vec::new()
    }

    /// Finds the files for all goals that share the search of `first`; where that takes more than is to be done, for none.
    pub(super) fn seek(&self, first: usize, how: How) {
        let places = self.sharing(first);
        let variants: Vec<&Variant> = places.iter().map(|&p| &self.plan.variants[p]).collect();
        let goals: Vec<Goal> = variants.iter().map(|v| v.goal()).collect();
        let mut seen = Seen::new();
        let mut met = Vec::new();
        for nth in order(&goals) {
            match self.meet(variants[nth], &mut seen, how) {
                Ok((measurement, quality)) => {
                    met.push((places[nth], Some(quality), Outcome::Done(measurement)));
                }
                Err(_) if how == How::Recall => return,
                Err(outcome) => met.push((places[nth], None, outcome)),
            }
        }
        let mut state = self.lock();
        for (place, quality, outcome) in met {
            state.qualities.extend(quality.map(|q| (place, q)));
            state.outcomes.insert(place, outcome);
        }
        let curve = curve(&self.plan.variants[first], &seen);
        state.curves.extend(curve);
    }

    /// Ends the search of `first` with the same outcome for all who share it.
    pub(super) fn give_up(&self, first: usize, outcome: &Outcome) {
        let mut state = self.lock();
        for place in self.sharing(first) {
            state.outcomes.insert(place, outcome.clone());
        }
    }

    /// Finds the file that meets the goal of `variant`, adding to what was `seen`; the outcome instead where there is none.
    #[allow(clippy::result_large_err)] // As in `measure::encode`.
    fn meet(
        &self,
        variant: &Variant,
        seen: &mut Seen,
        how: How,
    ) -> Result<(Measurement, u8), Outcome> {
        let metric = self.judge_of(variant.goal()).ok_or_else(lost)?;
        let mut search = self.begin(variant, metric).ok_or_else(lost)?;
        for (quality, probe) in seen.iter() {
            search.share(*quality, point(metric, &probe.measurement)?);
        }
        while let Some(quality) = search.next() {
            let probe = self.probe(&variant.at_quality(quality), how)?;
            search.learn(quality, point(metric, &probe.measurement)?);
            seen.insert(quality, probe);
        }
        let found = search.found().ok_or_else(lost)?;
        let probe = seen.get(&found.quality).ok_or_else(lost)?;
        let mut measurement = self.judge_fully(variant, found, probe, how)?;
        describe::searched(&mut measurement, variant.goal(), metric, found);
        measurement.probes = search.encodes() as u32;
        if let Some(encoded) = &probe.encoded {
            let kept = keep::write(self.plan, self.source, self.fit, variant, &encoded.file);
            measurement.file = kept.map_err(|message| measure::failed("keep", message))?;
        }
        Ok((measurement, found.quality))
    }

    fn begin(&self, variant: &Variant, metric: &'static MetricInfo) -> Option<Search> {
        let codec = variant.codec();
        let pixels = self.lock().pixels();
        Search::new(
            variant.goal(),
            metric,
            codec.info().id,
            codec.steps(),
            pixels,
        )
    }

    /// The metric that tells which file is better.
    fn judge_of(&self, goal: Goal) -> Option<&'static MetricInfo> {
        let mut infos = self.plan.metrics.iter().map(|m| m.info());
        match goal {
            Goal::Score { metric, .. } => infos.find(|info| info.id == metric),
            _ => infos.next(),
        }
    }

    /// Whether some search needs to know what `metric` says of every probe.
    fn is_searched(&self, metric: &MetricInfo) -> bool {
        let searches = self.plan.variants.iter().filter(|v| v.goal().is_search());
        let mut judges = searches.filter_map(|v| self.judge_of(v.goal()));
        judges.any(|info| info.id == metric.id)
    }

    #[allow(clippy::result_large_err)] // As in `measure::encode`.
    fn probe(&self, variant: &Variant, how: How) -> Result<Probe, Outcome> {
        let searched = |info: &MetricInfo| self.is_searched(info);
        if let Some(Outcome::Done(measurement)) = self.known(variant, &searched) {
            return Ok(Probe {
                encoded: None,
                measurement,
            });
        }
        if how == How::Recall {
            return Err(lost());
        }
        let encoded = self.encoded(variant)?;
        let measurement = self.measured(variant, &encoded, &searched)?;
        Ok(Probe {
            encoded: Some(encoded),
            measurement,
        })
    }

    /// What all metrics say of the answer; those that are searched for have spoken already.
    #[allow(clippy::result_large_err)] // As in `measure::encode`.
    fn judge_fully(
        &self,
        variant: &Variant,
        found: Found,
        probe: &Probe,
        how: How,
    ) -> Result<Measurement, Outcome> {
        let mut measurement = probe.measurement.clone();
        let silent = |info: &MetricInfo| !self.is_searched(info);
        if !self.plan.metrics.iter().any(|m| silent(m.info())) {
            return Ok(measurement);
        }
        let variant = variant.at_quality(found.quality);
        let rest = match (self.known(&variant, &silent), &probe.encoded) {
            (Some(Outcome::Done(rest)), _) => rest,
            _ if how == How::Recall => return Err(lost()),
            (_, Some(encoded)) => self.measured(&variant, encoded, &silent)?,
            // The run that kept it asked for fewer metrics.
            (_, None) => self.measured(&variant, &self.encoded(&variant)?, &silent)?,
        };
        measurement.scores.extend(rest.scores);
        Ok(measurement)
    }

    #[allow(clippy::result_large_err)] // As in `measure::encode`.
    fn measured(
        &self,
        variant: &Variant,
        encoded: &Encoded,
        wanted: &dyn Fn(&MetricInfo) -> bool,
    ) -> Result<Measurement, Outcome> {
        let outcome = self.judge(variant, encoded, wanted);
        let outcome = outcome.unwrap_or_else(|message| measure::failed("score", message));
        self.recall
            .keep_outcome(&self.ask(variant, wanted), &outcome);
        match outcome {
            Outcome::Done(measurement) => Ok(measurement),
            outcome => Err(outcome),
        }
    }
}

fn lost() -> Outcome {
    measure::failed("encode", "the search has nothing to go by")
}

/// What a search has to know of a probe.
#[allow(clippy::result_large_err)] // As in `measure::encode`.
fn point(metric: &MetricInfo, measurement: &Measurement) -> Result<Point, Outcome> {
    let score = measurement.scores.get(metric.id).copied();
    // An infinite score is left out of reports; a metric without a perfect one has it of pictures that look alike.
    let is_perfect = measurement.identical || metric.perfect.is_none();
    let score = score.or(is_perfect.then_some(f64::INFINITY));
    Ok(Point {
        bytes: measurement.bytes,
        score: score.ok_or_else(|| measure::failed("score", "a probe has no score"))?,
    })
}

fn curve(variant: &Variant, seen: &Seen) -> Option<MeasuredCurve> {
    let info = variant.codec().info();
    let points = seen.iter().map(|(quality, probe)| CurvePoint {
        quality: *quality,
        bytes: probe.measurement.bytes,
        scores: probe.measurement.scores.clone(),
    });
    (!seen.is_empty()).then(|| MeasuredCurve {
        series: variant.series(),
        codec: info.id.into(),
        format: info.format.into(),
        points: points.collect(),
    })
}
