//! Looks for the tools that AVIF and JPEG XL are built with. It depends on nothing, so it is done before the libraries'
//! own build scripts would fail on what is missing, in words of their own.

use std::env;
use std::process::{Command, ExitCode, Stdio};

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=PATH");
    println!("cargo:rerun-if-env-changed=CMAKE");
    println!("cargo:rerun-if-env-changed=CXX");
    let mut missing = Vec::new();
    let cmake = env::var("CMAKE").unwrap_or_else(|_| "cmake".into());
    if !runs(&cmake) {
        missing.push("cmake");
    }
    let x86 = env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch.starts_with("x86"));
    let assembler = env::var_os("CARGO_FEATURE_NASM").is_some() && x86;
    if assembler && !runs("nasm") && !runs("yasm") {
        missing.push("nasm");
    }
    if !has_compiler() {
        missing.push("g++");
    }
    if missing.is_empty() {
        return ExitCode::SUCCESS;
    }
    let tools = missing.join(" ");
    let verb = if missing.len() == 1 { "is" } else { "are" };
    eprintln!(
        "
{tools} {verb} missing, which AVIF and JPEG XL are built with. Either install it:
    Debian, Ubuntu    apt-get install {tools}
    macOS             brew install {tools}
    Windows           choco install {tools}
or build without these two formats:
    cargo build --release --no-default-features --features cli
"
    );
    ExitCode::FAILURE
}

/// Whether a C++ compiler is there. On Windows it is found by ways of its own: nothing is said.
fn has_compiler() -> bool {
    let named = env::var("CXX").ok();
    let mut usual = ["c++", "g++", "clang++"].into_iter();
    cfg!(windows) || named.map_or_else(|| usual.any(runs), |name| runs(&name))
}

fn runs(command: &str) -> bool {
    let mut command = Command::new(command);
    let quiet = command
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok()
}
