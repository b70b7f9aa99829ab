//! Report → what the figures come to: who is smaller than whom, and how sure that is; what to serve. Pure.

mod compare;
mod consistency;
mod pair;
mod recommend;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::Report;

pub use self::compare::pairs;
pub use self::consistency::Consistency;
pub use self::pair::{Basis, Opinion, Outcome, Pair, Reason, Side, Sign, Worst};
pub use self::recommend::{Because, Recommended, recommend};

/// A difference in size of this share or less is no win.
pub const TIE: f64 = 0.02;

/// Fewer images than this give a rough figure only.
const FEW: usize = 5;

/// What the figures of a report come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// A difference in size of this share or less is no win.
    pub tie_band: f64,
    /// Every two variants of one goal, in plan order; where no score was sought, every lossy format and the baseline at
    /// equal quality.
    pub pairs: Vec<Pair>,
    /// How far one quality means the same on every image.
    pub consistency: Vec<Consistency>,
    /// What to keep in mind.
    pub warnings: Vec<Warning>,
}

/// What to keep in mind about a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Warning {
    /// Inputs that are lossy already: re-encoding favours whatever resembles them.
    LossySources {
        /// How many.
        images: usize,
        /// Out of how many.
        of: usize,
    },
    /// Too few images for more than a rough figure.
    FewImages {
        /// How many.
        images: usize,
    },
}

/// The verdict on `report`, whose summary is there.
pub fn judge(report: &Report) -> Verdict {
    Verdict {
        tie_band: TIE,
        pairs: pairs(report, &report.images.iter().collect::<Vec<_>>()),
        consistency: consistency::all(report),
        warnings: warnings(report),
    }
}

fn warnings(report: &Report) -> Vec<Warning> {
    let of = report.images.len();
    let lossy = report.images.iter().filter(|i| i.lossy_source.is_some());
    let images = lossy.count();
    let lossy = (images > 0).then_some(Warning::LossySources { images, of });
    let few = (1..FEW).contains(&of);
    let few = few.then_some(Warning::FewImages { images: of });
    lossy.into_iter().chain(few).collect()
}

#[cfg(test)]
mod tests;
