//! Arithmetic that gives the same bits everywhere: only `+ - * /`, `sqrt` and
//! `floor` are exact on every platform, so the rest is built from those.

/// The xorshift generator behind everything random.
pub(super) struct Rng(pub(super) u32);

impl Rng {
    /// A number in `0..1`.
    pub(super) fn unit(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) as f32 / 16_777_216.0
    }

    /// A number in `lo..hi`.
    pub(super) fn range(&mut self, lo: f32, hi: f32) -> f32 {
        lo + (hi - lo) * self.unit()
    }

    /// Roughly normal, mean 0 and deviation 1.
    pub(super) fn normal(&mut self) -> f32 {
        (self.unit() + self.unit() + self.unit() + self.unit() - 2.0) * 1.732
    }
}

/// `2^x`.
fn exp2(x: f32) -> f32 {
    let whole = x.clamp(-120.0, 120.0).floor();
    let f = (x.clamp(-120.0, 120.0) - whole) * std::f32::consts::LN_2;
    let tail = 1.0 / 24.0 + f * (1.0 / 120.0 + f * (1.0 / 720.0 + f / 5040.0));
    let fraction = 1.0 + f * (1.0 + f * (0.5 + f * (1.0 / 6.0 + f * tail)));
    fraction * f32::from_bits(((whole as i32 + 127) as u32) << 23)
}

/// The base-2 logarithm of a positive number.
fn log2(x: f32) -> f32 {
    let bits = x.to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let m = f32::from_bits((bits & 0x007f_ffff) | 0x3f80_0000);
    let t = (m - 1.0) / (m + 1.0);
    let s = t * t;
    let series = 1.0 + s * (1.0 / 3.0 + s * (0.2 + s * (1.0 / 7.0 + s * (1.0 / 9.0 + s / 11.0))));
    exponent as f32 + 2.0 * t * series * std::f32::consts::LOG2_E
}

/// `e^x`.
pub(super) fn exp(x: f32) -> f32 {
    exp2(x * std::f32::consts::LOG2_E)
}

/// `x^y` for `x >= 0`.
pub(super) fn pow(x: f32, y: f32) -> f32 {
    if x < 1e-30 { 0.0 } else { exp2(y * log2(x)) }
}

/// The sine of a number of whole turns.
pub(super) fn sin_turns(turns: f32) -> f32 {
    let t = turns - (turns + 0.5).floor();
    let t = if t.abs() > 0.25 {
        0.5 * t.signum() - t
    } else {
        t
    };
    let x = t * std::f32::consts::TAU;
    let s = x * x;
    let tail = 1.0 / 120.0 - s * (1.0 / 5040.0 - s / 362_880.0);
    x * (1.0 - s * (1.0 / 6.0 - s * tail))
}

/// The cosine of a number of whole turns.
pub(super) fn cos_turns(turns: f32) -> f32 {
    sin_turns(turns + 0.25)
}

/// From `a` to `b` as `t` goes from 0 to 1.
pub(super) fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// [`mix`] for colours.
pub(super) fn mix3(a: [f32; 3], b: [f32; 3], t: f32) -> [f32; 3] {
    [0, 1, 2].map(|c| mix(a[c], b[c], t))
}

/// 0 below `lo`, 1 above `hi`, smooth between.
pub(super) fn smooth(lo: f32, hi: f32, x: f32) -> f32 {
    let t = ((x - lo) / (hi - lo)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A number in `0..1` that belongs to a grid cell.
pub(super) fn hash(x: i32, y: i32, seed: u32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77);
    h = (h ^ seed.wrapping_mul(0xc2b2_ae3d)).wrapping_mul(0x27d4_eb2f);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    ((h ^ (h >> 15)) >> 8) as f32 / 16_777_216.0
}

/// Smooth noise in `0..1`, with its slope in x and y.
pub(super) fn noise(x: f32, y: f32, seed: u32) -> [f32; 3] {
    let (fx, fy) = (x.floor(), y.floor());
    let (u, v) = (x - fx, y - fy);
    let (i, j) = (fx as i32, fy as i32);
    let (a, b) = (hash(i, j, seed), hash(i + 1, j, seed));
    let (c, d) = (hash(i, j + 1, seed), hash(i + 1, j + 1, seed));
    let su = u * u * u * (u * (u * 6.0 - 15.0) + 10.0);
    let sv = v * v * v * (v * (v * 6.0 - 15.0) + 10.0);
    let du = 30.0 * u * u * (u - 1.0) * (u - 1.0);
    let dv = 30.0 * v * v * (v - 1.0) * (v - 1.0);
    let k = a - b - c + d;
    let value = a + (b - a) * su + (c - a) * sv + k * su * sv;
    [value, du * (b - a + k * sv), dv * (c - a + k * su)]
}

/// Fractal noise, around 0.5.
pub(super) fn fbm(mut x: f32, mut y: f32, octaves: u32, seed: u32) -> f32 {
    let (mut sum, mut weight) = (0.0, 0.5);
    for octave in 0..octaves {
        sum += weight * noise(x, y, seed + octave)[0];
        (x, y) = (1.6 * x - 1.2 * y, 1.2 * x + 1.6 * y);
        weight *= 0.5;
    }
    sum + weight
}

/// Linear light to the sRGB curve.
pub(super) fn srgb(x: f32) -> f32 {
    if x <= 0.003_130_8 {
        12.92 * x.max(0.0)
    } else {
        1.055 * pow(x, 1.0 / 2.4) - 0.055
    }
}
