//! Ctrl-C and its kin.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

/// Notes the first signal that asks to stop.
pub(super) struct Signals(Arc<AtomicUsize>);

impl Signals {
    /// From here on SIGINT and SIGTERM are noted; a second one ends the process at once.
    pub(super) fn watch() -> io::Result<Self> {
        let seen = Arc::new(AtomicUsize::new(0));
        for signal in [SIGINT, SIGTERM] {
            let stopping = Arc::new(std::sync::atomic::AtomicBool::new(false));
            // In this order: the shutdown is armed by the signal before.
            signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, stopping.clone())?;
            signal_hook::flag::register(signal, stopping)?;
            signal_hook::flag::register_usize(signal, seen.clone(), signal as usize)?;
        }
        Ok(Self(seen))
    }

    /// The exit code that the signal seen calls for: 130 or 143.
    pub(super) fn exit_code(&self) -> Option<u8> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            signal => Some(128 + signal as u8),
        }
    }
}
