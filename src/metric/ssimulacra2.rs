//! SSIMULACRA2 by ourselves: the scores of libjxl's own tool, several times faster and in little memory.
//!
//! The metric is Jon Sneyers's (`tools/ssimulacra2.cc` of libjxl, version 2.1). Both pictures go to XYB at up to six scales;
//! at each, three channels are compared for structure, artifacts and lost detail, and a weighted sum of 108 means and
//! 4-norms becomes the score. What is done here is what the tool does, down to the roundings that matter (see `gauss`);
//! only how it is done differs:
//!
//! - nothing is computed whose weight is zero;
//! - a scale is one pass from top to bottom in bands of eight rows. XYB, products, blurs and errors of a band live in the
//!   cache and are never stored, so memory is that of the halved pictures, 8 bytes a pixel, and a few rows;
//! - the blur goes along eight rows and then down eight columns at once; blocks of 8 × 8 are transposed in between;
//! - nothing is kept for the reference: to compute it again is faster than to read it back from memory.

mod gauss;
mod pool;
mod rows;
mod scale;
mod source;
mod xyb;

use std::sync::Arc;

use archmage::{incant, magetypes};

use self::gauss::Gauss;
use self::scale::Scale;
use self::source::{Planes, Source};
use super::{
    Better, Metric, MetricError, MetricInfo, Mode, Need, Prepared, Shape, large_enough, same_sides,
    seen_on,
};
use crate::bitmap::Bitmap;

/// The metric.
pub(super) struct Ssimulacra2;

static INFO: MetricInfo = MetricInfo {
    id: "ssimulacra2",
    name: "SSIMULACRA2",
    unit: "",
    better: Better::Higher,
    perfect: Some(100.0),
    min_side: 8,
    tolerance: 1.0,
    scale: &[
        (30.0, "low"),
        (50.0, "medium"),
        (70.0, "high"),
        (80.0, "indistinguishable side by side"),
        (90.0, "indistinguishable in a flicker test"),
    ],
    implementation: "imgbench",
};

/// Encoded levels of the dark and the light backdrop of transparent pictures, 0 to 1.
const BACKDROPS: [f32; 2] = [0.1, 0.9];

impl Metric for Ssimulacra2 {
    fn info(&self) -> &'static MetricInfo {
        &INFO
    }

    fn version(&self) -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    /// Two scales of halved pictures take 7.5 bytes a pixel, more where sides are odd. A column takes 336 bytes of a band of
    /// rows and 64 for each blur, 15 at most; there are up to 15 more beside the picture.
    fn need(&self, shape: Shape, _mode: Mode) -> Need {
        Need {
            reference: 0,
            working: 9 * shape.pixels() + (336 + 15 * 64) * (u64::from(shape.width) + 16),
        }
    }

    /// It always works in strips, which do not change the score.
    fn has_strips(&self) -> bool {
        true
    }

    fn ns_per_pixel(&self) -> f64 {
        35.0
    }

    fn prepare(
        &self,
        reference: Arc<Bitmap>,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, MetricError> {
        large_enough(&reference, INFO.min_side)?;
        Ok(Box::new(Reference(reference)))
    }
}

struct Reference(Arc<Bitmap>);

impl Prepared for Reference {
    /// With transparency in either picture the worse of the two backdrops.
    fn score(&self, decoded: &Bitmap) -> Result<f64, MetricError> {
        same_sides(&self.0, decoded)?;
        let mut worst = f64::INFINITY;
        for &backdrop in seen_on(&BACKDROPS, &[&self.0, decoded]) {
            let score = compare(&self.0, decoded, backdrop);
            if !score.is_finite() {
                return Err(MetricError::Failed("the score is not a number".into()));
            }
            worst = worst.min(score);
        }
        Ok(worst)
    }
}

/// The score over one backdrop, in vectors of the best kind that this processor has.
fn compare(reference: &Bitmap, other: &Bitmap, backdrop: f32) -> f64 {
    incant!(
        vectors(reference, other, backdrop),
        [v3, neon, wasm128, scalar]
    )
}

#[magetypes(v3, neon, wasm128, scalar)]
fn vectors(token: Token, reference: &Bitmap, other: &Bitmap, backdrop: f32) -> f64 {
    let sides = sides(reference);
    let gauss = Gauss::new();
    let samples = source::samples();
    let mut planes: Option<[Planes; 2]> = None;
    let mut scales = Vec::with_capacity(sides.len());
    for (nth, &(width, height)) in sides.iter().enumerate() {
        let sources = match &planes {
            None => [reference, other].map(|bitmap| Source::Bitmap(bitmap, backdrop, &samples)),
            Some([reference, other]) => [Source::Planes(reference), Source::Planes(other)],
        };
        let needs = pool::needs(nth, sides.len());
        let scale = Scale {
            width,
            height,
            sources,
            needs,
        };
        let mut halves = sides
            .get(nth + 1)
            .map(|&(width, height)| [Planes::new(width, height), Planes::new(width, height)]);
        let sums = scale.sums(token, &gauss, halves.as_mut());
        scales.push(((width * height) as f64, sums));
        planes = halves;
    }
    pool::score(&scales)
}

/// Columns and rows of every scale: halved, rounding up, as long as no side was under 8.
fn sides(picture: &Bitmap) -> Vec<(usize, usize)> {
    let first = (picture.width() as usize, picture.height() as usize);
    let halve = |&(width, height): &(usize, usize)| {
        (width >= 8 && height >= 8).then(|| (width.div_ceil(2), height.div_ceil(2)))
    };
    std::iter::successors(Some(first), halve)
        .take(pool::SCALES)
        .collect()
}

#[cfg(test)]
mod tests;
