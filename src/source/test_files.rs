//! Small files made in code, for the tests of this folder.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};

use crate::source::facts::Facts;
use crate::source::{Decoded, Format, Limits, SourceError, decode::open as decode, facts};

pub(crate) const ROOMY: Limits = Limits {
    max_pixels: 1 << 20,
    max_memory: 64 << 20,
};

/// A picture with no two pixels alike.
pub(crate) fn rgba(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        image::Rgba([
            (x * 16) as u8,
            (y * 16) as u8,
            (x * y) as u8,
            255 - (x + y) as u8,
        ])
    })
}

/// The same without alpha.
pub(crate) fn rgb(width: u32, height: u32) -> RgbImage {
    DynamicImage::from(rgba(width, height)).to_rgb8()
}

pub(crate) fn encode(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.into().write_to(&mut file, format).unwrap();
    file.into_inner()
}

pub(crate) fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    encode(picture, ImageFormat::Png)
}

pub(crate) fn read(file: &[u8]) -> Result<Facts, SourceError> {
    let format = Format::sniff(file, None).ok_or(SourceError::NotAnImage)?;
    facts::read(file, format)
}

pub(crate) fn open(file: &[u8]) -> Result<Decoded, SourceError> {
    decode(file, None, &ROOMY)
}

/// `file`, a PNG, with one more chunk right behind its header.
pub(crate) fn with_chunk(file: &[u8], kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut changed = file[..33].to_vec();
    changed.extend(u32::to_be_bytes(body.len() as u32));
    let start = changed.len();
    changed.extend(kind);
    changed.extend(body);
    let crc = crc32(&changed[start..]);
    changed.extend(crc.to_be_bytes());
    changed.extend(&file[33..]);
    changed
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| match crc & 1 {
            1 => crc >> 1 ^ 0xedb8_8320,
            _ => crc >> 1,
        })
    })
}

/// An `iCCP` body whose profile is packed in one stored block.
pub(crate) fn iccp(profile: &[u8]) -> Vec<u8> {
    let len = profile.len() as u16;
    let mut body = b"name\0\0\x78\x01\x01".to_vec();
    body.extend(len.to_le_bytes());
    body.extend((!len).to_le_bytes());
    body.extend(profile);
    let (mut a, mut b) = (1u32, 0u32);
    for &byte in profile {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    body.extend((b << 16 | a).to_be_bytes());
    body
}

/// A JPEG by mozjpeg at a set quality, of one scan.
pub(crate) fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut compress = mozjpeg::Compress::new(mozjpeg::ColorSpace::JCS_RGB);
    compress.set_fastest_defaults();
    finish(compress, picture, quality)
}

/// A JPEG by mozjpeg at a set quality, of many scans.
pub(crate) fn progressive_jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut compress = mozjpeg::Compress::new(mozjpeg::ColorSpace::JCS_RGB);
    compress.set_progressive_mode();
    finish(compress, picture, quality)
}

fn finish(mut compress: mozjpeg::Compress, picture: &RgbImage, quality: u8) -> Vec<u8> {
    compress.set_size(picture.width() as usize, picture.height() as usize);
    compress.set_quality(f32::from(quality));
    let mut started = compress.start_compress(Vec::new()).unwrap();
    started.write_scanlines(picture.as_raw()).unwrap();
    started.finish().unwrap()
}

/// `file`, a JPEG, with one more segment right behind its start.
pub(crate) fn with_segment(file: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let mut changed = vec![0xff, 0xd8, 0xff, marker];
    changed.extend(u16::to_be_bytes(body.len() as u16 + 2));
    changed.extend(body);
    changed.extend(&file[2..]);
    changed
}

/// A WebP file of these chunks.
pub(crate) fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, bytes) in chunks {
        body.extend(*kind);
        body.extend(u32::to_le_bytes(bytes.len() as u32));
        body.extend(*bytes);
        body.extend(vec![0; bytes.len() % 2]);
    }
    let mut file = b"RIFF".to_vec();
    file.extend(u32::to_le_bytes(body.len() as u32));
    file.extend(body);
    file
}

/// A little-endian TIFF of one strip: tags with one number each, then the strip, then `extra` at its known offset.
pub(crate) fn tiff(tags: &[(u16, u16, u32, u32)], strip: &[u8], extra: &[u8]) -> Vec<u8> {
    let data_at = (8 + 2 + 12 * (tags.len() + 2) + 4) as u32;
    let mut all = tags.to_vec();
    all.push((273, 4, 1, data_at));
    all.push((279, 4, 1, strip.len() as u32));
    all.sort_unstable();
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend((all.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in all {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        // Offsets are given relative to `extra`.
        let far = matches!(kind, 5) || count > 2;
        let base = if far { data_at + strip.len() as u32 } else { 0 };
        file.extend((base + value).to_le_bytes());
    }
    file.extend([0; 4]);
    file.extend(strip);
    file.extend(extra);
    file
}
