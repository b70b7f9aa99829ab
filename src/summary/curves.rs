//! What was measured of a codec on an image, by quality: at set qualities and on the way of searches.

use std::collections::BTreeMap;

use crate::curve::Curve;
use crate::report::{Entry, ImageReport, MetricUsed, Report};

/// The rate–distortion curve of `series` on `image`, each quality once; `None` when fewer than two points count.
pub(crate) fn curve(image: &ImageReport, series: &str, metric: &MetricUsed) -> Option<Curve> {
    let points = points(image, series, &metric.id).into_values();
    Curve::new(points, metric.better)
}

/// Quality to score and bytes of `series` on `image`.
pub(crate) fn points(image: &ImageReport, series: &str, metric: &str) -> BTreeMap<u8, (f64, f64)> {
    let probed = image.curves.iter().filter(|c| c.series == series);
    let probed = probed
        .flat_map(|c| &c.points)
        .map(|p| (p.quality, &p.scores, p.bytes));
    let probed =
        probed.filter_map(|(q, scores, bytes)| Some((q, (*scores.get(metric)?, bytes as f64))));
    probed.chain(set_points(image, series, metric)).collect()
}

/// As [`points`], of set qualities alone.
pub(crate) fn set_points<'a>(
    image: &'a ImageReport,
    series: &'a str,
    metric: &'a str,
) -> impl Iterator<Item = (u8, (f64, f64))> + 'a {
    image.measurements().filter_map(move |(entry, m)| {
        let quality = entry.set_quality().filter(|_| entry.series() == series)?;
        Some((quality, (*m.scores.get(metric)?, m.bytes as f64)))
    })
}

/// The series that stands for `format`: the first lossy codec of the format at all defaults, in plan order.
pub(crate) fn series_of(report: &Report, format: &str) -> Option<String> {
    let mut first = report
        .options
        .variants
        .iter()
        .filter_map(|v| entry(report, v));
    let plain = |e: &&Entry| e.format == format && !e.lossless && e.series() == e.codec;
    first.find(plain).map(|e| e.codec.clone())
}

/// The set qualities that make the curve of `format`, as variants in plan order.
pub fn lossy_variants<'a>(report: &'a Report, format: &str) -> Vec<&'a str> {
    let series = series_of(report, format);
    let fitting = |name: &&String| {
        let entry = entry(report, name).filter(|e| e.set_quality().is_some());
        entry.is_some_and(|e| Some(e.series()) == series)
    };
    let names = report.options.variants.iter().filter(fitting);
    names.map(String::as_str).collect()
}

/// An entry of `variant`: every image has every variant, the first tells.
pub(crate) fn entry<'a>(report: &'a Report, variant: &str) -> Option<&'a Entry> {
    let mut all = report.images.iter().flat_map(|image| &image.results);
    all.find(|entry| entry.variant == variant)
}
