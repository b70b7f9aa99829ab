//! XYB, the colour space of JPEG XL: opponent colours of the eye's cone responses.

use magetypes::simd::backends::F32x8Convert;
use magetypes::simd::generic::{f32x8, i32x8};

/// How much the long, middle and short cones absorb of linear red, green and blue (`opsin_params.h` of libjxl).
const ABSORBANCE: [[f32; 3]; 3] = [
    [0.30, 1.0 - 0.078 - 0.30, 0.078],
    [0.23, 1.0 - 0.078 - 0.23, 0.078],
    [
        0.243_422_69,
        0.204_767_45,
        1.0 - 0.243_422_69 - 0.204_767_45,
    ],
];

/// Added to each absorbance: the cones answer in the dark, too.
const BIAS: f32 = 0.003_793_073_4;

/// −∛[`BIAS`], so that black is zero; its bits are those of the tool.
const MINUS_ROOT_OF_BIAS: f32 = f32::from_bits(0xbe1f_b275);

/// X (red to green), Y (lightness) and B (blue less lightness) of linear RGB, shifted so that all are positive.
#[inline(always)]
pub(super) fn xyb<T: F32x8Convert>(token: T, [r, g, b]: [f32x8<T>; 3]) -> [f32x8<T>; 3] {
    let mut cones = [r; 3];
    for (cone, weights) in cones.iter_mut().zip(ABSORBANCE) {
        let mut mixed = f32x8::splat_t(token, BIAS);
        for (weight, light) in weights.into_iter().zip([r, g, b]).rev() {
            mixed = f32x8::splat_t(token, weight).mul_add_portable(light, mixed);
        }
        *cone = shifted_root(token, mixed);
    }
    let [long, middle, short] = cones;
    let half = f32x8::splat_t(token, 0.5);
    let (x, y) = (half * (long - middle), half * (long + middle));
    [
        x * f32x8::splat_t(token, 14.0) + f32x8::splat_t(token, 0.42),
        y + f32x8::splat_t(token, 0.01),
        (short - y) + f32x8::splat_t(token, 0.55),
    ]
}

/// ∛`x` − ∛[`BIAS`] for `x` of [`BIAS`] or more.
///
/// The tool's own steps (`CubeRootAndAdd` of libjxl), bit by bit: 1/∛x from a third of the exponent, by Newton's method.
#[inline(always)]
fn shifted_root<T: F32x8Convert>(token: T, x: f32x8<T>) -> f32x8<T> {
    let exponent = x.bitcast_to_i32().shr_arithmetic_const::<23>();
    let third = exponent * i32x8::splat_t(token, 0x002a_aaaa);
    let mut r = f32x8::from_i32_bitcast_t(token, i32x8::splat_t(token, 0x5480_0000) - third);
    let minus_third = -(x * f32x8::splat_t(token, 1.0 / 3.0));
    for _ in 0..3 {
        let square = r * r;
        r = minus_third.mul_add_portable(square * square, f32x8::splat_t(token, 4.0 / 3.0) * r);
    }
    let square = r * r;
    let rest = (-x).mul_add_portable(square * square, r);
    r = f32x8::splat_t(token, 1.0 / 3.0).mul_add_portable(rest, r);
    (r * r).mul_add_portable(x, f32x8::splat_t(token, MINUS_ROOT_OF_BIAS))
}
