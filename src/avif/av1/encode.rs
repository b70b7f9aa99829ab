//! Samples to OBUs.

use std::ffi::{c_int, c_uint};
use std::mem::MaybeUninit;
use std::ptr;

use libaom_sys as ffi;

use super::Context;
use crate::avif::planes::{Chroma, Planes};

/// How samples are coded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coding {
    /// Quantiser, 0 (best) to 63.
    pub(crate) quantiser: u8,
    /// libaom's `cpu-used`, 0 (slowest) to 9.
    pub(crate) speed: u8,
    /// What it is tuned for.
    pub(crate) tune: Tune,
    /// Whether every sample is kept; the quantiser says nothing then.
    pub(crate) lossless: bool,
    /// Colour primaries, transfer function and matrix by H.273.
    pub(crate) cicp: [u8; 3],
}

/// What libaom's decisions are tuned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tune {
    /// Squared error.
    Psnr,
    /// Structural similarity.
    Ssim,
}

/// An image of libaom's that is freed with its owner.
struct Image(*mut ffi::aom_image_t);

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: `aom_img_alloc` made it, and it is not used afterwards.
        unsafe { ffi::aom_img_free(self.0) };
    }
}

impl Image {
    fn of(planes: &Planes) -> Result<Self, String> {
        let format = match planes.chroma {
            Chroma::Full => ffi::AOM_IMG_FMT_I444,
            Chroma::Half => ffi::AOM_IMG_FMT_I422,
            Chroma::Quarter | Chroma::None => ffi::AOM_IMG_FMT_I420,
        };
        let wide = planes.depth > 8;
        let format = format
            | if wide {
                ffi::AOM_IMG_FMT_HIGHBITDEPTH
            } else {
                0
            };
        let [width, height] = [planes.width, planes.height].map(|side| side as c_uint);
        // SAFETY: a null image asks for a new one; sides were held under the format's limit.
        let image = unsafe { ffi::aom_img_alloc(ptr::null_mut(), format, width, height, 16) };
        if image.is_null() {
            return Err("libaom: out of memory".into());
        }
        let image = Self(image);
        for nth in 0..3 {
            let [width, rows] = planes.sides(nth);
            for y in 0..rows {
                // Chroma of a grey picture is not coded, but read.
                let row = planes
                    .planes
                    .get(nth)
                    .map(|samples| &samples[y * width..][..width]);
                let samples = (0..width).map(|x| row.map_or(1 << (planes.depth - 1), |row| row[x]));
                // SAFETY: `aom_img_alloc` gave this plane at least `rows` rows of `width` samples of this size, aligned
                // to 16 bytes, `stride` bytes apart.
                unsafe {
                    let start = (*image.0).planes[nth].add(y * (*image.0).stride[nth] as usize);
                    if wide {
                        let target = std::slice::from_raw_parts_mut(start.cast::<u16>(), width);
                        target.iter_mut().zip(samples).for_each(|(t, s)| *t = s);
                    } else {
                        let target = std::slice::from_raw_parts_mut(start, width);
                        target
                            .iter_mut()
                            .zip(samples)
                            .for_each(|(t, s)| *t = s as u8);
                    }
                }
            }
        }
        // SAFETY: a live image that nobody else holds.
        unsafe {
            (*image.0).monochrome = c_int::from(planes.chroma == Chroma::None);
            (*image.0).range = match planes.full_range {
                true => ffi::AOM_CR_FULL_RANGE,
                false => ffi::AOM_CR_STUDIO_RANGE,
            };
        }
        Ok(image)
    }
}

/// Codes one picture: the OBUs of its key frame.
///
/// # Errors
/// What libaom says.
pub(crate) fn encode(planes: &Planes, coding: &Coding) -> Result<Vec<u8>, String> {
    let image = Image::of(planes)?;
    let mut encoder = encoder(planes, coding)?;
    let mut obus = Vec::new();
    // No image asks for what is held back.
    for image in [image.0.cast_const(), ptr::null()] {
        // SAFETY: a live encoder and an image of the sides and depth it was set up for, or none.
        let status = unsafe { ffi::aom_codec_encode(&mut *encoder.0, image, 0, 1, 0) };
        encoder.check(status)?;
        let mut iter = ptr::null();
        // SAFETY: packets stay valid until the encoder is called again; the union holds a frame where the kind says so.
        unsafe {
            while let Some(packet) = ffi::aom_codec_get_cx_data(&mut *encoder.0, &mut iter).as_ref()
            {
                if packet.kind == ffi::AOM_CODEC_CX_FRAME_PKT {
                    let frame = packet.data.frame;
                    let bytes = std::slice::from_raw_parts(frame.buf.cast::<u8>(), frame.sz);
                    obus.extend_from_slice(bytes);
                }
            }
        }
    }
    Ok(obus)
}

fn encoder(planes: &Planes, coding: &Coding) -> Result<Context, String> {
    let mut config = MaybeUninit::<ffi::aom_codec_enc_cfg_t>::uninit();
    // SAFETY: libaom fills the whole struct when it succeeds.
    let (interface, mut config) = unsafe {
        let interface = ffi::aom_codec_av1_cx();
        let usage = ffi::AOM_USAGE_ALL_INTRA;
        let status = ffi::aom_codec_enc_config_default(interface, config.as_mut_ptr(), usage);
        if status != ffi::AOM_CODEC_OK {
            return Err("libaom has no defaults for still pictures".into());
        }
        (interface, config.assume_init())
    };
    config.g_w = planes.width as c_uint;
    config.g_h = planes.height as c_uint;
    config.g_threads = 1;
    config.g_limit = 1;
    config.g_lag_in_frames = 0;
    config.g_profile = match (planes.depth, planes.chroma) {
        (12, _) | (_, Chroma::Half) => 2,
        (_, Chroma::Full) => 1,
        _ => 0,
    };
    config.g_bit_depth = c_uint::from(planes.depth);
    config.g_input_bit_depth = c_uint::from(planes.depth);
    config.monochrome = c_uint::from(planes.chroma == Chroma::None);
    config.rc_end_usage = ffi::AOM_Q;
    config.rc_min_quantizer = 0;
    config.rc_max_quantizer = 63;
    let flags = match planes.depth {
        8 => 0,
        _ => ffi::AOM_CODEC_USE_HIGHBITDEPTH,
    };
    let mut context = Box::new(MaybeUninit::<ffi::aom_codec_ctx_t>::zeroed());
    // SAFETY: a zeroed context, a live configuration, and the version that the declarations are of.
    let status = unsafe {
        ffi::aom_codec_enc_init_ver(
            context.as_mut_ptr(),
            interface,
            &config,
            flags.into(),
            ffi::AOM_ENCODER_ABI_VERSION as c_int,
        )
    };
    if status != ffi::AOM_CODEC_OK {
        return Err(format!(
            "libaom refuses {}×{} pixels",
            planes.width, planes.height
        ));
    }
    // SAFETY: initialised by the call above.
    let mut encoder = Context(unsafe { context.assume_init() });
    tell(&mut encoder, planes, coding)?;
    Ok(encoder)
}

fn tell(encoder: &mut Context, planes: &Planes, coding: &Coding) -> Result<(), String> {
    encoder.set(c"cpu-used", coding.speed)?;
    encoder.set(c"row-mt", 0)?;
    if coding.lossless {
        encoder.set(c"lossless", 1)?;
    } else {
        encoder.set(c"cq-level", coding.quantiser)?;
        encoder.set(
            c"tune",
            match coding.tune {
                Tune::Psnr => "psnr",
                Tune::Ssim => "ssim",
            },
        )?;
    }
    let [primaries, transfer, matrix] = coding.cicp.map(c_int::from);
    encoder.control(ffi::AV1E_SET_COLOR_PRIMARIES, primaries)?;
    encoder.control(ffi::AV1E_SET_TRANSFER_CHARACTERISTICS, transfer)?;
    encoder.control(ffi::AV1E_SET_MATRIX_COEFFICIENTS, matrix)?;
    encoder.control(ffi::AV1E_SET_COLOR_RANGE, c_int::from(planes.full_range))
}
