//! What breaks a limit, in figures and words. Pure.

use super::budget::{Budget, Limit, Rule, Slack, units};
use super::file::File;
use super::outcome::Figure;
use crate::size::{Size, parse_bytes};
use crate::source::Format;

/// Every kind of limit by its key, and what it is.
pub const RULES: [(&str, &str); 9] = [
    ("max-size", "Bytes of each file"),
    ("max-total", "Bytes of all files together"),
    ("max-bpp", "Bits a pixel of each file"),
    ("max-width", "Pixels across"),
    ("max-height", "Pixels down"),
    ("formats", "Formats that files may have"),
    (
        "max-saving",
        "What another encoding of the same quality may save",
    ),
    ("min-score", "The least score against an original"),
    ("max-growth", "What a file may have grown since the base"),
];

/// A limit that is broken.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Breach {
    pub(super) actual: Figure,
    pub(super) limit: Figure,
    pub(super) unit: &'static str,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// How far beyond the limit, 0 or more.
    pub(super) severity: f64,
}

/// Where a limit is written, for a sentence.
pub(super) struct Place<'a> {
    pub(super) config: &'a str,
    pub(super) budget: &'a Budget,
    pub(super) rule: &'a Rule,
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, line) = (&self.budget.name, self.rule.line);
        write!(f, "budget “{name}” ({}:{line})", self.config)
    }
}

/// How `file` breaks a limit that its size and header tell of; `None` where it does not, and for other limits.
pub(super) fn breach(file: &File, place: &Place<'_>) -> Option<Breach> {
    let name = file.path.text();
    match &place.rule.limit {
        Limit::MaxSize(limit) => {
            let over = file.bytes.checked_sub(limit.bytes).filter(|o| *o > 0)?;
            let shown = [file.bytes, over, limit.bytes];
            let [is, over_by, limit_is] = limit.units.show_apart(shown);
            // In short, where that is not rounded.
            let short = limit.to_string().replace(' ', "");
            let fitting = match parse_bytes(&short) {
                Ok(bytes) if bytes == limit.bytes => short,
                _ => format!("{}B", limit.bytes),
            };
            Some(Breach {
                actual: Figure::Whole(file.bytes),
                limit: Figure::Whole(limit.bytes),
                unit: "bytes",
                message: format!("{name} is {is}, {over_by} over the {limit_is} {place}"),
                hint: Some(compare(&name, &format!("--target-size {fitting}"))),
                severity: ratio(file.bytes as f64, limit.bytes as f64),
            })
        }
        Limit::MaxBpp(limit) => {
            let [width, height] = file.facts.size?;
            let pixels = f64::from(width) * f64::from(height);
            // Rounded once: a file of exactly the limit is within it.
            let bpp = file.bytes as f64 * 8.0 / pixels;
            (bpp > *limit).then(|| Breach {
                actual: Figure::Real(bpp),
                limit: Figure::Real(*limit),
                unit: "bits per pixel",
                message: format!(
                    "{name} has {} bits a pixel, over the {limit} of {place}",
                    apart(bpp, *limit)
                ),
                hint: Some(compare(&name, "-t ssimulacra2=70")),
                severity: ratio(bpp, *limit),
            })
        }
        Limit::MaxWidth(limit) => side(file, 0, *limit, "wide", place),
        Limit::MaxHeight(limit) => side(file, 1, *limit, "high", place),
        Limit::Formats(allowed) => {
            let format = file.facts.format?;
            let known = allowed.iter().any(|id| id == format.id());
            (!known).then(|| not_allowed(&name, format, allowed, place))
        }
        Limit::MaxGrowth(slack) => growth(file, slack, place),
        _ => None,
    }
}

fn side(file: &File, nth: usize, limit: u32, way: &str, place: &Place<'_>) -> Option<Breach> {
    let actual = file.facts.size?[nth];
    let over = actual.checked_sub(limit).filter(|over| *over > 0)?;
    let name = file.path.text();
    let hint = (nth == 0).then(|| compare(&name, &format!("-w {limit}")));
    Some(Breach {
        actual: Figure::Whole(actual.into()),
        limit: Figure::Whole(limit.into()),
        unit: "pixels",
        message: format!("{name} is {actual} pixels {way}, {over} over the {limit} of {place}"),
        hint,
        severity: ratio(actual.into(), limit.into()),
    })
}

fn not_allowed(name: &str, format: Format, allowed: &[String], place: &Place<'_>) -> Breach {
    let allowed = list(allowed, "or");
    Breach {
        actual: Figure::Text(format.id().into()),
        limit: Figure::Text(allowed.clone()),
        unit: "format",
        message: format!("{name} is {format}, not {allowed} as {place} says"),
        hint: None,
        severity: f64::MAX,
    }
}

/// How files of these `sizes` break a `limit` to their sum.
pub(super) fn total(sizes: &[u64], limit: Size, place: &Place<'_>) -> Option<Breach> {
    let bytes = sizes.iter().sum::<u64>();
    let over = bytes.checked_sub(limit.bytes).filter(|over| *over > 0)?;
    let [is, over_by, limit_is] = limit.units.show_apart([bytes, over, limit.bytes]);
    let all = match sizes.len() {
        1 => "1 file is".to_owned(),
        n => format!("{n} files together are"),
    };
    Some(Breach {
        actual: Figure::Whole(bytes),
        limit: Figure::Whole(limit.bytes),
        unit: "bytes",
        message: format!("{all} {is}, {over_by} over the {limit_is} {place}"),
        hint: None,
        severity: ratio(bytes as f64, limit.bytes as f64),
    })
}

/// How a file that was in the base breaks `max-growth`.
fn growth(file: &File, slack: &Slack, place: &Place<'_>) -> Option<Breach> {
    let before = file.was_bytes()?;
    let grown = file.bytes.checked_sub(before)?;
    if grown <= slack.of(before) {
        return None;
    }
    let units = units(slack);
    let [is, was, by] = units.show_apart([file.bytes, before, grown]);
    let percent = match before {
        0 => String::new(),
        before => format!(" (+{:.1} %)", grown as f64 / before as f64 * 100.0),
    };
    let name = file.path.text();
    Some(Breach {
        actual: Figure::Whole(file.bytes),
        limit: Figure::Whole(before + slack.of(before)),
        unit: "bytes",
        message: format!(
            "{name} grew from {was} to {is}, by {by}{percent}: over the {slack} of {place}"
        ),
        hint: None,
        severity: ratio(file.bytes as f64, before as f64),
    })
}

/// A command that shows what could be done about `name`.
pub(super) fn compare(name: &str, flags: &str) -> String {
    format!("imgbench compare {} {flags}", shell(name))
}

/// `text` as one word of a shell.
fn shell(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,@%".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text.into();
    }
    let text = if text.starts_with('-') {
        format!("./{text}")
    } else {
        text.into()
    };
    format!("'{}'", text.replace('\'', r"'\''"))
}

pub(super) fn ratio(actual: f64, limit: f64) -> f64 {
    if limit > 0.0 {
        actual / limit
    } else {
        f64::MAX
    }
}

/// `value` with as few decimals as tell it from `limit`.
pub(super) fn apart(value: f64, limit: f64) -> String {
    (2..=9)
        .map(|decimals| format!("{value:.decimals$}"))
        .find(|text| text.parse().is_ok_and(|shown: f64| shown != limit))
        .unwrap_or_else(|| value.to_string())
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn list(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}
