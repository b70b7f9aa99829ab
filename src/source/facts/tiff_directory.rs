//! TIFF: directories of tags, classic or BigTIFF.

use crate::source::bytes::{Endian, slice};

/// Pages are counted no further than this.
const MAX_PAGES: u32 = 1000;
/// Directories with more entries than this are not read.
const MAX_ENTRIES: u64 = 4096;

/// How numbers and offsets are laid out in one file.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) endian: Endian,
    big: bool,
}

/// One directory entry.
pub(super) struct Entry {
    pub(super) kind: u16,
    pub(super) count: u64,
    /// Offset of the first value.
    pub(super) at: usize,
}

/// One directory of a file.
pub(super) struct Directory<'a> {
    pub(super) file: &'a [u8],
    pub(super) layout: Layout,
    entries: Vec<(u16, Entry)>,
    next: Option<u64>,
}

pub(super) fn header(file: &[u8]) -> Option<(Layout, u64)> {
    let endian = match slice(file, 0, 2)? {
        b"II" => Endian::Little,
        _ => Endian::Big,
    };
    let big = endian.u16(file, 2)? == 43;
    let first = match big {
        true => endian.u64(file, 8)?,
        false => endian.u32(file, 4)?.into(),
    };
    Some((Layout { endian, big }, first))
}

impl<'a> Directory<'a> {
    pub(super) fn read(file: &'a [u8], layout: Layout, at: u64) -> Option<Self> {
        let Layout { endian, big } = layout;
        let at = usize::try_from(at).ok()?;
        let (count, start, stride) = match big {
            true => (endian.u64(file, at)?, at.checked_add(8)?, 20),
            false => (endian.u16(file, at)?.into(), at.checked_add(2)?, 12),
        };
        if count > MAX_ENTRIES {
            return None;
        }
        let mut page = Self {
            file,
            layout,
            entries: Vec::new(),
            next: None,
        };
        let len = count as usize * stride;
        slice(file, start, len)?;
        let end = start + len;
        for at in (start..end).step_by(stride) {
            let tag = endian.u16(file, at)?;
            // A field of unknown type is none of ours.
            page.entries
                .extend(page.entry(at).map(|entry| (tag, entry)));
        }
        page.next = match big {
            true => endian.u64(file, end),
            false => endian.u32(file, end).map(u64::from),
        };
        Some(page)
    }

    fn entry(&self, at: usize) -> Option<Entry> {
        let Layout { endian, big } = self.layout;
        let kind = endian.u16(self.file, at + 2)?;
        let (count, value_at, room) = match big {
            true => (endian.u64(self.file, at + 4)?, at + 12, 8),
            false => (endian.u32(self.file, at + 4)?.into(), at + 8, 4),
        };
        let inline = count.checked_mul(value_size(kind)? as u64)? <= room;
        let at = match (inline, big) {
            (true, _) => value_at,
            (false, true) => usize::try_from(endian.u64(self.file, value_at)?).ok()?,
            (false, false) => endian.u32(self.file, value_at)? as usize,
        };
        Some(Entry { kind, count, at })
    }

    pub(super) fn find(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|(t, _)| *t == tag).map(|(_, e)| e)
    }

    /// Value `index` of a tag, as a whole number.
    pub(super) fn number_at(&self, entry: &Entry, index: u64) -> Option<u64> {
        let size = value_size(entry.kind)?;
        let offset = usize::try_from(index).ok()?.checked_mul(size)?;
        let at = entry.at.checked_add(offset)?;
        let endian = self.layout.endian;
        match entry.kind {
            1 | 6 | 7 => self.file.get(at).map(|&v| v.into()),
            3 | 8 => endian.u16(self.file, at).map(u64::from),
            4 | 9 | 13 => endian.u32(self.file, at).map(u64::from),
            16..=18 => endian.u64(self.file, at),
            _ => None,
        }
    }

    pub(super) fn number(&self, tag: u16) -> Option<u64> {
        self.number_at(self.find(tag)?, 0)
    }

    pub(super) fn fraction(&self, tag: u16) -> Option<f64> {
        let entry = self.find(tag).filter(|entry| entry.kind == 5)?;
        let part = |at| self.layout.endian.u32(self.file, at).map(f64::from);
        Some(part(entry.at)? / part(entry.at.checked_add(4)?)?)
    }

    pub(super) fn count_pages(&self) -> u32 {
        let mut pages = 1;
        let mut next = self.next;
        while let Some(at) = next.filter(|&at| at != 0 && pages < MAX_PAGES) {
            match Self::read(self.file, self.layout, at) {
                Some(page) => next = page.next,
                None => break,
            }
            pages += 1;
        }
        pages
    }
}

/// Bytes of one value of a field type.
fn value_size(kind: u16) -> Option<usize> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16..=18 => Some(8),
        _ => None,
    }
}
