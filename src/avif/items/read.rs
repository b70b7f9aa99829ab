//! The boxes of `meta`, one after the other.

use super::{Container, Item};
use crate::avif::AvifError;
use crate::avif::boxes::{self, Boxed, Reader};

/// A file with more items than this is not a picture for the web.
const MOST_ITEMS: usize = 10_000;

impl<'a> Container<'a> {
    /// Reads the boxes of `file`.
    ///
    /// # Errors
    /// When they contradict each other or end too early.
    pub(crate) fn read(file: &'a [u8]) -> Result<Self, AvifError> {
        let top = boxes::all(file)?;
        let meta = boxes::first(&top, b"meta").unwrap_or_default();
        let mut body = Reader(meta);
        if !meta.is_empty() {
            body.full()?;
        }
        let meta = boxes::all(body.0)?;
        let part = |kind| boxes::first(&meta, kind).map(Reader);
        let mut container = Self {
            file,
            idat: boxes::first(&meta, b"idat").unwrap_or_default(),
            items: Vec::new(),
            properties: Vec::new(),
            references: Vec::new(),
            primary: 0,
            frames: frames(&top)?,
        };
        if let Some(iinf) = part(b"iinf") {
            container.infos(iinf)?;
        }
        if let Some(iloc) = part(b"iloc") {
            container.locations(iloc)?;
        }
        if let Some(iprp) = part(b"iprp") {
            container.properties(iprp.0)?;
        }
        if let Some(iref) = part(b"iref") {
            container.references(iref)?;
        }
        if let Some(mut pitm) = part(b"pitm") {
            let width = if pitm.full()?.0 == 0 { 2 } else { 4 };
            container.primary = pitm.number(width)? as u32;
        }
        Ok(container)
    }

    fn infos(&mut self, mut iinf: Reader<'a>) -> Result<(), AvifError> {
        let width = if iinf.full()?.0 == 0 { 2 } else { 4 };
        iinf.number(width)?;
        for (_, info) in boxes::all(iinf.0)?
            .iter()
            .filter(|(kind, _)| kind == b"infe")
        {
            let mut info = Reader(info);
            let id = match info.full()?.0 {
                2 => 2,
                3 => 4,
                _ => continue,
            };
            let id = info.number(id)? as u32;
            info.u16()?;
            let kind = info.u32()?.to_be_bytes();
            self.items.push(Item {
                id,
                kind,
                ..Item::default()
            });
        }
        match self.items.len() {
            0..=MOST_ITEMS => Ok(()),
            n => Err(AvifError::unsupported(format!("{n} items"))),
        }
    }

    fn locations(&mut self, mut iloc: Reader<'a>) -> Result<(), AvifError> {
        let (version, _) = iloc.full()?;
        let sizes = iloc.u16()?;
        let width = |at: u32| usize::from(sizes >> at & 15);
        let (id_width, index) = (
            if version < 2 { 2 } else { 4 },
            if version == 0 { 0 } else { width(0) },
        );
        for _ in 0..iloc.number(id_width)? {
            let id = iloc.number(id_width)? as u32;
            let method = if version == 0 { 0 } else { iloc.u16()? & 15 };
            iloc.u16()?;
            let base = iloc.number(width(4))?;
            let mut extents = Vec::new();
            for _ in 0..iloc.u16()? {
                iloc.number(index)?;
                let offset = iloc.number(width(12))?;
                extents.push([base.saturating_add(offset), iloc.number(width(8))?]);
            }
            if let Some(item) = self.items.iter_mut().find(|item| item.id == id) {
                (item.in_idat, item.extents) = (method == 1, extents);
                if method > 1 {
                    item.extents.clear();
                }
            }
        }
        Ok(())
    }

    fn properties(&mut self, iprp: &'a [u8]) -> Result<(), AvifError> {
        let parts = boxes::all(iprp)?;
        self.properties = boxes::all(boxes::first(&parts, b"ipco").unwrap_or_default())?;
        for (_, ipma) in parts.iter().filter(|(kind, _)| kind == b"ipma") {
            let mut ipma = Reader(ipma);
            let (version, flags) = ipma.full()?;
            for _ in 0..ipma.u32()? {
                let id = ipma.number(if version == 0 { 2 } else { 4 })? as u32;
                let mut found = Vec::new();
                for _ in 0..ipma.u8()? {
                    let (index, essential) = match flags & 1 {
                        0 => (ipma.u8()?, 7),
                        _ => (0, 15),
                    };
                    let word = if essential == 7 {
                        u16::from(index)
                    } else {
                        ipma.u16()?
                    };
                    let must = word >> essential == 1;
                    found.push((usize::from(word & !(1 << essential)), must));
                }
                if let Some(item) = self.items.iter_mut().find(|item| item.id == id) {
                    item.properties.extend(found);
                }
            }
        }
        Ok(())
    }

    fn references(&mut self, mut iref: Reader<'a>) -> Result<(), AvifError> {
        let width = if iref.full()?.0 == 0 { 2 } else { 4 };
        for (kind, body) in boxes::all(iref.0)? {
            let mut body = Reader(body);
            let from = body.number(width)? as u32;
            let count = body.u16()?;
            let to: Result<Vec<u32>, _> =
                (0..count).map(|_| Ok(body.number(width)? as u32)).collect();
            self.references.push((kind, from, to?));
        }
        Ok(())
    }
}

/// Pictures of a sequence, from the first table of sample sizes; 1 for a still picture.
fn frames(top: &[Boxed<'_>]) -> Result<u32, AvifError> {
    let major = boxes::first(top, b"ftyp").and_then(|body| body.get(..4));
    let (Some(b"avis"), Some(movie)) = (major, boxes::first(top, b"moov")) else {
        return Ok(1);
    };
    let mut frames = 1;
    for (_, track) in boxes::all(movie)?
        .iter()
        .filter(|(kind, _)| kind == b"trak")
    {
        let mut inside = *track;
        for kind in [b"mdia", b"minf", b"stbl", b"stsz"] {
            inside = boxes::first(&boxes::all(inside)?, kind).unwrap_or_default();
        }
        // Version and flags, the size that all samples share, how many they are.
        let mut sizes = Reader(inside);
        if sizes.bytes(8).is_ok() {
            frames = frames.max(sizes.u32()?);
        }
    }
    Ok(frames)
}
