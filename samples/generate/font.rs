//! Text. A face says how wide a pen draws the letters, at which angle, and whether the ends
//! wear serifs; what the letters look like is in `data/font.txt`.

use super::canvas::{Canvas, Rgb, length, to_segment};
use super::letters::{GLYPHS, Stroke};
use super::scene::Point;

/// A way of drawing the letters. The units are tenths of the type size.
#[derive(Clone, Copy)]
pub(super) struct Face {
    thick: f32,
    thin: f32,
    nib: Point,
    serif: f32,
    slant: f32,
    side: f32,
    cell: f32,
}

const fn sans(thick: f32, thin: f32) -> Face {
    Face {
        thick,
        thin,
        nib: (1.0, 0.0),
        serif: 0.0,
        slant: 0.0,
        side: 0.52,
        cell: 0.0,
    }
}
const fn book(thick: f32, thin: f32, slant: f32, side: f32) -> Face {
    Face {
        thick,
        thin,
        nib: (0.97, 0.24),
        serif: 0.85,
        slant,
        side,
        cell: 0.0,
    }
}
pub(super) const SANS: Face = sans(0.85, 0.72);
pub(super) const SANS_BOLD: Face = sans(1.4, 1.1);
pub(super) const SERIF: Face = book(0.98, 0.42, 0.0, 0.72);
pub(super) const SERIF_BOLD: Face = book(1.6, 0.5, 0.0, 0.62);
pub(super) const ITALIC: Face = Face {
    serif: 0.5,
    ..book(0.86, 0.4, 0.22, 0.5)
};
pub(super) const MONO: Face = Face {
    cell: 5.8,
    ..sans(0.8, 0.72)
};

/// A face at a size in a colour.
#[derive(Clone, Copy)]
pub(super) struct Style(pub(super) Face, pub(super) f32, pub(super) Rgb);

/// A piece of ink: a segment half as wide as `r`, kept within `y`, its ends flat where asked.
struct Ink {
    a: Point,
    b: Point,
    r: f32,
    y: [f32; 2],
    flat: [bool; 2],
}

impl Face {
    fn pen(&self, dx: f32, dy: f32) -> f32 {
        let n = (dx * self.nib.1 - dy * self.nib.0) / length(dx, dy).max(1e-6);
        (self.thin + (self.thick - self.thin) * n * n) / 2.0
    }

    /// Moves a height so that the ink, not the skeleton, ends on the line.
    fn settle(&self, y: f32) -> f32 {
        y + self.thin / 2.0 * (1.0 - y.clamp(0.0, 5.0) / 2.5)
    }

    /// How far letters with slanted sides may move up to their neighbours.
    fn tuck(&self, c: char) -> f32 {
        match c {
            _ if self.cell > 0.0 => 0.0,
            'v' | 'w' | 'y' | 'x' | 'k' | 'r' | 'f' | '7' | '/' => 0.3,
            'A' | 'V' | 'W' | 'T' | 'Y' | 'L' | 'X' | 'K' | 'Z' | 'F' => 0.3,
            'c' | 'e' | 'o' | 's' | 't' | 'z' | 'E' | 'S' if self.serif > 0.0 => 0.34,
            'b' | 'd' | 'g' | 'p' | 'q' if self.serif > 0.0 => 0.14,
            _ => 0.0,
        }
    }

    /// Small letters move in under the arms of capitals.
    fn kern(&self, before: char, c: char) -> f32 {
        let arms = self.cell == 0.0 && "TVWYFPL".contains(before) && c.is_lowercase();
        match c {
            _ if !arms => 0.0,
            'b' | 'd' | 'f' | 'h' | 'i' | 'k' | 'l' | 't' => -0.4,
            _ if before == 'L' => -0.4,
            _ => -0.8,
        }
    }

    fn advance(&self, c: char) -> f32 {
        match GLYPHS.get(&c) {
            _ if self.cell > 0.0 => self.cell,
            Some((w, _)) if c.is_ascii_digit() => w + 1.9,
            Some((w, _)) => w + self.thick + 2.0 * self.side - self.tuck(c),
            None => 2.5,
        }
    }

    fn ink(&self, c: char) -> Vec<Ink> {
        let Some((width, strokes)) = GLYPHS.get(&c) else {
            return Vec::new();
        };
        let room = if self.cell > 0.0 {
            self.cell - 1.5
        } else {
            f32::MAX
        };
        let squeeze = if *width > room { room / width } else { 1.0 };
        let left = (self.advance(c) - width * squeeze) / 2.0;
        let mut ink = Vec::new();
        for stroke in strokes {
            let place = |p: &Point| (left + p.0 * squeeze, self.settle(p.1));
            let points: Vec<_> = stroke.points.iter().map(place).collect();
            if points.len() == 1 {
                let r = self.thick * 0.62;
                let (x, y) = points[0];
                let y = if stroke.points[0].1 < 1.0 { r } else { y };
                ink.push(Ink {
                    a: (x, y),
                    b: (x, y),
                    r,
                    y: [-9.0, 9.0],
                    flat: [false; 2],
                });
            }
            for (i, p) in points.windows(2).enumerate() {
                let mirror = if "zZ".contains(c) { -1.0 } else { 1.0 };
                let r = self.pen(mirror * (p[1].0 - p[0].0), p[1].1 - p[0].1);
                let mut piece = Ink {
                    a: p[0],
                    b: p[1],
                    r,
                    y: [-9.0, 9.0],
                    flat: [false; 2],
                };
                if i == 0 {
                    self.end(&mut ink, &mut piece, 0, stroke, c);
                }
                if i + 2 == points.len() {
                    self.end(&mut ink, &mut piece, 1, stroke, c);
                }
                ink.push(piece);
            }
        }
        ink
    }

    /// Cuts the end of a stroke: level if it is steep, square otherwise; adds the serif.
    fn end(&self, ink: &mut Vec<Ink>, piece: &mut Ink, which: usize, stroke: &Stroke, c: char) {
        let (tip, other) = if which == 0 {
            (piece.a, piece.b)
        } else {
            (piece.b, piece.a)
        };
        let (dx, dy) = (tip.0 - other.0, tip.1 - other.1);
        let l = length(dx, dy).max(1e-6);
        if dy.abs() < 0.72 * l {
            piece.flat[which] = true;
            return;
        }
        let reach = 2.0 * piece.r / l;
        let moved = (tip.0 + dx * reach, tip.1 + dy * reach);
        *(if which == 0 {
            &mut piece.a
        } else {
            &mut piece.b
        }) = moved;
        let up = dy > 0.0;
        let edge = tip.1
            + if up {
                self.thin / 2.0
            } else {
                -self.thin / 2.0
            };
        piece.y[usize::from(up)] = edge;
        let height = if which == 0 {
            stroke.points[0].1
        } else {
            stroke.points[stroke.points.len() - 1].1
        };
        let on_line = [0.0, 5.0, 7.0, 7.4, -2.2].contains(&height);
        if self.serif == 0.0 || !on_line || !stroke.serifs[which] || c.is_ascii_digit() && c != '1'
        {
            return;
        }
        if c == '1' && up {
            return;
        }
        let (reach, r) = (self.serif + self.thick * 0.3, self.thin / 2.0);
        let flag = up && c.is_lowercase() && dx.abs() < 0.1 * l;
        let tail = !up && "adu".contains(c);
        let a = if flag {
            (tip.0 - reach, tip.1 - 0.55)
        } else {
            (tip.0 - reach, tip.1)
        };
        let a = if tail { tip } else { a };
        let b = (if flag { tip.0 } else { tip.0 + reach }, tip.1);
        ink.push(Ink {
            a,
            b,
            r,
            y: [-9.0, 9.0],
            flat: [!tail, !flag],
        });
    }
}

impl Canvas {
    /// Sets a line of text with its baseline at `y`; returns where it ends.
    pub(super) fn text(&mut self, mut x: f32, y: f32, text: &str, style: Style) -> f32 {
        let Style(face, size, color) = style;
        let mut before = ' ';
        for c in text.chars() {
            x += face.kern(before, c) * size / 10.0;
            self.glyph(x, y, &face.ink(c), face.slant, size / 10.0, color);
            x += face.advance(c) * size / 10.0;
            before = c;
        }
        x
    }

    /// Text that ends at `x`.
    pub(super) fn text_to(&mut self, x: f32, y: f32, text: &str, style: Style) {
        self.text(x - style.width(text), y, text, style);
    }

    /// Text with its middle at `x`.
    pub(super) fn text_mid(&mut self, x: f32, y: f32, text: &str, style: Style) {
        self.text(x - style.width(text) / 2.0, y, text, style);
    }

    /// Draws one letter: sixteen samples a pixel.
    fn glyph(&mut self, x: f32, y: f32, ink: &[Ink], slant: f32, scale: f32, color: Rgb) {
        const N: f32 = 4.0;
        let (left, top) = ((x - 4.0 * scale).floor(), (y - 9.0 * scale).floor());
        let (w, h) = ((16.0 * scale) as usize + 2, (12.5 * scale) as usize + 2);
        let mut hit = vec![false; w * h * 16];
        let unit = 1.0 / (scale * N);
        let (ox, oy) = ((left - x) * N, (y - top) * N);
        for i in ink {
            let column = |v: f32| (v / unit - ox).max(0.0) as usize;
            let low = (i.a.1.min(i.b.1) - i.r).max(i.y[0]);
            let high = (i.a.1.max(i.b.1) + i.r).min(i.y[1]);
            for row in (oy - high / unit).max(0.0) as usize
                ..=((oy - low / unit).max(0.0) as usize).min(h * 4 - 1)
            {
                let gy = (oy - row as f32 - 0.5) * unit;
                if gy < i.y[0] || gy > i.y[1] {
                    continue;
                }
                let lean = gy * slant;
                let range =
                    column(i.a.0.min(i.b.0) - i.r + lean)..=column(i.a.0.max(i.b.0) + i.r + lean);
                for col in range.filter(|c| *c < w * 4) {
                    let gx = (ox + col as f32 + 0.5) * unit - lean;
                    let (d, t) = to_segment(i.a, i.b, gx, gy);
                    hit[row * w * 4 + col] |=
                        d <= i.r && !(i.flat[0] && t < 0.0) && !(i.flat[1] && t > 1.0);
                }
            }
        }
        for py in 0..h {
            for px in 0..w {
                let count = (0..16)
                    .filter(|s| hit[(py * 4 + s / 4) * w * 4 + px * 4 + s % 4])
                    .count();
                let (cx, cy) = (left + px as f32, top + py as f32);
                if count > 0 && cx >= 0.0 && cy >= 0.0 && cx < self.w as f32 && cy < self.h as f32 {
                    self.blend(cx as usize, cy as usize, color, count as f32 / 16.0);
                }
            }
        }
    }
}

impl Style {
    /// How wide a line of text is.
    pub(super) fn width(&self, text: &str) -> f32 {
        let mut before = ' ';
        let mut sum = 0.0;
        for c in text.chars() {
            sum += self.0.kern(before, c) + self.0.advance(c);
            before = c;
        }
        sum * self.1 / 10.0
    }
}
