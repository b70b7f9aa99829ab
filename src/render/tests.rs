//! Every renderer over reports made by hand.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::render::{fixture, ink};

fn text(id: &str, report: &Report, style: Style) -> String {
    let mut out = Vec::new();
    find(RENDERERS, id)
        .unwrap()
        .render(report, &style, &mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(id: &str, report: &Report) -> String {
    text(id, report, Style::default())
}

fn wide(width: usize) -> Style {
    Style {
        width: Some(width),
        ..Style::default()
    }
}

fn reports() -> [(&'static str, Report); 7] {
    [
        ("one", fixture::one()),
        ("many", fixture::many()),
        ("empty", fixture::empty()),
        ("hostile", fixture::hostile()),
        ("sweep", fixture::sweep()),
        ("searched", fixture::searched()),
        ("supported", fixture::supported()),
    ]
}

#[test]
fn ids_and_extensions_are_unique_and_found() {
    let mut seen = HashSet::new();
    for renderer in RENDERERS {
        let info = renderer.info();
        assert!(seen.insert(info.id), "{}", info.id);
        assert_eq!(find(RENDERERS, info.id).unwrap().info().id, info.id);
        for extension in info.extensions {
            let found = by_extension(RENDERERS, &extension.to_uppercase()).unwrap();
            assert_eq!(found.info().id, info.id, "{extension}");
        }
    }
    assert!(find(RENDERERS, "xlsx").is_none());
    assert!(by_extension(RENDERERS, "").is_none());
}

#[test]
fn every_renderer_over_every_report() {
    // The page and what is base64 have tests of their own.
    let readable = |id: &&str| !["html", "codec-compare"].contains(id);
    for id in RENDERERS.iter().map(|r| r.info().id).filter(readable) {
        for (name, report) in reports() {
            insta::assert_snapshot!(format!("{id}-{name}"), plain(id, &report));
        }
    }
}

#[test]
fn tables_fit_the_terminal() {
    for (name, report) in reports() {
        for width in [40, 60, 80, 120] {
            let shown = text("table", &report, wide(width));
            for line in shown.lines() {
                assert!(ink::width(line) <= width, "{name} at {width}: {line}");
            }
            if ["one", "many"].contains(&name) && width != 60 {
                insta::assert_snapshot!(format!("table-{name}-{width}"), shown);
            }
        }
    }
}

#[test]
fn a_quality_map_is_shown_where_it_is_asked_for() {
    let report = fixture::mapped();
    let style = Style {
        subject: Subject::QualityMap,
        ..wide(100)
    };
    for id in ["table", "markdown"] {
        let shown = text(id, &report, style);
        insta::assert_snapshot!(format!("{id}-mapped"), shown);
        // Other formats, and reports without a map, are not concerned.
        let bare = fixture::sweep();
        assert_eq!(text(id, &bare, style), text(id, &bare, wide(100)));
        assert_ne!(text(id, &report, wide(100)), shown);
    }
    for id in ["csv", "ndjson", "json"] {
        assert_eq!(text(id, &report, style), plain(id, &report), "{id}");
    }
    let json = plain("json", &report);
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
}

#[test]
fn settings_to_paste_stay_whole_and_harmless() {
    let mut report = fixture::mapped();
    let map = report.quality_map.as_mut().unwrap();
    let evil = "\u{1b}[31m\n```\n\u{202e}".to_owned();
    map.settings
        .tools
        .insert("astro".into(), evil.clone().into());
    map.formats[1].format = evil.clone();
    map.rows[0].matches.clear();
    let style = Style {
        subject: Subject::QualityMap,
        ..wide(40)
    };
    for id in ["table", "markdown"] {
        let shown = text(id, &report, style);
        assert!(is_harmless(&shown), "{shown}");
        let mut lines = shown.lines().map(str::trim);
        assert!(
            lines.any(|line| serde_json::from_str(line).is_ok_and(|text: String| text == evil))
        );
    }
}

#[test]
fn a_path_of_nothing_fits_too() {
    // The facts of this heading take all of these columns.
    let shown = text("table", &fixture::named(""), wide(40));
    assert!(shown.lines().all(|line| ink::width(line) <= 40), "{shown}");
}

#[test]
fn colour_adds_codes_and_nothing_else() {
    let style = Style {
        color: Color::Always,
        ..wide(100)
    };
    for (name, report) in reports() {
        let coloured = text("table", &report, style);
        let mut bare = coloured.clone();
        for code in ["0", "1", "2", "31", "32", "33"] {
            bare = bare.replace(&format!("\x1b[{code}m"), "");
        }
        assert_eq!(bare, text("table", &report, wide(100)), "{name}");
        assert!(
            coloured
                .lines()
                .all(|l| l.matches("\x1b[").count() % 2 == 0)
        );
    }
}

#[test]
fn images_are_shown_one_by_one_up_to_the_limit() {
    let shows = |per_image, text: &str| {
        let style = Style {
            per_image,
            ..Style::default()
        };
        super::tests::text("table", &fixture::many(), style).contains(text)
    };
    assert!(shows(PerImage::Auto, "page.png  1458×1126"));
    assert!(!shows(PerImage::Never, "page.png  1458×1126"));
    // What has no figures is told all the same.
    assert!(shows(
        PerImage::Never,
        "strip.png: WebP q60 skipped: 20000×10"
    ));
    assert!(PerImage::Auto.applies(8) && !PerImage::Auto.applies(9) && PerImage::Always.applies(9));
}

#[test]
fn verbose_lists_what_was_passed_over() {
    let style = Style {
        verbosity: Verbosity::Verbose,
        ..Style::default()
    };
    assert!(text("table", &fixture::many(), style).contains(" index.html: not an image\n"));
    assert!(!plain("table", &fixture::many()).contains("index.html"));
}

#[test]
fn json_reads_back_equal() {
    for (name, report) in reports() {
        let json = plain("json", &report);
        let zero = |line: &str| line.trim_end_matches(',').ends_with("-0.0");
        assert!(json.ends_with("}\n") && !json.lines().any(zero));
        assert_eq!(
            serde_json::from_str::<Report>(&json).unwrap(),
            report,
            "{name}"
        );
    }
}

#[test]
fn ndjson_holds_every_image_between_header_and_summary() {
    for (name, report) in reports() {
        let text = plain("ndjson", &report);
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        assert_eq!(lines[0]["type"], "header", "{name}");
        assert_eq!(lines[0]["schema"], crate::report::SCHEMA);
        assert_eq!(lines.last().unwrap()["type"], "summary");
        let images = lines.iter().filter(|l| l["type"] == "image");
        let images: Vec<crate::report::ImageReport> = images
            .map(|l| serde_json::from_value(l.clone()).unwrap())
            .collect();
        assert_eq!(images, report.images);
        let others = report.failures.len() + report.skipped.len();
        assert_eq!(lines.len(), 2 + images.len() + others);
    }
}

/// RFC 4180, as a reader has it.
fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut chars) = (false, text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && chars.next_if_eq(&'\n').is_some() => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(cell.is_empty() && row.is_empty() && !quoted);
    rows
}

fn unescaped_pipes(line: &str) -> usize {
    let mut previous = ' ';
    line.chars()
        .filter(|&c| std::mem::replace(&mut previous, c) != '\\' && c == '|')
        .count()
}

fn is_harmless(text: &str) -> bool {
    let bad = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}\u{feff}".contains(c);
    !text.contains(bad)
}

#[test]
fn csv_has_a_row_for_everything_measured_or_not() {
    let rows = csv_rows(&plain("csv", &fixture::many()));
    assert_eq!(rows.len(), 1 + 3 * 5 + 2);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let column = |name: &str| rows[0].iter().position(|n| n == name).unwrap();
    let status = column("status");
    let states: HashSet<&str> = rows[1..].iter().map(|row| row[status].as_str()).collect();
    assert_eq!(
        states,
        HashSet::from(["done", "skipped", "failed", "failure"])
    );
    let psnr = column("psnr");
    assert_eq!(
        (rows[1][psnr].as_str(), rows[2][psnr].as_str()),
        ("36.81", "")
    );
}

proptest! {
    #[test]
    fn no_name_escapes(chars in proptest::collection::vec(
        prop_oneof![any::<char>(), proptest::sample::select("\n\r\t\x1b\x7f\u{9b}\u{202e}\u{200b}\u{feff}|`\\,\"'=@<>&*_[] ".chars().collect::<Vec<_>>())],
        0..60,
    ), width in 40_usize..120) {
        let name: String = chars.into_iter().collect();
        let report = fixture::named(&name);
        let usual = fixture::named("x.png");

        let table = text("table", &report, wide(width));
        prop_assert!(is_harmless(&table));
        prop_assert!(table.lines().all(|line| ink::width(line) <= width));
        let unlimited = plain("table", &report);
        prop_assert_eq!(unlimited.lines().count(), plain("table", &usual).lines().count());

        let markdown = plain("markdown", &report);
        prop_assert!(is_harmless(&markdown));
        prop_assert_eq!(markdown.lines().count(), plain("markdown", &usual).lines().count());
        for line in markdown.lines().filter(|line| line.starts_with("| ")) {
            prop_assert_eq!(unescaped_pipes(line), 12, "{}", line);
        }

        let json = plain("json", &report);
        prop_assert!(is_harmless(&json));
        prop_assert_eq!(&serde_json::from_str::<Report>(&json).unwrap(), &report);
        let ndjson = plain("ndjson", &report);
        prop_assert!(is_harmless(&ndjson));
        prop_assert_eq!(ndjson.lines().count(), 4);

        let csv = plain("csv", &report);
        prop_assert!(is_harmless(&csv.replace("\r\n", "\n")));
        let rows = csv_rows(&csv);
        prop_assert_eq!(rows.len(), 5);
        for row in rows {
            prop_assert_eq!(row.len(), 40);
            prop_assert!(!row[0].starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
