//! What jxl-oxide cannot give back: some of the JPEGs that were packed, and pictures of a row or a column.

#![allow(unsafe_code)]

use std::ffi::c_int;
use std::ptr;

use super::ffi;
use crate::bitmap::BYTES_PER_PIXEL;
use crate::codec::CodecError;

/// A decoder that is destroyed with its owner.
struct Decoder(*mut ffi::Decoder);

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: made by `of`, not used afterwards.
        unsafe { ffi::JxlDecoderDestroy(self.0) };
    }
}

impl Decoder {
    /// One that is to tell of `events` in `file`, which has to outlive it.
    fn of(file: &[u8], events: c_int) -> Result<Self, CodecError> {
        // SAFETY: no memory manager asks for the usual one; null means there was no memory.
        let decoder = Self(unsafe { ffi::JxlDecoderCreate(ptr::null()) });
        if decoder.0.is_null() {
            return Err(CodecError::failed("libjxl: out of memory"));
        }
        // SAFETY: a live decoder, and a slice that outlives it, with its length.
        unsafe {
            ffi::JxlDecoderSubscribeEvents(decoder.0, events);
            ffi::JxlDecoderSetInput(decoder.0, file.as_ptr(), file.len());
            ffi::JxlDecoderCloseInput(decoder.0);
        }
        Ok(decoder)
    }
}

/// The picture in `file`, of so many `pixels`, as RGBA in the colours that it is stored in.
pub(super) fn pixels(file: &[u8], pixels: usize) -> Result<Vec<u8>, CodecError> {
    let decoder = Decoder::of(file, ffi::FULL_IMAGE)?;
    let mut rgba = vec![0; pixels * BYTES_PER_PIXEL];
    let format = ffi::PixelFormat {
        num_channels: BYTES_PER_PIXEL as u32,
        data_type: ffi::UINT8,
        endianness: 0,
        align: 0,
    };
    loop {
        // SAFETY: a live decoder, and a live buffer with its length that stays where it is until the last call; libjxl
        // refuses one that is too small.
        let status = unsafe { ffi::JxlDecoderProcessInput(decoder.0) };
        let room = rgba.as_mut_ptr().cast();
        match status {
            ffi::PIXELS_NEED_ROOM
                // SAFETY: as above.
                if unsafe {
                    ffi::JxlDecoderSetImageOutBuffer(decoder.0, &format, room, rgba.len())
                } == ffi::DECODED => {}
            ffi::FULL_IMAGE => return Ok(rgba),
            code => {
                return Err(CodecError::failed(format!(
                    "libjxl: no picture comes back ({code})"
                )));
            }
        }
    }
}

/// The JPEG in `file`.
pub(super) fn unpack(file: &[u8]) -> Result<Vec<u8>, CodecError> {
    let decoder = Decoder::of(file, ffi::JPEG_IS_THERE | ffi::FULL_IMAGE)?;
    let mut jpeg = Vec::new();
    let mut used = 0;
    loop {
        // SAFETY: a live decoder; the buffer it holds is given back before it moves.
        match unsafe { ffi::JxlDecoderProcessInput(decoder.0) } {
            status @ (ffi::JPEG_IS_THERE | ffi::JPEG_NEEDS_ROOM) => {
                if status == ffi::JPEG_NEEDS_ROOM {
                    // SAFETY: gives back what was set below: what of it is still free.
                    used = jpeg.len() - unsafe { ffi::JxlDecoderReleaseJPEGBuffer(decoder.0) };
                }
                jpeg.resize((jpeg.len() * 2).max(file.len() * 3 / 2 + 1024), 0);
                let room = &mut jpeg[used..];
                // SAFETY: a live buffer with its length, which stays where it is until it is given back.
                unsafe { ffi::JxlDecoderSetJPEGBuffer(decoder.0, room.as_mut_ptr(), room.len()) };
            }
            ffi::FULL_IMAGE | ffi::DECODED if !jpeg.is_empty() => {
                // SAFETY: as above.
                used = jpeg.len() - unsafe { ffi::JxlDecoderReleaseJPEGBuffer(decoder.0) };
                jpeg.truncate(used);
                return Ok(jpeg);
            }
            code => {
                return Err(CodecError::failed(format!(
                    "libjxl: no JPEG comes back ({code})"
                )));
            }
        }
    }
}
