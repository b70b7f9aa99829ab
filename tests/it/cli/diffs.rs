//! What changed between two reports that were saved.

use imgbench::diff::Diff;

use super::{Desk, Said, said};
use crate::pictures::photo;

/// Three photos in two reports: `old.json` at quality 60, and `new.json`, which `edit` changed as text.
fn desk(edit: impl Fn(String) -> String) -> Desk {
    let desk = Desk::new();
    for nth in 0..3_u64 {
        desk.save(&format!("{nth}.png"), &photo(40, 30, nth));
    }
    desk.done("compare 0.png 1.png 2.png -f jpeg,png -q 60 --no-timings -o old.json");
    desk.write("new.json", edit(desk.read("old.json")));
    desk
}

/// The first result of the first image, this much larger than it was.
fn grown(by: u64) -> Desk {
    desk(|text| {
        let result = text.find("\"results\"").unwrap();
        let at = result + text[result..].find("\"bytes\": ").unwrap() + 9;
        let end = at + text[at..].find(',').unwrap();
        let bytes: u64 = text[at..end].parse().unwrap();
        format!("{}{}{}", &text[..at], bytes + by, &text[end..])
    })
}

#[test]
fn without_a_limit_every_change_is_fine() {
    let desk = grown(1000);
    let out = desk.done("diff old.json new.json");
    assert!(
        out.contains("1 result changed\n") && out.contains("0.png"),
        "{out}"
    );
    assert!(!out.contains("--max-growth"), "{out}");
    assert_eq!(desk.done("diff old.json old.json"), "No difference.\n");
}

#[test]
fn growth_beyond_the_limit_is_exit_code_1() {
    let desk = grown(1000);
    let Said { code, out, err } = desk.run("diff old.json new.json --max-growth 2%");
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(
        out.contains("Over --max-growth 2 %:\n JPEG q60 grew by "),
        "{out}"
    );
    assert!(
        out.contains(" 0.png: JPEG q60 grew by ") && out.contains("exceeded by "),
        "{out}"
    );
    // Where the table does not tell, standard error does.
    let told = desk.run("diff old.json new.json --max-growth 2 -o diff.md");
    assert_eq!((told.code, told.out.as_str()), (1, ""));
    assert_eq!(told.err, "imgbench: --max-growth 2 % is exceeded 2 times\n");
    assert!(
        desk.read("diff.md")
            .contains("**Over --max-growth 2 %:**\n")
    );
    assert_eq!(
        desk.run("diff old.json new.json --max-growth 2 -o diff.md --quiet")
            .err,
        ""
    );
    // The other way round it shrank.
    desk.done("diff new.json old.json --max-growth 0%");
    desk.done("diff old.json new.json --max-growth 900%");
}

#[test]
fn a_single_byte_is_growth() {
    let desk = grown(1);
    assert_eq!(desk.run("diff old.json new.json --max-growth 0%").code, 1);
    let out = desk.run("diff old.json new.json --max-growth 0.01").out;
    assert!(out.contains("exceeded by 1 B\n"), "{out}");
}

#[test]
fn a_diff_is_written_in_every_format_it_has() {
    let desk = grown(1000);
    let line = "diff old.json new.json -o d.md -o d.json -o d.txt --format json --max-growth 5000%";
    let out = desk.done(line);
    assert_eq!(out, desk.read("d.json"));
    assert_eq!(
        desk.done("diff old.json new.json --max-growth 5000%"),
        desk.read("d.txt")
    );
    let diff: Diff = serde_json::from_str(&out).unwrap();
    assert_eq!((diff.entries.len(), diff.images, diff.compared), (1, 3, 6));
    let outcome = diff.verdict.unwrap();
    assert_eq!((outcome.max_growth, outcome.violations.len()), (5000.0, 0));
    for flag in ["--format csv", "-o x.csv", "-o csv:x", "--format ndjson"] {
        let said = desk.run(&format!("diff old.json new.json {flag}"));
        assert_eq!(said.code, 2, "{flag}");
        assert!(
            said.err.contains("table, markdown, json"),
            "{flag}: {}",
            said.err
        );
    }
    assert!(!desk.path("x.csv").exists() && !desk.path("x").exists());
}

#[test]
fn one_of_the_reports_may_come_by_standard_input() {
    let desk = grown(1000);
    let expected = desk.done("diff old.json new.json");
    for (line, piped) in [
        ("diff - new.json", "old.json"),
        ("diff old.json -", "new.json"),
    ] {
        let mut command = desk.command();
        command.args(line.split(' ')).write_stdin(desk.read(piped));
        assert_eq!(said(&mut command).out, expected);
    }
    let both = desk.run("diff - -");
    assert!(
        both.code == 2 && both.err.contains("only one"),
        "{}",
        both.err
    );
}

#[test]
fn what_is_no_report_is_exit_code_2_and_named() {
    let desk = desk(|text| text);
    desk.write("broken.json", &desk.read("old.json")[..300]);
    desk.write("other.json", "{\"schema\": \"imgbench-report/2\"}");
    desk.write("binary.json", [0xff, 0xfe]);
    desk.done("diff old.json new.json -o diff.json");
    desk.write("kept.md", "mine");
    for (name, reason) in [
        ("broken.json", "the JSON does not fit"),
        ("other.json", "“imgbench-report/2”"),
        ("binary.json", "UTF-8"),
        ("diff.json", "“imgbench-diff/1”"),
        ("missing.json", "No such file"),
        (".", "directory"),
    ] {
        for line in [format!("{name} new.json"), format!("old.json {name}")] {
            let said = desk.run(&format!("diff {line} --max-growth 2% -o kept.md"));
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{line}");
            assert!(
                said.err.contains(name) && said.err.contains(reason),
                "{}",
                said.err
            );
        }
    }
    assert_eq!(desk.read("kept.md"), "mine");
    let said = desk.run("diff old.json missing.json -o nowhere/d.md");
    assert!(
        said.code == 2 && said.err.contains("nowhere"),
        "{}",
        said.err
    );
}

#[test]
fn a_limit_that_is_none_is_a_usage_error() {
    let desk = desk(|text| text);
    for wrong in ["2kB", "much", "-1%", "1e2"] {
        let said = desk.run(&format!("diff old.json new.json --max-growth={wrong}"));
        assert_eq!(said.code, 2, "{wrong}");
        assert!(
            said.err.contains("is not a percentage: write 2% or 0.5%"),
            "{}",
            said.err
        );
    }
}

#[test]
fn a_limit_that_nothing_is_held_to_is_exit_code_2() {
    let desk = desk(|text| text.replace("\"digest\": \"blake3:", "\"digest\": \"blake3:0"));
    desk.done("diff old.json new.json");
    let said = desk.run("diff old.json new.json --max-growth 2%");
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("nothing to hold to --max-growth"),
        "{}",
        said.err
    );
    assert!(said.out.contains("3 inputs changed:\n"), "{}", said.out);
}

#[test]
fn lost_results_are_a_warning() {
    let desk = desk(|text| text);
    desk.write("2.png", "broken");
    desk.run("compare 1.png 2.png -f jpeg,png -q 60 --no-timings -o new.json");
    let out = desk.done("diff old.json new.json --max-growth 0%");
    for line in [
        "1 image is gone:\n 0.png\n",
        "1 input cannot be measured now:\n 2.png: identify: ",
        "Warning: 4 earlier results have nothing to compare with now",
        "Nothing grew by more than --max-growth 0 %.\n",
    ] {
        assert!(out.contains(line), "{out}");
    }
}

#[test]
fn versions_that_differ_are_told() {
    let version = imgbench::codec::find(imgbench::codec::CODECS, "mozjpeg")
        .unwrap()
        .version();
    let desk = desk(|text| {
        text.replacen(
            &format!("\"version\": \"{version}\""),
            "\"version\": \"9.9.9\"",
            1,
        )
    });
    let out = desk.done("diff old.json new.json");
    let line =
        format!(" mozjpeg {version} → 9.9.9: sizes and scores may change for that reason alone\n");
    assert!(out.contains(&line), "{out}");
}

#[test]
fn names_are_harmless_in_every_format() {
    let desk = grown(1000);
    let name = "\\u001b[31m|<b>\\u202e.png";
    for file in ["old.json", "new.json"] {
        desk.write(file, desk.read(file).replace("0.png", name));
    }
    let json = desk.done("diff old.json new.json -o d.md -o d.json -o d.txt --max-growth 5000%");
    assert_eq!(json, "");
    for file in ["d.md", "d.json", "d.txt"] {
        let text = desk.read(file);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{file}");
        assert!(text.contains("202e"), "{file}");
    }
    assert!(!desk.read("d.md").contains("<b>"));
}

#[test]
fn who_reads_no_further_gets_the_exit_code_all_the_same() {
    let desk = grown(1000);
    let said = desk.shell("{ \"$0\" diff old.json new.json --max-growth 2%; echo $? >&2; } | true");
    assert_eq!(said.err, "1\n");
}
