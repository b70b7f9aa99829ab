//! Who is compared with whom, image by image first.

use super::metric_of;
use super::pair::{Basis, Figures, Opinion, Outcome, Pair, Side, Sign};
use crate::curve::bd_rate;
use crate::metric::tolerance;
use crate::report::{Asked, Entry, ImageReport, Measurement, MetricUsed, Report};
use crate::summary::{
    Ratio, curve, difference, entry, equal_quality, equal_quality_ratio, measured, ratio, series_of,
};

/// Scores that two curves must share for a BD-rate, in tolerances of the metric: an average over less is no average.
const WIDE: f64 = 10.0;

/// Every two variants of one goal over `images` of `report`, in plan order; where none is of a score, every lossy format
/// and the baseline at equal quality.
pub fn pairs(report: &Report, images: &[&ImageReport]) -> Vec<Pair> {
    let field = Field { report, images };
    let goals = goals(report);
    let sought = goals.iter().flat_map(|goal| field.of_goal(goal));
    let mut pairs: Vec<Pair> = sought.collect();
    let by_score = |pair: &Pair| matches!(Asked::of(&pair.goal), Some(Asked::Score { .. }));
    if !pairs.iter().any(by_score) {
        pairs.extend(field.at_equal_quality());
    }
    pairs
}

/// What several variants may have in common, in plan order.
fn goals(report: &Report) -> Vec<&str> {
    let entries = report.options.variants.iter();
    let goals = entries.filter_map(|name| Some(entry(report, name)?.goal.as_str()));
    let shared = |goal: &&str| match Asked::of(goal) {
        Some(Asked::Lossless) => true,
        asked => asked.is_some_and(Asked::is_search),
    };
    goals.filter(shared).fold(Vec::new(), |mut goals, goal| {
        if !goals.contains(&goal) {
            goals.push(goal);
        }
        goals
    })
}

/// The images that are compared on.
struct Field<'a> {
    report: &'a Report,
    images: &'a [&'a ImageReport],
}

/// Two measurements of one image.
type Both<'a> = (&'a ImageReport, &'a Measurement, &'a Measurement);

impl<'a> Field<'a> {
    fn of_goal(&self, goal: &str) -> Vec<Pair> {
        let names = self.report.options.variants.iter();
        let entries = names.filter_map(|name| entry(self.report, name));
        let entries: Vec<&Entry> = entries
            .filter(|e| e.goal == goal && self.is_measured(e))
            .collect();
        let twos = entries.iter().enumerate();
        let twos = twos.flat_map(|(nth, a)| entries[nth + 1..].iter().map(move |b| (*a, *b)));
        twos.map(|(a, b)| self.two(a, b)).collect()
    }

    fn is_measured(&self, entry: &Entry) -> bool {
        let mut all = self.images.iter().flat_map(|i| i.measurements());
        all.any(|(e, _)| e.variant == entry.variant)
    }

    fn two(&self, a: &Entry, b: &Entry) -> Pair {
        let (basis, figures) = self.figures(a, b);
        let (a, b, figures) = if basis.is_behind(&figures) {
            (b, a, self.figures(b, a).1)
        } else {
            (a, b, figures)
        };
        let sides = [a, b].map(|e| Side::of(e, self.unreached(e)));
        let mut pair = self.pair(&a.goal, basis, sides, &figures);
        if basis == Basis::Target {
            let shared = self.shared(a, b);
            pair.file_ratio = ratio(files(&shared).into_iter().map(|(_, ratio)| ratio));
        }
        if !a.lossless {
            pair.second_opinion = self.opinions(a, b, &pair);
            pair.bd_rate = self.bd_rate(&a.goal, &a.series(), &b.series());
        }
        pair
    }

    /// What decides between two entries.
    fn figures(&self, a: &Entry, b: &Entry) -> (Basis, Figures<'a>) {
        let shared = self.shared(a, b);
        if let Some(Asked::Size(_)) = Asked::of(&a.goal) {
            let metric = metric_of(self.report, &a.goal);
            return (
                Basis::Scores,
                metric.map_or(Vec::new(), |m| scores(&shared, m)),
            );
        }
        let exact = shared.iter().filter_map(|(image, a, b)| {
            let [a, b] = [a.bytes_at_target?, b.bytes_at_target?];
            Some((image.path.as_str(), a as f64 / b as f64))
        });
        let exact: Figures<'a> = exact.collect();
        if exact.is_empty() {
            (Basis::Files, files(&shared))
        } else {
            (Basis::Target, exact)
        }
    }

    /// The images on which both reached the goal.
    fn shared(&self, a: &Entry, b: &Entry) -> Vec<Both<'a>> {
        let both = |image: &&'a ImageReport| {
            let image: &'a ImageReport = image;
            let [a, b] = [a, b].map(|e| measured(image, &e.variant));
            Some((image, a?, b?))
        };
        self.images.iter().filter_map(both).collect()
    }

    fn unreached(&self, entry: &Entry) -> usize {
        let all = self.images.iter().flat_map(|i| i.measurements());
        let missed = all.filter(|(e, m)| e.variant == entry.variant && !m.reached);
        missed.count()
    }

    fn at_equal_quality(&self) -> Vec<Pair> {
        let rows = equal_quality(self.report, self.images).into_iter();
        let pairs = rows.filter_map(|row| {
            let figure = |image: &&'a ImageReport| {
                let ratio = equal_quality_ratio(self.report, image, &row.format)?;
                Some((image.path.as_str(), ratio))
            };
            let mut figures: Figures<'a> = self.images.iter().filter_map(figure).collect();
            let mut formats = [&row.format, &row.baseline];
            if Basis::Curves.is_behind(&figures) {
                formats.reverse();
                figures
                    .iter_mut()
                    .for_each(|(_, ratio)| *ratio = ratio.recip());
            }
            let [a, b] = formats.map(|format| series_of(self.report, format));
            let (a, b) = (a?, b?);
            let side = |codec: &str, format: &str| Side {
                variant: None,
                codec: codec.into(),
                format: format.into(),
                unreached: 0,
            };
            let sides = [side(&a, formats[0]), side(&b, formats[1])];
            let goal = format!("equal {}", row.metric);
            let bd_rate = self.bd_rate(&goal, &a, &b);
            let pair = self.pair(&goal, Basis::Curves, sides, &figures);
            Some(Pair { bd_rate, ..pair })
        });
        pairs.collect()
    }

    fn pair(&self, goal: &str, basis: Basis, sides: [Side; 2], figures: &Figures<'_>) -> Pair {
        let metric = self.report.metrics.first();
        let band = metric.map_or(0.0, |m| tolerance(&m.id));
        let mut pair = Pair::new(goal, basis, sides, figures, band);
        pair.not_comparable = self.images.len() - figures.len();
        pair
    }

    /// What the metrics say that the goal is not about.
    fn opinions(&self, a: &Entry, b: &Entry, pair: &Pair) -> Vec<Opinion> {
        let judge = metric_of(self.report, &a.goal);
        let shared = self.shared(a, b);
        let others = self.report.metrics.iter();
        let others = others.filter(|m| Some(*m) != judge);
        let opinions = others.filter_map(|metric| {
            let figures = scores(&shared, metric).into_iter();
            let difference = difference(figures.map(|(_, value)| value))?;
            let tolerance = tolerance(&metric.id);
            let sign = Sign::of(difference.mean, tolerance);
            let won = matches!(pair.outcome, Outcome::Smaller | Outcome::Better);
            Some(Opinion {
                metric: metric.id.clone(),
                difference,
                tolerance,
                sign,
                disagrees: won && sign == Sign::Worse,
            })
        });
        opinions.collect()
    }

    /// Over the images on which both curves share enough: the probes around one target are close together.
    fn bd_rate(&self, goal: &str, a: &str, b: &str) -> Option<Ratio> {
        let metric = metric_of(self.report, goal)?;
        let wide = WIDE * tolerance(&metric.id);
        let deltas = self.images.iter().filter_map(|image| {
            let [a, b] = [a, b].map(|series| curve(image, series, metric));
            let (a, b) = (a?, b?);
            let [worst, best] = a.overlap(&b)?;
            ((best - worst).abs() >= wide).then(|| bd_rate(&a, &b))?
        });
        ratio(deltas.map(|delta| 1.0 + delta))
    }
}

/// A's file size over B's.
fn files<'a>(shared: &[Both<'a>]) -> Figures<'a> {
    let ratio = |(image, a, b): &Both<'a>| (image.path.as_str(), a.bytes as f64 / b.bytes as f64);
    shared.iter().map(ratio).collect()
}

/// By how much A's score is better than B's.
fn scores<'a>(shared: &[Both<'a>], metric: &MetricUsed) -> Figures<'a> {
    let difference = |(image, a, b): &Both<'a>| {
        let gain = a.scores.get(&metric.id)? - b.scores.get(&metric.id)?;
        Some((image.path.as_str(), metric.better.rising(gain)))
    };
    shared.iter().filter_map(difference).collect()
}
