//! From the sums of all scales to one score.

/// Scales at most, each half as wide and high as the one before.
pub(super) const SCALES: usize = 6;

/// Kinds of error: of structure, artifacts (edges that were not there: ringing, blocks), lost detail (edges that are gone).
pub(super) const KINDS: usize = 3;

/// What is measured of a channel at a scale: for each kind the sum over its pixels, and that of the fourth powers.
pub(super) type Sums = [[f64; 2]; KINDS];

/// What must be computed of a channel at a scale because its weight is not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing.
    Nothing,
    /// Artifacts and lost detail, for which blurred pictures suffice.
    Edges,
    /// The structural error, too, which takes blurred products.
    Structure,
}

/// Weights of structure, artifact and detail, by their means and by their 4-norms, of a channel at one of `scales`.
///
/// The tool goes through its table channel by channel and does not leave gaps where a small picture has fewer scales.
fn weights(channel: usize, scale: usize, scales: usize) -> [[f64; 3]; 2] {
    let triples = WEIGHTS.as_chunks::<3>().0;
    let at = (channel * scales + scale) * 2;
    [triples[at], triples[at + 1]]
}

/// What is needed of channel X, Y and B at `scale`.
pub(super) fn needs(scale: usize, scales: usize) -> [Need; 3] {
    [0, 1, 2].map(|channel| {
        let [mean, norm] = weights(channel, scale, scales);
        let counts = |kind: usize| mean[kind] != 0.0 || norm[kind] != 0.0;
        if counts(0) {
            Need::Structure
        } else if counts(1) || counts(2) {
            Need::Edges
        } else {
            Need::Nothing
        }
    })
}

/// The score, 100 at best and without a lower bound, from every scale's pixels and sums of X, Y and B. It is not a number
/// where a sum is none or infinite.
pub(super) fn score(scales: &[(f64, [Sums; 3])]) -> f64 {
    let mut error = 0.0;
    for channel in 0..3 {
        for (scale, (pixels, sums)) in scales.iter().enumerate() {
            let [means, norms] = weights(channel, scale, scales.len());
            for (kind, [sum, fourth]) in sums[channel].into_iter().enumerate() {
                error += means[kind] * sum / pixels + norms[kind] * (fourth / pixels).powf(0.25);
            }
        }
    }
    // Fitted by the metric's authors to mean opinions.
    let x = 0.956_238_261_683_484_4 * error;
    let x = 2.326_765_642_916_932 * x - 0.020_884_521_182_843_837 * x * x
        + 6.248_496_625_763_138e-5 * x * x * x;
    // Unlike `max`, this does not make zero, a perfect score, of what is not a number.
    100.0 - 10.0 * x.clamp(0.0, f64::INFINITY).powf(0.627_633_646_783_138_7)
}

/// The metric's weights, by channel (X, Y, B), scale, norm (mean, 4-norm) and kind (structure, artifact, detail).
const WEIGHTS: [f64; 3 * SCALES * 2 * 3] = [
    0.0,
    0.000_737_660_670_740_658_6,
    0.0,
    0.0,
    0.000_779_348_168_286_730_9,
    0.0,
    0.0,
    0.000_437_115_573_010_737_9,
    0.0,
    1.104_172_642_665_734_6,
    0.000_662_848_341_292_71,
    0.000_152_316_327_837_187_52,
    0.0,
    0.001_640_643_745_659_975_4,
    0.0,
    1.842_245_552_053_929_8,
    11.441_172_603_757_666,
    0.0,
    0.000_798_910_943_601_516_3,
    0.000_176_816_438_078_653,
    0.0,
    1.878_759_497_954_638_7,
    10.949_069_906_051_42,
    0.0,
    0.000_728_934_699_150_807_2,
    0.967_793_708_062_683_3,
    0.0,
    0.000_140_034_242_854_358_84,
    0.998_176_697_785_496_7,
    0.000_319_497_559_344_350_53,
    0.000_455_099_211_379_206_3,
    0.0,
    0.0,
    0.001_364_876_616_324_339_8,
    0.0,
    0.0,
    0.0,
    0.0,
    0.0,
    7.466_890_328_078_848,
    0.0,
    17.445_833_984_131_262,
    0.000_623_560_163_404_146_6,
    0.0,
    0.0,
    6.683_678_146_179_332,
    0.000_377_244_079_796_112_96,
    1.027_889_937_768_264,
    225.205_153_008_492_74,
    0.0,
    0.0,
    19.213_238_186_143_016,
    0.001_140_152_458_661_836_1,
    0.001_237_755_635_509_985,
    176.393_175_984_506_94,
    0.0,
    0.0,
    24.433_009_998_704_76,
    0.285_208_026_121_177_57,
    0.000_448_543_692_383_340_8,
    0.0,
    0.0,
    0.0,
    34.779_063_444_837_72,
    44.835_625_328_877_896,
    0.0,
    0.0,
    0.0,
    0.0,
    0.0,
    0.0,
    0.0,
    0.0,
    0.000_868_055_657_329_169_8,
    0.0,
    0.0,
    0.0,
    0.0,
    0.0,
    0.000_531_319_187_435_874_7,
    0.0,
    0.000_165_338_141_613_791_12,
    0.0,
    0.0,
    0.0,
    0.0,
    0.0,
    0.000_417_917_180_325_133_6,
    0.001_729_082_823_472_283_3,
    0.0,
    0.002_082_700_584_663_643_7,
    0.0,
    0.0,
    8.826_982_764_996_862,
    23.192_433_439_989_26,
    0.0,
    95.108_049_881_108_6,
    0.986_397_803_440_068_2,
    0.983_438_279_246_535_3,
    0.001_228_640_504_827_849_3,
    171.266_725_589_730_7,
    0.980_785_887_243_537_9,
    0.0,
    0.0,
    0.0,
    0.000_513_006_458_899_067_9,
    0.0,
    0.000_108_540_578_584_115_37,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_is_a_perfect_score() {
        let scales = [(64.0, [Sums::default(); 3]); SCALES];
        assert_eq!(score(&scales), 100.0);
    }

    #[test]
    fn an_error_beyond_all_numbers_is_no_perfect_score() {
        for beyond in [f64::INFINITY, f64::NAN] {
            let mut scales = [(64.0, [Sums::default(); 3]); SCALES];
            scales[0].1[1] = [[beyond; 2]; KINDS];
            assert!(score(&scales).is_nan(), "{beyond}");
        }
    }

    #[test]
    fn only_what_counts_is_needed() {
        use Need::{Edges, Nothing, Structure};
        assert_eq!(needs(0, SCALES), [Edges, Structure, Edges]);
        assert_eq!(needs(5, SCALES), [Structure, Nothing, Structure]);
    }
}
