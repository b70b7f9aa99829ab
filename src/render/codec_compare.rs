//! Data for [Codec-Compare](https://github.com/webmproject/codec-compare), the viewer of the WebM project: a batch a
//! codec and settings, all in one file.
//!
//! The viewer loads a list of URLs of batches. Here each URL is the batch itself (`data:`), so that the list is all there
//! is: served beside the viewer, `index.html?load=FILE` shows it.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Renderer, RendererInfo, Style, escape, label};
use crate::report::{Entry, ImageReport, Measurement, Report};

/// The renderer.
pub(super) struct CodecCompare;

static INFO: RendererInfo = RendererInfo {
    id: "codec-compare",
    extensions: &["codec-compare"],
    media_type: "application/json",
    help: "data for the WebM project's Codec-Compare viewer",
};

/// What a `data:` URL of a batch begins with. The viewer takes URLs without `://` for paths beside the list.
const PREFIX: &str = "data:application/json;from=imgbench://report;base64,";

impl Renderer for CodecCompare {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, report: &Report, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let url = |batch: &Batch| {
            format!(
                "{PREFIX}{}",
                STANDARD.encode(batch.json(report).to_string())
            )
        };
        let urls: Vec<[String; 1]> = batches(report).iter().map(|batch| [url(batch)]).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&urls)?)
    }
}

/// What stands for a PSNR without end, decibels: more than 8 bits can have.
const INFINITE: f64 = 100.0;

/// The files of a codec told one thing but for its quality.
struct Batch<'a> {
    series: String,
    name: String,
    codec: &'a str,
    rows: Vec<(&'a ImageReport, &'a Entry, &'a Measurement)>,
}

fn batches(report: &Report) -> Vec<Batch<'_>> {
    let fields = scores(report);
    let is_scored = |(i, e, m): &(&ImageReport, &Entry, &Measurement)| {
        fields.iter().all(|field| (field.value)(i, e, m).is_some())
    };
    let mut rows: Vec<_> = report
        .measurements()
        .filter(|(_, _, m)| m.reached)
        .collect();
    // The viewer compares by the scores that all rows have: what has none goes, where others have.
    if rows.iter().any(is_scored) {
        rows.retain(is_scored);
    }
    // And it looks at the first batch for those that differ from row to row.
    rows.sort_by_key(|(_, entry, _)| entry.lossless);
    let mut batches: Vec<Batch> = Vec::new();
    for row in rows {
        let (_, entry, _) = row;
        let lossless = if entry.lossless { " lossless" } else { "" };
        let format = label::codec(report, &entry.codec, &entry.format);
        let name = label::with_settings(format, &entry.variant, &entry.goal) + lossless;
        match batches.iter_mut().find(|b| b.name == name) {
            Some(batch) => batch.rows.push(row),
            None => batches.push(Batch {
                series: entry.series(),
                name,
                codec: &entry.codec,
                rows: vec![row],
            }),
        }
    }
    batches
}

/// A figure of a result, if it has one.
type Figure = dyn Fn(&ImageReport, &Entry, &Measurement) -> Option<Value>;

/// A column: its name, what it is, and its figure in a row, if that has one.
struct Field {
    name: String,
    what: String,
    value: Box<Figure>,
}

impl Batch<'_> {
    fn json(&self, report: &Report) -> Value {
        let version = report.codecs.iter().find(|c| c.id == self.codec);
        let version = version.map_or("", |c| &c.version);
        // The viewer wants a value for every field of every row.
        let whole = |f: &Field| {
            self.rows
                .iter()
                .all(|(i, e, m)| (f.value)(i, e, m).is_some())
        };
        let fields: Vec<Field> = fields(report).into_iter().filter(whole).collect();
        let row = |(image, entry, m): &(&ImageReport, &Entry, &Measurement)| -> Vec<Value> {
            fields
                .iter()
                .filter_map(|f| (f.value)(image, entry, m))
                .collect()
        };
        let described = |name: &str, what: &str| json!({ name: what });
        json!({
            "constant_descriptions": [
                described("name", "Name of this batch"),
                described("codec", "Name of the codec used to generate this data"),
                described("version", "Version of the codec used to generate this data"),
                described("settings", "What the codec was told beside the quality"),
                described("generator", "The program that measured"),
            ],
            "constant_values": [
                self.name,
                self.codec,
                version,
                self.series,
                format!("{} {}", report.generator.name, report.generator.version),
            ],
            "field_descriptions": fields.iter().map(|f| described(&f.name, &f.what)).collect::<Vec<_>>(),
            "field_values": self.rows.iter().map(row).collect::<Vec<_>>(),
        })
    }
}

fn fields(report: &Report) -> Vec<Field> {
    let field =
        |name: &str, what: &str, value: fn(&ImageReport, &Entry, &Measurement) -> Option<Value>| {
            Field {
                name: name.into(),
                what: what.into(),
                value: Box::new(value),
            }
        };
    let mut fields = vec![
        field("original_name", "Original image file name", |i, _, _| {
            Some(json!(escape::visible(&label::image(i))))
        }),
        field("width", "Pixel columns in the original image", |i, _, _| {
            Some(json!(i.width))
        }),
        field("height", "Pixel rows in the original image", |i, _, _| {
            Some(json!(i.height))
        }),
        field("quality", "Compression quality parameter", |_, e, _| {
            Some(json!(e.quality?))
        }),
        field("goal", "What was asked of the encoder", |_, e, _| {
            Some(json!(e.goal))
        }),
        field(
            "encoded_size",
            "Size of the encoded image file in bytes",
            |_, _, m| Some(json!(m.bytes)),
        ),
        field(
            "encoding_time",
            "Encoding duration in seconds, CPU time of one thread",
            |_, _, m| Some(json!(m.timing.as_ref()?.encode_cpu_ms / 1e3)),
        ),
        field(
            "decoding_time",
            "Decoding duration in seconds, CPU time of one thread",
            |_, _, m| Some(json!(m.timing.as_ref()?.decode_cpu_ms? / 1e3)),
        ),
    ];
    fields.extend(scores(report));
    fields
}

fn scores(report: &Report) -> Vec<Field> {
    let fields = report.metrics.iter().map(|metric| {
        let id = metric.id.clone();
        Field {
            name: known(&metric.id).into(),
            what: format!(
                "{}, by {} {}",
                metric.name, metric.implementation, metric.version
            ),
            value: Box::new(move |_, _, m| {
                // An infinite score is not in the report.
                let infinite = (m.identical && id == "psnr").then_some(INFINITE);
                Some(json!(m.scores.get(&id).copied().or(infinite)?))
            }),
        }
    });
    fields.collect()
}

/// The viewer's name for metric `id`, where it has one.
fn known(id: &str) -> &str {
    match id {
        "butteraugli" => "p3-norm",
        "butteraugli-max" => "butteraugli",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn read(report: &Report) -> Vec<Value> {
        let mut out = Vec::new();
        CodecCompare
            .render(report, &Style::default(), &mut out)
            .unwrap();
        let urls: Vec<[String; 1]> = serde_json::from_slice(&out).unwrap();
        let batch = |[url]: &[String; 1]| {
            let base64 = url.strip_prefix(PREFIX).unwrap();
            serde_json::from_slice(&STANDARD.decode(base64).unwrap()).unwrap()
        };
        urls.iter().map(batch).collect()
    }

    #[test]
    fn a_batch_has_a_value_for_every_description() {
        for report in [
            fixture::many(),
            fixture::sweep(),
            fixture::searched(),
            fixture::empty(),
        ] {
            let mut rows = 0;
            for batch in read(&report) {
                let count = |key: &str| batch[key].as_array().unwrap().len();
                assert_eq!(count("constant_descriptions"), count("constant_values"));
                for row in batch["field_values"].as_array().unwrap() {
                    assert_eq!(row.as_array().unwrap().len(), count("field_descriptions"));
                    rows += 1;
                }
            }
            assert_eq!(
                rows,
                report.measurements().filter(|(_, _, m)| m.reached).count()
            );
        }
    }

    #[test]
    fn batches_are_codecs_with_their_settings_and_mode() {
        let batches = read(&fixture::many());
        let names: Vec<&str> = batches
            .iter()
            .map(|b| b["constant_values"][0].as_str().unwrap())
            .collect();
        assert_eq!(
            names,
            ["JPEG", "WebP", "JPEG subsampling=444", "PNG lossless"]
        );
        let png = batches[3]["field_descriptions"].to_string();
        assert!(
            !png.contains("\"quality\"") && png.contains("psnr"),
            "{png}"
        );
        let jpeg = &batches[0];
        assert_eq!(
            jpeg["field_descriptions"][0]["original_name"],
            "Original image file name"
        );
        assert_eq!(jpeg["field_values"][0][0], "page.png");
        assert_eq!(jpeg["field_values"][0][5], 123_400);
    }

    #[test]
    fn what_has_no_score_costs_the_others_none() {
        let mut report = fixture::many();
        let metrics = report.metrics.len();
        let rows = |report: &Report| -> usize {
            let batches = read(report);
            let scored = |b: &Value| b["field_descriptions"].as_array().unwrap().len();
            assert!(
                batches.iter().all(|b| scored(b) >= 6 + metrics),
                "{batches:?}"
            );
            batches
                .iter()
                .map(|b| b["field_values"].as_array().unwrap().len())
                .sum()
        };
        let all = rows(&report);
        let entry = &mut report.images[0].results[0];
        if let crate::report::Outcome::Done(m) = &mut entry.outcome {
            m.scores.clear();
        }
        assert_eq!(rows(&report), all - 1);
    }
}
