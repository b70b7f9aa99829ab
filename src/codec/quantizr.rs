//! Lossy PNG: quantizr finds a palette, oxipng packs the indices. What `pngquant` is to the command line.

use ::oxipng::{BitDepth, ColorType, RGBA8, RawImage};
use ::quantizr::{Error, Image, Options, QuantizeResult};

use super::oxipng::{self, DPI, EFFORT, INTERLACE, MAX_SIDE, ZOPFLI};
use super::{Codec, CodecError, CodecInfo, Cost, OptionKey, Quality, Settings, Values};
use crate::bitmap::Bitmap;

/// The codec.
pub(super) struct Quantizr;

static INFO: CodecInfo = CodecInfo {
    id: "quantizr",
    format: "png",
    format_name: "PNG",
    extension: "png",
    media_type: "image/png",
    quality: Some(0..=100),
    effort: Some(EFFORT),
    lossless: false,
    alpha: true,
    max_side: MAX_SIDE,
    options: &[
        OptionKey {
            key: "dither",
            values: Values::Range(0..=100),
            default: "100",
            help: "share of a colour's error that its neighbours take, %; 0 is off",
        },
        ZOPFLI,
        INTERLACE,
        DPI,
    ],
};

/// Colours of quality 0 to 100, in equal ratios: 2 at 0, 16 at 43, 256 at 100. A number of colours is what a palette has
/// for a quality; steps of equal ratio cost about equal bytes.
fn colours(quality: u8) -> i32 {
    2_f64.powf(1.0 + 7.0 * f64::from(quality) / 100.0).round() as i32
}

impl Codec for Quantizr {
    fn info(&self) -> &CodecInfo {
        &INFO
    }

    fn version(&self) -> String {
        // The library has no call that tells; a test holds this against the lock file.
        "1.4.3".into()
    }

    fn cost(&self, settings: &Settings) -> Cost {
        let packing = oxipng::cost(&INFO, settings);
        Cost {
            // One byte a pixel is packed, not three or four. Measured as 850 with oxipng's default, on a busy machine.
            ns_per_pixel: 600.0 + packing.ns_per_pixel / 3.0,
            // A peak of 6 for a photograph of 10.7 megapixels; a histogram holds every colour there is.
            bytes_per_pixel: 20.0,
        }
    }

    fn steps(&self) -> Vec<u8> {
        let mut steps: Vec<u8> = (0..=100).collect();
        steps.dedup_by_key(|quality| colours(*quality));
        steps
    }

    fn encode(&self, image: &Bitmap, settings: &Settings) -> Result<Vec<u8>, CodecError> {
        INFO.check_sides(image.width(), image.height())?;
        let Quality::Lossy(quality) = settings.quality else {
            return Err(CodecError::Unsupported("a palette is lossy".into()));
        };
        let failed = |e: Error| CodecError::failed(format!("quantizr: {e:?}"));
        let [width, height] = [image.width() as usize, image.height() as usize];
        let pixels = Image::new(image.rgba(), width, height).map_err(failed)?;
        let mut options = Options::default();
        options.set_max_colors(colours(quality)).map_err(failed)?;
        let mut result = QuantizeResult::quantize(&pixels, &options);
        let dither = f32::from(settings.number(&INFO, "dither")?) / 100.0;
        result.set_dithering_level(dither).map_err(failed)?;
        let mut indices = vec![0; width * height];
        result.remap_image(&pixels, &mut indices).map_err(failed)?;
        let found = result.get_palette();
        let entries = found.entries[..found.count as usize].iter();
        let palette = entries.map(|c| RGBA8::new(c.r, c.g, c.b, c.a)).collect();
        let model = ColorType::Indexed { palette };
        let [width, height] = [image.width(), image.height()];
        let raw = RawImage::new(width, height, model, BitDepth::Eight, indices);
        oxipng::pack(raw.map_err(oxipng::failed)?, &INFO, settings)
    }

    fn decode(&self, file: &[u8]) -> Result<Bitmap, CodecError> {
        oxipng::decode(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities_are_numbers_of_colours_in_equal_ratios() {
        assert_eq!([0, 14, 43, 57, 100].map(colours), [2, 4, 16, 32, 256]);
        assert!((0..100).all(|q| colours(q) <= colours(q + 1)));
        assert_eq!(Quantizr.steps()[..4], [0, 5, 12, 17]);
    }
}
