//! What made the report: the command, and the versions of everything that decided a byte.

use super::figure::Grid;
use super::shown;
use crate::report::{Options, Report};

/// Inputs that are named in the command; of more their common folder is.
const MOST_PATHS: usize = 6;

/// The command that measures the same again, for a POSIX shell.
pub(super) fn command(report: &Report) -> String {
    let Options {
        widths,
        variants,
        metrics,
        baseline,
        background,
        max_pixels: _,
        max_file_size: _,
    } = &report.options;
    let mut words = vec!["imgbench compare".to_owned()];
    words.extend(paths(report).iter().map(|path| quoted(path)));
    words.extend(variants.iter().map(|v| format!("--variant {}", quoted(v))));
    let none = vec!["none".to_owned()];
    let metrics = if metrics.is_empty() { &none } else { metrics };
    words.push(format!("--metrics {}", quoted(&metrics.join(","))));
    words.push(format!("--baseline {}", quoted(baseline)));
    if background != "#ffffff" {
        words.push(format!("--background {}", quoted(background)));
    }
    if !widths.is_empty() {
        let widths: Vec<String> = widths.iter().map(u32::to_string).collect();
        words.push(format!("--widths {}", widths.join(",")));
    }
    shown(&words.join(" "))
}

/// The inputs, or the folder that all are in.
fn paths(report: &Report) -> Vec<String> {
    let images = report.images.iter().map(|image| image.path.as_str());
    let mut all: Vec<&str> = images
        .chain(report.failures.iter().map(|f| f.path.as_str()))
        .collect();
    all.sort_unstable();
    all.dedup();
    if all.len() <= MOST_PATHS {
        return all.into_iter().map(str::to_owned).collect();
    }
    let folders = all
        .iter()
        .map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder));
    let common = folders.map(|folder| folder.split('/').collect::<Vec<_>>());
    let common = common.reduce(|a, b| {
        a.into_iter()
            .zip(b)
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a)
            .collect()
    });
    let folder = common.unwrap_or_default().join("/");
    vec![if folder.is_empty() {
        ".".into()
    } else {
        folder
    }]
}

/// `word` as one word of a POSIX shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-=:,+@%".contains(c);
    // Standard input is a dash.
    if word == "-" || (!word.is_empty() && !word.starts_with('-') && word.chars().all(plain)) {
        return word.to_owned();
    }
    let inside = word.replace('\'', r"'\''");
    if word.starts_with('-') {
        format!("'./{inside}'")
    } else {
        format!("'{inside}'")
    }
}

/// Codecs, metrics and what is known of browsers, with their versions and defaults.
pub(super) fn versions(report: &Report) -> Grid {
    let codecs = report.codecs.iter().map(|codec| {
        let defaults = codec
            .defaults
            .iter()
            .map(|(key, value)| format!("{key}={value}"));
        let defaults: Vec<String> = defaults.collect();
        vec![
            codec.id.clone(),
            codec.format_name.clone(),
            format!("{} {}", codec.library, codec.version),
            defaults.join(", "),
        ]
    });
    let metrics = report.metrics.iter().map(|metric| {
        vec![
            metric.id.clone(),
            "metric".into(),
            format!("{} {}", metric.implementation, metric.version),
            String::new(),
        ]
    });
    let browsers = report.support.as_ref().map(|support| {
        vec![
            support.package.clone(),
            "browsers".into(),
            format!("{} of {}", support.version, support.date),
            support.licence.clone(),
        ]
    });
    let rows = codecs
        .chain(metrics)
        .chain(browsers)
        .map(|row| row.iter().map(|cell| shown(cell)).collect());
    Grid::new(
        &["Name", "What", "Made by", "Unless said otherwise"],
        rows.collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    #[test]
    fn words_are_quoted_for_the_shell() {
        for (word, text) in [
            ("a.png", "a.png"),
            ("it's $HOME.png", r"'it'\''s $HOME.png'"),
            ("", "''"),
            ("-rf", "'./-rf'"),
            ("-", "-"),
            ("#fff", "'#fff'"),
            ("mozjpeg:q80,subsampling=444", "mozjpeg:q80,subsampling=444"),
        ] {
            assert_eq!(quoted(word), text);
        }
    }

    #[test]
    fn the_command_says_what_was_measured() {
        assert_eq!(
            command(&fixture::one()),
            "imgbench compare page.png --variant mozjpeg:q60 --variant oxipng --variant libwebp:q60 --metrics ssimulacra2 --baseline jpeg"
        );
    }

    #[test]
    fn many_inputs_are_their_common_folder() {
        let named = |names: [&str; 7]| {
            let mut report = fixture::one();
            let image = report.images[0].clone();
            report.images = names
                .map(|name| {
                    let mut image = image.clone();
                    image.path = name.into();
                    image
                })
                .into();
            paths(&report)
        };
        assert_eq!(
            named([
                "a/b/1", "a/b/2", "a/b/3", "a/b/4", "a/b/5", "a/b/c/6", "a/b/c/7"
            ]),
            ["a/b"]
        );
        assert_eq!(
            named(["a/1", "b/2", "a/3", "a/4", "a/5", "a/6", "a/7"]),
            ["."]
        );
        assert_eq!(named(["1", "2", "3", "4", "5", "6", "7"]), ["."]);
    }
}
