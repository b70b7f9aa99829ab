//! The steps of an image and what they lead to.

use super::footing::Side;
use super::queue::Task;
use crate::plan::Plan;
use crate::report::{Failure, ImageReport};

/// What can be done next to an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Read the file's facts.
    Open,
    /// Make the reference, at every width.
    Decode,
    /// Go on at a width, the n-th of those that the image is measured at.
    At(usize, Act),
}

/// What can be done next to an image at one width. Numbers are places in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Ready a metric for a side.
    Prepare(Side, usize),
    /// Make a file.
    Encode(usize),
    /// Decode a file back and judge it.
    Inspect(usize),
    /// Find the files that meet the goals which share this search.
    Search(usize),
}

impl Step {
    /// Its kind, and the variant or metric it is about.
    pub(super) fn told(self, plan: &Plan) -> (&'static str, String) {
        let variant = |place: usize| plan.variants[place].to_string();
        match self {
            Self::Open => ("open", String::new()),
            Self::Decode => ("decode", String::new()),
            Self::At(_, Act::Prepare(_, metric)) => {
                ("prepare", plan.metrics[metric].info().id.into())
            }
            Self::At(_, Act::Encode(place)) => ("encode", variant(place)),
            Self::At(_, Act::Inspect(place)) => ("judge", variant(place)),
            Self::At(_, Act::Search(place)) => ("search", variant(place)),
        }
    }
}

/// What a step led to.
pub(super) enum Outlook {
    /// More steps.
    Next(Vec<Task<Step>>),
    /// All variants have their outcome at all widths: a report each.
    Measured(Vec<ImageReport>),
    /// There is no image to measure.
    Lost(Failure),
}

/// What an act led to.
pub(super) enum Settled {
    /// More steps, or none while others are under way.
    Next(Vec<Task<Step>>),
    /// All variants have their outcome at this width.
    Measured(Box<ImageReport>),
}

/// The machine as an image sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Bytes for all images together.
    pub(super) memory: u64,
    /// Whether jobs run side by side.
    pub(super) contended: bool,
}
