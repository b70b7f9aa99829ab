//! JPEG by mozjpeg: progressive, trellis-quantised, scan-optimised and 4:2:0 unless told otherwise.

use mozjpeg::qtable::{self, QTable};
use mozjpeg::{ColorSpace, Compress, Decompress, PixelDensity, PixelDensityUnit};

use super::settings::SWITCH;
use super::{Codec, CodecError, CodecInfo, Cost, OptionKey, Quality, Settings, Values};
use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};

/// The codec.
pub(super) struct MozJpeg;

static INFO: CodecInfo = CodecInfo {
    id: "mozjpeg",
    format: "jpeg",
    format_name: "JPEG",
    extension: "jpg",
    media_type: "image/jpeg",
    // The library turns 0 into 1.
    quality: Some(1..=100),
    effort: None,
    lossless: false,
    alpha: false,
    // Not 65535: jmorecfg.h's JPEG_MAX_DIMENSION.
    max_side: 65_500,
    options: &[
        OptionKey {
            key: "subsampling",
            values: Values::OneOf(&["420", "422", "440", "444"]),
            default: "420",
            help: "chroma resolution; cjpeg itself moves to 422 at q80 and 444 at q90",
        },
        OptionKey {
            key: "progressive",
            values: SWITCH,
            default: "on",
            help: "progressive scans; off writes a baseline file",
        },
        OptionKey {
            key: "optimize_scans",
            values: SWITCH,
            default: "on",
            help: "try scan scripts and keep the smallest",
        },
        OptionKey {
            key: "trellis",
            values: SWITCH,
            default: "on",
            help: "rate-distortion optimised quantisation",
        },
        OptionKey {
            key: "grey",
            values: Values::OneOf(&["auto", "off"]),
            default: "auto",
            help: "one component when R = G = B everywhere",
        },
        OptionKey {
            key: "smooth",
            values: Values::Range(0..=100),
            default: "0",
            help: "input smoothing",
        },
        OptionKey {
            key: "dpi",
            values: Values::Range(0..=65_535),
            default: "72",
            help: "JFIF density, free of charge; 0 states none",
        },
    ],
};

impl Codec for MozJpeg {
    fn info(&self) -> &CodecInfo {
        &INFO
    }

    fn version(&self) -> String {
        // mozjpeg-sys 2.2.3 vendors this one; the library has no call that tells.
        "4.1.5".into()
    }

    fn build_warning(&self) -> Option<String> {
        (!simd::available()).then(|| {
            // Cargo cleans one profile only, the debug one unless told otherwise.
            let profile = if cfg!(debug_assertions) { "" } else { "--release " };
            format!(
                "built without SIMD, 1.5–1.8× slower (same bytes): install nasm, run `cargo clean {profile}-p mozjpeg-sys`, \
                 build again"
            )
        })
    }

    fn cost(&self, settings: &Settings) -> Cost {
        let quality = if let Quality::Lossy(q) = settings.quality {
            f64::from(q)
        } else {
            100.0
        };
        let full_chroma = settings
            .extra
            .get("subsampling")
            .is_some_and(|s| s == "444");
        let scale = if full_chroma { 1.8 } else { 1.0 };
        Cost {
            ns_per_pixel: (35.0 + quality * 0.5) * scale,
            bytes_per_pixel: 7.5 * scale,
        }
    }

    fn encode(&self, image: &Bitmap, settings: &Settings) -> Result<Vec<u8>, CodecError> {
        INFO.check_sides(image.width(), image.height())?;
        let Quality::Lossy(quality) = settings.quality else {
            return Err(CodecError::Unsupported(
                "mozjpeg has no lossless mode".into(),
            ));
        };
        let grey = settings.word(&INFO, "grey")? == "auto" && image.is_grey();
        let encoder = configure(image, settings, Look { quality, grey })?;
        let mut started = encoder
            .start_compress(Vec::new())
            .map_err(|e| CodecError::Failed(e.into()))?;
        let row = image.width() as usize * BYTES_PER_PIXEL;
        let written = if grey {
            let mut samples = Vec::with_capacity(image.width() as usize);
            image.rgba().chunks_exact(row).try_for_each(|pixels| {
                samples.clear();
                samples.extend(pixels.chunks_exact(BYTES_PER_PIXEL).map(|p| p[0]));
                started.write_scanlines(&samples)
            })
        } else {
            started.write_scanlines(image.rgba())
        };
        written
            .and_then(|()| started.finish())
            .map_err(|e| CodecError::Failed(e.into()))
    }

    fn decode(&self, file: &[u8]) -> Result<Bitmap, CodecError> {
        let failed = |e: std::io::Error| CodecError::Failed(e.into());
        let mut image = Decompress::new_mem(file)
            .and_then(Decompress::rgba)
            .map_err(failed)?;
        let (width, height) = (image.width() as u32, image.height() as u32);
        let mut rgba = vec![0; image.width() * image.height() * BYTES_PER_PIXEL];
        image.read_scanlines_into(&mut rgba).map_err(failed)?;
        image.finish().map_err(failed)?;
        Bitmap::new(width, height, rgba).map_err(|e| CodecError::Failed(e.into()))
    }
}

struct Look {
    quality: u8,
    grey: bool,
}

fn configure(image: &Bitmap, settings: &Settings, look: Look) -> Result<Compress, CodecError> {
    let input = if look.grey {
        ColorSpace::JCS_GRAYSCALE
    } else {
        ColorSpace::JCS_EXT_RGBX
    };
    let mut encoder = Compress::new(input);
    encoder.set_size(image.width() as usize, image.height() as usize);
    if !settings.is_on(&INFO, "trellis")? {
        // The crate's only way to switch the trellis off; the tables it goes back to are replaced below.
        encoder.set_fastest_defaults();
        encoder.set_optimize_coding(true);
    }
    let table = table(look.quality);
    encoder.set_luma_qtable(&table);
    encoder.set_chroma_qtable(&table);
    if !look.grey {
        let chroma = match settings.word(&INFO, "subsampling")? {
            "444" => (1, 1),
            "422" => (2, 1),
            "440" => (1, 2),
            _ => (2, 2),
        };
        encoder.set_chroma_sampling_pixel_sizes(chroma, chroma);
    }
    let progressive = settings.is_on(&INFO, "progressive")?;
    encoder.set_optimize_scans(progressive && settings.is_on(&INFO, "optimize_scans")?);
    if progressive {
        encoder.set_progressive_mode();
    }
    encoder.set_smoothing_factor(settings.number(&INFO, "smooth")? as u8);
    let dpi = settings.number(&INFO, "dpi")?;
    if dpi > 0 {
        encoder.set_pixel_density(PixelDensity {
            unit: PixelDensityUnit::Inches,
            x: dpi,
            y: dpi,
        });
    }
    Ok(encoder)
}

/// mozjpeg's default table (number 3, N. Robidoux) scaled as `jpeg_set_quality` does, but never above 255: a 16-bit
/// table, which the library's default writes up to q64 or so, breaks ITU-T T.81 B.2.4.1 for 8-bit samples and costs
/// 128 bytes; sharp and libvips clamp, too.
fn table(quality: u8) -> QTable {
    // The library's scale below 50 is a whole number of per cent, and it rounds halves up where the crate's floats may
    // fall just short of one: hence the nudge.
    let quality = match quality.max(1) {
        low @ 1..50 => 5000.0 / f32::from(5000 / u16::from(low)) * (1.0 - 1e-6),
        high => f32::from(high) - 3e-5,
    };
    qtable::NRobidoux.scaled(quality, quality)
}

#[allow(unsafe_code)]
mod simd {
    unsafe extern "C" {
        fn jsimd_can_rgb_ycc() -> std::ffi::c_int;
    }

    /// Whether the library was built with its SIMD code and this processor can run it.
    pub(super) fn available() -> bool {
        // SAFETY: takes nothing, touches only the library's own CPU flags; mozjpeg links it in every build.
        unsafe { jsimd_can_rgb_ycc() != 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first table of a file, whether stored in 8 or 16 bits.
    fn first_table(file: &[u8]) -> Vec<u16> {
        let at = file.windows(2).position(|w| w == [0xff, 0xdb]).unwrap();
        let body = &file[at + 5..];
        match file[at + 4] >> 4 {
            0 => body[..64].iter().map(|&b| b.into()).collect(),
            _ => body[..128]
                .chunks(2)
                .map(|b| u16::from_be_bytes([b[0], b[1]]))
                .collect(),
        }
    }

    #[test]
    fn tables_are_those_of_the_library_clamped_to_8_bits() {
        let image = Bitmap::new(8, 8, [200, 100, 50, 255].repeat(64)).unwrap();
        for quality in 1..=100 {
            let mut plain = Compress::new(ColorSpace::JCS_EXT_RGBX);
            plain.set_size(8, 8);
            plain.set_quality(f32::from(quality));
            let mut started = plain.start_compress(Vec::new()).unwrap();
            started.write_scanlines(image.rgba()).unwrap();
            let library: Vec<u16> = first_table(&started.finish().unwrap())
                .iter()
                .map(|&v| v.min(255))
                .collect();
            for trellis in ["on", "off"] {
                let mut settings = Settings::lossy(quality);
                settings.extra.insert("trellis".into(), trellis.into());
                let ours = MozJpeg.encode(&image, &settings).unwrap();
                assert_eq!(first_table(&ours), library, "q{quality}, trellis {trellis}");
            }
        }
    }
}
