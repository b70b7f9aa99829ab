//! OBUs to samples.

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ptr;

use libaom_sys as ffi;

use super::Context;
use crate::avif::AvifError;
use crate::avif::planes::{Chroma, Planes};

/// Decodes the first picture of some OBUs, which must be of `expected` sides.
///
/// # Errors
/// What libaom says, or that the picture is another than the file promised.
pub(crate) fn decode(obus: &[u8], expected: [u32; 2]) -> Result<Planes, AvifError> {
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
