//! The JPEG that was packed, had back from libjxl: jxl-oxide cannot give all of them back.

#![allow(unsafe_code)]

use std::ptr;

use super::ffi;
use crate::codec::CodecError;

/// A decoder that is destroyed with its owner.
struct Decoder(*mut ffi::Decoder);

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: made by `unpack`, not used afterwards.
        unsafe { ffi::JxlDecoderDestroy(self.0) };
    }
}

/// The JPEG in `file`.
pub(super) fn unpack(file: &[u8]) -> Result<Vec<u8>, CodecError> {
    // SAFETY: no memory manager asks for the usual one; null means there was no memory.
    let decoder = Decoder(unsafe { ffi::JxlDecoderCreate(ptr::null()) });
    if decoder.0.is_null() {
        return Err(CodecError::failed("libjxl: out of memory"));
    }
    let events = ffi::JPEG_IS_THERE | ffi::FULL_IMAGE;
    // SAFETY: a live decoder, and a slice that outlives it, with its length.
    unsafe {
        ffi::JxlDecoderSubscribeEvents(decoder.0, events);
        ffi::JxlDecoderSetInput(decoder.0, file.as_ptr(), file.len());
        ffi::JxlDecoderCloseInput(decoder.0);
    }
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
