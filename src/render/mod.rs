//! Report → bytes, and diff → bytes. One file per output format, one line in [`RENDERERS`] each.
//!
//! The text formats share `view`: what is to be told as headings, tables and sentences. A renderer only decides how those
//! look, and makes every text it was handed harmless in its own medium, for file names come from anywhere.

mod codec_compare;
mod csv;
mod duel;
mod escape;
pub use escape::visible;
#[cfg(test)]
pub(crate) mod fixture;
mod html;
pub use html::Illustrated;
mod ink;
mod json;
mod label;
mod markdown;
pub mod ndjson;
mod table;
#[cfg(test)]
mod tests;
mod units;
mod view;
mod words;

use std::io;

use crate::diff::Diff;
use crate::report::Report;

/// Every output format of this build, the default one first. To add one: a file beside this one and a line here.
pub static RENDERERS: &[&dyn Renderer] = &[
    &table::Table,
    &markdown::Markdown,
    &json::Json,
    &ndjson::NdJson,
    &csv::Csv,
    &html::Html,
    &codec_compare::CodecCompare,
];

/// The output formats that a diff has a form in, the default one first.
pub static DIFF_RENDERERS: &[&dyn Renderer<Diff>] =
    &[&table::Table, &markdown::Markdown, &json::Json];

/// What an output format is.
#[derive(Debug)]
pub struct RendererInfo {
    /// Name on the command line, such as `markdown`.
    pub id: &'static str,
    /// File extensions that mean this format, without the dot, the usual one first.
    pub extensions: &'static [&'static str],
    /// IANA media type.
    pub media_type: &'static str,
    /// One line of help.
    pub help: &'static str,
}

/// A way to write a report down, or another `T`.
pub trait Renderer<T = Report>: Send + Sync {
    /// What it is.
    fn info(&self) -> &RendererInfo;

    /// Writes `subject` to `out`.
    ///
    /// # Errors
    /// Whatever `out` fails with.
    fn render(&self, subject: &T, style: &Style, out: &mut dyn io::Write) -> io::Result<()>;
}

/// A table of renderers: [`RENDERERS`] or [`DIFF_RENDERERS`].
pub type RendererTable<T> = &'static [&'static dyn Renderer<T>];

/// How a report is to look, where the format leaves a choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal; `None` is as many as it takes.
    pub width: Option<usize>,
    /// Whether to send colour codes.
    pub color: Color,
    /// Whether every image has a table of its own.
    pub per_image: PerImage,
    /// How much is told.
    pub verbosity: Verbosity,
    /// What is shown.
    pub subject: Subject,
}

/// What the text formats show of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Subject {
    /// Sizes and scores.
    #[default]
    Results,
    /// Its quality map, if it has one.
    QualityMap,
}

/// Whether to send colour codes. The caller knows the terminal and the environment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    #[default]
    Never,
    /// ANSI codes.
    Always,
}

/// Whether every image has a table of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PerImage {
    /// The summary only.
    Never,
    /// However many there are.
    Always,
    /// Up to [`PerImage::AUTO_LIMIT`] images.
    #[default]
    Auto,
}

/// How much is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Verbosity {
    /// What most readers need.
    #[default]
    Normal,
    /// Also every file passed over.
    Verbose,
}

impl PerImage {
    /// Images that [`PerImage::Auto`] shows one by one.
    pub const AUTO_LIMIT: usize = 8;

    /// Whether `images` images are shown one by one.
    pub fn applies(self, images: usize) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::Auto => images <= Self::AUTO_LIMIT,
        }
    }
}

/// The renderer called `id` in `table`.
pub fn find<T>(table: RendererTable<T>, id: &str) -> Option<&'static dyn Renderer<T>> {
    table.iter().find(|r| r.info().id == id).copied()
}

/// The renderer in `table` that file extension `extension` (no dot, either case) means.
pub fn by_extension<T>(
    table: RendererTable<T>,
    extension: &str,
) -> Option<&'static dyn Renderer<T>> {
    let wanted = extension.to_ascii_lowercase();
    table
        .iter()
        .find(|r| r.info().extensions.contains(&wanted.as_str()))
        .copied()
}
