//! Which browsers show what, and what a view costs.

use super::super::duel::Duel;
use super::super::{label, units};
use crate::report::{Asked, Report};
use crate::summary::Picture;

/// A difference of shares that is worth a word.
const WORTH: f64 = 0.01;

/// Share of users whose browser shows format `id`: `96.7 %`, and with limits: `54.0 % + 15.3 %`.
pub(in super::super) fn shown_by(report: &Report, id: &str) -> String {
    let known = report.support.as_ref().and_then(|s| s.format(id));
    let Some(format) = known else {
        return label::NONE.into();
    };
    // What would read as nothing is left out.
    match format.partial {
        partial if partial >= 0.0005 => {
            format!("{} + {}", percent(format.full), percent(partial))
        }
        _ => percent(format.full),
    }
}

/// What a view costs at each goal that is one quality, and at the quality that `duel` is about.
pub(in super::super) fn pictures(report: &Report, duel: Option<&Duel>) -> Vec<String> {
    let told = told(report, duel);
    told.map(|picture| sentence(report, picture, duel))
        .collect()
}

fn told<'a>(
    report: &'a Report,
    duel: Option<&'a Duel>,
) -> impl Iterator<Item = &'a Picture> + use<'a> {
    let quality = duel.and_then(|duel| duel.quality);
    let told = move |picture: &&Picture| match Asked::of(&picture.goal) {
        Some(Asked::Quality(q)) => quality == Some(q),
        _ => true,
    };
    report.summary.pictures.iter().filter(told)
}

/// `At SSIMULACRA2 70 serving AVIF → WebP → JPEG costs 31.2 kB a view on average, 40.0 % less than JPEG alone (52.0 kB).`
fn sentence(report: &Report, picture: &Picture, duel: Option<&Duel>) -> String {
    let opening = match Asked::of(&picture.goal) {
        Some(Asked::Lossless) => "Without loss".into(),
        Some(Asked::Quality(q)) if duel.is_some_and(Duel::is_alike) => format!("At q{q}"),
        Some(Asked::Quality(q)) => format!("At q{q}, which is not one quality,"),
        _ => format!("At {}", label::goal(report, &picture.goal)),
    };
    let names = picture.sources.iter();
    let names: Vec<String> = names.map(|s| label::format(report, &s.format)).collect();
    let average = if picture.images > 1 {
        " on average"
    } else {
        ""
    };
    let parts = [
        format!(
            "{opening} serving {} costs {} a view{average}",
            names.join(" → "),
            bytes(picture.bytes_per_view)
        ),
        against(report, picture),
        ".".into(),
        otherwise(picture),
        left_out(picture),
    ];
    parts.concat()
}

/// `, 40.0 % less than JPEG alone (52.0 kB)`
fn against(report: &Report, picture: &Picture) -> String {
    let Some(alone) = &picture.alone else {
        return String::new();
    };
    let ratio = picture.bytes_per_view / alone.bytes_per_view;
    let percent = units::fixed((ratio - 1.0).abs() * 100.0, 1);
    let relation = match percent.as_str() {
        "0.0" => "as much as".into(),
        _ if ratio < 1.0 => format!("{percent} % less than"),
        _ => format!("{percent} % more than"),
    };
    let others = match alone.substituted {
        0 => String::new(),
        n => format!("; {} in another format", units::count(n, "image", "images")),
    };
    let name = label::format(report, &alone.format);
    let bytes = bytes(alone.bytes_per_view);
    format!(", {relation} {name} alone ({bytes}{others})")
}

/// What it would be were the browsers counted otherwise, where that reads otherwise.
fn otherwise(picture: &Picture) -> String {
    let usual = bytes(picture.bytes_per_view);
    let partial = bytes(picture.bytes_per_view_with_partial);
    let paced = bytes(picture.bytes_per_view_at_desktop_pace);
    let mut told = Vec::new();
    if partial != usual {
        told.push(format!("{partial} where partial support counts"));
    }
    if paced != usual {
        told.push(format!("{paced} were phones as slow to update as desktops"));
    }
    match told.is_empty() {
        true => String::new(),
        false => format!(" It is {}.", units::list(&told)),
    }
}

fn left_out(picture: &Picture) -> String {
    match picture.not_comparable {
        0 => String::new(),
        n => format!(
            " Without {}: no file there that every browser shows.",
            units::count(n, "image", "images")
        ),
    }
}

/// How to read the column and the sentences.
pub(in super::super) fn browsers_legend(report: &Report) -> Vec<String> {
    let Some(support) = &report.support else {
        return Vec::new();
    };
    let used = || {
        let formats = support.formats.iter();
        formats.filter(move |f| report.codecs.iter().any(|c| c.format == f.format))
    };
    let users = match &support.query {
        None => "all users".into(),
        Some(query) => format!(
            "the users of “{query}”, {} of all,",
            percent(support.covered)
        ),
    };
    let limits = if used().any(|f| f.partial >= 0.0005) {
        ", + with limits"
    } else {
        ""
    };
    let mut lines = vec![format!(
        "Browsers: share of {users} whose browser shows the format{limits}, by {} of {} ({}).",
        support.source,
        support.day(),
        support.licence
    )];
    if !report.summary.pictures.is_empty() {
        lines.push("A view: each browser takes the first format of the list that it shows without limits, each image counts alike.".into());
    }
    let newest = support.newest_only.iter().map(|n| n.browser.clone());
    let share: f64 = support.newest_only.iter().map(|n| n.share).sum();
    let younger = used().filter(|f| f.full - f.full_at_desktop_pace >= WORTH);
    let younger: Vec<String> = younger
        .map(|f| {
            let name = label::format(report, &f.format);
            let [full, paced] = [f.full, f.full_at_desktop_pace].map(percent);
            format!("{name} at {paced}, not {full}")
        })
        .collect();
    if !younger.is_empty() {
        lines.push(format!(
            "All users of {} ({}) count as having the newest version; as slow to update as desktops they would have {}.",
            units::list(&newest.collect::<Vec<_>>()),
            percent(share),
            units::list(&younger)
        ));
    }
    lines
}

fn bytes(mean: f64) -> String {
    units::bytes(mean.round() as u64)
}

fn percent(share: f64) -> String {
    match share {
        1.0 => "100 %".into(),
        share => format!("{} %", units::fixed(share * 100.0, 1)),
    }
}
