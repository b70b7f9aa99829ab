//! Sizes as people write them: `200 KiB`, `3 MB`, `512M` pixels.

use std::fmt;
use std::str::FromStr;

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

/// A number of bytes and the family of units it was written in, to be shown in the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// How many.
    pub bytes: u64,
    /// Written how.
    pub units: Units,
}

/// A family of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    /// kB, MB, GB, TB: powers of 1000.
    Decimal,
    /// KiB, MiB, GiB, TiB: powers of 1024.
    Binary,
}

impl FromStr for Size {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        let bytes = parse_bytes(text)?;
        let binary = text.trim_end().to_ascii_lowercase().ends_with("ib");
        let units = if binary {
            Units::Binary
        } else {
            Units::Decimal
        };
        Ok(Self { bytes, units })
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.units.show(self.bytes))
    }
}

impl Units {
    /// `bytes` in the largest unit that leaves a number of 1 or more: `200 KiB`, `212.4 KiB`, `512 B`.
    pub fn show(self, bytes: u64) -> String {
        let (step, names) = match self {
            Self::Decimal => (1000.0, ["kB", "MB", "GB", "TB"]),
            Self::Binary => (1024.0, ["KiB", "MiB", "GiB", "TiB"]),
        };
        let (mut value, mut unit) = (bytes as f64, "B");
        for name in names {
            // What rounds to a whole step belongs to the next unit.
            if value < step - 0.05 {
                break;
            }
            value /= step;
            unit = name;
        }
        let text = format!("{value:.1}");
        format!("{} {unit}", text.strip_suffix(".0").unwrap_or(&text))
    }

    /// Several sizes side by side, to the byte where two that differ would look the same.
    pub fn show_apart<const N: usize>(self, sizes: [u64; N]) -> [String; N] {
        let shown = sizes.map(|size| self.show(size));
        let alike = |a: usize, b: usize| sizes[a] != sizes[b] && shown[a] == shown[b];
        if (0..N).any(|a| (0..a).any(|b| alike(a, b))) {
            sizes.map(|size| format!("{size} B"))
        } else {
            shown
        }
    }
}

const PIXEL_UNITS: [(&str, u64); 6] = [
    ("", 1),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("MP", 1_000_000),
    ("GP", 1_000_000_000),
];

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
    parse(text, &PIXEL_UNITS).ok_or_else(|| {
        SizeError(format!(
            "“{text}” is not a number of pixels: write 40000000, 40M or 40MP"
        ))
    })
}

fn parse(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (_, factor) = units
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit.trim()))?;
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
        for wrong in [
            "",
            "12",
            "KiB",
            "-1 B",
            "1 KB2",
            "1e3 B",
            "1..2 MB",
            "99999999999 TB",
            "NaN B",
            "1 M",
        ] {
            assert!(parse_bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_are_shown_in_the_units_they_were_written_in() {
        for (text, shown) in [
            ("200 KiB", "200 KiB"),
            ("212.4kib", "212.4 KiB"),
            ("204800 B", "204.8 kB"),
            ("999 B", "999 B"),
            ("999999 B", "1 MB"),
            ("3 MB", "3 MB"),
            ("1024 KiB", "1 MiB"),
            ("0 B", "0 B"),
        ] {
            let size: Size = text.parse().unwrap();
            assert_eq!(size.to_string(), shown, "{text}");
        }
        let apart = Units::Binary.show_apart([204_801, 204_800]);
        assert_eq!(apart, ["204801 B", "204800 B"]);
        let apart = Units::Binary.show_apart([217_498, 204_800]);
        assert_eq!(apart, ["212.4 KiB", "200 KiB"]);
    }

    #[test]
    fn pixels_need_none() {
        for (text, pixels) in [
            ("512M", 512_000_000),
            ("1000", 1000),
            ("40 MP", 40_000_000),
            ("0.5G", 500_000_000),
        ] {
            assert_eq!(parse_pixels(text), Ok(pixels), "{text}");
        }
        assert!(parse_pixels("512MiB").is_err());
    }
}
