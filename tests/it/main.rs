//! Everything that is tested from outside the crate, in one binary.

#![allow(clippy::unwrap_used)]

mod hostile;
mod readme;
mod source_corpus;
