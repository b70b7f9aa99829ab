//! A page for people: what the figures come to, charts, pictures to compare, and every result, in one file that asks the
//! network for nothing.
//!
//! Templates, style and script are files of their kinds in `html/`. Everything from a report goes through the templates'
//! escaping as text; the page's own policy forbids whatever is not its own style and script.

mod axes;
mod bars;
mod curves;
mod draw;
mod figure;
mod foot;
mod look;
mod results;
mod speed;
mod spread;
#[cfg(test)]
mod tests;

use std::io;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use self::figure::{Figure, Grid};
use self::look::Look;
use self::results::Results;
use super::view::{self, Align, Block, Code, List, Table, View as _};
use super::{PerImage, Renderer, RendererInfo, Style, Subject, Verbosity, escape, units};
use crate::gallery::Gallery;
use crate::report::Report;

/// The renderer.
pub(super) struct Html;

static INFO: RendererInfo = RendererInfo {
    id: "html",
    extensions: &["html", "htm"],
    media_type: "text/html",
    help: "a page to look at, in one file",
};

/// How the page looks.
const STYLE: &str = include_str!("html/page.css");

/// What it does by itself.
const SCRIPT: &str = concat!(include_str!("html/table.js"), include_str!("html/look.js"));

impl Renderer for Html {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        Page::of(report, style, None).write_into(&mut &mut *out)
    }
}

/// The same page with pictures to compare.
pub struct Illustrated<'a>(pub &'a Gallery);

impl Renderer for Illustrated<'_> {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        Page::of(report, style, Some(self.0)).write_into(&mut &mut *out)
    }
}

/// Everything on the page.
#[derive(Template)]
#[template(path = "page.html", config = "src/render/html/askama.toml")]
struct Page {
    title: String,
    policy: String,
    style: &'static str,
    script: &'static str,
    parts: Vec<Part>,
    look: Look,
    map: Option<Map>,
    results: Results,
    missing: Vec<List>,
    legend: Vec<String>,
    command: String,
    versions: Grid,
    generator: String,
}

/// All images together, at one width of a ladder if there is one.
struct Part {
    id: String,
    heading: String,
    sentences: Vec<String>,
    bars: Vec<Figure>,
    charts: Vec<Figure>,
    tables: Vec<Table>,
}

/// Which quality of each format matches which.
struct Map {
    sentences: Vec<String>,
    tables: Vec<Table>,
    settings: Vec<Code>,
}

impl Page {
    fn of(report: &Report, style: &Style, gallery: Option<&Gallery>) -> Self {
        let look = Look::of(report, gallery);
        let closing = view::closing(report, &whole(style));
        let (mut missing, mut legend) = (Vec::new(), Vec::new());
        for block in closing {
            match block {
                Block::List(list) => missing.push(list),
                Block::Aside(_, texts) => legend.extend(texts),
                _ => {}
            }
        }
        Self {
            title: title(report),
            policy: policy(
                STYLE,
                SCRIPT,
                if look.beside { "data: 'self'" } else { "data:" },
            ),
            style: STYLE,
            script: SCRIPT,
            parts: parts(report),
            look,
            map: Map::of(report, style),
            results: Results::of(report),
            missing,
            legend,
            command: foot::command(report),
            versions: foot::versions(report),
            generator: format!("{} {}", report.generator.name, report.generator.version),
        }
    }
}

/// `style` for what is told of all images: nothing is cut short.
fn whole(style: &Style) -> Style {
    Style {
        per_image: PerImage::Never,
        verbosity: Verbosity::Verbose,
        ..*style
    }
}

/// `3 images in JPEG, PNG and WebP`, `photo.png in WebP`
fn title(report: &Report) -> String {
    let mut paths: Vec<&str> = report.images.iter().map(|i| i.path.as_str()).collect();
    // One of a ladder of widths is still the same image.
    paths.dedup();
    let what = match paths[..] {
        [path] => path.to_owned(),
        _ => units::count(paths.len(), "image", "images"),
    };
    let formats = distinct(report.codecs.iter().map(|c| c.format_name.as_str()));
    shown(&format!("{what} in {}", units::list(&formats)))
}

/// Nothing from elsewhere, no style or script but these, and images from `images`.
fn policy(style: &str, script: &str, images: &str) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src {images}; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    )
}

fn parts(report: &Report) -> Vec<Part> {
    if report.images.is_empty() {
        return Vec::new();
    }
    if report.options.widths.is_empty() {
        return vec![Part::of(report, None)];
    }
    let parts = report.widths().into_iter();
    let parts = parts.filter(|(_, part)| !part.images.is_empty());
    parts
        .map(|(width, part)| Part::of(&part, Some(width)))
        .collect()
}

impl Part {
    fn of(report: &Report, width: Option<u32>) -> Self {
        let id = width.map_or_else(String::new, |width| format!("w{width}-"));
        let mut part = Self {
            bars: bars::figures(report, &id),
            charts: charts(report, &id),
            id,
            heading: String::new(),
            sentences: Vec::new(),
            tables: Vec::new(),
        };
        for block in view::summary(report, width) {
            match block {
                Block::Heading(heading) => part.heading = heading.facts.join(", "),
                Block::Text(_, texts) => part.sentences.extend(texts),
                Block::Table(table) => part.tables.push(table),
                _ => {}
            }
        }
        part
    }
}

fn charts(report: &Report, id: &str) -> Vec<Figure> {
    let charts = [
        curves::rate_distortion(report, id),
        spread::sizes(report, id),
        speed::figure(report, id),
        spread::web(report, id),
    ];
    charts.into_iter().flatten().collect()
}

impl Map {
    fn of(report: &Report, style: &Style) -> Option<Self> {
        report.quality_map.as_ref()?;
        let mut map = Self {
            sentences: Vec::new(),
            tables: Vec::new(),
            settings: Vec::new(),
        };
        let style = Style {
            subject: Subject::QualityMap,
            ..whole(style)
        };
        for block in report.view(&style) {
            match block {
                Block::Text(_, texts) => map.sentences.extend(texts),
                Block::Table(table) => map.tables.push(table),
                Block::Code(code) => map.settings.push(code),
                _ => {}
            }
        }
        Some(map)
    }
}

/// As [`shown`], with figures and their units on one line.
fn prose(text: &str) -> String {
    let units = [" %", " kB", " MB"];
    let joined = |text: String, unit: &str| text.replace(unit, &unit.replace(' ', "\u{a0}"));
    units.into_iter().fold(shown(text), joined)
}

/// A text from a report as it may be shown.
fn shown(text: &str) -> String {
    escape::visible(text)
}

/// Each of `texts` once, in their order.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !seen.iter().any(|known| known == text) {
            seen.push(text.into());
        }
    }
    seen
}
