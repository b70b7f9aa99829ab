//! JPEG XL by libjxl. What it wrote is read back by jxl-oxide: another hand's decoder, in safe Rust.

mod ffi;
mod raw;
mod unpack;

use self::ffi::Setting;
use self::raw::{Encoder, Loss, Picture};
use super::settings::SWITCH;
use super::{
    Codec, CodecError, CodecInfo, Cost, Effort, JpegPacker, OptionKey, Quality, Settings, Values,
};
use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};
use crate::jxl;

/// The codec.
pub(super) struct LibJxl;

/// Under so many pixels across or down, lossy pictures are decoded by libjxl itself: jxl-oxide 0.12.6 blurs a single row or
/// column wrongly, also that of a picture that was halved, and halved again.
const NARROW: u32 = 8;

static INFO: CodecInfo = CodecInfo {
    id: "libjxl",
    format: "jxl",
    format_name: "JPEG XL",
    extension: "jxl",
    media_type: "image/jxl",
    quality: Some(0..=100),
    effort: Some(Effort {
        range: 1..=9,
        default: 7,
    }),
    lossless: true,
    alpha: true,
    max_side: 1 << 30,
    options: &[
        OptionKey {
            key: "modular",
            values: Values::OneOf(&["auto", "off", "on"]),
            default: "auto",
            help: "lossy mode: code pixels, not frequencies",
        },
        OptionKey {
            key: "progressive",
            values: SWITCH,
            default: "off",
            help: "show a coarse picture first",
        },
        OptionKey {
            key: "decoding_speed",
            values: Values::Range(0..=4),
            default: "0",
            help: "give up density for decoding speed, 4 most",
        },
    ],
};

/// CPU nanoseconds a pixel at efforts 1 to 9, lossy (quality 75) and lossless: the mean of three Kodak photographs.
const EFFORT_NS: [[f64; 2]; 9] = [
    [45.0, 17.0],
    [45.0, 110.0],
    [52.0, 260.0],
    [60.0, 600.0],
    [270.0, 890.0],
    [450.0, 1_200.0],
    [470.0, 1_900.0],
    [2_100.0, 6_200.0],
    [3_100.0, 9_300.0],
];

impl Codec for LibJxl {
    fn info(&self) -> &CodecInfo {
        &INFO
    }

    fn version(&self) -> String {
        raw::version()
    }

    fn cost(&self, settings: &Settings) -> Cost {
        let effort = settings.effort(&INFO).clamp(1, 9);
        let [lossy, lossless] = EFFORT_NS[usize::from(effort) - 1];
        // Bytes: peaks of a process that encoded 3 or 10.7 megapixels, rounded up.
        let (ns_per_pixel, bytes_per_pixel) = match (settings.quality, effort) {
            (Quality::Lossless, _) => (lossless, 45.0),
            (_, 8..) => (lossy, 280.0),
            (_, 6..) => (lossy, 85.0),
            _ => (lossy, 40.0),
        };
        Cost {
            ns_per_pixel,
            bytes_per_pixel,
        }
    }

    fn encode(&self, image: &Bitmap, settings: &Settings) -> Result<Vec<u8>, CodecError> {
        INFO.check_sides(image.width(), image.height())?;
        let mut encoder = Encoder::new()?;
        configure(&mut encoder, settings)?;
        let loss = match settings.quality {
            Quality::Lossless => Loss::None,
            Quality::Lossy(quality) => Loss::Quality(quality),
        };
        let pixels = image.rgba().chunks_exact(BYTES_PER_PIXEL);
        let (channels, samples): (u32, Vec<u8>) = match (image.is_grey(), image.is_opaque()) {
            (true, true) => (1, pixels.map(|p| p[0]).collect()),
            (true, false) => (2, pixels.flat_map(|p| [p[0], p[3]]).collect()),
            (false, true) => (3, pixels.flat_map(|p| [p[0], p[1], p[2]]).collect()),
            (false, false) => (4, image.rgba().to_vec()),
        };
        let picture = Picture {
            width: image.width(),
            height: image.height(),
            channels,
            samples: &samples,
        };
        encoder.add(&picture, loss)?;
        encoder.finish()
    }

    fn jpeg_packer(&self) -> Option<&dyn JpegPacker> {
        Some(self)
    }

    fn decode(&self, file: &[u8]) -> Result<Bitmap, CodecError> {
        let failed = |e: jxl::JxlError| CodecError::Failed(e);
        let mut picture = jxl::open(file, jxl::NO_LIMIT).map_err(failed)?;
        let [width, height] = picture.sides();
        if picture.is_xyb() && width.min(height) < NARROW {
            let rgba = unpack::pixels(file, picture.pixels())?;
            return Bitmap::new(width, height, rgba).map_err(|e| CodecError::Failed(e.into()));
        }
        // A packed JPEG keeps the profile of its colours.
        picture.ask_for_srgb();
        let mut rgba = vec![255; picture.pixels() * BYTES_PER_PIXEL];
        let to_8 = |v: f32| (v * 255.0 + 0.5).clamp(0.0, 255.0) as u8;
        let channels = picture.channels();
        let alpha = channels.is_multiple_of(2);
        let put = |at: usize, values: &[f32]| {
            let pixel = &mut rgba[at * BYTES_PER_PIXEL..][..BYTES_PER_PIXEL];
            let (colours, rest) = values.split_at(channels - usize::from(alpha));
            for (nth, target) in pixel[..3].iter_mut().enumerate() {
                *target = to_8(colours[nth % colours.len()]);
            }
            rest.iter().for_each(|a| pixel[3] = to_8(*a));
        };
        picture.render(put).map_err(failed)?;
        Bitmap::new(width, height, rgba).map_err(|e| CodecError::Failed(e.into()))
    }
}

impl JpegPacker for LibJxl {
    fn pack(&self, jpeg: &[u8], settings: &Settings) -> Result<Vec<u8>, CodecError> {
        let mut encoder = Encoder::new()?;
        encoder.set(Setting::Effort, settings.effort(&INFO).into())?;
        encoder.add_jpeg(jpeg)?;
        encoder.finish()
    }

    fn unpack(&self, file: &[u8]) -> Result<Vec<u8>, CodecError> {
        unpack::unpack(file)
    }
}

fn configure(encoder: &mut Encoder, settings: &Settings) -> Result<(), CodecError> {
    encoder.set(Setting::Effort, settings.effort(&INFO).into())?;
    let speed = settings.number(&INFO, "decoding_speed")?;
    encoder.set(Setting::DecodingSpeed, speed.into())?;
    let lossless = settings.quality == Quality::Lossless;
    match settings.word(&INFO, "modular")? {
        _ if lossless => {}
        "on" => encoder.set(Setting::Modular, 1)?,
        "off" => encoder.set(Setting::Modular, 0)?,
        _ => {}
    }
    if lossless {
        encoder.set(Setting::KeepInvisible, 1)?;
    }
    if settings.is_on(&INFO, "progressive")? {
        for setting in [
            Setting::Responsive,
            Setting::ProgressiveAc,
            Setting::ProgressiveDc,
        ] {
            encoder.set(setting, 1)?;
        }
    }
    Ok(())
}
