//! What a view of an image costs where the page offers several formats, as a `<picture>` does, and each browser takes the
//! first one that it shows.
//!
//! For one goal. The file of a format for an image is the smallest that meets the goal; one that keeps every pixel meets
//! any. Formats stand in the order of their mean size, the smallest first, up to the first that every browser shows; what
//! nobody would take is left out. Where a format has no file for an image – the goal was missed, or the picture is
//! transparent and the format is not – the browser takes the next it shows, and at last the smallest that all show. Each
//! image counts alike, and each browser by its users.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{Asked, ImageReport, Report, rounded};
use crate::stats;
use crate::support::{Group, Support};

/// Formats that are offered alone where there is no choice.
const CLASSIC: [&str; 2] = ["jpeg", "png"];

/// What a view of an image costs where each browser takes the first of several formats that it shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// What every file meets: `ssimulacra2=70`, `q60`, `lossless`.
    pub goal: String,
    /// Whether the files of all formats are of one quality: at a set quality number they are not.
    pub same_quality: bool,
    /// Images behind the figures.
    pub images: usize,
    /// Images without a file that every browser shows.
    pub not_comparable: usize,
    /// The formats, in the order a page should offer them.
    pub sources: Vec<PictureSource>,
    /// Bytes a view, on average over images and browsers.
    pub bytes_per_view: f64,
    /// As [`bytes_per_view`](Self::bytes_per_view), where browsers that show a format with limits take it, too.
    pub bytes_per_view_with_partial: f64,
    /// As [`bytes_per_view`](Self::bytes_per_view), were the browsers of [`Support::newest_only`] as old as their likes for desktops.
    pub bytes_per_view_at_desktop_pace: f64,
    /// JPEG or PNG instead, whichever is smaller on average; none where neither was measured.
    pub alone: Option<Alone>,
}

/// A format that a page offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PictureSource {
    /// Format id.
    pub format: String,
    /// Share of users whose browser takes it, 0 to 1, where it has a file.
    pub share: f64,
    /// Mean size over all images: where it has no file, of the smallest that every browser shows.
    pub mean_bytes: f64,
}

/// One format for every browser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Alone {
    /// Format id.
    pub format: String,
    /// Bytes a view.
    pub bytes_per_view: f64,
    /// Images for which it has no file: another that every browser shows counts.
    pub substituted: usize,
}

/// One [`Picture`] for each goal where that is worth its while: at least two formats were measured, and JPEG or PNG alone is
/// not the smallest. None at set sizes, where all files are equally large, and none of packed JPEGs alone.
pub(super) fn pictures(report: &Report) -> Vec<Picture> {
    let Some(support) = &report.support else {
        return Vec::new();
    };
    let mut goals: Vec<&str> = Vec::new();
    for image in &report.images {
        for goal in image.results.iter().map(|e| e.goal.as_str()) {
            let none = matches!(Asked::of(goal), Some(Asked::Size(_)) | None);
            if !none && !goals.contains(&goal) {
                goals.push(goal);
            }
        }
    }
    let found = goals.into_iter().map(|goal| picture(report, support, goal));
    found.flatten().collect()
}

fn picture(report: &Report, support: &Support, goal: &str) -> Option<Picture> {
    let offer = Offer::new(report, support, goal)?;
    let (first, _) = offer.sources.first()?;
    if offer.formats < 2 || CLASSIC.contains(first) {
        return None;
    }
    let taken = |format: &str| {
        let takers = support.groups.iter();
        let takers = takers.filter(|g| offer.taken(g, full) == Some(format));
        rounded(takers.map(|g| g.share).sum())
    };
    let set = matches!(Asked::of(goal), Some(Asked::Quality(_)));
    let sources = offer.sources.iter().map(|(format, mean)| PictureSource {
        format: (*format).into(),
        share: taken(format),
        mean_bytes: rounded(*mean),
    });
    Some(Picture {
        goal: goal.into(),
        same_quality: !set,
        images: offer.images.len(),
        not_comparable: report.images.len() - offer.images.len(),
        sources: sources.collect(),
        bytes_per_view: offer.bytes(full, |g| g.share),
        bytes_per_view_with_partial: offer.bytes(in_part, |g| g.share),
        bytes_per_view_at_desktop_pace: offer.bytes(full, |g| g.share_at_desktop_pace),
        alone: offer.alone(),
    })
}

/// Whether a group counts as showing a format.
type Shows = fn(&Group, &str) -> bool;

fn full(group: &Group, format: &str) -> bool {
    group.full.iter().any(|f| f == format)
}

fn in_part(group: &Group, format: &str) -> bool {
    full(group, format) || group.partial.iter().any(|f| f == format)
}

/// The files of an image: format and bytes, one a format.
struct Files<'a> {
    all: Vec<(&'a str, u64)>,
    /// The smallest that every browser shows.
    safe: u64,
}

impl<'a> Files<'a> {
    /// None where there is no file that every browser shows.
    fn new(image: &'a ImageReport, support: &Support, goal: &str) -> Option<Self> {
        let mut all: Vec<(&str, u64)> = Vec::new();
        for (entry, m) in image.measurements() {
            if !(m.reached && (entry.goal == goal || entry.lossless) && entry.shows_all(image)) {
                continue;
            }
            let format = entry.format.as_str();
            match all.iter_mut().find(|(known, _)| *known == format) {
                Some((_, bytes)) => *bytes = m.bytes.min(*bytes),
                None => all.push((format, m.bytes)),
            }
        }
        let safe = all.iter().filter(|(f, _)| everywhere(support, f));
        let safe = safe.map(|(_, bytes)| *bytes).min()?;
        Some(Self { all, safe })
    }

    fn of(&self, format: &str) -> Option<u64> {
        let mut all = self.all.iter();
        all.find(|(f, _)| *f == format).map(|(_, bytes)| *bytes)
    }

    fn of_or_safe(&self, format: &str) -> f64 {
        self.of(format).unwrap_or(self.safe) as f64
    }
}

fn everywhere(support: &Support, format: &str) -> bool {
    support.groups.iter().all(|group| full(group, format))
}

/// What a page offers for one goal.
struct Offer<'a> {
    support: &'a Support,
    images: Vec<Files<'a>>,
    /// Formats measured.
    formats: usize,
    /// Format and mean size, in the order they stand on the page.
    sources: Vec<(&'a str, f64)>,
}

impl<'a> Offer<'a> {
    fn new(report: &'a Report, support: &'a Support, goal: &str) -> Option<Self> {
        let files = report.images.iter();
        let images: Vec<Files<'a>> = files
            .filter_map(|image| Files::new(image, support, goal))
            .collect();
        let mut formats: Vec<&str> = Vec::new();
        for (format, _) in images.iter().flat_map(|files| &files.all) {
            if !formats.contains(format) {
                formats.push(format);
            }
        }
        let mean = |format: &str| mean(&images, |files| files.of_or_safe(format));
        let means = formats.iter().map(|f| Some((*f, mean(f)?)));
        let mut sources: Vec<(&str, f64)> = means.collect::<Option<_>>()?;
        sources.sort_by(|(_, a), (_, b)| a.total_cmp(b));
        let last = sources.iter().position(|(f, _)| everywhere(support, f))?;
        sources.truncate(last + 1);
        let mut offer = Self {
            support,
            formats: formats.len(),
            images,
            sources,
        };
        let taken: Vec<bool> = offer
            .sources
            .iter()
            .map(|(f, _)| offer.has_takers(f))
            .collect();
        let mut taken = taken.into_iter();
        offer.sources.retain(|_| taken.next() == Some(true));
        Some(offer)
    }

    /// Whether any user's browser takes `format` for any image.
    fn has_takers(&self, format: &str) -> bool {
        let counts = |group: &&Group| group.share > 0.0 || group.share_at_desktop_pace > 0.0;
        let takes = |group: &Group, shows: Shows, files: &Files<'_>| {
            let mut shown = self.sources.iter().filter(|(f, _)| shows(group, f));
            shown
                .find(|(f, _)| files.of(f).is_some())
                .is_some_and(|(f, _)| *f == format)
        };
        self.support.groups.iter().filter(counts).any(|group| {
            let mut images = self.images.iter();
            images.any(|files| takes(group, full, files) || takes(group, in_part, files))
        })
    }

    /// The format that `group` takes where all have a file.
    fn taken(&self, group: &Group, shows: Shows) -> Option<&'a str> {
        let mut sources = self.sources.iter().map(|(format, _)| *format);
        sources.find(|format| shows(group, format))
    }

    /// Bytes a view, where groups weigh `share`.
    fn bytes(&self, shows: Shows, share: fn(&Group) -> f64) -> f64 {
        let groups = &self.support.groups;
        let users: f64 = groups.iter().map(share).sum();
        let views = groups.iter().map(|group| {
            let view = |files: &Files<'_>| {
                let mut shown = self.sources.iter().filter(|(f, _)| shows(group, f));
                let first = shown.find_map(|(f, _)| files.of(f));
                first.unwrap_or(files.safe) as f64
            };
            share(group) / users * mean(&self.images, view).unwrap_or_default()
        });
        rounded(views.sum())
    }

    fn alone(&self) -> Option<Alone> {
        let missing = |format: &str| {
            let without = self
                .images
                .iter()
                .filter(|files| files.of(format).is_none());
            without.count()
        };
        let measured = CLASSIC.iter().filter(|f| missing(f) < self.images.len());
        let sizes = measured.filter_map(|format| {
            let bytes = mean(&self.images, |files| files.of_or_safe(format))?;
            Some((*format, bytes))
        });
        let (format, bytes) = sizes.min_by(|(_, a), (_, b)| a.total_cmp(b))?;
        Some(Alone {
            format: format.into(),
            bytes_per_view: rounded(bytes),
            substituted: missing(format),
        })
    }
}

/// The mean over images.
fn mean<'a>(images: &[Files<'a>], of: impl Fn(&Files<'a>) -> f64) -> Option<f64> {
    let all: Vec<f64> = images.iter().map(of).collect();
    stats::mean(&all)
}

#[cfg(test)]
mod tests;
