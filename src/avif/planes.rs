//! Samples as AV1 codes them.

/// How often chroma is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chroma {
    /// Not at all: grey.
    None,
    /// Once for two by two pixels.
    Quarter,
    /// Once for two pixels across.
    Half,
    /// For every pixel.
    Full,
}

impl Chroma {
    /// By how many bits positions of luma are shifted to those of chroma, across and down.
    pub(crate) fn shifts(self) -> [u32; 2] {
        match self {
            Self::None | Self::Quarter => [1, 1],
            Self::Half => [1, 0],
            Self::Full => [0, 0],
        }
    }

    /// Sides of a chroma plane of a picture of these sides.
    pub(crate) fn sides(self, [width, height]: [usize; 2]) -> [usize; 2] {
        let [across, down] = self.shifts();
        [
            (width + across as usize) >> across,
            (height + down as usize) >> down,
        ]
    }
}

/// What the three planes mean: matrix coefficients of H.273, table 4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Matrix {
    /// 0: green, blue and red as they are.
    Identity,
    /// Luma and colour differences; weights of red and blue in luma.
    Luma {
        /// Kr.
        red: f32,
        /// Kb.
        blue: f32,
    },
}

impl Matrix {
    /// BT.601, code 6: what AVIF files of sRGB pictures have, and what is taken for files that do not say.
    pub(crate) const BT601: Self = Self::Luma {
        red: 0.299,
        blue: 0.114,
    };

    /// That of an H.273 code; `None` for those not known here.
    pub(crate) fn of(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Identity),
            1 => Some(Self::Luma {
                red: 0.2126,
                blue: 0.0722,
            }),
            2 | 5 | 6 => Some(Self::BT601),
            4 => Some(Self::Luma {
                red: 0.30,
                blue: 0.11,
            }),
            7 => Some(Self::Luma {
                red: 0.212,
                blue: 0.087,
            }),
            9 => Some(Self::Luma {
                red: 0.2627,
                blue: 0.0593,
            }),
            _ => None,
        }
    }
}

/// One picture: luma, and two planes of chroma unless it is grey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Planes {
    /// Columns of luma.
    pub(crate) width: usize,
    /// Rows of luma.
    pub(crate) height: usize,
    /// Bits of a sample: 8, 10 or 12.
    pub(crate) depth: u8,
    /// Sampling of the two other planes.
    pub(crate) chroma: Chroma,
    /// Whether samples use all of their range.
    pub(crate) full_range: bool,
    /// Row after row without padding; one plane for grey, else three.
    pub(crate) planes: Vec<Vec<u16>>,
}

impl Planes {
    /// Sides of plane `nth`.
    pub(crate) fn sides(&self, nth: usize) -> [usize; 2] {
        match nth {
            0 => [self.width, self.height],
            _ => self.chroma.sides([self.width, self.height]),
        }
    }

    /// A picture of these sides with room for all samples, zeroed, otherwise like this one.
    pub(super) fn blank(&self, [width, height]: [usize; 2]) -> Self {
        let mut blank = Self {
            width,
            height,
            planes: Vec::new(),
            ..*self
        };
        blank.planes = (0..self.planes.len())
            .map(|nth| blank.sides(nth).into_iter().product())
            .map(|samples| vec![0; samples])
            .collect();
        blank
    }

    /// Copies `tile` to `[x, y]`, as far as it lies within; positions are even where chroma is shared.
    pub(super) fn paste(&mut self, tile: &Self, [x, y]: [usize; 2]) {
        for nth in 0..self.planes.len() {
            let [across, down] = if nth == 0 {
                [0, 0]
            } else {
                self.chroma.shifts()
            };
            let [x, y] = [x >> across, y >> down];
            let [width, height] = self.sides(nth);
            let [tile_width, _] = tile.sides(nth);
            let columns = tile_width.min(width.saturating_sub(x));
            let rows = tile.planes[nth]
                .chunks_exact(tile_width)
                .take(height.saturating_sub(y));
            for (row, samples) in rows.enumerate() {
                let at = (y + row) * width + x;
                self.planes[nth][at..at + columns].copy_from_slice(&samples[..columns]);
            }
        }
    }
}
