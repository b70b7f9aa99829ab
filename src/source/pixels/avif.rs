//! AVIF: planes to samples of 8 bits, or of 16 where there are more.

use super::{Job, Pixels};
use crate::avif::{self, Container, Matrix, Planes};
use crate::source::error::SourceError;
use crate::source::samples::{Alpha, SampleLayout};

pub(super) fn read(job: &Job<'_>, file: &[u8]) -> Result<Pixels, SourceError> {
    let container = Container::read(file)?;
    let picture = container.picture()?;
    let [.., code] = avif::numbers(&container, picture).cicp;
    let matrix = Matrix::of(code);
    let matrix = matrix
        .ok_or_else(|| SourceError::Unsupported(format!("AVIF matrix {code} is not supported")))?;
    let still = avif::decode(&container)?;
    let colours = still.colour.planes.len();
    let channels = colours + usize::from(still.alpha.is_some());
    let layout = SampleLayout {
        channels,
        bytes: if still.colour.depth > 8 { 2 } else { 1 },
        alpha: match job.facts.premultiplied {
            true => Alpha::Premultiplied,
            false => Alpha::Straight,
        },
    };
    let size = [still.colour.width as u32, still.colour.height as u32];
    let mut pixels = job.room(size, layout)?;
    let mut fill = |planes: &Planes, matrix, first: usize, count: usize| {
        avif::from_planes(planes, matrix, |at, values| {
            for (nth, value) in values[..count].iter().enumerate() {
                let at = (at * channels + first + nth) * layout.bytes;
                let target = &mut pixels.buffer[at..at + layout.bytes];
                match target {
                    [one] => *one = (value * 255.0 + 0.5) as u8,
                    two => two.copy_from_slice(&((value * 65_535.0 + 0.5) as u16).to_ne_bytes()),
                }
            }
        });
    };
    fill(&still.colour, matrix, 0, colours);
    if let Some(alpha) = &still.alpha {
        fill(alpha, Matrix::BT601, colours, 1);
    }
    Ok(pixels)
}
