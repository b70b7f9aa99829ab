//! Huffman codes out of the entropy-coded data of a JPEG.

use crate::source::bytes::u8_at;

/// A canonical Huffman table.
pub(super) struct Huffman {
    /// Length and symbol by the next eight bits; length 0 for longer codes.
    short: [(u8, u8); 256],
    /// By length: the first code, how many there are, and where their symbols start.
    long: [(u32, u32, usize); 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// From the 16 counts of a `DHT` segment and the symbols behind them.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Self {
        let mut table = Self {
            short: [(0, 0); 256],
            long: [(0, 0, 0); 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut start) = (0u32, 0);
        for (len, &count) in (1..=16).zip(counts) {
            table.long[len] = (code, count.into(), start);
            for &symbol in symbols.iter().skip(start).take(count.into()) {
                if len <= 8 {
                    let first = (code as usize) << (8 - len);
                    let places = table.short.iter_mut().skip(first).take(1 << (8 - len));
                    places.for_each(|place| *place = (len as u8, symbol));
                }
                code += 1;
            }
            start += usize::from(count);
            code <<= 1;
        }
        table
    }
}

/// Bits of one scan, up to the next marker; zeros from there on.
pub(super) struct Bits<'a> {
    file: &'a [u8],
    /// Offset of the next byte, at last that of a marker or the end of the file.
    at: usize,
    /// Bits read ahead, the next one on top.
    ahead: u64,
    count: u32,
    /// How many of the bits ahead are made up.
    made_up: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(file: &'a [u8], at: usize) -> Self {
        Self {
            file,
            at,
            ahead: 0,
            count: 0,
            made_up: 0,
        }
    }

    /// Whether more bits were taken than there are.
    pub(super) fn overdrawn(&self) -> bool {
        self.made_up > self.count
    }

    fn fill(&mut self) {
        while self.count <= 56 {
            let byte = match (u8_at(self.file, self.at), u8_at(self.file, self.at + 1)) {
                (Some(0xff), Some(0)) => {
                    self.at += 2;
                    0xff
                }
                (Some(0xff), _) | (None, _) => {
                    self.made_up += 8;
                    0
                }
                (Some(byte), _) => {
                    self.at += 1;
                    byte
                }
            };
            self.ahead |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// Whether what follows the bits is the end of the image or of the file.
    pub(super) fn ended(&self) -> bool {
        matches!(u8_at(self.file, self.at + 1), None | Some(0xd9))
    }

    /// Passes over `len` bits, 0 to 16.
    pub(super) fn skip(&mut self, len: u32) {
        self.take(len);
    }

    /// The next `len` bits, 0 to 16.
    pub(super) fn take(&mut self, len: u32) -> u32 {
        if self.count < len {
            self.fill();
        }
        let bits = (self.ahead >> 32) as u32;
        self.ahead <<= len;
        self.count -= len;
        bits.checked_shr(32 - len).unwrap_or(0)
    }

    /// The next symbol; `None` for a code that the table does not have.
    pub(super) fn symbol(&mut self, table: &Huffman) -> Option<u8> {
        if self.count < 16 {
            self.fill();
        }
        let (len, symbol) = table.short[(self.ahead >> 56) as usize];
        if len > 0 {
            self.take(len.into());
            return Some(symbol);
        }
        for len in 9..=16u32 {
            let (first, count, start) = table.long[len as usize];
            let code = (self.ahead >> (64 - len)) as u32;
            if let Some(index) = code.checked_sub(first).filter(|&index| index < count) {
                self.take(len);
                return table.symbols.get(start + index as usize).copied();
            }
        }
        None
    }

    /// Steps over a restart marker, dropping the bits before it; false when something else is there.
    pub(super) fn restart(&mut self) -> bool {
        // Between the last bits and the marker only whole made-up bytes were read ahead.
        let real = self.count.saturating_sub(self.made_up);
        let marker = u8_at(self.file, self.at + 1);
        let found = real < 8 && matches!(marker, Some(0xd0..=0xd7));
        if found {
            *self = Self::new(self.file, self.at + 2);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes 0, 10, 110 and, of ten bits, 1110000000.
    fn table() -> Huffman {
        let mut counts = [0; 16];
        counts[..3].copy_from_slice(&[1, 1, 1]);
        counts[9] = 1;
        Huffman::new(&counts, &[5, 6, 7, 8])
    }

    #[test]
    fn symbols_of_short_and_long_codes() {
        let table = table();
        let mut bits = Bits::new(&[0b0101_1011, 0b1000_0000, 0xff, 0xd9], 0);
        let found: Vec<_> = (0..4).map(|_| bits.symbol(&table)).collect();
        assert_eq!(found, [Some(5), Some(6), Some(7), Some(8)]);
        assert!(!bits.overdrawn());
        assert_eq!(bits.take(1), 0);
        assert!(bits.overdrawn());
        let mut unknown = Bits::new(&[0b1111_1111, 0, 0xff, 0], 0);
        assert_eq!(unknown.symbol(&table), None);
    }

    #[test]
    fn stuffed_bytes_are_undone_and_markers_end_the_bits() {
        let mut bits = Bits::new(&[0xff, 0, 0xab, 0xff, 0xd3, 0x12, 0xff, 0xd9], 0);
        assert_eq!(bits.take(16), 0xffab);
        assert!(bits.restart());
        assert_eq!(bits.take(8), 0x12);
        assert!(!bits.overdrawn() && !bits.restart());
    }
}
