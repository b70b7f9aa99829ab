//! Where a scale's pixels come from: 8-bit sRGB at the first, linear planes of half the sides at the others.

use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};

/// A row of red, green and blue in linear light, 0 to 1.
pub(super) type LinearRow<'a> = [&'a mut [f32]; 3];

/// A picture as one scale sees it.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// The picture itself, whose transparent pixels lie over grey of this encoded level, 0 to 1.
    Bitmap(&'a Bitmap, f32),
    /// A finer scale, halved.
    Planes(&'a Planes),
}

impl Source<'_> {
    /// Reads row `y`, as long as the rows of `out`.
    pub(super) fn read(&self, y: usize, out: LinearRow<'_>) {
        match self {
            Self::Bitmap(bitmap, backdrop) => {
                let bytes = out[0].len() * BYTES_PER_PIXEL;
                linearize(&bitmap.rgba()[y * bytes..][..bytes], *backdrop, out);
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
fn linearize(rgba: &[u8], backdrop: f32, [red, green, blue]: LinearRow<'_>) {
    let clear = decode(backdrop);
    let pixels = rgba.as_chunks::<BYTES_PER_PIXEL>().0.iter();
    for ((([r, g, b, alpha], red), green), blue) in pixels.zip(red).zip(green).zip(blue) {
        let blend = |sample: u8| {
            let alpha = f32::from(*alpha) / 255.0;
            decode(alpha * f32::from(sample) / 255.0 + (1.0 - alpha) * backdrop)
        };
        [*red, *green, *blue] = match alpha {
            255 => [opaque(*r), opaque(*g), opaque(*b)],
            0 => [clear; 3],
            _ => [blend(*r), blend(*g), blend(*b)],
        };
    }
}

fn opaque(sample: u8) -> f32 {
    f32::from_bits(LINEAR[usize::from(sample)])
}

/// The sRGB curve (IEC 61966-2-1) from encoded to linear, both 0 to 1.
fn decode(encoded: f32) -> f32 {
    if encoded <= 0.040_45 {
        encoded / 12.92
    } else {
        ((encoded + 0.055) / 1.055).powf(2.4)
    }
}

/// Bits of [`decode`] of each sample as the tool's colour library, lcms2, evaluates it: up to 3e-7 off the curve. The
/// values were captured from the tool by the authors of fast-ssim2.
const LINEAR: [u32; 256] = [
    0x00000000, 0x399f22b4, 0x3a1f22b4, 0x3a6eb40f, 0x3a9f22b4, 0x3ac6eb61, 0x3aeeb40f, 0x3b0b3e5e,
    0x3b1f22b4, 0x3b33070b, 0x3b46eb61, 0x3b5b51a9, 0x3b70f162, 0x3b83e19c, 0x3b8fe5e5, 0x3b9c87ce,
    0x3ba9c98d, 0x3bb7ad51, 0x3bc6353a, 0x3bd5635b, 0x3be539ca, 0x3bf5ba84, 0x3c0373c5, 0x3c0c6165,
    0x3c15a71b, 0x3c1f45d7, 0x3c293e86, 0x3c339212, 0x3c3e4163, 0x3c494d5d, 0x3c54b6de, 0x3c607ec9,
    0x3c6ca5f0, 0x3c792d30, 0x3c830aae, 0x3c89afa2, 0x3c9085de, 0x3c978dc6, 0x3c9ec7c0, 0x3ca63430,
    0x3cadd379, 0x3cb5a5fb, 0x3cbdac1a, 0x3cc5e632, 0x3cce54a3, 0x3cd6f7ca, 0x3cdfd005, 0x3ce8ddae,
    0x3cf22123, 0x3cfb9ab9, 0x3d02a565, 0x3d0798d8, 0x3d0ca7e2, 0x3d11d2aa, 0x3d171961, 0x3d1c7c2d,
    0x3d21fb38, 0x3d2796af, 0x3d2d4eb9, 0x3d332380, 0x3d39152a, 0x3d3f23e4, 0x3d454fd2, 0x3d4b991e,
    0x3d51ffee, 0x3d588469, 0x3d5f26b9, 0x3d65e702, 0x3d6cc567, 0x3d73c212, 0x3d7add2a, 0x3d810b69,
    0x3d84b795, 0x3d887331, 0x3d8c3e4b, 0x3d9018f8, 0x3d940347, 0x3d97fd4c, 0x3d9c0719, 0x3da020be,
    0x3da44a4f, 0x3da883da, 0x3daccd74, 0x3db1272b, 0x3db59114, 0x3dba0b3d, 0x3dbe95b6, 0x3dc33093,
    0x3dc7dbe5, 0x3dcc97b9, 0x3dd1641f, 0x3dd6412d, 0x3ddb2ef2, 0x3de02d79, 0x3de53cd6, 0x3dea5d19,
    0x3def8e55, 0x3df4d095, 0x3dfa23ea, 0x3dff8863, 0x3e027f08, 0x3e054281, 0x3e080ea4, 0x3e0ae378,
    0x3e0dc106, 0x3e10a754, 0x3e13966c, 0x3e168e52, 0x3e198f11, 0x3e1c98ad, 0x3e1fab31, 0x3e22c6a2,
    0x3e25eb08, 0x3e29186a, 0x3e2c4ed0, 0x3e2f8e42, 0x3e32d6c6, 0x3e362861, 0x3e39831f, 0x3e3ce704,
    0x3e405417, 0x3e43ca61, 0x3e4749e5, 0x3e4ad2b0, 0x3e4e64c3, 0x3e52002b, 0x3e55a4e8, 0x3e595306,
    0x3e5d0a89, 0x3e60cb7c, 0x3e6495df, 0x3e6869be, 0x3e6c471e, 0x3e702e08, 0x3e741e7e, 0x3e78188b,
    0x3e7c1c34, 0x3e8014bf, 0x3e82203a, 0x3e84308c, 0x3e8645b9, 0x3e885fc3, 0x3e8a7eb0, 0x3e8ca282,
    0x3e8ecb3d, 0x3e90f8e0, 0x3e932b73, 0x3e9562f8, 0x3e979f70, 0x3e99e0e0, 0x3e9c274d, 0x3e9e72b8,
    0x3ea0c321, 0x3ea31892, 0x3ea57308, 0x3ea7d28a, 0x3eaa3718, 0x3eaca0b8, 0x3eaf0f6a, 0x3eb18333,
    0x3eb3fc16, 0x3eb67a17, 0x3eb8fd34, 0x3ebb8578, 0x3ebe12df, 0x3ec0a570, 0x3ec33d2b, 0x3ec5da15,
    0x3ec87c30, 0x3ecb2383, 0x3ecdd009, 0x3ed081cb, 0x3ed338cc, 0x3ed5f50a, 0x3ed8b68a, 0x3edb7d53,
    0x3ede4964, 0x3ee11ac1, 0x3ee3f16b, 0x3ee6cd67, 0x3ee9aeb5, 0x3eec955d, 0x3eef815d, 0x3ef272bb,
    0x3ef56976, 0x3ef86593, 0x3efb6716, 0x3efe6e01, 0x3f00bd2c, 0x3f02460d, 0x3f03d1a5, 0x3f055ff8,
    0x3f06f106, 0x3f0884d0, 0x3f0a1b56, 0x3f0bb49b, 0x3f0d50a0, 0x3f0eef68, 0x3f1090f1, 0x3f12353e,
    0x3f13dc52, 0x3f15862b, 0x3f1732ce, 0x3f18e238, 0x3f1a9470, 0x3f1c4972, 0x3f1e0142, 0x3f1fbbe0,
    0x3f21794f, 0x3f23398f, 0x3f24fca0, 0x3f26c288, 0x3f288b42, 0x3f2a56d4, 0x3f2c253d, 0x3f2df680,
    0x3f2fca9d, 0x3f31a197, 0x3f337b6c, 0x3f355820, 0x3f3737b2, 0x3f391a26, 0x3f3aff7c, 0x3f3ce7b3,
    0x3f3ed2d1, 0x3f40c0d4, 0x3f42b1be, 0x3f44a58f, 0x3f469c4c, 0x3f4895f1, 0x3f4a9283, 0x3f4c9202,
    0x3f4e946f, 0x3f5099cc, 0x3f52a21a, 0x3f54ad59, 0x3f56bb8a, 0x3f58ccb2, 0x3f5ae0ce, 0x3f5cf7e1,
    0x3f5f11ed, 0x3f612eef, 0x3f634ef2, 0x3f6571ec, 0x3f6797e2, 0x3f69c0d7, 0x3f6beccc, 0x3f6e1bc1,
    0x3f704db8, 0x3f7282b1, 0x3f74baad, 0x3f76f5b0, 0x3f7933b7, 0x3f7b74c7, 0x3f7db8df, 0x3f800000,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_srgb_curve() {
        for sample in 0..=255 {
            let exact = decode(f32::from(sample) / 255.0);
            assert!((opaque(sample) - exact).abs() < 4e-7, "{sample}");
        }
    }

    #[test]
    fn transparent_pixels_lie_over_the_backdrop() {
        let mut row = [[0.0; 3]; 3];
        let [r, g, b] = &mut row;
        let rgba = [255, 0, 90, 255, 255, 0, 90, 0, 255, 0, 90, 51];
        linearize(&rgba, 0.9, [r, g, b]);
        let [red, green, _] = row;
        assert_eq!([red[0], green[0]], [1.0, 0.0]);
        assert_eq!([red[1], green[1]], [decode(0.9); 2]);
        assert!((red[2] - decode(0.92)).abs() < 1e-6 && (green[2] - decode(0.72)).abs() < 1e-6);
    }
}
