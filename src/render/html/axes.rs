//! Charts with two axes: what is around the data, and names inside it.

use super::draw::{ACROSS, LETTER, Px, Scale, Shape, WIDTH, line, text};

/// Where a chart with two axes has its data: left, top, right, bottom.
pub(super) const FRAME: [f64; 4] = [54.0, 26.0, 510.0, 264.0];
/// Columns and rows of a chart with two axes.
pub(super) const CHART: [Px; 2] = [Px(WIDTH), Px(306.0)];
/// Room that a figure needs above another.
const UP: f64 = 28.0;

/// An axis: where figures are, how they are written, and what they are.
pub(super) struct Axis {
    pub(super) scale: Scale,
    pub(super) label: fn(f64) -> String,
    pub(super) title: String,
}

/// Grid lines, figures and titles of two axes around [`FRAME`].
pub(super) fn axes(x: &Axis, y: &Axis) -> Vec<Shape> {
    let [left, top, right, bottom] = FRAME;
    let mut shapes = Vec::new();
    for tick in y.scale.ticks(UP) {
        let at = y.scale.at(tick);
        shapes.push(line("grid", [left, at], [right, at]));
        shapes.push(text("end dim", [left - 8.0, at + 4.0], (y.label)(tick)));
    }
    for tick in x.scale.ticks(ACROSS) {
        let at = x.scale.at(tick);
        shapes.push(line("grid", [at, top], [at, bottom]));
        shapes.push(text("mid dim", [at, bottom + 17.0], (x.label)(tick)));
    }
    shapes.push(line("axis", [left, bottom], [right, bottom]));
    shapes.push(text("dim", [0.0, 13.0], y.title.clone()));
    shapes.push(text("end dim", [right, bottom + 36.0], x.title.clone()));
    shapes
}

/// Names beside the points they belong to, in the order they matter: none covers another, or one of `marks`. Those that
/// find no room are left out.
pub(super) fn names(named: &[([f64; 2], &str)], marks: &[[f64; 2]]) -> Vec<Shape> {
    let mut taken: Vec<[f64; 4]> = marks
        .iter()
        .map(|[x, y]| [x - 6.0, y - 6.0, x + 6.0, y + 6.0])
        .collect();
    let mut shapes = Vec::new();
    for ([x, y], name) in named {
        let width = name.chars().count() as f64 * LETTER;
        let places = [
            ("halo", x + 10.0, y + 4.5, x + 10.0),
            ("end halo", x - 10.0, y + 4.5, x - 10.0 - width),
            ("mid halo", *x, y - 11.0, x - width / 2.0),
            ("mid halo", *x, y + 20.0, x - width / 2.0),
        ];
        let free = places.into_iter().find_map(|(class, x, y, left)| {
            let own = [left, y - 11.0, left + width, y + 3.0];
            let apart = |other: &[f64; 4]| {
                own[2] <= other[0] || other[2] <= own[0] || own[3] <= other[1] || other[3] <= own[1]
            };
            let inside =
                own[0] >= FRAME[0] && own[2] <= WIDTH && own[1] >= 0.0 && own[3] <= FRAME[3];
            (inside && taken.iter().all(apart)).then_some((class, [x, y], own))
        });
        if let Some((class, at, own)) = free {
            taken.push(own);
            shapes.push(text(class, at, (*name).to_owned()));
        }
    }
    shapes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cover_neither_marks_nor_each_other() {
        let at = [[200.0, 100.0], [230.0, 100.0], [202.0, 104.0]];
        let named = [(at[0], "one"), (at[1], "two"), (at[2], "three")];
        let places: Vec<[f64; 2]> = names(&named, &at)
            .into_iter()
            .map(|shape| match shape {
                Shape::Text { at, .. } => at.map(|px| px.0),
                _ => unreachable!(),
            })
            .collect();
        // Right of the first is the second, left of the third the first's name.
        assert_eq!(places, [[190.0, 104.5], [240.0, 104.5], [202.0, 124.0]]);
        let crowd = [at[0]; 9].map(|at| (at, "the same"));
        assert!(names(&crowd, &at).len() < 5);
    }
}
