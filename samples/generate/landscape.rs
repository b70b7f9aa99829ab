//! A mountain lake in the afternoon, by tracing a height field column by column.

use super::canvas::{Canvas, length};
use super::maths::{exp, fbm, hash, mix, mix3, noise, pow, sin_turns, smooth, srgb};

const W: usize = 960;
const H: usize = 640;
/// The picture is traced at twice its size.
const GW: usize = 2 * W;
const GH: usize = 2 * H;
const FOCAL: f32 = 1850.0;
const HORIZON: f32 = 0.54 * GH as f32;
const EYE: f32 = 0.13;
const STEPS: usize = 1100;
const SUN: [f32; 3] = [0.80, 0.38, 0.46];
const SUNLIGHT: [f32; 3] = [3.3, 2.6, 1.75];

fn depth(step: f32) -> f32 {
    0.9 * exp(step * 0.004)
}

fn scale(a: [f32; 3], k: f32) -> [f32; 3] {
    a.map(|v| v * k)
}

/// Noise that goes quiet on slopes, as eroded rock does.
fn eroded(mut x: f32, mut y: f32, octaves: u32) -> f32 {
    let (mut sum, mut weight, mut dx, mut dy) = (0.0, 1.0, 0.0, 0.0);
    for octave in 0..octaves {
        let [n, gx, gy] = noise(x, y, 40 + octave);
        dx += gx * 0.7;
        dy += gy * 0.7;
        sum += weight * n / (1.0 + dx * dx + dy * dy);
        weight *= 0.5;
        (x, y) = (1.6 * x - 1.2 * y, 1.2 * x + 1.6 * y);
    }
    sum
}

/// The height of the bare ground.
fn ground(x: f32, z: f32, octaves: u32) -> f32 {
    let middle = 0.9 * sin_turns(z / 17.0) - 0.4;
    let off = (x - middle).abs() + 0.9 * noise(x * 0.5, z * 0.5, 9)[0];
    let sides = smooth(0.25 * z.min(11.0) + 0.6, 0.25 * z + 7.0, off);
    let back = smooth(13.0, 27.0, z + 2.0 * noise(x * 0.3, z * 0.3, 8)[0]);
    let mask = sides.max(back * 0.96);
    -0.16 + mask * (0.42 + 6.4 * eroded(x * 0.13 + 3.7, z * 0.13 + 1.2, octaves))
}

/// The height of the conifers above the ground, and their shade.
fn trees(x: f32, z: f32, base: f32) -> (f32, f32) {
    let room = smooth(0.01, 0.06, base)
        * (1.0 - smooth(0.9, 1.9, base + 0.5 * noise(x * 2.0, z * 2.0, 5)[0]));
    if room <= 0.0 {
        return (0.0, 0.0);
    }
    let cell = 0.085;
    let (i, j) = ((x / cell).floor() as i32, (z / cell).floor() as i32);
    let mut best = (0.0, 0.0);
    for di in -1..=1 {
        for dj in -1..=1 {
            let (a, b) = (i + di, j + dj);
            if hash(a, b, 3) > room * (0.35 + 0.9 * fbm(x * 1.1, z * 1.1, 2, 77)) {
                continue;
            }
            let cx = (a as f32 + 0.15 + 0.7 * hash(a, b, 1)) * cell;
            let cz = (b as f32 + 0.15 + 0.7 * hash(a, b, 2)) * cell;
            let tall = 0.08 + 0.13 * hash(a, b, 4);
            let d = length(x - cx, z - cz) / (0.25 * tall + 0.012);
            let h = tall * (1.0 - d) * (0.9 + 0.2 * noise(x * 90.0, z * 90.0, 6)[0]);
            if h > best.0 {
                best = (h, 0.35 + 0.65 * (1.0 - d) * (0.7 + 0.6 * hash(a, b, 7)));
            }
        }
    }
    best
}

fn sky(u: f32, v: f32) -> [f32; 3] {
    let l = (u * u + v * v + 1.0).sqrt();
    let (dx, dy, dz) = (u / l, v / l, 1.0 / l);
    let toward = (dx * SUN[0] + dy * SUN[1] + dz * SUN[2]).max(0.0);
    let rise = pow(dy.max(0.0), 0.55);
    let mut color = mix3(
        [0.62, 0.68, 0.74],
        [0.07, 0.19, 0.46],
        (rise * 1.25).min(1.0),
    );
    let glow = pow(toward, 6.0) * 0.55 + pow(toward, 60.0);
    color = [0, 1, 2].map(|c| color[c] + glow * [0.95, 0.55, 0.22][c]);
    let (px, pz) = (dx / (dy + 0.09) * 1.1, dz / (dy + 0.09) * 0.9);
    let warp = fbm(px * 0.9 + 5.0, pz * 0.9, 3, 60);
    let density = |x: f32, z: f32| fbm(x * 0.8 + warp * 0.9, z * 1.25 + warp, 6, 70);
    let here = density(px, pz);
    let cover = smooth(0.47, 0.72, here) * smooth(0.0, 0.10, dy);
    let light = (0.62 + 3.0 * (here - density(px + 0.16, pz + 0.05))).clamp(0.2, 1.25);
    let cloud = mix3(
        [0.36, 0.40, 0.50],
        [1.35, 1.18, 1.0],
        light * (1.0 - 0.35 * cover),
    );
    mix3(color, cloud, cover * 0.9)
}

struct Field {
    heights: Vec<f32>,
    shades: Vec<f32>,
}

impl Field {
    fn new() -> Self {
        let (mut heights, mut shades) = (Vec::new(), Vec::new());
        for step in 0..STEPS {
            let d = depth(step as f32);
            for col in 0..GW {
                let x = (col as f32 - GW as f32 / 2.0) / FOCAL * d;
                let octaves = if d < 14.0 { 8 } else { 7 };
                let base = ground(x, d, octaves);
                let (tall, shade) = trees(x, d, base);
                heights.push(base + tall);
                shades.push(shade);
            }
        }
        Self { heights, shades }
    }

    fn height(&self, step: usize, col: usize) -> f32 {
        self.heights[step.min(STEPS - 1) * GW + col.min(GW - 1)]
    }

    /// The light that a point of the land sends to the eye.
    fn shade(&self, step: usize, col: usize) -> [f32; 3] {
        let d = depth(step as f32);
        let u = (col as f32 - GW as f32 / 2.0) / FOCAL;
        let (x, h) = (u * d, self.height(step, col));
        let hx = (self.height(step, col + 1) - self.height(step, col.saturating_sub(1))) * FOCAL
            / (2.0 * d);
        let near = step.saturating_sub(1);
        let along = (self.height(step + 1, col) - self.height(near, col))
            / (depth(step as f32 + 1.0) - depth(near as f32));
        let hz = along - u * hx;
        let l = (hx * hx + hz * hz + 1.0).sqrt();
        let (nx, ny, nz) = (-hx / l, 1.0 / l, -hz / l);
        let grain = fbm(x * 9.0, d * 9.0 + h * 7.0, 4, 90);
        let tree = self.shades[step * GW + col];
        let mut color = mix3([0.20, 0.18, 0.16], [0.33, 0.29, 0.25], grain);
        color = mix3(
            color,
            [0.10, 0.115, 0.045],
            smooth(0.5, 0.8, ny) * (1.0 - smooth(1.6, 2.9, h + grain)),
        );
        color = mix3(
            color,
            [0.86, 0.89, 0.95],
            smooth(2.2, 3.3, h + 1.3 * grain) * smooth(0.42, 0.66, ny),
        );
        color = mix3(
            color,
            [0.26, 0.23, 0.18],
            (1.0 - smooth(0.0, 0.035, h)) * 0.8,
        );
        if tree > 0.0 {
            color = scale(
                mix3([0.014, 0.030, 0.014], [0.052, 0.066, 0.024], grain),
                0.25 + tree,
            );
        }
        let mut sun = (nx * SUN[0] + ny * SUN[1] + nz * SUN[2]).max(0.0);
        if tree > 0.0 {
            sun = 0.35 * sun + 0.3;
        }
        let mut clear = 1.0_f32;
        for s in 1..12 {
            let t = 0.045 * (s * s) as f32;
            let over = h + SUN[1] * t - ground(x + SUN[0] * t, d + SUN[2] * t, 5);
            clear = clear.min((over / (0.06 * t) + 0.6).clamp(0.0, 1.0));
        }
        let ambient = 0.35 + 0.3 * ny;
        let out = [0, 1, 2]
            .map(|c| color[c] * (SUNLIGHT[c] * sun * clear + ambient * [0.62, 0.80, 1.15][c]));
        let haze = 1.0 - exp(-(d - 1.0) * 0.017 * (0.45 + 0.9 * exp(-h.max(0.0) * 0.7)));
        let warm = smooth(-0.3, 0.75, u);
        mix3(
            out,
            mix3([0.40, 0.52, 0.68], [0.66, 0.66, 0.64], warm),
            haze.clamp(0.0, 1.0),
        )
    }
}

impl Field {
    /// Bark, needles and cracks, finer than the height field.
    fn texture(&self, step: usize, col: usize, row: f32) -> f32 {
        let d = depth(step as f32);
        let x = (col as f32 - GW as f32 / 2.0) / FOCAL * d;
        let h = EYE + (HORIZON - row) / FOCAL * d;
        let strength = exp(-d * 0.07);
        let needles = self.shades[step * GW + col] > 0.0;
        let n = if needles {
            fbm(x * 110.0 + d * 50.0, h * 90.0 + d * 60.0, 3, 51)
        } else {
            fbm(x * 14.0, h * 20.0 + d * 9.0, 5, 52)
        };
        1.0 + strength * if needles { 2.6 } else { 1.3 } * (n - 0.5)
    }
}

/// Traces the land and the sky, then mirrors both in the water.
fn trace() -> Vec<[f32; 3]> {
    let field = Field::new();
    let mut light = vec![[0.0; 3]; GW * GH];
    let mut water = vec![false; GW * GH];
    for col in 0..GW {
        let mut top = GH;
        for step in 0..STEPS {
            let h = field.height(step, col);
            let row = HORIZON - (h.max(0.0) - EYE) / depth(step as f32) * FOCAL;
            let reach = row.max(0.0) as usize;
            if reach >= top {
                continue;
            }
            let color = if h > 0.0 {
                field.shade(step, col)
            } else {
                [0.0; 3]
            };
            for y in reach..top {
                light[y * GW + col] = scale(color, field.texture(step, col, y as f32));
                water[y * GW + col] = h <= 0.0;
            }
            top = reach;
        }
        for y in 0..top {
            let (u, v) = (col as f32 - GW as f32 / 2.0, HORIZON - y as f32);
            light[y * GW + col] = sky(u / FOCAL, v / FOCAL);
        }
    }
    mirror(&mut light, &water);
    light
}

fn mirror(light: &mut [[f32; 3]], water: &[bool]) {
    for y in HORIZON as usize + 1..GH {
        let below = y as f32 - HORIZON;
        let d = EYE * FOCAL / below;
        for x in 0..GW {
            if !water[y * GW + x] {
                continue;
            }
            let wx = (x as f32 - GW as f32 / 2.0) / FOCAL * d;
            let breeze = 0.35 + 1.3 * smooth(0.4, 0.7, fbm(wx * 0.7, d * 0.25, 3, 33));
            let wave = fbm(wx * 16.0, d * 30.0, 4, 21) - 0.5;
            let slip = wave * breeze * (24.0 + 0.42 * below);
            let up = (HORIZON - below * 0.97 + slip).clamp(0.0, HORIZON - 1.0) as usize;
            let side = (x as f32 + wave * 9.0).clamp(0.0, GW as f32 - 1.0) as usize;
            let steep = below / length(below, FOCAL);
            let mirrored = (0.10 + 0.88 * pow(1.0 - steep, 5.0) + 0.25 * wave).clamp(0.0, 0.95);
            let deep = mix3([0.012, 0.055, 0.065], [0.03, 0.10, 0.10], breeze * 0.5);
            light[y * GW + x] = mix3(deep, light[up * GW + side], mirrored);
        }
    }
}

/// The photo, developed: halved, slightly soft, with vignette and tone curve.
pub(super) fn photo() -> Canvas {
    let light = trace();
    let half = |x: usize, y: usize| {
        let mut sum = [0.0; 3];
        for dy in 0..3 {
            for dx in 0..3 {
                let at = (2 * y + dy).min(GH - 1) * GW + (2 * x + dx).min(GW - 1);
                let weight = [0.28, 0.44, 0.28][dx] * [0.28, 0.44, 0.28][dy];
                sum = [0, 1, 2].map(|c| sum[c] + weight * light[at][c].min(4.0));
            }
        }
        sum
    };
    let mut canvas = Canvas::new(W, H, Some([0.0; 3]));
    canvas.paint([0.0, 0.0, W as f32, H as f32], |x, y| {
        let r = length(x / W as f32 - 0.5, y / H as f32 - 0.5);
        let color = scale(half(x as usize, y as usize), 0.95 - 0.75 * r * r);
        let film = color.map(|v| srgb(v * (2.2 * v + 0.05) / (v * (2.1 * v + 0.62) + 0.14)));
        (film.map(|v| mix(v, smooth(0.02, 0.97, v), 0.6)), 1.0)
    });
    canvas
}
