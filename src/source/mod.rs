//! Inputs: finding them, reading their facts, decoding them into one reference.

pub mod discover;
pub mod keep;
pub mod path;
pub mod read;
