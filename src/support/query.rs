//! Queries in browserslist's language: parts joined by `and`, `or`, a comma or the end of a line, read left to right. `or`
//! adds versions; `and` keeps, and `not` takes away, of all that the parts before have named.

use super::select::select;
use super::snapshot::{Snapshot, Versions};

/// A query that means nothing here: the part that is not understood, and what is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QueryError(pub(super) String);

impl QueryError {
    /// Why `part` is not understood.
    pub(super) fn of(part: &str, why: &str) -> Self {
        Self(format!("“{part}”: {why}"))
    }
}

/// A part of a query.
struct Part {
    /// Whether it follows an `and`.
    narrows: bool,
    text: String,
}

/// The versions that `query` names.
pub(super) fn resolve(snapshot: &Snapshot, query: &str) -> Result<Versions, QueryError> {
    let mut versions = Versions::new();
    for (nth, part) in parts(query).iter().enumerate() {
        let text = part.text.as_str();
        let negated = text.split_once(' ').filter(|(word, _)| is(word, "not"));
        match negated {
            Some(_) if nth == 0 => {
                let why =
                    "there is nothing yet to take away from; begin as in “defaults, not ie 11”";
                return Err(QueryError::of(text, why));
            }
            Some((_, rest)) => {
                let found = select(snapshot, rest)?;
                versions.retain(|v| !found.contains(v));
            }
            None => {
                let found = select(snapshot, text)?;
                if part.narrows {
                    versions.retain(|v| found.contains(v));
                } else {
                    versions.extend(found);
                }
            }
        }
    }
    Ok(versions)
}

/// Takes a query apart; white space becomes single spaces.
fn parts(query: &str) -> Vec<Part> {
    let spaced = query.replace(',', " , ");
    let mut narrows = false;
    let mut words: Vec<&str> = Vec::new();
    let mut parts = Vec::new();
    for word in spaced.split_whitespace() {
        if word == "," || is(word, "and") || is(word, "or") {
            let text = words.join(" ");
            parts.push(Part { narrows, text });
            words.clear();
            narrows = is(word, "and");
        } else {
            words.push(word);
        }
    }
    let text = words.join(" ");
    parts.push(Part { narrows, text });
    parts
}

/// Lines of a file as one query: a line is a part of its own, unless the one before ends in `and`, `or` or a comma.
pub(super) fn join<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut query = String::new();
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        let last = query.split_whitespace().last();
        let open = last.is_none_or(|w| w.ends_with(',') || is(w, "and") || is(w, "or"));
        query += if open { " " } else { ", " };
        query += line;
    }
    query.trim().into()
}

fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}
