//! Time of one call on the thread that makes it.

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

/// What a call took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lap {
    /// Thread CPU time: what other threads do, and waiting, does not count.
    pub(super) cpu: Duration,
    /// Wall time.
    pub(super) wall: Duration,
}

/// Runs `call`, which must stay on this thread, and times it.
pub(super) fn timed<T>(call: impl FnOnce() -> T) -> (T, Lap) {
    let (wall, cpu) = (Instant::now(), ThreadTime::now());
    let value = call();
    (value, Lap { cpu: cpu.elapsed(), wall: wall.elapsed() })
}

/// Milliseconds, to the microsecond.
pub(super) fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
