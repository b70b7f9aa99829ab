//! Names of codecs, formats and metrics, as a report or a diff gives them.

use crate::diff::Diff;
use crate::report::{CodecUsed, MetricUsed, Report};

/// What has names for the codecs and metrics it tells of.
pub(in crate::render) trait Names {
    /// Codecs.
    fn codecs(&self) -> &[CodecUsed];

    /// Metrics, the one that judges first.
    fn metrics(&self) -> &[MetricUsed];
}

impl Names for Report {
    fn codecs(&self) -> &[CodecUsed] {
        &self.codecs
    }

    fn metrics(&self) -> &[MetricUsed] {
        &self.metrics
    }
}

impl Names for Diff {
    fn codecs(&self) -> &[CodecUsed] {
        &self.codecs
    }

    fn metrics(&self) -> &[MetricUsed] {
        &self.metrics
    }
}

/// Name of format `id`, also of one that was only read.
pub(in crate::render) fn format(report: &impl Names, id: &str) -> String {
    let used = report.codecs().iter().find(|c| c.format == id);
    match (id, used) {
        (_, Some(codec)) => codec.format_name.clone(),
        ("webp", None) => "WebP".into(),
        ("jxl", None) => "JPEG XL".into(),
        _ => id.to_uppercase(),
    }
}

/// Format of a codec's files; with the codec when several make it.
pub(in crate::render) fn codec(report: &impl Names, codec: &str, format_id: &str) -> String {
    let name = format(report, format_id);
    let several = report
        .codecs()
        .iter()
        .any(|c| c.format == format_id && c.id != codec);
    if several {
        format!("{name} ({codec})")
    } else {
        name
    }
}

/// Name of metric `id`.
pub(in crate::render) fn metric(report: &impl Names, id: &str) -> String {
    let used = report.metrics().iter().find(|m| m.id == id);
    used.map_or(id, |m| &m.name).into()
}
