//! Which items a file holds, what is said of them, and where their bytes are.

mod read;

use std::borrow::Cow;

use super::AvifError;
use super::boxes::Boxed;

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

impl<'a> Container<'a> {
    /// The item that is the picture.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn picture(&self) -> Result<&Item, AvifError> {
        self.item(self.primary)
            .ok_or_else(|| AvifError::malformed("no item is the picture"))
    }

    /// The alpha of `picture`.
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

    /// The item that AV1 data are those of: of a grid its first tile.
    pub(crate) fn coded<'i>(&'i self, item: &'i Item) -> &'i Item {
        let tiles = self.tiles(item);
        let first = tiles.first().copied().filter(|_| item.is_grid());
        first.unwrap_or(item)
    }

    /// The `av1C` of `item`, of a grid that of its first tile.
    pub(crate) fn configuration(&self, item: &Item) -> Option<&'a [u8]> {
        self.property(self.coded(item), b"av1C")
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
        let tiles = self.tiles(item);
        if self.alpha_of(item).is_none() && tiles.iter().any(|tile| self.alpha_of(tile).is_some()) {
            return Err(AvifError::unsupported("a grid whose tiles have alpha"));
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
