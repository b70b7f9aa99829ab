//! The `imgbench` command.

mod cli;

use std::process::ExitCode;

// Large short-lived buffers are what metrics are made of: the system allocator returns each to the kernel and pays for
// it in page faults (a third of SSIMULACRA2's time at 12 MP).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
