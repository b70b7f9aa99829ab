//! The Gaussian blur, σ = 1.5: a sum of three cosines cut off at five pixels, each a recursion of two steps.
//!
//! D. Charalampidis, “Recursive implementation of the Gaussian filter using truncated cosine functions”, IEEE Trans.
//! Signal Process. 64 (14), 2016. With ω = π/10, 3π/10, 5π/10, every term is
//!
//! > y(n) = ν · (x(n − 6) + x(n + 4)) − δ · y(n − 1) − y(n − 2),  δ = −2 cos ω,  ν = −β cos 6ω
//!
//! and the blurred value is the sum of the three; outside the picture x is zero. That is the same as nine fixed taps,
//! cheaper and without error, *but not to the score*: the recursion does not forget its rounding errors, the structural
//! error divides what they leave in smooth places by a small constant, and on document pages the tool's scores move by up
//! to 1.4 points. So its roundings are part of the metric. Here every operation is the one of libjxl's `gauss_blur.cc`, in
//! its order: along rows four outputs at once from the two before them, down columns one by one.

use magetypes::simd::backends::F32x8Convert;
use magetypes::simd::generic::f32x8;

/// Rows or columns that are worked on at once.
pub(super) const LANES: usize = 8;

/// One value of each of them.
pub(super) type Lane = [f32; LANES];

/// How far an output looks back.
const BACK: usize = 6;

/// How far an output looks ahead.
pub(super) const AHEAD: usize = 4;

const RADIUS: f64 = 5.0;

/// β of the three cosines: the solution of equation 52 of the paper for σ = 1.5.
const BETA: [f64; 3] = [
    0.178_939_141_641_491_27,
    0.072_726_144_736_190_2,
    0.012_955_819_110_517_068,
];

/// Factors of the three terms for the output that is 0 to 3 steps on.
pub(super) struct Gauss {
    /// Of the inputs, the latest first.
    input: [[Lane; 4]; 3],
    /// Of the last output.
    last: [[Lane; 4]; 3],
    /// Of the output before it.
    second: [[Lane; 4]; 3],
}

/// What a line of recursions remembers between its steps.
#[derive(Clone)]
pub(super) struct Memory {
    /// The last output of each term and the one before it.
    state: [[Lane; 2]; 3],
    /// The last inputs, of which the oldest leaves the window next.
    past: [Lane; BACK + AHEAD],
}

impl Memory {
    /// Before the first pixel.
    pub(super) const REST: Self = Self {
        state: [[[0.0; LANES]; 2]; 3],
        past: [[0.0; LANES]; BACK + AHEAD],
    };

    /// x(n − 6) + x(n + 4) of the next steps, whose x(n + 4) are `new`.
    #[inline(always)]
    fn sums<T: F32x8Convert>(&mut self, token: T, new: &[f32x8<T>; LANES]) -> [f32x8<T>; LANES] {
        let mut sums = *new;
        for (sum, past) in sums.iter_mut().zip(&self.past) {
            *sum = f32x8::load_t(token, past) + *sum;
        }
        self.past.copy_within(LANES.., 0);
        for (past, new) in self.past[BACK + AHEAD - LANES..].iter_mut().zip(new) {
            new.store(past);
        }
        sums
    }
}

impl Gauss {
    /// The factors.
    pub(super) fn new() -> Self {
        let mut gauss = Self {
            input: [[[0.0; LANES]; 4]; 3],
            last: [[[0.0; LANES]; 4]; 3],
            second: [[[0.0; LANES]; 4]; 3],
        };
        for (term, beta) in BETA.into_iter().enumerate() {
            let omega = (2 * term + 1) as f64 * std::f64::consts::PI / (2.0 * RADIUS);
            let n = -beta * (omega * (RADIUS + 1.0)).cos();
            let d = -2.0 * omega.cos();
            let d2 = d * d;
            let splat = |factor: f64| [factor as f32; LANES];
            gauss.input[term] = [n, -d * n, d2 * n - n, -d2 * d * n + 2.0 * d * n].map(splat);
            let last = [-d, d2 - 1.0, -d2 * d + 2.0 * d, d2 * d2 - 3.0 * d2 + 1.0];
            gauss.last[term] = last.map(splat);
            gauss.second[term] = [-1.0, d, -d2 + 1.0, d2 * d - 2.0 * d].map(splat);
        }
        gauss
    }

    /// Eight steps to the right of eight rows, a lane each. `new` are the inputs four columns on. The outputs are made four
    /// at once where `fours` says so, for the first and the second half: away from the ends of the row.
    #[inline(always)]
    pub(super) fn along<T: F32x8Convert>(
        &self,
        token: T,
        row: &mut Memory,
        new: &[f32x8<T>; LANES],
        fours: [bool; 2],
    ) -> [f32x8<T>; LANES] {
        let mut line = row.sums(token, new);
        for (half, four) in line.as_chunks_mut::<4>().0.iter_mut().zip(fours) {
            if four {
                *half = self.four(token, &mut row.state, half);
            } else {
                for sum in half {
                    *sum = self.one(token, &mut row.state, *sum);
                }
            }
        }
        line
    }

    #[inline(always)]
    fn one<T: F32x8Convert>(
        &self,
        token: T,
        state: &mut [[Lane; 2]; 3],
        sum: f32x8<T>,
    ) -> f32x8<T> {
        let load = |lane: &Lane| f32x8::load_t(token, lane);
        let mut terms = [sum; 3];
        for (i, term) in terms.iter_mut().enumerate() {
            let [last, second] = state[i];
            let fresh = sum * load(&self.input[i][0]);
            let fresh = load(&self.second[i][0]).mul_add_portable(load(&second), fresh);
            *term = load(&self.last[i][0]).mul_add_portable(load(&last), fresh);
            state[i] = [term.to_array(), last];
        }
        terms[0] + (terms[1] + terms[2])
    }

    #[inline(always)]
    fn four<T: F32x8Convert>(
        &self,
        token: T,
        state: &mut [[Lane; 2]; 3],
        sums: &[f32x8<T>; 4],
    ) -> [f32x8<T>; 4] {
        let load = |lane: &Lane| f32x8::load_t(token, lane);
        let mut total = *sums;
        // The tool adds the first term last.
        for i in [2, 1, 0] {
            let [last, second] = state[i];
            let mut term = *sums;
            for (step, term) in term.iter_mut().enumerate() {
                let mut fresh = sums[0] * load(&self.input[i][step]);
                for (since, sum) in sums[..=step].iter().enumerate().skip(1) {
                    fresh = load(&self.input[i][step - since]).mul_add_portable(*sum, fresh);
                }
                fresh = load(&self.second[i][step]).mul_add_portable(load(&second), fresh);
                *term = load(&self.last[i][step]).mul_add_portable(load(&last), fresh);
            }
            state[i] = [term[3].to_array(), term[2].to_array()];
            for (total, term) in total.iter_mut().zip(term) {
                *total = if i == 2 { term } else { term + *total };
            }
        }
        total
    }

    /// Eight steps down of eight columns, a lane each. `new` are the inputs four rows on.
    #[inline(always)]
    pub(super) fn down<T: F32x8Convert>(
        &self,
        token: T,
        column: &mut Memory,
        new: &[f32x8<T>; LANES],
    ) -> [f32x8<T>; LANES] {
        let load = |lane: &Lane| f32x8::load_t(token, lane);
        let mut line = column.sums(token, new);
        let (mut last, mut second) = ([line[0]; 3], [line[0]; 3]);
        for i in 0..3 {
            last[i] = load(&column.state[i][0]);
            second[i] = load(&column.state[i][1]);
        }
        for value in &mut line {
            for i in 0..3 {
                let turned = load(&self.last[i][0]).mul_sub_portable(last[i], second[i]);
                second[i] = last[i];
                last[i] = load(&self.input[i][0]).mul_add_portable(*value, turned);
            }
            *value = last[0] + (last[1] + last[2]);
        }
        for i in 0..3 {
            column.state[i] = [last[i].to_array(), second[i].to_array()];
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use archmage::{ScalarToken, SimdToken};

    /// The nine taps that the recursion comes to, −4 to 4.
    fn taps() -> [f64; 9] {
        std::array::from_fn(|at| {
            let cosine = |term: usize| {
                let omega = (2 * term + 1) as f64 * std::f64::consts::PI / (2.0 * RADIUS);
                BETA[term] * (omega * (at as f64 - 4.0)).cos()
            };
            cosine(0) + cosine(1) + cosine(2)
        })
    }

    #[test]
    fn a_point_becomes_a_gaussian_in_both_directions() {
        let token = ScalarToken::summon().unwrap();
        let gauss = Gauss::new();
        let sum: f64 = taps().iter().sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        // Eight inputs to rest, then a point at 4; outputs are four behind.
        let quiet = [f32x8::zero_t(token); LANES];
        let mut point = quiet;
        point[4] = f32x8::splat_t(token, 1.0);
        for fours in [[false; 2], [true; 2]] {
            let (mut row, mut column) = (Memory::REST, Memory::REST);
            let mut along = Vec::new();
            let mut down = Vec::new();
            for new in [point, quiet, quiet] {
                along.extend(
                    gauss
                        .along(token, &mut row, &new, fours)
                        .map(|v| v.to_array()[3]),
                );
                down.extend(
                    gauss
                        .down(token, &mut column, &new)
                        .map(|v| v.to_array()[3]),
                );
            }
            for (at, tap) in taps().into_iter().enumerate() {
                for line in [&along, &down] {
                    assert!(
                        (f64::from(line[4 + at]) - tap).abs() < 1e-6,
                        "{at}: {line:?}"
                    );
                }
            }
            assert!(along[..4].iter().chain(&down[..4]).all(|v| *v == 0.0));
            assert!(
                along[13..]
                    .iter()
                    .chain(&down[13..])
                    .all(|v| v.abs() < 1e-6)
            );
        }
    }
}
