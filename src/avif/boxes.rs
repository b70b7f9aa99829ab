//! Boxes of ISO-BMFF, read out of untrusted bytes.

use super::AvifError;

/// A box: its type and what it holds.
pub(super) type Boxed<'a> = ([u8; 4], &'a [u8]);

/// The boxes that `bytes` are made of; the last one may reach to the end (size 0).
pub(super) fn all(mut bytes: &[u8]) -> Result<Vec<Boxed<'_>>, AvifError> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let mut head = Reader(bytes);
        let size = head.u32()?;
        let kind = head.bytes(4)?;
        let kind = [kind[0], kind[1], kind[2], kind[3]];
        let size = match size {
            0 => bytes.len() as u64,
            1 => head.u64()?,
            size => u64::from(size),
        };
        let used = bytes.len() - head.0.len();
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let body = bytes.get(used..size);
        found.push((
            kind,
            body.ok_or(AvifError::Short("a box is longer than the file"))?,
        ));
        bytes = &bytes[size..];
    }
    Ok(found)
}

/// What the first box of `kind` holds.
pub(super) fn first<'a>(boxes: &[Boxed<'a>], kind: &[u8; 4]) -> Option<&'a [u8]> {
    boxes.iter().find(|(k, _)| k == kind).map(|(_, body)| *body)
}

/// Numbers off the front of some bytes, the high byte first.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], AvifError> {
        let split = self.0.split_at_checked(count);
        let (taken, rest) = split.ok_or(AvifError::Short("a box ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    /// A number of `width` bytes, 0 to 8; 0 bytes are 0.
    pub(super) fn number(&mut self, width: usize) -> Result<u64, AvifError> {
        let bytes = self.bytes(width)?;
        Ok(bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b)))
    }

    pub(super) fn u8(&mut self) -> Result<u8, AvifError> {
        Ok(self.number(1)? as u8)
    }

    pub(super) fn u16(&mut self) -> Result<u16, AvifError> {
        Ok(self.number(2)? as u16)
    }

    pub(super) fn u32(&mut self) -> Result<u32, AvifError> {
        Ok(self.number(4)? as u32)
    }

    pub(super) fn u64(&mut self) -> Result<u64, AvifError> {
        self.number(8)
    }

    /// Version and flags of a full box.
    pub(super) fn full(&mut self) -> Result<(u8, u32), AvifError> {
        let word = self.u32()?;
        Ok(((word >> 24) as u8, word & 0xff_ffff))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_have_short_long_and_open_sizes() {
        let short = b"\0\0\0\x09abcdX";
        let long = b"\0\0\0\x01efgh\0\0\0\0\0\0\0\x12YZ";
        let open = b"\0\0\0\0ijklrest";
        let bytes = [&short[..], long, open].concat();
        let found = all(&bytes).unwrap();
        let expected: [Boxed<'_>; 3] = [(*b"abcd", b"X"), (*b"efgh", b"YZ"), (*b"ijkl", b"rest")];
        assert_eq!(found, expected);
        assert_eq!(first(&found, b"efgh"), Some(&b"YZ"[..]));
        for end in 1..short.len() {
            assert!(all(&short[..end]).is_err(), "{end}");
        }
        assert!(all(b"\0\0\0\x04abcd").is_err(), "smaller than its own head");
    }
}
