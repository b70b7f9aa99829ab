//! Smaller pictures for a ladder of widths.
//!
//! Lanczos3 over linear light: samples are light only after the sRGB transfer function is undone (IEC 61966-2-1), and
//! means of anything else come out too dark. 16 bits hold linear light without visible steps. Colours are multiplied by
//! alpha while they are mixed, so that what transparent pixels hold does not show at edges.

use fast_image_resize::images::TypedImage;
use fast_image_resize::pixels::U16x4;
use fast_image_resize::{FilterType, InvalidPixelsSize, MulDiv, ResizeAlg, ResizeOptions, Resizer};

use crate::bitmap::Bitmap;

/// Bytes that [`resize`] needs for each pixel of the picture it is given, beyond that picture and its results: linear light,
/// and at most as much again between the two directions.
pub const BYTES_PER_PIXEL: u64 = 16;

/// Rows of a picture of these sides at `width` columns: at least one.
pub fn rows([columns, rows]: [u32; 2], width: u32) -> u32 {
    let exact = f64::from(rows) * f64::from(width) / f64::from(columns);
    (exact.round() as u32).max(1)
}

/// `image` at each of `widths`, all made from `image` itself: fewer columns than it has, and as many [`rows`] as keep its
/// shape.
///
/// # Errors
/// When the resizer refuses, which no valid picture makes it do.
pub fn resize(
    image: &Bitmap,
    widths: &[u32],
) -> Result<Vec<Bitmap>, Box<dyn std::error::Error + Send + Sync>> {
    let sides = [image.width(), image.height()];
    let mut light = in_light(image)?;
    let opaque = image.is_opaque();
    if !opaque {
        MulDiv::new().multiply_alpha_inplace_typed(&mut light)?;
    }
    // Alpha has been seen to: once, and not once a width.
    let how = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .use_alpha(false);
    let mut resizer = Resizer::new();
    let bytes: Vec<u8> = (0..=u16::MAX)
        .map(|v| narrow(from_light(f64::from(v) / 65_535.0)))
        .collect();
    let shrink = |&width: &u32| {
        let height = rows(sides, width);
        // One type of pixel is compiled, not all that the resizer knows.
        let mut small = TypedImage::<U16x4>::new(width, height);
        resizer.resize_typed(&light, &mut small, &how)?;
        if !opaque {
            MulDiv::new().divide_alpha_inplace_typed(&mut small)?;
        }
        let rgba = small.pixels().iter().flat_map(|pixel| {
            let [r, g, b, a] = pixel.0;
            let [r, g, b] = [r, g, b].map(|v| bytes[usize::from(v)]);
            [r, g, b, ((u32::from(a) + 128) / 257) as u8]
        });
        Ok(Bitmap::new(width, height, rgba.collect())?)
    };
    widths.iter().map(shrink).collect()
}

/// [`resize`] to one width.
///
/// # Errors
/// As there.
pub fn resize_to(
    image: &Bitmap,
    width: u32,
) -> Result<Bitmap, Box<dyn std::error::Error + Send + Sync>> {
    Ok(resize(image, &[width])?.remove(0))
}

/// `image` in linear light, with alpha that is not multiplied in.
fn in_light(image: &Bitmap) -> Result<TypedImage<'static, U16x4>, InvalidPixelsSize> {
    let light: Vec<u16> = (0..=255)
        .map(|v| wide(to_light(f64::from(v) / 255.0)))
        .collect();
    let linear = image.rgba().as_chunks::<4>().0.iter();
    let linear = linear.map(|&[r, g, b, a]| {
        let [r, g, b] = [r, g, b].map(|v| light[usize::from(v)]);
        U16x4::new([r, g, b, u16::from(a) * 257])
    });
    TypedImage::from_pixels(image.width(), image.height(), linear.collect::<Vec<_>>())
}

/// The light of an sRGB value, both 0 to 1.
fn to_light(value: f64) -> f64 {
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

/// The sRGB value of light, both 0 to 1.
fn from_light(light: f64) -> f64 {
    if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    }
}

fn wide(value: f64) -> u16 {
    (value * 65_535.0).round() as u16
}

fn narrow(value: f64) -> u8 {
    (value * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Bitmap {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let rgba = places.flat_map(|(x, y)| pixel(x, y)).collect();
        Bitmap::new(width, height, rgba).unwrap()
    }

    fn smaller(image: &Bitmap, width: u32) -> Bitmap {
        resize_to(image, width).unwrap()
    }

    fn middle(image: &Bitmap) -> [u8; 4] {
        let at = (image.height() / 2 * image.width() + image.width() / 2) as usize * 4;
        image.rgba()[at..at + 4].try_into().unwrap()
    }

    #[test]
    fn half_of_the_light_is_188_and_not_128() {
        let checks = picture(64, 64, |x, y| match (x ^ y) & 1 {
            0 => [0, 0, 0, 255],
            _ => [255; 4],
        });
        let [r, g, b, a] = middle(&smaller(&checks, 16));
        assert!(
            [r, g, b].iter().all(|v| v.abs_diff(188) <= 1) && a == 255,
            "{r} {g} {b} {a}"
        );
    }

    #[test]
    fn what_transparent_pixels_hold_does_not_bleed() {
        let stripes = picture(60, 20, |x, _| match x % 2 {
            0 => [0, 255, 0, 0],
            _ => [200, 0, 0, 255],
        });
        let [r, g, b, a] = middle(&smaller(&stripes, 15));
        assert!(r.abs_diff(200) <= 1 && g == 0 && b == 0, "{r} {g} {b}");
        assert!(a.abs_diff(128) <= 1, "{a}");
    }

    #[test]
    fn every_value_and_every_alpha_survives_flat() {
        for value in 0..=255 {
            let flat = picture(8, 4, |_, _| [value, 255 - value, value, 255]);
            assert_eq!(middle(&smaller(&flat, 3)), [value, 255 - value, value, 255]);
            let clear = picture(8, 4, |_, _| [90, 90, 90, value]);
            assert_eq!(middle(&smaller(&clear, 3))[3], value);
        }
        // A quarter of 255 and three of 254 are 254.25; of 252 and 253 they are 252.25 and 252.75.
        for (most, one, mean) in [(254, 255, 254), (252, 253, 252), (253, 252, 253)] {
            let mixed = picture(64, 64, |x, y| {
                let alpha = if x % 2 + y % 2 == 2 { one } else { most };
                [90, 90, 90, alpha]
            });
            assert_eq!(middle(&smaller(&mixed, 8))[3], mean);
        }
    }

    #[test]
    fn a_width_does_not_depend_on_the_others() {
        let noise = picture(97, 61, |x, y| {
            let v = (x * 7919 + y * 104_729) as u8;
            [v, v.wrapping_mul(3), v ^ 0x55, v | 0x80]
        });
        let all = resize(&noise, &[20, 50, 90]).unwrap();
        for (image, width) in all.iter().zip([20, 50, 90]) {
            assert_eq!(*image, smaller(&noise, width));
        }
    }

    #[test]
    fn flat_colours_and_shapes_are_kept() {
        for (from, width, height) in [([101, 50], 33, 16), ([400, 1], 7, 1), ([3, 300], 1, 100)] {
            let flat = picture(from[0], from[1], |_, _| [10, 20, 30, 255]);
            let small = smaller(&flat, width);
            assert_eq!([small.width(), small.height()], [width, height]);
            assert!(small.rgba().chunks_exact(4).all(|p| p == [10, 20, 30, 255]));
        }
    }
}
