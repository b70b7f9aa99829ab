//! AVIF by libaom: one AV1 key frame, and one for alpha, in the smallest container.

use super::{Codec, CodecError, CodecInfo, Cost, Effort, OptionKey, Quality, Settings, Values};
use crate::avif::{self, Chroma, Coded, Coding, Container, Matrix, Tune};
use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};

/// The codec.
pub(super) struct LibAom;

static INFO: CodecInfo = CodecInfo {
    id: "libaom",
    format: "avif",
    format_name: "AVIF",
    extension: "avif",
    media_type: "image/avif",
    quality: Some(0..=100),
    effort: Some(Effort {
        range: 0..=9,
        default: 3,
    }),
    lossless: true,
    alpha: true,
    max_side: 65_536,
    options: &[
        OptionKey {
            key: "depth",
            values: Values::OneOf(&["8", "10"]),
            default: "10",
            help: "bits of a sample; lossless mode has 8",
        },
        OptionKey {
            key: "subsampling",
            values: Values::OneOf(&["420", "444"]),
            default: "444",
            help: "chroma subsampling; lossless mode has none",
        },
        OptionKey {
            key: "tune",
            values: Values::OneOf(&["ssim", "psnr"]),
            default: "ssim",
            help: "what the encoder's decisions are tuned for",
        },
        OptionKey {
            key: "alpha_quality",
            values: Values::Range(0..=100),
            default: "100",
            help: "quality of the alpha plane; 100 is lossless",
        },
    ],
};

/// CPU nanoseconds a pixel at efforts 0 to 9 and quality 60: the mean of three Kodak photographs, on a busy machine; the last
/// one is a guess.
const EFFORT_NS: [f64; 10] = [
    140.0, 530.0, 720.0, 1_100.0, 4_600.0, 5_800.0, 12_000.0, 16_000.0, 21_000.0, 50_000.0,
];

/// sRGB by H.273: primaries of BT.709, transfer of sRGB.
const SRGB: [u8; 2] = [1, 13];

impl Codec for LibAom {
    fn info(&self) -> &CodecInfo {
        &INFO
    }

    fn version(&self) -> String {
        avif::version()
    }

    fn cost(&self, settings: &Settings) -> Cost {
        let effort = settings.effort(&INFO).min(9);
        Cost {
            ns_per_pixel: EFFORT_NS[usize::from(effort)],
            // Peaks of a process that encoded 10.7 megapixels, rounded up.
            bytes_per_pixel: if effort > 5 { 75.0 } else { 55.0 },
        }
    }

    fn steps(&self) -> Vec<u8> {
        let mut steps: Vec<u8> = (0..=100).collect();
        steps.dedup_by_key(|quality| quantiser((*quality).into()));
        steps
    }

    fn encode(&self, image: &Bitmap, settings: &Settings) -> Result<Vec<u8>, CodecError> {
        INFO.check_sides(image.width(), image.height())?;
        let is = |key: &str, word: &str| settings.word(&INFO, key).map(|w| w == word);
        let lossless = settings.quality == Quality::Lossless;
        let depth = if lossless || is("depth", "8")? { 8 } else { 10 };
        let (chroma, code) = match (image.is_grey(), lossless) {
            (true, _) => (Chroma::None, 6),
            (_, true) => (Chroma::Full, 0),
            _ if is("subsampling", "420")? => (Chroma::Quarter, 6),
            _ => (Chroma::Full, 6),
        };
        let cicp = [SRGB[0], SRGB[1], code];
        let coding = Coding {
            quantiser: match settings.quality {
                Quality::Lossless => 0,
                Quality::Lossy(quality) => quantiser(quality.into()),
            },
            speed: 9 - settings.effort(&INFO),
            tune: if is("tune", "psnr")? {
                Tune::Psnr
            } else {
                Tune::Ssim
            },
            lossless,
            cicp,
        };
        let matrix = Matrix::of(code).unwrap_or(Matrix::BT601);
        let planes = avif::to_planes(image, depth, chroma, matrix);
        let obus = avif::encode(&planes, &coding).map_err(CodecError::failed)?;
        let colour = Coded {
            planes: &planes,
            obus,
        };
        if image.is_opaque() {
            return Ok(avif::write(&colour, None, cicp));
        }
        let alpha_quality = settings.number(&INFO, "alpha_quality")?;
        let whole = lossless || alpha_quality == 100;
        let planes = avif::to_planes(&alpha(image)?, depth, Chroma::None, Matrix::BT601);
        let coding = Coding {
            quantiser: quantiser(alpha_quality),
            lossless: whole,
            // Alpha has no colour: unspecified.
            cicp: [2, 2, 2],
            ..coding
        };
        let obus = avif::encode(&planes, &coding).map_err(CodecError::failed)?;
        let alpha = Coded {
            planes: &planes,
            obus,
        };
        Ok(avif::write(&colour, Some(&alpha), cicp))
    }

    fn decode(&self, file: &[u8]) -> Result<Bitmap, CodecError> {
        let failed = |e: avif::AvifError| CodecError::Failed(e.into());
        let container = Container::read(file).map_err(failed)?;
        let still = avif::decode(&container).map_err(failed)?;
        let colour = &still.colour;
        let picture = container.picture().map_err(failed)?;
        let nclx = container.property(picture, b"colr");
        // Type, primaries, transfer function, matrix.
        let code = nclx.and_then(|body| body.get(9)).copied().unwrap_or(6);
        let matrix = Matrix::of(code).unwrap_or(Matrix::BT601);
        let mut rgba = vec![255; colour.width * colour.height * BYTES_PER_PIXEL];
        avif::from_planes(colour, matrix, |at, rgb| {
            let rgb = rgb.map(to_8);
            rgba[at * BYTES_PER_PIXEL..][..3].copy_from_slice(&rgb);
        });
        if let Some(alpha) = &still.alpha {
            avif::from_planes(alpha, Matrix::BT601, |at, [a, ..]| {
                rgba[at * BYTES_PER_PIXEL + 3] = to_8(a);
            });
        }
        Bitmap::new(colour.width as u32, colour.height as u32, rgba)
            .map_err(|e| CodecError::Failed(e.into()))
    }
}

/// AV1's quantiser, 63 (worst) to 0, for a quality of 0 to 100: as libavif has it.
fn quantiser(quality: u16) -> u8 {
    (((100 - quality.min(100)) * 63 + 50) / 100) as u8
}

/// 0 to 1 as 8 bits.
fn to_8(value: f32) -> u8 {
    (value * 255.0 + 0.5).clamp(0.0, 255.0) as u8
}

/// The alpha of `image` as a grey picture.
fn alpha(image: &Bitmap) -> Result<Bitmap, CodecError> {
    let pixels = image.rgba().chunks_exact(BYTES_PER_PIXEL);
    let grey = pixels.flat_map(|p| [p[3], p[3], p[3], 255]).collect();
    Bitmap::new(image.width(), image.height(), grey).map_err(|e| CodecError::Failed(e.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities_are_quantisers_as_in_libavif() {
        assert_eq!(
            [0, 50, 60, 80, 99, 100].map(quantiser),
            [63, 32, 25, 13, 1, 0]
        );
        let steps = LibAom.steps();
        assert_eq!(
            (steps.len(), &steps[..4], steps[63]),
            (64, &[0, 1, 3, 4][..], 100)
        );
    }
}
