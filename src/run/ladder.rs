//! Which widths of a ladder a source is measured at.

use crate::resize;

/// A width that was asked for, among all that were, ascending; or none at all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rung<'p> {
    widths: &'p [u32],
    place: usize,
}

/// What becomes of a source at a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Measured as it is.
    Whole,
    /// Measured at this size.
    Smaller([u32; 2]),
    /// Not measured: it would have to be enlarged.
    None,
}

impl<'p> Rung<'p> {
    /// The rungs of a ladder; one of no width where nothing was asked for.
    pub(super) fn all(widths: &'p [u32]) -> impl Iterator<Item = Self> {
        (0..widths.len().max(1)).map(move |place| Self { widths, place })
    }

    /// The width asked for.
    pub(super) fn asked(self) -> Option<u32> {
        self.widths.get(self.place).copied()
    }

    /// What becomes of a source of these sides. One that is narrower than every width is measured as it is, once.
    pub(super) fn fit(self, size: [u32; 2]) -> Fit {
        match self.asked() {
            None => Fit::Whole,
            Some(width) if width == size[0] => Fit::Whole,
            Some(width) if width < size[0] => Fit::Smaller([width, resize::rows(size, width)]),
            Some(_) if self.place == 0 => Fit::Whole,
            Some(_) => Fit::None,
        }
    }

    /// The wider widths that a source of these sides is not measured at, where this is its widest.
    pub(super) fn beyond(self, size: [u32; 2]) -> &'p [u32] {
        let rest = self.widths.get(self.place + 1..).unwrap_or_default();
        let fitting = rest.iter().filter(|width| **width <= size[0]).count();
        match (fitting, self.asked()) {
            (0, Some(width)) if width > size[0] => &self.widths[self.place..],
            (0, _) => rest,
            _ => &[],
        }
    }

    /// Whether this rung answers for a source that is lost, of these sides if they are known: the widest it would have been
    /// measured at, which needs the most memory.
    pub(super) fn answers(self, size: Option<[u32; 2]>) -> bool {
        match size {
            None => self.place + 1 >= self.widths.len(),
            Some(size) => !self
                .widths
                .iter()
                .skip(self.place + 1)
                .any(|w| *w <= size[0]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_enlarged_and_every_source_is_measured() {
        let fits = |widths: &[u32], size| -> Vec<Fit> {
            Rung::all(widths).map(|rung| rung.fit(size)).collect()
        };
        let smaller = |w, h| Fit::Smaller([w, h]);
        assert_eq!(fits(&[], [10, 20]), [Fit::Whole]);
        let ladder = [320, 640, 1280];
        assert_eq!(
            fits(&ladder, [640, 480]),
            [smaller(320, 240), Fit::Whole, Fit::None]
        );
        assert_eq!(
            fits(&ladder, [2000, 1]),
            [smaller(320, 1), smaller(640, 1), smaller(1280, 1)]
        );
        assert_eq!(fits(&ladder, [100, 80]), [Fit::Whole, Fit::None, Fit::None]);
    }

    #[test]
    fn one_rung_answers_and_names_what_is_left_out() {
        let ladder = [320, 640, 1280];
        for (size, answering, beyond) in [
            ([2000, 9], 2, &[][..]),
            ([700, 9], 1, &[1280][..]),
            ([100, 9], 0, &[320, 640, 1280][..]),
        ] {
            let rungs: Vec<Rung<'_>> = Rung::all(&ladder).collect();
            for (place, rung) in rungs.iter().enumerate() {
                let answers = rung.fit(size) != Fit::None && rung.answers(Some(size));
                assert_eq!(answers, place == answering, "{size:?} {place}");
            }
            assert_eq!(rungs[answering].beyond(size), beyond);
        }
        assert_eq!(
            Rung::all(&ladder).filter(|rung| rung.answers(None)).count(),
            1
        );
        assert_eq!(Rung::all(&[]).filter(|rung| rung.answers(None)).count(), 1);
    }
}
