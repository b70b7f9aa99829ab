//! A screenshot: an editor window on a desktop.

use super::canvas::{Canvas, Rgb, hex};
use super::font::{MONO, SANS, SANS_BOLD, Style};
use super::maths::{mix3, sin_turns};

const MUTED: Rgb = hex(0x77808c);
const KEYWORDS: &str = " pub fn let mut for in if use const struct impl as ";
const TYPES: &str = " u32 u64 f32 String BTreeMap Option Asset Some WIDTHS ";

/// The screen, 1280 × 800.
pub(super) fn screen() -> Canvas {
    let mut c = Canvas::new(1280, 800, Some([1.0; 3]));
    c.paint([0.0, 0.0, 1280.0, 800.0], |x, y| {
        let t = x / 1280.0 * 0.6 + y / 800.0 * 0.4 + 0.04 * sin_turns(x / 900.0 + y / 500.0);
        let color = mix3(hex(0x27406b), hex(0xc9746a), t.clamp(0.0, 1.0));
        (color, 1.0)
    });
    c.scene(include_str!("data/window.txt"));
    for (i, line) in include_str!("data/files.txt").lines().enumerate() {
        file(&mut c, 140.0 + 26.0 * i as f32, line);
    }
    for i in 0..30 {
        let k = i as f32;
        let h = 74.0 - 1.3 * k + 9.0 * sin_turns(k * 0.23) + 5.0 * sin_turns(k * 0.41);
        let color = hex(if i == 29 { 0x2f6fed } else { 0xb8cff8 });
        let bar = [922.0 + 9.6 * k, (284.0 - h).floor(), 7.0, h.ceil()];
        c.rect(bar, 1.5, color);
    }
    for (i, line) in include_str!("data/code.txt").lines().enumerate() {
        let y = 138.0 + 15.9 * i as f32;
        let number = hex(if i == 22 { 0xd5dae4 } else { 0x596274 });
        c.text_to(286.0, y, &format!("{}", i + 1), Style(MONO, 12.5, number));
        code(&mut c, 304.0, y, line);
    }
    c
}

/// A row of the sidebar: depth, state and name; a folder ends in a slash.
fn file(c: &mut Canvas, y: f32, line: &str) {
    let (place, name) = line.split_at(4);
    let x = 62.0
        + if place.starts_with('0') {
            0.0
        } else if place.starts_with('1') {
            17.0
        } else {
            34.0
        };
    if name.ends_with('/') {
        c.polyline(
            &[(x - 2.0, y - 7.0), (x + 2.0, y - 3.0), (x + 6.0, y - 7.0)],
            1.6,
            MUTED,
        );
        c.rect([x + 12.0, y - 11.0, 7.0, 4.0], 1.5, hex(0x6fa8f0));
        c.rect([x + 12.0, y - 9.0, 15.0, 10.0], 2.0, hex(0x6fa8f0));
    } else {
        c.rect([x + 13.0, y - 12.0, 11.0, 14.0], 2.0, hex(0xa9b3c0));
        c.rect([x + 15.0, y - 8.0, 7.0, 1.0], 0.0, [1.0; 3]);
        c.rect([x + 15.0, y - 5.0, 7.0, 1.0], 0.0, [1.0; 3]);
    }
    let label = Style(SANS, 14.5, hex(0x1f2430));
    c.text(x + 33.0, y, name.trim_end_matches('/'), label);
    let state = place[2..].trim();
    if state != "-" {
        let color = hex(if state == "A" { 0x2a9d6a } else { 0xb87a10 });
        c.text_to(230.0, y, state, Style(SANS_BOLD, 13.0, color));
    }
}

/// One line of code, coloured.
fn code(c: &mut Canvas, mut x: f32, y: f32, line: &str) {
    let style = |color| Style(MONO, 13.6, hex(color));
    let start = line.trim_start();
    if start.starts_with("//") || start.starts_with('#') {
        let color = if start.starts_with('#') {
            0xd9b36c
        } else {
            0x75869c
        };
        c.text(x, y, line, style(color));
        return;
    }
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let stop = |c: char| c == ' ' || in_word(c) != in_word(first);
        let end = rest[1..].find(stop).map_or(rest.len(), |i| i + 1);
        let word = &rest[..end];
        rest = &rest[end..];
        let listed = |list: &str| first != ' ' && list.contains(&format!(" {word} "));
        let color = match first {
            _ if listed(KEYWORDS) => 0xc792ea,
            _ if listed(TYPES) => 0xf2c76e,
            _ if word == "self" || word == "std" => 0xf07f8a,
            '0'..='9' => 0xf59762,
            _ if first.is_alphabetic() && rest.starts_with('(') => 0x7fb2ff,
            _ if first.is_alphabetic() => 0xdde3ee,
            _ => 0x8fd3e8,
        };
        x = c.text(x, y, word, style(color));
    }
}
