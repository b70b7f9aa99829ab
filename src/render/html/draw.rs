//! Charts as a few kinds of shape. Pure: figures become places, and `drawing.html` writes them as SVG.

use std::fmt;

use askama::Template;

use super::super::units;

/// A picture made of shapes, that says in words what it shows.
#[derive(Template)]
#[template(path = "drawing.html", config = "src/render/html/askama.toml")]
pub(super) struct Drawing {
    /// What its elements' ids begin with.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) description: String,
    /// Columns and rows, in its own units.
    pub(super) size: [Px; 2],
    pub(super) shapes: Vec<Shape>,
}

/// A part of a [`Drawing`], back to front. `class` says how it looks.
pub(super) enum Shape {
    Line {
        class: String,
        from: [Px; 2],
        to: [Px; 2],
    },
    Rect {
        class: String,
        at: [Px; 2],
        size: [Px; 2],
    },
    /// An outline, with a text for those who point at it.
    Path {
        class: String,
        d: String,
        tip: String,
    },
    Text {
        class: &'static str,
        at: [Px; 2],
        text: String,
    },
}

/// A place or length, to a tenth.
#[derive(Clone, Copy)]
pub(super) struct Px(pub(super) f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (self.0 * 10.0).round() / 10.0 + 0.0)
    }
}

/// How figures become places.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    steps: Steps,
    domain: [f64; 2],
    range: [f64; 2],
}

/// What equal distances on a [`Scale`] mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Steps {
    /// Equal differences.
    Linear,
    /// Equal ratios, of figures above 0.
    Log,
}

impl Scale {
    /// A scale that has all of `values`, and some room beside them, in `range`.
    pub(super) fn over(
        values: impl IntoIterator<Item = f64>,
        steps: Steps,
        range: [f64; 2],
    ) -> Option<Self> {
        let usable = |v: &f64| v.is_finite() && (steps == Steps::Linear || *v > 0.0);
        let mut values = values.into_iter().filter(usable);
        let first = values.next()?;
        let ends = values.fold([first; 2], |[low, high], v| [low.min(v), high.max(v)]);
        let [low, high] = ends;
        let domain = match steps {
            Steps::Linear => {
                let room = ((high - low) * 0.06).max(0.5);
                [low - room, high + room]
            }
            Steps::Log => {
                let room = (high / low).powf(0.06).max(1.15);
                [low / room, high * room]
            }
        };
        Some(Self::new(domain, steps, range))
    }

    /// A scale of just `domain`.
    pub(super) fn new(domain: [f64; 2], steps: Steps, range: [f64; 2]) -> Self {
        Self {
            steps,
            domain,
            range,
        }
    }

    /// Where `value` is.
    pub(super) fn at(&self, value: f64) -> f64 {
        let f = |v: f64| match self.steps {
            Steps::Linear => v,
            Steps::Log => v.ln(),
        };
        let [low, high] = self.domain.map(f);
        let [from, to] = self.range;
        from + (f(value) - low) / (high - low) * (to - from)
    }

    /// Round figures to mark, none nearer to the next than `apart`.
    pub(super) fn ticks(&self, apart: f64) -> Vec<f64> {
        let [low, high] = self.domain;
        let most = ((self.range[1] - self.range[0]).abs() / apart).max(2.0);
        let inside = |v: &f64| *v >= low && *v <= high;
        match self.steps {
            Steps::Linear => {
                let rough = (high - low) / most;
                let magnitude = 10_f64.powf(rough.log10().floor());
                let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * magnitude);
                let step = step.into_iter().find(|s| *s >= rough).unwrap_or(rough);
                let first = (low / step).ceil() as i64;
                let last = (high / step).floor() as i64;
                (first..=last).map(|n| n as f64 * step).collect()
            }
            Steps::Log => {
                let decades = low.log10().floor() as i32..=high.log10().ceil() as i32;
                let all = |marks: &[f64]| -> Vec<f64> {
                    let powers = decades.clone().map(|d| 10_f64.powi(d));
                    let ticks = powers.flat_map(|p| marks.iter().map(move |m| m * p));
                    ticks.filter(inside).collect()
                };
                let grids: [&[f64]; 5] = [
                    &[
                        1.0, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0,
                        9.0,
                    ],
                    &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0],
                    &[1.0, 2.0, 5.0],
                    &[1.0, 3.0],
                    &[1.0],
                ];
                let near = |ticks: &[f64]| {
                    ticks
                        .windows(2)
                        .any(|w| (self.at(w[1]) - self.at(w[0])).abs() < apart)
                };
                let fitting = grids.into_iter().map(all).find(|ticks| !near(ticks));
                fitting.unwrap_or_default()
            }
        }
    }
}

/// Columns of every chart: about as many as the page has pixels for it, so that texts are as large as those around it.
pub(super) const WIDTH: f64 = 520.0;
/// Room that a figure needs beside another on an axis that goes across.
pub(super) const ACROSS: f64 = 58.0;
/// What a letter takes of a line of a chart, at most.
pub(super) const LETTER: f64 = 7.8;

pub(super) fn line(class: &str, from: [f64; 2], to: [f64; 2]) -> Shape {
    Shape::Line {
        class: class.into(),
        from: from.map(Px),
        to: to.map(Px),
    }
}

pub(super) fn rect(class: &str, at: [f64; 2], size: [f64; 2]) -> Shape {
    Shape::Rect {
        class: class.into(),
        at: at.map(Px),
        size: size.map(|side| Px(side.max(0.0))),
    }
}

pub(super) fn text(class: &'static str, at: [f64; 2], text: String) -> Shape {
    Shape::Text {
        class,
        at: at.map(Px),
        text,
    }
}

/// A line through `points`.
pub(super) fn polyline(class: &str, points: &[[f64; 2]]) -> Shape {
    let steps = points.iter().enumerate().map(|(nth, [x, y])| {
        let verb = if nth == 0 { "M" } else { "L" };
        format!("{verb}{} {}", Px(*x), Px(*y))
    });
    Shape::Path {
        class: class.into(),
        d: steps.collect(),
        tip: String::new(),
    }
}

/// The mark of the `nth` of several kinds: each has a form of its own, so that colour does not tell alone.
pub(super) fn mark(nth: usize, class: &str, [x, y]: [f64; 2], tip: String) -> Shape {
    let (x, y) = (Px(x), Px(y));
    let form = match nth % 6 {
        0 => "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
        1 => "m-4.5-4.5h9v9h-9z",
        2 => "m0-6l5.5 9.5h-11z",
        3 => "m0-6l6 6l-6 6l-6-6z",
        4 => "m0 6l5.5-9.5h-11z",
        _ => "m-1.7-5.5h3.4v3.8h3.8v3.4h-3.8v3.8h-3.4v-3.8h-3.8v-3.4h3.8z",
    };
    Shape::Path {
        class: format!("mark {class}"),
        d: format!("M{x} {y}{form}"),
        tip,
    }
}

/// A figure as short as an axis wants it: `0.05`, `1.5`, `20`.
pub(super) fn short(value: f64) -> String {
    // Zeros at the end go; only what is in fact between two whole numbers shows.
    let decimals = match value.abs() {
        v if v >= 100.0 => 1,
        v if v >= 0.095 => 2,
        _ => 3,
    };
    let text = units::fixed(value, decimals);
    match text.split_once('.') {
        Some((whole, part)) => {
            let part = part.trim_end_matches('0');
            let dot = if part.is_empty() { "" } else { "." };
            format!("{whole}{dot}{part}")
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_room_for_all_it_shows() {
        for steps in [Steps::Linear, Steps::Log] {
            let values = [0.2, 3.0, 41.0, f64::NAN, f64::INFINITY];
            let scale = Scale::over(values, steps, [0.0, 100.0]).unwrap();
            assert!(scale.at(0.2) > 0.0 && scale.at(41.0) < 100.0);
            assert!(scale.at(3.0) > scale.at(0.2) && scale.at(3.0) < scale.at(41.0));
            let ticks = scale.ticks(12.0);
            assert!((3..=9).contains(&ticks.len()), "{ticks:?}");
            assert!(ticks.windows(2).all(|w| w[0] < w[1]), "{ticks:?}");
            let places: Vec<f64> = ticks.iter().map(|tick| scale.at(*tick)).collect();
            assert!(places.windows(2).all(|w| w[1] - w[0] >= 12.0), "{places:?}");
        }
        let one = Scale::over([7.0], Steps::Log, [0.0, 100.0]).unwrap();
        assert!((one.at(7.0) - 50.0).abs() < 1e-6);
        assert!(Scale::over([0.0, -1.0], Steps::Log, [0.0, 1.0]).is_none());
        assert!(Scale::over([], Steps::Linear, [0.0, 1.0]).is_none());
    }

    #[test]
    fn figures_on_axes_are_short() {
        for (value, text) in [
            (0.05, "0.05"),
            (0.5, "0.5"),
            (1.5, "1.5"),
            (20.0, "20"),
            (70.5, "70.5"),
            (1.25, "1.25"),
            (-30.0, "−30"),
            (0.002, "0.002"),
        ] {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn places_are_written_to_a_tenth_and_without_minus_zero() {
        let written = [0.04, -0.04, 1.26, 100.0].map(|v| Px(v).to_string());
        assert_eq!(written, ["0", "0", "1.3", "100"]);
    }
}
