//! Benchmark image formats for the web on your own images.
//!
//! imgbench decodes every input once, encodes it in every [`variant`], decodes each result back and
//! measures it: bytes, bits, density, ratio, perceived quality, time. Data flows one way:
//!
//! ```text
//! source ─ bitmap ─ plan ─ run( codec, metric, search ) ─ REPORT ─ { summary, verdict, diff } ─ render
//! ```
//!
//! The library never prints, never parses flags and keeps no global state.

pub mod atomic;
#[cfg(feature = "avif")]
mod avif;
pub mod bitmap;
pub mod codec;
pub mod config;
pub mod curve;
pub mod diff;
pub mod gallery;
#[cfg(feature = "jxl")]
mod jxl;
pub mod metric;
pub mod plan;
pub mod quality_map;
pub mod render;
pub mod report;
pub mod resize;
pub mod run;
pub mod search;
pub mod size;
pub mod source;
pub mod stats;
pub mod summary;
pub mod support;
pub mod variant;
pub mod verdict;

pub use bitmap::Bitmap;
pub use report::Report;

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
