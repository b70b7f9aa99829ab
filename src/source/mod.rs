//! Inputs: finding them, reading their facts, decoding them into one reference.
//!
//! [`Format::sniff`] tells what a file is, [`facts::read`] what it says about itself without decoding it, and
//! [`decode`](decode::decode()) makes the one [`Bitmap`](crate::Bitmap) of it that every encoder gets: upright, 8-bit
//! sRGB with straight alpha. What had to be changed or ignored on the way is said in notes; what cannot be measured
//! honestly (animation, high dynamic range, files cut short) is refused with a reason.

mod bytes;
mod colour;
pub mod decode;
pub mod discover;
pub mod error;
pub mod facts;
pub mod format;
pub mod keep;
mod orient;
pub mod path;
mod pixels;
pub mod read;
mod samples;
mod sniff;
#[cfg(test)]
mod test_files;

pub use decode::{Decoded, Limits, decode, decode_memory};
pub use error::SourceError;
pub use facts::{ColorModel, Facts, Lossy};
pub use format::Format;
