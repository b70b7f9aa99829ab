//! Pictures to test with, computed: the same ones every time.

use std::io::Cursor;
use std::path::Path;

use imgbench::Bitmap;

/// Numbers that look random (xorshift), from a seed.
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u8
    }
}

/// A picture computed pixel by pixel.
pub(crate) fn draw(width: u32, height: u32, mut pixel: impl FnMut(u32, u32) -> [u8; 4]) -> Bitmap {
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let rgba = places.flat_map(|(x, y)| pixel(x, y)).collect();
    Bitmap::new(width, height, rgba).unwrap()
}

/// Soft waves of colour with grain on top, opaque: as near to a photograph as three lines come.
pub(crate) fn photo(width: u32, height: u32, seed: u64) -> Bitmap {
    let mut noise = Noise::new(seed);
    let phase = f64::from(seed as u32 % 64) / 10.0;
    let wave = |v: f64| 127.5 + 90.0 * v.sin();
    draw(width, height, |x, y| {
        let (x, y) = (f64::from(x), f64::from(y));
        let grain = f64::from(noise.byte()) / 12.0;
        let rgb = [
            wave(x / 17.0 + phase) + grain,
            wave(y / 13.0 - phase) + grain,
            wave((x + y) / 29.0 + 2.0 * phase) + grain,
        ];
        let [r, g, b] = rgb.map(|v| v as u8);
        [r, g, b, 255]
    })
}

/// Nothing but noise, opaque: what no encoder can make small.
pub(crate) fn noise(width: u32, height: u32, seed: u64) -> Bitmap {
    let mut noise = Noise::new(seed);
    draw(width, height, |_, _| {
        [noise.byte(), noise.byte(), noise.byte(), 255]
    })
}

/// A photo seen through glass: every alpha from 0 to 255, and colour even where nothing shows.
pub(crate) fn glass(width: u32, height: u32, seed: u64) -> Bitmap {
    let mut image = photo(width, height, seed);
    for (at, pixel) in image.rgba_mut().chunks_exact_mut(4).enumerate() {
        pixel[3] = (at % 256) as u8;
    }
    image
}

/// A photo without colour.
pub(crate) fn grey(width: u32, height: u32, seed: u64) -> Bitmap {
    let mut image = photo(width, height, seed);
    for pixel in image.rgba_mut().chunks_exact_mut(4) {
        (pixel[1], pixel[2]) = (pixel[0], pixel[0]);
    }
    image
}

/// One colour.
pub(crate) fn flat(width: u32, height: u32) -> Bitmap {
    draw(width, height, |_, _| [30, 120, 200, 255])
}

/// `image` as the bytes of a PNG file.
pub(crate) fn png(image: &Bitmap) -> Vec<u8> {
    png_with(image, None)
}

/// `image` as a PNG file that states a density in pixels an inch.
pub(crate) fn png_with(image: &Bitmap, dpi: Option<u32>) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(Cursor::new(&mut file), image.width(), image.height());
    let opaque = image.is_opaque();
    encoder.set_color(if opaque {
        png::ColorType::Rgb
    } else {
        png::ColorType::Rgba
    });
    encoder.set_pixel_dims(dpi.map(|dpi| {
        let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
        png::PixelDimensions {
            xppu: per_metre,
            yppu: per_metre,
            unit: png::Unit::Meter,
        }
    }));
    let channels = if opaque { 3 } else { 4 };
    let pixels = image.rgba().chunks_exact(4);
    let samples: Vec<u8> = pixels.flat_map(|p| p[..channels].to_vec()).collect();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&samples).unwrap();
    writer.finish().unwrap();
    file
}

/// Writes `image` as a PNG file, with the folders it takes.
pub(crate) fn save(image: &Bitmap, at: &Path) {
    std::fs::create_dir_all(at.parent().unwrap()).unwrap();
    std::fs::write(at, png(image)).unwrap();
}
