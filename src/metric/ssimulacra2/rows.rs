//! A band of rows in XYB, kept small enough for the cache.

use magetypes::simd::backends::F32x8Convert;
use magetypes::simd::generic::f32x8;

use super::gauss::{AHEAD, LANES, Lane};
use super::source::{LinearRow, Planes, Source};
use super::xyb::xyb;

/// Eight new rows of both pictures and the last four of the band before, in XYB. Rows below the picture are zero, and so
/// are the columns beside it: four on the left, at least as many on the right.
pub(super) struct Rows {
    width: usize,
    stride: usize,
    /// By picture and channel.
    xyb: [[Vec<f32>; 3]; 2],
    /// An even row in linear light and the odd one below it, by picture.
    linear: [[[Vec<f32>; 3]; 2]; 2],
}

impl Rows {
    /// Rows above the first.
    pub(super) fn new(width: usize) -> Self {
        let stride = width.next_multiple_of(LANES) + LANES;
        let zeros = |rows: usize| [(); 3].map(|()| vec![0.0; rows * stride]);
        Self {
            width,
            stride,
            xyb: [(); 2].map(|()| zeros(AHEAD + LANES)),
            linear: [(); 2].map(|()| [(); 2].map(|()| zeros(1))),
        }
    }

    /// Takes in the next eight rows, from row `top` of `height` on, and halves them into `halves`.
    #[inline(always)]
    pub(super) fn advance<T: F32x8Convert>(
        &mut self,
        token: T,
        sources: [Source<'_>; 2],
        mut halves: Option<&mut [Planes; 2]>,
        (top, height): (usize, usize),
    ) {
        for plane in self.xyb.iter_mut().flatten() {
            plane.copy_within(LANES * self.stride.., 0);
        }
        for (picture, source) in sources.into_iter().enumerate() {
            for y in top..top + LANES {
                let at = AHEAD + y - top;
                if y >= height {
                    for plane in &mut self.xyb[picture] {
                        plane[at * self.stride..][..self.stride].fill(0.0);
                    }
                    continue;
                }
                let [r, g, b] = self.linear[picture][y % 2].each_mut();
                source.read(
                    y,
                    [
                        &mut r[..self.width],
                        &mut g[..self.width],
                        &mut b[..self.width],
                    ],
                );
                self.convert(token, picture, y % 2, at);
                if let Some(halves) = halves.as_deref_mut()
                    && (y % 2 == 1 || y + 1 == height)
                {
                    self.halve(picture, y % 2, halves[picture].row_mut(y / 2));
                }
            }
        }
    }

    /// Converts a row of linear light to row `at` of the band.
    #[inline(always)]
    fn convert<T: F32x8Convert>(&mut self, token: T, picture: usize, parity: usize, at: usize) {
        let from = at * self.stride + AHEAD;
        let until = (at + 1) * self.stride;
        let [r, g, b] = self.linear[picture][parity].each_ref();
        let [x, y, z] = self.xyb[picture].each_mut();
        let lanes = |row| <[f32]>::as_chunks::<LANES>(row).0.iter();
        let light = lanes(r).zip(lanes(g)).zip(lanes(b));
        let lanes_mut = |row| <[f32]>::as_chunks_mut::<LANES>(row).0.iter_mut();
        let out = lanes_mut(&mut x[from..until])
            .zip(lanes_mut(&mut y[from..until]))
            .zip(lanes_mut(&mut z[from..until]));
        for (((r, g), b), ((x, y), z)) in light.zip(out) {
            let light = [
                f32x8::load_t(token, r),
                f32x8::load_t(token, g),
                f32x8::load_t(token, b),
            ];
            let [to_x, to_y, to_b] = xyb(token, light);
            to_x.store(x);
            to_y.store(y);
            to_b.store(z);
        }
        for plane in [x, y, z] {
            plane[from + self.width..until].fill(0.0);
        }
    }

    /// Means of two by two pixels of the last two rows, in linear light. Where a picture ends with an even row or column, that
    /// counts twice.
    #[inline(always)]
    fn halve(&self, picture: usize, last: usize, out: LinearRow<'_>) {
        let [even, odd] = &self.linear[picture];
        let below = if last == 1 { odd } else { even };
        for ((above, below), out) in even.iter().zip(below).zip(out) {
            let (above, above_rest) = above[..self.width].as_chunks::<2>();
            let (below, below_rest) = below[..self.width].as_chunks::<2>();
            for ((a, b), out) in above.iter().zip(below).zip(&mut *out) {
                *out = (a[0] + a[1] + b[0] + b[1]) * 0.25;
            }
            if let ([a], [b], [.., out]) = (above_rest, below_rest, out) {
                *out = (a + a + b + b) * 0.25;
            }
        }
    }

    /// Columns `from - 4..from + 4` of the eight new rows: a lane a row.
    #[inline(always)]
    pub(super) fn turned<T: F32x8Convert>(
        &self,
        token: T,
        picture: usize,
        channel: usize,
        from: usize,
    ) -> [f32x8<T>; LANES] {
        let rows = &self.xyb[picture][channel][AHEAD * self.stride..];
        let mut block = [f32x8::zero_t(token); LANES];
        for (row, line) in rows.chunks_exact(self.stride).zip(&mut block) {
            *line = f32x8::from_slice_t(token, &row[from..]);
        }
        f32x8::transpose_8x8(&mut block);
        block
    }

    /// Eight columns from `from` on of row `at`, counted from four rows above the new ones.
    #[inline(always)]
    pub(super) fn lane(&self, picture: usize, channel: usize, at: usize, from: usize) -> &Lane {
        let row = &self.xyb[picture][channel][at * self.stride + AHEAD + from..];
        row.first_chunk().expect("rows are padded to whole lanes")
    }
}
