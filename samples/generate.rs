//! Draws the sample pictures: `cargo run --release --example generate-samples`.
//!
//! Everything is computed, nothing is loaded, and every run gives the same bytes.

#[path = "generate/canvas.rs"]
mod canvas;
#[path = "generate/drawings.rs"]
mod drawings;
#[path = "generate/font.rs"]
mod font;
#[path = "generate/landscape.rs"]
mod landscape;
#[path = "generate/letters.rs"]
mod letters;
#[path = "generate/maths.rs"]
mod maths;
#[path = "generate/page.rs"]
mod page;
#[path = "generate/plate.rs"]
mod plate;
#[path = "generate/scene.rs"]
mod scene;
#[path = "generate/screen.rs"]
mod screen;
#[path = "generate/studies.rs"]
mod studies;

use canvas::{Canvas, indexed, png};
use png::{BitDepth, ColorType};
use std::path::Path;

const RGB: (ColorType, BitDepth) = (ColorType::Rgb, BitDepth::Eight);
const RGBA: (ColorType, BitDepth) = (ColorType::Rgba, BitDepth::Eight);
const RGB16: (ColorType, BitDepth) = (ColorType::Rgb, BitDepth::Sixteen);
const GREY: (ColorType, BitDepth) = (ColorType::Grayscale, BitDepth::Eight);
const BITS: (ColorType, BitDepth) = (ColorType::Grayscale, BitDepth::One);
const INDEXED: (ColorType, BitDepth) = (ColorType::Indexed, BitDepth::Eight);

/// All the files: their names and what is in them.
pub fn pictures() -> Vec<(&'static str, Vec<u8>)> {
    let rgb = |c: Canvas, noise, dpi| png((c.w, c.h), RGB, &c.bytes(3, noise), &[], dpi);
    let grey = studies::pebbles(640, 480);
    let logo = drawings::logo();
    let (chart, palette) = indexed(&drawings::chart().bytes(3, 0.0));
    vec![
        ("page.png", rgb(page::page(), 0.0, 150)),
        ("photo.png", rgb(landscape::photo(), 1.5, 0)),
        ("screenshot.png", rgb(screen::screen(), 0.0, 0)),
        (
            "logo.png",
            png((logo.w, logo.h), RGBA, &logo.bytes(4, 0.0), &[], 0),
        ),
        (
            "line-art.png",
            png((1000, 700), BITS, &plate::plate(), &[], 300),
        ),
        ("chart.png", png((900, 600), INDEXED, &chart, &palette, 0)),
        (
            "scan-16bit.png",
            png((400, 300), RGB16, &studies::scan(400, 300), &[], 300),
        ),
        (
            "grey.png",
            png((grey.w, grey.h), GREY, &grey.bytes(1, 1.5), &[], 0),
        ),
        ("rotated.jpg", rotated(&studies::sign(400, 600))),
    ]
}

/// A JPEG as a phone held upright stores it: lying on its side, with a note to turn it.
fn rotated(upright: &Canvas) -> Vec<u8> {
    const EXIF: &[u8] = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let (w, h) = (upright.h, upright.w);
    let from = upright.bytes(3, 1.5);
    let mut pixels = Vec::with_capacity(from.len());
    for y in 0..h {
        for x in 0..w {
            let at = 3 * (x * upright.w + upright.w - 1 - y);
            pixels.extend_from_slice(&from[at..at + 3]);
        }
    }
    let mut encoder = mozjpeg::Compress::new(mozjpeg::ColorSpace::JCS_RGB);
    encoder.set_size(w, h);
    encoder.set_quality(90.0);
    let mut started = encoder
        .start_compress(Vec::new())
        .expect("a JPEG in memory");
    started.write_marker(mozjpeg::Marker::APP(1), EXIF);
    started
        .write_scanlines(&pixels)
        .expect("the size fits the header");
    started.finish().expect("a JPEG in memory")
}

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for (name, bytes) in pictures() {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
