//! Reports that were written once are read for ever, and the schemas in `schema/` are what reports and diffs follow.
//!
//! `UPDATE_SNAPSHOTS=1` and `UPDATE_SCHEMA=1` write the committed files anew. `tests/data/report-v1*.json` are never
//! written anew: they are what version 0.1.0 wrote.

use std::path::{Path, PathBuf};

use imgbench::Report;
use imgbench::check::{self, Check};
use imgbench::diff::{self, Diff};
use imgbench::render::{self, Style};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// Reports of schema 1 as they were written: one without and one with timing.
const REPORTS: [&str; 2] = ["report-v1", "report-v1-timed"];

const SCHEMA: &str = "schema/imgbench-report-1.json";
const DIFF_SCHEMA: &str = "schema/imgbench-diff-1.json";

fn at(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(at(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Holds `text` against a committed file, or writes that where `variable` asks for it.
fn hold(name: &str, text: &str, variable: &str) {
    if std::env::var_os(variable).is_some() {
        std::fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        std::fs::write(at(name), text).unwrap();
    }
    assert!(
        read(name) == text,
        "{name} is not current: {variable}=1 cargo test compat"
    );
}

fn load(name: &str) -> Report {
    let text = read(&format!("tests/data/{name}.json"));
    Report::from_json(&text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn rendered(report: &Report, format: &str) -> String {
    let mut out = Vec::new();
    let renderer = render::find(render::RENDERERS, format).unwrap();
    renderer
        .render(report, &Style::default(), &mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn saved_reports_render_as_they_always_did() {
    for name in REPORTS {
        let report = load(name);
        for (format, extension) in [("table", "txt"), ("markdown", "md"), ("csv", "csv")] {
            let snapshot = format!("tests/data/{name}.{extension}");
            hold(&snapshot, &rendered(&report, format), "UPDATE_SNAPSHOTS");
        }
    }
}

/// What is in `old` and not in `new`: fields may come, none may go or change.
fn lost(old: &Value, new: &Value, place: &str) -> Vec<String> {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => old
            .iter()
            .flat_map(|(key, value)| lost(value, &new[key], &format!("{place}.{key}")))
            .collect(),
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            let pairs = old.iter().zip(new).enumerate();
            pairs
                .flat_map(|(nth, (old, new))| lost(old, new, &format!("{place}[{nth}]")))
                .collect()
        }
        _ if old == new => Vec::new(),
        _ => vec![format!("{place}: {old} became {new}")],
    }
}

#[test]
fn nothing_of_a_saved_report_is_lost_when_it_is_saved_again() {
    for name in REPORTS {
        let old: Value = serde_json::from_str(&read(&format!("tests/data/{name}.json"))).unwrap();
        let again = rendered(&load(name), "json");
        let new: Value = serde_json::from_str(&again).unwrap();
        assert_eq!(lost(&old, &new, ""), Vec::<String>::new(), "{name}");
        assert_eq!(Report::from_json(&again).unwrap(), load(name));
    }
}

#[test]
fn a_merge_of_a_saved_report_alone_is_that_report_and_what_this_version_adds() {
    for name in REPORTS {
        let merged = Report::merge(vec![load(name)]).unwrap();
        let [old, new] = [load(name), merged.clone()].map(|r| serde_json::to_value(r).unwrap());
        assert_eq!(lost(&old, &new, ""), Vec::<String>::new(), "{name}");
        let mut derived = load(name);
        derived.derive();
        assert_eq!(merged, derived, "{name}");
    }
}

/// The schema of what is written: a field that is always there is required.
fn schema_of<T: JsonSchema>(title: &str, id: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let mut schema = schema.to_value();
    schema["title"] = title.into();
    schema["properties"]["schema"]["const"] = id.into();
    schema
}

fn schema() -> Value {
    schema_of::<Report>("imgbench report, schema 1", imgbench::report::SCHEMA)
}

fn diff_schema() -> Value {
    schema_of::<Diff>("imgbench diff, schema 1", diff::SCHEMA)
}

fn check_schema() -> Value {
    schema_of::<Check>("imgbench check, schema 1", check::SCHEMA)
}

#[test]
fn the_committed_schema_is_that_of_the_types() {
    let config = imgbench::config::schema().to_value();
    for (name, schema) in [
        (SCHEMA, schema()),
        (DIFF_SCHEMA, diff_schema()),
        ("schema/imgbench-check-1.json", check_schema()),
        ("schema/imgbench-config.json", config),
    ] {
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        hold(name, &text, "UPDATE_SCHEMA");
    }
}

#[test]
fn diffs_follow_their_schema() {
    let [old, mut new] = REPORTS.map(load);
    for image in &mut new.images {
        image.results.remove(0);
    }
    new.images[0].digest = "blake3:00".into();
    new.codecs[0].version = "9".into();
    for (old, new) in [(&old, &new), (&new, &old)] {
        let mut diff = Diff::between(old, new);
        diff.hold("0%".parse().unwrap());
        assert!(!diff.entries.is_empty() && !diff.conditions.is_empty());
        let diff = serde_json::to_value(diff).unwrap();
        let schema = diff_schema();
        let faults = Validator { root: &schema }.faults(&schema, &diff, "");
        assert_eq!(faults, Vec::<String>::new());
    }
}

#[test]
fn saved_reports_follow_the_schema() {
    let schema = schema();
    for name in REPORTS {
        let report: Value =
            serde_json::from_str(&read(&format!("tests/data/{name}.json"))).unwrap();
        let faults = Validator { root: &schema }.faults(&schema, &report, "");
        assert_eq!(faults, Vec::<String>::new(), "{name}");
        // And the check does find faults.
        for (pointer, fault) in [
            ("/schema", Value::from("imgbench-report/2")),
            ("/images/0/bytes", Value::from(-1)),
            ("/images/0/results/0/status", Value::from("lost")),
            ("/images/1/dpi", serde_json::json!([72.0])),
            ("/summary", Value::Null),
            ("/metrics/0/better", Value::from("bigger")),
        ] {
            let mut broken = report.clone();
            *broken.pointer_mut(pointer).unwrap() = fault;
            let faults = Validator { root: &schema }.faults(&schema, &broken, "");
            assert!(!faults.is_empty(), "{name} {pointer}");
        }
        let mut broken = report.clone();
        broken["images"][0]
            .as_object_mut()
            .unwrap()
            .remove("digest");
        assert!(
            !Validator { root: &schema }
                .faults(&schema, &broken, "")
                .is_empty()
        );
    }
}

/// As much of JSON Schema as ours uses; it stops at a keyword that it does not know.
struct Validator<'a> {
    root: &'a Value,
}

impl Validator<'_> {
    fn faults(&self, schema: &Value, value: &Value, place: &str) -> Vec<String> {
        let Value::Object(keywords) = schema else {
            return match schema {
                Value::Bool(false) => vec![format!("{place}: nothing may be here")],
                _ => Vec::new(),
            };
        };
        let faults = keywords
            .iter()
            .flat_map(|(keyword, wanted)| self.keyword((keyword, wanted), schema, value, place));
        faults.collect()
    }

    fn keyword(
        &self,
        (keyword, wanted): (&str, &Value),
        schema: &Value,
        value: &Value,
        place: &str,
    ) -> Vec<String> {
        let fault = |wrong: bool| {
            let text = || format!("{place}: {value} is not {keyword} {wanted}");
            wrong.then(text).into_iter().collect::<Vec<_>>()
        };
        let list = || wanted.as_array().unwrap();
        let fitting = || {
            let fits = |s: &&Value| self.faults(s, value, place).is_empty();
            list().iter().filter(fits).count()
        };
        match keyword {
            "$schema" | "$defs" | "title" | "description" | "format" | "default" => Vec::new(),
            "$ref" => {
                let pointer = wanted.as_str().unwrap().strip_prefix('#').unwrap();
                self.faults(self.root.pointer(pointer).unwrap(), value, place)
            }
            "type" => {
                let is = |kind: &Value| match kind.as_str().unwrap() {
                    "null" => value.is_null(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    "string" => value.is_string(),
                    "array" => value.is_array(),
                    "object" => value.is_object(),
                    other => panic!("type {other}"),
                };
                fault(
                    !wanted
                        .as_array()
                        .map_or_else(|| is(wanted), |kinds| kinds.iter().any(is)),
                )
            }
            "const" => fault(value != wanted),
            "enum" => fault(!list().contains(value)),
            "minimum" => fault(value.is_number() && value.as_f64() < wanted.as_f64()),
            "maximum" => fault(value.is_number() && value.as_f64() > wanted.as_f64()),
            "minItems" => fault(
                value
                    .as_array()
                    .is_some_and(|a| (a.len() as u64) < wanted.as_u64().unwrap()),
            ),
            "maxItems" => fault(
                value
                    .as_array()
                    .is_some_and(|a| a.len() as u64 > wanted.as_u64().unwrap()),
            ),
            "required" => fault(value.as_object().is_some_and(|o| {
                list()
                    .iter()
                    .any(|key| !o.contains_key(key.as_str().unwrap()))
            })),
            "anyOf" => fault(fitting() == 0),
            "oneOf" => fault(fitting() != 1),
            "allOf" => fault(fitting() != list().len()),
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                items
                    .flat_map(|(nth, item)| self.faults(wanted, item, &format!("{place}[{nth}]")))
                    .collect()
            }
            "properties" => {
                let known = wanted.as_object().unwrap().iter();
                known
                    .filter_map(|(key, schema)| Some((key, schema, value.get(key)?)))
                    .flat_map(|(key, schema, v)| self.faults(schema, v, &format!("{place}.{key}")))
                    .collect()
            }
            "additionalProperties" => {
                let known = schema.get("properties");
                let others = value.as_object().into_iter().flatten();
                others
                    .filter(|(key, _)| known.is_none_or(|k| k.get(key.as_str()).is_none()))
                    .flat_map(|(key, v)| self.faults(wanted, v, &format!("{place}.{key}")))
                    .collect()
            }
            other => panic!("teach this test the keyword {other}"),
        }
    }
}
