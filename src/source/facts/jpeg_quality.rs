//! The quality a JPEG was probably written with, from its quantisation tables.

/// The luma tables of Annex K, which libjpeg scales, in row order.
#[rustfmt::skip]
const ANNEX_K: [u16; 64] = [
    16, 11, 10, 16,  24,  40,  51,  61,
    12, 12, 14, 19,  26,  58,  60,  55,
    14, 13, 16, 24,  40,  57,  69,  56,
    14, 17, 22, 29,  51,  87,  80,  62,
    18, 22, 37, 56,  68, 109, 103,  77,
    24, 35, 55, 64,  81, 104, 113,  92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103,  99,
];

/// The table by N. Robidoux that mozjpeg and others scale in the same way.
#[rustfmt::skip]
const ROBIDOUX: [u16; 64] = [
    16, 16,  16,  18,  25,  37,  56,  85,
    16, 17,  20,  27,  34,  40,  53,  75,
    16, 20,  24,  31,  43,  62,  91, 135,
    18, 27,  31,  40,  53,  74, 106, 156,
    25, 34,  43,  53,  69,  94, 131, 189,
    37, 40,  62,  74,  94, 124, 169, 238,
    56, 53,  91, 106, 131, 169, 226, 311,
    85, 75, 135, 156, 189, 238, 311, 418,
];

/// Row-order place of each entry of a table stored in zigzag order.
#[rustfmt::skip]
const ZIGZAG: [usize; 64] = [
     0,  1,  8, 16,  9,  2,  3, 10, 17, 24, 32, 25, 18, 11,  4,  5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,  6,  7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The quality (1–100, libjpeg's scale) whose luma table is closest to `table`, 64 divisors in zigzag order.
///
/// Both the tables of libjpeg and those of mozjpeg are tried. Exact for files by such encoders, a best fit for others
/// (cameras, Photoshop). `None` for a table that fits nothing: a divisor of zero, or far from every scaled table.
pub(crate) fn estimate(table: &[u16; 64]) -> Option<u8> {
    if table.contains(&0) {
        return None;
    }
    let total: u64 = table.iter().map(|&v| u64::from(v)).sum();
    let candidates = [&ANNEX_K, &ROBIDOUX]
        .into_iter()
        .flat_map(|base| (1..=100).map(move |quality| (base, quality)));
    let (distance, quality) = candidates
        .map(|(base, quality)| (distance(table, base, quality), quality))
        .min_by_key(|&(distance, quality)| (distance, std::cmp::Reverse(quality)))?;
    (distance * 2 <= total).then_some(quality)
}

fn distance(table: &[u16; 64], base: &[u16; 64], quality: u8) -> u64 {
    let cap = if table.iter().all(|&v| v <= 255) {
        255
    } else {
        32767
    };
    let scale = match u32::from(quality) {
        q @ 1..50 => 5000 / q,
        q => 200 - 2 * q,
    };
    table
        .iter()
        .zip(ZIGZAG)
        .map(|(&found, place)| {
            let wanted = ((u32::from(base[place]) * scale + 50) / 100).clamp(1, cap);
            u64::from(wanted.abs_diff(u32::from(found)))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaled(base: &[u16; 64], quality: u16) -> [u16; 64] {
        let scale = if quality < 50 {
            5000 / quality
        } else {
            200 - 2 * quality
        };
        ZIGZAG.map(|place| {
            ((u32::from(base[place]) * u32::from(scale) + 50) / 100).clamp(1, 255) as u16
        })
    }

    #[test]
    fn tables_of_libjpeg_and_mozjpeg_give_their_quality_back() {
        for quality in 5..=100 {
            for base in [&ANNEX_K, &ROBIDOUX] {
                let found = estimate(&scaled(base, quality)).map(u16::from);
                assert_eq!(found, Some(quality));
            }
        }
    }

    #[test]
    fn a_slightly_different_table_fits_a_near_quality() {
        let mut table = scaled(&ANNEX_K, 75);
        table[5] += 1;
        table[40] -= 2;
        assert_eq!(estimate(&table), Some(75));
    }

    #[test]
    fn a_table_unlike_any_other_fits_nothing() {
        assert_eq!(estimate(&[0; 64]), None);
        let mut table = [1; 64];
        table[0] = 5000;
        assert_eq!(estimate(&table), None);
    }
}
