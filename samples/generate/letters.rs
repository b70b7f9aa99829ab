//! The skeletons of the letters, read from `data/font.txt`. A line there is the letter, its
//! width and its strokes: `M` moves, `L` draws a line, `C` a Bézier curve, `H` and `V` a quarter
//! ellipse that leaves level or upright, `D` a dot; `!` marks an end that never has a serif.

use super::maths::mix;
use super::scene::{Point, points};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A line of the pen, and which of its ends may have a serif.
pub(super) struct Stroke {
    pub(super) points: Vec<Point>,
    pub(super) serifs: [bool; 2],
}

/// The letters: their widths and strokes.
pub(super) static GLYPHS: LazyLock<HashMap<char, (f32, Vec<Stroke>)>> = LazyLock::new(|| {
    let lines = include_str!("data/font.txt").lines();
    lines
        .filter_map(|line| Some((line.chars().next()?, parse(line))))
        .collect()
});

fn parse(line: &str) -> (f32, Vec<Stroke>) {
    let mut words = line.split(' ').skip(1);
    let width = words
        .next()
        .and_then(|w| w.parse().ok())
        .expect("a glyph has a width");
    let mut strokes: Vec<Stroke> = Vec::new();
    let (mut command, mut controls) = ('M', Vec::new());
    for word in words {
        let letter = word.chars().next().filter(char::is_ascii_uppercase);
        command = letter.unwrap_or(command);
        let serif = !word.ends_with('!');
        let numbers = word.trim_start_matches(command).trim_end_matches('!');
        let to = points(numbers)[0];
        if command == 'M' || command == 'D' {
            let (points, serifs) = (vec![to], [serif && command == 'M', false]);
            strokes.push(Stroke { points, serifs });
            continue;
        }
        let stroke = strokes.last_mut().expect("a stroke starts with M");
        stroke.serifs[1] = serif && matches!(command, 'L' | 'H');
        let from = *stroke.points.last().expect("a stroke has a start");
        let k = 0.58;
        match command {
            'L' => stroke.points.push(to),
            'H' => {
                let a = (mix(from.0, to.0, k), from.1);
                stroke.curve(from, a, (to.0, mix(to.1, from.1, k)), to);
            }
            'V' => {
                let a = (from.0, mix(from.1, to.1, k));
                stroke.curve(from, a, (mix(to.0, from.0, k), to.1), to);
            }
            _ => controls.push(to),
        }
        if let [a, b, to] = controls[..] {
            stroke.curve(from, a, b, to);
            controls.clear();
        }
    }
    (width, strokes)
}

impl Stroke {
    /// Follows a Bézier curve.
    fn curve(&mut self, from: Point, a: Point, b: Point, to: Point) {
        for step in 1..=9 {
            let t = step as f32 / 9.0;
            let s = 1.0 - t;
            let at = |from: f32, a: f32, b: f32, to: f32| {
                s * s * s * from + 3.0 * s * t * (s * a + t * b) + t * t * t * to
            };
            let point = (at(from.0, a.0, b.0, to.0), at(from.1, a.1, b.1, to.1));
            self.points.push(point);
        }
    }
}
