//! Two variants of one goal, and what comes of comparing them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TIE;
use crate::report::{Entry, rounded};
use crate::summary::{Difference, Ratio, difference, ratio};

/// Images that are named as A's worst.
const WORST: usize = 3;

/// A figure an image: path and A's size over B's, or by how much A's score is better.
pub(super) type Figures<'a> = Vec<(&'a str, f64)>;

/// Two variants of one goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pair {
    /// What both were asked: `ssimulacra2=70`, `size=100000`, `lossless`; `equal ssimulacra2` where curves through set
    /// qualities are compared.
    pub goal: String,
    /// What is compared.
    pub basis: Basis,
    /// The smaller one; of two files of one size, the better one.
    pub a: Side,
    /// The other one.
    pub b: Side,
    /// Images compared.
    pub images: usize,
    /// Images that could not be: one of the two was not measured, missed the goal, or has no size at exactly the target.
    pub not_comparable: usize,
    /// Geometric mean of A's size over B's; none of two files of one size.
    pub ratio: Option<Ratio>,
    /// Where sizes at exactly the target are compared: the same of the files that reach it, whose qualities are whole
    /// numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_ratio: Option<Ratio>,
    /// Of two files of one size: by how much A's score is better than B's, on average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_difference: Option<Difference>,
    /// Images where A is smaller (of a size: better) by more than the tie band.
    pub wins: usize,
    /// Images within it.
    pub ties: usize,
    /// Images where B is.
    pub losses: usize,
    /// Up to three images on which A does worst, the worst first.
    pub worst: Vec<Worst>,
    /// Who wins.
    pub outcome: Outcome,
    /// Why that is the outcome.
    pub reason: Reason,
    /// What the metrics say that the goal is not about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub second_opinion: Vec<Opinion>,
    /// Bjøntegaard's delta rate of A over B where their curves have one, as a ratio: 0.9 is −10 %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bd_rate: Option<Ratio>,
}

/// What of two variants is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Basis {
    /// Sizes at exactly the score that was sought, read off the curve through the trials.
    Target,
    /// Sizes of the files.
    Files,
    /// Sizes in the middle of the scores that the curves through set qualities both cover.
    Curves,
    /// Scores of files of one size.
    Scores,
}

/// One of two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// Canonical name; `null` where a curve of several variants is compared.
    pub variant: Option<String>,
    /// Codec id.
    pub codec: String,
    /// Format id.
    pub format: String,
    /// Images on which it missed the goal.
    pub unreached: usize,
}

/// An image on which A does badly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Worst {
    /// As in the image's own report.
    pub path: String,
    /// The ratio there; where scores are compared, the difference.
    pub value: f64,
}

/// Who wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// A is smaller.
    Smaller,
    /// A is better at the same size.
    Better,
    /// Neither.
    NoClearWinner,
    /// No image allows the comparison.
    NotComparable,
}

/// Why that is the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// The whole 95 % interval is on A's side.
    IntervalClear,
    /// The 95 % interval has both sides in it.
    IntervalSpans,
    /// The difference is within the tie band.
    TieBand,
    /// There is one image, and no interval: it says nothing about others.
    OneImage,
    /// No image has both.
    NothingShared,
}

/// What another metric says of the same files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Opinion {
    /// Metric id.
    pub metric: String,
    /// By how much A's score is better than B's, on average: more than 0 is better, also where lower scores are.
    pub difference: Difference,
    /// A difference that is hardly one.
    pub tolerance: f64,
    /// The difference against the tolerance.
    pub sign: Sign,
    /// Whether A wins by the goal but is worse by this metric.
    pub disagrees: bool,
}

/// A difference against a tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Sign {
    /// A is better.
    Better,
    /// Hardly a difference.
    Alike,
    /// A is worse.
    Worse,
}

impl Pair {
    /// What `figures` come to, where a difference of scores up to `band` is hardly one.
    pub(super) fn new(
        goal: &str,
        basis: Basis,
        [a, b]: [Side; 2],
        figures: &Figures<'_>,
        band: f64,
    ) -> Self {
        let values = || figures.iter().map(|(_, value)| *value);
        let scores = basis == Basis::Scores;
        let ratio = (!scores).then(|| ratio(values())).flatten();
        let score_difference = scores.then(|| difference(values())).flatten();
        let signs: Vec<Sign> = values().map(|v| basis.sign(v, band)).collect();
        let count = |sign: Sign| signs.iter().filter(|s| **s == sign).count();
        let by_size = ratio.map(|r| (r.mean, r.interval));
        let by_score = score_difference.map(|d| (d.mean, d.interval));
        let (outcome, reason) = basis.outcome(by_size.or(by_score), band);
        Self {
            goal: goal.into(),
            basis,
            a,
            b,
            images: figures.len(),
            not_comparable: 0,
            ratio,
            file_ratio: None,
            score_difference,
            wins: count(Sign::Better),
            ties: count(Sign::Alike),
            losses: count(Sign::Worse),
            worst: basis.worst(figures),
            outcome,
            reason,
            second_opinion: Vec::new(),
            bd_rate: None,
        }
    }
}

impl Basis {
    /// Whether the first of two is the larger, or the worse.
    pub(super) fn is_behind(self, figures: &Figures<'_>) -> bool {
        let gains = figures.iter().map(|(_, value)| match self {
            Self::Scores => *value,
            _ => -value.ln(),
        });
        gains.sum::<f64>() < 0.0
    }

    /// Where a figure stands against the tie band.
    fn sign(self, value: f64, band: f64) -> Sign {
        match self {
            Self::Scores => Sign::of(value, band),
            _ => Sign::of(1.0 - value, TIE),
        }
    }

    /// What a mean and its interval come to.
    fn outcome(self, found: Option<(f64, Option<[f64; 2]>)>, band: f64) -> (Outcome, Reason) {
        let Some((mean, interval)) = found else {
            return (Outcome::NotComparable, Reason::NothingShared);
        };
        let (won, equal) = match self {
            Self::Scores => (Outcome::Better, 0.0),
            _ => (Outcome::Smaller, 1.0),
        };
        match interval {
            _ if self.sign(mean, band) == Sign::Alike => (Outcome::NoClearWinner, Reason::TieBand),
            None => (won, Reason::OneImage),
            Some([low, high]) if low <= equal && equal <= high => {
                (Outcome::NoClearWinner, Reason::IntervalSpans)
            }
            Some(_) => (won, Reason::IntervalClear),
        }
    }

    fn worst(self, figures: &Figures<'_>) -> Vec<Worst> {
        let mut figures = figures.clone();
        // Stable: of equals the first by path.
        figures.sort_by(|a, b| match self {
            Self::Scores => a.1.total_cmp(&b.1),
            _ => b.1.total_cmp(&a.1),
        });
        let worst = figures.into_iter().take(WORST);
        let worst = worst.map(|(path, value)| Worst {
            path: path.into(),
            value: rounded(value),
        });
        worst.collect()
    }
}

impl Side {
    pub(super) fn of(entry: &Entry, unreached: usize) -> Self {
        Self {
            variant: Some(entry.variant.clone()),
            codec: entry.codec.clone(),
            format: entry.format.clone(),
            unreached,
        }
    }
}

impl Sign {
    pub(super) fn of(difference: f64, tolerance: f64) -> Self {
        match difference {
            // A hair more, for scores that were rounded.
            d if d.abs() <= tolerance + 1e-9 => Self::Alike,
            d if d > 0.0 => Self::Better,
            _ => Self::Worse,
        }
    }
}
