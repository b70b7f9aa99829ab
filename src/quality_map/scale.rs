//! A quality scale on one picture: the score at each quality, and the quality for each score. Pure.
//!
//! More quality is taken to be no worse. Where a measured score falls all the same (by a point or so, from one step to
//! the next), the fall is levelled out by isotonic regression (pool adjacent violators: Barlow et al., “Statistical
//! Inference under Order Restrictions”, 1972): neighbours out of order become one point, their mean quality and mean
//! score, but the ends stay at the qualities that were measured. Between points the scale is straight, so that reading
//! it backwards undoes reading it forwards; outside it says nothing.

/// A scale, strictly rising in both.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    points: Vec<(f64, f64)>,
}

impl Scale {
    /// The scale through measured (quality, score) `points`, each quality once, scores rising with quality; `None` where
    /// quality changes nothing.
    pub(super) fn new(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        let mut points: Vec<(f64, f64)> = points.into_iter().collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let ends = [points.first()?.0, points.last()?.0];
        let mut pools: Vec<Pool> = Vec::new();
        for (quality, score) in points {
            let mut pool = Pool {
                count: 1.0,
                quality,
                score,
            };
            while let Some(before) = pools.pop_if(|before| before.score >= pool.score) {
                pool = pool.with(&before);
            }
            pools.push(pool);
        }
        pools.first_mut()?.quality = ends[0];
        pools.last_mut()?.quality = ends[1];
        let points: Vec<(f64, f64)> = pools.iter().map(|p| (p.quality, p.score)).collect();
        (points.len() >= 2).then_some(Self { points })
    }

    /// The score at `quality`; `None` outside what was measured.
    pub(super) fn score_at(&self, quality: f64) -> Option<f64> {
        read(self.points.iter().copied(), quality)
    }

    /// The quality that scores `score`: −∞ where the lowest one measured is better already, ∞ where the highest is not
    /// good enough.
    pub(super) fn quality_of(&self, score: f64) -> f64 {
        let swapped = self.points.iter().map(|&(quality, score)| (score, quality));
        read(swapped, score).unwrap_or(if score < self.points[0].1 {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        })
    }
}

/// Neighbours that became one point.
struct Pool {
    count: f64,
    quality: f64,
    score: f64,
}

impl Pool {
    fn with(&self, other: &Self) -> Self {
        let count = self.count + other.count;
        let mean = |own: f64, theirs: f64| (own * self.count + theirs * other.count) / count;
        Self {
            count,
            quality: mean(self.quality, other.quality),
            score: mean(self.score, other.score),
        }
    }
}

/// What straight lines through `points`, ascending, are at `at`.
fn read(points: impl Iterator<Item = (f64, f64)> + Clone, at: f64) -> Option<f64> {
    let mut pieces = points.clone().zip(points.skip(1));
    let ((x0, y0), (x1, y1)) = pieces.find(|((x0, _), (x1, _))| (*x0..=*x1).contains(&at))?;
    let share = (at - x0) / (x1 - x0);
    Some(y0 * (1.0 - share) + y1 * share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scale(points: &[(f64, f64)]) -> Scale {
        Scale::new(points.iter().copied()).unwrap()
    }

    #[test]
    fn between_points_it_is_straight_and_outside_there_is_nothing() {
        let scale = scale(&[(40.0, 50.0), (60.0, 60.0), (80.0, 80.0)]);
        assert_eq!(scale.score_at(50.0), Some(55.0));
        assert_eq!(scale.quality_of(70.0), 70.0);
        assert_eq!((scale.score_at(39.9), scale.score_at(80.1)), (None, None));
        assert_eq!(scale.quality_of(49.9), f64::NEG_INFINITY);
        assert_eq!(scale.quality_of(80.1), f64::INFINITY);
    }

    #[test]
    fn a_dip_is_levelled_out() {
        let scale = scale(&[(40.0, 50.0), (50.0, 62.0), (60.0, 58.0), (70.0, 70.0)]);
        // One point in the middle of the two that are out of order.
        assert_eq!(scale.score_at(55.0), Some(60.0));
        assert_eq!(scale.quality_of(55.0), 47.5);
    }

    #[test]
    fn a_dip_at_an_end_does_not_shorten_the_scale() {
        let scale = scale(&[(40.0, 51.0), (50.0, 49.0), (60.0, 60.0)]);
        assert_eq!(scale.score_at(40.0), Some(50.0));
        assert_eq!(scale.score_at(60.0), Some(60.0));
    }

    #[test]
    fn where_quality_changes_nothing_there_is_no_scale() {
        assert_eq!(Scale::new([]), None);
        assert_eq!(Scale::new([(60.0, 70.0)]), None);
        assert_eq!(Scale::new([(40.0, 100.0), (60.0, 100.0)]), None);
        assert_eq!(Scale::new([(40.0, 90.0), (60.0, 80.0)]), None);
    }

    proptest! {
        #[test]
        fn backwards_undoes_forwards(scores in prop::collection::vec(-50.0_f64..100.0, 2..20), at in 0.0_f64..1.0) {
            let points = scores.iter().enumerate().map(|(nth, score)| (5.0 * nth as f64, *score));
            let Some(scale) = Scale::new(points) else { return Ok(()) };
            let quality = at * 5.0 * (scores.len() - 1) as f64;
            let score = scale.score_at(quality).unwrap();
            prop_assert!((scale.quality_of(score) - quality).abs() < 1e-6);
        }

        #[test]
        fn more_quality_is_never_worse(scores in prop::collection::vec(-50.0_f64..100.0, 2..20), a in 0.0_f64..1.0, b in 0.0_f64..1.0) {
            let points = scores.iter().enumerate().map(|(nth, score)| (5.0 * nth as f64, *score));
            let Some(scale) = Scale::new(points) else { return Ok(()) };
            let end = 5.0 * (scores.len() - 1) as f64;
            let [low, high] = [a.min(b), a.max(b)].map(|at| scale.score_at(at * end).unwrap());
            prop_assert!(low <= high + 1e-9);
        }
    }
}
