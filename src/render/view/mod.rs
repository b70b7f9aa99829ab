//! The report as headings, tables and sentences: what the text formats have in common. Texts are as the report has
//! them; making them harmless is the renderer's business.

mod image;
mod total;

use super::Style;
use crate::report::Report;

/// A piece of the text, top to bottom.
#[derive(Debug)]
pub(super) enum Block {
    /// What follows is about this.
    Heading(Heading),
    /// Figures.
    Table(Table),
    /// Sentences, each on a line of its own.
    Text(Tone, Vec<String>),
    /// What was not measured, and the like.
    List(List),
    /// Sentences that belong to none of the above.
    Aside(Tone, Vec<String>),
}

/// What follows is about this.
#[derive(Debug)]
pub(super) struct Heading {
    /// A file.
    pub(super) path: Option<String>,
    /// What is known of it.
    pub(super) facts: Vec<String>,
}

/// A titled list.
#[derive(Debug)]
pub(super) struct List {
    pub(super) tone: Tone,
    pub(super) title: String,
    pub(super) items: Vec<Item>,
}

/// A line about a file.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) path: Option<String>,
    pub(super) text: String,
}

/// How a line is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Dim,
    Best,
    Warning,
    Failure,
}

/// Figures, one cell a column and row.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
}

/// A column of a [`Table`].
#[derive(Debug)]
pub(super) struct Column {
    pub(super) title: String,
    pub(super) align: Align,
    /// Where room is short, the highest goes first; 0 stays.
    pub(super) drop_priority: u8,
}

/// Which side a column's cells lean to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// A row of a [`Table`].
#[derive(Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<String>,
    pub(super) tone: Tone,
    /// What stands out about it.
    pub(super) mark: Option<&'static str>,
}

/// The mark of the row with the fewest bytes.
const SMALLEST: &str = "◀ smallest";

/// `report` for reading.
pub(super) fn of(report: &Report, style: &Style) -> Vec<Block> {
    let images = &report.images;
    let one_by_one = style.per_image.applies(images.len());
    let mut blocks = Vec::new();
    if one_by_one {
        for image in images {
            blocks.extend(image::blocks(report, image));
        }
    }
    // One image is its own summary.
    if images.len() > 1 || !(one_by_one || images.is_empty()) {
        blocks.extend(total::blocks(report));
    }
    if !one_by_one {
        blocks.extend(total::entries_left_out(report));
    }
    blocks.extend(total::failures(report));
    if images.is_empty() {
        let line = "No image was measured.".into();
        blocks.push(Block::Aside(Tone::Plain, vec![line]));
    }
    blocks.extend(total::passed_over(report, style.verbosity));
    blocks.extend(total::busy(report));
    blocks
}

fn column(title: impl Into<String>, align: Align, drop_priority: u8) -> Column {
    Column {
        title: title.into(),
        align,
        drop_priority,
    }
}

/// Columns that both kinds of table have.
fn metric_columns(report: &Report, suffix: &str) -> Vec<Column> {
    report
        .metrics
        .iter()
        .enumerate()
        .map(|(nth, metric)| {
            let priority = if nth == 0 { 2 } else { 5 };
            column(format!("{}{suffix}", metric.name), Align::Right, priority)
        })
        .collect()
}
