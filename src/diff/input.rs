//! Which inputs came, went or changed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{Failure, ImageReport, Report};

/// Inputs that came, went or changed, each list by path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Inputs {
    /// Images that only the new report knows.
    pub added: Vec<Input>,
    /// Images that only the old report knows.
    pub removed: Vec<Input>,
    /// Images whose file is another one.
    pub changed: Vec<Input>,
    /// Inputs that give no image, but gave one or were not there before.
    pub failing: Vec<Failure>,
    /// Inputs that gave no image, but give one or are gone now.
    pub recovered: Vec<Failure>,
}

/// An input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    /// As [`ImageReport::path`].
    pub path: String,
    /// As [`ImageReport::path_bytes`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_bytes: Option<String>,
    /// The width of a ladder, as [`ImageReport::rung`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
}

impl Input {
    pub(super) fn of(image: &ImageReport) -> Self {
        Self {
            path: image.path.clone(),
            path_bytes: image.path_bytes.clone(),
            width: image.rung.map(|rung| rung.width),
        }
    }

    /// An input fails at all of its widths.
    fn of_failure(failure: &Failure) -> Self {
        Self {
            path: failure.path.clone(),
            path_bytes: failure.path_bytes.clone(),
            width: None,
        }
    }

    fn whole(&self) -> Self {
        Self {
            width: None,
            ..self.clone()
        }
    }
}

/// The images that both reports know, by path.
pub(super) fn in_both<'a>(
    old: &'a Report,
    new: &'a Report,
) -> Vec<(&'a ImageReport, &'a ImageReport)> {
    let after = images(new);
    let before = images(old).into_iter();
    before
        .filter_map(|(input, image)| Some((image, *after.get(&input)?)))
        .collect()
}

impl Inputs {
    pub(super) fn between(
        old: &Report,
        new: &Report,
        both: &[(&ImageReport, &ImageReport)],
    ) -> Self {
        let (old_images, new_images) = (images(old), images(new));
        let (old_failures, new_failures) = (failures(old), failures(new));
        let changed = both.iter().filter(|(old, new)| old.digest != new.digest);
        Self {
            added: missing_from(new_images.keys(), &old_images, &old_failures),
            removed: missing_from(old_images.keys(), &new_images, &new_failures),
            changed: changed.map(|(_, new)| Input::of(new)).collect(),
            failing: only_in(&new_failures, &old_failures),
            recovered: only_in(&old_failures, &new_failures),
        }
    }
}

fn images(report: &Report) -> BTreeMap<Input, &ImageReport> {
    let images = report.images.iter();
    images.map(|i| (Input::of(i), i)).collect()
}

fn failures(report: &Report) -> BTreeMap<Input, &Failure> {
    let failures = report.failures.iter();
    failures.map(|f| (Input::of_failure(f), f)).collect()
}

/// The `inputs` that another report does not know at all.
fn missing_from<'a>(
    inputs: impl Iterator<Item = &'a Input>,
    images: &BTreeMap<Input, &ImageReport>,
    failures: &BTreeMap<Input, &Failure>,
) -> Vec<Input> {
    let unknown = inputs.filter(|i| !images.contains_key(i) && !failures.contains_key(&i.whole()));
    unknown.cloned().collect()
}

fn only_in(here: &BTreeMap<Input, &Failure>, there: &BTreeMap<Input, &Failure>) -> Vec<Failure> {
    let own = here.iter().filter(|(input, _)| !there.contains_key(input));
    own.map(|(_, failure)| (*failure).clone()).collect()
}
