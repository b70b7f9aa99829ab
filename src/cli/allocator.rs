//! Where memory comes from.

#![allow(unsafe_code)]

/// Large short-lived buffers are what metrics are made of: the system's allocator returns each to the kernel and pays for
/// it in page faults (a third of SSIMULACRA2's time at 12 MP).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Gives back to the system what this allocator and the C libraries' keep for later.
pub(super) fn release() {
    // SAFETY: takes no pointers; any thread may ask for it at any time.
    unsafe { libmimalloc_sys::mi_collect(true) };
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: as above.
    unsafe {
        libc::malloc_trim(0);
    }
}
