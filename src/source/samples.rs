//! From whatever samples a decoder gives to 8-bit RGBA, row by row and in the same buffer.

use std::sync::Arc;

use moxcms::TransformExecutor;

/// How decoded samples lie in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SampleLayout {
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
    pub(crate) channels: usize,
    /// Bytes of one sample, 1 or 2 (in the order of this machine).
    pub(crate) bytes: usize,
    pub(crate) alpha: Alpha,
}

/// How colours and alpha belong together, where there is alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alpha {
    /// Colours stand for themselves.
    Straight,
    /// Colours are multiplied by alpha already.
    Premultiplied,
}

impl SampleLayout {
    /// What a bitmap holds.
    const RGBA8: Self = Self {
        channels: 4,
        bytes: 1,
        alpha: Alpha::Straight,
    };

    /// Straight samples of one byte.
    pub(crate) const fn bytes(channels: usize) -> Self {
        Self {
            channels,
            ..Self::RGBA8
        }
    }

    /// Bytes of one pixel.
    pub(crate) fn pixel_bytes(self) -> usize {
        self.channels * self.bytes
    }
}

/// A sample as a decoder gives it.
pub(crate) trait Sample: Copy + Default {
    /// Reads samples from bytes in the order of this machine.
    fn read(bytes: &[u8], into: &mut [Self]);
    /// Rounded to the nearest of 256 steps.
    fn to_8(self) -> u8;
    /// This colour before it was multiplied by `alpha`; it stays what it is where `alpha` is zero.
    fn divided_by(self, alpha: Self) -> Self;
}

impl Sample for u8 {
    fn read(bytes: &[u8], into: &mut [Self]) {
        into.copy_from_slice(bytes);
    }

    fn to_8(self) -> u8 {
        self
    }

    fn divided_by(self, alpha: Self) -> Self {
        let (value, alpha) = (u32::from(self) * 255, u32::from(alpha));
        let nearest = (value + alpha / 2).checked_div(alpha);
        nearest.map_or(self, |v| v.min(255) as Self)
    }
}

impl Sample for u16 {
    fn read(bytes: &[u8], into: &mut [Self]) {
        for (sample, raw) in into.iter_mut().zip(bytes.as_chunks::<2>().0) {
            *sample = Self::from_ne_bytes(*raw);
        }
    }

    fn to_8(self) -> u8 {
        ((u32::from(self) * 255 + 32_767) / 65_535) as u8
    }

    fn divided_by(self, alpha: Self) -> Self {
        let (value, alpha) = (u64::from(self) * 65_535, u64::from(alpha));
        let nearest = (value + alpha / 2).checked_div(alpha);
        nearest.map_or(self, |v| v.min(65_535) as Self)
    }
}

/// A colour conversion of rows of `T`.
pub(crate) type Executor<T> = Arc<dyn TransformExecutor<T> + Send + Sync>;

/// A colour conversion and the channels it takes and gives.
pub(crate) struct Conversion<T> {
    pub(crate) executor: Executor<T>,
    /// Channels it takes: the source's own, or 3 and 4 when grey has to be widened first.
    pub(crate) takes: usize,
    /// Channels it gives, 3 or 4.
    pub(crate) gives: usize,
}

/// Turns `buffer`, which starts with `width × height` pixels in `layout` and has room for as many RGBA pixels, into
/// just these RGBA pixels with straight alpha. `T` is the type of the samples in `layout`.
pub(crate) fn to_rgba<T: Sample>(
    mut buffer: Vec<u8>,
    [width, height]: [usize; 2],
    layout: SampleLayout,
    conversion: Option<&Conversion<T>>,
) -> Result<Vec<u8>, moxcms::CmsError> {
    let (from, to) = (width * layout.pixel_bytes(), width * 4);
    let mut row = Row::new(width, layout, conversion);
    let ready = SampleLayout::RGBA8 == layout && conversion.is_none();
    let mut step = |y: usize| {
        let source = &buffer[y * from..(y + 1) * from];
        row.convert(source)?;
        row.pack(&mut buffer[y * to..(y + 1) * to]);
        Ok::<_, moxcms::CmsError>(())
    };
    // Rows that grow are moved from the last, rows that shrink from the first: none is written over before it is read.
    if from < to {
        (0..height).rev().try_for_each(&mut step)?;
    } else if !ready {
        (0..height).try_for_each(&mut step)?;
    }
    buffer.truncate(to * height);
    buffer.shrink_to_fit();
    Ok(buffer)
}

/// Scratch space for one row on its way.
struct Row<'a, T> {
    layout: SampleLayout,
    conversion: Option<&'a Conversion<T>>,
    read: Vec<T>,
    widened: Vec<T>,
    converted: Vec<T>,
}

impl<'a, T: Sample> Row<'a, T> {
    fn new(width: usize, layout: SampleLayout, conversion: Option<&'a Conversion<T>>) -> Self {
        let widens = conversion.filter(|c| c.takes != layout.channels);
        Self {
            layout,
            conversion,
            read: vec![T::default(); width * layout.channels],
            widened: vec![T::default(); widens.map_or(0, |c| width * c.takes)],
            converted: vec![T::default(); conversion.map_or(0, |c| width * c.gives)],
        }
    }

    fn convert(&mut self, source: &[u8]) -> Result<(), moxcms::CmsError> {
        T::read(source, &mut self.read);
        let channels = self.layout.channels;
        if self.layout.alpha == Alpha::Premultiplied && channels.is_multiple_of(2) {
            for pixel in self.read.chunks_exact_mut(channels) {
                if let Some((&mut alpha, colours)) = pixel.split_last_mut() {
                    colours.iter_mut().for_each(|c| *c = c.divided_by(alpha));
                }
            }
        }
        let Some(conversion) = self.conversion else {
            return Ok(());
        };
        let ready = if self.widened.is_empty() {
            &self.read
        } else {
            let grey = self.read.chunks_exact(channels);
            for (wide, grey) in self.widened.chunks_exact_mut(conversion.takes).zip(grey) {
                wide[..3].fill(grey[0]);
                if let (Some(alpha), Some(&given)) = (wide.get_mut(3), grey.get(1)) {
                    *alpha = given;
                }
            }
            &self.widened
        };
        conversion.executor.transform(ready, &mut self.converted)
    }

    /// Writes the row as RGBA. Alpha is never colour-converted: it comes from the source, or is full.
    fn pack(&self, rgba: &mut [u8]) {
        let pixels = rgba.as_chunks_mut::<4>().0.iter_mut();
        let channels = self.layout.channels;
        let alpha = |source: &[T]| match channels {
            2 | 4 => source[channels - 1].to_8(),
            _ => u8::MAX,
        };
        let sources = self.read.chunks_exact(channels);
        if let Some(conversion) = self.conversion {
            let colours = self.converted.chunks_exact(conversion.gives);
            for ((pixel, source), colour) in pixels.zip(sources).zip(colours) {
                let [r, g, b] = [colour[0], colour[1], colour[2]].map(T::to_8);
                *pixel = [r, g, b, alpha(source)];
            }
            return;
        }
        for (pixel, source) in pixels.zip(sources) {
            *pixel = match channels {
                1 | 2 => {
                    let grey = source[0].to_8();
                    [grey, grey, grey, alpha(source)]
                }
                _ => {
                    let [r, g, b] = [source[0], source[1], source[2]].map(T::to_8);
                    [r, g, b, alpha(source)]
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain<T: Sample>(bytes: &[u8], size: [usize; 2], channels: usize) -> Vec<u8> {
        let layout = SampleLayout {
            channels,
            bytes: size_of::<T>(),
            alpha: Alpha::Straight,
        };
        convert::<T>(bytes, size, layout)
    }

    fn convert<T: Sample>(bytes: &[u8], size: [usize; 2], layout: SampleLayout) -> Vec<u8> {
        let mut buffer = bytes.to_vec();
        buffer.resize(bytes.len().max(size[0] * size[1] * 4), 0);
        to_rgba::<T>(buffer, size, layout, None).unwrap()
    }

    #[test]
    fn rows_grow_and_shrink_in_place() {
        let grey = plain::<u8>(&[1, 2, 3, 4, 5, 6], [2, 3], 1);
        let wanted: Vec<u8> = (1..=6).flat_map(|v| [v, v, v, 255]).collect();
        assert_eq!(grey, wanted);
        let grey_alpha = plain::<u8>(&[1, 9, 2, 8], [1, 2], 2);
        assert_eq!(grey_alpha, [1, 1, 1, 9, 2, 2, 2, 8]);
        let rgb = plain::<u8>(&[1, 2, 3, 4, 5, 6], [1, 2], 3);
        assert_eq!(rgb, [1, 2, 3, 255, 4, 5, 6, 255]);
        let wide: Vec<u8> = [0u16, 257, 65_535, 128, 1_000, 50_000, 300, 65_407]
            .into_iter()
            .flat_map(u16::to_ne_bytes)
            .collect();
        assert_eq!(
            plain::<u16>(&wide, [1, 2], 4),
            [0, 1, 255, 0, 4, 195, 1, 255]
        );
        let grey16: Vec<u8> = [65_535u16, 0]
            .into_iter()
            .flat_map(u16::to_ne_bytes)
            .collect();
        assert_eq!(
            plain::<u16>(&grey16, [1, 2], 1),
            [255, 255, 255, 255, 0, 0, 0, 255]
        );
        assert_eq!(
            plain::<u16>(&grey16, [1, 1], 2),
            [255, 255, 255, 0],
            "as large as RGBA, but not RGBA"
        );
    }

    #[test]
    fn premultiplied_colours_are_divided_by_alpha() {
        let layout = SampleLayout {
            alpha: Alpha::Premultiplied,
            ..SampleLayout::RGBA8
        };
        let given = [64, 0, 128, 128, 9, 9, 9, 0, 1, 2, 3, 255];
        let straight = [128, 0, 255, 128, 9, 9, 9, 0, 1, 2, 3, 255];
        assert_eq!(convert::<u8>(&given, [3, 1], layout), straight);
        assert_eq!(1_000u16.divided_by(2_000), 32_768);
        assert_eq!(3_000u16.divided_by(2_000), 65_535);
    }

    #[test]
    fn sixteen_bits_round_to_the_nearest_step() {
        for value in 0..=u16::MAX {
            let exact = f64::from(value) * 255.0 / 65_535.0;
            assert_eq!(f64::from(value.to_8()), exact.round(), "{value}");
        }
    }
}
