//! From the items of a file to its samples.

use super::AvifError;
use super::av1::{self, Numbers};
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
    let alpha = container.alpha_of(picture);
    if let Some(alpha) = alpha
        && sides(container, alpha)? != sides(container, picture)?
    {
        return Err(AvifError::unsupported(
            "alpha of other sides than the picture",
        ));
    }
    let mut colour = item(container, picture)?;
    // What the file says outranks what the AV1 data say.
    colour.full_range = numbers(container, picture).full_range;
    let alpha = alpha.map(|alpha| item(container, alpha)).transpose()?;
    Ok(Still { colour, alpha })
}

/// What the samples of `picture` mean, by its `colr` box or else by its AV1 data.
pub(crate) fn numbers(container: &Container<'_>, picture: &Item) -> Numbers {
    let mut stated = container.each(picture, b"colr");
    let nclx = stated.find_map(|body| body.strip_prefix(b"nclx"));
    if let Some(&[_, primaries, _, transfer, _, matrix, range, ..]) = nclx {
        return Numbers {
            cicp: [primaries, transfer, matrix],
            full_range: range >> 7 == 1,
        };
    }
    let data = container.data(container.coded(picture)).ok();
    data.and_then(|obus| av1::numbers(&obus))
        .unwrap_or(Numbers {
            cicp: [2; 3],
            full_range: false,
        })
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

/// Whether `count` tiles are as long as a `whole` and none lies outside; a single one is no larger, but for the least that
/// a tile can be.
fn covers(count: u64, tile: u64, whole: u64) -> bool {
    count * tile >= whole && (count - 1) * tile < whole && tile <= whole.max(64)
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
    let size = sides(container, tiles[0])?;
    let counts = [columns, rows];
    if !(0..2).all(|side| {
        covers(
            counts[side] as u64,
            size[side].into(),
            expected[side].into(),
        )
    }) {
        return Err(AvifError::malformed(
            "the tiles of the grid do not make up the picture",
        ));
    }
    let mut whole: Option<Planes> = None;
    for (nth, tile) in tiles.iter().enumerate() {
        if tile.is_grid() || sides(container, tile)? != size {
            return Err(AvifError::unsupported("a grid of different tiles"));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::avif::{Coded, Coding, Tune, encode, write};

    fn planes(width: usize, height: usize) -> Planes {
        let sample = |at: usize| (at * 7 % 900) as u16;
        Planes {
            width,
            height,
            depth: 10,
            chroma: Chroma::Full,
            full_range: true,
            planes: vec![(0..width * height).map(sample).collect(); 3],
        }
    }

    fn coded(planes: &Planes, cicp: [u8; 3]) -> Coded<'_> {
        let coding = Coding {
            quantiser: 20,
            speed: 9,
            tune: Tune::Ssim,
            lossless: false,
            cicp,
        };
        let obus = encode(planes, &coding).unwrap();
        Coded { planes, obus }
    }

    /// `file` with every `from` in it, which must be there, made `to`.
    fn replaced(mut file: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
        let places: Vec<usize> = (0..file.len() - from.len())
            .filter(|&at| file[at..].starts_with(from))
            .collect();
        assert!(!places.is_empty());
        for at in places {
            file[at..at + to.len()].copy_from_slice(to);
        }
        file
    }

    #[test]
    fn numbers_are_the_boxs_and_without_one_those_of_the_av1_data() {
        let planes = planes(20, 12);
        let file = write(&coded(&planes, [12, 13, 6]), None, [9, 16, 9]);
        let seen = |file: &[u8]| {
            let container = Container::read(file).unwrap();
            let still = decode(&container).unwrap();
            let numbers = numbers(&container, container.picture().unwrap());
            assert_eq!(still.colour.full_range, numbers.full_range);
            (numbers.cicp, numbers.full_range)
        };
        assert_eq!(seen(&file), ([9, 16, 9], true));
        let nclx = [b"nclx".as_slice(), &[0, 9, 0, 16, 0, 9]].concat();
        let limited = replaced(
            file.clone(),
            &[&nclx[..], &[0x80]].concat(),
            &[&nclx[..], &[0]].concat(),
        );
        assert_eq!(seen(&limited), ([9, 16, 9], false));
        assert_eq!(seen(&replaced(file, b"nclx", b"none")), ([12, 13, 6], true));
    }

    #[test]
    fn alpha_of_other_sides_is_refused_before_it_is_decoded() {
        let (colour, alpha) = (planes(20, 12), planes(40, 12));
        let file = write(
            &coded(&colour, [1, 13, 6]),
            Some(&coded(&alpha, [2, 2, 2])),
            [1, 13, 6],
        );
        let container = Container::read(&file).unwrap();
        let refused = decode(&container).map(|_| ()).unwrap_err();
        assert!(refused.to_string().contains("other sides"), "{refused}");
    }

    #[test]
    fn tiles_make_up_the_picture_and_no_more() {
        for (count, tile, whole, fits) in [
            (2, 64, 128, true),
            (2, 64, 65, true),
            (2, 64, 64, false),
            (2, 64, 129, false),
            (1, 64, 10, true),
            (1, 8000, 64, false),
        ] {
            assert_eq!(covers(count, tile, whole), fits, "{count} {tile} {whole}");
        }
    }
}
