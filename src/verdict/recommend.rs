//! Which file to serve.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{Asked, Entry, ImageReport, Measurement, Report};

/// Formats that every current browser shows: JPEG XL is not among them yet, and is served beside one that is.
const SHOWN: [&str; 5] = ["png", "jpeg", "webp", "gif", "avif"];

/// The file to serve for a goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recommended {
    /// Canonical name; `null` is the input as it came.
    pub variant: Option<String>,
    /// Format id.
    pub format: String,
    /// IANA media type.
    pub media_type: String,
    /// File size.
    pub bytes: u64,
    /// What for: `ssimulacra2=70`, `size=100000`, `lossless`.
    pub goal: String,
    /// Why this one.
    pub reason: Because,
}

/// Why a file is the one to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Because {
    /// No file that reaches the goal is smaller.
    Smallest,
    /// No file of the size scores better.
    Best,
    /// It is lossless, and no lossy file does what the goal asks better.
    Lossless,
    /// The input meets the goal, and nothing that does is smaller.
    Original,
}

/// A file that may be served.
struct Candidate<'a> {
    /// None is the input.
    entry: Option<&'a Entry>,
    bytes: u64,
    /// Higher is better; infinite where no pixel changed.
    score: f64,
}

/// The file to serve for the first target of `image`, or the smallest where all is lossless. Never a file that is as large
/// as the input or larger, where browsers show the input as it is; and for a transparent picture none of a format that is
/// not. Set qualities say nothing: what they look like differs.
pub fn recommend(image: &ImageReport, report: &Report) -> Option<Recommended> {
    let goals = || image.results.iter().map(|e| e.goal.as_str());
    let lossless = goals().all(|goal| goal == "lossless");
    let sought = |goal: &&str| lossless || Asked::of(goal).is_some_and(Asked::is_search);
    let goal = goals().find(sought)?;
    let limit = match Asked::of(goal)? {
        Asked::Size(limit) => Some(limit),
        _ => None,
    };
    let fits = |c: &Candidate<'_>| limit.is_none_or(|limit| c.bytes <= limit);
    // The first of equals: the input, then plan order.
    let best = candidates(image, report, goal)
        .filter(fits)
        .min_by(|a, b| {
            let closer = b.score.total_cmp(&a.score).then(a.bytes.cmp(&b.bytes));
            limit.map_or(a.bytes.cmp(&b.bytes), |_| closer)
        })?;
    let format = best.entry.map_or(&image.format, |e| &e.format);
    let media = report.codecs.iter().find(|c| c.format == *format);
    let media = media.filter(|_| best.entry.is_some());
    Some(Recommended {
        variant: best.entry.map(|e| e.variant.clone()),
        format: format.clone(),
        media_type: media.map_or(&image.media_type, |c| &c.media_type).clone(),
        bytes: best.bytes,
        goal: goal.into(),
        reason: match best.entry {
            None => Because::Original,
            Some(e) if e.lossless && !lossless => Because::Lossless,
            Some(_) if limit.is_some() => Because::Best,
            Some(_) => Because::Smallest,
        },
    })
}

/// The input, where browsers show it, then the entries that reached `goal` or keep every pixel.
fn candidates<'a>(
    image: &'a ImageReport,
    report: &'a Report,
    goal: &'a str,
) -> impl Iterator<Item = Candidate<'a>> {
    // What is resized is not what the input shows.
    let shown = SHOWN.contains(&image.format.as_str()) && !image.is_resized();
    let original = shown.then_some(Candidate {
        entry: None,
        bytes: image.bytes,
        score: f64::INFINITY,
    });
    let fitting = move |(e, m): &(&Entry, &Measurement)| {
        let shown = SHOWN.contains(&e.format.as_str());
        m.reached && (e.goal == goal || e.lossless) && e.shows_all(image) && shown
    };
    let entries = image.measurements().filter(fitting);
    let made = entries.map(|(entry, m)| Candidate {
        entry: Some(entry),
        bytes: m.bytes,
        score: if entry.lossless {
            f64::INFINITY
        } else {
            score(report, m)
        },
    });
    original.into_iter().chain(made)
}

/// The first metric's score so that higher is better.
fn score(report: &Report, m: &Measurement) -> f64 {
    let score = report.metrics.first().and_then(|metric| {
        let score = m.scores.get(&metric.id)?;
        Some(metric.better.rising(*score))
    });
    score.unwrap_or(f64::NEG_INFINITY)
}
