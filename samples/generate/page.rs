//! A page from an annual review: three columns of text, a figure and a table.

use super::canvas::{Canvas, Rgb, hex};
use super::font::{SANS, SANS_BOLD, SERIF, Style};
use super::maths::{cos_turns, sin_turns, smooth};

const INK: Rgb = hex(0x16181b);
const ACCENT: Rgb = hex(0x0a6c74);
const RED: Rgb = hex(0xc2452d);
const COLUMN: f32 = 410.0;
const LEADING: f32 = 20.6;
const BODY: Style = Style(SERIF, 16.4, INK);

/// The page, 1458 × 1126.
pub(super) fn page() -> Canvas {
    let mut c = Canvas::new(1458, 1126, Some([1.0; 3]));
    c.scene(include_str!("data/page.txt"));
    curve(&mut c);
    table(&mut c, 964.0, 770.0);
    let mut slots = Vec::new();
    for (x, top, bottom) in [
        (84.0, 326.0, 1052.0),
        (524.0, 635.0, 1052.0),
        (964.0, 326.0, 744.0),
    ] {
        let lines = ((bottom - top) / LEADING) as usize;
        slots.extend((0..=lines).map(|i| (x, top + 13.0 + LEADING * i as f32)));
    }
    flow(&mut c, &slots);
    c
}

/// Sets the text into the slots, one line each.
fn flow(c: &mut Canvas, slots: &[(f32, f32)]) {
    let mut slots = slots.iter().peekable();
    let (mut column, mut after_heading) = (0.0, true);
    for block in include_str!("data/article.txt").lines() {
        if let Some(heading) = block.strip_prefix("# ") {
            let top_of_column = slots.peek().is_none_or(|s| s.0 != column);
            let skipped = if top_of_column { None } else { slots.next() };
            if let Some((x, y)) = slots.next().or(skipped) {
                c.text(*x, y - 1.0, heading, Style(SANS_BOLD, 18.5, ACCENT));
            }
            after_heading = true;
            continue;
        }
        let indent = if after_heading { 0.0 } else { 18.0 };
        after_heading = false;
        for (i, (line, last)) in wrap(block, COLUMN, indent).iter().enumerate() {
            let (x, y) = *slots.next().expect("the text fits the page");
            column = x;
            let inset = if i == 0 { indent } else { 0.0 };
            justify(
                c,
                (x + inset, y),
                line,
                if *last { 0.0 } else { COLUMN - inset },
            );
        }
    }
}

/// Breaks a paragraph into lines; the last one is marked.
fn wrap(text: &str, width: f32, indent: f32) -> Vec<(String, bool)> {
    let mut lines: Vec<(String, bool)> = vec![(String::new(), false)];
    for word in text.split(' ') {
        let room = width - if lines.len() == 1 { indent } else { 0.0 };
        let line = &mut lines.last_mut().expect("there is a line").0;
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if BODY.width(&longer) > room + 5.0 {
            lines.push((word.to_owned(), false));
        } else {
            *line = longer;
        }
    }
    lines.last_mut().expect("there is a line").1 = true;
    lines
}

fn justify(c: &mut Canvas, (mut x, y): (f32, f32), line: &str, width: f32) {
    let gaps = line.matches(' ').count().max(1) as f32;
    let extra = if width > 0.0 {
        (width - BODY.width(line)) / gaps
    } else {
        0.0
    };
    for word in line.split(' ') {
        x = c.text(x, y, word, BODY) + BODY.width(" ") + extra;
    }
}

/// A week of tides in the box that `page.txt` draws.
fn curve(c: &mut Canvas) {
    let tide = |t: f32| {
        let range = 2.45 - 1.25 * smooth(0.0, 7.0, t);
        2.6 + range * cos_turns(t * 1.932 + 0.1) + 0.12 * sin_turns(t * 0.966)
    };
    let at = |i: i32| (568.0 + i as f32 / 1.2, 530.0 - 32.0 * tide(i as f32 / 60.0));
    let points: Vec<_> = (0..=420).map(at).collect();
    c.polyline(&points, 2.2, ACCENT);
}

fn table(c: &mut Canvas, x: f32, y: f32) {
    for (r, row) in include_str!("data/table.txt").lines().enumerate() {
        let base = y + 42.0 + 28.0 * r as f32;
        let (face, color) = if r == 0 {
            (SANS_BOLD, [1.0; 3])
        } else {
            (SANS, INK)
        };
        let ground = if r == 0 {
            ACCENT
        } else if r % 2 == 0 {
            hex(0xeaf2f2)
        } else {
            [1.0; 3]
        };
        c.rect([x, base - 20.0, COLUMN, 28.0], 0.0, ground);
        for (cell, at) in row.split('|').zip([10.0, 180.0, 252.0, 316.0, 402.0]) {
            let color = if cell == "14" || cell == "521" {
                RED
            } else {
                color
            };
            let style = Style(face, 14.5, color);
            let back = if at > 20.0 { style.width(cell) } else { 0.0 };
            c.text(x + at - back, base, cell, style);
        }
    }
    c.rect([x, y + 22.0 + 28.0 * 9.0, COLUMN, 2.0], 0.0, ACCENT);
}
