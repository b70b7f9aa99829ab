//! Sizes as people write them: `200 KiB`, `3 MB`, `512M` pixels.

/// Why a text is no size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SizeError(String);

const BYTE_UNITS: [(&str, u64); 9] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

const PIXEL_UNITS: [(&str, u64); 6] =
    [("", 1), ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("MP", 1_000_000), ("GP", 1_000_000_000)];

/// Reads a number of bytes with its unit: B, kB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB of 1024; case does
/// not matter, a fraction may be given, white space may stand between.
///
/// # Errors
/// A missing or unknown unit, a number that is none, negative or too large.
pub fn parse_bytes(text: &str) -> Result<u64, SizeError> {
    parse(text, &BYTE_UNITS).ok_or_else(|| {
        SizeError(format!("“{text}” is not a size: write a number with B, kB, MB, GB (1000) or KiB, MiB, GiB (1024)"))
    })
}

/// Reads a number of pixels: plain, or with k, M, G (powers of 1000), MP or GP.
///
/// # Errors
/// As [`parse_bytes`].
pub fn parse_pixels(text: &str) -> Result<u64, SizeError> {
    parse(text, &PIXEL_UNITS)
        .ok_or_else(|| SizeError(format!("“{text}” is not a number of pixels: write 40000000, 40M or 40MP")))
}

fn parse(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (_, factor) = units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim()))?;
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(*factor);
    }
    let size = number.parse::<f64>().ok()? * *factor as f64;
    (size.is_finite() && size < u64::MAX as f64).then_some(size.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [
            ("0 B", 0),
            ("200 KiB", 204_800),
            ("3MB", 3_000_000),
            ("1.5 kB", 1_500),
            ("2gib", 2 << 30),
            (" 12 b ", 12),
        ] {
            assert_eq!(parse_bytes(text), Ok(bytes), "{text}");
        }
        for wrong in ["", "12", "KiB", "-1 B", "1 KB2", "1e3 B", "1..2 MB", "99999999999 TB", "NaN B", "1 M"] {
            assert!(parse_bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pixels_need_none() {
        for (text, pixels) in [("512M", 512_000_000), ("1000", 1000), ("40 MP", 40_000_000), ("0.5G", 500_000_000)] {
            assert_eq!(parse_pixels(text), Ok(pixels), "{text}");
        }
        assert!(parse_pixels("512MiB").is_err());
    }
}
