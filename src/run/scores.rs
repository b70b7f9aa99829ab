//! Files scored against the originals they were made of, in parallel.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::guard::guarded;
use super::{Cancel, Machine, RunError};
use crate::bitmap::{Bitmap, Rgb};
use crate::metric::{Metric, MetricError, Mode, Opacity, Shape};
use crate::plan::Limits;
use crate::resize;
use crate::source::{self, decode, read};

/// A file, its original, and the metric that compares them.
#[derive(Clone, Copy)]
pub struct Comparison<'a> {
    /// The file.
    pub file: &'a Path,
    /// The original, as large or larger.
    pub original: &'a Path,
    /// The metric.
    pub metric: &'static dyn Metric,
}

/// Scores every file against its original, in their order. An original that is larger is resized to the file's width, as a
/// ladder of widths is; one with transparency is laid over white where the file has none. What cannot be scored says why.
///
/// # Errors
/// When the worker threads cannot be started.
pub fn scores(
    comparisons: &[Comparison<'_>],
    limits: Limits,
    machine: Machine,
    cancel: &Cancel,
) -> Result<Vec<Result<f64, String>>, RunError> {
    let jobs = machine.jobs.max(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    let pool = pool.map_err(|source| RunError::Threads { jobs, source })?;
    // Each job may take its part of the memory, and none more: what needs more is told, not tried.
    let memory = machine.max_memory / jobs as u64;
    let unanswered = comparisons.iter().map(|_| Err("interrupted".to_owned()));
    let answers = Mutex::new(unanswered.collect::<Vec<_>>());
    let next = AtomicUsize::new(0);
    pool.broadcast(|_| {
        while !cancel.is_cancelled() {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            let Some(comparison) = comparisons.get(nth) else {
                break;
            };
            let score = guarded(|| score(comparison, limits, memory)).flatten();
            let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers[nth] = score;
        }
    });
    Ok(answers.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn score(comparison: &Comparison<'_>, limits: Limits, memory: u64) -> Result<f64, String> {
    let made = open(comparison.file, limits, memory)?;
    let original = open(comparison.original, limits, memory);
    let original = original.map_err(|e| format!("original: {e}"))?;
    let original = alike(original, &made)?;
    let shape = Shape {
        width: made.width(),
        height: made.height(),
        opacity: if original.is_opaque() {
            Opacity::Opaque
        } else {
            Opacity::Translucent
        },
    };
    let need = comparison.metric.need(shape, Mode::Full);
    let fits = need.reference.saturating_add(need.working) <= memory;
    let mode = if fits || !comparison.metric.has_strips() {
        Mode::Full
    } else {
        Mode::Strips
    };
    let told = |e: MetricError| e.to_string();
    let prepared = comparison.metric.prepare(Arc::new(original), mode);
    prepared.map_err(told)?.score(&made).map_err(told)
}

fn open(at: &Path, limits: Limits, max_memory: u64) -> Result<Bitmap, String> {
    let file = read::read(at, limits.max_file_size).map_err(|e| e.to_string())?;
    let extension = at.extension().and_then(|e| e.to_str());
    let limits = source::Limits {
        max_pixels: limits.max_pixels,
        max_memory,
    };
    let decoded = decode::open(&file, extension, &limits);
    Ok(decoded.map_err(|e| e.to_string())?.bitmap)
}

/// `original` as it would look in place of `made`.
fn alike(original: Bitmap, made: &Bitmap) -> Result<Bitmap, String> {
    let is_flat = original.is_opaque() || !made.is_opaque();
    let original = if is_flat {
        original
    } else {
        original.over(Rgb([255; 3])).into_owned()
    };
    let (from, to) = (
        [original.width(), original.height()],
        [made.width(), made.height()],
    );
    if from == to {
        return Ok(original);
    }
    // A side that was rounded the other way is no other picture.
    let rows = resize::rows(from, to[0]);
    if to[0] > from[0] || rows.abs_diff(to[1]) > 1 {
        let [[a, b], [c, d]] = [to, from];
        return Err(format!(
            "{a}×{b} is no smaller copy of the original, which is {c}×{d}"
        ));
    }
    let smaller = resize::resize_to(&original, to[0]).map_err(|e| e.to_string())?;
    if smaller.height() == to[1] {
        return Ok(smaller);
    }
    Err(format!(
        "the original is {} rows high at this width, the file {}",
        smaller.height(),
        to[1]
    ))
}
