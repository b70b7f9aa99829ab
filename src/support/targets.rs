//! The files that projects keep their query in: `.browserslistrc`, or the key `browserslist` of `package.json`.

use std::path::Path;

use serde_json::Value;

use super::query::{QueryError, join};

/// Sections for the live site, the best first. Browserslist, too, takes these where its environment names none.
const SECTIONS: [&str; 2] = ["production", "defaults"];

/// The query in the file `name`, whose content is `text`: what it says of production where it tells environments apart.
///
/// # Errors
/// When it is JSON without queries, or says nothing.
pub fn read_targets(name: &Path, text: &str) -> Result<String, QueryError> {
    let text = text.trim_start_matches('\u{feff}');
    let query = match name.extension() {
        Some(json) if json == "json" => of_package(text),
        _ => of_lines(text),
    };
    query.filter(|query| !query.is_empty()).ok_or_else(|| {
        let name = name.display();
        QueryError(format!(
            "{name} names no browsers; write them one a line, or in JSON under the key browserslist"
        ))
    })
}

fn of_package(text: &str) -> Option<String> {
    let package: Value = serde_json::from_str(text).ok()?;
    let found = package.get("browserslist")?;
    let list = SECTIONS.iter().find_map(|section| found.get(section));
    match list.unwrap_or(found) {
        Value::String(query) => Some(query.clone()),
        Value::Array(queries) => {
            let queries: Option<Vec<&str>> = queries.iter().map(Value::as_str).collect();
            Some(join(queries?.into_iter()))
        }
        _ => None,
    }
}

fn of_lines(text: &str) -> Option<String> {
    let bare = |line: &'_ str| line.split('#').next().unwrap_or("").trim().to_owned();
    let mut sections = vec!["defaults".to_owned()];
    let mut lines: Vec<(Vec<String>, String)> = Vec::new();
    for line in text.lines().map(bare) {
        let heading = line.strip_prefix('[').and_then(|l| l.strip_suffix(']'));
        match heading {
            Some(names) => sections = names.split_whitespace().map(String::from).collect(),
            None => lines.push((sections.clone(), line)),
        }
    }
    let of = |section: &str| {
        let within = |named: &[String]| named.iter().any(|n| n == section);
        let lines = lines.iter().filter(|(named, _)| within(named));
        join(lines.map(|(_, line)| line.as_str()))
    };
    SECTIONS.into_iter().map(of).find(|query| !query.is_empty())
}
