//! AVIF still pictures: the container, the samples, and libaom for what is in between. The codec writes with it; inputs
//! are read with it.
//!
//! Sources: AV1 Image File Format 1.1; ISO/IEC 23008-12 (HEIF) and 14496-12 (ISO-BMFF) for the boxes; ITU-T H.273 for
//! colours. Only what a still picture of one item, or of a grid of them, needs.

mod av1;
mod boxes;
mod colour;
mod items;
mod planes;
mod still;
mod write;

pub(crate) use av1::{Coding, Tune, encode, version};
pub(crate) use colour::{from_planes, to_planes};
pub(crate) use items::{Container, Item};
pub(crate) use planes::{Chroma, Matrix, Planes};
pub(crate) use still::{decode, numbers, sides};
pub(crate) use write::{Coded, write};

/// Why an AVIF file gives no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AvifError {
    /// The file ends before what it promises.
    #[error("{0}")]
    Short(&'static str),
    /// The file contradicts itself or the format.
    #[error("{0}")]
    Malformed(String),
    /// A part of the format that is not read here.
    #[error("{0}")]
    Unsupported(String),
}

impl AvifError {
    fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed(reason.into())
    }

    fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported(what.into())
    }
}
