//! Rate–distortion curves: the bytes one codec needs for one picture, by score. Pure.
//!
//! Between measured points ln(bytes) is a monotone piecewise cubic of the score: a cubic Hermite interpolant (Fritsch and
//! Carlson, “Monotone Piecewise Cubic Interpolation”, SIAM J. Numer. Anal. 17, 1980) with the slopes of Fritsch and
//! Butland (“A Method for Constructing Local Monotone Piecewise Cubic Interpolants”, SIAM J. Sci. Stat. Comput. 5, 1984)
//! as SciPy's and MATLAB's `pchip` take them. Outside the measured points there is no curve: nothing is extrapolated.

use crate::metric::Better;

/// Fewest points of each curve for a [`bd_rate`]: with fewer it says more about the interpolation than the codecs.
const BD_POINTS: usize = 4;

/// Bytes by score. Kept with scores that rise with quality: negated where lower is better.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    better: Better,
    /// Scores, strictly ascending.
    x: Vec<f64>,
    /// ln(bytes), strictly ascending.
    y: Vec<f64>,
    /// Slopes at the points.
    slopes: Vec<f64>,
}

impl Curve {
    /// The curve through measured (score, bytes) `points` in any order; `None` when fewer than two count.
    ///
    /// Those count that a reader would choose: a point is dropped where another scores at least as well with no more
    /// bytes, so that a codec whose score falls from one quality to the next still has a monotone curve. Points without
    /// a finite score or without bytes are dropped too.
    pub fn new(points: impl IntoIterator<Item = (f64, f64)>, better: Better) -> Option<Self> {
        let sound =
            |&(score, bytes): &(f64, f64)| score.is_finite() && bytes.is_finite() && bytes > 0.0;
        let mut points: Vec<(f64, f64)> = points
            .into_iter()
            .filter(sound)
            .map(|(score, bytes)| (rising(score, better), bytes.ln()))
            .collect();
        // Best first, so that each point only has to be smaller than the last one kept.
        points.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1)));
        let mut kept: Vec<(f64, f64)> = Vec::new();
        for point in points {
            if kept.last().is_none_or(|last| point.1 < last.1) {
                kept.push(point);
            }
        }
        kept.reverse();
        let (x, y): (Vec<f64>, Vec<f64>) = kept.into_iter().unzip();
        (x.len() >= 2).then(|| Self {
            better,
            slopes: slopes(&x, &y),
            x,
            y,
        })
    }

    /// Points behind the curve.
    pub fn points(&self) -> usize {
        self.x.len()
    }

    /// The worst and the best score it covers, on the metric's own scale.
    pub fn range(&self) -> [f64; 2] {
        [self.x[0], self.x[self.x.len() - 1]].map(|x| rising(x, self.better))
    }

    /// The bytes that `score` takes; `None` outside [`Curve::range`].
    pub fn bytes_at(&self, score: f64) -> Option<f64> {
        let at = rising(score, self.better);
        if !(self.x[0] <= at && at <= self.x[self.x.len() - 1]) {
            return None;
        }
        let (piece, start) = self.piece(self.x.partition_point(|x| *x <= at).max(1) - 1);
        let s = at - start;
        let [c0, c1, c2, c3] = piece;
        Some((c0 + s * (c1 + s * (c2 + s * c3))).exp())
    }

    /// The worst and the best score that both curves cover; `None` when there is none, or the metrics differ in kind.
    pub fn overlap(&self, other: &Self) -> Option<[f64; 2]> {
        let [low, high] = self.common(other)?;
        Some([rising(low, self.better), rising(high, self.better)])
    }

    /// Whether its worst score is better than the best of `other`.
    pub fn is_better_than(&self, other: &Self) -> bool {
        self.better == other.better && self.x[0] > other.x[other.x.len() - 1]
    }

    fn common(&self, other: &Self) -> Option<[f64; 2]> {
        let low = self.x[0].max(other.x[0]);
        let high = self.x[self.x.len() - 1].min(other.x[other.x.len() - 1]);
        (self.better == other.better && low <= high).then_some([low, high])
    }

    /// Coefficients, lowest first, of the cubic that starts at point `nth` (the last piece for the last point), and where
    /// it starts.
    fn piece(&self, nth: usize) -> ([f64; 4], f64) {
        let k = nth.min(self.x.len() - 2);
        let h = self.x[k + 1] - self.x[k];
        let secant = (self.y[k + 1] - self.y[k]) / h;
        let (d0, d1) = (self.slopes[k], self.slopes[k + 1]);
        let square = (3.0 * secant - 2.0 * d0 - d1) / h;
        let cube = (d0 + d1 - 2.0 * secant) / (h * h);
        ([self.y[k], d0, square, cube], self.x[k])
    }

    /// ∫ ln(bytes) from `low` to `high`, both inside, in closed form.
    fn integral(&self, low: f64, high: f64) -> f64 {
        let pieces = (0..self.x.len() - 1).map(|k| {
            let from = low.max(self.x[k]);
            let to = high.min(self.x[k + 1]);
            if from >= to {
                return 0.0;
            }
            let ([c0, c1, c2, c3], start) = self.piece(k);
            let whole = |s: f64| s * (c0 + s * (c1 / 2.0 + s * (c2 / 3.0 + s * c3 / 4.0)));
            whole(to - start) - whole(from - start)
        });
        pieces.sum()
    }
}

/// Bjøntegaard's delta rate (VCEG-M33, 2001; piecewise cubic as in VCEG-AI11, 2008): how much larger `test` is than
/// `anchor` at equal quality, averaged over the scores that both cover: −0.1 is 10 % smaller.
///
/// exp((1 / (high − low)) · ∫ (ln test − ln anchor) dscore) − 1
///
/// `None` with fewer than four points on either curve, or nothing in common.
pub fn bd_rate(test: &Curve, anchor: &Curve) -> Option<f64> {
    let [low, high] = test.common(anchor)?;
    if test.points().min(anchor.points()) < BD_POINTS || low >= high {
        return None;
    }
    let difference = test.integral(low, high) - anchor.integral(low, high);
    Some((difference / (high - low)).exp() - 1.0)
}

/// `score` so that better is higher; its own inverse.
fn rising(score: f64, better: Better) -> f64 {
    match better {
        Better::Higher => score,
        Better::Lower => -score,
    }
}

/// Slopes at the points of ascending data: inside Fritsch and Butland's weighted harmonic mean of the secants on both
/// sides, at the ends the three-point formula, no lower than 0. Two points make a straight line.
fn slopes(x: &[f64], y: &[f64]) -> Vec<f64> {
    let h: Vec<f64> = x.windows(2).map(|w| w[1] - w[0]).collect();
    let secants: Vec<f64> = y
        .windows(2)
        .zip(&h)
        .map(|(w, h)| (w[1] - w[0]) / h)
        .collect();
    if let [secant] = secants[..] {
        return vec![secant; 2];
    }
    let inner = h.windows(2).zip(secants.windows(2)).map(|(h, secant)| {
        let (before, after) = (2.0 * h[1] + h[0], h[1] + 2.0 * h[0]);
        (before + after) / (before / secant[0] + after / secant[1])
    });
    let last = h.len() - 1;
    let first = end_slope([h[0], h[1]], [secants[0], secants[1]]);
    let end = end_slope([h[last], h[last - 1]], [secants[last], secants[last - 1]]);
    [first].into_iter().chain(inner).chain([end]).collect()
}

/// The slope at an end of ascending data, from the two pieces nearest to it, the outer one first.
fn end_slope([h0, h1]: [f64; 2], [near, far]: [f64; 2]) -> f64 {
    (((2.0 * h0 + h1) * near - h0 * far) / (h0 + h1)).max(0.0)
}

#[cfg(test)]
mod tests;
