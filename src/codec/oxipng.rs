//! PNG by oxipng from raw samples, so that colour type and depth are reduced to what the picture needs.

use oxipng::{BitDepth, ColorType, Deflater, Options, PngError, RawImage, ZopfliOptions};

use super::settings::SWITCH;
use super::{Codec, CodecError, CodecInfo, Cost, Effort, OptionKey, Settings, Values};
use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};

/// The codec.
pub(super) struct OxiPng;

static INFO: CodecInfo = CodecInfo {
    id: "oxipng",
    format: "png",
    format_name: "PNG",
    extension: "png",
    media_type: "image/png",
    quality: None,
    effort: Some(EFFORT),
    lossless: true,
    alpha: true,
    max_side: MAX_SIDE,
    options: &[ZOPFLI, INTERLACE, DPI],
};

/// oxipng's presets.
pub(super) const EFFORT: Effort = Effort {
    range: 0..=6,
    default: 2,
};

/// Signed 32 bits, by the specification.
pub(super) const MAX_SIDE: u32 = i32::MAX as u32;

/// The compressor.
pub(super) const ZOPFLI: OptionKey = OptionKey {
    key: "zopfli",
    values: SWITCH,
    default: "off",
    help: "Zopfli instead of libdeflate: 1–5 % smaller, 50× slower",
};

/// The order of pixels.
pub(super) const INTERLACE: OptionKey = OptionKey {
    key: "interlace",
    values: SWITCH,
    default: "off",
    help: "Adam7 interlacing",
};

/// The density stated.
pub(super) const DPI: OptionKey = OptionKey {
    key: "dpi",
    values: Values::Range(0..=65_535),
    default: "0",
    help: "pHYs density, 21 bytes; 0 states none",
};

/// CPU nanoseconds a pixel at efforts 0 to 6, photographs.
const EFFORT_NS: [f64; 7] = [110.0, 370.0, 640.0, 1300.0, 1400.0, 2450.0, 4900.0];

impl Codec for OxiPng {
    fn info(&self) -> &CodecInfo {
        &INFO
    }

    fn version(&self) -> String {
        // The library has no call that tells; a test holds this against the lock file.
        "10.2.1".into()
    }

    fn cost(&self, settings: &Settings) -> Cost {
        cost(&INFO, settings)
    }

    fn encode(&self, image: &Bitmap, settings: &Settings) -> Result<Vec<u8>, CodecError> {
        INFO.check_sides(image.width(), image.height())?;
        // Raw samples are handed over by value: three a pixel when the picture is opaque spares a quarter of them.
        let (color_type, samples) = if image.is_opaque() {
            let rgb = image
                .rgba()
                .chunks_exact(BYTES_PER_PIXEL)
                .flat_map(|p| [p[0], p[1], p[2]])
                .collect();
            (
                ColorType::RGB {
                    transparent_color: None,
                },
                rgb,
            )
        } else {
            (ColorType::RGBA, image.rgba().to_vec())
        };
        let [width, height] = [image.width(), image.height()];
        let raw = RawImage::new(width, height, color_type, BitDepth::Eight, samples);
        pack(raw.map_err(failed)?, &INFO, settings)
    }

    fn decode(&self, file: &[u8]) -> Result<Bitmap, CodecError> {
        decode(file)
    }
}

/// What packing samples takes.
pub(super) fn cost(info: &CodecInfo, settings: &Settings) -> Cost {
    let zopfli = settings.extra.get("zopfli").is_some_and(|s| s == "on");
    let slower = if zopfli { 50.0 } else { 1.0 };
    let ns = EFFORT_NS[usize::from(settings.effort(info).min(6))] * slower;
    Cost {
        ns_per_pixel: ns,
        bytes_per_pixel: 16.0,
    }
}

/// The smallest file of `raw`'s samples by the settings of a codec that has this file's options.
pub(super) fn pack(
    mut raw: RawImage,
    info: &CodecInfo,
    settings: &Settings,
) -> Result<Vec<u8>, CodecError> {
    let dpi = settings.number(info, "dpi")?;
    if dpi > 0 {
        let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
        let unit_metre = [1];
        let chunk = [
            &per_metre.to_be_bytes()[..],
            &per_metre.to_be_bytes(),
            &unit_metre,
        ]
        .concat();
        raw.add_png_chunk(*b"pHYs", chunk);
    }
    let mut options = Options::from_preset(settings.effort(info));
    options.interlace = Some(settings.is_on(info, "interlace")?);
    if settings.is_on(info, "zopfli")? {
        options.deflater = Deflater::Zopfli(ZopfliOptions::default());
    }
    // Never `options.timeout`: it makes the bytes depend on the machine.
    raw.create_optimized_png(&options).map_err(failed)
}

/// Decodes a PNG of ours.
pub(super) fn decode(file: &[u8]) -> Result<Bitmap, CodecError> {
    let failed = |e: png::DecodingError| CodecError::Failed(e.into());
    let mut decoder = png::Decoder::new_with_limits(
        std::io::Cursor::new(file),
        png::Limits { bytes: usize::MAX },
    );
    decoder.set_transformations(png::Transformations::ALPHA | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(failed)?;
    let size = reader
        .output_buffer_size()
        .ok_or_else(|| CodecError::failed("picture too large to address"))?;
    let mut samples = vec![0; size];
    let frame = reader.next_frame(&mut samples).map_err(failed)?;
    samples.truncate(frame.buffer_size());
    let rgba = match frame.color_type {
        png::ColorType::Rgba => samples,
        _ => samples
            .chunks_exact(2)
            .flat_map(|p| [p[0], p[0], p[0], p[1]])
            .collect(),
    };
    Bitmap::new(frame.width, frame.height, rgba).map_err(|e| CodecError::Failed(e.into()))
}

pub(super) fn failed(error: PngError) -> CodecError {
    CodecError::Failed(error.into())
}
