//! Drawing from a list, one shape a line, as in the files under `data/`: the word for the
//! shape, its numbers, its colour, and for text the words.

use super::canvas::{Canvas, Rgb, hex};
use super::font::{Face, ITALIC, SANS, SANS_BOLD, SERIF, SERIF_BOLD, Style};
use std::str::FromStr;

/// A point of the picture.
pub(super) type Point = (f32, f32);

/// The words of one line, read in turn.
struct Line<'a>(std::str::SplitN<'a, char>);

impl Line<'_> {
    fn take<T: FromStr>(&mut self) -> T {
        let value = self.0.next().and_then(|word| word.parse().ok());
        value.expect("the scene names a value here")
    }

    fn numbers<const N: usize>(&mut self) -> [f32; N] {
        std::array::from_fn(|_| self.take())
    }

    fn color(&mut self) -> Rgb {
        hex(self.0.next().map_or(0, code))
    }

    fn face(&mut self) -> Face {
        match self.take::<String>().as_str() {
            "bold" => SANS_BOLD,
            "serif" => SERIF,
            "serif-bold" => SERIF_BOLD,
            "italic" => ITALIC,
            _ => SANS,
        }
    }
}

fn code(word: &str) -> u32 {
    u32::from_str_radix(word, 16).expect("a colour in hexadecimal")
}

/// Points written `x,y x,y`.
pub(super) fn points(text: &str) -> Vec<Point> {
    let number = |n: &str| n.parse().expect("a coordinate");
    let point = |p: &str| p.split_once(',').map(|(x, y)| (number(x), number(y)));
    text.split(' ').filter_map(point).collect()
}

impl Canvas {
    /// Draws what the list says.
    pub(super) fn scene(&mut self, list: &str) {
        for line in list.lines() {
            self.shape(line);
        }
    }

    fn shape(&mut self, line: &str) {
        let words = match line.split(' ').next() {
            Some("line" | "fill") => 4,
            Some("text" | "mid" | "end") => 7,
            _ => 12,
        };
        let mut line = Line(line.splitn(words, ' '));
        match line.take::<String>().as_str() {
            "rect" => self.rect(line.numbers(), line.take(), line.color()),
            "frame" => self.frame(line.numbers(), line.take(), line.take(), line.color()),
            "shadow" => self.shadow(line.numbers(), line.take(), line.take(), line.take()),
            "disc" => self.disc(line.take(), line.take(), line.take(), line.color()),
            "ring" => {
                let [x, y, inner, outer] = line.numbers();
                self.ring(x, y, inner, outer, line.color());
            }
            "line" => {
                let (width, color) = (line.take(), line.color());
                self.polyline(&points(line.0.next().unwrap_or_default()), width, color);
            }
            "fill" => {
                let (_, color) = (line.take::<f32>(), line.color());
                self.polygon(&points(line.0.next().unwrap_or_default()), color);
            }
            anchor => {
                let (face, size, color) = (line.face(), line.take(), line.color());
                let ([x, y], words) = (line.numbers(), line.0.next().unwrap_or_default());
                let style = Style(face, size, color);
                let share = ["text", "mid", "end"].iter().position(|a| *a == anchor);
                let back = share.expect("a shape that exists") as f32 / 2.0;
                self.text(x - back * style.width(words), y, words, style);
            }
        }
    }
}
