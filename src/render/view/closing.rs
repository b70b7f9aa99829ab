//! What is said once a report: what is missing from it, and how to read it.

use super::super::{Verbosity, label, units, words};
use super::{Block, Item, List, Shown, Tone, cut, tells_of_browsers};
use crate::metric::{self, Better, METRICS};
use crate::report::{Failure, ImageReport, Outcome, Report, SkippedFile};
use crate::verdict::{Basis, Warning};

/// The blocks after the tables; `legend` tells how to read them.
pub(super) fn blocks(report: &Report, shown: &Shown, legend: Vec<String>) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !shown.images {
        blocks.extend(missing(report, shown.verbosity));
    }
    blocks.extend(failures(&report.failures));
    let mut lines = legend;
    match (report.skipped.len(), shown.verbosity) {
        (0, _) => {}
        (_, Verbosity::Verbose) => blocks.push(passed_over(&report.skipped)),
        (_, Verbosity::Normal) => {
            lines.push(format!("{} (-v lists them).", passed(&report.skipped)))
        }
    }
    lines.extend(words::repeated(report));
    lines.extend(words::cached(report));
    lines.extend(words::encode_times(report));
    lines.extend(report.timing.as_ref().map(words::busy));
    if !lines.is_empty() {
        blocks.push(Block::Aside(Tone::Dim, lines));
    }
    blocks
}

/// Entries without figures, where no image has a table of its own to show them in: failed ones first.
fn missing(report: &Report, verbosity: Verbosity) -> Option<Block> {
    let (mut items, mut skipped) = (Vec::new(), Vec::new());
    for image in &report.images {
        for entry in &image.results {
            let (list, text) = match &entry.outcome {
                Outcome::Done(m) if m.reached => continue,
                Outcome::Done(m) => (&mut skipped, label::unreachable(m)),
                Outcome::Failed { .. } => (&mut items, label::missing(&entry.outcome)),
                Outcome::Skipped { .. } => (&mut skipped, label::missing(&entry.outcome)),
            };
            list.push(Item {
                path: Some(label::image(image)),
                text: format!("{} {text}", label::entry(report, entry)),
            });
        }
    }
    let tone = if items.is_empty() {
        Tone::Warning
    } else {
        Tone::Failure
    };
    items.append(&mut skipped);
    let title = format!(
        "{} missing:",
        units::count(items.len(), "result is", "results are")
    );
    cut(&mut items, verbosity);
    (!items.is_empty()).then_some(Block::List(List { tone, title, items }))
}

/// Inputs that gave no image: all of them, always.
fn failures(failures: &[Failure]) -> Option<Block> {
    let inputs = units::count(failures.len(), "input", "inputs");
    let items = failures.iter().map(|failure| Item {
        path: Some(failure.path.clone()),
        text: format!("{}: {}", failure.stage, failure.error),
    });
    (!failures.is_empty()).then(|| {
        Block::List(List {
            tone: Tone::Failure,
            title: format!("{inputs} could not be measured:"),
            items: items.collect(),
        })
    })
}

/// Files that were rightly passed over, by name.
fn passed_over(files: &[SkippedFile]) -> Block {
    let items = files.iter().map(|file| Item {
        path: Some(file.path.clone()),
        text: file.reason.clone(),
    });
    Block::List(List {
        tone: Tone::Dim,
        title: format!("{}:", passed(files)),
        items: items.collect(),
    })
}

/// `14 files are not images`, or whatever they are.
fn passed(files: &[SkippedFile]) -> String {
    let foreign = files.iter().all(|file| file.reason == "not an image");
    let count = files.len();
    match (count, foreign) {
        (1, true) => "1 file is not an image".into(),
        (_, true) => format!("{count} files are not images"),
        _ => format!(
            "{} passed over",
            units::count(count, "file was", "files were")
        ),
    }
}

/// How to read the figures of `whole`; what holds for each width of a ladder is told of `report`, its first.
pub(super) fn legend(whole: &Report, report: &Report, shown: &Shown) -> Vec<String> {
    if report.measurements().next().is_none() {
        return Vec::new();
    }
    let means = shown.summary.then(|| means(report));
    let lossy = shown.summary.then(|| lossy_sources(report)).flatten();
    let browsers = tells_of_browsers(report, shown).then(|| words::browsers_legend(report));
    let lines = [
        means,
        resized(report),
        versus(report),
        at_equal(report),
        at_target(report),
        search_cost(whole),
        scale(report, shown),
    ];
    let warnings = [
        lossy,
        shown.summary.then(|| few(report)).flatten(),
        contended(whole),
    ];
    let lines = lines.into_iter().flatten();
    let lines = lines.chain(browsers.into_iter().flatten());
    lines.chain(warnings.into_iter().flatten()).collect()
}

fn means(report: &Report) -> String {
    let baseline = label::format(report, &report.options.baseline);
    let resized = report.images.iter().any(ImageReport::is_resized);
    let input = if resized { "" } else { "vs input and " };
    let verb = if resized {
        "is the geometric mean"
    } else {
        "are geometric means"
    };
    format!(
        "In the summary, {input}vs {baseline} {verb} of each image's ratio, with a 95 % interval; large images dominate the total size."
    )
}

/// How pictures became smaller, where some did.
fn resized(report: &Report) -> Option<String> {
    let resized = report.images.iter().any(ImageReport::is_resized);
    resized.then(|| "Each width is made from the image by Lanczos3 in linear light, and is what its files are compared with.".into())
}

/// What lossless formats are compared with, where that may be asked.
fn versus(report: &Report) -> Option<String> {
    let variants = &report.summary.variants;
    let baseline = &report.options.baseline;
    let mut goals: Vec<&str> = variants
        .iter()
        .filter(|v| v.format == *baseline)
        .map(|v| v.goal.as_str())
        .collect();
    goals.dedup();
    let lossless = variants
        .iter()
        .any(|v| v.goal == "lossless" && v.format != *baseline);
    let name = label::format(report, baseline);
    let equal = match label::has_targets(report) {
        true => "the same target",
        false => "equal quality numbers",
    };
    (lossless && goals.len() > 1 && !goals.contains(&"lossless")).then(|| {
        format!("vs {name} compares {equal}, and what is lossless with {name} at its highest.")
    })
}

/// Where figures at equal quality come from, where there are any.
fn at_equal(report: &Report) -> Option<String> {
    let mut rows = report.summary.equal_quality.iter();
    let mut pairs = report.verdict.iter().flat_map(|verdict| &verdict.pairs);
    let instead = label::has_targets(report) && !pairs.any(|pair| pair.basis == Basis::Curves);
    let told = rows.any(|row| row.ratio.is_some()) && !instead;
    told.then(|| {
        "At equal scores: each image's sizes are read off curves through its measured qualities, in the middle of the scores that both formats cover.".into()
    })
}

/// Which sizes are compared where a score was sought.
fn at_target(report: &Report) -> Option<String> {
    let mut pairs = report.verdict.iter().flat_map(|verdict| &verdict.pairs);
    pairs.any(|pair| pair.basis == Basis::Target).then(|| {
        "Files are the smallest that reach their target. The sentences compare sizes at exactly the target, read off each image's curve: a step of quality more or less decides nothing.".into()
    })
}

/// `2.7 encodes per image, codec and target.`
fn search_cost(report: &Report) -> Option<String> {
    let cost = report.summary.search?;
    let encodes = units::fixed(cost.per_entry, 1);
    Some(format!("{encodes} encodes per image, codec and target."))
}

/// Words for the scale of the metric that judges.
pub(super) fn scale(report: &Report, shown: &Shown) -> Option<String> {
    let used = report.metrics.first()?;
    let words = metric::find(METRICS, &used.id).map_or(&[][..], |m| m.info().scale);
    let words = words
        .iter()
        .map(|(score, word)| format!("{} {word}", units::fixed(*score, 0)));
    let lower = (used.better == Better::Lower).then(|| "lower is better".to_owned());
    let words: Vec<String> = lower.into_iter().chain(words).collect();
    let name = if shown.summary {
        let tail = match used.better {
            Better::Higher => "5th",
            Better::Lower => "95th",
        };
        format!("{} (in the summary mean / {tail} percentile)", used.name)
    } else {
        used.name.clone()
    };
    (shown.summary || !words.is_empty()).then(|| match words.as_slice() {
        [] => format!("{name}."),
        words => format!("{name}: {}.", words.join(", ")),
    })
}

/// How many inputs are lossy themselves, where any are.
pub(super) fn lossy_sources(report: &Report) -> Option<String> {
    let images = report.images.iter();
    match images.filter(|i| i.lossy_source.is_some()).count() {
        0 => None,
        1 => Some("1 input is lossy already: re-encoding it favours whatever resembles it.".into()),
        n => Some(format!(
            "{n} inputs are lossy already: re-encoding them favours whatever resembles them."
        )),
    }
}

/// Whether there are too few images for more than a rough figure of what was sought.
fn few(report: &Report) -> Option<String> {
    let mut warnings = report.verdict.iter().flat_map(|v| &v.warnings);
    warnings.find_map(|warning| match warning {
        Warning::FewImages { images } if label::has_targets(report) => {
            let images = units::count(*images, "image", "images");
            Some(format!("{images}: a rough figure."))
        }
        _ => None,
    })
}

fn contended(report: &Report) -> Option<String> {
    let mut timings = report
        .measurements()
        .filter_map(|(_, _, m)| m.fresh_timing());
    timings.any(|t| t.contended).then(|| {
        "Encode is the encoder's CPU time, taken while other jobs ran: a rough figure.".into()
    })
}
