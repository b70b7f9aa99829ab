//! Smaller pictures for a ladder of widths.
//!
//! Lanczos3 over linear light: samples are light only after the sRGB transfer function is undone (IEC 61966-2-1), and
//! means of anything else come out too dark. 16 bits hold linear light without visible steps. Colours are multiplied by
//! alpha while they are mixed, so that what transparent pixels hold does not show at edges.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{
    FilterType, MulDiv, PixelComponentMapper, PixelType, ResizeAlg, ResizeOptions, Resizer,
    create_srgb_mapper,
};

use crate::bitmap::{BYTES_PER_PIXEL as BITMAP_BYTES, Bitmap};

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
    let mut light = Image::new(sides[0], sides[1], PixelType::U16x4);
    let source = ImageRef::new(sides[0], sides[1], image.rgba(), PixelType::U8x4)?;
    let mapper = create_srgb_mapper();
    mapper.forward_map(&source, &mut light)?;
    let opaque = image.is_opaque();
    if !opaque {
        MulDiv::new().multiply_alpha_inplace(&mut light)?;
    }
    // Alpha has been seen to: once, and not once a width.
    let how = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .use_alpha(false);
    let mut resizer = Resizer::new();
    let shrink = |&width: &u32| {
        let mut small = Image::new(width, rows(sides, width), PixelType::U16x4);
        resizer.resize(&light, &mut small, &how)?;
        if !opaque {
            MulDiv::new().divide_alpha_inplace(&mut small)?;
        }
        encoded(&small, &mapper)
    };
    widths.iter().map(shrink).collect()
}

/// Linear light as 8-bit sRGB, with alpha that is not multiplied in.
fn encoded(
    light: &Image<'_>,
    mapper: &PixelComponentMapper,
) -> Result<Bitmap, Box<dyn std::error::Error + Send + Sync>> {
    let [width, height] = [light.width(), light.height()];
    let mut result = Image::new(width, height, PixelType::U8x4);
    mapper.backward_map(light, &mut result)?;
    let mut rgba = result.into_vec();
    // The mapper cuts alpha off where it should round it: every second value would be one too high or too low.
    let wide = light.buffer().chunks_exact(2 * BITMAP_BYTES);
    for (pixel, wide) in rgba.chunks_exact_mut(BITMAP_BYTES).zip(wide) {
        let alpha = u32::from(u16::from_ne_bytes([wide[6], wide[7]]));
        pixel[3] = ((alpha + 128) / 257) as u8;
    }
    Ok(Bitmap::new(width, height, rgba)?)
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
        resize(image, &[width]).unwrap().remove(0)
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
    fn alpha_is_rounded_and_not_cut_off() {
        for alpha in 0..=255 {
            let flat = picture(8, 4, |_, _| [90, 90, 90, alpha]);
            assert_eq!(middle(&smaller(&flat, 3))[3], alpha);
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
