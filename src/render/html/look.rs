//! Pictures to compare, as the page has them: data for its script, and PNGs in base64 that are decoded when looked at.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::super::{escape, label, units};
use crate::gallery::{Exhibit, Gallery, Png};
use crate::report::{Entry, ImageReport, Measurement, Report};

/// The section of pictures.
#[derive(Template)]
#[template(path = "look.html", config = "src/render/html/askama.toml")]
pub(super) struct Look {
    exhibits: Vec<Shown>,
    /// JSON that is harmless inside a script.
    data: String,
    notes: Vec<String>,
    why_none: &'static str,
    honesty: &'static str,
    /// Whether pictures are in files of their own.
    pub(super) beside: bool,
}

/// An image and its pictures.
struct Shown {
    name: String,
    /// Ids and PNGs in base64.
    embedded: Vec<(String, String)>,
}

/// An image, for the script.
#[derive(Serialize)]
struct Data {
    width: u32,
    height: u32,
    crop: Option<[u32; 4]>,
    /// The picture to begin with.
    best: usize,
    pictures: Vec<Pictured>,
}

/// A picture, for the script.
#[derive(Serialize)]
struct Pictured {
    label: String,
    size: String,
    facts: String,
    goal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl Look {
    /// What there is to see of `report`.
    pub(super) fn of(report: &Report, gallery: Option<&Gallery>) -> Self {
        let exhibits = gallery.map_or(&[][..], |gallery| &gallery.exhibits);
        let (mut shown, mut data) = (Vec::new(), Vec::new());
        for exhibit in exhibits {
            if let Some(image) = report.images.get(exhibit.image) {
                let mut embedded = Vec::new();
                data.push(self::data(report, image, exhibit, &mut embedded));
                let name = name(image);
                shown.push(Shown { name, embedded });
            }
        }
        let notes = gallery.map_or(&[][..], |gallery| &gallery.notes);
        let all = exhibits.iter().flat_map(|exhibit| &exhibit.pictures);
        Self {
            exhibits: shown,
            data: harmless(&data),
            notes: notes.iter().map(|note| escape::visible(note)).collect(),
            why_none: "This page has no pictures: they are there when compare writes it, or when report finds the inputs and the files that --keep wrote.",
            honesty: if label::has_targets(report) {
                "Files for one target were searched for, and are of equal quality."
            } else {
                "Set qualities are not equal quality: mind the scores. -t ssimulacra2=70 looks for files that are."
            },
            beside: all
                .into_iter()
                .any(|picture| matches!(picture.png, Png::Url(_))),
        }
    }
}

/// JSON without what could end a script or begin a comment in it.
fn harmless(data: &[Data]) -> String {
    let json = serde_json::to_string(data).unwrap_or_else(|_| "[]".into());
    escape::json(&json)
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

fn data(
    report: &Report,
    image: &ImageReport,
    exhibit: &Exhibit,
    embedded: &mut Vec<(String, String)>,
) -> Data {
    let [width, height] = exhibit
        .crop
        .map_or([image.width, image.height], |[_, _, w, h]| [w, h]);
    let mut best = None;
    let mut pictures = Vec::new();
    for (nth, picture) in exhibit.pictures.iter().enumerate() {
        let entry = picture.result.and_then(|result| image.results.get(result));
        let mut shown = match entry.and_then(|e| Some((e, e.measurement()?))) {
            Some((entry, m)) => encoded(report, image, entry, m),
            None => original(report, image),
        };
        if entry.is_some_and(|e| is_choice(image, e)) {
            best = Some(nth);
        }
        match &picture.png {
            Png::Url(url) => shown.url = Some(url.clone()),
            Png::Bytes(bytes) => {
                let id = format!("png-{}-{nth}", exhibit.image);
                embedded.push((id.clone(), STANDARD.encode(bytes)));
                shown.id = Some(id);
            }
        }
        pictures.push(shown);
    }
    Data {
        width,
        height,
        crop: exhibit.crop,
        best: best.unwrap_or(pictures.len() - 1),
        pictures,
    }
}

/// Whether `entry` is the file to serve, or the smallest where none is said to be.
fn is_choice(image: &ImageReport, entry: &Entry) -> bool {
    let recommended = image.recommended.as_ref().and_then(|r| r.variant.as_ref());
    recommended.or(image.smallest.as_ref()) == Some(&entry.variant)
}

fn original(report: &Report, image: &ImageReport) -> Pictured {
    let size = units::bytes(image.bytes);
    let format = label::format(report, &image.format);
    Pictured {
        label: "Original".into(),
        facts: format!("{format} of {size}, {}", label::sides(image)),
        size,
        goal: None,
        id: None,
        url: None,
    }
}

fn encoded(report: &Report, image: &ImageReport, entry: &Entry, m: &Measurement) -> Pictured {
    let size = units::bytes(m.bytes);
    let mut facts = vec![size.clone()];
    if !image.is_resized() {
        facts.push(format!(
            "{} to the original",
            units::change(m.ratio_to_input)
        ));
    }
    facts.extend(
        report
            .metrics
            .iter()
            .map(|metric| format!("{} {}", metric.name, label::score(metric, m))),
    );
    if !m.reached {
        facts.push("which misses its target".into());
    }
    Pictured {
        label: label::entry(report, entry),
        size,
        facts: facts.join(", "),
        goal: (!entry.lossless).then(|| entry.goal.clone()),
        id: None,
        url: None,
    }
}

/// What an image is called on the page: its path, and its width where there is a ladder.
pub(super) fn name(image: &ImageReport) -> String {
    let path = escape::visible(&image.path);
    match image.rung {
        Some(rung) => format!("{path} at {}w", rung.width),
        None => path,
    }
}
