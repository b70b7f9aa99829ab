//! RGB to the planes of AV1 and back.
//!
//! Y = Kr R + (1 − Kr − Kb) G + Kb B, Cb = (B − Y) / 2(1 − Kb), Cr = (R − Y) / 2(1 − Kr), quantised as H.273 §8.3 says.
//! Chroma that pixels share is their mean, and is read back by bilinear interpolation between the centres of the shared
//! squares, as libavif does for browsers.

use super::planes::{Chroma, Matrix, Planes};
use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};

/// The colours of `image` in planes of full range; alpha is not looked at. Chroma none takes green alone: for grey.
pub(crate) fn to_planes(image: &Bitmap, depth: u8, chroma: Chroma, matrix: Matrix) -> Planes {
    let sides = [image.width() as usize, image.height() as usize];
    let top = f32::from((1_u16 << depth) - 1);
    let pixels = image.rgba().chunks_exact(BYTES_PER_PIXEL);
    let planes = match (chroma, matrix) {
        (Chroma::None, _) => vec![pixels.map(|p| widen(p[1], depth)).collect()],
        (_, Matrix::Identity) => [1, 2, 0]
            .map(|c| pixels.clone().map(|p| widen(p[c], depth)).collect())
            .into(),
        (_, Matrix::Luma { red, blue }) => {
            let scale = top / 255.0;
            let luma = |p: &[u8]| {
                let [r, g, b] = [p[0], p[1], p[2]].map(|v| f32::from(v) * scale);
                [r, b, red * r + (1.0 - red - blue) * g + blue * b]
            };
            let half = f32::from(1_u16 << (depth - 1));
            let round = |v: f32| (v + 0.5).clamp(0.0, top) as u16;
            let differences = |of: fn([f32; 3]) -> f32, weight: f32| {
                let all: Vec<f32> = pixels
                    .clone()
                    .map(|p| of(luma(p)) * (0.5 / (1.0 - weight)))
                    .collect();
                let shared = share(&all, sides, chroma);
                shared.into_iter().map(|v| round(v + half)).collect()
            };
            vec![
                pixels.clone().map(|p| round(luma(p)[2])).collect(),
                differences(|[_, b, y]| b - y, blue),
                differences(|[r, _, y]| r - y, red),
            ]
        }
    };
    Planes {
        width: sides[0],
        height: sides[1],
        depth,
        chroma,
        full_range: true,
        planes,
    }
}

/// 8 bits as `depth`, so that rounding gives the 8 back.
fn widen(value: u8, depth: u8) -> u16 {
    let top = (1_u32 << depth) - 1;
    ((u32::from(value) * top + 127) / 255) as u16
}

/// The mean of the values that share a sample.
fn share(values: &[f32], sides: [usize; 2], chroma: Chroma) -> Vec<f32> {
    let [across, down] = chroma.shifts().map(|shift| 1_usize << shift);
    let [columns, rows] = chroma.sides(sides);
    let [width, height] = sides;
    let mut shared = Vec::with_capacity(columns * rows);
    for y in 0..rows {
        for x in 0..columns {
            let ys = y * down..(y * down + down).min(height);
            let xs = x * across..(x * across + across).min(width);
            let count = (ys.len() * xs.len()) as f32;
            let sum: f32 = ys
                .flat_map(|y| xs.clone().map(move |x| values[y * width + x]))
                .sum();
            shared.push(sum / count);
        }
    }
    shared
}

/// Red, green and blue of every pixel, 0 to 1, through `put`: index of the pixel and its colour. Grey is three times the
/// same.
pub(crate) fn from_planes(planes: &Planes, matrix: Matrix, mut put: impl FnMut(usize, [f32; 3])) {
    let step = f32::from(1_u16 << (planes.depth - 8));
    let top = f32::from((1_u16 << planes.depth) - 1);
    let half = f32::from(1_u16 << (planes.depth - 1));
    let (black, luma_range, chroma_range) = match planes.full_range {
        true => (0.0, top, top),
        false => (16.0 * step, 219.0 * step, 224.0 * step),
    };
    let luma = |v: f32| (v - black) / luma_range;
    let chroma = |v: f32| (v - half) / chroma_range;
    let [across, down] = planes.chroma.shifts();
    let [columns, rows] = planes.sides(1);
    for y in 0..planes.height {
        let (y0, y1, wy) = near(y, rows, down);
        for x in 0..planes.width {
            let at = y * planes.width + x;
            let first = luma(f32::from(planes.planes[0][at]));
            let [_, second, third] = planes.planes.as_slice() else {
                put(at, [first; 3]);
                continue;
            };
            let (x0, x1, wx) = near(x, columns, across);
            let sample = |plane: &[u16]| {
                let row = |y: usize| {
                    let [a, b] = [x0, x1].map(|x| f32::from(plane[y * columns + x]));
                    a + (b - a) * wx
                };
                row(y0) + (row(y1) - row(y0)) * wy
            };
            put(
                at,
                match matrix {
                    Matrix::Identity => [luma(sample(third)), first, luma(sample(second))],
                    Matrix::Luma { red, blue } => {
                        let (cb, cr) = (chroma(sample(second)), chroma(sample(third)));
                        let r = first + 2.0 * (1.0 - red) * cr;
                        let b = first + 2.0 * (1.0 - blue) * cb;
                        [r, (first - red * r - blue * b) / (1.0 - red - blue), b]
                    }
                },
            );
        }
    }
}

/// The two of `count` samples that a position lies between, and the weight of the second; `shift` is 0 or 1.
fn near(position: usize, count: usize, shift: u32) -> (usize, usize, f32) {
    if shift == 0 {
        return (position, position, 0.0);
    }
    let own = position / 2;
    let other = match position % 2 {
        0 => own.saturating_sub(1),
        _ => (own + 1).min(count - 1),
    };
    (own, other, 0.25)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Bitmap {
        let rgba =
            (0..7_u32 * 5).flat_map(|n| [(n * 7) as u8, (n * 3) as u8, 255 - (n * 5) as u8, 255]);
        Bitmap::new(7, 5, rgba.collect()).unwrap()
    }

    fn back(planes: &Planes, matrix: Matrix) -> Vec<u8> {
        let mut rgba = vec![255; planes.width * planes.height * 4];
        from_planes(planes, matrix, |at, rgb| {
            let bytes = rgb.map(|v| (v * 255.0).round() as u8);
            rgba[at * 4..at * 4 + 3].copy_from_slice(&bytes);
        });
        rgba
    }

    #[test]
    fn ten_bits_and_the_identity_lose_nothing_and_eight_bits_little() {
        let image = picture();
        for (depth, matrix, most) in [
            (10, Matrix::BT601, 0),
            (8, Matrix::Identity, 0),
            (8, Matrix::BT601, 2),
        ] {
            let planes = to_planes(&image, depth, Chroma::Full, matrix);
            let back = back(&planes, matrix);
            let off = back
                .iter()
                .zip(image.rgba())
                .map(|(a, b)| a.abs_diff(*b))
                .max();
            assert!(off <= Some(most), "{depth} {matrix:?}: {off:?}");
        }
    }

    #[test]
    fn white_black_and_red_are_what_bt601_says() {
        let rgba = [255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255];
        let image = Bitmap::new(3, 1, rgba.into()).unwrap();
        let planes = to_planes(&image, 8, Chroma::Full, Matrix::BT601);
        assert_eq!(
            planes.planes,
            [[255, 0, 76], [128, 128, 85], [128, 128, 255]]
        );
    }

    #[test]
    fn shared_chroma_is_the_mean_and_flat_colours_survive_it() {
        let flat = Bitmap::new(5, 3, [200, 90, 30, 255].repeat(15)).unwrap();
        let planes = to_planes(&flat, 10, Chroma::Quarter, Matrix::BT601);
        assert_eq!(planes.planes[1].len(), 3 * 2);
        assert_eq!(back(&planes, Matrix::BT601), flat.rgba());
        assert_eq!(
            share(&[1.0, 3.0, 5.0, 7.0, 2.0, 4.0], [3, 2], Chroma::Quarter),
            [3.25, 4.5]
        );
    }

    #[test]
    fn studio_range_ends_at_16_and_235() {
        let mut planes = to_planes(&picture(), 8, Chroma::None, Matrix::BT601);
        planes.full_range = false;
        planes.planes[0] = vec![16; 35];
        planes.planes[0][1] = 235;
        assert_eq!(
            back(&planes, Matrix::BT601)[..8],
            [0, 0, 0, 255, 255, 255, 255, 255]
        );
    }
}
