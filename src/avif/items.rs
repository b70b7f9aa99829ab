//! Which items a file holds, what is said of them, and where their bytes are.

use std::borrow::Cow;

use super::AvifError;
use super::boxes::{self, Boxed, Reader};

/// The boxes of a still picture, read.
pub(crate) struct Container<'a> {
    file: &'a [u8],
    /// Data that stand in the `meta` box itself.
    idat: &'a [u8],
    items: Vec<Item>,
    properties: Vec<Boxed<'a>>,
    /// Kind, from, to.
    references: Vec<([u8; 4], u32, Vec<u32>)>,
    primary: u32,
    /// Pictures of a sequence; 1 for a still.
    pub(crate) frames: u32,
}

/// A part of the file.
#[derive(Debug, Default)]
pub(crate) struct Item {
    pub(crate) id: u32,
    kind: [u8; 4],
    in_idat: bool,
    /// Offset and length; length 0 is the rest.
    extents: Vec<[u64; 2]>,
    /// Property index from 1, and whether it must be understood.
    properties: Vec<(usize, bool)>,
}

/// Properties that are understood or may be passed over.
const KNOWN: [&[u8; 4]; 10] = [
    b"ispe", b"pixi", b"av1C", b"colr", b"irot", b"imir", b"auxC", b"a1lx", b"pasp", b"clli",
];

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

    /// The item that is the picture.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn picture(&self) -> Result<&Item, AvifError> {
        self.item(self.primary)
            .ok_or_else(|| AvifError::malformed("no item is the picture"))
    }

    /// The alpha of `picture`, an item or, of a grid without one, that of its first tile.
    pub(crate) fn alpha_of(&self, picture: &Item) -> Option<&Item> {
        let names = [
            &b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"[..],
            b"urn:mpeg:hevc:2015:auxid:1",
        ];
        let is_alpha = |item: &&Item| {
            let name = self.property(item, b"auxC").and_then(|body| body.get(4..));
            name.is_some_and(|name| names.iter().any(|known| name.starts_with(known)))
        };
        let auxiliary = self
            .references
            .iter()
            .filter(|(kind, _, to)| kind == b"auxl" && to.contains(&picture.id));
        let mut items = auxiliary.filter_map(|(_, from, _)| self.item(*from));
        items.find(is_alpha)
    }

    /// Whether the colours of `picture` are multiplied by `alpha`.
    pub(crate) fn is_premultiplied(&self, picture: &Item, alpha: &Item) -> bool {
        let mut all = self.references.iter();
        all.any(|(kind, from, to)| kind == b"prem" && *from == picture.id && to.contains(&alpha.id))
    }

    /// Whether the file has a second picture from which a brighter one is made.
    pub(crate) fn has_gain_map(&self) -> bool {
        self.items.iter().any(|item| item.kind == *b"tmap")
    }

    /// The tiles of a grid, row after row.
    pub(super) fn tiles(&self, grid: &Item) -> Vec<&Item> {
        let made_of = self
            .references
            .iter()
            .filter(|(kind, from, _)| kind == b"dimg" && *from == grid.id);
        made_of
            .flat_map(|(_, _, to)| to)
            .filter_map(|id| self.item(*id))
            .collect()
    }

    /// The `av1C` of `item`, of a grid that of its first tile.
    pub(crate) fn configuration(&self, item: &Item) -> Option<&'a [u8]> {
        let tiles = self.tiles(item);
        let coded = tiles
            .first()
            .copied()
            .filter(|_| item.is_grid())
            .unwrap_or(item);
        self.property(coded, b"av1C")
    }

    fn item(&self, id: u32) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// What the last property of this kind says of `item`.
    pub(crate) fn property(&self, item: &Item, kind: &[u8; 4]) -> Option<&'a [u8]> {
        self.all(item)
            .rev()
            .find(|(k, _)| k == kind)
            .map(|(_, body)| body)
    }

    /// What all properties of this kind say of `item`.
    pub(crate) fn each(
        &self,
        item: &Item,
        kind: &'static [u8; 4],
    ) -> impl Iterator<Item = &'a [u8]> {
        self.all(item)
            .filter(move |(k, _)| k == kind)
            .map(|(_, body)| body)
    }

    fn all(&self, item: &Item) -> impl DoubleEndedIterator<Item = Boxed<'a>> {
        let named = item
            .properties
            .iter()
            .map(|(index, _)| index.wrapping_sub(1));
        named.filter_map(|index| self.properties.get(index).copied())
    }

    /// Refuses an item of which something must be understood that is not.
    pub(crate) fn check(&self, item: &Item) -> Result<(), AvifError> {
        if !matches!(&item.kind, b"av01" | b"grid") {
            let kind = String::from_utf8_lossy(&item.kind).into_owned();
            return Err(AvifError::unsupported(format!(
                "a picture of kind “{kind}”"
            )));
        }
        let must = item.properties.iter().filter(|(_, must)| *must);
        let mut unknown = must.filter_map(|(index, _)| self.properties.get(index.wrapping_sub(1)));
        match unknown.find(|(kind, _)| !KNOWN.contains(&kind)) {
            Some((kind, _)) => {
                let kind = String::from_utf8_lossy(kind).into_owned();
                Err(AvifError::unsupported(format!("the property “{kind}”")))
            }
            None => Ok(()),
        }
    }

    /// The bytes of `item`.
    ///
    /// # Errors
    /// When they are not all in the file.
    pub(super) fn data(&self, item: &Item) -> Result<Cow<'a, [u8]>, AvifError> {
        let source = if item.in_idat { self.idat } else { self.file };
        let part = |[offset, length]: &[u64; 2]| {
            let from = usize::try_from(*offset).ok()?;
            let to = match length {
                0 => source.len(),
                length => from.checked_add(usize::try_from(*length).ok()?)?,
            };
            source.get(from..to)
        };
        let parts: Option<Vec<&[u8]>> = item.extents.iter().map(part).collect();
        match parts
            .ok_or(AvifError::Short("the picture's data are not all there"))?
            .as_slice()
        {
            [] => Err(AvifError::Short("the picture has no data")),
            [one] => Ok(Cow::Borrowed(one)),
            many if many.iter().map(|part| part.len()).sum::<usize>() <= self.file.len() => {
                Ok(Cow::Owned(many.concat()))
            }
            _ => Err(AvifError::malformed("the picture's parts overlap")),
        }
    }
}

impl Item {
    /// Whether it is put together of tiles.
    pub(crate) fn is_grid(&self) -> bool {
        self.kind == *b"grid"
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
