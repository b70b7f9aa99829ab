//! How bars are drawn.

use super::super::super::units;
use super::super::draw::{
    ACROSS, Px, Scale, Shape, Steps, WIDTH, line, polyline, rect, short, text,
};
use super::super::figure::hue;
use super::Bar;

/// Rows of the drawing that a format takes: its name and figures, and its bar below them.
const ROW: f64 = 46.0;
/// Where the bar is in them.
const BAR: [f64; 2] = [21.0, 37.0];
/// A bar is not drawn longer than this many times the one that is 100 %.
const LONGEST: f64 = 2.0;

impl Bar {
    /// The ends of its interval, where that is one.
    fn ends(&self) -> Option<[f64; 2]> {
        self.size.interval.filter(|ends| ends[0] != ends[1])
    }

    /// `−26.9 % [−49.1, +5.1] · 71.2`
    fn figures(&self) -> String {
        let interval = self.ends().map_or_else(String::new, |ends| {
            format!(" [{}]", ends.map(units::points).join(", "))
        });
        let score = self
            .score
            .as_ref()
            .map_or_else(String::new, |score| format!(" · {score}"));
        let change = if self.size.mean == 1.0 {
            "100 %".into()
        } else {
            units::change(self.size.mean)
        };
        format!("{change}{interval}{score}")
    }
}

/// Width and height of the drawing.
pub(super) fn size(bars: &[Bar]) -> [Px; 2] {
    [Px(WIDTH), Px(bars.len() as f64 * ROW + 26.0)]
}

pub(super) fn shapes(bars: &[Bar]) -> Vec<Shape> {
    let longest = bars
        .iter()
        .map(|bar| bar.size.interval.map_or(bar.size.mean, |ends| ends[1]));
    let longest = longest.fold(1.0, f64::max).min(LONGEST) * 1.05;
    let x = Scale::new([0.0, longest], Steps::Linear, [0.0, WIDTH - 2.0]);
    let bottom = bars.len() as f64 * ROW + 2.0;
    let mut shapes = Vec::new();
    for tick in x.ticks(ACROSS) {
        shapes.push(line("grid", [x.at(tick), 4.0], [x.at(tick), bottom]));
        let class = if tick == 0.0 { "dim" } else { "mid dim" };
        let percent = format!("{} %", short(tick * 100.0));
        shapes.push(text(class, [x.at(tick), bottom + 17.0], percent));
    }
    for (nth, bar) in bars.iter().enumerate() {
        let top = nth as f64 * ROW;
        let [above, below] = BAR.map(|y| top + y);
        let middle = f64::midpoint(above, below);
        let end = x.at(bar.size.mean.min(longest));
        shapes.push(text("halo strong", [0.0, top + 14.0], bar.name.clone()));
        shapes.push(text("end halo", [WIDTH, top + 14.0], bar.figures()));
        let class = hue(bar.nth) + if bar.lossless { " pale" } else { "" };
        shapes.push(rect(&class, [0.0, above], [end, below - above]));
        shapes.push(line(
            "even",
            [x.at(1.0), above - 3.0],
            [x.at(1.0), below + 3.0],
        ));
        if bar.size.mean > longest {
            // It goes on beyond the chart.
            let cut = [[end - 12.0, below + 2.0], [end - 6.0, above - 2.0]];
            shapes.push(polyline("cut", &cut));
        } else if let Some(ends) = bar.ends() {
            let [low, high] = ends.map(|v| x.at(v.min(longest)));
            shapes.push(line("whisker", [low, middle], [high, middle]));
            for (at, value) in [(low, ends[0]), (high, ends[1])] {
                if value <= longest {
                    shapes.push(line("whisker", [at, middle - 4.0], [at, middle + 4.0]));
                }
            }
        }
    }
    shapes
}
