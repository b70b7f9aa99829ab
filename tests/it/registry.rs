//! The three tables: names that are told apart, that the README lists, and versions that are the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use imgbench::check::RULES;
use imgbench::codec::{CODECS, Values};
use imgbench::metric::METRICS;
use imgbench::render::{self, CHECK_RENDERERS, RENDERERS};

fn read(name: &str) -> String {
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(at).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Package name to the versions of it that are built in.
fn locked() -> BTreeMap<String, Vec<String>> {
    let lock: toml::Table = read("Cargo.lock").parse().unwrap();
    let mut versions = BTreeMap::<String, Vec<String>>::new();
    for package in lock["package"].as_array().unwrap() {
        let text = |key: &str| package[key].as_str().unwrap().to_owned();
        versions
            .entry(text("name"))
            .or_default()
            .push(text("version"));
    }
    versions
}

fn is_name(id: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    id.starts_with(|c: char| c.is_ascii_lowercase()) && id.chars().all(letters)
}

#[test]
fn ids_are_lowercase_and_unique() {
    let codecs: Vec<&str> = CODECS.iter().map(|c| c.info().id).collect();
    let metrics: Vec<&str> = METRICS.iter().map(|m| m.info().id).collect();
    let renderers: Vec<&str> = RENDERERS.iter().map(|r| r.info().id).collect();
    let formats: BTreeSet<&str> = CODECS.iter().map(|c| c.info().format).collect();
    for table in [&codecs, &metrics, &renderers] {
        let unique: BTreeSet<&&str> = table.iter().collect();
        assert_eq!(unique.len(), table.len(), "{table:?}");
        assert!(table.iter().all(|id| is_name(id)), "{table:?}");
    }
    // One word on the command line names a codec or a format, never two things; `none` means no metric.
    for id in &codecs {
        let named = CODECS.iter().filter(|c| c.info().format == *id);
        assert!(
            named.filter(|c| c.info().id != *id).count() == 0,
            "{id} is a format, too"
        );
    }
    assert!(formats.iter().all(|id| is_name(id)), "{formats:?}");
    assert!(!metrics.contains(&"none"));
}

#[test]
fn codecs_of_one_format_agree_on_it_and_stand_together() {
    let mut formats: Vec<&str> = CODECS.iter().map(|c| c.info().format).collect();
    formats.dedup();
    let unique: BTreeSet<&&str> = formats.iter().collect();
    assert_eq!(
        unique.len(),
        formats.len(),
        "siblings stand together: {formats:?}"
    );
    for info in CODECS.iter().map(|c| c.info()) {
        let first = imgbench::codec::find(CODECS, info.format).unwrap().info();
        assert_eq!(info.format_name, first.format_name);
        assert_eq!(info.extension, first.extension);
        assert_eq!(info.media_type, first.media_type);
    }
}

#[test]
fn it_is_known_who_sees_each_format() {
    let support = imgbench::support::Support::of_everyone();
    for info in CODECS.iter().map(|c| c.info()) {
        assert!(support.format(info.format).is_some(), "{}", info.format);
    }
}

#[test]
fn options_have_unique_keys_and_defaults_they_take() {
    for codec in CODECS {
        let info = codec.info();
        let keys: BTreeSet<&str> = info.options.iter().map(|o| o.key).collect();
        assert_eq!(keys.len(), info.options.len(), "{}", info.id);
        for option in info.options {
            // These words have a meaning of their own in a variant.
            assert!(is_name(option.key) && !["effort", "lossless"].contains(&option.key));
            assert!(
                !option.help.is_empty() && !option.help.ends_with('.'),
                "{}",
                option.key
            );
            let fits = match &option.values {
                Values::OneOf(words) => words.contains(&option.default),
                Values::Range(range) => option.default.parse().is_ok_and(|n| range.contains(&n)),
            };
            assert!(fits, "{} {}={}", info.id, option.key, option.default);
        }
        let effort = info.effort.as_ref();
        assert!(
            effort.is_none_or(|e| e.range.contains(&e.default)),
            "{}",
            info.id
        );
        assert!(info.quality.is_some() || info.lossless, "{}", info.id);
    }
}

#[test]
fn an_extension_means_one_output() {
    let mut all = BTreeSet::new();
    for renderer in RENDERERS {
        let info = renderer.info();
        assert!(!info.extensions.is_empty(), "{}", info.id);
        for extension in info.extensions {
            assert!(all.insert(*extension), "{extension} twice");
            assert!(is_name(extension), "{extension}");
            let found = render::by_extension(RENDERERS, &extension.to_uppercase()).unwrap();
            assert_eq!(found.info().id, info.id);
        }
        assert_eq!(render::find(RENDERERS, info.id).unwrap().info().id, info.id);
    }
    assert!(
        render::by_extension(RENDERERS, "").is_none()
            && render::find(render::RENDERERS, "").is_none()
    );
}

/// The words inside code, whether a span or a block.
fn code_words(markdown: &str) -> BTreeSet<String> {
    let code = markdown.split('`').skip(1).step_by(2);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    code.flat_map(|span| span.split(move |c| !is_part(c)).map(str::to_owned))
        .collect()
}

#[test]
fn the_readme_lists_everything_there_is() {
    // Fences make three marks each, an odd number, so spans and blocks alternate with prose all the same.
    let words = code_words(&read("README.md"));
    let mut missing = Vec::new();
    let mut require = |what: &str, word: &str| {
        if !words.contains(word) {
            missing.push(format!("{what} `{word}`"));
        }
    };
    for info in CODECS.iter().map(|c| c.info()) {
        require("codec", info.id);
        require("format", info.format);
        info.options.iter().for_each(|o| require(info.id, o.key));
        info.effort.iter().for_each(|_| require(info.id, "effort"));
    }
    METRICS.iter().for_each(|m| require("metric", m.info().id));
    for info in RENDERERS.iter().map(|r| r.info()) {
        require("output", info.id);
        info.extensions.iter().for_each(|e| require("extension", e));
    }
    for info in CHECK_RENDERERS.iter().map(|r| r.info()) {
        require("output of check", info.id);
    }
    RULES.iter().for_each(|(id, _)| require("rule", id));
    assert!(missing.is_empty(), "README.md lacks {}", missing.join(", "));
}

#[test]
fn reported_versions_are_those_of_the_lock_file() {
    let locked = locked();
    let one = |package: &str| match &locked[package][..] {
        [version] => version.clone(),
        several => panic!("{package}: {several:?}; a second copy links silently"),
    };
    // A binding and the version of the library in it: both change together, or this test tells.
    let vendored = |package: &str, binding: &str, library: &str| {
        assert_eq!(
            one(package),
            binding,
            "look up which library it has, and write it here"
        );
        library.to_owned()
    };
    for codec in CODECS {
        let expected = match codec.info().id {
            "mozjpeg" => vendored("mozjpeg-sys", "2.2.3", "4.1.5"),
            "libaom" => vendored("libaom-sys", "0.17.2+libaom.3.11.0", "3.11.0"),
            "libjxl" => vendored("jxl-sys", "0.1.12+libjxl-0.12.0", "0.12.0"),
            "libwebp" => vendored("libwebp-sys", "0.14.4", "1.6.0"),
            package => one(package),
        };
        assert_eq!(codec.version(), expected, "{}", codec.info().id);
    }
    for metric in METRICS {
        let package = metric.info().implementation;
        assert_eq!(metric.version(), one(package), "{}", metric.info().id);
    }
}
