//! The pictures that benches work on: the samples, or computed ones where the samples are not there (a published crate).

// Every bench compiles this file and uses its own part of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use imgbench::Bitmap;
use imgbench::bitmap::Rgb;
use imgbench::source::{Format, Limits, decode, facts};

/// The command's own, so that figures are what its users get.
#[cfg(feature = "cli")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const LIMITS: Limits = Limits {
    max_pixels: 1 << 24,
    max_memory: 1 << 30,
};

/// Where sample `name` would be.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("samples")
        .join(name)
}

/// An opaque, photo-like picture of about half a megapixel.
pub(crate) fn photo() -> Bitmap {
    let Ok(file) = std::fs::read(sample("photo.png")) else {
        return gradient(960, 640);
    };
    let format = Format::sniff(&file, None).expect("the sample is an image");
    let facts = facts::read(&file, format).expect("the sample has a sound header");
    let decoded = decode(&file, &facts, &LIMITS).expect("the sample decodes");
    decoded.bitmap.over(Rgb::WHITE).into_owned()
}

/// Slopes with grain: neither flat nor noise, the same on every machine.
pub(crate) fn gradient(width: u32, height: u32) -> Bitmap {
    let mut seed = 1_u32;
    let mut grain = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 28
    };
    let rgba = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let rgba = rgba.flat_map(|(x, y)| {
        let [red, green] = [x * 239 / width, y * 239 / height].map(|v| (v + grain()) as u8);
        [red, green, red.abs_diff(green), 255]
    });
    Bitmap::new(width, height, rgba.collect()).expect("four bytes a pixel")
}
