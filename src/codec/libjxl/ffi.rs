//! What is called of libjxl 0.12, declared by hand after `jxl/encode.h`, `codestream_header.h`, `color_encoding.h` and
//! `types.h`. `jxl-sys` builds and links the library; its own declarations are not used (see `.cargo/bindgen`).

#![allow(unsafe_code, non_snake_case)]

use std::ffi::{c_int, c_void};

// Links the library.
use jxl_sys as _;

/// `JXL_ENC_SUCCESS`.
pub(super) const SUCCESS: c_int = 0;
/// `JXL_ENC_NEED_MORE_OUTPUT`.
pub(super) const NEED_MORE_OUTPUT: c_int = 2;
/// `JXL_ENC_ERR_GENERIC`.
pub(super) const GENERIC: c_int = 1;
/// `JXL_ENC_ERR_OOM`.
pub(super) const OUT_OF_MEMORY: c_int = 2;
/// `JXL_ENC_ERR_JBRD`: a JPEG that cannot be given back as it was.
pub(super) const NOT_REVERSIBLE: c_int = 3;
/// `JXL_ENC_ERR_BAD_INPUT`.
pub(super) const BAD_INPUT: c_int = 4;
/// `JXL_ENC_ERR_NOT_SUPPORTED`.
pub(super) const NOT_SUPPORTED: c_int = 0x80;

/// `JXL_DEC_SUCCESS`.
pub(super) const DECODED: c_int = 0;
/// `JXL_DEC_NEED_IMAGE_OUT_BUFFER`.
pub(super) const PIXELS_NEED_ROOM: c_int = 5;
/// `JXL_DEC_JPEG_NEED_MORE_OUTPUT`.
pub(super) const JPEG_NEEDS_ROOM: c_int = 6;
/// `JXL_DEC_FULL_IMAGE`.
pub(super) const FULL_IMAGE: c_int = 0x1000;
/// `JXL_DEC_JPEG_RECONSTRUCTION`.
pub(super) const JPEG_IS_THERE: c_int = 0x2000;

/// `JxlEncoderFrameSettingId`.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(super) enum Setting {
    Effort = 0,
    DecodingSpeed = 1,
    Modular = 11,
    KeepInvisible = 12,
    Responsive = 16,
    ProgressiveAc = 17,
    ProgressiveDc = 19,
}

/// `JXL_TYPE_UINT8`.
pub(super) const UINT8: c_int = 2;

/// `JxlPixelFormat`.
#[repr(C)]
pub(super) struct PixelFormat {
    pub(super) num_channels: u32,
    pub(super) data_type: c_int,
    pub(super) endianness: c_int,
    pub(super) align: usize,
}

/// `JxlBasicInfo`.
#[repr(C)]
pub(super) struct BasicInfo {
    pub(super) have_container: c_int,
    pub(super) xsize: u32,
    pub(super) ysize: u32,
    pub(super) bits_per_sample: u32,
    pub(super) exponent_bits_per_sample: u32,
    intensity_target: f32,
    min_nits: f32,
    relative_to_max_display: c_int,
    linear_below: f32,
    pub(super) uses_original_profile: c_int,
    have_preview: c_int,
    have_animation: c_int,
    orientation: c_int,
    pub(super) num_color_channels: u32,
    pub(super) num_extra_channels: u32,
    pub(super) alpha_bits: u32,
    alpha_exponent_bits: u32,
    alpha_premultiplied: c_int,
    preview: [u32; 2],
    animation: [u32; 4],
    intrinsic_xsize: u32,
    intrinsic_ysize: u32,
    padding: [u8; 100],
}

/// `JxlColorEncoding`.
#[repr(C)]
pub(super) struct ColorEncoding {
    color_space: c_int,
    white_point: c_int,
    white_point_xy: [f64; 2],
    primaries: c_int,
    primaries_xy: [[f64; 2]; 3],
    transfer_function: c_int,
    gamma: f64,
    rendering_intent: c_int,
}

/// `JxlEncoder`, never seen inside.
#[repr(C)]
pub(super) struct Encoder(c_void);

/// `JxlDecoder`, never seen inside.
#[repr(C)]
pub(super) struct Decoder(c_void);

/// `JxlEncoderFrameSettings`, which its encoder owns.
#[repr(C)]
pub(super) struct FrameSettings(c_void);

unsafe extern "C" {
    pub(super) fn JxlEncoderVersion() -> u32;
    pub(super) fn JxlEncoderDistanceFromQuality(quality: f32) -> f32;
    pub(super) fn JxlEncoderCreate(memory: *const c_void) -> *mut Encoder;
    pub(super) fn JxlEncoderDestroy(encoder: *mut Encoder);
    pub(super) fn JxlEncoderGetError(encoder: *mut Encoder) -> c_int;
    pub(super) fn JxlEncoderUseContainer(encoder: *mut Encoder, on: c_int) -> c_int;
    pub(super) fn JxlEncoderStoreJPEGMetadata(encoder: *mut Encoder, on: c_int) -> c_int;
    pub(super) fn JxlEncoderInitBasicInfo(info: *mut BasicInfo);
    pub(super) fn JxlEncoderSetBasicInfo(encoder: *mut Encoder, info: *const BasicInfo) -> c_int;
    pub(super) fn JxlColorEncodingSetToSRGB(colours: *mut ColorEncoding, grey: c_int);
    pub(super) fn JxlEncoderSetColorEncoding(
        encoder: *mut Encoder,
        colours: *const ColorEncoding,
    ) -> c_int;
    pub(super) fn JxlEncoderFrameSettingsCreate(
        encoder: *mut Encoder,
        source: *const FrameSettings,
    ) -> *mut FrameSettings;
    pub(super) fn JxlEncoderFrameSettingsSetOption(
        settings: *mut FrameSettings,
        option: Setting,
        value: i64,
    ) -> c_int;
    pub(super) fn JxlEncoderSetFrameDistance(settings: *mut FrameSettings, distance: f32) -> c_int;
    pub(super) fn JxlEncoderSetFrameLossless(settings: *mut FrameSettings, on: c_int) -> c_int;
    pub(super) fn JxlEncoderAddImageFrame(
        settings: *const FrameSettings,
        format: *const PixelFormat,
        samples: *const c_void,
        size: usize,
    ) -> c_int;
    pub(super) fn JxlEncoderAddJPEGFrame(
        settings: *const FrameSettings,
        file: *const u8,
        size: usize,
    ) -> c_int;
    pub(super) fn JxlDecoderCreate(memory: *const c_void) -> *mut Decoder;
    pub(super) fn JxlDecoderDestroy(decoder: *mut Decoder);
    pub(super) fn JxlDecoderSubscribeEvents(decoder: *mut Decoder, events: c_int) -> c_int;
    pub(super) fn JxlDecoderSetInput(decoder: *mut Decoder, file: *const u8, size: usize) -> c_int;
    pub(super) fn JxlDecoderCloseInput(decoder: *mut Decoder);
    pub(super) fn JxlDecoderProcessInput(decoder: *mut Decoder) -> c_int;
    pub(super) fn JxlDecoderSetJPEGBuffer(
        decoder: *mut Decoder,
        room: *mut u8,
        size: usize,
    ) -> c_int;
    pub(super) fn JxlDecoderReleaseJPEGBuffer(decoder: *mut Decoder) -> usize;
    pub(super) fn JxlDecoderSetImageOutBuffer(
        decoder: *mut Decoder,
        format: *const PixelFormat,
        room: *mut c_void,
        size: usize,
    ) -> c_int;
    pub(super) fn JxlEncoderCloseInput(encoder: *mut Encoder);
    pub(super) fn JxlEncoderProcessOutput(
        encoder: *mut Encoder,
        next: *mut *mut u8,
        room: *mut usize,
    ) -> c_int;
}
