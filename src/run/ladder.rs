//! Which widths of a ladder a source is measured at.

use crate::resize;

/// A source at one width of a ladder, or as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    /// The width asked for, if any was.
    pub(super) asked: Option<u32>,
    /// Columns and rows of what is measured.
    pub(super) size: [u32; 2],
}

/// What a source of these sides is measured at, widest last. One that is narrower than all `widths`, which ascend, is
/// measured as it is, in the place of the first; and so is every source where there are none.
pub(super) fn fits(widths: &[u32], size: [u32; 2]) -> Vec<Fit> {
    let fitting = widths.iter().filter(|width| **width <= size[0]);
    let mut fits: Vec<Fit> = fitting
        .map(|&width| Fit {
            asked: Some(width),
            size: [width, resize::rows(size, width)],
        })
        .collect();
    if fits.is_empty() {
        let asked = widths.first().copied();
        fits.push(Fit { asked, size });
    }
    fits
}

/// `not enlarged to 640 and 1280 pixels`, where some of `widths` are wider than the source.
pub(super) fn not_enlarged(widths: &[u32], size: [u32; 2]) -> Option<String> {
    let wider = widths.iter().filter(|width| **width > size[0]);
    let wider: Vec<String> = wider.map(ToString::to_string).collect();
    let told = match wider.as_slice() {
        [] => return None,
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    };
    let alone = wider.len() == widths.len();
    let instead = if alone { ": measured as it is" } else { "" };
    Some(format!("not enlarged to {told} pixels{instead}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LADDER: [u32; 3] = [320, 640, 1280];

    #[test]
    fn nothing_is_enlarged_and_every_source_is_measured() {
        let sizes = |widths: &[u32], size| -> Vec<(Option<u32>, [u32; 2])> {
            let fits = fits(widths, size);
            fits.iter().map(|fit| (fit.asked, fit.size)).collect()
        };
        assert_eq!(sizes(&[], [10, 20]), [(None, [10, 20])]);
        let whole = [(Some(320), [320, 240]), (Some(640), [640, 480])];
        assert_eq!(sizes(&LADDER, [640, 480]), whole);
        let wide = LADDER.map(|width| (Some(width), [width, 1]));
        assert_eq!(sizes(&LADDER, [2000, 1]), wide);
        assert_eq!(sizes(&LADDER, [100, 80]), [(Some(320), [100, 80])]);
    }

    #[test]
    fn widths_that_are_left_out_are_told() {
        let told = |size| not_enlarged(&LADDER, size);
        assert_eq!(told([1280, 9]), None);
        assert_eq!(told([1279, 9]).unwrap(), "not enlarged to 1280 pixels");
        let two = "not enlarged to 640 and 1280 pixels";
        assert_eq!(told([320, 9]).unwrap(), two);
        let all = "not enlarged to 320, 640 and 1280 pixels: measured as it is";
        assert_eq!(told([319, 9]).unwrap(), all);
    }
}
