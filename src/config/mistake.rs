//! What is wrong in a configuration file: every mistake with its line and a caret, all at once.

use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer, Error};

/// Mistakes told before the rest is left for the next time.
const MOST: usize = 100;

/// One mistake and where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    line: usize,
    column: usize,
    /// The line's text.
    text: String,
    /// Characters that are wrong, 1 or more.
    length: usize,
    message: String,
}

impl Mistake {
    /// `message` about the bytes `span` of the file `input`.
    pub(super) fn new(input: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let start = boundary(input, span.start);
        let before = &input[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let text = input[line_start..].lines().next().unwrap_or("");
        let line_end = line_start + text.len();
        let end = boundary(input, span.end.min(line_end).max(start));
        Self {
            line: line_of(input, start),
            column: input[line_start..start].chars().count() + 1,
            text: text.to_owned(),
            length: input[start..end].chars().count().max(1),
            message: message.into(),
        }
    }

    fn of(input: &str, error: &Error) -> Self {
        Self::new(input, error.span().unwrap_or(0..0), error.message())
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            text,
            length,
            message,
        } = self;
        let gutter = " ".repeat(line.to_string().len());
        let indent = " ".repeat(column - 1);
        let carets = "^".repeat(*length);
        writeln!(f, "TOML parse error at line {line}, column {column}")?;
        writeln!(
            f,
            "{gutter} |\n{line} | {text}\n{gutter} | {indent}{carets}"
        )?;
        f.write_str(message)
    }
}

/// The nearest beginning of a character at or before byte `at`.
fn boundary(input: &str, at: usize) -> usize {
    let mut before = (0..=at.min(input.len())).rev();
    before.find(|at| input.is_char_boundary(*at)).unwrap_or(0)
}

/// The line, from 1, that byte `at` of `input` is on.
pub(super) fn line_of(input: &str, at: usize) -> usize {
    input.as_bytes()[..at.min(input.len())]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

/// Reads `input` as a `T`.
///
/// # Errors
/// Every mistake: what is wrong is taken out and the rest is read again, until nothing is wrong any more.
pub(super) fn read<T: DeserializeOwned>(input: &str) -> Result<T, Vec<Mistake>> {
    let (mut document, errors) = DeTable::parse_recoverable(input);
    let mut mistakes: Vec<Mistake> = errors.iter().map(|e| Mistake::of(input, e)).collect();
    if !mistakes.is_empty() {
        // What else there is to say may be due to what could not be read.
        return Err(mistakes);
    }
    let mut seen: Vec<Range<usize>> = Vec::new();
    loop {
        match T::deserialize(Deserializer::from(document.clone())) {
            Ok(read) if mistakes.is_empty() => return Ok(read),
            Ok(_) => break,
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                // What is missing because it was wrong is no second mistake.
                let taken_out = seen.iter().any(|wrong| covers(&span, wrong));
                if !(taken_out && error.message().starts_with("missing field")) {
                    mistakes.push(Mistake::of(input, &error));
                }
                seen.push(span.clone());
                if seen.len() == MOST || !prune(document.get_mut(), &span) {
                    break;
                }
            }
        }
    }
    mistakes.sort();
    Err(mistakes)
}

/// Takes out the key that `span` is, or else the innermost value that holds it; says whether there was one.
fn prune(table: &mut DeTable<'_>, span: &Range<usize>) -> bool {
    let named = table.keys().find(|key| key.span() == *span).cloned();
    if let Some(key) = named {
        return table.remove(&key).is_some();
    }
    let inside = table
        .iter_mut()
        .any(|(_, value)| prune_value(value.get_mut(), span));
    if inside {
        return true;
    }
    let mut entries = table.iter();
    let found = entries.find(|(_, value)| covers(&value.span(), span));
    let key = found.map(|(key, _)| key.clone());
    key.is_some_and(|key| table.remove(&key).is_some())
}

fn prune_value(value: &mut DeValue<'_>, span: &Range<usize>) -> bool {
    match value {
        DeValue::Table(table) => prune(table, span),
        DeValue::Array(array) => {
            if array
                .iter_mut()
                .any(|item| prune_value(item.get_mut(), span))
            {
                return true;
            }
            let mut kept = DeArray::new();
            let right = array.iter().filter(|item| !covers(&item.span(), span));
            right.for_each(|item: &Spanned<DeValue<'_>>| kept.push(item.clone()));
            let found = kept.len() < array.len();
            *array = kept;
            found
        }
        _ => false,
    }
}

fn covers(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Config {
        number: Option<u8>,
        list: Option<Vec<u8>>,
        inner: Option<Vec<Inner>>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        a: Option<u8>,
    }

    #[test]
    fn every_mistake_is_told_once_with_its_place() {
        let text = "number = 300\nlist = [1, \"x\", 2, -1]\nbogus = 1\n[[inner]]\na = true\nb = 1\n[[inner]]\nb = 2\n";
        let mistakes = read::<Config>(text).unwrap_err();
        let mut lines: Vec<usize> = mistakes.iter().map(|m| m.line).collect();
        lines.sort_unstable();
        assert_eq!(lines, [1, 2, 2, 3, 5, 6, 8], "{mistakes:#?}");
        let shown = mistakes.iter().find(|m| m.line == 3).unwrap().to_string();
        let expected = "TOML parse error at line 3, column 1\n  |\n3 | bogus = 1\n  | ^^^^^\nunknown field `bogus`, expected one of ";
        assert!(shown.starts_with(expected), "{shown}");
    }

    #[test]
    fn what_is_no_toml_is_told_and_nothing_else() {
        let mistakes = read::<Config>("number = [\nbogus = 1\n").unwrap_err();
        assert!(!mistakes.is_empty());
        assert!(
            mistakes.iter().all(|m| !m.message.contains("unknown")),
            "{mistakes:#?}"
        );
    }
}
