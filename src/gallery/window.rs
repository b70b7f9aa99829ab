//! The part of a picture that is worth a look: where its files differ most from it.

use std::borrow::Cow;

use super::LEAST_SIDE;
use crate::bitmap::{Bitmap, Rgb};

/// Squares that errors are summed over, in pixels a side.
const CELL: u32 = 16;

/// A part of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl Window {
    /// All of `picture`.
    pub(super) fn whole(picture: &Bitmap) -> Self {
        Self {
            left: 0,
            top: 0,
            width: picture.width(),
            height: picture.height(),
        }
    }

    /// The part as left, top, width and height, unless it is all of `picture`.
    pub(super) fn crop(&self, picture: &Bitmap) -> Option<[u32; 4]> {
        let part = [self.left, self.top, self.width, self.height];
        (*self != Self::whole(picture)).then_some(part)
    }

    /// The pixels of this part of `picture`.
    pub(super) fn cut(&self, picture: &Bitmap) -> Bitmap {
        let row = picture.width() as usize * 4;
        let from = self.left as usize * 4;
        let rows = picture.rgba().chunks_exact(row).skip(self.top as usize);
        let rows = rows.take(self.height as usize);
        let pixels = rows
            .flat_map(|r| &r[from..from + self.width as usize * 4])
            .copied()
            .collect();
        Bitmap::new(self.width, self.height, pixels).unwrap_or_else(|_| picture.clone())
    }

    /// This part with `share` of its area and the same middle; `None` where that is no less, or too little to see.
    pub(super) fn shrunk(&self, share: f64) -> Option<Self> {
        if share >= 1.0 {
            return None;
        }
        let factor = (share * 0.95).sqrt();
        let side = |side: u32| {
            let least = LEAST_SIDE.min(side);
            ((f64::from(side) * factor) as u32).max(least)
        };
        let (width, height) = (side(self.width), side(self.height));
        let smaller = Self {
            left: self.left + (self.width - width) / 2,
            top: self.top + (self.height - height) / 2,
            width,
            height,
        };
        (smaller != *self).then_some(smaller)
    }

    /// This part as seen from `other`, which holds it.
    pub(super) fn inside(&self, other: &Self) -> Self {
        Self {
            left: self.left - other.left,
            top: self.top - other.top,
            ..*self
        }
    }
}

/// Squared errors of decoded pictures, summed over squares; what is transparent lies over a background, for that is what
/// a format without alpha shows.
pub(super) struct Errors<'a> {
    original: Cow<'a, Bitmap>,
    background: Rgb,
    columns: usize,
    sums: Vec<u64>,
}

impl<'a> Errors<'a> {
    pub(super) fn new(original: &'a Bitmap, background: Rgb) -> Self {
        let columns = original.width().div_ceil(CELL) as usize;
        let rows = original.height().div_ceil(CELL) as usize;
        Self {
            original: original.over(background),
            background,
            columns,
            sums: vec![0; columns * rows],
        }
    }

    /// Adds those of `decoded`, which has the same sides.
    pub(super) fn add(&mut self, decoded: &Bitmap) {
        let row = self.original.width() as usize * 4;
        let decoded = decoded.over(self.background);
        let rows = self
            .original
            .rgba()
            .chunks_exact(row)
            .zip(decoded.rgba().chunks_exact(row));
        for (y, (a, b)) in rows.enumerate() {
            let cells = a.chunks(CELL as usize * 4).zip(b.chunks(CELL as usize * 4));
            for (x, (a, b)) in cells.enumerate() {
                let squares = a
                    .iter()
                    .zip(b)
                    .map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2));
                self.sums[y / CELL as usize * self.columns + x] += squares.sum::<u64>();
            }
        }
    }

    /// The part of some `pixels` with the largest errors, of the shape of the picture.
    pub(super) fn worst(&self, pixels: f64) -> Window {
        let [width, height] = [self.original.width(), self.original.height()];
        let factor = (pixels / self.original.pixels() as f64).sqrt().min(1.0);
        let side =
            |side: u32| ((f64::from(side) * factor) as u32).clamp(LEAST_SIDE.min(side), side);
        let (w, h) = (side(width), side(height));
        // An eighth of the part at a time: where it is need not be exact.
        let steps = |room: u32, side: u32| {
            let step = (side / 8).max(CELL);
            (0..=room / step).map(move |n| n * step).chain([room])
        };
        let tops = steps(height - h, h);
        let places = tops.flat_map(|top| steps(width - w, w).map(move |left| (left, top)));
        let rated = places.map(|(left, top)| (self.sum([left, top, w, h]), left, top));
        // Of equals the first: a picture without errors is shown from its corner.
        let worst = rated.reduce(|worst, next| if next.0 > worst.0 { next } else { worst });
        let (_, left, top) = worst.unwrap_or_default();
        Window {
            left,
            top,
            width: w,
            height: h,
        }
    }

    /// Errors of the squares that a part touches.
    fn sum(&self, [left, top, width, height]: [u32; 4]) -> u64 {
        let columns = (left / CELL) as usize..(left + width).div_ceil(CELL) as usize;
        let rows = (top / CELL) as usize..(top + height).div_ceil(CELL) as usize;
        rows.map(|row| {
            self.sums[row * self.columns..][columns.clone()]
                .iter()
                .sum::<u64>()
        })
        .sum()
    }
}
