//! Stands in for the `bindgen` that `jxl-sys` asks for when it is built.
//!
//! imgbench takes libjxl from `jxl-sys`, but declares the few functions that it calls itself, in `src/codec/libjxl/ffi.rs`:
//! the declarations that `jxl-sys` has made are not used. The real bindgen would need libclang to make them, which is too
//! much to ask for nothing. So `[patch.crates-io]` puts this in its place: the calls that `jxl-sys` makes, and a file with
//! nothing in it. Where the patch does not reach, the real bindgen does its work, and nothing else changes.

use std::fmt;
use std::io;
use std::path::Path;

/// How enumerations would be declared.
#[derive(Debug, Clone, Copy)]
pub enum EnumVariation {
    /// As Rust's own.
    Rust {
        /// Whether more values may come.
        non_exhaustive: bool,
    },
}

/// What would be declared.
#[derive(Debug, Default)]
pub struct Builder;

/// The declarations: none.
#[derive(Debug)]
pub struct Bindings;

/// Never made.
#[derive(Debug)]
pub enum BindgenError {}

impl fmt::Display for BindgenError {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for BindgenError {}

#[allow(missing_docs)]
impl Builder {
    pub fn allowlist_item(self, _: impl AsRef<str>) -> Self {
        self
    }

    pub fn clang_arg(self, _: impl Into<String>) -> Self {
        self
    }

    pub fn default_enum_style(self, _: EnumVariation) -> Self {
        self
    }

    pub fn derive_default(self, _: bool) -> Self {
        self
    }

    pub fn generate_comments(self, _: bool) -> Self {
        self
    }

    pub fn use_core(self) -> Self {
        self
    }

    pub fn header(self, _: impl Into<String>) -> Self {
        self
    }

    /// Nothing.
    pub fn generate(self) -> Result<Bindings, BindgenError> {
        Ok(Bindings)
    }
}

impl Bindings {
    /// Writes an empty file.
    pub fn write_to_file(&self, path: impl AsRef<Path>) -> io::Result<()> {
        std::fs::write(path, "")
    }
}
