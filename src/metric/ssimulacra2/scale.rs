//! One scale: both pictures blurred, compared and summed up in a single pass down, eight rows at a time.

use std::ops::Range;

use magetypes::simd::backends::F32x8Convert;
use magetypes::simd::generic::f32x8;

use super::gauss::{AHEAD, Gauss, LANES, Lane, Memory};
use super::pool::{KINDS, Need, Sums};
use super::rows::Rows;
use super::source::{Planes, Source};

/// C₂ of SSIM: keeps the quotient calm where pictures are smooth.
const C2: f32 = 0.0009;

/// What is blurred for artifacts and lost detail: both pictures.
const PICTURES: usize = 2;

/// What is blurred for structure: both pictures, their squares and their product.
const PRODUCTS: usize = 5;

/// A scale to be compared.
pub(super) struct Scale<'a> {
    /// Columns, 4 or more.
    pub(super) width: usize,
    /// Rows, 4 or more.
    pub(super) height: usize,
    /// The reference and the other picture.
    pub(super) sources: [Source<'a>; 2],
    /// By channel.
    pub(super) needs: [Need; 3],
}

impl Scale<'_> {
    /// Sums over all pixels of X, Y and B. Fills `halves`, the next scale, meanwhile.
    #[inline(always)]
    pub(super) fn sums<T: F32x8Convert>(
        &self,
        token: T,
        gauss: &Gauss,
        mut halves: Option<&mut [Planes; 2]>,
    ) -> [Sums; 3] {
        let mut rows = Rows::new(self.width);
        let mut columns = self.needs.map(|need| {
            let blurs = match need {
                Need::Nothing => 0,
                Need::Edges => PICTURES,
                Need::Structure => PRODUCTS,
            };
            vec![Memory::REST; blurs * self.width.div_ceil(LANES)]
        });
        let mut sums = [Sums::default(); 3];
        // Blurred rows are four behind those read.
        for top in (0..self.height + AHEAD).step_by(LANES) {
            let span = (top, self.height);
            rows.advance(token, self.sources, halves.as_deref_mut(), span);
            let ready = AHEAD.saturating_sub(top)..LANES.min(self.height + AHEAD - top);
            for channel in 0..3 {
                let band = Band {
                    rows: &rows,
                    channel,
                    width: self.width,
                    ready: ready.clone(),
                };
                let (columns, sums) = (&mut columns[channel], &mut sums[channel]);
                match self.needs[channel] {
                    Need::Nothing => {}
                    Need::Edges => band.add::<T, PICTURES>(token, gauss, columns, sums),
                    Need::Structure => band.add::<T, PRODUCTS>(token, gauss, columns, sums),
                }
            }
        }
        sums
    }
}

/// A channel of eight rows.
struct Band<'a> {
    rows: &'a Rows,
    channel: usize,
    width: usize,
    /// Which of its rows, counted from four above, lie in the picture.
    ready: Range<usize>,
}

impl Band<'_> {
    /// Blurs `BLURS` products and adds what they tell to `sums`. `columns` are the memories of the blur downwards.
    #[inline(always)]
    fn add<T: F32x8Convert, const BLURS: usize>(
        &self,
        token: T,
        gauss: &Gauss,
        columns: &mut [Memory],
        sums: &mut Sums,
    ) {
        let mut rows = [Memory::REST; BLURS];
        // Four columns from the left edge come into view before the first output.
        let pair = self.pair(token, 0);
        for (blur, row) in rows.iter_mut().enumerate() {
            gauss.along(token, row, &product(blur, &pair), [false; 2]);
        }
        let mut total = [[f32x8::zero_t(token); 2]; KINDS];
        for (block, columns) in columns.chunks_exact_mut(BLURS).enumerate() {
            let at = block * LANES;
            // The tool starts to make four outputs at once at the eighth, and stops where they would look beyond the edge.
            let fours = [at, at + 4].map(|at| at >= LANES && at + 7 < self.width);
            let pair = self.pair(token, at + LANES);
            let mut blurred = [[f32x8::zero_t(token); LANES]; BLURS];
            for blur in 0..BLURS {
                let mut lines = gauss.along(token, &mut rows[blur], &product(blur, &pair), fours);
                f32x8::transpose_8x8(&mut lines);
                blurred[blur] = gauss.down(token, &mut columns[blur], &lines);
            }
            let block = self.compare(token, at, &blurred);
            for (total, sum) in total
                .as_flattened_mut()
                .iter_mut()
                .zip(block.as_flattened())
            {
                *total += *sum;
            }
        }
        for (sum, total) in sums.as_flattened_mut().iter_mut().zip(total.as_flattened()) {
            *sum += total.to_array().into_iter().map(f64::from).sum::<f64>();
        }
    }

    #[inline(always)]
    fn pair<T: F32x8Convert>(&self, token: T, from: usize) -> [[f32x8<T>; LANES]; 2] {
        [
            self.rows.turned(token, 0, self.channel, from),
            self.rows.turned(token, 1, self.channel, from),
        ]
    }

    /// Sums of the errors of eight columns from `at` on.
    #[inline(always)]
    fn compare<T: F32x8Convert, const BLURS: usize>(
        &self,
        token: T,
        at: usize,
        blurred: &[[f32x8<T>; LANES]; BLURS],
    ) -> [[f32x8<T>; 2]; KINDS] {
        let zero = f32x8::zero_t(token);
        let mut sums = [[zero; 2]; KINDS];
        let mut inside: Lane = [1.0; LANES];
        for beside in inside.iter_mut().skip(self.width - at) {
            *beside = 0.0;
        }
        let inside = f32x8::load_t(token, &inside);
        for row in self.ready.clone() {
            let x1 = f32x8::load_t(token, self.rows.lane(0, self.channel, row, at));
            let x2 = f32x8::load_t(token, self.rows.lane(1, self.channel, row, at));
            let edge = edge([x1, x2], [blurred[0][row], blurred[1][row]], token) * inside;
            tally(&mut sums[1], edge.max(zero));
            tally(&mut sums[2], (-edge).max(zero));
            if BLURS == PRODUCTS {
                let mut blurs = [zero; PRODUCTS];
                for (blur, blurred) in blurs.iter_mut().zip(blurred) {
                    *blur = blurred[row];
                }
                let structure = structure(blurs, token) * inside;
                tally(&mut sums[0], structure.max(zero));
            }
        }
        sums
    }
}

/// What blur number `blur` takes in: the pictures, their squares, their product.
#[inline(always)]
fn product<T: F32x8Convert>(blur: usize, [a, b]: &[[f32x8<T>; LANES]; 2]) -> [f32x8<T>; LANES] {
    let (a, b) = match blur {
        0 => return *a,
        1 => return *b,
        2 => (a, a),
        3 => (b, b),
        _ => (a, b),
    };
    let mut product = *a;
    for (product, b) in product.iter_mut().zip(b) {
        *product *= *b;
    }
    product
}

/// (1 + |x₂ − μ₂|) / (1 + |x₁ − μ₁|) − 1: above zero where the other picture has more of an edge.
#[inline(always)]
fn edge<T: F32x8Convert>(
    [x1, x2]: [f32x8<T>; 2],
    [mean1, mean2]: [f32x8<T>; 2],
    token: T,
) -> f32x8<T> {
    let (edge1, edge2) = ((x1 - mean1).abs(), (x2 - mean2).abs());
    (edge2 - edge1) / (f32x8::splat_t(token, 1.0) + edge1)
}

/// 1 − (1 − (μ₁ − μ₂)²) (2 σ₁₂ + C₂) / (σ₁² + σ₂² + C₂), SSIM without the denominator of its first factor; rounded like
/// the tool's.
#[inline(always)]
fn structure<T: F32x8Convert>(
    [mean1, mean2, square1, square2, cross]: [f32x8<T>; PRODUCTS],
    token: T,
) -> f32x8<T> {
    let (one, c2) = (f32x8::splat_t(token, 1.0), f32x8::splat_t(token, C2));
    let difference = mean1 - mean2;
    let likeness = one - difference * difference;
    let covariance = cross - mean1 * mean2;
    let variances = (square1 - mean1 * mean1) + (square2 - mean2 * mean2);
    one - likeness * ((covariance + covariance) + c2) / (variances + c2)
}

/// Adds `error` and its fourth power.
#[inline(always)]
fn tally<T: F32x8Convert>(sums: &mut [f32x8<T>; 2], error: f32x8<T>) {
    let square = error * error;
    sums[0] += error;
    sums[1] += square * square;
}
