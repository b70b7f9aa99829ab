//! The one place where a panic becomes data: mozjpeg reports its errors by unwinding, and a bug in any codec or metric
//! must cost its own row only.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `call`; a panic comes back as its message.
pub(super) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    // What a panicking call leaves behind is dropped with it: nothing of it is looked at again.
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| message(payload.as_ref()))
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
    text.unwrap_or("panicked without a message").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_and_unwinding_errors_become_messages() {
        assert_eq!(guarded(|| 5), Ok(5));
        let unwound = guarded(|| -> u8 { std::panic::resume_unwind(Box::new(String::from("libjpeg fatal error"))) });
        assert_eq!(unwound, Err("libjpeg fatal error".into()));
    }
}
