//! AV1 by libaom, through its C interface: one still picture in, one out, on one thread.

#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_int, c_uint};
use std::mem::MaybeUninit;
use std::ptr;

use libaom_sys as ffi;

use super::AvifError;
use super::planes::{Chroma, Planes};

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

/// The version of libaom.
pub(crate) fn version() -> String {
    // SAFETY: takes nothing and returns a constant string.
    let text = unsafe { CStr::from_ptr(ffi::aom_codec_version_str()) };
    text.to_string_lossy().trim_start_matches('v').into()
}

/// A libaom codec that is destroyed with its owner.
struct Context(Box<ffi::aom_codec_ctx_t>);

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: it was initialised, and is not used afterwards.
        unsafe { ffi::aom_codec_destroy(&mut *self.0) };
    }
}

impl Context {
    fn check(&mut self, status: ffi::aom_codec_err_t) -> Result<(), String> {
        if status == ffi::AOM_CODEC_OK {
            return Ok(());
        }
        // SAFETY: the context is live; libaom's messages are static or live as long as it.
        let detail = unsafe { ffi::aom_codec_error_detail(&*self.0) };
        let text = if detail.is_null() {
            // SAFETY: any status has a static text.
            unsafe { CStr::from_ptr(ffi::aom_codec_err_to_string(status)) }
        } else {
            // SAFETY: not null, a C string inside the context.
            unsafe { CStr::from_ptr(detail) }
        };
        Err(format!("libaom: {}", text.to_string_lossy()))
    }

    fn set(&mut self, name: &CStr, value: impl ToString) -> Result<(), String> {
        let value = CString::new(value.to_string()).map_err(|e| e.to_string())?;
        // SAFETY: a live context and two C strings that outlive the call.
        let status =
            unsafe { ffi::aom_codec_set_option(&mut *self.0, name.as_ptr(), value.as_ptr()) };
        self.check(status)
            .map_err(|e| format!("{e} ({})", name.to_string_lossy()))
    }

    fn control(&mut self, control: ffi::aome_enc_control_id, value: c_int) -> Result<(), String> {
        // SAFETY: a live encoder, and only controls that take one `int`.
        let status = unsafe { ffi::aom_codec_control(&mut *self.0, control as c_int, value) };
        self.check(status)
    }
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

/// Decodes the first picture of some OBUs, which must be of `expected` sides.
///
/// # Errors
/// What libaom says, or that the picture is another than the file promised.
pub(super) fn decode(obus: &[u8], expected: [u32; 2]) -> Result<Planes, AvifError> {
    hold(obus, expected)?;
    let config = ffi::aom_codec_dec_cfg_t {
        threads: 1,
        w: 0,
        h: 0,
        allow_lowbitdepth: 1,
    };
    let mut context = Box::new(MaybeUninit::<ffi::aom_codec_ctx_t>::zeroed());
    // SAFETY: a zeroed context, a live configuration, and the version that the declarations are of.
    let status = unsafe {
        let version = ffi::AOM_DECODER_ABI_VERSION as c_int;
        ffi::aom_codec_dec_init_ver(
            context.as_mut_ptr(),
            ffi::aom_codec_av1_dx(),
            &config,
            0,
            version,
        )
    };
    if status != ffi::AOM_CODEC_OK {
        return Err(AvifError::malformed("libaom does not start"));
    }
    // SAFETY: initialised by the call above.
    let mut decoder = Context(unsafe { context.assume_init() });
    // SAFETY: a live decoder and a live slice with its length.
    let status = unsafe {
        ffi::aom_codec_decode(&mut *decoder.0, obus.as_ptr(), obus.len(), ptr::null_mut())
    };
    decoder.check(status).map_err(AvifError::malformed)?;
    let mut iter = ptr::null();
    // SAFETY: the frame, if there is one, stays valid until the decoder is used again.
    let planes = unsafe {
        let frame = ffi::aom_codec_get_frame(&mut *decoder.0, &mut iter);
        frame.as_ref().map(|frame| copy(frame))
    };
    let planes = planes.ok_or(AvifError::Short("the AV1 data hold no picture"))?;
    if [planes.width, planes.height] != expected.map(|side| side as usize) {
        return Err(other_size(
            expected,
            [planes.width as u32, planes.height as u32],
        ));
    }
    Ok(planes)
}

/// Refuses, before anything is allocated, data whose sequence header states other sides.
fn hold(obus: &[u8], expected: [u32; 2]) -> Result<(), AvifError> {
    // SAFETY: plain numbers, for which zero is valid.
    let mut stream: ffi::aom_codec_stream_info = unsafe { std::mem::zeroed() };
    // SAFETY: a live slice with its length; the struct is initialised.
    let status = unsafe {
        let interface = ffi::aom_codec_av1_dx();
        ffi::aom_codec_peek_stream_info(interface, obus.as_ptr(), obus.len(), &mut stream)
    };
    if status != ffi::AOM_CODEC_OK {
        return Err(AvifError::malformed("the AV1 data have no readable header"));
    }
    match [stream.w, stream.h] {
        stated if stated == expected => Ok(()),
        stated => Err(other_size(expected, stated)),
    }
}

fn other_size([w, h]: [u32; 2], [x, y]: [u32; 2]) -> AvifError {
    AvifError::malformed(format!(
        "the file says {w}×{h} pixels, the AV1 data say {x}×{y}"
    ))
}

/// The samples of a frame of libaom's.
///
/// # Safety
/// `frame` must be as libaom's decoder gives it.
unsafe fn copy(frame: &ffi::aom_image_t) -> Planes {
    let grey = frame.monochrome != 0;
    let chroma = match (grey, frame.x_chroma_shift, frame.y_chroma_shift) {
        (true, ..) => Chroma::None,
        (_, 0, _) => Chroma::Full,
        (_, _, 0) => Chroma::Half,
        _ => Chroma::Quarter,
    };
    let mut planes = Planes {
        width: frame.d_w as usize,
        height: frame.d_h as usize,
        depth: frame.bit_depth as u8,
        chroma,
        full_range: frame.range == ffi::AOM_CR_FULL_RANGE,
        planes: Vec::new(),
    };
    let wide = frame.fmt & ffi::AOM_IMG_FMT_HIGHBITDEPTH != 0;
    for nth in 0..if grey { 1 } else { 3 } {
        let [width, rows] = planes.sides(nth);
        let mut samples = Vec::with_capacity(width * rows);
        for y in 0..rows {
            // SAFETY: the decoder's planes have `rows` rows of `width` samples of this size, `stride` bytes apart.
            unsafe {
                let start = frame.planes[nth].offset(y as isize * frame.stride[nth] as isize);
                if wide {
                    samples
                        .extend_from_slice(std::slice::from_raw_parts(start.cast::<u16>(), width));
                } else {
                    let row = std::slice::from_raw_parts(start, width);
                    samples.extend(row.iter().map(|s| u16::from(*s)));
                }
            }
        }
        planes.planes.push(samples);
    }
    planes
}
