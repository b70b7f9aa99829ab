//! The report a line at a time: a header, a line for each image, failure and skipped file, the summary. The functions
//! are for writing the lines while the run goes on; each returns one line with its line end.

use std::io;

use serde::Serialize;

use super::{Renderer, RendererInfo, Style, escape};
use crate::report::{
    CodecUsed, Failure, Generator, ImageReport, MetricUsed, Options, Report, RunTiming,
    SkippedFile, WidthSummary,
};
use crate::summary::Summary;
use crate::support::Support;
use crate::verdict::Verdict;

/// The renderer.
pub(super) struct NdJson;

static INFO: RendererInfo = RendererInfo {
    id: "ndjson",
    extensions: &["ndjson", "jsonl"],
    media_type: "application/x-ndjson",
    help: "one JSON line an image, as each is done",
};

impl Renderer for NdJson {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, report: &Report, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(header_line(&Header::of(report))?.as_bytes())?;
        for image in &report.images {
            out.write_all(image_line(image)?.as_bytes())?;
        }
        for failure in &report.failures {
            out.write_all(failure_line(failure)?.as_bytes())?;
        }
        for file in &report.skipped {
            out.write_all(skipped_line(file)?.as_bytes())?;
        }
        out.write_all(last_line(report)?.as_bytes())
    }
}

/// What is known of a report before the first image is done.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Header<'a> {
    /// As [`Report::schema`].
    pub schema: &'a str,
    /// As [`Report::generator`].
    pub generator: &'a Generator,
    /// As [`Report::codecs`].
    pub codecs: &'a [CodecUsed],
    /// As [`Report::metrics`].
    pub metrics: &'a [MetricUsed],
    /// As [`Report::options`].
    pub options: &'a Options,
    /// As [`Report::support`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support: Option<&'a Support>,
}

impl<'a> Header<'a> {
    /// The header of `report`.
    pub fn of(report: &'a Report) -> Self {
        Self {
            schema: &report.schema,
            generator: &report.generator,
            codecs: &report.codecs,
            metrics: &report.metrics,
            options: &report.options,
            support: report.support.as_ref(),
        }
    }
}

/// The first line.
///
/// # Errors
/// When a value cannot be told in JSON; as for all of these, that does not happen to a well-formed report.
pub fn header_line(header: &Header<'_>) -> io::Result<String> {
    line("header", header)
}

/// The line of one image.
///
/// # Errors
/// As [`header_line`].
pub fn image_line(image: &ImageReport) -> io::Result<String> {
    line("image", image)
}

/// The line of an input that gave no image.
///
/// # Errors
/// As [`header_line`].
pub fn failure_line(failure: &Failure) -> io::Result<String> {
    line("failure", failure)
}

/// The line of a file that was passed over.
///
/// # Errors
/// As [`header_line`].
pub fn skipped_line(file: &SkippedFile) -> io::Result<String> {
    line("skipped", file)
}

/// The last line, of type `summary`: what follows from all images, and how long it took.
///
/// # Errors
/// As [`header_line`].
pub fn last_line(report: &Report) -> io::Result<String> {
    #[derive(Serialize)]
    struct Last<'a> {
        #[serde(flatten)]
        summary: &'a Summary,
        #[serde(skip_serializing_if = "Option::is_none")]
        verdict: Option<&'a Verdict>,
        #[serde(rename = "byWidth", skip_serializing_if = "<[_]>::is_empty")]
        by_width: &'a [WidthSummary],
        #[serde(skip_serializing_if = "Option::is_none")]
        timing: Option<&'a RunTiming>,
    }
    let last = Last {
        summary: &report.summary,
        verdict: report.verdict.as_ref(),
        by_width: &report.by_width,
        timing: report.timing.as_ref(),
    };
    line("summary", &last)
}

fn line<T: Serialize>(kind: &'static str, body: &T) -> io::Result<String> {
    #[derive(Serialize)]
    struct Line<'a, T> {
        #[serde(rename = "type")]
        kind: &'static str,
        #[serde(flatten)]
        body: &'a T,
    }
    let mut text = escape::json(&serde_json::to_string(&Line { kind, body })?);
    text.push('\n');
    Ok(text)
}
