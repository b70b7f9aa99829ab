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

#[test]
fn what_is_not_understood_is_named_with_what_is() {
    for (query, part, remedy) in [
        ("", "", "a part of the query is empty"),
        ("defaults,", "", "a part of the query is empty"),
        ("defaults, nonsense", "“nonsense”", "last 2 versions"),
        ("chrom > 50", "“chrom > 50”", "ie, edge, firefox, chrome"),
        (
            "last 2 chrom versions",
            "“last 2 chrom versions”",
            "ie, edge",
        ),
        ("chrome", "“chrome”", "chrome >= 100"),
        ("> 0.5", "“> 0.5”", "> 0.5%"),
        ("> 101%", "“> 101%”", "> 0.5%"),
        ("> 1% in US", "“> 1% in US”", "no countries"),
        (
            "cover 90% in my stats",
            "“cover 90% in my stats”",
            "statistics of your own",
        ),
        (
            "last 2 node versions",
            "“last 2 node versions”",
            "no countries",
        ),
        ("node >= 18", "“node >= 18”", "Node.js"),
        (
            "extends browserslist-config-x",
            "“extends browserslist-config-x”",
            "shared",
        ),
        (
            "baseline widely available",
            "“baseline widely available”",
            "Baseline",
        ),
        ("not dead", "“not dead”", "defaults, not ie 11"),
        ("defaults, not", "“not”", "last 2 versions"),
        (
            "chrome 9999",
            "“chrome 9999”",
            "no version “9999” of Chrome",
        ),
        ("safari 1-x", "“safari 1-x”", "safari 16-17"),
        ("edge > esr", "“edge > esr”", "“esr” is no version"),
        (
            "last few versions",
            "“last few versions”",
            "last 2 versions",
        ),
        ("last x years", "“last x years”", "last 2 years"),
        ("since 2024-13", "“since 2024-13”", "since 2025-06"),
        ("supports webgl", "“supports webgl”", "webp, avif, jxl"),
        ("ie 5.5", "“ie 5.5”", "nobody uses"),
    ] {
        let error = Support::of(query).unwrap_err().to_string();
        assert!(error.starts_with(part), "{query}: {error}");
        assert!(error.contains(remedy), "{query}: {error}");
    }
}

#[test]
fn files_that_name_nobody_are_refused() {
    for (name, text) in [
        (".browserslistrc", "# nothing\n\n"),
        (".browserslistrc", "[development]\nlast 1 chrome version\n"),
        ("package.json", "{}"),
        ("package.json", "{\"browserslist\": [1]}"),
        ("package.json", "browserslist"),
    ] {
        let error = read_targets(Path::new(name), text).unwrap_err().to_string();
        assert!(error.contains("names no browsers"), "{text}: {error}");
    }
}

/// Two browsers with 30 and 20 % of all users, and a phone's of which the newest version alone is known, with 40 %.
fn small() -> Snapshot {
    let text = r#"{
        "source": "s", "package": "p", "version": "1", "date": "20260101", "licence": "l",
        "formats": ["webp", "jxl"], "firefoxEsr": "1",
        "browsers": [
            {"id": "chrome", "name": "Chrome", "unreleased": 0, "versions": [
                ["1", null, 6, "yn"], ["2", null, 24, "yy"]
            ]},
            {"id": "safari", "name": "Safari", "unreleased": 0, "versions": [
                ["1", null, 5, "an"], ["2", null, 15, "ya"]
            ]},
            {"id": "and_chr", "name": "Chrome for Android", "unreleased": 0, "versions": [["2", null, 40, "yy"]]}
        ]
    }"#;
    serde_json::from_str(text).unwrap()
}

fn shares(support: &Support, format: &str) -> [f64; 3] {
    let format = support.format(format).unwrap();
    [format.full, format.partial, format.full_at_desktop_pace]
}

#[test]
fn everyone_is_all_users_and_unknown_browsers_show_little() {
    let snapshot = small();
    let all = snapshot.all().map(|(at, _)| at).collect();
    let support = Support::new(&snapshot, None, &all);
    assert_eq!((support.covered, support.unknown), (1.0, 0.1));
    assert_eq!(shares(&support, "jpeg"), [1.0, 0.0, 1.0]);
    assert_eq!(shares(&support, "webp"), [0.85, 0.05, 0.85]);
    // At the desktop's pace a fifth of the phones, as of Chrome, have version 1.
    assert_eq!(shares(&support, "jxl"), [0.64, 0.15, 0.56]);
    let sum = |share: fn(&Group) -> f64| support.groups.iter().map(share).sum::<f64>();
    assert!((sum(|g| g.share) - 1.0).abs() < 1e-5);
    assert!((sum(|g| g.share_at_desktop_pace) - 1.0).abs() < 1e-5);
    assert_eq!(support.groups[0].full, ["jpeg", "png", "webp", "jxl"]);
    let newest = &support.newest_only[0];
    assert_eq!(
        (newest.browser.as_str(), newest.share),
        ("Chrome for Android", 0.4)
    );
}

#[test]
fn shares_of_a_query_are_out_of_its_own_users() {
    let snapshot = small();
    let of = |query: &str| {
        let versions = query::resolve(&snapshot, query).unwrap();
        Support::new(&snapshot, Some(query), &versions)
    };
    let support = of("chrome > 0, safari 2");
    assert_eq!((support.covered, support.unknown), (0.45, 0.0));
    assert_eq!(shares(&support, "jxl")[..2], [0.533333, 0.333333]);
    assert_eq!(support.newest_only, []);
    // Where the query names no old Chrome, phones have none either; nor where there is nothing to tell how old they are.
    for query in ["last 1 version", "and_chr 2"] {
        let [full, _, paced] = shares(&of(query), "jxl");
        assert_eq!(full, paced, "{query}");
    }
}

#[test]
fn the_snapshot_tells_what_can_i_use_tells() {
    let support = Support::of_everyone();
    let snapshot = Snapshot::committed();
    for (nth, format) in snapshot.formats.iter().enumerate() {
        let of = |letter: char| {
            let showing = snapshot
                .all()
                .filter(|(_, v)| v.shows.chars().nth(nth) == Some(letter));
            showing.map(|(_, v)| v.percent).sum::<f64>() / 100.0
        };
        let [full, partial, _] = shares(&support, format);
        assert!(
            (full - of('y')).abs() < 1e-4 && (partial - of('a')).abs() < 1e-4,
            "{format}"
        );
    }
}
