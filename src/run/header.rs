//! What a report says of the run itself.

use crate::bitmap::Rgb;
use crate::codec::CodecInfo;
use crate::plan::Plan;
use crate::report::{CodecUsed, Generator, MetricUsed, Options, Report, SCHEMA};
use crate::summary::Summary;

/// A report of `plan` with nothing in it yet.
pub fn header(plan: &Plan) -> Report {
    let mut codecs: Vec<CodecUsed> = Vec::new();
    for codec in plan.variants.iter().map(crate::variant::Variant::codec) {
        let info = codec.info();
        if codecs.iter().all(|c| c.id != info.id) {
            codecs.push(CodecUsed {
                id: info.id.into(),
                format: info.format.into(),
                format_name: info.format_name.into(),
                media_type: info.media_type.into(),
                library: info.id.into(),
                version: codec.version(),
                defaults: defaults(info),
            });
        }
    }
    let metrics = plan.metrics.iter().map(|metric| MetricUsed {
        id: metric.info().id.into(),
        name: metric.info().name.into(),
        implementation: metric.info().implementation.into(),
        version: metric.version(),
        better: metric.info().better,
    });
    let Rgb([r, g, b]) = plan.background;
    Report {
        schema: SCHEMA.into(),
        generator: Generator {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
        },
        codecs,
        metrics: metrics.collect(),
        options: Options {
            widths: plan.widths.clone(),
            variants: plan.variants.iter().map(ToString::to_string).collect(),
            metrics: plan.metrics.iter().map(|m| m.info().id.into()).collect(),
            baseline: plan.baseline.clone(),
            background: format!("#{r:02x}{g:02x}{b:02x}"),
            max_pixels: plan.limits.max_pixels,
            max_file_size: plan.limits.max_file_size,
        },
        support: plan.support.clone(),
        images: Vec::new(),
        failures: Vec::new(),
        skipped: Vec::new(),
        summary: Summary::default(),
        verdict: None,
        by_width: Vec::new(),
        quality_map: None,
        timing: None,
    }
}

fn defaults(info: &CodecInfo) -> std::collections::BTreeMap<String, String> {
    let effort = info
        .effort
        .as_ref()
        .map(|e| ("effort".into(), e.default.to_string()));
    effort
        .into_iter()
        .chain(
            info.options
                .iter()
                .map(|o| (o.key.into(), o.default.into())),
        )
        .collect()
}
