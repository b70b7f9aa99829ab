//! JPEG XL: values to samples of 8 bits, or of 16 where there are more.

use super::{Job, Pixels};
use crate::jxl;
use crate::source::error::SourceError;
use crate::source::samples::{Alpha, SampleLayout};

pub(super) fn read(job: &Job<'_>, file: &[u8]) -> Result<Pixels, SourceError> {
    let memory = usize::try_from(job.limits.max_memory).unwrap_or(usize::MAX);
    let picture = jxl::open(file, memory).map_err(SourceError::Malformed)?;
    let channels = picture.channels();
    let layout = SampleLayout {
        channels,
        bytes: if picture.depth() > 8 { 2 } else { 1 },
        alpha: match job.facts.premultiplied {
            true => Alpha::Premultiplied,
            false => Alpha::Straight,
        },
    };
    let mut pixels = job.room(picture.sides(), layout)?;
    let put = |at: usize, values: &[f32]| {
        let at = at * layout.pixel_bytes();
        let samples = pixels.buffer[at..at + layout.pixel_bytes()].chunks_exact_mut(layout.bytes);
        for (sample, value) in samples.zip(values) {
            match sample {
                [one] => *one = (value * 255.0 + 0.5) as u8,
                two => two.copy_from_slice(&((value * 65_535.0 + 0.5) as u16).to_ne_bytes()),
            }
        }
    };
    picture.render(put).map_err(SourceError::Malformed)?;
    Ok(pixels)
}
