//! Everything that is tested from outside the crate, in one binary.

#![allow(clippy::unwrap_used, clippy::too_many_lines)]

mod cli;
mod cmd;
mod compat;
mod conformance;
mod damage;
mod hostile;
mod metrics;
mod pictures;
mod pipeline;
mod readme;
mod registry;
mod samples;
mod source_corpus;
mod tidy;
