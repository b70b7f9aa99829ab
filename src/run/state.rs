//! What is known of an image so far. Numbers are places in the plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::footing::{self, Side};
use super::import::Imports;
use super::measure::{Encoded, Judge};
use super::open::{Look, Opened, Pictures};
use crate::bitmap::Bitmap;
use crate::metric::{Mode, Opacity, Shape};
use crate::report::{MeasuredCurve, Outcome};
use crate::variant::Variant;

/// Everything that the steps of one image share.
#[derive(Default)]
pub(super) struct State {
    /// Which of the image's widths it is about.
    pub(super) nth: usize,
    /// The image's file.
    pub(super) opened: Option<Arc<Opened>>,
    /// Columns and rows of what is measured.
    pub(super) size: [u32; 2],
    /// What was seen of it.
    pub(super) look: Option<Look>,
    /// What is measured: none where earlier runs have measured it.
    pub(super) pictures: Option<Pictures>,
    /// What encoders have imported of it.
    pub(super) imports: Arc<Imports>,
    /// The metrics of the sides that have lossy results.
    pub(super) benches: BTreeMap<Side, Bench>,
    /// Files that wait to be inspected.
    pub(super) encoded: BTreeMap<usize, Encoded>,
    /// Where files were kept.
    pub(super) kept: BTreeMap<usize, String>,
    /// What searches found.
    pub(super) qualities: BTreeMap<usize, u8>,
    /// What searches saw on their way.
    pub(super) curves: Vec<MeasuredCurve>,
    /// What became of the variants.
    pub(super) outcomes: BTreeMap<usize, Outcome>,
    /// Steps handed out and not done.
    pub(super) steps_left: usize,
}

/// The metrics of one side.
#[derive(Default)]
pub(super) struct Bench {
    /// Those that are ready.
    pub(super) judges: Vec<Judge>,
    /// How many are not.
    pub(super) awaited: usize,
    /// Why one never will be.
    pub(super) error: Option<String>,
}

impl State {
    /// Of the original; opaque as long as nothing is known.
    pub(super) fn opacity(&self) -> Opacity {
        self.look.as_ref().map_or(Opacity::Opaque, Look::opacity)
    }

    /// The side that `variant` is made from and compared with.
    pub(super) fn side(&self, variant: &Variant) -> Side {
        Side::of(variant, self.opacity())
    }

    /// The picture of `side`, once decoded.
    pub(super) fn picture(&self, side: Side) -> Option<Arc<Bitmap>> {
        self.pictures
            .as_ref()
            .map(|pictures| pictures.side(side).clone())
    }

    /// How metrics run; `None` when none does.
    pub(super) fn mode(&self) -> Option<Mode> {
        let opened = self.opened.as_ref();
        opened.and_then(|opened| opened.footing.grounds[self.nth].mode)
    }

    /// `side` as metrics see it.
    pub(super) fn shape(&self, side: Side) -> Shape {
        let [width, height] = self.size;
        let picture = Shape {
            width,
            height,
            opacity: self.opacity(),
        };
        footing::shape(picture, side)
    }

    /// Columns × rows.
    pub(super) fn pixels(&self) -> u64 {
        self.size.map(u64::from).into_iter().product()
    }
}
