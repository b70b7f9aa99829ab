//! A picture to paint on, antialiased shapes, and the PNG writer.

use super::maths::{Rng, exp, mix};
use png::{BitDepth, ColorType, DeflateCompression, Encoder, Filter, PixelDimensions, Unit};
use std::collections::BTreeMap;

/// A colour, each channel in `0..1`.
pub(super) type Rgb = [f32; 3];

/// The colour written `0xRRGGBB`.
pub(super) const fn hex(code: u32) -> Rgb {
    [
        ((code >> 16) & 255) as f32 / 255.0,
        ((code >> 8) & 255) as f32 / 255.0,
        (code & 255) as f32 / 255.0,
    ]
}

/// Pixels with alpha, not premultiplied.
pub(super) struct Canvas {
    pub(super) w: usize,
    pub(super) h: usize,
    px: Vec<[f32; 4]>,
}

impl Canvas {
    /// A canvas of one colour; `None` is transparent.
    pub(super) fn new(w: usize, h: usize, ground: Option<Rgb>) -> Self {
        let px = ground.map_or([0.0; 4], |[r, g, b]| [r, g, b, 1.0]);
        Self {
            w,
            h,
            px: vec![px; w * h],
        }
    }

    /// Lays `color` with opacity `a` over one pixel.
    pub(super) fn blend(&mut self, x: usize, y: usize, color: Rgb, a: f32) {
        let p = &mut self.px[y * self.w + x];
        let alpha = a + p[3] * (1.0 - a);
        if alpha > 0.0 {
            for c in 0..3 {
                p[c] = mix(p[c], color[c], a / alpha);
            }
            p[3] = alpha;
        }
    }

    /// Paints a box with whatever `f` says of each pixel centre: colour and opacity.
    pub(super) fn paint(&mut self, area: [f32; 4], f: impl Fn(f32, f32) -> (Rgb, f32)) {
        let [x0, y0, x1, y1] = area.map(|v| v.max(0.0) as usize);
        for y in y0..(y1 + 2).min(self.h) {
            for x in x0..(x1 + 2).min(self.w) {
                let (color, a) = f(x as f32 + 0.5, y as f32 + 0.5);
                if a > 0.0 {
                    self.blend(x, y, color, a.min(1.0));
                }
            }
        }
    }

    /// Fills a shape given by its signed distance.
    pub(super) fn fill(&mut self, area: [f32; 4], color: Rgb, sdf: impl Fn(f32, f32) -> f32) {
        let [x0, y0, x1, y1] = area;
        self.paint([x0 - 1.0, y0 - 1.0, x1 + 1.0, y1 + 1.0], |x, y| {
            (color, (0.5 - sdf(x, y)).clamp(0.0, 1.0))
        });
    }

    /// A rectangle `[x, y, w, h]` with corners of radius `r`.
    pub(super) fn rect(&mut self, at: [f32; 4], r: f32, color: Rgb) {
        let [x, y, w, h] = at;
        self.fill([x, y, x + w, y + h], color, |px, py| {
            round_rect(at, r, px, py)
        });
    }

    /// The outline of [`Self::rect`], `t` wide, inside its edge.
    pub(super) fn frame(&mut self, at: [f32; 4], r: f32, t: f32, color: Rgb) {
        let [x, y, w, h] = at;
        self.fill([x, y, x + w, y + h], color, |px, py| {
            let d = round_rect(at, r, px, py);
            d.max(-d - t)
        });
    }

    /// The soft shadow of a rectangle.
    pub(super) fn shadow(&mut self, at: [f32; 4], r: f32, blur: f32, strength: f32) {
        let [x, y, w, h] = at;
        self.paint(
            [x - blur, y - blur, x + w + blur, y + h + blur],
            |px, py| {
                let d = (round_rect(at, r, px, py) / blur).max(-1.0) + 1.0;
                ([0.02, 0.03, 0.08], strength * exp(-d * d * 1.6))
            },
        );
    }

    /// A disc.
    pub(super) fn disc(&mut self, x: f32, y: f32, r: f32, color: Rgb) {
        self.ring(x, y, 0.0, r, color);
    }

    /// What lies between two circles.
    pub(super) fn ring(&mut self, x: f32, y: f32, inner: f32, outer: f32, color: Rgb) {
        self.fill(
            [x - outer, y - outer, x + outer, y + outer],
            color,
            |px, py| {
                let d = length(px - x, py - y);
                if inner > 0.0 {
                    (d - outer).max(inner - d)
                } else {
                    d - outer
                }
            },
        );
    }

    /// A line `t` wide with round ends.
    pub(super) fn line(&mut self, a: (f32, f32), b: (f32, f32), t: f32, color: Rgb) {
        self.polyline(&[a, b], t, color);
    }

    /// Joined lines.
    pub(super) fn polyline(&mut self, points: &[(f32, f32)], t: f32, color: Rgb) {
        let [x0, y0, x1, y1] = bounds(points);
        self.fill([x0 - t, y0 - t, x1 + t, y1 + t], color, |x, y| {
            let near = |p: &[(f32, f32)]| to_segment(p[0], p[1], x, y).0;
            points.windows(2).map(near).fold(f32::MAX, f32::min) - t / 2.0
        });
    }

    /// A filled polygon.
    pub(super) fn polygon(&mut self, points: &[(f32, f32)], color: Rgb) {
        self.fill(bounds(points), color, |x, y| polygon(points, x, y));
    }

    /// The pixels as bytes, `channels` (1, 3 or 4) each, with `noise` levels of grain.
    pub(super) fn bytes(&self, channels: usize, noise: f32) -> Vec<u8> {
        let mut rng = Rng(0x5eed);
        let mut out = Vec::with_capacity(self.px.len() * channels);
        for p in &self.px {
            let grain = if noise > 0.0 {
                rng.normal() * noise
            } else {
                0.0
            };
            let level = |v: f32| (v * 255.0 + grain + 0.5).clamp(0.0, 255.0) as u8;
            match channels {
                1 => out.push(level(p[0] * 0.299 + p[1] * 0.587 + p[2] * 0.114)),
                _ => out.extend(p[..channels].iter().map(|v| level(*v))),
            }
        }
        out
    }
}

/// The length of a vector.
pub(super) fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// The signed distance to a rounded rectangle.
pub(super) fn round_rect([x, y, w, h]: [f32; 4], r: f32, px: f32, py: f32) -> f32 {
    let dx = (px - x - w / 2.0).abs() - w / 2.0 + r;
    let dy = (py - y - h / 2.0).abs() - h / 2.0 + r;
    length(dx.max(0.0), dy.max(0.0)) + dx.max(dy).min(0.0) - r
}

/// The distance to a segment, and how far along it the nearest point is.
pub(super) fn to_segment(a: (f32, f32), b: (f32, f32), x: f32, y: f32) -> (f32, f32) {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let along = ((x - a.0) * dx + (y - a.1) * dy) / (dx * dx + dy * dy).max(1e-9);
    let t = along.clamp(0.0, 1.0);
    (length(x - a.0 - dx * t, y - a.1 - dy * t), along)
}

/// The signed distance to a polygon.
pub(super) fn polygon(points: &[(f32, f32)], x: f32, y: f32) -> f32 {
    let (mut inside, mut d) = (false, f32::MAX);
    for (i, a) in points.iter().enumerate() {
        let b = points[(i + 1) % points.len()];
        d = d.min(to_segment(*a, b, x, y).0);
        if (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0 {
            inside = !inside;
        }
    }
    if inside { -d } else { d }
}

fn bounds(points: &[(f32, f32)]) -> [f32; 4] {
    points
        .iter()
        .fold([f32::MAX, f32::MAX, 0.0, 0.0], |[x0, y0, x1, y1], p| {
            [x0.min(p.0), y0.min(p.1), x1.max(p.0), y1.max(p.1)]
        })
}

/// A PNG as an everyday tool writes it: adaptive filters, zlib level 6. `dpi` 0 leaves
/// the density out; an empty palette leaves that out.
pub(super) fn png(
    (w, h): (usize, usize),
    (color, depth): (ColorType, BitDepth),
    data: &[u8],
    palette: &[u8],
    dpi: u32,
) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, w as u32, h as u32);
    encoder.set_color(color);
    encoder.set_depth(depth);
    let flat = color == ColorType::Indexed || depth == BitDepth::One;
    encoder.set_filter(if flat {
        Filter::NoFilter
    } else {
        Filter::Adaptive
    });
    encoder.set_deflate_compression(DeflateCompression::Level(6));
    if dpi > 0 {
        let per_metre = (dpi * 10_000 + 127) / 254;
        encoder.set_pixel_dims(Some(PixelDimensions {
            xppu: per_metre,
            yppu: per_metre,
            unit: Unit::Meter,
        }));
    }
    if !palette.is_empty() {
        encoder.set_palette(palette);
    }
    let mut writer = encoder.write_header().expect("a header in memory");
    writer
        .write_image_data(data)
        .expect("the size fits the header");
    drop(writer);
    out
}

/// Pixels as indices into a palette: the 256 commonest colours, the rest as their nearest.
pub(super) fn indexed(rgb: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let pixels = rgb.as_chunks::<3>().0;
    let mut counts = BTreeMap::new();
    for p in pixels {
        *counts.entry(*p).or_insert(0_usize) += 1;
    }
    let mut palette: Vec<[u8; 3]> = counts.keys().copied().collect();
    palette.sort_by_key(|p| std::cmp::Reverse(counts[p]));
    palette.truncate(256);
    let apart = |a: [u8; 3], b: [u8; 3]| {
        (0..3)
            .map(|c| u32::from(a[c].abs_diff(b[c])).pow(2))
            .sum::<u32>()
    };
    for (color, slot) in &mut counts {
        *slot = (0..palette.len())
            .min_by_key(|i| apart(palette[*i], *color))
            .unwrap_or(0);
    }
    (
        pixels.iter().map(|p| counts[p] as u8).collect(),
        palette.concat(),
    )
}
