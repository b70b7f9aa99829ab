//! How an image is measured within the memory there is: what its steps need, and what is left out when they need more.
//! Decided from the header alone, so it depends on the image, the plan and the budget only, never on other images.

use std::collections::BTreeMap;

use crate::bitmap::BYTES_PER_PIXEL;
use crate::metric::{Mode, Need, Opacity, Shape};
use crate::plan::Plan;
use crate::variant::Variant;

/// Above this a metric that can work in strips does: its full mode would need gigabytes.
const STRIPS_ABOVE_PIXELS: u64 = 40_000_000;

/// An encoded file is rarely larger than this, bytes a pixel.
const ENCODED_BYTES_PER_PIXEL: f64 = 3.0;

/// What of an image's measurement fits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Footing {
    /// Bytes for pixels and prepared references of all widths, and any one step.
    pub(super) reserve: u64,
    /// What fits at each width.
    pub(super) grounds: Vec<Ground>,
}

/// What of the measurement at one width fits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ground {
    /// How metrics run; `None` when none does.
    pub(super) mode: Option<Mode>,
    /// By variant: why it is left out.
    pub(super) left_out: Vec<Option<String>>,
    /// What the reader must know.
    pub(super) notes: Vec<String>,
}

/// The pictures a variant may be made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Side {
    /// As decoded.
    Original,
    /// Laid over the background, for codecs without alpha.
    Flat,
}

impl Side {
    /// The side that `variant` encodes and is compared with.
    pub(super) fn of(variant: &Variant, opacity: Opacity) -> Self {
        if opacity == Opacity::Translucent && !variant.codec().info().alpha {
            Self::Flat
        } else {
            Self::Original
        }
    }
}

/// Bytes that encoding `variant` needs beyond the bitmap.
pub(super) fn encode_bytes(variant: &Variant, pixels: u64) -> u64 {
    let cost = variant.codec().cost(variant.settings());
    ((cost.bytes_per_pixel + ENCODED_BYTES_PER_PIXEL) * pixels as f64) as u64
}

/// Bytes that decoding a result and scoring it needs beyond bitmap and references.
pub(super) fn score_bytes(plan: &Plan, shape: Shape, mode: Option<Mode>) -> u64 {
    // The decoded picture, and half as much again inside the decoder.
    shape.pixels() * BYTES_PER_PIXEL as u64 * 3 / 2 + metrics_need(plan, shape, mode).working
}

/// Bytes that a search for a goal of `variant` needs beyond bitmap and references: it encodes, then scores, and holds on to
/// the files it has seen.
pub(super) fn search_bytes(
    plan: &Plan,
    variant: &Variant,
    shape: Shape,
    mode: Option<Mode>,
) -> u64 {
    let step = encode_bytes(variant, shape.pixels()).max(score_bytes(plan, shape, mode));
    step + (ENCODED_BYTES_PER_PIXEL * shape.pixels() as f64) as u64
}

/// Finds what fits `budget` bytes of an image that is measured at `sizes`, the first of which is served first, and needs
/// `peak` bytes while it is decoded.
///
/// # Errors
/// When not even the decoded pixels do: the bytes they need.
pub(super) fn find(plan: &Plan, sizes: &[Shape], peak: u64, budget: u64) -> Result<Footing, u64> {
    let mut fixed = 0;
    let mut modes = Vec::new();
    for &size in sizes {
        let (mode, notes) = best_mode(plan, size, budget.saturating_sub(fixed));
        fixed += fixed_bytes(plan, size, mode);
        modes.push((size, mode, notes));
    }
    if peak.max(fixed) > budget {
        return Err(peak.max(fixed));
    }
    let mut lane = 0;
    let mut grounds = Vec::new();
    for (size, mode, notes) in modes {
        let (left_out, widest) = lanes(plan, size, mode, [fixed, budget]);
        lane = lane.max(widest).max(working(plan, size, mode));
        grounds.push(Ground {
            mode,
            left_out,
            notes,
        });
    }
    // Results are decoded back whatever the metrics do; where even that is over the budget, it goes on alone.
    let reserve = peak.max(fixed + lane).min(budget);
    Ok(Footing { reserve, grounds })
}

/// By variant why it is left out, where its step does not fit `budget` beside what is `fixed`; and the most bytes that one
/// of the others needs.
fn lanes(
    plan: &Plan,
    size: Shape,
    mode: Option<Mode>,
    [fixed, budget]: [u64; 2],
) -> (Vec<Option<String>>, u64) {
    let mut widest = 0;
    let mut left_out = |v: &Variant| {
        let shape = shape(size, Side::of(v, size.opacity));
        let search = v.goal().is_search();
        if search && mode.is_none() {
            return Some("not scored, so its score cannot be searched for".into());
        }
        let lane = if search {
            search_bytes(plan, v, shape, mode)
        } else {
            encode_bytes(v, shape.pixels())
        };
        let need = fixed + lane;
        if need > budget {
            return Some(format!(
                "needs {} of memory, the limit is {}: raise --max-memory",
                megabytes(need),
                megabytes(budget)
            ));
        }
        widest = widest.max(lane);
        None
    };
    let left_out = plan.variants.iter().map(&mut left_out).collect();
    (left_out, widest)
}

/// The best way to run the metrics within `budget`, and what to say of it.
fn best_mode(plan: &Plan, size: Shape, budget: u64) -> (Option<Mode>, Vec<String>) {
    if plan.metrics.is_empty() {
        return (None, Vec::new());
    }
    let smallest = plan
        .metrics
        .iter()
        .map(|m| m.info().min_side)
        .max()
        .unwrap_or(0);
    if size.width.min(size.height) < smallest {
        return (
            None,
            vec![format!("under {smallest}×{smallest} pixels: not scored")],
        );
    }
    let fits =
        |mode| fixed_bytes(plan, size, Some(mode)) + working(plan, size, Some(mode)) <= budget;
    if size.pixels() <= STRIPS_ABOVE_PIXELS && fits(Mode::Full) {
        return (Some(Mode::Full), Vec::new());
    }
    let some_can = plan.metrics.iter().any(|m| m.has_strips());
    if some_can && fits(Mode::Strips) {
        // No score depends on it.
        return (Some(Mode::Strips), Vec::new());
    }
    let need =
        fixed_bytes(plan, size, Some(Mode::Strips)) + working(plan, size, Some(Mode::Strips));
    (
        None,
        vec![format!(
            "not scored: that needs {} of memory; raise --max-memory",
            megabytes(need)
        )],
    )
}

/// Bytes held as long as the image is open.
fn fixed_bytes(plan: &Plan, size: Shape, mode: Option<Mode>) -> u64 {
    sides(plan, size)
        .into_iter()
        .map(|side| {
            let shape = shape(size, side);
            let imports = imports_bytes(plan, size, side);
            shape.pixels() * BYTES_PER_PIXEL as u64
                + metrics_need(plan, shape, mode).reference
                + imports
        })
        .sum()
}

/// Bytes of what encoders import of `side`.
fn imports_bytes(plan: &Plan, size: Shape, side: Side) -> u64 {
    let made_of_it = |v: &&Variant| Side::of(v, size.opacity) == side;
    let importers = plan.variants.iter().filter(made_of_it).filter_map(|v| {
        let importer = v.codec().importer(v.settings())?;
        Some(((v.codec().info().id, importer.id()), importer))
    });
    let importers: BTreeMap<_, _> = importers.collect();
    let bytes = importers.values().map(|i| i.bytes_per_pixel());
    (bytes.sum::<f64>() * size.pixels() as f64) as u64
}

fn working(plan: &Plan, size: Shape, mode: Option<Mode>) -> u64 {
    sides(plan, size)
        .into_iter()
        .map(|side| score_bytes(plan, shape(size, side), mode))
        .max()
        .unwrap_or(0)
}

fn sides(plan: &Plan, size: Shape) -> Vec<Side> {
    let mut sides: Vec<Side> = plan
        .variants
        .iter()
        .map(|v| Side::of(v, size.opacity))
        .collect();
    // The original is kept in any case: it is what is flattened.
    sides.push(Side::Original);
    sides.sort_unstable();
    sides.dedup();
    sides
}

/// What `side` of a picture of this size looks like.
pub(super) fn shape(mut size: Shape, side: Side) -> Shape {
    if side == Side::Flat {
        size.opacity = Opacity::Opaque;
    }
    size
}

/// References of all metrics are held at once, but only one works at a time.
fn metrics_need(plan: &Plan, shape: Shape, mode: Option<Mode>) -> Need {
    let Some(mode) = mode else {
        return Need {
            reference: 0,
            working: 0,
        };
    };
    let needs = plan.metrics.iter().map(|m| m.need(shape, mode));
    needs.fold(
        Need {
            reference: 0,
            working: 0,
        },
        |sum, need| Need {
            reference: sum.reference + need.reference,
            working: sum.working.max(need.working),
        },
    )
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}
