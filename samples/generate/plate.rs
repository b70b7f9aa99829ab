//! A bicycle as an engraver's plate shows it.

use super::canvas::{Canvas, Rgb, length};
use super::maths::{cos_turns, sin_turns};
use super::scene::{Point, points};

const INK: Rgb = [0.0; 3];
const PAPER: Rgb = [1.0; 3];

fn around(at: Point, r: f32, turns: f32) -> Point {
    (at.0 + r * cos_turns(turns), at.1 + r * sin_turns(turns))
}

/// The plate, 1000 × 700, one bit a pixel; 1 is paper.
pub(super) fn plate() -> Vec<u8> {
    let mut c = Canvas::new(1000, 700, Some(PAPER));
    let (rear, front, crank) = ((300.0, 430.0), (700.0, 430.0), (452.0, 446.0));
    wheel(&mut c, rear);
    wheel(&mut c, front);
    frame(&mut c, rear, front, crank);
    drive(&mut c, rear, crank);
    c.scene(include_str!("data/saddle.txt"));
    for i in 0..74 {
        let (x, long) = (60.0 + 12.0 * i as f32, (i * 7 % 5) as f32);
        let end = (x - 9.0 - long, 591.0 + (i * 5 % 7) as f32);
        c.line((x, 581.0), end, 1.3, INK);
    }
    c.scene(include_str!("data/plate.txt"));
    c.bytes(1, 0.0)
        .chunks(1000)
        .flat_map(|row| row.chunks(8).map(byte))
        .collect()
}

fn byte(pixels: &[u8]) -> u8 {
    let bit = |(i, v): (usize, &u8)| u8::from(*v > 127) << (7 - i);
    pixels.iter().enumerate().map(bit).sum()
}

fn wheel(c: &mut Canvas, hub: Point) {
    c.ring(hub.0, hub.1, 134.0, 145.0, INK);
    c.ring(hub.0, hub.1, 126.0, 127.8, INK);
    for i in 0..64 {
        let a = i as f32 / 64.0;
        c.line(
            around(hub, 137.0, a),
            around(hub, 142.0, a + 0.004),
            1.4,
            PAPER,
        );
    }
    for i in 0..32 {
        let a = i as f32 / 32.0;
        let side = if i % 2 == 0 { 0.19 } else { -0.19 };
        c.line(around(hub, 12.0, a + side), around(hub, 127.0, a), 1.2, INK);
    }
    c.disc(hub.0, hub.1, 13.0, INK);
    c.ring(hub.0, hub.1, 4.0, 9.0, PAPER);
}

/// A tube: two lines of ink with paper between, and a line of shade below.
fn tube(c: &mut Canvas, a: Point, b: Point, t: f32) {
    c.line(a, b, t, INK);
    c.line(a, b, t - 4.0, PAPER);
    let l = length(b.0 - a.0, b.1 - a.1);
    let (nx, ny) = ((b.1 - a.1) / l, (a.0 - b.0) / l);
    let k = if ny < 0.0 { -0.16 * t } else { 0.16 * t };
    let shift = |p: Point| (p.0 + nx * k, p.1 + ny * k);
    c.line(shift(a), shift(b), 1.2, INK);
}

fn frame(c: &mut Canvas, rear: Point, front: Point, crank: Point) {
    let (seat, head, neck) = ((412.0, 262.0), (622.0, 250.0), (637.0, 292.0));
    tube(c, rear, crank, 11.0);
    tube(c, rear, seat, 10.0);
    tube(c, neck, (668.0, 372.0), 13.0);
    let mut fork = points("668,372 676,396 686,416");
    fork.push(front);
    c.polyline(&fork, 10.0, INK);
    c.polyline(&fork, 5.5, PAPER);
    tube(c, crank, seat, 15.0);
    tube(c, crank, neck, 16.0);
    tube(c, seat, head, 15.0);
    tube(c, (615.0, 230.0), neck, 19.0);
    tube(c, seat, (399.0, 222.0), 10.0);
}

/// Chainring, chain, cranks and pedals.
fn drive(c: &mut Canvas, rear: Point, crank: Point) {
    for i in 0..40 {
        let a = i as f32 / 40.0;
        c.line(around(crank, 36.0, a), around(crank, 42.0, a), 3.0, INK);
    }
    c.ring(crank.0, crank.1, 30.0, 38.0, INK);
    for i in 0..5 {
        c.line(crank, around(crank, 32.0, 0.04 + i as f32 / 5.0), 5.0, INK);
    }
    for side in [-1.0, 1.0] {
        let (a, b) = (
            (rear.0, rear.1 + side * 15.0),
            (crank.0, crank.1 + side * 41.0),
        );
        c.line(a, b, 5.0, INK);
        for i in 1..20 {
            let t = i as f32 / 20.0;
            c.disc(a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t, 1.1, PAPER);
        }
    }
    for (turn, out) in [(0.13, 4.0), (0.63, -4.0)] {
        let p = around(crank, 74.0, turn);
        c.line(crank, p, 9.0, INK);
        c.line(crank, p, 4.0, PAPER);
        c.rect([p.0 - 22.0 + out, p.1 - 5.0, 44.0, 10.0], 3.0, INK);
    }
    c.disc(crank.0, crank.1, 9.0, INK);
    c.disc(crank.0, crank.1, 4.0, PAPER);
}
