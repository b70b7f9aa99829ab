//! What is known of an image once it is done, as report data.

use super::ladder::Fit;
use super::measure;
use super::state::State;
use crate::metric::{MetricInfo, Opacity};
use crate::plan::{Plan, Source};
use crate::report::{
    Entry, Failure, ImageReport, LossySource, Measurement, Outcome, Report, Rung, Target,
};
use crate::search::Found;
use crate::source::facts::{Facts, Lossy};
use crate::source::format::Format;
use crate::summary;
use crate::variant::{Goal, Variant};
use crate::verdict;

/// The report of an image whose variants all have their outcome; `head` is the run's report without images.
pub(super) fn image(
    plan: &Plan,
    head: &Report,
    source: &Source,
    fit: Fit,
    mut state: State,
) -> ImageReport {
    let results = plan
        .variants
        .iter()
        .enumerate()
        .map(|(place, v)| entry(v, place, &mut state));
    let results = results.collect();
    let mut image = facts(source, fit, &state);
    image.results = results;
    image.curves = state.curves;
    image.curves.sort_by(|a, b| a.series.cmp(&b.series));
    summary::weigh_at_targets(&mut image, head);
    summary::relate(&mut image, head);
    image.recommended = verdict::recommend(&image, head);
    image
}

/// Notes in the measurement of an answer what was searched for and whether it was found.
pub(super) fn searched(m: &mut Measurement, goal: Goal, metric: &MetricInfo, found: Found) {
    let judge = metric.id.to_owned();
    m.reached = found.reached;
    m.target = match goal {
        Goal::Score { at_least, .. } => Some(Target::Score {
            metric: judge,
            at_least: at_least.value(),
        }),
        Goal::Size { at_most } => Some(Target::Size {
            metric: judge,
            at_most_bytes: at_most,
        }),
        Goal::Quality(_) | Goal::Lossless | Goal::JpegRecompress => None,
    };
    if !found.reached {
        let best = match goal {
            Goal::Size { .. } => format!("the smallest file has {} bytes", m.bytes),
            _ => {
                let score = m.scores.get(metric.id).copied().unwrap_or_default();
                format!("the best score is {score:.2}")
            }
        };
        m.notes
            .push(format!("unreachable: {best}, at q{}", found.quality));
    }
}

/// The report of an input that gave no image.
pub(super) fn failure(source: &Source, stage: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure {
        path: source.path.text(),
        path_bytes: source.path.raw(),
        stage: stage.into(),
        error: error.to_string(),
    }
}

fn entry(variant: &Variant, place: usize, state: &mut State) -> Entry {
    let info = variant.codec().info();
    let lost = || measure::failed("encode", "the outcome is missing");
    let mut outcome = state.outcomes.remove(&place).unwrap_or_else(lost);
    if let Outcome::Done(measurement) = &mut outcome {
        measurement.file = measurement.file.take().or(state.kept.remove(&place));
        if state.opacity() == Opacity::Translucent && !info.alpha {
            measurement
                .notes
                .push("flattened over the background, and compared with that".into());
        }
    }
    let [width, height] = state.size;
    Entry {
        variant: variant.to_string(),
        codec: info.id.into(),
        format: info.format.into(),
        goal: variant.goal().to_string(),
        quality: state.qualities.get(&place).copied().or(variant.quality()),
        lossless: variant.loses_nothing(),
        width,
        height,
        outcome,
    }
}

fn facts(source: &Source, fit: Fit, state: &State) -> ImageReport {
    let facts = state.opened.as_ref().map(|o| &o.facts);
    let format = facts.map(|f| f.format);
    let [width, height] = fit.size;
    ImageReport {
        path: source.path.text(),
        path_bytes: source.path.raw(),
        digest: state
            .opened
            .as_ref()
            .map_or_else(String::new, |o| o.digest.clone()),
        format: format.map_or("", Format::id).into(),
        media_type: format.map_or("", Format::media_type).into(),
        bytes: state.opened.as_ref().map_or(0, |o| o.bytes),
        width,
        height,
        rung: fit.asked.map(|width| Rung {
            width,
            from: facts.map_or([0, 0], Facts::upright_size),
        }),
        bits: facts.map_or(0, |f| f.bits),
        colour: facts.map_or("", |f| f.model.id()).into(),
        dpi: facts.and_then(|f| f.dpi),
        alpha: state.opacity() == Opacity::Translucent,
        icc: facts.and_then(Facts::profile_name),
        orientation: facts.map_or(1, |f| f.orientation),
        frames: facts.map_or(1, |f| f.frames),
        lossy_source: facts.and_then(|f| match f.lossy {
            Lossy::Yes { estimated_quality } => Some(LossySource { estimated_quality }),
            Lossy::No => None,
        }),
        notes: notes(state),
        results: Vec::new(),
        curves: Vec::new(),
        smallest: None,
        pareto: Vec::new(),
        recommended: None,
    }
}

/// In the order of the work: found in the file, done while decoding, left out for want of memory.
fn notes(state: &State) -> Vec<String> {
    let opened = state.opened.as_deref();
    let found = opened.map(|o| &o.notes);
    let done = state.look.as_ref().map(|look| &look.notes);
    let missing = opened.map(|o| &o.footing.grounds[state.nth].notes);
    [found, done, missing]
        .into_iter()
        .flatten()
        .flatten()
        .cloned()
        .collect()
}
