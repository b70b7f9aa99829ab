//! The smallest container of one picture and its alpha: no metadata, no thumbnail.

use super::planes::{Chroma, Planes};

/// An item of the file: its samples' shape and their OBUs.
pub(crate) struct Coded<'a> {
    pub(crate) planes: &'a Planes,
    pub(crate) obus: Vec<u8>,
}

/// What the alpha item says it is.
const ALPHA: &[u8] = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0";

/// OBU type of a temporal delimiter, which files leave out.
const DELIMITER: u8 = 2;

/// An AVIF file of `colour` with these primaries, transfer function and matrix (H.273), and of `alpha`.
pub(crate) fn write(colour: &Coded<'_>, alpha: Option<&Coded<'_>>, cicp: [u8; 3]) -> Vec<u8> {
    let items: Vec<(&Coded<'_>, &[u8])> = [Some(colour), alpha]
        .into_iter()
        .flatten()
        .map(|coded| (coded, without_delimiter(&coded.obus)))
        .collect();
    let ftyp = [&b"avif\0\0\0\0avifmif1miaf"[..], profile(colour.planes)].concat();
    let mut file = boxed(b"ftyp", &ftyp);
    // The place of the data depends on how long all before them is, which does not depend on the place.
    let before = file.len() + meta(&items, cicp, 0).len() + 8;
    file.extend(meta(&items, cicp, before));
    let data: Vec<&[u8]> = items.iter().map(|(_, data)| *data).collect();
    file.extend(boxed(b"mdat", &data.concat()));
    file
}

/// The brand of the profile, AVIF §8: Baseline for profile 0, Advanced for 1, none for 2.
fn profile(planes: &Planes) -> &'static [u8] {
    match profile_of(planes) {
        0 => b"MA1B",
        1 => b"MA1A",
        _ => b"",
    }
}

fn profile_of(planes: &Planes) -> u8 {
    match (planes.depth, planes.chroma) {
        (12, _) | (_, Chroma::Half) => 2,
        (_, Chroma::Full) => 1,
        _ => 0,
    }
}

fn without_delimiter(obus: &[u8]) -> &[u8] {
    match obus {
        [head, 0, rest @ ..] if (head >> 3) & 15 == DELIMITER => rest,
        _ => obus,
    }
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = (body.len() as u32 + 8).to_be_bytes();
    [&size[..], kind, body].concat()
}

/// A box with version and flags, both 0.
fn full(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[0; 4], body].concat())
}

fn meta(items: &[(&Coded<'_>, &[u8])], cicp: [u8; 3], data_at: usize) -> Vec<u8> {
    let hdlr = full(b"hdlr", b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let pitm = full(b"pitm", &[0, 1]);
    let count = items.len() as u8;
    let (mut iloc, mut iinf) = (vec![0x44, 0, 0, count], vec![0, count]);
    let mut at = data_at as u32;
    for (id, (_, data)) in (1_u8..).zip(items) {
        // Item, data reference 0, one extent: offset and length.
        iloc.extend([0, id, 0, 0, 0, 1]);
        iloc.extend(at.to_be_bytes());
        iloc.extend((data.len() as u32).to_be_bytes());
        at += data.len() as u32;
        // Version 2: id, not protected, type, no name.
        iinf.extend(boxed(
            b"infe",
            &[&[2, 0, 0, 0, 0, id, 0, 0][..], b"av01\0"].concat(),
        ));
    }
    let iref = match items.len() {
        1 => Vec::new(),
        _ => full(b"iref", &boxed(b"auxl", &[0, 2, 0, 1, 0, 1])),
    };
    let body = [
        hdlr,
        pitm,
        full(b"iloc", &iloc),
        full(b"iinf", &iinf),
        iref,
        properties(items, cicp),
    ];
    full(b"meta", &body.concat())
}

/// The properties of all items, each item's own after those before it.
fn properties(items: &[(&Coded<'_>, &[u8])], cicp: [u8; 3]) -> Vec<u8> {
    let (mut ipco, mut ipma) = (Vec::new(), vec![0, 0, 0, items.len() as u8]);
    let mut known = 0;
    for (id, (coded, data)) in (1_u8..).zip(items) {
        let planes = coded.planes;
        let [width, height] = [planes.width, planes.height].map(|side| (side as u32).to_be_bytes());
        let channels = planes.planes.len() as u8;
        let depths = [&[channels][..], &vec![planes.depth; channels.into()]].concat();
        let last = match id {
            1 => {
                let [primaries, transfer, matrix] = cicp;
                boxed(
                    b"colr",
                    &[&b"nclx"[..], &[0, primaries, 0, transfer, 0, matrix, 0x80]].concat(),
                )
            }
            _ => full(b"auxC", ALPHA),
        };
        ipco.extend(full(b"ispe", &[width, height].concat()));
        ipco.extend(full(b"pixi", &depths));
        ipco.extend(boxed(b"av1C", &configuration(planes, data)));
        ipco.extend(last);
        // `av1C` must be understood: its association has the high bit.
        ipma.extend([
            0,
            id,
            4,
            known + 1,
            known + 2,
            0x80 | (known + 3),
            known + 4,
        ]);
        known += 4;
    }
    boxed(
        b"iprp",
        &[boxed(b"ipco", &ipco), full(b"ipma", &ipma)].concat(),
    )
}

/// `av1C`: what a decoder must be able to do. The level stands in the sequence header, which libaom writes first, in the
/// short form for still pictures: profile (3 bits), still picture, reduced header, level (5 bits).
fn configuration(planes: &Planes, obus: &[u8]) -> [u8; 4] {
    let header = obus.get(2..4).unwrap_or(&[0, 0]);
    let level = (u16::from_be_bytes([header[0], header[1]]) >> 6) & 31;
    let flag = |is: bool, bit: u8| u8::from(is) << bit;
    let [across, down] = planes.chroma.shifts().map(|shift| shift == 1);
    let shape = flag(planes.depth > 8, 6)
        | flag(planes.depth > 10, 5)
        | flag(planes.chroma == Chroma::None, 4)
        | flag(across, 3)
        | flag(down, 2);
    [0x81, profile_of(planes) << 5 | level as u8, shape, 0]
}
