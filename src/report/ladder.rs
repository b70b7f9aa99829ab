//! Images at several widths.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ImageReport, Report};
use crate::summary::{Summary, summarise};
use crate::verdict::{Verdict, judge};

/// A width of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rung {
    /// The width that was asked for. Nothing is enlarged: a source that is narrower than all widths is measured as it is,
    /// in the place of the first.
    pub width: u32,
    /// Columns and rows of the source, upright. Where they are not those of the image, it was resized: by Lanczos3, in
    /// linear light, with colours multiplied by alpha.
    pub from: [u32; 2],
}

/// The images at one width of a ladder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WidthSummary {
    /// The width that was asked for.
    pub width: u32,
    /// Over the images at this width.
    pub summary: Summary,
    /// What their figures come to.
    pub verdict: Verdict,
}

impl Report {
    /// Sums up each width of the ladder alone.
    pub(super) fn sum_up_widths(&self) -> Vec<WidthSummary> {
        let widths = self.options.widths.iter();
        let sum_up = |&width| {
            let mut part = self.part(width);
            part.summary = summarise(&part);
            WidthSummary {
                width,
                verdict: judge(&part),
                summary: part.summary,
            }
        };
        widths.map(sum_up).collect()
    }

    /// Each width of the ladder, ascending, as a report of its own; none where there is no ladder.
    pub fn widths(&self) -> Vec<(u32, Self)> {
        let widths = self.by_width.iter();
        let part = |of: &WidthSummary| {
            let mut part = self.part(of.width);
            part.summary = of.summary.clone();
            part.verdict = Some(of.verdict.clone());
            (of.width, part)
        };
        widths.map(part).collect()
    }

    /// The images at one width, and nothing derived.
    fn part(&self, width: u32) -> Self {
        let images = self.images.iter();
        let at_width = images.filter(|i| i.rung.is_some_and(|rung| rung.width == width));
        let mut options = self.options.clone();
        options.widths.clear();
        Self {
            schema: self.schema.clone(),
            generator: self.generator.clone(),
            codecs: self.codecs.clone(),
            metrics: self.metrics.clone(),
            options,
            support: self.support.clone(),
            images: at_width.cloned().collect(),
            failures: Vec::new(),
            skipped: Vec::new(),
            summary: Summary::default(),
            verdict: None,
            by_width: Vec::new(),
            quality_map: None,
            timing: None,
        }
    }
}

impl ImageReport {
    /// What tells it from all others, and orders them: path, and width of the ladder.
    pub fn key(&self) -> (&str, Option<&str>, Option<u32>) {
        let width = self.rung.map(|rung| rung.width);
        (&self.path, self.path_bytes.as_deref(), width)
    }

    /// Whether it is smaller than its source.
    pub fn is_resized(&self) -> bool {
        self.rung
            .is_some_and(|rung| rung.from != [self.width, self.height])
    }
}
