//! What AV1's sequence header says of colours (AV1 bitstream specification, 5.5). Everything before has to be read, too.

/// Numbers that say what samples mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// Primaries, transfer function and matrix of H.273; 2 where it is not said.
    pub(crate) cicp: [u8; 3],
    /// Whether samples use all of their range.
    pub(crate) full_range: bool,
}

/// `OBU_SEQUENCE_HEADER`.
const SEQUENCE_HEADER: u8 = 1;

/// Those of the first sequence header in `obus`; `None` where there is no whole one.
pub(crate) fn numbers(mut obus: &[u8]) -> Option<Numbers> {
    loop {
        let (&head, mut rest) = obus.split_first()?;
        if head & 4 != 0 {
            // The extension.
            rest = rest.get(1..)?;
        }
        let size = match head & 2 {
            0 => rest.len(),
            _ => leb128(&mut rest)?,
        };
        let (body, next) = rest.split_at_checked(size)?;
        if head >> 3 & 15 == SEQUENCE_HEADER {
            return header(&mut Bits { bytes: body, at: 0 });
        }
        obus = next;
    }
}

fn leb128(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for nth in 0..4 {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(byte & 127) << (7 * nth);
        if byte < 128 {
            return Some(number);
        }
    }
    None
}

/// Bits, the high one first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn is_set(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    fn number(&mut self, width: u32) -> Option<u32> {
        (0..width).try_fold(0, |n, _| Some(n << 1 | u32::from(self.is_set()?)))
    }

    /// `uvlc()`, whose value nobody asks for.
    fn skip_uvlc(&mut self) -> Option<()> {
        let mut zeros = 0;
        while !self.is_set()? {
            zeros += 1;
        }
        self.number(if zeros < 32 { zeros } else { 0 }).map(|_| ())
    }
}

fn header(bits: &mut Bits<'_>) -> Option<Numbers> {
    let profile = bits.number(3)?;
    bits.is_set()?;
    let is_reduced = bits.is_set()?;
    if is_reduced {
        bits.number(5)?;
    } else {
        operating_points(bits)?;
    }
    let [width, height] = [bits.number(4)? + 1, bits.number(4)? + 1];
    bits.number(width)?;
    bits.number(height)?;
    if !is_reduced && bits.is_set()? {
        // Lengths of frame numbers.
        bits.number(7)?;
    }
    // Superblocks, filters of intra prediction.
    bits.number(3)?;
    if !is_reduced {
        tools(bits)?;
    }
    // Super-resolution, CDEF, restoration.
    bits.number(3)?;
    colours(bits, profile)
}

fn operating_points(bits: &mut Bits<'_>) -> Option<()> {
    let mut delay = None;
    if bits.is_set()? {
        // Ticks.
        bits.number(32)?;
        bits.number(32)?;
        if bits.is_set()? {
            bits.skip_uvlc()?;
        }
        if bits.is_set()? {
            delay = Some(bits.number(5)? + 1);
            bits.number(32)?;
            bits.number(10)?;
        }
    }
    let display_delay = bits.is_set()?;
    for _ in 0..=bits.number(5)? {
        bits.number(12)?;
        if bits.number(5)? > 7 {
            bits.is_set()?;
        }
        if let Some(width) = delay
            && bits.is_set()?
        {
            bits.number(width)?;
            bits.number(width)?;
            bits.is_set()?;
        }
        if display_delay && bits.is_set()? {
            bits.number(4)?;
        }
    }
    Some(())
}

/// What only pictures after the first can use.
fn tools(bits: &mut Bits<'_>) -> Option<()> {
    bits.number(4)?;
    let order_hint = bits.is_set()?;
    if order_hint {
        bits.number(2)?;
    }
    let screen_content = bits.is_set()? || bits.is_set()?;
    if screen_content && !bits.is_set()? {
        bits.is_set()?;
    }
    if order_hint {
        bits.number(3)?;
    }
    Some(())
}

/// `color_config()`.
fn colours(bits: &mut Bits<'_>, profile: u32) -> Option<Numbers> {
    let is_deep = bits.is_set()?;
    if profile == 2 && is_deep {
        bits.is_set()?;
    }
    let is_grey = profile != 1 && bits.is_set()?;
    let mut cicp = [2; 3];
    if bits.is_set()? {
        for number in &mut cicp {
            *number = bits.number(8)? as u8;
        }
    }
    // sRGB as it is, which has no range to choose.
    let full_range = (!is_grey && cicp == [1, 13, 0]) || bits.is_set()?;
    Some(Numbers { cicp, full_range })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::avif::{Chroma, Coding, Planes, Tune, encode};

    #[test]
    fn what_libaom_writes_is_read() {
        let picture = |chroma, full_range| Planes {
            width: 20,
            height: 12,
            depth: 10,
            chroma,
            full_range,
            planes: vec![vec![300; 240]; if chroma == Chroma::None { 1 } else { 3 }],
        };
        for (chroma, cicp) in [
            (Chroma::Full, [1, 13, 0]),
            (Chroma::Full, [9, 16, 9]),
            (Chroma::Quarter, [12, 13, 6]),
            (Chroma::None, [2, 2, 2]),
        ] {
            let coding = Coding {
                quantiser: 30,
                speed: 9,
                tune: Tune::Ssim,
                lossless: false,
                cicp,
            };
            let obus = encode(&picture(chroma, true), &coding).unwrap();
            let full_range = true;
            assert_eq!(numbers(&obus), Some(Numbers { cicp, full_range }));
            for end in 0..6 {
                // Nothing is made up of what is cut short.
                assert_eq!(numbers(&obus[..end]), None, "{end}");
            }
        }
        assert_eq!(numbers(&[]), None);
    }
}
