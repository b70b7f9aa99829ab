//! Nothing to call: all that this package does is done when it is built. See `build.rs`.
