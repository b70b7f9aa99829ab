//! The quality that meets a goal, in few encodes. Pure: a search says which quality it wants to see next and is told what
//! came of it. It knows no codec, and no quality is asked for twice.
//!
//! A goal divides qualities in two: those that are *beyond* it (scoring at least the target; larger than the size) and
//! those that are not. The search closes in on the boundary until it has seen both of its neighbours. Which quality is
//! nearest to the boundary is read off the curve expected by a prior, conditioned on all that was seen: on a scale where
//! curves are almost straight, the logarithm of what is lost. Curves are not perfectly monotone, so the answer is the
//! best that was *seen*, not the last that was tried.

mod prior;

use std::collections::BTreeMap;

use self::prior::Prior;
use crate::metric::MetricInfo;
use crate::variant::Goal;

/// Encodes after which a search halves what is left, as it does from the first where nothing is expected: a curve that no
/// expectation fits still ends soon.
const PATIENCE: usize = 7;

/// Up to so many pixels a picture is small.
const SMALL_PIXELS: u64 = 1 << 16;

/// What is lost is counted from here, so that its logarithm is finite for a perfect score.
const LEAST_LOSS: f64 = 0.02;

/// What came of one encode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// File size.
    pub bytes: u64,
    /// On the metric's own scale; infinite where identical pictures have no finite score.
    pub score: f64,
}

/// Where a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The quality of the answer; where the goal is out of reach, of what comes closest.
    pub quality: u8,
    /// Whether it meets the goal.
    pub reached: bool,
}

/// A search for one goal on one picture with one codec.
#[derive(Debug, Clone)]
pub struct Search {
    aim: Aim,
    metric: &'static MetricInfo,
    /// Those that may be asked for, rising.
    qualities: Vec<u8>,
    prior: Option<Prior>,
    pixels: u64,
    seen: BTreeMap<u8, Point>,
    asked: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Aim {
    /// The smallest file that scores no worse.
    Score(f64),
    /// The best file that is no larger.
    Size(u64),
}

impl Search {
    /// A search for `goal`, judged by `metric`, among the rising `qualities` of `codec` (an id, for its prior only) on a
    /// picture of so many `pixels`; `None` when the goal is no target.
    pub fn new(
        goal: Goal,
        metric: &'static MetricInfo,
        codec: &str,
        qualities: Vec<u8>,
        pixels: u64,
    ) -> Option<Self> {
        let (aim, scale) = match goal {
            Goal::Score { at_least, .. } => (Aim::Score(at_least.value()), metric.id),
            Goal::Size { at_most } => (Aim::Size(at_most), "size"),
            Goal::Quality(_) | Goal::Lossless | Goal::JpegRecompress => return None,
        };
        Some(Self {
            aim,
            metric,
            qualities,
            prior: Prior::fitted(codec, scale),
            pixels,
            seen: BTreeMap::new(),
            asked: 0,
        })
    }

    /// Takes in what came of an encode that another search asked for.
    pub fn share(&mut self, quality: u8, point: Point) {
        self.seen.insert(quality, point);
    }

    /// Takes in what came of the encode it asked for.
    pub fn learn(&mut self, quality: u8, point: Point) {
        self.asked += 1;
        self.share(quality, point);
    }

    /// Encodes it asked for.
    pub fn encodes(&self) -> usize {
        self.asked
    }

    /// The quality to be encoded next; `None` when the answer is known.
    pub fn next(&self) -> Option<u8> {
        let (below, beyond) = self.boundary();
        let between = |q: &u8| below.is_none_or(|b| *q > b) && beyond.is_none_or(|b| *q < b);
        let open: Vec<u8> = self.qualities.iter().copied().filter(between).collect();
        let Some(&last) = open.last() else {
            return self.further_down(beyond);
        };
        let Some(prior) = self.prior.as_ref().filter(|_| self.asked < PATIENCE) else {
            return Some(open[(open.len() - 1) / 2]);
        };
        let expected = prior.expect(&self.known());
        let wanted = self.wanted();
        let level = |nth: usize| expected[usize::from(open[nth])];
        let crossing = (0..open.len()).find(|&nth| level(nth) >= wanted);
        let distance = |nth: usize| (level(nth) - wanted).abs();
        Some(match crossing {
            None => last,
            // Both neighbours of the boundary have to be seen: the one that is the less certain tells more.
            Some(nth) if nth > 0 && distance(nth - 1) < distance(nth) => open[nth - 1],
            Some(nth) => open[nth],
        })
    }

    /// The answer so far; `None` before anything was seen.
    pub fn found(&self) -> Option<Found> {
        let reached = self.seen.values().any(|p| self.meets(p));
        let candidates = self.seen.iter().filter(|(_, p)| self.meets(p) == reached);
        // The smallest of what scores enough and the best of what is small enough; where nothing does, what misses least.
        let smallest = matches!(self.aim, Aim::Score(_)) == reached;
        let rising = |p: &Point| self.metric.better.rising(p.score);
        let best = candidates.min_by(|(_, a), (_, b)| {
            let by_bytes = a.bytes.cmp(&b.bytes);
            let by_score = rising(b).total_cmp(&rising(a));
            if smallest {
                by_bytes.then(by_score)
            } else {
                by_score.then(by_bytes)
            }
        });
        best.map(|(&quality, _)| Found { quality, reached })
    }

    /// The highest quality below the boundary and the lowest beyond it, of those seen.
    fn boundary(&self) -> (Option<u8>, Option<u8>) {
        let mut seen = self.seen.iter();
        let beyond = seen.find(|(_, p)| self.is_beyond(p)).map(|(q, _)| *q);
        let below = self.seen.iter().rev().find(|(q, p)| {
            let under = beyond.is_none_or(|beyond| **q < beyond);
            under && !self.is_beyond(p)
        });
        (below.map(|(q, _)| *q), beyond)
    }

    /// A quality under the boundary that may meet the score all the same, for curves waver: where the best quality misses
    /// it by a hair, and in small pictures, whose curves waver most and whose encodes cost least.
    fn further_down(&self, beyond: Option<u8>) -> Option<u8> {
        let Aim::Score(at_least) = self.aim else {
            return None;
        };
        let top = *self.qualities.last()?;
        let tolerance = self.metric.tolerance;
        let missed_by = |point: &Point| (point.score - at_least).abs();
        let near = self
            .seen
            .get(&top)
            .is_some_and(|p| missed_by(p) < tolerance / 4.0);
        let depth = match beyond {
            _ if self.pixels <= SMALL_PIXELS => 12,
            None if near => 2,
            _ => return None,
        };
        let under = beyond.unwrap_or(top);
        let mut misses = 0;
        let lower = self.qualities.iter().rev().filter(|q| **q < under);
        for quality in lower.take(depth) {
            let Some(point) = self.seen.get(quality) else {
                return Some(*quality);
            };
            misses = if missed_by(point) < tolerance {
                0
            } else {
                misses + 1
            };
            if misses == 2 {
                return None;
            }
        }
        None
    }

    /// The level at every quality that was seen.
    fn known(&self) -> Vec<(u8, f64)> {
        let seen = self.seen.iter();
        seen.map(|(q, point)| (*q, self.level(point))).collect()
    }

    /// Where the boundary lies on the scale of [`level`](Self::level).
    fn wanted(&self) -> f64 {
        match self.aim {
            Aim::Score(score) => level(self.metric, score),
            Aim::Size(bytes) => self.log_rate(bytes),
        }
    }

    /// Rises with quality, almost in a line.
    fn level(&self, point: &Point) -> f64 {
        match self.aim {
            Aim::Score(_) => level(self.metric, point.score),
            Aim::Size(_) => self.log_rate(point.bytes),
        }
    }

    /// ln of bits a pixel.
    fn log_rate(&self, bytes: u64) -> f64 {
        (bytes.max(1) as f64 * 8.0 / self.pixels.max(1) as f64).ln()
    }

    fn is_beyond(&self, point: &Point) -> bool {
        match self.aim {
            Aim::Score(at_least) => {
                self.metric.better.rising(point.score) >= self.metric.better.rising(at_least)
            }
            Aim::Size(at_most) => point.bytes > at_most,
        }
    }

    fn meets(&self, point: &Point) -> bool {
        match self.aim {
            Aim::Score(_) => self.is_beyond(point),
            Aim::Size(_) => !self.is_beyond(point),
        }
    }
}

/// The order in which several goals of one picture and codec take the fewest encodes together: both ends first, for what
/// is learnt there helps with all between.
pub fn order(goals: &[Goal]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..goals.len()).collect();
    places.sort_by_key(|&nth| goals[nth]);
    if let Some(last) = places.pop() {
        places.insert(places.len().min(1), last);
    }
    places
}

/// A score as the logarithm of what is lost: −ln |perfect − score|, and PSNR, which is one already, in the same unit.
fn level(metric: &MetricInfo, score: f64) -> f64 {
    match metric.perfect {
        Some(perfect) => -((perfect - score).abs() + LEAST_LOSS).ln(),
        None => score.min(100.0) * std::f64::consts::LN_10 / 20.0,
    }
}

#[cfg(test)]
mod tests;
