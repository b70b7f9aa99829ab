//! The steps of an image and what they lead to.

use super::footing::Side;
use super::queue::Task;
use crate::report::{Failure, ImageReport};

/// What can be done next to an image. Numbers are places in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Read the file's facts.
    Open,
    /// Make the reference.
    Decode,
    /// Ready a metric for a side.
    Prepare(Side, usize),
    /// Make a file.
    Encode(usize),
    /// Decode a file back and judge it.
    Inspect(usize),
    /// Find the files that meet the goals which share this search.
    Search(usize),
}

/// What a step led to.
pub(super) enum Outlook {
    /// More steps.
    Next(Vec<Task<Step>>),
    /// All variants have their outcome.
    Measured(Box<ImageReport>),
    /// Nothing: it would have to be enlarged, or another width answers for it.
    Passed,
    /// There is no image to measure.
    Lost(Failure),
}

/// The machine as an image sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Bytes for all images together.
    pub(super) memory: u64,
    /// Whether jobs run side by side.
    pub(super) contended: bool,
}
