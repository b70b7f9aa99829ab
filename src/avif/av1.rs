//! AV1 by libaom, through its C interface: one still picture in, one out, on one thread.

#![allow(unsafe_code)]

mod decode;
mod encode;
mod sequence;

use std::ffi::{CStr, CString, c_int};

use libaom_sys as ffi;

pub(crate) use self::decode::decode;
pub(crate) use self::encode::{Coding, Tune, encode};
pub(crate) use self::sequence::Numbers;
pub(super) use self::sequence::numbers;

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
