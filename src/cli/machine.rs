//! What this machine has to offer.

use std::num::NonZeroUsize;

/// Used where the system does not tell its memory.
const UNKNOWN_MEMORY: u64 = 4 << 30;

/// Cores this process may use.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Half of the memory this process may use, in bytes: of the container's where it is in one.
pub(super) fn half_of_memory() -> u64 {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    let container = system.cgroup_limits().map(|limits| limits.total_memory);
    let total = container.filter(|&bytes| bytes > 0).unwrap_or(u64::MAX).min(system.total_memory());
    if total == 0 { UNKNOWN_MEMORY } else { total / 2 }
}
