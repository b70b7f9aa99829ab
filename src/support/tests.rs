//! Our reading of queries against browserslist's own, and shares against sums by hand.

use std::path::Path;

use serde::Deserialize;

use super::*;

/// What browserslist made of queries and files on this snapshot; `update.mjs` records it.
#[derive(Deserialize)]
struct Recorded {
    version: String,
    queries: Vec<Record>,
    files: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    query: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    text: String,
    /// A browser each, with its versions.
    #[serde(default)]
    browsers: Vec<String>,
    /// In percent; none where the query is an error.
    coverage: Option<f64>,
}

fn recorded() -> Recorded {
    serde_json::from_str(include_str!("recorded.json")).unwrap()
}

/// Names of `versions`, in no order that matters.
fn names(snapshot: &Snapshot, versions: &Versions) -> Vec<String> {
    let name =
        |at: &(usize, usize)| format!("{} {}", snapshot.browsers[at.0].id, snapshot.at(*at).name);
    let mut names: Vec<String> = versions.iter().map(name).collect();
    names.sort();
    names
}

fn hold(snapshot: &Snapshot, query: &str, record: &Record) {
    let Some(coverage) = record.coverage else {
        assert!(query::resolve(snapshot, query).is_err(), "{query}");
        return;
    };
    let found = query::resolve(snapshot, query).unwrap_or_else(|e| panic!("{e}"));
    let mut expected: Vec<String> = Vec::new();
    for browser in &record.browsers {
        let (id, versions) = browser.split_once(' ').unwrap();
        expected.extend(versions.split(' ').map(|v| format!("{id} {v}")));
    }
    expected.sort();
    assert_eq!(names(snapshot, &found), expected, "{query}");
    if coverage > 0.0 {
        let support = Support::of(query).unwrap();
        assert!((support.covered * 100.0 - coverage).abs() < 1e-3, "{query}");
    }
}

#[test]
fn queries_name_what_browserslist_says_they_name() {
    let snapshot = Snapshot::committed();
    let recorded = recorded();
    assert_eq!(recorded.version, snapshot.version);
    assert!(recorded.queries.len() > 50);
    for record in &recorded.queries {
        hold(&snapshot, &record.query, record);
    }
}

#[test]
fn files_name_what_browserslist_says_they_name() {
    let snapshot = Snapshot::committed();
    for record in &recorded().files {
        let query = read_targets(Path::new(&record.name), &record.text).unwrap();
        hold(&snapshot, &query, record);
    }
}
