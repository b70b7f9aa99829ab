//! Pictures to compare, as the page has them: data for its script, and PNGs in base64 that are decoded when looked at.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::super::{escape, label, units};
use super::{prose, shown};
use crate::gallery::{Exhibit, Gallery, Png};
use crate::report::{Asked, Entry, ImageReport, Measurement, Report};

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
    /// What transparent pixels became where a format has none, as CSS has it.
    background: String,
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
        let (mut named, mut data) = (Vec::new(), Vec::new());
        for exhibit in exhibits {
            if let Some(image) = report.images.get(exhibit.image) {
                let mut embedded = Vec::new();
                data.push(self::data(report, image, exhibit, &mut embedded));
                let name = shown(&label::image(image));
                named.push(Shown { name, embedded });
            }
        }
        let notes = gallery.map_or(&[][..], |gallery| &gallery.notes);
        let mut pictures = exhibits.iter().flat_map(|exhibit| &exhibit.pictures);
        Self {
            exhibits: named,
            data: harmless(&data),
            notes: notes.iter().map(|note| shown(note)).collect(),
            why_none: "This page has no pictures: they are there when compare writes it, or when report finds the inputs and the files that --keep wrote.",
            honesty: honesty(report),
            background: report.options.background.clone(),
            beside: pictures.any(|picture| matches!(picture.png, Png::Url(_))),
        }
    }
}

/// Whether what is compared is of equal quality.
fn honesty(report: &Report) -> &'static str {
    let widths = report.by_width.iter().map(|width| &width.summary);
    let variants = widths.chain([&report.summary]).flat_map(|s| &s.variants);
    let goals = variants.filter_map(|variant| Asked::of(&variant.goal));
    let is_score = |goal: &Asked| matches!(goal, Asked::Score { .. });
    let is_size = |goal: &Asked| matches!(goal, Asked::Size(_));
    if goals.clone().any(|goal| is_score(&goal)) {
        "Files for one target were searched for, and are of equal quality."
    } else if goals.clone().any(|goal| is_size(&goal)) {
        "Files for one size were searched for, and are of unequal quality: mind the scores."
    } else if goals.clone().all(|goal| goal == Asked::Lossless) {
        "Every pixel is kept."
    } else if report.metrics.is_empty() {
        "Set qualities are not equal quality, and nothing was scored. -t ssimulacra2=70 looks for files that are."
    } else {
        "Set qualities are not equal quality: mind the scores. -t ssimulacra2=70 looks for files that are."
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
    let sides = label::sides(image);
    // The file's size is not that of what is shown.
    let (facts, size) = match image.is_resized() {
        true => (
            format!("resized to {sides} from {format} of {size}"),
            String::new(),
        ),
        false => (format!("{format} of {size}, {sides}"), size),
    };
    Pictured {
        label: "Original".into(),
        facts: prose(&facts),
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
        label: shown(&label::entry(report, entry)),
        size,
        facts: prose(&facts.join(", ")),
        goal: (!entry.lossless).then(|| entry.goal.clone()),
        id: None,
        url: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    #[test]
    fn only_files_for_a_score_are_said_to_be_of_equal_quality() {
        let mut report = fixture::searched();
        assert!(honesty(&report).contains("are of equal quality"));
        for variant in &mut report.summary.variants {
            variant.goal = "size=40000".into();
        }
        assert!(honesty(&report).contains("Files for one size"));
        for variant in &mut report.summary.variants {
            variant.goal = "lossless".into();
        }
        assert_eq!(honesty(&report), "Every pixel is kept.");
        let mut report = fixture::sweep();
        assert!(honesty(&report).contains("mind the scores"));
        report.metrics.clear();
        assert!(honesty(&report).contains("nothing was scored"));
    }
}
