//! Butteraugli by the crate of that name: libjxl's distance map, summed up in one of two ways.

use std::sync::Arc;

use butteraugli::{
    ButteraugliError, ButteraugliParams, ButteraugliReference, ButteraugliResult, Img, RGB8,
    butteraugli_strip,
};

use super::{
    BACKDROPS, Better, Metric, MetricError, MetricInfo, Mode, Need, Opacity, Prepared, Shape,
    large_enough, same_sides, seen_on,
};
use crate::bitmap::{BYTES_PER_PIXEL, Bitmap, Rgb};

/// The metric, by how the distance map becomes one number.
#[derive(Clone, Copy)]
pub(super) enum Butteraugli {
    /// Average of the map's 3-, 6- and 12-norms, as `butteraugli_main --pnorm 3` prints: the picture as a whole.
    ThreeNorm,
    /// The map's maximum: the worst spot.
    Max,
}

static THREE_NORM: MetricInfo = MetricInfo {
    id: "butteraugli",
    name: "Butteraugli",
    unit: "",
    better: Better::Lower,
    perfect: Some(0.0),
    min_side: 8,
    // What a point of SSIMULACRA2 comes to on the reference pairs; so below.
    tolerance: 0.05,
    scale: &[],
    implementation: "butteraugli",
};

static MAX: MetricInfo = MetricInfo {
    id: "butteraugli-max",
    name: "Butteraugli max",
    unit: "",
    better: Better::Lower,
    perfect: Some(0.0),
    min_side: 8,
    tolerance: 0.15,
    scale: &[(1.0, "hardly visible"), (2.0, "visible")],
    implementation: "butteraugli",
};

/// Rows of a strip, beside [`MARGIN_ROWS`] above and below. The score is that of the full mode.
const STRIP_ROWS: u32 = 256;

/// Bytes that even the smallest picture takes.
const SMALL: u64 = 1 << 16;

/// What the crate adds to a strip on either side.
const MARGIN_ROWS: u32 = 64;

impl Butteraugli {
    fn of(self, result: &ButteraugliResult) -> f64 {
        match self {
            Self::ThreeNorm => result.pnorm_3,
            Self::Max => result.score,
        }
    }
}

impl Metric for Butteraugli {
    fn info(&self) -> &'static MetricInfo {
        match self {
            Self::ThreeNorm => &THREE_NORM,
            Self::Max => &MAX,
        }
    }

    fn version(&self) -> String {
        // The crate has no constant that tells; a test holds this against the lock file.
        "0.9.3".into()
    }

    /// Bytes a pixel of resident memory, measured at 6 MP with the binary's allocator. A prepared reference takes 110 and
    /// grows while it scores: it keeps up to 48 planes for the next time. With alpha there are two. Strips are allowed 190
    /// bytes for each of their own pixels where that is more, as in a picture that is wide and low.
    fn need(&self, shape: Shape, mode: Mode) -> Need {
        let (reference, working) = match (mode, shape.opacity) {
            (Mode::Full, Opacity::Opaque) => (260, 80),
            (Mode::Full, Opacity::Translucent) => (500, 80),
            (Mode::Strips, Opacity::Opaque) => (0, 56),
            (Mode::Strips, Opacity::Translucent) => (0, 66),
        };
        // Rows are padded.
        let width = u64::from(shape.width.next_multiple_of(16));
        let pixels = width * u64::from(shape.height);
        let rows = u64::from(shape.height.min(STRIP_ROWS + 2 * MARGIN_ROWS));
        let strip = match mode {
            Mode::Full => 0,
            Mode::Strips => 190 * width * rows,
        };
        Need {
            reference: reference * pixels,
            working: strip.max(working * pixels) + SMALL,
        }
    }

    fn has_strips(&self) -> bool {
        true
    }

    fn ns_per_pixel(&self) -> f64 {
        120.0
    }

    fn prepare(
        &self,
        reference: Arc<Bitmap>,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, MetricError> {
        large_enough(&reference, self.info().min_side)?;
        Ok(match mode {
            Mode::Strips => Box::new(Strips {
                norm: *self,
                reference,
            }),
            Mode::Full => Box::new(Full {
                norm: *self,
                ready: seen_on(&BACKDROPS, &[&reference])
                    .iter()
                    .map(|&backdrop| ready(&reference, backdrop))
                    .collect::<Result<_, _>>()?,
                sides: reference,
            }),
        })
    }
}

struct Full {
    norm: Butteraugli,
    /// One for each backdrop that the reference is [`seen_on`].
    ready: Vec<ButteraugliReference>,
    /// The reference itself: shared, and needed for its sides only.
    sides: Arc<Bitmap>,
}

impl Prepared for Full {
    fn score(&self, decoded: &Bitmap) -> Result<f64, MetricError> {
        same_sides(&self.sides, decoded)?;
        let opaque = self.ready.len() == 1 && decoded.is_opaque();
        let backdrops = if opaque { &BACKDROPS[..1] } else { &BACKDROPS };
        worst(backdrops.iter().enumerate().map(|(nth, &backdrop)| {
            // An opaque reference looks the same on both.
            let ready = &self.ready[nth.min(self.ready.len() - 1)];
            let result = ready.compare(&samples(decoded, backdrop)).map_err(failed)?;
            Ok(self.norm.of(&result))
        }))
    }
}

struct Strips {
    norm: Butteraugli,
    reference: Arc<Bitmap>,
}

impl Prepared for Strips {
    fn score(&self, decoded: &Bitmap) -> Result<f64, MetricError> {
        same_sides(&self.reference, decoded)?;
        let backdrops = seen_on(&BACKDROPS, &[&self.reference, decoded]);
        worst(backdrops.iter().map(|&backdrop| {
            let [a, b] = [&*self.reference, decoded].map(|image| pixels(image, backdrop));
            let params = ButteraugliParams::new();
            let result = butteraugli_strip(a.as_ref(), b.as_ref(), &params, STRIP_ROWS);
            Ok(self.norm.of(&result.map_err(failed)?))
        }))
    }
}

fn worst(scores: impl Iterator<Item = Result<f64, MetricError>>) -> Result<f64, MetricError> {
    scores.reduce(|a, b| Ok(a?.max(b?))).unwrap_or(Ok(0.0))
}

fn ready(image: &Bitmap, backdrop: u8) -> Result<ButteraugliReference, MetricError> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let params = ButteraugliParams::new();
    ButteraugliReference::new(&samples(image, backdrop), width, height, params).map_err(failed)
}

/// Red, green and blue of every pixel, over a grey `backdrop`.
fn samples(image: &Bitmap, backdrop: u8) -> Vec<u8> {
    let flat = image.over(Rgb([backdrop; 3]));
    let pixels = flat.rgba().chunks_exact(BYTES_PER_PIXEL);
    let mut samples = Vec::with_capacity(pixels.len() * 3);
    pixels.for_each(|p| samples.extend_from_slice(&p[..3]));
    samples
}

/// As [`samples`], a pixel at a time.
fn pixels(image: &Bitmap, backdrop: u8) -> Img<Vec<RGB8>> {
    let flat = image.over(Rgb([backdrop; 3]));
    let pixels = flat.rgba().chunks_exact(BYTES_PER_PIXEL);
    let pixels = pixels.map(|p| RGB8::new(p[0], p[1], p[2])).collect();
    Img::new(pixels, image.width() as usize, image.height() as usize)
}

fn failed(error: ButteraugliError) -> MetricError {
    MetricError::Failed(error.into())
}

#[cfg(test)]
mod tests;
