//! A report or a diff as headings, tables and sentences: what the text formats have in common. Texts are as the report
//! has them; making them harmless is the renderer's business.

mod closing;
mod diff;
mod image;
mod quality;
mod total;

use super::{Style, Subject, Verbosity, label};
use crate::report::{MetricUsed, Report};

/// What can be read as a text.
pub(super) trait View {
    /// Its pieces, top to bottom.
    fn view(&self, style: &Style) -> Vec<Block>;
}

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
    /// Something to paste.
    Code(Code),
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

/// Something to paste: on one line, however long it is.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) title: String,
    pub(super) json: String,
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

/// The mark of the row with the fewest bytes among several that keep every pixel.
const SMALLEST_LOSSLESS: &str = "◀ smallest lossless";

/// The mark of a row that missed its goal.
const UNREACHABLE: &str = "unreachable";

/// Which parts of a report are shown.
struct Shown {
    /// A table an image.
    images: bool,
    /// A table over all images.
    summary: bool,
    verbosity: Verbosity,
}

impl Shown {
    fn of(report: &Report, style: &Style) -> Self {
        let count = report.images.len();
        let images = style.per_image.applies(count);
        Self {
            images,
            // One image is its own summary.
            summary: count > 1 || (count == 1 && !images),
            verbosity: style.verbosity,
        }
    }
}

impl View for Report {
    fn view(&self, style: &Style) -> Vec<Block> {
        if let (Subject::QualityMap, Some(map)) = (style.subject, &self.quality_map)
            && !self.images.is_empty()
        {
            let shown = Shown {
                images: false,
                summary: false,
                verbosity: style.verbosity,
            };
            return quality::blocks(self, map, &shown);
        }
        let shown = Shown::of(self, style);
        let mut blocks = Vec::new();
        if shown.images {
            for image in &self.images {
                blocks.extend(image::blocks(self, image));
            }
        }
        if self.by_width.is_empty() {
            if shown.summary {
                blocks.extend(total::blocks(self, None));
            }
        } else {
            for width in &self.options.widths {
                let part = self.at_width(*width);
                if part.images.len() > 1 || !shown.images {
                    blocks.extend(total::blocks(&part, Some(*width)));
                }
            }
        }
        if self.images.is_empty() {
            let line = "No image was measured.".into();
            blocks.push(Block::Aside(Tone::Plain, vec![line]));
        }
        blocks.extend(closing(self, style));
        blocks
    }
}

/// What is told of all images of `report` together, at one `width` of a ladder if there is one.
pub(super) fn summary(report: &Report, width: Option<u32>) -> Vec<Block> {
    total::blocks(report, width)
}

/// What is told once, after all figures.
pub(super) fn closing(report: &Report, style: &Style) -> Vec<Block> {
    let shown = Shown::of(report, style);
    let legend = closing::legend(report, &shown);
    closing::blocks(report, &shown, legend)
}

/// The variant with the fewest bytes of a class of several, the first of equals.
fn smallest_of_class<'a>(class: impl Iterator<Item = (&'a str, u64)>) -> Option<&'a str> {
    let class: Vec<_> = class.collect();
    let least = class.iter().min_by_key(|(_, bytes)| *bytes);
    least.filter(|_| class.len() > 1).map(|(name, _)| *name)
}

/// Lines of a list before the rest is only counted.
const LIST_LIMIT: usize = 20;

/// Takes the end of a long list away, unless everything is to be told.
fn cut(items: &mut Vec<Item>, verbosity: Verbosity) {
    let more = items.len().saturating_sub(LIST_LIMIT);
    if more > 1 && verbosity == Verbosity::Normal {
        items.truncate(LIST_LIMIT);
        items.push(Item {
            path: None,
            text: format!("… and {more} more (-v lists them all)"),
        });
    }
}

fn column(title: impl Into<String>, align: Align, drop_priority: u8) -> Column {
    Column {
        title: title.into(),
        align,
        drop_priority,
    }
}

/// Columns that both kinds of table begin with.
fn goal_columns(report: &Report) -> Vec<Column> {
    let format = column("Format", Align::Left, 0);
    let targets = label::has_targets(report);
    let target = targets.then(|| column("Target", Align::Left, 0));
    // What was found is news, what was set is which row it is.
    let quality = column("Quality", Align::Left, if targets { 6 } else { 0 });
    [format]
        .into_iter()
        .chain(target)
        .chain([quality])
        .collect()
}

/// Whether `report` tells of browsers: a column in the summary, which is the image's table where there is one image.
fn tells_of_browsers(report: &Report, shown: &Shown) -> bool {
    report.support.is_some() && (shown.summary || report.images.len() == 1)
}

/// The column that tells who sees a format, where the report knows.
fn browsers_column(report: &Report) -> Option<Column> {
    let support = report.support.as_ref();
    support.map(|_| column("Browsers", Align::Right, 7))
}

/// Columns that both kinds of table have.
fn metric_columns(metrics: &[MetricUsed]) -> Vec<Column> {
    metrics
        .iter()
        .enumerate()
        .map(|(nth, metric)| {
            let priority = if nth == 0 { 2 } else { 5 };
            column(&metric.name, Align::Right, priority)
        })
        .collect()
}
