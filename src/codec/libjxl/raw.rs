//! libjxl's encoder behind a safe wall: on the calling thread alone, so that bytes do not depend on the machine.

#![allow(unsafe_code)]

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ptr;

use super::ffi::{self, Setting};
use crate::codec::CodecError;

/// An encoder that is destroyed with its owner, and the settings of its one frame.
pub(super) struct Encoder {
    encoder: *mut ffi::Encoder,
    frame: *mut ffi::FrameSettings,
    packs_jpeg: bool,
}

/// Samples of 8 bits, without padding.
pub(super) struct Picture<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Grey, grey and alpha, RGB, or RGBA.
    pub(super) channels: u32,
    pub(super) samples: &'a [u8],
}

/// How much may be lost.
#[derive(Debug, Clone, Copy)]
pub(super) enum Loss {
    /// Nothing.
    None,
    /// A quality on libjxl's own scale, 0 to 100.
    Quality(u8),
}

/// The version of libjxl.
pub(super) fn version() -> String {
    // SAFETY: takes nothing, gives a number.
    let packed = unsafe { ffi::JxlEncoderVersion() };
    let [major, minor, patch] = [packed / 1_000_000, packed / 1_000 % 1_000, packed % 1_000];
    format!("{major}.{minor}.{patch}")
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: made by `new`, not used afterwards; the frame's settings go with it.
        unsafe { ffi::JxlEncoderDestroy(self.encoder) };
    }
}

impl Encoder {
    pub(super) fn new() -> Result<Self, CodecError> {
        // SAFETY: no memory manager asks for the usual one; null means there was no memory.
        let encoder = unsafe { ffi::JxlEncoderCreate(ptr::null()) };
        if encoder.is_null() {
            return Err(CodecError::failed("libjxl: out of memory"));
        }
        // SAFETY: a live encoder, which owns the settings.
        let frame = unsafe { ffi::JxlEncoderFrameSettingsCreate(encoder, ptr::null()) };
        Ok(Self {
            encoder,
            frame,
            packs_jpeg: false,
        })
    }

    fn check(&self, status: c_int) -> Result<(), CodecError> {
        if status == ffi::SUCCESS {
            return Ok(());
        }
        // SAFETY: a live encoder.
        Err(match unsafe { ffi::JxlEncoderGetError(self.encoder) } {
            ffi::OUT_OF_MEMORY => CodecError::failed("libjxl: out of memory"),
            ffi::NOT_REVERSIBLE => {
                CodecError::Unsupported("libjxl cannot give this JPEG back as it is".into())
            }
            // No better reason is given for chroma in steps that JPEG XL has not.
            ffi::GENERIC if self.packs_jpeg => {
                CodecError::Unsupported("libjxl does not take this kind of JPEG".into())
            }
            ffi::BAD_INPUT | ffi::NOT_SUPPORTED => {
                CodecError::Unsupported("libjxl does not take this kind of picture".into())
            }
            code => CodecError::failed(format!("libjxl: error {code}")),
        })
    }

    pub(super) fn set(&mut self, setting: Setting, value: i64) -> Result<(), CodecError> {
        // SAFETY: live settings of a live encoder.
        let status = unsafe { ffi::JxlEncoderFrameSettingsSetOption(self.frame, setting, value) };
        self.check(status)
    }

    /// Sets up for `picture` and takes its samples in.
    pub(super) fn add(&mut self, picture: &Picture<'_>, loss: Loss) -> Result<(), CodecError> {
        let colours = if picture.channels < 3 { 1 } else { 3 };
        let lossless = matches!(loss, Loss::None);
        let mut info = MaybeUninit::<ffi::BasicInfo>::zeroed();
        // SAFETY: libjxl fills the whole struct.
        let mut info = unsafe {
            ffi::JxlEncoderInitBasicInfo(info.as_mut_ptr());
            info.assume_init()
        };
        info.xsize = picture.width;
        info.ysize = picture.height;
        info.bits_per_sample = 8;
        info.num_color_channels = colours;
        info.num_extra_channels = picture.channels - colours;
        info.alpha_bits = 8 * info.num_extra_channels;
        // Lossy pictures are coded as XYB.
        info.uses_original_profile = c_int::from(lossless);
        let mut srgb = MaybeUninit::<ffi::ColorEncoding>::zeroed();
        let format = ffi::PixelFormat {
            num_channels: picture.channels,
            data_type: ffi::UINT8,
            endianness: 0,
            align: 0,
        };
        // SAFETY: live encoder and settings; libjxl fills the colours; it copies what it is given, and the samples are
        // `width × height × channels` bytes.
        unsafe {
            self.check(ffi::JxlEncoderSetBasicInfo(self.encoder, &info))?;
            ffi::JxlColorEncodingSetToSRGB(srgb.as_mut_ptr(), c_int::from(colours == 1));
            self.check(ffi::JxlEncoderSetColorEncoding(self.encoder, srgb.as_ptr()))?;
            self.check(match loss {
                Loss::None => ffi::JxlEncoderSetFrameLossless(self.frame, 1),
                Loss::Quality(quality) => {
                    // Distance 0 would be the lossless mode, in other colours.
                    let distance = ffi::JxlEncoderDistanceFromQuality(quality.into()).max(0.01);
                    ffi::JxlEncoderSetFrameDistance(self.frame, distance)
                }
            })?;
            let samples = picture.samples;
            let status = ffi::JxlEncoderAddImageFrame(
                self.frame,
                &format,
                samples.as_ptr().cast(),
                samples.len(),
            );
            self.check(status)
        }
    }

    /// Takes the coefficients of a JPEG in, and what it takes to give the file back to the byte.
    pub(super) fn add_jpeg(&mut self, file: &[u8]) -> Result<(), CodecError> {
        self.packs_jpeg = true;
        // SAFETY: live encoder and settings, and a live slice with its length, which libjxl copies.
        unsafe {
            self.check(ffi::JxlEncoderUseContainer(self.encoder, 1))?;
            self.check(ffi::JxlEncoderStoreJPEGMetadata(self.encoder, 1))?;
            let status = ffi::JxlEncoderAddJPEGFrame(self.frame, file.as_ptr(), file.len());
            self.check(status)
        }
    }

    /// The file.
    pub(super) fn finish(self) -> Result<Vec<u8>, CodecError> {
        let mut file = vec![0; 64 << 10];
        let mut used = 0;
        // SAFETY: a live encoder.
        unsafe { ffi::JxlEncoderCloseInput(self.encoder) };
        loop {
            let mut next = file[used..].as_mut_ptr();
            let mut room = file.len() - used;
            // SAFETY: `next` points at `room` bytes of a live buffer.
            let status =
                unsafe { ffi::JxlEncoderProcessOutput(self.encoder, &mut next, &mut room) };
            used = file.len() - room;
            if status != ffi::NEED_MORE_OUTPUT {
                self.check(status)?;
                file.truncate(used);
                return Ok(file);
            }
            file.resize(file.len() * 2, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_are_laid_out_as_libjxl_fills_them() {
        let mut info = MaybeUninit::<ffi::BasicInfo>::zeroed();
        // SAFETY: libjxl fills the whole struct.
        let info = unsafe {
            ffi::JxlEncoderInitBasicInfo(info.as_mut_ptr());
            info.assume_init()
        };
        // What `jxl/encode.h` says the defaults are.
        let found = [
            info.bits_per_sample,
            info.num_color_channels,
            info.num_extra_channels,
        ];
        assert_eq!(found, [8, 3, 0]);
        assert_eq!(size_of::<ffi::BasicInfo>(), 204);
        assert_eq!(size_of::<ffi::ColorEncoding>(), 104);
        assert_eq!(size_of::<ffi::PixelFormat>(), 24);
    }
}
