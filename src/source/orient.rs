//! Turning a picture upright.

/// Side of the square blocks that are turned at a time, so that both reads and writes stay in the cache.
const BLOCK: usize = 32;

/// Applies EXIF orientation `orientation` (1–8) to `rgba`, rows of `width` pixels; gives the pixels and the new width.
///
/// Flips and half turns are done in place; quarter turns take a second buffer of the same size.
pub(crate) fn upright(mut rgba: Vec<u8>, width: usize, orientation: u8) -> (Vec<u8>, usize) {
    let height = rgba.len() / 4 / width;
    let pixels = rgba.as_chunks_mut::<4>().0;
    match orientation {
        2 => pixels.chunks_exact_mut(width).for_each(<[_]>::reverse),
        3 => pixels.reverse(),
        4 => flip_rows(pixels, width),
        5 => return (turn(&rgba, width, |x, y| (y, x)), height),
        6 => return (turn(&rgba, width, |x, y| (y, height - 1 - x)), height),
        7 => {
            let from = |x, y| (width - 1 - y, height - 1 - x);
            return (turn(&rgba, width, from), height);
        }
        8 => return (turn(&rgba, width, |x, y| (width - 1 - y, x)), height),
        _ => {}
    }
    (rgba, width)
}

fn flip_rows(pixels: &mut [[u8; 4]], width: usize) {
    let rows = pixels.len() / width;
    let (top, bottom) = pixels.split_at_mut(rows / 2 * width);
    let mirrored = bottom.chunks_exact_mut(width).rev();
    for (above, below) in top.chunks_exact_mut(width).zip(mirrored) {
        above.swap_with_slice(below);
    }
}

/// A picture as high as the old one is wide, whose pixel (x, y) is the old one's pixel `from(x, y)`.
fn turn(rgba: &[u8], width: usize, from: impl Fn(usize, usize) -> (usize, usize)) -> Vec<u8> {
    let old = rgba.as_chunks::<4>().0;
    let (new_width, new_height) = (old.len() / width, width);
    let mut turned = vec![0; rgba.len()];
    let new = turned.as_chunks_mut::<4>().0;
    for top in (0..new_height).step_by(BLOCK) {
        for left in (0..new_width).step_by(BLOCK) {
            for y in top..(top + BLOCK).min(new_height) {
                for x in left..(left + BLOCK).min(new_width) {
                    let (old_x, old_y) = from(x, y);
                    new[y * new_width + x] = old[old_y * width + old_x];
                }
            }
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(rows: &[&str]) -> (Vec<u8>, usize) {
        let letters = rows.concat().into_bytes();
        let rgba = letters.into_iter().flat_map(|b| [b, 0, 0, 255]);
        (rgba.collect(), rows[0].len())
    }

    fn turned(orientation: u8) -> (Vec<u8>, usize) {
        let (rgba, width) = picture(&["abc", "def"]);
        upright(rgba, width, orientation)
    }

    #[test]
    fn all_eight_orientations() {
        assert_eq!(turned(1), picture(&["abc", "def"]));
        assert_eq!(turned(2), picture(&["cba", "fed"]));
        assert_eq!(turned(3), picture(&["fed", "cba"]));
        assert_eq!(turned(4), picture(&["def", "abc"]));
        assert_eq!(turned(5), picture(&["ad", "be", "cf"]));
        assert_eq!(turned(6), picture(&["da", "eb", "fc"]));
        assert_eq!(turned(7), picture(&["fc", "eb", "da"]));
        assert_eq!(turned(8), picture(&["cf", "be", "ad"]));
    }

    #[test]
    fn pictures_larger_than_a_block_come_back_after_four_quarter_turns() {
        let start: Vec<u8> = (0..70 * 41 * 4).map(|i| (i % 251) as u8).collect();
        let mut picture = (start.clone(), 70);
        for _ in 0..4 {
            picture = upright(picture.0, picture.1, 6);
        }
        assert_eq!(picture, (start, 70));
    }
}
