//! Why a source cannot be measured.

use crate::source::format::Format;

/// Why a file did not become a reference bitmap.
///
/// Messages are lower case, without a full stop, with the reason first and the next step where there is one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The file could not be opened or read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// The file holds no bytes at all.
    #[error("the file is empty")]
    Empty,
    /// The first bytes belong to no format that imgbench recognises.
    #[error("not an image: the content is of no format that imgbench recognises")]
    NotAnImage,
    /// A format or a kind of it that cannot be decoded; the text says which.
    #[error("{0}")]
    Unsupported(String),
    /// More than one frame.
    #[error("animated ({frames} frames): imgbench measures still images; extract a frame first")]
    Animated {
        /// Frames in the file, 2 or more.
        frames: u32,
    },
    /// High dynamic range, which has no faithful 8-bit sRGB reference; the text names the kind.
    #[error("HDR ({0}): imgbench measures standard dynamic range; convert it to sRGB first")]
    Hdr(String),
    /// More pixels than the limit allows.
    #[error("{} is over the limit of {}: raise --max-pixels", told(*pixels, *limit, PIXELS), told(*limit, *pixels, PIXELS))]
    TooManyPixels {
        /// Width × height as the file states them.
        pixels: u64,
        /// The most pixels allowed.
        limit: u64,
    },
    /// Decoding would need more memory than allowed.
    #[error(
        "decoding takes {} of memory, over the limit of {}: raise --max-memory",
        told(*needed, *limit, BYTES), told(*limit, *needed, BYTES)
    )]
    TooMuchMemory {
        /// Bytes needed at the peak, as estimated from the header.
        needed: u64,
        /// The most bytes allowed for one picture.
        limit: u64,
    },
    /// The file ends before the picture does.
    #[error("cut short: {0}")]
    Truncated(String),
    /// The content breaks the rules of its format.
    #[error("damaged: {0}")]
    Malformed(Box<dyn std::error::Error + Send + Sync>),
}

impl SourceError {
    /// The step that refused the file: `read`, `identify`, `limit` or `decode`.
    pub fn stage(&self) -> &'static str {
        match self {
            Self::Io(_) => "read",
            Self::Empty | Self::NotAnImage | Self::Unsupported(_) => "identify",
            Self::Animated { .. } | Self::Hdr(_) => "identify",
            Self::TooManyPixels { .. } | Self::TooMuchMemory { .. } => "limit",
            Self::Truncated(_) | Self::Malformed(_) => "decode",
        }
    }

    /// A [`Malformed`](Self::Malformed) with a reason of our own.
    pub(crate) fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed(reason.into().into())
    }

    /// The header of a file of this format ends too early.
    pub(crate) fn short_header(format: Format) -> Self {
        Self::Truncated(format!("the {} header is incomplete", format.name()))
    }
}

/// `512 MP`; below ten megapixels with two decimals, below ten thousand pixels as a plain count.
fn megapixels(pixels: u64) -> String {
    match pixels {
        0..10_000 => format!("{pixels} pixels"),
        10_000..10_000_000 => format!("{:.2} MP", pixels as f64 / 1e6),
        _ => format!("{} MP", pixels / 1_000_000),
    }
}

fn mebibytes(bytes: u64) -> String {
    match bytes {
        0..100_000 => format!("{bytes} bytes"),
        100_000..10_485_760 => format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
        _ => format!("{} MiB", bytes.div_ceil(1 << 20)),
    }
}

/// A number in words, and the unit of a plain one.
type Unit = (fn(u64) -> String, &'static str);

const PIXELS: Unit = (megapixels, "pixels");
const BYTES: Unit = (mebibytes, "bytes");

/// `number` in words, or in full where the `other` would read the same.
fn told(number: u64, other: u64, (words, unit): Unit) -> String {
    match words(number) {
        same if same == words(other) => format!("{number} {unit}"),
        told => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_the_reason_and_the_next_step() {
        let error = SourceError::TooManyPixels {
            pixels: 4_294_836_225,
            limit: 512_000_000,
        };
        assert_eq!(
            error.to_string(),
            "4294 MP is over the limit of 512 MP: raise --max-pixels"
        );
        assert_eq!(
            SourceError::Animated { frames: 12 }.to_string(),
            "animated (12 frames): imgbench measures still images; extract a frame first"
        );
        let (pixels, limit) = (76_800, 76_799);
        assert_eq!(
            SourceError::TooManyPixels { pixels, limit }.to_string(),
            "76800 pixels is over the limit of 76799 pixels: raise --max-pixels"
        );
        let (needed, limit) = (5 << 20, 1000);
        assert_eq!(
            SourceError::TooMuchMemory { needed, limit }.to_string(),
            "decoding takes 5.0 MiB of memory, over the limit of 1000 bytes: raise --max-memory"
        );
        assert_eq!(megapixels(64), "64 pixels");
        assert_eq!(megapixels(1_500_000), "1.50 MP");
    }

    #[test]
    fn every_error_names_its_stage() {
        assert_eq!(SourceError::Empty.stage(), "identify");
        assert_eq!(SourceError::malformed("x").stage(), "decode");
        assert_eq!(
            SourceError::TooMuchMemory {
                needed: 2,
                limit: 1
            }
            .stage(),
            "limit"
        );
        let io = SourceError::from(std::io::Error::other("gone"));
        assert_eq!(io.stage(), "read");
        assert_eq!(io.to_string(), "cannot be read: gone");
    }
}
