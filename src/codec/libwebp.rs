//! WebP by libwebp, through its C interface: no copy of the pixels, no panicking shortcuts, and the same import path
//! as `cwebp`, so that the bytes are the same too.

#![allow(unsafe_code)]

mod picture;

use std::ffi::c_int;

use libwebp_sys as ffi;

use self::picture::{Picture, Yuv};
use super::settings::SWITCH;
use super::{
    Codec, CodecError, CodecInfo, Cost, Effort, Importer, OptionKey, Quality, SettingError,
    Settings, Values,
};
use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};

/// The codec.
pub(super) struct LibWebP;

static INFO: CodecInfo = CodecInfo {
    id: "libwebp",
    format: "webp",
    format_name: "WebP",
    extension: "webp",
    media_type: "image/webp",
    quality: Some(0..=100),
    effort: Some(Effort {
        range: 0..=6,
        default: 4,
    }),
    lossless: true,
    alpha: true,
    max_side: 16_383,
    options: &[
        OptionKey {
            key: "sharp_yuv",
            values: SWITCH,
            default: "off",
            help: "sharper, slower RGB to YUV conversion",
        },
        OptionKey {
            key: "alpha_quality",
            values: Values::Range(0..=100),
            default: "100",
            help: "quality of the alpha plane; 100 is lossless",
        },
        OptionKey {
            key: "exact",
            values: SWITCH,
            default: "off",
            help: "keep the colour of fully transparent pixels; always on in lossless mode",
        },
        OptionKey {
            key: "near_lossless",
            values: SWITCH,
            default: "off",
            help: "lossy: round the pixels a little, then code them losslessly; quality is the level of cwebp -near_lossless",
        },
        OptionKey {
            key: "preset",
            values: Values::OneOf(&["default", "picture", "photo", "drawing", "icon", "text"]),
            default: "default",
            help: "tuning by kind of picture",
        },
        OptionKey {
            key: "pass",
            values: Values::Range(1..=10),
            default: "1",
            help: "entropy analysis passes",
        },
        OptionKey {
            key: "autofilter",
            values: SWITCH,
            default: "off",
            help: "search the deblocking strength",
        },
    ],
};

impl Codec for LibWebP {
    fn info(&self) -> &CodecInfo {
        &INFO
    }

    fn version(&self) -> String {
        // SAFETY: takes nothing and returns a constant.
        let packed = unsafe { ffi::WebPGetEncoderVersion() };
        format!("{}.{}.{}", packed >> 16, (packed >> 8) & 255, packed & 255)
    }

    fn cost(&self, settings: &Settings) -> Cost {
        let effort = f64::from(settings.effort(&INFO));
        match (settings.quality, Yuv::of(settings)) {
            (Quality::Lossy(q), Some(yuv)) => {
                let extra = if yuv == Yuv::Sharp { 12.0 } else { 0.0 };
                Cost {
                    ns_per_pixel: 20.0 + 12.0 * effort + f64::from(q) * 0.25 + extra * 4.0,
                    bytes_per_pixel: 4.0 + extra,
                }
            }
            _ => Cost {
                ns_per_pixel: 60.0 + 110.0 * effort,
                bytes_per_pixel: 27.0,
            },
        }
    }

    fn encode(&self, image: &Bitmap, settings: &Settings) -> Result<Vec<u8>, CodecError> {
        INFO.check_sides(image.width(), image.height())?;
        let config = configure(settings)?;
        let mut picture = match Yuv::of(settings) {
            Some(yuv) => yuv.convert(image)?,
            None => Picture::argb(image)?,
        };
        picture.encode(&config)
    }

    fn importer(&self, settings: &Settings) -> Option<&'static dyn Importer> {
        Some(match Yuv::of(settings)? {
            Yuv::Plain => &Yuv::Plain,
            Yuv::Sharp => &Yuv::Sharp,
        })
    }

    fn decode(&self, file: &[u8]) -> Result<Bitmap, CodecError> {
        let (mut width, mut height): (c_int, c_int) = (0, 0);
        // SAFETY: the pointer and length are of one live slice; the sides are written through valid pointers.
        let ok = unsafe { ffi::WebPGetInfo(file.as_ptr(), file.len(), &mut width, &mut height) };
        if ok == 0 || width <= 0 || height <= 0 {
            return Err(CodecError::failed("not a WebP file"));
        }
        let stride = width as usize * BYTES_PER_PIXEL;
        let mut rgba = vec![0; stride * height as usize];
        // SAFETY: the output buffer holds `height` rows of `stride` bytes, and its true length is passed along.
        let out = unsafe {
            ffi::WebPDecodeRGBAInto(
                file.as_ptr(),
                file.len(),
                rgba.as_mut_ptr(),
                rgba.len(),
                stride as c_int,
            )
        };
        if out.is_null() {
            return Err(CodecError::failed("libwebp cannot decode its own file"));
        }
        Bitmap::new(width as u32, height as u32, rgba).map_err(|e| CodecError::Failed(e.into()))
    }
}

fn configure(settings: &Settings) -> Result<ffi::WebPConfig, CodecError> {
    let preset = match settings.word(&INFO, "preset")? {
        "picture" => ffi::WebPPreset::WEBP_PRESET_PICTURE,
        "photo" => ffi::WebPPreset::WEBP_PRESET_PHOTO,
        "drawing" => ffi::WebPPreset::WEBP_PRESET_DRAWING,
        "icon" => ffi::WebPPreset::WEBP_PRESET_ICON,
        "text" => ffi::WebPPreset::WEBP_PRESET_TEXT,
        _ => ffi::WebPPreset::WEBP_PRESET_DEFAULT,
    };
    // Lossless coding takes quality for how hard it tries: 75, as `cwebp`.
    let (lossless, quality, level) = match settings.quality {
        Quality::Lossless => (true, 75, 100),
        Quality::Lossy(level) if settings.is_on(&INFO, "near_lossless")? => (true, 75, level),
        Quality::Lossy(quality) => (false, quality, 100),
    };
    let mut config = ffi::WebPConfig::new_with_preset(preset, f32::from(quality))
        .map_err(|()| CodecError::failed("libwebp refuses its own preset"))?;
    let number = |key| settings.number(&INFO, key).map(c_int::from);
    let switch = |key| settings.is_on(&INFO, key).map(c_int::from);
    config.lossless = c_int::from(lossless);
    config.method = c_int::from(settings.effort(&INFO));
    config.use_sharp_yuv = switch("sharp_yuv")?;
    config.alpha_quality = number("alpha_quality")?;
    config.near_lossless = c_int::from(level);
    config.pass = number("pass")?;
    config.autofilter = switch("autofilter")?;
    // Without `exact`, the lossless mode changes what transparent pixels hold; with it, libwebp rounds nothing.
    config.exact = match settings.quality {
        Quality::Lossless => 1,
        Quality::Lossy(_) => switch("exact")?,
    };
    // SAFETY: a fully initialised configuration behind a valid pointer.
    if unsafe { ffi::WebPValidateConfig(&config) } == 0 {
        return Err(SettingError("libwebp refuses these settings together".into()).into());
    }
    Ok(config)
}
