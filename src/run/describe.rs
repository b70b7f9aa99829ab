//! What is known of an image once it is done, as report data.

use super::measure;
use super::state::State;
use crate::metric::Opacity;
use crate::plan::{Plan, Source};
use crate::report::{Entry, Failure, ImageReport, LossySource, Outcome};
use crate::source::facts::{Facts, Lossy};
use crate::source::format::Format;
use crate::summary;
use crate::variant::Variant;

/// The report of an image whose variants all have their outcome.
pub(super) fn image(plan: &Plan, source: &Source, mut state: State) -> ImageReport {
    let results = plan
        .variants
        .iter()
        .enumerate()
        .map(|(place, v)| entry(v, place, &mut state));
    let results = results.collect();
    let mut image = facts(source, &state);
    image.results = results;
    summary::relate(&mut image, &plan.baseline);
    image
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
        measurement.file = state.kept.remove(&place);
        if state.opacity() == Opacity::Translucent && !info.alpha {
            measurement
                .notes
                .push("flattened over the background, and compared with that".into());
        }
    }
    let [width, height] = state
        .opened
        .as_ref()
        .map(|o| &o.facts)
        .map_or([0, 0], Facts::upright_size);
    Entry {
        variant: variant.to_string(),
        codec: info.id.into(),
        format: info.format.into(),
        goal: variant.goal().to_string(),
        quality: variant.quality(),
        lossless: variant.codec().keeps_pixels(variant.settings()),
        width,
        height,
        outcome,
    }
}

fn facts(source: &Source, state: &State) -> ImageReport {
    let facts = state.opened.as_ref().map(|o| &o.facts);
    let format = facts.map(|f| f.format);
    let [width, height] = facts.map_or([0, 0], Facts::upright_size);
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
    }
}

/// In the order of the work: found in the file, done while decoding, left out for want of memory.
fn notes(state: &State) -> Vec<String> {
    let opened = state.opened.as_deref();
    let found = opened.map(|o| &o.notes);
    let done = state.pictures.as_ref().map(|p| &p.notes);
    let missing = opened.map(|o| &o.footing.notes);
    [found, done, missing]
        .into_iter()
        .flatten()
        .flatten()
        .cloned()
        .collect()
}
