//! What two reports were made with, as far as it differs.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::report::{Options, Report};

/// Something that two reports were made with, and that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// What kind of thing.
    pub kind: ConditionKind,
    /// Its name: `mozjpeg`, `mozjpeg:trellis`, `background`.
    pub name: String,
    /// Its version or value, before; `null` where there was none.
    pub old: Option<String>,
    /// Its version or value, now; `null` where there is none.
    pub new: Option<String>,
}

/// What kind of thing a [`Condition`] is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum ConditionKind {
    /// The program that measured.
    Generator,
    /// A codec's library.
    Codec,
    /// A setting that variants leave unsaid.
    Default,
    /// A metric's implementation.
    Metric,
    /// An option of the run.
    Option,
}

type Facts = BTreeMap<(ConditionKind, String), String>;

/// Everything that differs, by kind and name. A codec or metric that only one of them has is no other condition.
pub(super) fn differing(old: &Report, new: &Report) -> Vec<Condition> {
    let (before, after) = (facts(old, new), facts(new, old));
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differing = names
        .into_iter()
        .filter(|name| before.get(name) != after.get(name));
    differing
        .map(|name| Condition {
            kind: name.0,
            name: name.1.clone(),
            old: before.get(name).cloned(),
            new: after.get(name).cloned(),
        })
        .collect()
}

/// What `report` was made with, of the codecs and metrics that `other` has, too.
fn facts(report: &Report, other: &Report) -> Facts {
    use ConditionKind::{Codec, Default, Generator, Metric};
    let generator = &report.generator;
    let mut facts = options(&report.options);
    facts.insert(
        (Generator, generator.name.clone()),
        generator.version.clone(),
    );
    for codec in &report.codecs {
        if other.codecs.iter().any(|c| c.id == codec.id) {
            facts.insert((Codec, codec.id.clone()), codec.version.clone());
            let defaults = codec.defaults.iter();
            let named = |(key, value): (&String, &String)| {
                ((Default, format!("{}:{key}", codec.id)), value.clone())
            };
            facts.extend(defaults.map(named));
        }
    }
    for metric in &report.metrics {
        if other.metrics.iter().any(|m| m.id == metric.id) {
            let version = format!("{} {}", metric.implementation, metric.version);
            facts.insert((Metric, metric.id.clone()), version);
        }
    }
    facts
}

/// The options as the report names them, also those that come to be. Variants are compared one by one instead.
fn options(options: &Options) -> Facts {
    let Ok(Value::Object(fields)) = serde_json::to_value(options) else {
        return Facts::new();
    };
    let told = fields.into_iter().filter(|(name, _)| name != "variants");
    told.map(|(name, value)| ((ConditionKind::Option, name), text(&value)))
        .collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
