//! The one picture every encoder gets and every score compares against.

use std::borrow::Cow;

/// Bytes of one pixel: red, green, blue, alpha, 8 bits each.
pub const BYTES_PER_PIXEL: usize = 4;

/// An opaque 8-bit sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// `#ffffff`, what transparent pixels become unless the user says otherwise.
    pub const WHITE: Self = Self([255; 3]);
}

/// Why pixels do not make a bitmap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes of pixels do not make a {width}×{height} picture")]
pub struct ShapeError {
    width: u32,
    height: u32,
    bytes: usize,
}

/// An 8-bit sRGB picture: RGBA, straight alpha, rows from top to bottom, no padding.
///
/// Neither side is ever zero and `rgba().len()` is always `width × height × 4`.
#[derive(Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: u32,
    height: u32,
    rgba: Vec<u8>,
}

impl Bitmap {
    /// Wraps `rgba`, which holds `width × height` pixels of 4 bytes each.
    ///
    /// # Errors
    /// When a side is zero or the number of bytes does not fit the sides.
    pub fn new(width: u32, height: u32, rgba: Vec<u8>) -> Result<Self, ShapeError> {
        let wanted = u128::from(width) * u128::from(height) * BYTES_PER_PIXEL as u128;
        if wanted == 0 || rgba.len() as u128 != wanted {
            return Err(ShapeError {
                width,
                height,
                bytes: rgba.len(),
            });
        }
        Ok(Self {
            width,
            height,
            rgba,
        })
    }

    /// Columns, 1 or more.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows, 1 or more.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// `width × height`.
    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// The samples, `width × height × 4` of them.
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// The samples, to be changed in place.
    pub fn rgba_mut(&mut self) -> &mut [u8] {
        &mut self.rgba
    }

    /// True when no pixel is transparent in any degree.
    pub fn is_opaque(&self) -> bool {
        self.rgba.chunks_exact(BYTES_PER_PIXEL).all(|p| p[3] == 255)
    }

    /// True when red, green and blue are equal in every pixel.
    pub fn is_grey(&self) -> bool {
        self.rgba
            .chunks_exact(BYTES_PER_PIXEL)
            .all(|p| p[0] == p[1] && p[1] == p[2])
    }

    /// This picture laid over an opaque background: the same picture, borrowed, when it is opaque already.
    ///
    /// Blends in the encoded (gamma) domain, as browsers do, rounding to nearest.
    pub fn over(&self, background: Rgb) -> Cow<'_, Self> {
        if self.is_opaque() {
            return Cow::Borrowed(self);
        }
        let mut flat = self.clone();
        for pixel in flat.rgba.chunks_exact_mut(BYTES_PER_PIXEL) {
            let alpha = u32::from(pixel[3]);
            for (sample, back) in pixel.iter_mut().zip(background.0) {
                *sample = ((u32::from(*sample) * alpha + u32::from(back) * (255 - alpha) + 127)
                    / 255) as u8;
            }
            pixel[3] = 255;
        }
        Cow::Owned(flat)
    }
}

impl std::fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bitmap({}×{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_and_samples_must_fit() {
        assert!(Bitmap::new(2, 1, vec![0; 8]).is_ok());
        assert!(Bitmap::new(2, 1, vec![0; 7]).is_err());
        assert!(Bitmap::new(0, 1, vec![]).is_err());
        assert!(Bitmap::new(u32::MAX, u32::MAX, vec![0; 4]).is_err());
    }

    #[test]
    fn laying_over_a_background_blends_and_drops_alpha() -> Result<(), ShapeError> {
        let picture = Bitmap::new(3, 1, vec![10, 20, 30, 255, 200, 0, 0, 128, 9, 9, 9, 0])?;
        let flat = picture.over(Rgb::WHITE);
        assert_eq!(
            flat.rgba(),
            [10, 20, 30, 255, 227, 127, 127, 255, 255, 255, 255, 255]
        );
        assert!(flat.is_opaque() && !picture.is_opaque());
        assert!(matches!(flat.over(Rgb::WHITE), Cow::Borrowed(_)));
        Ok(())
    }

    #[test]
    fn grey_means_equal_channels() -> Result<(), ShapeError> {
        assert!(Bitmap::new(2, 1, vec![7, 7, 7, 255, 0, 0, 0, 3])?.is_grey());
        assert!(!Bitmap::new(1, 1, vec![7, 7, 8, 255])?.is_grey());
        Ok(())
    }
}
