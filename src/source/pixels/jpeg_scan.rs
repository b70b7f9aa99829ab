//! Whether a JPEG holds the data of every block it promises.
//!
//! Decoders, strict ones too, fill up a scan that ends early and say nothing as long as an end-of-image marker follows.
//! Reading the Huffman codes alone, without any arithmetic on samples, shows where the data really end.

use super::jpeg_bits::{Bits, Huffman};
use crate::source::bytes::{Endian, slice, u8_at};
use crate::source::facts::jpeg::next_marker;

const BE: Endian = Endian::Big;

struct Component {
    id: u8,
    across: usize,
    down: usize,
    /// For every coefficient, the lowest bit coded so far; 255 when nothing is.
    lowest_bit: [u8; 64],
}

/// Headers met so far.
#[derive(Default)]
struct Frame {
    progressive: bool,
    size: [usize; 2],
    components: Vec<Component>,
    /// Tables for DC and AC, four of each.
    tables: [[Option<Box<Huffman>>; 4]; 2],
    restart: usize,
}

/// One component's part in a scan: its index, its tables, and its blocks in one unit of the scan.
struct Part<'a> {
    dc: Option<&'a Huffman>,
    ac: Option<&'a Huffman>,
    blocks: usize,
}

/// What a scan codes: coefficients `first` to `last`, and which bits of them.
#[derive(Clone, Copy)]
struct Band {
    first: usize,
    last: usize,
    high: u8,
    low: u8,
}

/// What a JPEG lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Nothing,
    /// Some bits of some coefficients are in no scan: a progressive file of which only the first scans are left. Rare
    /// encoders leave them out on purpose.
    Scans,
    /// A scan ends before its last block.
    Blocks,
}

/// Looks for what `file` lacks. Damage of other kinds, which a decoder reports, is not judged.
pub(super) fn missing(file: &[u8]) -> Missing {
    let mut frame = Frame::default();
    let mut at = 2;
    while let Some((marker, after)) = next_marker(file, at) {
        at = after;
        match marker {
            0xd9 => break,
            0xd8 | 0x01 | 0xd0..=0xd7 => continue,
            _ => {}
        }
        let Some(len) = BE.u16(file, at).map(usize::from) else {
            break;
        };
        let Some(body) = file.get(at + 2..at + len) else {
            break;
        };
        at += len;
        if marker == 0xda && frame.scan(body, Bits::new(file, at)) == Some(true) {
            return Missing::Blocks;
        }
        frame.header(marker, body);
    }
    match frame.lacks_scans() {
        true => Missing::Scans,
        false => Missing::Nothing,
    }
}

impl Frame {
    fn header(&mut self, marker: u8, body: &[u8]) {
        match marker {
            0xc0..=0xc2 if self.components.is_empty() => {
                self.progressive = marker == 0xc2;
                let side = |at| BE.u16(body, at).map_or(0, usize::from);
                self.size = [side(3), side(1)];
                let list = body.get(6..).unwrap_or_default().chunks_exact(3);
                self.components = list.map(|c| Component::new(c[0], c[1])).collect();
            }
            0xc4 => self.tables(body),
            0xdd => self.restart = BE.u16(body, 0).map_or(0, usize::from),
            _ => {}
        }
    }

    fn tables(&mut self, mut body: &[u8]) {
        while let Some((&head, rest)) = body.split_first() {
            let Some((counts, rest)) = rest.split_first_chunk::<16>() else {
                return;
            };
            let len = counts.iter().map(|&count| usize::from(count)).sum();
            let Some((symbols, rest)) = rest.split_at_checked(len) else {
                return;
            };
            let place = self.tables.get_mut(usize::from(head >> 4));
            if let Some(place) = place.and_then(|list| list.get_mut(usize::from(head & 15))) {
                *place = Some(Box::new(Huffman::new(counts, symbols)));
            }
            body = rest;
        }
    }

    /// Reads one scan; `Some(true)` when it breaks off, `None` when that cannot be judged.
    fn scan(&mut self, body: &[u8], bits: Bits<'_>) -> Option<bool> {
        let count = usize::from(u8_at(body, 0)?);
        let selectors = slice(body, 1, 2 * count)?;
        let tail = slice(body, 1 + 2 * count, 3)?;
        let band = match self.progressive {
            false => Band {
                first: 0,
                last: 63,
                high: 0,
                low: 0,
            },
            true => Band {
                first: tail[0].into(),
                last: tail[1].min(63).into(),
                high: tail[2] >> 4,
                low: tail[2] & 15,
            },
        };
        let mut chosen = Vec::new();
        for pair in selectors.chunks_exact(2) {
            let index = self.components.iter().position(|c| c.id == pair[0])?;
            let coded = self.components[index]
                .lowest_bit
                .get_mut(band.first..=band.last)?;
            coded.fill(band.low);
            chosen.push((index, pair[1]));
        }
        if chosen.is_empty() {
            return None;
        }
        let (units, parts) = self.plan(&chosen)?;
        if !self.progressive {
            return self.read(bits, units, |bits| sequential(bits, &parts));
        }
        match (band.first, band.high) {
            (0, 0) => self.read(bits, units, |bits| dc_first(bits, &parts)),
            (0, _) => self.read(bits, units, |bits| {
                let blocks: usize = parts.iter().map(|part| part.blocks).sum();
                (0..blocks).for_each(|_| bits.skip(1));
                Some(1)
            }),
            (_, 0) => {
                let table = parts.first()?.ac?;
                self.read(bits, units, |bits| ac_first(bits, table, band))
            }
            // A refinement depends on the values so far; strict decoders notice when it breaks off.
            _ => None,
        }
    }

    /// How many units the scan has, and what each is made of.
    fn plan(&self, chosen: &[(usize, u8)]) -> Option<(usize, Vec<Part<'_>>)> {
        let most = |side: fn(&Component) -> usize| self.components.iter().map(side).max();
        let (across, down) = (most(|c| c.across)?, most(|c| c.down)?);
        let [width, height] = self.size;
        let alone = chosen.len() == 1;
        let units = match chosen {
            [(index, _)] => {
                let c = &self.components[*index];
                (width * c.across).div_ceil(across * 8) * (height * c.down).div_ceil(down * 8)
            }
            _ => width.div_ceil(across * 8) * height.div_ceil(down * 8),
        };
        let parts = chosen.iter().map(|&(index, tables)| {
            let component = &self.components[index];
            let table = |class: usize, id: u8| self.tables[class].get(usize::from(id))?.as_deref();
            Part {
                dc: table(0, tables >> 4),
                ac: table(1, tables & 15),
                blocks: if alone {
                    1
                } else {
                    component.across * component.down
                },
            }
        });
        Some((units, parts.collect()))
    }

    /// Reads `units` units by `step`, which gives how many it has read; minds restart markers on the way.
    fn read<'a>(
        &self,
        mut bits: Bits<'a>,
        units: usize,
        mut step: impl FnMut(&mut Bits<'a>) -> Option<usize>,
    ) -> Option<bool> {
        let (mut done, mut next_restart) = (0, self.restart);
        while done < units {
            if self.restart > 0 && done >= next_restart {
                if !bits.restart() {
                    return bits.ended().then_some(true);
                }
                next_restart += self.restart;
            }
            done += step(&mut bits)?;
            if bits.overdrawn() {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Whether some bits of some coefficient are in no scan.
    fn lacks_scans(&self) -> bool {
        let mut coded = self.components.iter().flat_map(|c| c.lowest_bit);
        coded.any(|bit| bit != 0)
    }
}

impl Component {
    fn new(id: u8, sampling: u8) -> Self {
        Self {
            id,
            across: usize::from(sampling >> 4).max(1),
            down: usize::from(sampling & 15).max(1),
            lowest_bit: [255; 64],
        }
    }
}

fn sequential(bits: &mut Bits<'_>, parts: &[Part<'_>]) -> Option<usize> {
    for part in parts {
        let (dc, ac) = part.dc.zip(part.ac)?;
        for _ in 0..part.blocks {
            let size = bits.symbol(dc)?;
            bits.skip(size.min(16).into());
            let mut place = 1;
            while place < 64 {
                let symbol = bits.symbol(ac)?;
                match (symbol >> 4, symbol & 15) {
                    (15, 0) => place += 16,
                    (_, 0) => break,
                    (zeros, size) => {
                        bits.skip(size.into());
                        place += usize::from(zeros) + 1;
                    }
                }
            }
        }
    }
    Some(1)
}

fn dc_first(bits: &mut Bits<'_>, parts: &[Part<'_>]) -> Option<usize> {
    for part in parts {
        for _ in 0..part.blocks {
            let size = bits.symbol(part.dc?)?;
            bits.skip(size.min(16).into());
        }
    }
    Some(1)
}

/// One block, and those that an end-of-band run declares empty.
fn ac_first(bits: &mut Bits<'_>, table: &Huffman, band: Band) -> Option<usize> {
    let mut place = band.first;
    while place <= band.last {
        let symbol = bits.symbol(table)?;
        match (symbol >> 4, symbol & 15) {
            (15, 0) => place += 16,
            (run, 0) => return Some((1 << run) + bits.take(run.into()) as usize),
            (zeros, size) => {
                bits.skip(size.into());
                place += usize::from(zeros) + 1;
            }
        }
    }
    Some(1)
}

#[cfg(test)]
#[path = "jpeg_scan_tests.rs"]
mod tests;
