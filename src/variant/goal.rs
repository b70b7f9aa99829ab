//! What is asked of a codec, as people write it.

use std::fmt;

use crate::codec::SettingError;
use crate::metric::{METRICS, MetricInfo, find};
use crate::size::parse_bytes;

/// What is asked of a codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Goal {
    /// A set quality on the codec's own scale.
    Quality(u8),
    /// The very same pixels.
    Lossless,
    /// A JPEG source's own file, packed so that it can be had back to the byte.
    JpegRecompress,
    /// The smallest file that scores no worse than this.
    Score {
        /// Metric id.
        metric: &'static str,
        /// The score: at least, or at most where lower is better.
        at_least: Score,
    },
    /// The best file that is no larger than this.
    Size {
        /// Bytes.
        at_most: u64,
    },
}

/// A score in millionths of the metric's unit: the precision that reports have, so that two scores are equal exactly when
/// they read the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(i64);

impl Score {
    /// The score nearest to `value`.
    pub fn new(value: f64) -> Self {
        Self((value * 1e6).round() as i64)
    }

    /// On the metric's scale.
    pub fn value(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl Goal {
    /// Whether the quality that meets it has to be looked for.
    pub fn is_search(self) -> bool {
        matches!(self, Self::Score { .. } | Self::Size { .. })
    }

    /// Reads `q80`, `lossless`, `jpeg-recompress`, `ssimulacra2=70` or `size=100kB`; `None` when `text` is nothing of the kind.
    pub(super) fn parse(text: &str) -> Option<Result<Self, SettingError>> {
        if text == "lossless" {
            return Some(Ok(Self::Lossless));
        }
        if text == "jpeg-recompress" {
            return Some(Ok(Self::JpegRecompress));
        }
        if let Some((key, value)) = text.split_once('=') {
            return target(key, value);
        }
        let digits = text
            .strip_prefix('q')
            .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse().ok().map(|q| Ok(Self::Quality(q)))
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quality(q) => write!(f, "q{q}"),
            Self::Lossless => f.write_str("lossless"),
            Self::JpegRecompress => f.write_str("jpeg-recompress"),
            Self::Score { metric, at_least } => write!(f, "{metric}={}", at_least.value()),
            Self::Size { at_most } => write!(f, "size={at_most}"),
        }
    }
}

fn target(key: &str, value: &str) -> Option<Result<Goal, SettingError>> {
    if key == "size" {
        return Some(at_most(value));
    }
    let metric = find(METRICS, key)?.info();
    Some(score(metric, value))
}

fn at_most(value: &str) -> Result<Goal, SettingError> {
    // A canonical name has plain bytes, people write a unit.
    let at_most = value.parse().or_else(|_| parse_bytes(value));
    match at_most.map_err(|e| SettingError(e.to_string()))? {
        0 => Err(SettingError("no file has 0 bytes".into())),
        at_most => Ok(Goal::Size { at_most }),
    }
}

fn score(metric: &MetricInfo, value: &str) -> Result<Goal, SettingError> {
    let number: Option<f64> = value.trim().parse().ok();
    let number = number.filter(|n: &f64| n.is_finite() && n.abs() < 1e9);
    let Some(number) = number else {
        return Err(SettingError(format!(
            "{}={value}: “{value}” is not a score",
            metric.id
        )));
    };
    let rising = |score| metric.better.rising(score);
    let beyond = metric
        .perfect
        .is_some_and(|perfect| rising(number) > rising(perfect));
    if beyond {
        let perfect = metric.perfect.unwrap_or_default();
        return Err(SettingError(format!(
            "{}={value}: identical pictures score {perfect}, nothing is better",
            metric.id
        )));
    }
    let at_least = Score::new(number);
    let metric = metric.id;
    Ok(Goal::Score { metric, at_least })
}

/// Reads targets: `ssimulacra2=70`, or several scores of one metric, `ssimulacra2=70,80,90`. As written, each once.
///
/// # Errors
/// An unknown metric, a score that is none.
pub fn parse_targets(text: &str) -> Result<Vec<Goal>, SettingError> {
    let Some((key, values)) = text.split_once('=') else {
        return Err(SettingError(format!(
            "“{text}” is no target: write a metric and a score, as in ssimulacra2=70"
        )));
    };
    let metric = find(METRICS, key).ok_or_else(|| {
        let known: Vec<&str> = METRICS.iter().map(|m| m.info().id).collect();
        SettingError(format!(
            "no metric “{key}”; this build has {}",
            known.join(", ")
        ))
    })?;
    let goals = values.split(',').map(|value| score(metric.info(), value));
    unique(goals.collect::<Result<_, _>>()?)
}

/// Reads sizes as targets: `100kB` or `50kB,100kB`. As written, each once.
///
/// # Errors
/// A size without unit, or one that is none.
pub fn parse_target_sizes(text: &str) -> Result<Vec<Goal>, SettingError> {
    let goals = text.split(',').map(|size| {
        let at_most = parse_bytes(size.trim()).map_err(|e| SettingError(e.to_string()))?;
        self::at_most(&at_most.to_string())
    });
    unique(goals.collect::<Result<_, _>>()?)
}

fn unique(mut goals: Vec<Goal>) -> Result<Vec<Goal>, SettingError> {
    let mut seen = Vec::new();
    goals.retain(|goal| {
        let new = !seen.contains(goal);
        seen.push(*goal);
        new
    });
    Ok(goals)
}
