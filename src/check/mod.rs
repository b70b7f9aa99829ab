//! The gate: files held against budgets.
//!
//! A [`Gate`] sorts files into budgets and holds them against every limit that a file's size and header can tell; what
//! only an encoder or a metric can tell it hands out as [plans](Gate::measurements), and takes the reports back. Nothing
//! is decoded or encoded that cannot still break a limit.

mod base;
mod budget;
mod file;
mod gate;
mod outcome;
mod pattern;
mod rules;
mod template;

pub use self::base::{BASELINE, Base, BaseError, Baseline, Measured};
pub use self::budget::{Budget, Date, Exemption, Level, Limit, Rule, Slack};
pub(crate) use self::gate::fingerprint;
pub use self::gate::{Failures, Gate, Measurement, Pair, Scope, Setup, Terms};
pub use self::outcome::*;
pub use self::pattern::{BadGlob, Globs};
pub use self::rules::RULES;
pub use self::template::{Image, template};
pub use crate::report::Failure;
use crate::source::path::RelPath;

/// The exact bytes of a path of a [`Check`].
pub(crate) fn path_as_bytes(path: &str, raw: Option<&str>) -> Vec<u8> {
    let exact = RelPath::from_parts(path, raw);
    exact.map_or_else(|| path.into(), |exact| exact.bytes().into())
}
