//! The page, as text: its markup is what the templates wrote, whatever a report holds.

use super::super::{RENDERERS, find, fixture};
use super::*;

fn page(report: &Report) -> String {
    let mut out = Vec::new();
    let html = find(RENDERERS, "html").unwrap();
    html.render(report, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn reports() -> [Report; 8] {
    [
        fixture::one(),
        fixture::many(),
        fixture::empty(),
        fixture::hostile(),
        fixture::sweep(),
        fixture::searched(),
        fixture::supported(),
        fixture::mapped(),
    ]
}

/// Between `<name` and `</name>`, as it stands.
fn inside<'a>(page: &'a str, name: &str) -> &'a str {
    let from = page.find(&format!("<{name}>")).unwrap() + name.len() + 2;
    let to = page[from..].find(&format!("</{name}>")).unwrap();
    &page[from..from + to]
}

/// Every tag of `page`, in order, style and script left out.
fn tags(page: &str) -> Vec<&str> {
    let bare = [inside(page, "style"), inside(page, "script")];
    let starts = page.match_indices('<').map(|(at, _)| &page[at..]);
    let outside = starts.filter(|rest| {
        let at = page.len() - rest.len();
        bare.iter().all(|text| {
            let from = text.as_ptr() as usize - page.as_ptr() as usize;
            !(from..from + text.len()).contains(&at)
        })
    });
    outside
        .map(|rest| rest.split_inclusive(['>', ' ']).next().unwrap())
        .collect()
}

/// An element whose end tag may not be left out.
fn nests(tag: &str) -> Option<&str> {
    let name = tag
        .trim_start_matches(['<', '/'])
        .trim_end_matches([' ', '>', '\n']);
    let name = name.split(['\n', '/']).next()?;
    let void = [
        "!DOCTYPE", "meta", "input", "line", "rect", "path", "br", "img", "wbr",
    ];
    (!void.contains(&name)).then_some(name)
}

#[test]
fn elements_are_closed_in_the_order_they_were_opened() {
    for report in reports() {
        let page = page(&report);
        let mut open = Vec::new();
        for tag in tags(&page) {
            let Some(name) = nests(tag) else { continue };
            if tag.starts_with("</") {
                assert_eq!(open.pop(), Some(name), "{open:?}");
            } else {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }
}

#[test]
fn the_policy_allows_this_style_and_script_and_nothing_from_elsewhere() {
    for report in reports() {
        let page = page(&report);
        let policy = policy(inside(&page, "style"), inside(&page, "script"), "data:");
        assert!(page.contains(&policy.replace('\'', "&#39;")), "{policy}");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
        // With the quote, which no file's name keeps.
        for word in [
            "style=\"",
            " src=\"",
            "<link",
            "@import",
            " onload=\"",
            "\"javascript:",
        ] {
            assert!(!page.contains(word), "{word}");
        }
        // What the style points at is in the page itself.
        assert_eq!(
            page.matches("url(").count(),
            page.matches("url(#heat)").count()
        );
        // The source of the percentiles, for those who follow it.
        let links = page.matches("href=\"http").count();
        assert!(links <= 1, "{links}");
    }
}

#[test]
fn names_are_text_whatever_they_are() {
    // A path may be broken after its folder.
    let written = |page: &str| tags(page).iter().filter(|tag| **tag != "<wbr>").count();
    let usual = page(&fixture::named("x.png"));
    let names = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>.png",
        "' onmouseover='alert(1)",
        "</table></style></script>{{ 7*7 }}{% raw %}",
        "\u{202e}gnp.exe\u{0}\u{7}\r\n",
        "&lt;b&gt;",
    ];
    for name in names {
        let page = page(&fixture::named(name));
        assert_eq!(written(&page), written(&usual), "{name}");
        assert!(!page.contains('\u{202e}') && !page.contains('\u{7}') && !page.contains('\r'));
        assert!(!page.contains("alert(1)</script>") && !page.contains("<img"));
    }
}

#[test]
fn nothing_that_a_report_says_turns_the_line_around() {
    for report in reports() {
        let json = serde_json::to_string(&report).unwrap();
        let turned = ["JPEG", "WebP", "SSIMULACRA2", "#ffffff", "libwebp", "page"];
        let json = turned.iter().fold(json, |json, word| {
            json.replace(word, &format!("\u{202e}{word}"))
        });
        let report = Report::from_json(&json).unwrap();
        let page = page(&report);
        for hidden in ["\u{202e}", "\\u202e"] {
            let at = page.find(hidden).map(|at| &page[..at]);
            assert!(
                at.is_none(),
                "after {:?}",
                at.map(|text| text.lines().last())
            );
        }
    }
}

#[test]
fn the_title_tells_images_and_formats_once() {
    assert_eq!(title(&fixture::one()), "page.png in JPEG, PNG and WebP");
    let mut report = fixture::many();
    assert_eq!(title(&report), "3 images in JPEG, PNG and WebP");
    // Another codec of a format that is there, and a ladder of widths.
    report.codecs.push(report.codecs[1].clone());
    let again = report.images[0].clone();
    report.images.insert(0, again);
    assert_eq!(title(&report), "3 images in JPEG, PNG and WebP");
}

#[test]
fn where_nothing_was_measured_nothing_is_offered_to_look_at() {
    let page = page(&fixture::empty());
    for part in ["id=\"look\"", "id=\"results\"", "#look", "#results"] {
        // The script and the style name what they would be about.
        let markup = page.replace(SCRIPT, "").replace(STYLE, "");
        assert!(!markup.contains(part), "{part}");
    }
}

#[test]
fn one_format_alone_is_said_to_be_alone() {
    let mut report = fixture::sweep();
    for image in &mut report.images {
        image.results.retain(|entry| entry.format == "webp");
    }
    assert!(page(&fixture::report(report.images)).contains("No two formats to compare"));
    assert!(!page(&fixture::sweep()).contains("No two formats to compare"));
}

#[test]
fn the_verdict_stands_before_everything_else() {
    let page = page(&fixture::sweep());
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text}"));
    let order = [
        "At q",
        "Size at equal SSIMULACRA2",
        "What quality costs",
        "Every result",
        "The same figures again",
    ];
    assert!(order.windows(2).all(|w| place(w[0]) < place(w[1])));
}

#[test]
fn every_chart_is_told_in_words_and_in_a_table() {
    for report in reports() {
        let page = page(&report);
        let charts = page.matches("<figure").count();
        for part in [
            "<desc id=",
            "role=\"img\" aria-labelledby=",
            "The same figures in a table",
        ] {
            assert_eq!(page.matches(part).count(), charts, "{part}");
        }
        let ids: Vec<&str> = page
            .split(" id=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{ids:?}");
    }
}

#[test]
fn what_has_no_figures_is_listed_with_its_reason() {
    let page = page(&fixture::many());
    assert!(page.contains("<code>cut.jpg</code> decode: the file ends in the middle"));
    assert!(page.contains("20000×10 is over the WebP limit"));
    assert!(page.contains("Bogus Huffman table definition"));
    assert!(page.contains("<code>index.html</code> not an image"));
}

#[test]
fn all_results_are_there_with_their_exact_figures() {
    let report = fixture::many();
    let page = page(&report);
    let table = &page[page.find("<table id=\"all\">").unwrap()..];
    let body = inside(table, "tbody");
    assert_eq!(body.matches("<tr").count(), 15);
    assert!(body.contains("<td data-v=\"61200\">61.2 kB</td>"));
    // What the others are compared with is not compared with itself.
    assert!(body.contains("<td data-v=\"1\">–</td>") && !body.contains(">0.0 %<"));
}

#[test]
fn numbers_in_drawings_are_numbers() {
    for report in reports() {
        let page = page(&report);
        for bad in ["NaN", "inf", "=\"-0\""] {
            let drawings = page
                .split("<svg")
                .skip(1)
                .map(|rest| rest.split("</svg>").next().unwrap());
            let attributes = drawings.flat_map(|svg| svg.split('"').skip(1).step_by(2));
            let numeric = attributes
                .filter(|a| !a.contains(|c: char| c.is_alphabetic() && c != 'N' && c != 'i'));
            assert!(numeric.into_iter().all(|a| !a.contains(bad)), "{bad}");
        }
    }
}
