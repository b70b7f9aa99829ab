use proptest::prelude::*;

use crate::diff::{Condition, ConditionKind, Diff};
use crate::render::{Color, DIFF_RENDERERS, Style, Verbosity, escape::visible, find, fixture, ink};
use crate::report::{Entry, EntryError, Measurement, Outcome, Report};

fn text(id: &str, diff: &Diff, style: Style) -> String {
    let mut out = Vec::new();
    let renderer = find(DIFF_RENDERERS, id).unwrap();
    renderer.render(diff, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn table(diff: &Diff) -> String {
    text("table", diff, Style::default())
}

fn done<'a>(report: &'a mut Report, nth: usize, variant: &str) -> &'a mut Measurement {
    match &mut entry(report, nth, variant).outcome {
        Outcome::Done(measurement) => measurement,
        other => panic!("{other:?}"),
    }
}

fn entry<'a>(report: &'a mut Report, nth: usize, variant: &str) -> &'a mut Entry {
    let results = &mut report.images[nth].results;
    results.iter_mut().find(|e| e.variant == variant).unwrap()
}

/// Some of everything.
fn everything() -> Diff {
    let mut old = fixture::many();
    old.images.push(fixture::swept("a.png", 0.8, 0.0));
    let mut new = old.clone();
    new.generator.version = "0.1.0".into();
    new.codecs[0].version = "4.2.0".into();
    let defaults = &mut new.codecs[0].defaults;
    defaults.insert("trellis".into(), "off".into());
    new.metrics[0].version = "2".into();
    (new.options.background, new.options.max_pixels) = ("#000000".into(), 9);
    let page = done(&mut new, 0, "mozjpeg:q60");
    page.bytes += 8_000;
    page.scores.insert("ssimulacra2".into(), 68.102);
    done(&mut new, 0, "libwebp:q60").bytes += 1;
    done(&mut new, 2, "mozjpeg:q60").bytes += 1;
    entry(&mut new, 0, "libwebp:q80").quality = Some(79);
    done(&mut new, 1, "mozjpeg:q60").bytes -= 2_000;
    new.images[1].digest = "blake3:01".into();
    let (code, message) = ("encode".into(), "Bogus Huffman table".into());
    let error = EntryError { code, message };
    entry(&mut new, 0, "oxipng").outcome = Outcome::Failed { error };
    done(&mut new, 3, "libwebp:q70").reached = false;
    new.images[3].results.retain(|e| e.variant != "libwebp:q90");
    for image in [0, 2] {
        let mut more = new.images[image].results[0].clone();
        (more.variant, more.goal) = ("mozjpeg:q61".into(), "q61".into());
        new.images[image].results.push(more);
    }
    new.images.push(fixture::swept("b.png", 0.8, 0.0));
    new.images.push(fixture::swept("c.png", 0.8, 0.0));
    old.images.push(fixture::swept("d.png", 0.8, 0.0));
    new.failures[0].path = "d.png".into();
    let mut diff = Diff::between(&old, &new);
    diff.hold("2%".parse().unwrap());
    diff
}

#[test]
fn everything_is_told() {
    let diff = everything();
    for renderer in DIFF_RENDERERS.iter().take(2) {
        let id = renderer.info().id;
        insta::assert_snapshot!(
            format!("{id}-everything"),
            text(id, &diff, Style::default())
        );
    }
    insta::assert_snapshot!("table-everything-60", text("table", &diff, wide(60)));
}

fn wide(width: usize) -> Style {
    Style {
        width: Some(width),
        ..Style::default()
    }
}

#[test]
fn colour_adds_codes_and_nothing_else() {
    let diff = everything();
    let color = Color::Always;
    let mut bare = text("table", &diff, Style { color, ..wide(100) });
    for code in ["0", "1", "2", "31", "33"] {
        bare = bare.replace(&format!("\x1b[{code}m"), "");
    }
    assert_eq!(bare, text("table", &diff, wide(100)));
}

#[test]
fn nothing_is_said_of_nothing() {
    let report = fixture::many();
    let mut diff = Diff::between(&report, &report);
    assert_eq!(table(&diff), "No difference.\n");
    assert_eq!(
        text("markdown", &diff, Style::default()),
        "No difference\\.\n".replace('\\', "")
    );
    diff.hold("0%".parse().unwrap());
    assert!(table(&diff).ends_with("\n\nNothing grew by more than --max-growth 0 %.\n"));
}

#[test]
fn other_conditions_alone_say_that_the_results_are_the_same() {
    let old = fixture::one();
    let mut new = old.clone();
    new.codecs[0].version = "5".into();
    let said = table(&Diff::between(&old, &new));
    assert!(
        said.contains("\n mozjpeg 4.1.5 → 5: sizes and scores may change"),
        "{said}"
    );
    assert!(
        said.ends_with("\n\nEvery result that can be compared is the same.\n"),
        "{said}"
    );
}

#[test]
fn numbers_that_would_look_equal_are_told_apart() {
    let old = fixture::one();
    let mut new = old.clone();
    done(&mut new, 0, "oxipng").bytes = 828_241;
    done(&mut new, 0, "mozjpeg:q60").bytes += 1;
    done(&mut new, 0, "libwebp:q60")
        .scores
        .insert("ssimulacra2".into(), 65.9996);
    let mut diff = Diff::between(&old, &new);
    diff.hold("2%".parse().unwrap());
    let said = table(&diff);
    assert!(!said.contains("\n\n\n"), "{said}");
    for line in [
        " page.png: PNG grew by 2.0001 %, from 812.0 kB to 828.2 kB: exceeded by 1 B\n",
        " page.png  JPEG    60        123400 B  123401 B ",
        "−0.0004",
    ] {
        assert!(said.contains(line), "{said}");
    }
}

#[test]
fn long_lists_are_cut_short_unless_everything_is_wanted() {
    let images = |range: std::ops::Range<u32>| {
        let images = range.map(|nth| fixture::swept(&format!("{nth:03}.png"), 0.8, 0.0));
        fixture::report(images.collect())
    };
    let (old, mut new) = (images(0..90), images(30..120));
    for nth in 0..60 {
        done(&mut new, nth, "oxipng").bytes += 1_000_000;
    }
    let mut diff = Diff::between(&old, &new);
    diff.hold("2%".parse().unwrap());
    let short = table(&diff);
    for line in [
        "60 results changed, the 20 that changed most (-v lists them all)\n",
        " … and 10 more (-v lists them all)\n",
        " … and 41 more (-v lists them all)\n",
    ] {
        assert!(short.contains(line), "{line}{short}");
    }
    let verbosity = Verbosity::Verbose;
    let long = text(
        "table",
        &diff,
        Style {
            verbosity,
            ..Style::default()
        },
    );
    assert!(!long.contains("-v lists") && long.lines().count() > short.lines().count() + 90);
}

proptest! {
    #[test]
    fn no_name_escapes(chars in proptest::collection::vec(
        prop_oneof![any::<char>(), proptest::sample::select("\n\r\t\x1b\x7f\u{9b}\u{202e}\u{200b}|`\\*_[] ".chars().collect::<Vec<_>>())],
        1..40,
    ), width in 40_usize..120) {
        let name: String = chars.into_iter().collect();
        let named = |name: &str| {
            let mut diff = everything();
            let inputs = &mut diff.inputs;
            for input in inputs.added.iter_mut().chain(&mut inputs.changed) {
                input.path = name.into();
            }
            diff.entries.iter_mut().for_each(|e| e.input.path = name.into());
            diff.conditions.push(Condition {
                kind: ConditionKind::Codec,
                name: name.into(),
                old: Some(name.into()),
                new: None,
            });
            diff
        };
        let (diff, usual) = (named(&name), named("x.png"));
        for id in ["table", "markdown"] {
            let said = text(id, &diff, Style::default());
            prop_assert!(said.lines().all(|line| visible(line) == line), "{}", said);
            let lines = text(id, &usual, Style::default()).lines().count();
            prop_assert_eq!(said.lines().count(), lines, "{}", said);
        }
        let narrow = text("table", &diff, wide(width));
        prop_assert!(narrow.lines().all(|line| ink::width(line) <= width), "{}", narrow);
        let json = text("json", &diff, Style::default());
        prop_assert!(json.lines().all(|line| visible(line) == line));
        prop_assert_eq!(serde_json::from_str::<Diff>(&json).unwrap(), diff);
    }
}
