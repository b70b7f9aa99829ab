//! Where a scale's pixels come from: 8-bit sRGB at the first, linear planes of half the sides at the others.

use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};

/// A row of red, green and blue in linear light, 0 to 1.
pub(super) type LinearRow<'a> = [&'a mut [f32]; 3];

/// A picture as one scale sees it.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// The picture itself, whose transparent pixels lie over grey of this encoded level, 0 to 1; and [`samples`].
    Bitmap(&'a Bitmap, f32, &'a [f32; 256]),
    /// A finer scale, halved.
    Planes(&'a Planes),
}

impl Source<'_> {
    /// Reads row `y`, as long as the rows of `out`.
    #[inline(always)]
    pub(super) fn read(&self, y: usize, out: LinearRow<'_>) {
        match self {
            Self::Bitmap(bitmap, backdrop, samples) => {
                let bytes = out[0].len() * BYTES_PER_PIXEL;
                linearize(
                    &bitmap.rgba()[y * bytes..][..bytes],
                    *backdrop,
                    samples,
                    out,
                );
            }
            Self::Planes(planes) => {
                for (plane, row) in planes.planes.iter().zip(out) {
                    row.copy_from_slice(&plane[y * planes.width..][..planes.width]);
                }
            }
        }
    }
}

/// Red, green and blue in linear light, a plane each.
pub(super) struct Planes {
    width: usize,
    planes: [Vec<f32>; 3],
}

impl Planes {
    /// Black planes.
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            planes: [(); 3].map(|()| vec![0.0; width * height]),
        }
    }

    /// Row `y` of all three.
    pub(super) fn row_mut(&mut self, y: usize) -> LinearRow<'_> {
        let (width, from) = (self.width, y * self.width);
        self.planes
            .each_mut()
            .map(|plane| &mut plane[from..from + width])
    }
}

/// Turns a row of RGBA into linear light. What is transparent is blended in the encoded domain first, as the tool does.
#[inline(always)]
fn linearize(rgba: &[u8], backdrop: f32, samples: &[f32; 256], [red, green, blue]: LinearRow<'_>) {
    let clear = decode(backdrop);
    let pixels = rgba.as_chunks::<BYTES_PER_PIXEL>().0.iter();
    for ((([r, g, b, alpha], red), green), blue) in pixels.zip(red).zip(green).zip(blue) {
        let opaque = |sample: u8| samples[usize::from(sample)];
        let blend = |sample: u8| {
            let alpha = encoded(*alpha);
            decode(alpha * encoded(sample) + (1.0 - alpha) * backdrop)
        };
        [*red, *green, *blue] = match alpha {
            255 => [opaque(*r), opaque(*g), opaque(*b)],
            0 => [clear; 3],
            _ => [blend(*r), blend(*g), blend(*b)],
        };
    }
}

/// The linear light of every opaque sample.
pub(super) fn samples() -> [f32; 256] {
    std::array::from_fn(|sample| decode(encoded(sample as u8)))
}

/// A sample, or an alpha, from 0 to 1.
#[inline(always)]
fn encoded(sample: u8) -> f32 {
    f32::from(sample) * (1.0 / 255.0)
}

/// The sRGB curve (IEC 61966-2-1) from encoded to linear, both 0 to 1, in the tool's own steps (`TF_SRGB` of libjxl): a
/// quotient of polynomials, up to 3e-7 off the curve. Where glass is flat the last bits are worth up to 0.2 points.
#[inline(always)]
fn decode(encoded: f32) -> f32 {
    const OVER: [f32; 5] = [
        0.821_015_3,
        0.796_156_5,
        0.162_482_04,
        0.010_436_376,
        0.000_220_024_83,
    ];
    const UNDER: [f32; 5] = [
        0.006_521_209,
        -0.055_124_983,
        0.498_752_83,
        1.076_976_5,
        0.263_184_7,
    ];
    if encoded <= 0.040_45 {
        return encoded * (1.0 / 12.92);
    }
    let [over, under] = [OVER, UNDER].map(|[first, rest @ ..]| {
        rest.into_iter()
            .fold(first, |sum, factor| sum.mul_add(encoded, factor))
    });
    over / under
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_follow_the_srgb_curve_with_the_roundings_of_the_tool() {
        for (sample, linear) in samples().into_iter().enumerate() {
            let encoded = sample as f64 / 255.0;
            let exact = if encoded <= 0.040_45 {
                encoded / 12.92
            } else {
                ((encoded + 0.055) / 1.055).powf(2.4)
            };
            assert!((f64::from(linear) - exact).abs() < 4e-7, "{sample}");
        }
        // One bit of one sample changes scores by hundredths: this sums up all bits as captured from the tool.
        let all = |sum: u32, linear: f32| sum.rotate_left(5) ^ linear.to_bits();
        assert_eq!(samples().into_iter().fold(0, all), 0x987b_8216);
    }

    #[test]
    fn transparent_pixels_lie_over_the_backdrop() {
        let mut row = [[0.0; 3]; 3];
        let [r, g, b] = &mut row;
        let rgba = [255, 0, 90, 255, 255, 0, 90, 0, 255, 0, 90, 51];
        linearize(&rgba, 0.9, &samples(), [r, g, b]);
        let [red, green, _] = row;
        assert_eq!([red[0], green[0]], [1.0, 0.0]);
        assert_eq!([red[1], green[1]], [decode(0.9); 2]);
        assert!((red[2] - decode(0.92)).abs() < 1e-6 && (green[2] - decode(0.72)).abs() < 1e-6);
    }
}
