//! The drawn pictures: a logo with alpha and a chart.

use super::canvas::{Canvas, hex, length, polygon};
use super::font::{SANS, SANS_BOLD, Style};
use super::maths::{exp, mix3, sin_turns, smooth};
use super::scene::{Point, points};

/// The planes of the boat: corners, and the colours at its top and bottom.
const BOAT: [(&str, u32, u32); 4] = [
    ("256,88 256,238 178,238", 0xffffff, 0xdcecf8),
    ("256,88 334,238 256,238", 0xd6e6f6, 0xa9c6e6),
    ("132,226 256,250 256,300 186,300", 0xf6fbff, 0xcfe2f4),
    ("380,226 326,300 256,300 256,250", 0xbfd6ee, 0x8fb4dc),
];
const WAVES: [(f32, u32); 3] = [(292.0, 0x7fe3f0), (312.0, 0x2fa4e4), (334.0, 0x1763c4)];

/// A paper boat on a round ground, its shadow partly transparent.
pub(super) fn logo() -> Canvas {
    let mut c = Canvas::new(512, 512, None);
    let (mx, my, r) = (256.0, 206.0, 176.0);
    let area = [60.0, 20.0, 450.0, 400.0];
    c.paint([0.0, 0.0, 511.0, 511.0], |x, y| {
        let d = ((length(x - mx, y - my - 16.0) - r) / 24.0).max(-1.0) + 1.0;
        ([0.03, 0.08, 0.18], 0.42 * exp(-d * d * 1.5))
    });
    c.paint(area, |x, y| {
        let d = length(x - mx, y - my);
        let t = ((x - mx) * 0.4 + (y - my)) / (2.2 * r) + 0.5;
        let color = mix3(hex(0x35d0c0), hex(0x1f4fd8), smooth(0.0, 1.0, t));
        let sheen = 0.22 * exp(-length(x - mx + 60.0, y - my + 90.0) / 90.0);
        (mix3(color, [1.0; 3], sheen), (r + 0.5 - d).clamp(0.0, 1.0))
    });
    for (corners, from, to) in BOAT {
        let corners = points(corners);
        c.paint(area, |x, y| {
            let t = ((y - 88.0) / 212.0).clamp(0.0, 1.0);
            let inside = (0.5 - polygon(&corners, x, y)).clamp(0.0, 1.0);
            (mix3(hex(from), hex(to), t), inside)
        });
    }
    for (k, (level, color)) in WAVES.into_iter().enumerate() {
        c.paint(area, |x, y| {
            let wave = level + 9.0 * sin_turns(x / 118.0 + 0.31 * k as f32);
            let d = (length(x - mx, y - my) - r).max(wave - y);
            (hex(color), (0.5 - d).clamp(0.0, 1.0) * 0.88)
        });
    }
    c.text_mid(
        256.0,
        466.0,
        "Regatta",
        Style(SANS_BOLD, 74.0, hex(0x14305e)),
    );
    c
}

/// A month a line: JPEG, PNG and WebP in gigabytes, and the hit rate.
const YEAR: &str = "Jan 412 296 64 76\nFeb 418 301 72 77.5\nMar 405 288 95 77\nApr 398 290 118 80
May 401 283 141 82.5\nJun 390 276 170 84\nJul 384 279 196 83\nAug 379 268 214 86.5
Sep 371 262 239 88\nOct 366 255 251 90.5\nNov 360 249 268 92\nDec 352 240 281 94";

/// A year of image traffic: bars by month, a line for the hit rate.
pub(super) fn chart() -> Canvas {
    let mut c = Canvas::new(900, 600, Some([1.0; 3]));
    let y_of = |v: f32| 500.0 - v * 0.7;
    let (mid, green) = (hex(0x66717d), hex(0x1c9a6c));
    for step in 0..=5 {
        let y = y_of(100.0 * step as f32);
        let (thick, color) = if step == 0 {
            (2.0, mid)
        } else {
            (1.0, hex(0xe1e5ea))
        };
        c.rect([84.0, y, 746.0, thick], 0.0, color);
        c.text_to(
            74.0,
            y + 6.0,
            &format!("{}", 100 * step),
            Style(SANS, 17.0, mid),
        );
        c.text(
            840.0,
            y + 6.0,
            &format!("{}%", 50 + 10 * step),
            Style(SANS, 17.0, green),
        );
    }
    let mut rate: Vec<Point> = Vec::new();
    for (m, line) in YEAR.lines().enumerate() {
        let x = 92.0 + 61.5 * m as f32;
        let (name, numbers) = line.split_once(' ').expect("a month has numbers");
        let values: Vec<f32> = numbers.split(' ').filter_map(|n| n.parse().ok()).collect();
        for (s, color) in [0xd9822b, 0x5b6b7b, 0x2a7de1].into_iter().enumerate() {
            let y = y_of(values[s]).floor();
            let left = (x + 16.0 * s as f32).floor();
            c.rect([left, y, 15.0, 500.0 - y], 0.0, hex(color));
        }
        c.text_mid(x + 24.0, 525.0, name, Style(SANS, 17.0, hex(0x1d2733)));
        rate.push((x + 24.0, y_of((values[3] - 50.0) * 10.0)));
    }
    c.polyline(&rate, 6.0, [1.0; 3]);
    c.polyline(&rate, 3.0, green);
    for (x, y) in rate {
        c.disc(x, y, 6.0, [1.0; 3]);
        c.disc(x, y, 4.5, green);
    }
    c.scene(include_str!("data/chart.txt"));
    c
}
