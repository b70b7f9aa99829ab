//! Ctrl-C and its kin.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::bail;
use imgbench::run::Cancel;
use signal_hook::consts::{SIGINT, SIGTERM};

/// How long steps under way may take to end after a signal, before nobody waits for them any more.
const GRACE: Duration = Duration::from_millis(300);

/// How long after the first signal another one belongs to it.
const TOGETHER: Duration = Duration::from_secs(1);

/// How long nobody looks for signals.
const PAUSE: Duration = Duration::from_millis(50);

/// Notes the first signal that asks to stop.
pub(super) struct Signals(Arc<AtomicUsize>);

impl Signals {
    /// From here on SIGINT and SIGTERM are noted. A second one ends the process at once, if it is not sent along with the
    /// first: `timeout` and shells signal a program, and then its whole group.
    pub(super) fn watch() -> io::Result<Self> {
        let seen = Arc::new(AtomicUsize::new(0));
        let impatient = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            let code = 128 + signal;
            signal_hook::flag::register_conditional_shutdown(signal, code, impatient.clone())?;
            signal_hook::flag::register_usize(signal, seen.clone(), signal as usize)?;
        }
        let first = seen.clone();
        std::thread::spawn(move || {
            while first.load(Ordering::Relaxed) == 0 {
                std::thread::sleep(PAUSE);
            }
            std::thread::sleep(TOGETHER);
            impatient.store(true, Ordering::Relaxed);
        });
        Ok(Self(seen))
    }

    /// Does `work` on another thread while this one listens, and cancels it after a signal. What came of it, none where it
    /// did not end soon enough then, and the exit code of the signal, if one came.
    pub(super) fn attend<T: Send + 'static>(
        &self,
        cancel: &Cancel,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> anyhow::Result<(Option<T>, Option<u8>)> {
        let (send, receive) = mpsc::channel();
        // Nobody may be waiting any more.
        std::thread::spawn(move || drop(send.send(work())));
        let mut interrupted = None;
        loop {
            let patience = if interrupted.is_some() { GRACE } else { PAUSE };
            match receive.recv_timeout(patience) {
                Ok(done) => return Ok((Some(done), interrupted)),
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("internal error: the run ended without a report")
                }
                Err(RecvTimeoutError::Timeout) if interrupted.is_some() => {
                    return Ok((None, interrupted));
                }
                Err(RecvTimeoutError::Timeout) => {
                    interrupted = self.exit_code();
                    if interrupted.is_some() {
                        cancel.cancel();
                    }
                }
            }
        }
    }

    /// The exit code that the signal seen calls for: 130 or 143.
    fn exit_code(&self) -> Option<u8> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            signal => Some(128 + signal as u8),
        }
    }
}
