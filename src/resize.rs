//! Smaller pictures for a ladder of widths.
//!
//! Lanczos3 over linear light: samples are light only after the sRGB transfer function is undone (IEC 61966-2-1), and
//! means of anything else come out too dark. 16 bits hold linear light without visible steps. Colours are multiplied by
//! alpha while they are mixed, so that what transparent pixels hold does not show at edges.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, create_srgb_mapper,
};

use crate::bitmap::Bitmap;

/// Bytes that [`resize`] needs for each pixel of the picture it is given, beyond that picture: linear light, and half as
/// much between the two directions.
pub const BYTES_PER_PIXEL: u64 = 16;

/// Rows of a picture of these sides at `width` columns: at least one.
pub fn rows([columns, rows]: [u32; 2], width: u32) -> u32 {
    let exact = f64::from(rows) * f64::from(width) / f64::from(columns);
    (exact.round() as u32).max(1)
}

/// `image` at `width` columns, fewer than it has, and as many [`rows`] as keep its shape.
///
/// # Errors
/// When the resizer refuses, which no valid picture makes it do.
pub fn resize(image: &Bitmap, width: u32) -> Result<Bitmap, Box<dyn std::error::Error>> {
    let from = [image.width(), image.height()];
    let height = rows(from, width);
    let mapper = create_srgb_mapper();
    let source = ImageRef::new(from[0], from[1], image.rgba(), PixelType::U8x4)?;
    let mut linear = Image::new(from[0], from[1], PixelType::U16x4);
    mapper.forward_map(&source, &mut linear)?;
    let mut small = Image::new(width, height, PixelType::U16x4);
    let how = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&linear, &mut small, &how)?;
    drop(linear);
    let mut result = Image::new(width, height, PixelType::U8x4);
    mapper.backward_map(&small, &mut result)?;
    Ok(Bitmap::new(width, height, result.into_vec())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Bitmap {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let rgba = places.flat_map(|(x, y)| pixel(x, y)).collect();
        Bitmap::new(width, height, rgba).unwrap()
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
        let [r, g, b, a] = middle(&resize(&checks, 16).unwrap());
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
        let [r, g, b, a] = middle(&resize(&stripes, 15).unwrap());
        assert!(r.abs_diff(200) <= 1 && g == 0 && b == 0, "{r} {g} {b}");
        assert!(a.abs_diff(128) <= 1, "{a}");
    }

    #[test]
    fn flat_colours_and_shapes_are_kept() {
        for (from, width, height) in [([101, 50], 33, 16), ([400, 1], 7, 1), ([3, 300], 1, 100)] {
            let flat = picture(from[0], from[1], |_, _| [10, 20, 30, 255]);
            let small = resize(&flat, width).unwrap();
            assert_eq!([small.width(), small.height()], [width, height]);
            assert!(small.rgba().chunks_exact(4).all(|p| p == [10, 20, 30, 255]));
        }
    }
}
