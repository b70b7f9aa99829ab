use super::*;
use proptest::prelude::*;

/// A sweep as encoders give it: scores at q50 to q90, and bytes.
const SWEEP: [(f64, f64); 5] = [
    (52.3, 41_000.0),
    (60.1, 52_500.0),
    (66.8, 66_100.0),
    (74.0, 91_000.0),
    (83.2, 150_200.0),
];

fn curve(points: &[(f64, f64)]) -> Curve {
    Curve::new(points.iter().copied(), Better::Higher).unwrap()
}

fn scaled(points: &[(f64, f64)], by: f64) -> Vec<(f64, f64)> {
    points.iter().map(|(x, y)| (*x, y * by)).collect()
}

#[test]
fn the_interpolant_is_that_of_scipy() {
    // exp(scipy.interpolate.PchipInterpolator(scores, numpy.log(bytes))(x))
    assert_passes(
        &SWEEP,
        [
            (53.0, 41_881.636_286_344),
            (57.5, 48_232.759_058_843),
            (70.0, 75_505.461_335_034),
            (79.9, 123_989.265_828_358),
        ],
    );
    assert_passes(
        &[(10.0, 100.0), (30.0, 900.0), (31.0, 1000.0), (60.0, 1010.0)],
        [
            (12.0, 125.508_248_264),
            (25.0, 526.085_942_277),
            (30.5, 961.324_942_099),
            (55.0, 1_009.920_147_363),
        ],
    );
}

fn assert_passes(points: &[(f64, f64)], values: [(f64, f64); 4]) {
    let curve = curve(points);
    for (score, bytes) in values {
        let found = curve.bytes_at(score).unwrap();
        assert!((found / bytes - 1.0).abs() < 1e-11, "{score}: {found}");
    }
}

#[test]
fn rates_scaled_by_nine_tenths_are_ten_percent_less() {
    let anchor = curve(&SWEEP);
    let test = curve(&scaled(&SWEEP, 0.9));
    let rate = bd_rate(&test, &anchor).unwrap();
    assert_eq!(format!("{:.2} %", rate * 100.0), "-10.00 %");
    assert!((rate + 0.1).abs() < 1e-12);
}

#[test]
fn bd_rate_needs_four_points_and_a_common_range() {
    let four = curve(&SWEEP[..4]);
    assert!(bd_rate(&four, &curve(&SWEEP)).is_some());
    assert_eq!(bd_rate(&curve(&SWEEP[..3]), &four), None);
    let elsewhere: Vec<_> = SWEEP.iter().map(|(x, y)| (x + 40.0, *y)).collect();
    assert_eq!(bd_rate(&curve(&elsewhere), &four), None);
    let touching = [83.2, 85.0, 87.0, 90.0].map(|x| (x, x));
    assert_eq!(bd_rate(&curve(&touching), &curve(&SWEEP)), None);
}

#[test]
fn scores_two_points_up_are_two_points_more() {
    let shifted = SWEEP.map(|(x, y)| (x + 2.0, y));
    let gain = bd_score(&curve(&shifted), &curve(&SWEEP)).unwrap();
    assert!((gain - 2.0).abs() < 1e-12, "{gain}");
    assert_eq!(bd_score(&curve(&SWEEP), &curve(&SWEEP)), Some(0.0));
}

#[test]
fn bd_score_needs_four_points_and_common_bytes() {
    let four = curve(&SWEEP[..4]);
    assert!(bd_score(&four, &curve(&SWEEP)).is_some());
    assert_eq!(bd_score(&curve(&SWEEP[..3]), &four), None);
    assert_eq!(bd_score(&curve(&scaled(&SWEEP, 10.0)), &four), None);
}

#[test]
fn bd_score_has_the_sign_of_the_metric() {
    let lower = |by: f64| {
        let points = SWEEP.map(|(x, y)| (100.0 - x + by, y));
        Curve::new(points, Better::Lower).unwrap()
    };
    let worse = bd_score(&lower(1.5), &lower(0.0)).unwrap();
    assert!((worse - 1.5).abs() < 1e-12, "{worse}");
    assert_eq!(bd_score(&lower(0.0), &curve(&SWEEP)), None);
}

#[test]
fn on_the_front_are_those_that_none_beats() {
    let points = [
        ("png", 900, 100.0),
        ("jpeg", 120, 70.0),
        ("webp", 100, 71.0),
        ("same", 100, 71.0),
        ("heavier", 101, 71.0),
        ("worse", 100, 70.9),
        ("tiny", 50, 20.0),
        ("none", 1, f64::NAN),
    ];
    let higher = front(&points, Better::Higher);
    assert_eq!(higher, ["png", "webp", "same", "tiny"]);
    assert_eq!(front(&points, Better::Lower), ["tiny"]);
    let perfect = [
        ("a", 9, f64::INFINITY),
        ("b", 8, f64::INFINITY),
        ("c", 7, 1.0),
    ];
    assert_eq!(front(&perfect, Better::Higher), ["b", "c"]);
    assert!(front(&[], Better::Higher).is_empty());
}

#[test]
fn two_points_are_a_straight_line_in_ln_bytes() {
    let line = curve(&[(60.0, 100.0), (80.0, 400.0)]);
    assert!((line.bytes_at(70.0).unwrap() - 200.0).abs() < 1e-9);
}

#[test]
fn nothing_is_extrapolated() {
    let sweep = curve(&SWEEP);
    assert_eq!(sweep.range(), [52.3, 83.2]);
    for outside in [52.299, 83.201, f64::NAN, f64::INFINITY] {
        assert_eq!(sweep.bytes_at(outside), None);
    }
    assert_eq!(
        sweep.bytes_at(83.2).map(|b| b.round() as u64),
        Some(150_200)
    );
}

#[test]
fn only_points_worth_choosing_count() {
    let points = [
        (60.0, 100.0),
        (60.0, 90.0),
        (70.0, 150.0),
        // More bytes for a lower score.
        (69.0, 160.0),
        (80.0, 300.0),
        (f64::NAN, 1.0),
        (99.0, 0.0),
    ];
    let kept = curve(&[(60.0, 90.0), (70.0, 150.0), (80.0, 300.0)]);
    assert_eq!(curve(&points), kept);
    assert_eq!(
        Curve::new([(60.0, 90.0), (60.0, 90.0)], Better::Higher),
        None
    );
    // The better one is no larger: one point is left.
    assert_eq!(
        Curve::new([(60.0, 90.0), (70.0, 90.0)], Better::Higher),
        None
    );
}

#[test]
fn where_lower_is_better_the_curve_is_mirrored() {
    let mirrored = SWEEP.map(|(x, y)| (100.0 - x, y));
    let lower = |points: &[(f64, f64)]| Curve::new(points.iter().copied(), Better::Lower).unwrap();
    let [worst, best] = lower(&mirrored).range();
    assert!((worst - 47.7).abs() < 1e-9 && (best - 16.8).abs() < 1e-9);
    let bytes = lower(&mirrored).bytes_at(30.0).unwrap();
    assert!((bytes / curve(&SWEEP).bytes_at(70.0).unwrap() - 1.0).abs() < 1e-9);
    let rate = bd_rate(&lower(&scaled(&mirrored, 1.25)), &lower(&mirrored)).unwrap();
    assert!((rate - 0.25).abs() < 1e-12);
    assert_eq!(bd_rate(&lower(&mirrored), &curve(&SWEEP)), None);
    let better = lower(&mirrored[2..]);
    let [from, to] = better.overlap(&lower(&mirrored)).unwrap();
    assert!(from > to, "worst first: {from} {to}");
}

/// Points of which none is worse in both: steps up in score and in bytes.
fn monotone(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((0.05_f64..20.0, 0.01_f64..1.5), count).prop_map(|steps| {
        let mut at = (20.0, 8.0);
        let walked = steps.into_iter().map(|(score, ln)| {
            at = (at.0 + score, at.1 + ln);
            (at.0, f64::exp(at.1))
        });
        walked.collect()
    })
}

proptest! {
    #[test]
    fn passes_through_its_points_and_never_turns_back(points in monotone(2..9)) {
        let curve = curve(&points);
        for (score, bytes) in &points {
            prop_assert!((curve.bytes_at(*score).unwrap() / bytes - 1.0).abs() < 1e-9);
        }
        let [low, high] = curve.range();
        let walk: Vec<f64> = (0..=200)
            .map(|n| curve.bytes_at((low + (high - low) * f64::from(n) / 200.0).min(high)).unwrap())
            .collect();
        prop_assert!(walk.windows(2).all(|w| w[0] <= w[1] * (1.0 + 1e-12)));
    }

    #[test]
    fn any_points_make_a_monotone_curve(points in prop::collection::vec((0.0_f64..100.0, 1.0_f64..1e7), 0..12)) {
        let Some(curve) = Curve::new(points.iter().copied(), Better::Higher) else { return Ok(()) };
        let Spline { x, y, .. } = &curve.size;
        prop_assert!(x.is_sorted_by(|a, b| a < b) && y.is_sorted_by(|a, b| a < b));
        // Never above what was measured for at least that score.
        for (score, bytes) in points {
            if let Some(found) = curve.bytes_at(score) {
                prop_assert!(found <= bytes * (1.0 + 1e-9));
            }
        }
    }

    #[test]
    fn the_order_of_points_and_the_unit_of_bytes_do_not_matter(points in monotone(4..9), by in 0.001_f64..1000.0) {
        let mut turned = scaled(&points, by);
        turned.reverse();
        let (plain, turned) = (curve(&points), curve(&turned));
        let [low, high] = plain.range();
        let middle = (low + high) / 2.0;
        let ratio = turned.bytes_at(middle).unwrap() / plain.bytes_at(middle).unwrap();
        prop_assert!((ratio / by - 1.0).abs() < 1e-9);
        prop_assert!(((bd_rate(&turned, &plain).unwrap() + 1.0) / by - 1.0).abs() < 1e-9);
    }

    #[test]
    fn turned_round_bd_rate_is_its_inverse(a in monotone(4..9), b in monotone(4..9)) {
        let (a, b) = (curve(&a), curve(&b));
        match (bd_rate(&a, &b), bd_rate(&b, &a)) {
            (Some(there), Some(back)) => prop_assert!(((there + 1.0) * (back + 1.0) - 1.0).abs() < 1e-9),
            (there, back) => prop_assert_eq!((there, back), (None, None)),
        }
    }

    #[test]
    fn a_shift_of_all_scores_is_the_delta(points in monotone(4..9), by in -30.0_f64..30.0) {
        let shifted: Vec<_> = points.iter().map(|(x, y)| (x + by, *y)).collect();
        let delta = bd_score(&curve(&shifted), &curve(&points)).unwrap();
        prop_assert!((delta - by).abs() < 1e-9);
    }

    #[test]
    fn a_front_is_never_empty_and_a_front_of_its_own(points in prop::collection::vec((1_u64..50, 0_u8..50), 1..20)) {
        let names: Vec<String> = (0..points.len()).map(|n| n.to_string()).collect();
        let points: Vec<_> = names.iter().zip(&points).map(|(n, (b, s))| (n.as_str(), *b, f64::from(*s))).collect();
        let kept = front(&points, Better::Higher);
        prop_assert!(!kept.is_empty());
        let again: Vec<_> = points.iter().copied().filter(|(n, ..)| kept.contains(n)).collect();
        prop_assert_eq!(front(&again, Better::Higher), kept);
    }

    #[test]
    fn the_integral_is_the_area(points in monotone(4..9), from in 0.0_f64..0.5, to in 0.5_f64..1.0) {
        let curve = curve(&points);
        let [low, high] = curve.range();
        let (from, to) = (low + (high - low) * from, low + (high - low) * to);
        let steps = 4000;
        let width = (to - from) / f64::from(steps);
        let area: f64 = (0..steps)
            .map(|n| curve.bytes_at(from + (f64::from(n) + 0.5) * width).unwrap().ln() * width)
            .sum();
        prop_assert!((curve.size.integral(from, to) - area).abs() <= 1e-5 * area.abs().max(1e-6));
    }
}
