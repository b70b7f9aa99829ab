//! Exit codes, and what is said with them.

use std::os::unix::fs::PermissionsExt;

use super::{Desk, said};
use crate::pictures::{photo, png};

#[test]
fn all_measured_is_0_and_silent_on_standard_error() {
    let desk = Desk::with_photo();
    for line in [
        "compare a.png",
        "compare a.png --format json",
        "compare a.png --format ndjson",
        "compare . -m psnr -o r.json",
        "list",
        "list codecs",
        "list metrics",
        "list outputs",
        "man",
        "completions bash",
        "completions zsh",
        "completions fish",
        "--help",
        "help compare",
        "compare -h",
        "--version",
    ] {
        let out = desk.done(line);
        assert_eq!(out.trim().is_empty(), line.contains("-o "), "{line}: {out}");
    }
}

#[test]
fn a_lost_input_is_2_and_the_rest_is_measured() {
    let desk = Desk::with_photo();
    let whole = png(&photo(30, 20, 2));
    desk.write("broken.png", &whole[..whole.len() / 2]);
    desk.write("empty.png", "");
    desk.write("text.png", "no picture at all");
    for (name, stage) in [
        ("missing.png", "find"),
        ("broken.png", "decode"),
        ("empty.png", "identify"),
        ("text.png", "identify"),
        ("*.gif", "find"),
    ] {
        let said = desk.run(&format!(
            "compare a.png {name} -f jpeg,png,webp -q 60 -m none -o r.json"
        ));
        assert_eq!(said.code, 2, "{name}");
        assert!(said.err.contains(name), "{}", said.err);
        let report = desk.report("r.json");
        assert_eq!(report.images.len(), 1, "{name}");
        assert_eq!(report.images[0].measurements().count(), 3);
        let failure = &report.failures[..];
        assert_eq!(failure.len(), 1, "{name}");
        assert_eq!(
            (failure[0].path.as_str(), failure[0].stage.as_str()),
            (name, stage)
        );
        let said = desk.run(&format!(
            "compare a.png {name} -q 60 -m none --allow-failures"
        ));
        assert_eq!(said.code, 0, "{name}");
        assert!(
            said.out.contains("1 input could not be measured"),
            "{}",
            said.out
        );
    }
    // Alone it is the whole report.
    let said = desk.run("compare missing.png --format json");
    assert_eq!(said.code, 2);
    assert!(
        imgbench::Report::from_json(&said.out)
            .unwrap()
            .images
            .is_empty()
    );
}

#[test]
fn quiet_says_nothing_of_lost_inputs() {
    let desk = Desk::with_photo();
    let said = desk.run("compare a.png missing.png -m none -o r.json --quiet");
    assert_eq!((said.code, said.err.as_str()), (2, ""));
}

#[test]
fn no_input_is_2_with_a_next_step() {
    let desk = Desk::new();
    for line in ["compare", "compare .", "compare . --format json"] {
        let said = desk.run(line);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{line}");
        assert!(
            said.err.contains("no image found") && said.err.contains("name files"),
            "{}",
            said.err
        );
    }
}

#[test]
fn a_flag_that_is_not_understood_is_2_and_says_what_is() {
    let desk = Desk::with_photo();
    for (line, hints) in [
        ("", &["Usage"][..]),
        ("--bogus", &["--bogus", "Usage"]),
        ("comapre a.png", &["compare"]),
        ("compare a.png --formats bmp", &["“bmp”", "jpeg, png, webp"]),
        (
            "compare a.png -m vmaf",
            &["“vmaf”", "ssimulacra2, psnr", "none"],
        ),
        (
            "compare a.png --baseline gif",
            &["--baseline gif", "no such format"],
        ),
        (
            "compare a.png --format xml",
            &["table, markdown, json, ndjson, csv"],
        ),
        ("compare a.png -q 101", &["0 to 100"]),
        ("compare a.png -q 90..40", &["40..90/10"]),
        ("compare a.png -q 0", &["mozjpeg", "1 to 100"]),
        (
            "compare a.png --variant mozpeg:q80",
            &["mozjpeg, oxipng, quantizr, libwebp"],
        ),
        (
            "compare a.png --variant mozjpeg:subsample=444",
            &["subsampling, progressive"],
        ),
        (
            "compare a.png --variant mozjpeg:subsampling=411",
            &["420|422|440|444"],
        ),
        (
            "compare a.png --variant libwebp:effort=9",
            &["effort 0 to 6"],
        ),
        ("compare a.png --variant oxipng:q60", &["takes no quality"]),
        ("compare a.png --jobs 0", &["0 is not in 1"]),
        ("compare a.png --shard 5/4", &["2/4"]),
        ("compare a.png --background red", &["#rrggbb"]),
        ("compare a.png --max-memory 5", &["MiB"]),
        ("compare a.png --max-file-size lots", &["MiB"]),
        ("compare a.png --max-pixels 12X", &["12X"]),
        ("compare a.png -0", &["--files-from"]),
        ("compare a.png -v --quiet", &["--quiet"]),
        ("compare - --files-from -", &["standard input"]),
        ("compare a.png --config missing.toml", &["missing.toml"]),
        ("compare --files-from missing.txt", &["missing.txt"]),
        ("report", &["REPORT.json"]),
        ("report missing.json", &["missing.json"]),
        ("report a.png", &["a.png"]),
        ("merge", &["REPORT.json"]),
        ("completions tcsh", &["bash"]),
        ("list fruit", &["codecs, metrics, outputs"]),
    ] {
        let said = desk.run(line);
        assert_eq!(
            (said.code, said.out.as_str()),
            (2, ""),
            "{line}: {}",
            said.err
        );
        for hint in hints {
            assert!(
                said.err.contains(hint),
                "{line}: {hint} is not in {}",
                said.err
            );
        }
    }
}

#[test]
fn a_mistake_in_the_configuration_is_2_and_shown_once_with_line_and_caret() {
    let desk = Desk::with_photo();
    for (text, hints) in [
        (
            "[compare]\nformats = [\"jpeg\"]\nqualty = [60]\n",
            &["line 3", "^^^^^^", "`quality`"][..],
        ),
        ("[compare]\nquality = [60\n", &["line 2", "^"]),
        ("[compare]\nquality = [300]\n", &["line 2", "^", "300"]),
        ("[compair]\n", &["line 1", "^", "`compare`"]),
    ] {
        desk.write("imgbench.toml", text);
        let said = desk.run("compare a.png --keep kept");
        assert_eq!((said.code, said.out.as_str()), (2, ""));
        for hint in hints.iter().chain(&["imgbench.toml"]) {
            assert!(said.err.contains(hint), "{hint} is not in {}", said.err);
        }
        assert_eq!(
            said.err.matches("TOML parse error").count(),
            1,
            "{}",
            said.err
        );
        assert!(!desk.path("kept").exists());
    }
    for (text, hint) in [
        ("[compare]\nformats = [\"bmp\"]\n", "jpeg, png, webp"),
        ("[compare]\nexclude = [\"a[z-a]\"]\n", "a[z-a]"),
        ("[compare]\nbaseline = \"gif\"\n", "gif"),
    ] {
        desk.write("imgbench.toml", text);
        let said = desk.run("compare a.png");
        assert!(
            said.code == 2 && said.err.contains(hint),
            "{hint} is not in {}",
            said.err
        );
    }
}

#[test]
fn an_output_that_cannot_be_written_fails_before_the_first_encode() {
    let desk = Desk::with_photo();
    desk.write("folder.json/x", "");
    desk.write("locked.json", "precious");
    std::fs::set_permissions(desk.path("locked.json"), PermissionsExt::from_mode(0o444)).unwrap();
    let before = desk.names();
    for (outputs, hint) in [
        ("-o missing/r.json", "missing/r.json"),
        ("-o folder.json", "directory"),
        ("-o locked.json", "read-only"),
        ("-o r.foo", "table, markdown, json, ndjson, csv"),
        ("-o noextension", "FORMAT:PATH"),
        ("-o r.json -o missing/r.csv", "missing/r.csv"),
        ("-o r.json -o csv:r.json", "two reports"),
        ("-o json:- -o csv:-", "two reports"),
        ("-o a.png/r.json", "a.png/r.json"),
        ("-o r.json -o csv:./r.json", "two reports"),
        ("-o r.json -o json:new/", "names no file"),
        ("-o r.json -o json:", "names no file"),
        ("--format json -o csv:-", "two formats"),
    ] {
        let said = desk.run(&format!("compare a.png --keep kept {outputs}"));
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{outputs}");
        assert!(said.err.contains(hint), "{outputs}: {}", said.err);
        assert_eq!(desk.names(), before, "{outputs}: nothing is left behind");
    }
    assert_eq!(desk.read("locked.json"), "precious");
    let said = desk.run("compare a.png --keep a.png");
    assert!(
        said.code == 2 && said.err.contains("cannot keep files in a.png"),
        "{}",
        said.err
    );
}

#[test]
fn a_report_that_cannot_be_read_says_why() {
    let desk = Desk::new();
    for (text, hint) in [
        ("", "is not a report"),
        ("{}", "schema"),
        ("[1, 2]", "is not a report"),
        ("{\"schema\": \"imgbench-report/2\"}", "imgbench-report/1"),
        ("{\"schema\": \"imgbench-report/1\"}", "missing field"),
        ("\u{7f}ELF", "is not a report"),
    ] {
        desk.write("r.json", text);
        for command in ["report", "merge"] {
            let said = desk.run(&format!("{command} r.json"));
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{text}");
            assert!(
                said.err.contains("r.json") && said.err.contains(hint),
                "{}",
                said.err
            );
        }
    }
    desk.write("r.json", b"\xff\xfe");
    assert_eq!(desk.run("report r.json").code, 2);
}

#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    let desk = Desk::with_photo();
    for line in [
        "compare a.png -m none",
        "compare a.png -m none --format json",
        "compare a.png -m none --format ndjson",
        "list",
        "man",
        "completions bash",
        "--help",
    ] {
        for reader in ["true", "head -1"] {
            let said = desk.shell(&format!("{{ \"$0\" {line}; echo $? > code; }} | {reader}"));
            assert_eq!(said.err, "", "{line} | {reader}");
            assert_eq!(desk.read("code"), "0\n", "{line} | {reader}");
        }
    }
    // Where the report is wanted in a file, too, that is still written.
    let said = desk.shell(
        "{ \"$0\" compare a.png -m none --format ndjson -o r.json; echo $? > code; } | true",
    );
    assert_eq!((said.err.as_str(), desk.read("code").as_str()), ("", "0\n"));
    assert_eq!(desk.report("r.json").images.len(), 1);
}

#[test]
fn a_full_disk_is_2_and_said() {
    let desk = Desk::with_photo();
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    for line in [
        "compare a.png -m none > /dev/full",
        "compare a.png -m none -o json:/dev/full",
        "list > /dev/full",
    ] {
        let said = desk.shell(&format!("\"$0\" {line}"));
        assert_eq!(said.code, 2, "{line}");
        assert!(said.err.contains("No space left"), "{line}: {}", said.err);
    }
}

#[test]
fn standard_input_that_is_no_picture_is_2() {
    let desk = Desk::new();
    for input in ["", "text"] {
        let said = said(
            desk.command()
                .args(["compare", "-", "--format", "json"])
                .write_stdin(input),
        );
        assert_eq!(said.code, 2);
        let report = imgbench::Report::from_json(&said.out).unwrap();
        assert_eq!(report.failures[0].path, "-");
    }
    let bytes = png(&photo(30, 20, 1));
    let mut command = desk.command();
    command.args(["compare", "-", "--max-file-size", "100B"]);
    let said = said(command.write_stdin(bytes));
    assert!(
        said.code == 2 && said.err.contains("--max-file-size"),
        "{}",
        said.err
    );
}
