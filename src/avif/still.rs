//! From the items of a file to its samples.

use super::AvifError;
use super::av1;
use super::boxes::Reader;
use super::items::{Container, Item};
use super::planes::{Chroma, Planes};

/// The samples of a picture.
pub(crate) struct Still {
    pub(crate) colour: Planes,
    /// Of the same sides; luma alone counts.
    pub(crate) alpha: Option<Planes>,
}

/// Decodes the picture of `container`, of sides that were held against limits before.
///
/// # Errors
/// When something of it is not supported or damaged.
pub(crate) fn decode(container: &Container<'_>) -> Result<Still, AvifError> {
    let picture = container.picture()?;
    let colour = item(container, picture)?;
    let alpha = container.alpha_of(picture);
    let alpha = alpha.map(|alpha| item(container, alpha)).transpose()?;
    let sides = |planes: &Planes| [planes.width, planes.height];
    if alpha
        .as_ref()
        .is_some_and(|alpha| sides(alpha) != sides(&colour))
    {
        return Err(AvifError::unsupported(
            "alpha of other sides than the picture",
        ));
    }
    Ok(Still { colour, alpha })
}

/// Columns and rows that an item states.
///
/// # Errors
/// When it states none.
pub(crate) fn sides(container: &Container<'_>, item: &Item) -> Result<[u32; 2], AvifError> {
    let stated = container.property(item, b"ispe");
    let mut body =
        Reader(stated.ok_or_else(|| AvifError::malformed("the picture states no size"))?);
    body.full()?;
    Ok([body.u32()?, body.u32()?])
}

fn item(container: &Container<'_>, item: &Item) -> Result<Planes, AvifError> {
    container.check(item)?;
    let expected = sides(container, item)?;
    let data = container.data(item)?;
    if item.is_grid() {
        grid(container, item, &data, expected)
    } else {
        av1::decode(&data, expected)
    }
}

/// A grid of tiles, HEIF §6.6.2.3: version, flags, rows − 1, columns − 1, sides of the picture.
fn grid(
    container: &Container<'_>,
    item: &Item,
    data: &[u8],
    expected: [u32; 2],
) -> Result<Planes, AvifError> {
    let mut body = Reader(data);
    body.u8()?;
    let width = if body.u8()? & 1 == 0 { 2 } else { 4 };
    let [rows, columns] = [body.u8()?, body.u8()?].map(|n| usize::from(n) + 1);
    let stated = [body.number(width)?, body.number(width)?];
    let tiles = container.tiles(item);
    if tiles.len() != rows * columns || stated != expected.map(u64::from) {
        return Err(AvifError::malformed("the grid is not what the file says"));
    }
    let mut whole: Option<Planes> = None;
    for (nth, tile) in tiles.iter().enumerate() {
        if tile.is_grid() {
            return Err(AvifError::unsupported("a grid of grids"));
        }
        let part = self::item(container, tile)?;
        let whole = whole.get_or_insert_with(|| part.blank(expected.map(|side| side as usize)));
        let at = [nth % columns * part.width, nth / columns * part.height];
        let shared = part
            .chroma
            .shifts()
            .iter()
            .zip(at)
            .any(|(shift, at)| at % (1 << shift) != 0);
        if shared && part.chroma != Chroma::None {
            return Err(AvifError::malformed(
                "the tiles of the grid do not fit together",
            ));
        }
        let kind = |planes: &Planes| (planes.depth, planes.chroma, planes.full_range);
        if kind(&part) != kind(whole) {
            return Err(AvifError::unsupported("a grid of different kinds of tiles"));
        }
        whole.paste(&part, at);
    }
    whole.ok_or(AvifError::Short("the grid has no tiles"))
}
