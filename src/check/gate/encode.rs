//! What encoders are asked for `max-saving`, and what comes of it.

use crate::bitmap::Rgb;
use crate::check::base::Measured;
use crate::codec::{self, CODECS, SettingError};
use crate::metric::METRICS;
use crate::plan::{self, Limits, LosslessToo, LossySources, Plan, Selection};
use crate::report::{ImageReport, Outcome};
use crate::variant::Goal;

/// `SSIMULACRA2 70`.
pub(super) fn quality(goal: Goal) -> String {
    match goal {
        Goal::Score { metric, at_least } => {
            let found = METRICS.iter().find(|m| m.info().id == metric);
            let name = found.map_or(metric, |m| m.info().name);
            format!("{name} {}", at_least.value())
        }
        other => other.to_string(),
    }
}

/// Every codec of `formats` that this build has, at `goal`.
pub(super) fn plan(goal: Goal, formats: &[String], bounds: Limits) -> Result<Plan, SettingError> {
    let here = formats
        .iter()
        .filter(|id| codec::find(CODECS, id).is_some());
    let selection = Selection {
        formats: here.cloned().collect(),
        goals: vec![goal],
        lossless: LosslessToo::No,
        explicit: Vec::new(),
    };
    if selection.formats.is_empty() {
        let formats = formats.join(", ");
        let why = format!("max-saving: this build encodes none of the formats {formats}");
        return Err(SettingError(why));
    }
    let variants = plan::variants(&selection, CODECS)?;
    let metrics = match goal {
        Goal::Score { metric, .. } => plan::metrics(&[metric.into()], &variants, METRICS)?,
        _ => Vec::new(),
    };
    Ok(Plan {
        sources: Vec::new(),
        failures: Vec::new(),
        skipped: Vec::new(),
        widths: Vec::new(),
        variants,
        metrics,
        baseline: "jpeg".into(),
        background: Rgb([255; 3]),
        limits: bounds,
        lossy_sources: LossySources::Measure,
        support: None,
        keep: None,
    })
}

/// The smallest file that was made of `image`, the file itself where none is smaller.
///
/// # Errors
/// When an encode failed: it might have been the smallest.
pub(super) fn smallest(
    image: &ImageReport,
    formats: &[String],
    goal: &str,
) -> Result<Measured, String> {
    let itself = Measured {
        variant: "original".into(),
        format: image.format.clone(),
        bytes: image.bytes,
    };
    let failed = image.results.iter().find_map(|entry| match &entry.outcome {
        Outcome::Failed { error } => Some(format!("{}: {}", entry.variant, error.message)),
        _ => None,
    });
    let done = image.measurements().filter(|(entry, m)| {
        let right = m.reached && (entry.goal == goal || entry.lossless);
        right && formats.contains(&entry.format) && entry.shows_all(image)
    });
    let best = done.min_by_key(|(_, m)| m.bytes);
    match (best, failed) {
        (_, Some(error)) => Err(error),
        (Some((entry, m)), None) if m.bytes < image.bytes => Ok(Measured {
            variant: entry.variant.clone(),
            format: entry.format.clone(),
            bytes: m.bytes,
        }),
        _ => Ok(itself),
    }
}
