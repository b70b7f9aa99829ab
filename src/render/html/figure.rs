//! A chart with its words, its key and the same figures in a table.

use askama::Template;

use super::super::label;
use super::draw::{Drawing, Shape, mark};
use crate::report::{Asked, Report};
use crate::summary::VariantSummary;

/// A chart with everything that belongs to it.
#[derive(Template)]
#[template(path = "figure.html", config = "src/render/html/askama.toml")]
pub(super) struct Figure {
    /// What it shows and how to read it.
    pub(super) caption: String,
    pub(super) drawing: Drawing,
    pub(super) keys: Vec<Key>,
    pub(super) table: Grid,
}

/// What a mark stands for.
pub(super) struct Key {
    nth: usize,
    name: String,
}

/// Figures in rows.
pub(super) struct Grid {
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Key {
    /// The mark as a shape at the middle of a 16 × 16 drawing.
    fn shape(&self) -> Shape {
        mark(self.nth, &hue(self.nth), [8.0, 8.0], String::new())
    }
}

impl Grid {
    pub(super) fn new(head: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self {
            head: head.iter().map(|title| (*title).to_owned()).collect(),
            rows,
        }
    }
}

/// A variant as short as a chart wants it: `WebP q80`, `WebP ≥ 70`.
pub(super) fn name(report: &Report, variant: &VariantSummary) -> String {
    let VariantSummary {
        codec,
        format,
        variant,
        goal,
        ..
    } = variant;
    if Asked::of(goal).is_some_and(Asked::is_search) {
        let codec = label::codec(report, codec, format);
        let target = label::target(report, goal);
        label::with_settings(format!("{codec} {target}"), variant, goal)
    } else {
        label::variant(report, codec, format, variant, goal)
    }
}

/// Formats whose colours and marks are the same on every page.
const KNOWN: [&str; 5] = ["jpeg", "png", "webp", "avif", "jxl"];

/// The place of `format` among those that are known, and then those of `report`: what its colour and mark go by.
pub(super) fn place(report: &Report, format: &str) -> usize {
    let known = KNOWN.iter().position(|known| *known == format);
    let codecs = report.codecs.iter().position(|c| c.format == format);
    known.unwrap_or(KNOWN.len() + codecs.unwrap_or(0))
}

/// The class that has the colour of the `nth` format.
pub(super) fn hue(nth: usize) -> String {
    format!("f{}", nth % 8)
}

/// Keys of `formats`, each once.
pub(super) fn keys<'a>(report: &Report, formats: impl Iterator<Item = &'a str>) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for format in formats {
        let nth = place(report, format);
        if keys.iter().all(|key| key.nth != nth) {
            let name = label::format(report, format);
            keys.push(Key { nth, name });
        }
    }
    keys
}
