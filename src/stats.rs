//! Averages that a comparison may be built on. Pure.

/// Resamples behind a bootstrap interval.
const RESAMPLES: usize = 2_000;

/// Geometric mean of positive `values`; `None` when there are none.
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    mean(&logs(values)).map(f64::exp)
}

/// Arithmetic mean; `None` when there are no values.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Standard deviation of a sample; `None` for fewer than two values.
pub fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

/// The `fraction` quantile (0 to 1) with linear interpolation between order statistics (Hyndman and Fan's type 7, the
/// default of R and NumPy); `None` when there are no values.
pub fn quantile(values: &[f64], fraction: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let position = fraction.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (position.floor() as usize, position.ceil() as usize);
    Some(sorted[below] + (sorted[above] - sorted[below]) * (position - position.floor()))
}

/// As [`mean_interval`], of the geometric mean of positive `values`.
pub fn geometric_mean_interval(values: &[f64]) -> Option<[f64; 2]> {
    mean_interval(&logs(values)).map(|ends| ends.map(f64::exp))
}

/// 95 % percentile-bootstrap interval of the mean of `values` (Efron 1979), resampling them with a fixed seed, so that it
/// repeats; `None` for fewer than two values.
pub fn mean_interval(values: &[f64]) -> Option<[f64; 2]> {
    if values.len() < 2 {
        return None;
    }
    let mut random = SplitMix64(0x696d_6762_656e_6368);
    let means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let sum: f64 = (0..values.len())
                .map(|_| values[random.below(values.len())])
                .sum();
            sum / values.len() as f64
        })
        .collect();
    Some([quantile(&means, 0.025)?, quantile(&means, 0.975)?])
}

fn logs(values: &[f64]) -> Vec<f64> {
    values.iter().map(|v| v.ln()).collect()
}

/// Orders that look random and repeat.
pub struct Shuffle(SplitMix64);

impl Default for Shuffle {
    /// Begins the same sequence each time.
    fn default() -> Self {
        Self(SplitMix64(0x7368_7566_666c_6521))
    }
}

impl Shuffle {
    /// The numbers below `n`, each once: any order is as likely as any other (Fisher and Yates).
    pub fn order(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for last in (1..n).rev() {
            order.swap(last, self.0.below(last + 1));
        }
        order
    }
}

/// Steele, Lea and Flood's generator (2014): tiny, and good enough to choose images.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number under `n`; the bias of taking the high product is under n / 2⁶⁴.
    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_hold_every_number_once_and_differ() {
        let mut shuffle = Shuffle::default();
        let (one, two) = (shuffle.order(50), shuffle.order(50));
        assert_ne!(one, two);
        for order in [&one, &two] {
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..50).collect::<Vec<_>>());
        }
        assert_eq!(Shuffle::default().order(50), one);
        assert!(Shuffle::default().order(0).is_empty());
        let mut firsts = [0; 3];
        (0..3000).for_each(|_| firsts[shuffle.order(3)[0]] += 1);
        assert!(firsts.iter().all(|n| (900..1100).contains(n)), "{firsts:?}");
    }
    use proptest::prelude::*;

    #[test]
    fn nothing_has_no_average() {
        assert_eq!(
            (geometric_mean(&[]), mean(&[]), quantile(&[], 0.5)),
            (None, None, None)
        );
        assert_eq!(geometric_mean_interval(&[0.5]), None);
    }

    #[test]
    fn the_geometric_mean_treats_halves_and_doubles_alike() {
        assert!((geometric_mean(&[0.5, 2.0]).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn quantiles_are_those_of_numpy() {
        // numpy.quantile([1, 2, 4, 8], [0.05, 0.5, 1])
        let values = [8.0, 1.0, 4.0, 2.0];
        for (fraction, expected) in [(0.05, 1.15), (0.5, 3.0), (1.0, 8.0)] {
            assert!((quantile(&values, fraction).unwrap() - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn the_deviation_is_that_of_a_sample() {
        // numpy.std([2, 4, 4, 4, 5, 5, 7, 9], ddof=1)
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert!((deviation(&values).unwrap() - 2.138_089_935_299_395).abs() < 1e-12);
        assert_eq!((deviation(&[1.0]), deviation(&[])), (None, None));
    }

    #[test]
    fn the_interval_repeats_and_narrows_with_more_images() {
        let few = [0.8, 0.9, 1.0, 1.1, 1.2];
        let many = few.repeat(20);
        let width = |v: &[f64]| {
            geometric_mean_interval(v)
                .map(|[low, high]| high - low)
                .unwrap()
        };
        assert_eq!(geometric_mean_interval(&few), geometric_mean_interval(&few));
        // 20 times the images: about √20 = 4.5 times narrower.
        let ratio = width(&few) / width(&many);
        assert!((3.0..6.5).contains(&ratio), "{ratio}");
    }

    #[test]
    fn the_interval_covers_the_truth_about_95_times_in_100() {
        // Log-normal ratios of spread 0.3 about a true mean of 1, thirty images each.
        let mut random = SplitMix64(7);
        let mut uniform = || random.next() as f64 / u64::MAX as f64;
        let mut normal = || (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
        let covered = (0..400).filter(|_| {
            let sample: Vec<f64> = (0..30).map(|_| (0.3 * normal()).exp()).collect();
            let [low, high] = geometric_mean_interval(&sample).unwrap();
            low <= 1.0 && 1.0 <= high
        });
        let covered = covered.count();
        assert!((360..=392).contains(&covered), "{covered} of 400");
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_mean_and_scales_with_it(values in prop::collection::vec(0.01_f64..100.0, 2..40), scale in 0.1_f64..10.0) {
            let mean = geometric_mean(&values).unwrap();
            let [low, high] = geometric_mean_interval(&values).unwrap();
            prop_assert!(low <= mean * 1.000_001 && mean <= high * 1.000_001);
            let scaled: Vec<f64> = values.iter().map(|v| v * scale).collect();
            let [scaled_low, _] = geometric_mean_interval(&scaled).unwrap();
            prop_assert!((scaled_low / (low * scale) - 1.0).abs() < 1e-9);
        }
    }
}
