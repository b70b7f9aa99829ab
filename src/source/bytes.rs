//! Numbers and slices out of untrusted bytes: every read is bounds-checked and answers `None` past the end.

/// Which end of a number comes first in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endian {
    Little,
    Big,
}

/// `len` bytes from offset `at`.
pub(crate) fn slice(bytes: &[u8], at: usize, len: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(len)?)
}

/// Everything from offset `at`, nothing when that is past the end.
pub(crate) fn tail(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    slice(bytes, at, N)?.try_into().ok()
}

/// The byte at offset `at`.
pub(crate) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

impl Endian {
    /// The 16-bit number at offset `at`.
    pub(crate) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let raw = array(bytes, at)?;
        Some(match self {
            Self::Little => u16::from_le_bytes(raw),
            Self::Big => u16::from_be_bytes(raw),
        })
    }

    /// The 32-bit number at offset `at`.
    pub(crate) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let raw = array(bytes, at)?;
        Some(match self {
            Self::Little => u32::from_le_bytes(raw),
            Self::Big => u32::from_be_bytes(raw),
        })
    }

    /// The 64-bit number at offset `at`.
    pub(crate) fn u64(self, bytes: &[u8], at: usize) -> Option<u64> {
        let raw = array(bytes, at)?;
        Some(match self {
            Self::Little => u64::from_le_bytes(raw),
            Self::Big => u64::from_be_bytes(raw),
        })
    }

    /// The 24-bit number at offset `at`.
    pub(crate) fn u24(self, bytes: &[u8], at: usize) -> Option<u32> {
        let [a, b, c] = array(bytes, at)?;
        Some(match self {
            Self::Little => u32::from_le_bytes([a, b, c, 0]),
            Self::Big => u32::from_be_bytes([0, a, b, c]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_either_order_and_never_past_the_end() {
        let bytes = [1, 2, 3, 4];
        assert_eq!(Endian::Big.u16(&bytes, 1), Some(0x0203));
        assert_eq!(Endian::Little.u32(&bytes, 0), Some(0x0403_0201));
        assert_eq!(Endian::Little.u24(&bytes, 1), Some(0x0004_0302));
        assert_eq!(Endian::Big.u32(&bytes, 1), None);
        assert_eq!(Endian::Big.u64(&bytes, 0), None);
        assert_eq!(Endian::Big.u16(&bytes, usize::MAX), None);
        assert_eq!(tail(&bytes, 9), &[] as &[u8]);
    }
}
