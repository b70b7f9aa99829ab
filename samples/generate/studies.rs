//! The other camera-like pictures: pebbles in grey, misty hills in sixteen bits, a phone photo.

use super::canvas::{Canvas, hex, length};
use super::maths::{Rng, cos_turns, exp, fbm, hash, mix, mix3, noise, sin_turns, smooth, srgb};

/// Where a stone lies, how large it is and how it is turned.
struct Stone {
    at: (f32, f32),
    size: (f32, f32),
    turn: (f32, f32),
    lift: f32,
    tone: f32,
    seed: u32,
}

impl Stone {
    fn new(rng: &mut Rng, seed: u32, w: usize, h: usize, size: f32) -> Self {
        let a = rng.unit();
        Self {
            at: (
                rng.range(-20.0, w as f32 + 20.0),
                rng.range(-20.0, h as f32 + 20.0),
            ),
            size: (size, size * rng.range(0.6, 0.95)),
            turn: (cos_turns(a), sin_turns(a)),
            lift: rng.range(0.0, 12.0) + size * 0.35,
            tone: 0.16 + 0.5 * rng.unit() * rng.unit() + 0.07 * rng.unit(),
            seed,
        }
    }

    /// The height of the stone's upper side, or nothing beside it.
    fn height(&self, x: f32, y: f32) -> Option<f32> {
        let (dx, dy) = (x - self.at.0, y - self.at.1);
        let bump = 1.0
            + 0.22 * (noise(dx / self.size.0 * 1.3, dy / self.size.0 * 1.3, self.seed)[0] - 0.5);
        let u = (dx * self.turn.0 + dy * self.turn.1) / (self.size.0 * bump);
        let v = (dy * self.turn.0 - dx * self.turn.1) / (self.size.1 * bump);
        let inside =
            1.0 - u * u * u * u * 0.35 - u * u * 0.65 - v * v * 0.65 - v * v * v * v * 0.35;
        (inside > 0.0).then(|| self.lift + self.size.1 * 0.62 * inside.sqrt())
    }
}

/// Pebbles under a low lamp.
pub(super) fn pebbles(w: usize, h: usize) -> Canvas {
    let mut rng = Rng(71);
    let mut top = vec![(0.0_f32, 0.1_f32, 0_u32); w * h];
    for seed in 1..1500 {
        let size = 7.0 + 34.0 * rng.unit() * rng.unit() * rng.unit() + 3.0 * rng.unit();
        let stone = Stone::new(&mut rng, seed, w, h, size);
        let span = |c: f32, n: usize| {
            (
                (c - size * 1.2).max(0.0) as usize,
                ((c + size * 1.2).max(0.0) as usize).min(n),
            )
        };
        let (xs, ys) = (span(stone.at.0, w), span(stone.at.1, h));
        for y in ys.0..ys.1 {
            for x in xs.0..xs.1 {
                if let Some(z) = stone
                    .height(x as f32, y as f32)
                    .filter(|z| *z > top[y * w + x].0)
                {
                    top[y * w + x] = (z, stone.tone, seed);
                }
            }
        }
    }
    let at = |x: f32, y: f32| {
        top[(y.max(0.0) as usize).min(h - 1) * w + (x.max(0.0) as usize).min(w - 1)]
    };
    let mut canvas = Canvas::new(w, h, Some([0.0; 3]));
    canvas.paint([0.0, 0.0, w as f32, h as f32], |x, y| {
        let mut light = 0.0;
        for (ox, oy) in [(-0.3, -0.3), (0.3, -0.3), (-0.3, 0.3), (0.3, 0.3)] {
            light += 0.25 * lit(&at, x + ox, y + oy);
        }
        let r = length(x / w as f32 - 0.5, y / h as f32 - 0.5);
        ([srgb(light * (1.25 - 0.9 * r * r)); 3], 1.0)
    });
    canvas
}

fn lit(at: &impl Fn(f32, f32) -> (f32, f32, u32), x: f32, y: f32) -> f32 {
    let (z, tone, seed) = at(x, y);
    let slope = |a: (f32, f32, u32), b: (f32, f32, u32)| (a.0 - b.0).clamp(-7.0, 7.0) / 2.0;
    let spots = fbm(x * 0.22 + seed as f32 * 9.0, y * 0.22, 5, seed % 9);
    let nx = -slope(at(x + 1.0, y), at(x - 1.0, y)) + 1.2 * (noise(x * 0.9, y * 0.9, 3)[0] - 0.5);
    let ny = -slope(at(x, y + 1.0), at(x, y - 1.0)) + 1.2 * (noise(x * 0.9, y * 0.9, 4)[0] - 0.5);
    let l = (nx * nx + ny * ny + 1.6).sqrt();
    let sun = ((-0.62 * nx - 0.45 * ny + 0.64 * 1.26) / l).max(0.0);
    let mut clear = 1.0_f32;
    let mut open = 0.0;
    for s in 1..16 {
        let t = s as f32 * 1.8;
        clear = clear.min(1.0 + (z + t * 0.75 - at(x - 0.8 * t, y - 0.58 * t).0) / 5.0);
        let (c, d) = (cos_turns(s as f32 * 0.382), sin_turns(s as f32 * 0.382));
        open += 1.0 / (1.0 + exp((at(x + c * t * 0.5, y + d * t * 0.5).0 - z) * 0.35 - 0.6));
    }
    let vein = smooth(
        0.03,
        0.0,
        (fbm(x * 0.02 + seed as f32, y * 0.05, 3, seed) - 0.5).abs(),
    );
    let stripes = if hash(seed as i32, 0, 1) > 0.7 {
        vein * 0.35
    } else {
        0.0
    };
    let albedo = (tone * (0.55 + 0.9 * spots) + stripes) * if seed == 0 { 0.2 } else { 1.0 };
    let shine = smooth(0.93, 1.0, sun) * 0.10;
    let ambient = open / 15.0;
    ((albedo * 1.75 + shine) * sun * clear.clamp(0.0, 1.0) + albedo * 0.45 * ambient)
        * (0.4 + 0.6 * ambient)
}

/// Hills behind hills in the morning mist, in linear light; `v` goes down from 0 to 1.
fn hills(u: f32, v: f32, near: f32) -> [f32; 3] {
    let sun = length(u - 0.64, v - 0.30);
    let mut color = mix3(
        [0.20, 0.30, 0.50],
        [0.95, 0.62, 0.40],
        smooth(-0.15, 0.55, v),
    );
    let glow = exp(-sun * sun * 90.0) * 0.5 + exp(-sun * 5.0) * 0.75;
    color = [0, 1, 2].map(|c| color[c] + glow * [1.0, 0.66, 0.34][c]);
    color = mix3(color, [1.6, 1.35, 0.95], smooth(0.042, 0.039, sun));
    for layer in 0..7 {
        let k = layer as f32 / 6.0;
        let shape = |octaves| fbm(u * (2.0 + 1.4 * k) + 7.3 * k, k * 9.0, octaves, 10 + layer);
        let soft = 0.36 + near * k * 0.5 + (0.5 - shape(2)) * (0.32 + 0.1 * k);
        let crown = |f: f32, s: u32| 1.0 - 2.0 * (noise(u * f, k, s)[0] - 0.5).abs();
        let spikes = k * k * k * (crown(95.0, 30) * crown(41.0, 31) + 0.4 * crown(210.0, 32));
        let ridge = soft + (shape(2) - shape(6)) * (0.32 + 0.1 * k) - spikes * 0.03;
        let (below, depth) = (v - ridge, (v - soft + 0.03).max(0.0));
        let fog = mix3([0.86, 0.62, 0.46], [0.34, 0.40, 0.50], k);
        let dark = mix3(
            [0.40, 0.42, 0.52],
            [0.008, 0.016, 0.022],
            1.0 - (1.0 - k) * (1.0 - k),
        );
        let mist = (1.0 - exp(-depth * 6.5)) * (1.0 - 0.88 * k);
        let body = mix3(
            dark,
            fog,
            (mist + 0.3 * exp(-sun * 4.0) * (1.0 - k)).min(1.0),
        );
        color = mix3(color, body, smooth(-0.0012, 0.0012, below));
    }
    color
}

/// The hills as a scanner delivers them: sixteen bits a channel, with fine grain.
pub(super) fn scan(w: usize, h: usize) -> Vec<u8> {
    let mut rng = Rng(16);
    let mut out = Vec::with_capacity(w * h * 6);
    for y in 0..h {
        for x in 0..w {
            let color = hills(
                (x as f32 + 0.5) / w as f32,
                (y as f32 + 0.5) / h as f32,
                0.95,
            );
            for v in color {
                let level = srgb(v / (1.0 + 0.35 * v)) * 65_535.0 + rng.normal() * 34.0;
                out.extend((level.clamp(0.0, 65_535.0) as u16).to_be_bytes());
            }
        }
    }
    out
}

/// A phone photo of a sign, upright.
pub(super) fn sign(w: usize, h: usize) -> Canvas {
    let mut c = Canvas::new(w, h, Some([0.0; 3]));
    c.paint([0.0, 0.0, w as f32, h as f32], |x, y| {
        (
            hills(x / w as f32 * 0.8 + 0.1, y / h as f32, 0.8).map(|v| srgb(v / (1.0 + 0.35 * v))),
            1.0,
        )
    });
    let post = |x: f32, y: f32| {
        let grain = fbm(x * 0.5, y * 0.03, 4, 3) * 0.5 + 0.35;
        (
            mix3(
                hex(0x3a2718),
                hex(0x8d6a48),
                grain - 0.3 * smooth(190.0, 212.0, x),
            ),
            1.0,
        )
    };
    c.paint([190.0, 400.0, 210.0, h as f32], post);
    c.shadow([92.0, 156.0, 216.0, 266.0], 18.0, 16.0, 0.5);
    c.rect([92.0, 150.0, 216.0, 266.0], 18.0, hex(0xf4f1e8));
    c.paint([93.0, 151.0, 305.0, 413.0], |x, y| {
        let wear = fbm(x * 0.05, y * 0.05, 5, 8);
        let inside = super::canvas::round_rect([100.0, 158.0, 200.0, 250.0], 12.0, x, y) < 0.0;
        let blue = mix3(hex(0x1b5e96), hex(0x2f7fb8), wear + 0.002 * (300.0 - y));
        (blue, if inside { 1.0 } else { 0.0 })
    });
    c.scene(include_str!("data/sign.txt"));
    let dim = |x: f32, y: f32| {
        mix(
            0.0,
            0.45,
            length(x / w as f32 - 0.5, y / h as f32 - 0.5).min(1.0),
        )
    };
    c.paint([0.0, 0.0, w as f32, h as f32], |x, y| {
        ([0.0; 3], dim(x, y) * dim(x, y))
    });
    c
}
