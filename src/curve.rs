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
    /// ln(bytes) by score.
    size: Spline,
}

/// A monotone piecewise cubic.
#[derive(Debug, Clone, PartialEq)]
struct Spline {
    /// Strictly ascending.
    x: Vec<f64>,
    /// Strictly ascending.
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
            .map(|(score, bytes)| (better.rising(score), bytes.ln()))
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
            size: Spline::new(x, y),
        })
    }

    /// Points behind the curve.
    pub fn points(&self) -> usize {
        self.size.x.len()
    }

    /// The worst and the best score it covers, on the metric's own scale.
    pub fn range(&self) -> [f64; 2] {
        self.size.range().map(|x| self.better.rising(x))
    }

    /// The bytes that `score` takes; `None` outside [`Curve::range`].
    pub fn bytes_at(&self, score: f64) -> Option<f64> {
        self.size.at(self.better.rising(score)).map(f64::exp)
    }

    /// The worst and the best score that both curves cover; `None` when there is none, or the metrics differ in kind.
    pub fn overlap(&self, other: &Self) -> Option<[f64; 2]> {
        let common = self.size.common(&other.size)?;
        (self.better == other.better).then(|| common.map(|x| self.better.rising(x)))
    }

    /// Whether its worst score is better than the best of `other`.
    pub fn is_better_than(&self, other: &Self) -> bool {
        self.better == other.better && self.size.range()[0] > other.size.range()[1]
    }

    /// Whether the two have what a Bjøntegaard delta takes.
    fn has_delta(&self, other: &Self) -> bool {
        self.better == other.better && self.points().min(other.points()) >= BD_POINTS
    }

    /// Score by ln(bytes): through the same points, with slopes of its own.
    fn quality(&self) -> Spline {
        Spline::new(self.size.y.clone(), self.size.x.clone())
    }
}

impl Spline {
    fn new(x: Vec<f64>, y: Vec<f64>) -> Self {
        let slopes = slopes(&x, &y);
        Self { x, y, slopes }
    }

    fn range(&self) -> [f64; 2] {
        [self.x[0], self.x[self.x.len() - 1]]
    }

    fn at(&self, x: f64) -> Option<f64> {
        let [first, last] = self.range();
        if !(first <= x && x <= last) {
            return None;
        }
        let (piece, start) = self.piece(self.x.partition_point(|p| *p <= x).max(1) - 1);
        let s = x - start;
        let [c0, c1, c2, c3] = piece;
        Some(c0 + s * (c1 + s * (c2 + s * c3)))
    }

    fn common(&self, other: &Self) -> Option<[f64; 2]> {
        let ([a, b], [c, d]) = (self.range(), other.range());
        let (low, high) = (a.max(c), b.min(d));
        (low <= high).then_some([low, high])
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

    /// ∫ y from `low` to `high`, both inside, in closed form.
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

    /// The mean of `self` − `anchor` over what both cover; `None` where that is nothing or a point.
    fn mean_above(&self, anchor: &Self) -> Option<f64> {
        let [low, high] = self.common(anchor)?;
        let difference = self.integral(low, high) - anchor.integral(low, high);
        (low < high).then(|| difference / (high - low))
    }
}

/// Bjøntegaard's delta rate (VCEG-M33, 2001; piecewise cubic as in VCEG-AI11, 2008): how much larger `test` is than
/// `anchor` at equal quality, averaged over the scores that both cover: −0.1 is 10 % smaller.
///
/// exp((1 / (high − low)) · ∫ (ln test − ln anchor) dscore) − 1
///
/// `None` with fewer than four points on either curve, or nothing in common.
pub fn bd_rate(test: &Curve, anchor: &Curve) -> Option<f64> {
    let difference = test.size.mean_above(&anchor.size);
    let difference = difference.filter(|_| test.has_delta(anchor));
    difference.map(|d| d.exp() - 1.0)
}

/// Bjøntegaard's delta of quality, the other way round: how much higher `test` scores than `anchor` at equal bytes,
/// averaged over the ln(bytes) that both cover, on the metric's own scale: where lower is better, a negative one is good.
///
/// (1 / (high − low)) · ∫ (test − anchor) dln(bytes)
///
/// `None` as for [`bd_rate`].
pub fn bd_score(test: &Curve, anchor: &Curve) -> Option<f64> {
    let difference = test.quality().mean_above(&anchor.quality());
    let difference = difference.filter(|_| test.has_delta(anchor));
    difference.map(|d| test.better.rising(d))
}

/// The Pareto front of (name, bytes, score) `points`, in the order given: those that none beats, that is no other has
/// both at most their bytes and at least their score without being equal in both. So of points that are equal in both
/// all stay or none. Points without a number for a score are not on it.
pub fn front<'a>(points: &[(&'a str, u64, f64)], better: Better) -> Vec<&'a str> {
    let beats = |a: &(&str, u64, f64), b: &(&str, u64, f64)| {
        let (score, other) = (better.rising(a.2), better.rising(b.2));
        a.1 <= b.1 && score >= other && (a.1 < b.1 || score > other)
    };
    let stays = |point: &&(&str, u64, f64)| {
        !point.2.is_nan() && !points.iter().any(|other| beats(other, point))
    };
    points.iter().filter(stays).map(|point| point.0).collect()
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
