//! What is expected of a curve before it is measured, and after some of it was.
//!
//! Curves of level over quality are taken for draws from a Gaussian process: a mean, four principal modes in which
//! pictures differ, and a local part with an exponential kernel for each picture's own wobble. Probes condition it
//! (Rasmussen and Williams, “Gaussian Processes for Machine Learning”, 2006, algorithm 2.1). Means and modes were fitted
//! to photographs: of JPEG and WebP measured at every quality, 25 for SSIMULACRA2 and size, 13 for the other metrics; of
//! AVIF and JPEG XL at every fourth, 31. They change how many encodes a search takes, not what it looks for.

/// Codec, scale, `mean` or `mode`, and a value a quality.
const TABLE: &str = include_str!("priors.tsv");

/// Qualities 0 to 100.
const QUALITIES: usize = 101;

/// Standard deviation of the local part, in levels.
const WOBBLE: f64 = 0.02;

/// Qualities over which the local part changes.
const REACH: f64 = 8.0;

/// Keeps the equations solvable where probes lie close.
const JITTER: f64 = 1e-8;

/// The expected curve and the ways in which curves differ from it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Prior {
    mean: Vec<f64>,
    modes: Vec<Vec<f64>>,
}

impl Prior {
    /// That of `codec` on `scale`, a metric's id or `size`; `None` where none was fitted.
    pub(super) fn fitted(codec: &str, scale: &str) -> Option<Self> {
        let rows = TABLE.lines().filter_map(|line| {
            let mut cells = line.split('\t');
            let named = cells.next() == Some(codec) && cells.next() == Some(scale);
            let kind = cells.next().filter(|_| named)?;
            Some((kind, cells.filter_map(|cell| cell.parse().ok()).collect()))
        });
        let (means, modes): (Vec<_>, Vec<_>) = rows.partition(|(kind, _)| *kind == "mean");
        let mean: Vec<f64> = means.into_iter().next()?.1;
        let modes: Vec<Vec<f64>> = modes.into_iter().map(|(_, mode)| mode).collect();
        let whole = modes
            .iter()
            .chain([&mean])
            .all(|row| row.len() == QUALITIES);
        whole.then_some(Self { mean, modes })
    }

    /// The expected level at every quality from 0 to 100, given the level at some.
    pub(super) fn expect(&self, known: &[(u8, f64)]) -> Vec<f64> {
        let qualities: Vec<usize> = known.iter().map(|(q, _)| usize::from(*q)).collect();
        let mut rows: Vec<Vec<f64>> = qualities
            .iter()
            .zip(known)
            .map(|(&q, (_, level))| {
                let row = qualities.iter().map(|&other| self.covariance(q, other));
                row.chain([level - self.mean[q]]).collect()
            })
            .collect();
        for (nth, row) in rows.iter_mut().enumerate() {
            row[nth] += JITTER;
        }
        let weights = solve(rows);
        let expected = (0..QUALITIES).map(|q| {
            let pull = qualities.iter().zip(&weights);
            self.mean[q] + pull.map(|(&at, w)| w * self.covariance(q, at)).sum::<f64>()
        });
        expected.collect()
    }

    fn covariance(&self, a: usize, b: usize) -> f64 {
        let shared: f64 = self.modes.iter().map(|mode| mode[a] * mode[b]).sum();
        shared + WOBBLE * WOBBLE * (-(a.abs_diff(b) as f64) / REACH).exp()
    }
}

/// Solves the symmetric positive definite equations `rows`, the right side last in each, by elimination.
fn solve(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let n = rows.len();
    for pivot in 0..n {
        let (above, below) = rows.split_at_mut(pivot + 1);
        let top = &above[pivot];
        for row in below {
            let factor = row[pivot] / top[pivot];
            row.iter_mut().zip(top).for_each(|(x, t)| *x -= factor * t);
        }
    }
    let mut solution = vec![0.0; n];
    for nth in (0..n).rev() {
        let known: f64 = (nth + 1..n).map(|k| rows[nth][k] * solution[k]).sum();
        solution[nth] = (rows[nth][n] - known) / rows[nth][nth];
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{CODECS, Codec};
    use crate::metric::METRICS;

    #[test]
    fn a_codec_with_a_prior_has_one_for_every_metric_and_for_size() {
        // The others are searched by halving: more encodes.
        let fitted = |c: &&&dyn Codec| Prior::fitted(c.info().id, "size").is_some();
        let lossy: Vec<_> = CODECS.iter().filter(fitted).collect();
        assert!(lossy.len() >= 2);
        let scales: Vec<&str> = METRICS
            .iter()
            .map(|m| m.info().id)
            .chain(["size"])
            .collect();
        for codec in lossy {
            for scale in &scales {
                let prior = Prior::fitted(codec.info().id, scale);
                assert!(prior.is_some(), "{} {scale}", codec.info().id);
            }
        }
        assert_eq!(Prior::fitted("mozjpeg", "vmaf"), None);
    }

    #[test]
    fn what_was_measured_is_expected() {
        let prior = Prior::fitted("libwebp", "ssimulacra2").unwrap();
        let known = [(20, -4.0), (21, -3.95), (70, -3.0), (100, -2.0)];
        let expected = prior.expect(&known);
        for (q, level) in known {
            assert!((expected[usize::from(q)] - level).abs() < 1e-3, "q{q}");
        }
    }
}
