//! What is measured: paths, lists, globs, standard input, ignore files, configuration, and names from hell.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::{Desk, Said, said};
use crate::pictures::{photo, png};

/// The paths of the images of a report on standard output.
fn paths(said: &Said) -> Vec<String> {
    let report = imgbench::Report::from_json(&said.out).unwrap_or_else(|e| panic!("{e}: {said:?}"));
    report.images.into_iter().map(|i| i.path).collect()
}

const JSON: &str = "-f webp -q 60 -m none --format json";

fn measured(desk: &Desk, line: &str) -> Vec<String> {
    let said = desk.run(&format!("compare {line} {JSON}"));
    assert_eq!(said.code, 0, "{line}: {}", said.err);
    paths(&said)
}

fn tree() -> Desk {
    let desk = Desk::new();
    for name in ["b.png", "a/2.png", "a/1.png", "a-b.png", "a/deep/er/3.png"] {
        desk.save(name, &photo(12, 10, name.len() as u64));
    }
    desk.write("a/notes.txt", "words");
    desk.write("style.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    desk
}

#[test]
fn folders_are_searched_and_the_order_is_by_path() {
    let desk = tree();
    let all = ["a-b.png", "a/1.png", "a/2.png", "a/deep/er/3.png", "b.png"];
    assert_eq!(measured(&desk, ""), all);
    assert_eq!(measured(&desk, "."), all);
    assert_eq!(measured(&desk, "b.png . a/1.png ./b.png"), all, "each once");
    assert_eq!(measured(&desk, ". -j 1"), all);
    assert_eq!(measured(&desk, "a"), all[1..4]);
    assert_eq!(measured(&desk, "a/*.png"), all[1..3]);
    assert_eq!(measured(&desk, "**/*.png"), all);
    assert_eq!(measured(&desk, "b.png a/../a-b.png"), ["a-b.png", "b.png"]);
    let absolute = desk.path("a/1.png");
    assert_eq!(measured(&desk, absolute.to_str().unwrap()), ["a/1.png"]);
    let mut command = desk.command();
    command.current_dir(desk.path("a/deep"));
    let said = said(command.args(format!("compare ../../b.png .. {JSON}").split_whitespace()));
    assert_eq!(
        paths(&said),
        ["../../b.png", "../1.png", "../2.png", "er/3.png"]
    );
}

#[test]
fn what_is_named_is_answered_for_and_what_is_met_is_not() {
    let desk = tree();
    let said = desk.run(&format!("compare . {JSON}"));
    let report = imgbench::Report::from_json(&said.out).unwrap();
    let skipped: Vec<&str> = report.skipped.iter().map(|s| s.path.as_str()).collect();
    assert_eq!((said.code, skipped), (0, vec!["a/notes.txt", "style.svg"]));
    let said = desk.run(&format!("compare b.png a/notes.txt {JSON}"));
    assert_eq!((said.code, paths(&said)), (2, vec!["b.png".into()]));
    let out = desk.done("compare . -f webp -q 60 -m none");
    assert!(
        out.contains("-v lists them") && !out.contains("notes.txt"),
        "{out}"
    );
    let out = desk.done("compare . -f webp -q 60 -m none -v");
    assert!(out.contains("notes.txt"), "{out}");
}

#[test]
fn standard_input_is_an_image_called_dash() {
    let desk = Desk::with_photo();
    let file = std::fs::read(desk.path("a.png")).unwrap();
    let mut command = desk.command();
    command.args(format!("compare - a.png --keep kept {JSON}").split_whitespace());
    let said = said(command.write_stdin(file));
    let report = imgbench::Report::from_json(&said.out).unwrap();
    let [dash, file] = &report.images[..] else {
        panic!("{said:?}")
    };
    assert_eq!((said.code, dash.path.as_str()), (0, "-"));
    assert_eq!((&dash.digest, dash.bytes), (&file.digest, file.bytes));
    let kept = dash.results[0].measurement().unwrap().file.clone().unwrap();
    assert!(desk.path(&kept).exists(), "{kept}");
}

#[test]
fn lists_of_files_are_read_literally() {
    let desk = tree();
    desk.save("line\nbreak.png", &photo(12, 10, 1));
    desk.save("*.png", &photo(12, 10, 2));
    desk.write("list", "b.png\r\na/1.png\n\nb.png\n");
    assert_eq!(measured(&desk, "--files-from list"), ["a/1.png", "b.png"]);
    assert_eq!(
        measured(&desk, "a-b.png --files-from list"),
        ["a-b.png", "a/1.png", "b.png"]
    );
    desk.write("list0", b"line\nbreak.png\0*.png\0");
    assert_eq!(
        measured(&desk, "--files-from list0 -0"),
        ["*.png", "line\nbreak.png"]
    );
    let from_stdin = |flags: &str, list: &str| {
        let mut command = desk.command();
        command.args(format!("compare --files-from - {flags} {JSON}").split_whitespace());
        said(command.write_stdin(list))
    };
    assert_eq!(paths(&from_stdin("", "b.png\n")), ["b.png"]);
    assert_eq!(
        paths(&from_stdin("-0", "b.png\0a\0")),
        ["a/1.png", "a/2.png", "a/deep/er/3.png", "b.png"]
    );
    let said = from_stdin("", "gone.png\nb.png\n");
    assert_eq!((said.code, paths(&said)), (2, vec!["b.png".into()]));
    // An empty list is not the current folder.
    let said = from_stdin("", "");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("no image found"), "{}", said.err);
}

#[test]
fn ignore_files_and_hidden_files_are_passed_over_unless_asked_for() {
    let desk = tree();
    desk.write(".gitignore", "b.png\n");
    desk.write("a/.imgbenchignore", "deep/\n2.*\n");
    desk.save(".hidden.png", &photo(12, 10, 9));
    desk.save(".dir/x.png", &photo(12, 10, 9));
    // Git's own file counts inside a repository.
    std::fs::create_dir(desk.path(".git")).unwrap();
    assert_eq!(measured(&desk, ""), ["a-b.png", "a/1.png"]);
    assert_eq!(
        measured(&desk, "--no-ignore"),
        ["a-b.png", "a/1.png", "a/2.png", "a/deep/er/3.png", "b.png"]
    );
    assert_eq!(
        measured(&desk, "--hidden"),
        [".dir/x.png", ".hidden.png", "a-b.png", "a/1.png"]
    );
    assert_eq!(
        measured(&desk, "b.png .hidden.png a/2.png"),
        [".hidden.png", "a/2.png", "b.png"],
        "named"
    );
}

#[test]
fn content_decides_and_a_wrong_extension_is_noted() {
    let desk = Desk::new();
    desk.write("really.jpg", png(&photo(20, 16, 1)));
    desk.write("bare", png(&photo(20, 16, 2)));
    let said = desk.run(&format!("compare . {JSON}"));
    let report = imgbench::Report::from_json(&said.out).unwrap();
    let images: Vec<(&str, &str, usize)> = report
        .images
        .iter()
        .map(|i| (i.path.as_str(), i.format.as_str(), i.notes.len()))
        .collect();
    assert_eq!(images, [("bare", "png", 0), ("really.jpg", "png", 1)]);
    assert_eq!(
        report.images[1].notes,
        ["extension says JPEG, content is PNG"]
    );
    let out = desk.done("compare really.jpg -f webp -q 60 -m none");
    assert!(out.contains("extension says JPEG, content is PNG"), "{out}");
}

#[test]
fn limits_are_inclusive_and_say_how_to_raise_them() {
    let desk = Desk::new();
    desk.save("a.png", &photo(20, 15, 1));
    let bytes = std::fs::metadata(desk.path("a.png")).unwrap().len();
    assert_eq!(
        measured(
            &desk,
            &format!("a.png --max-file-size {bytes}B --max-pixels 300")
        ),
        ["a.png"]
    );
    for (flag, stage) in [
        (format!("--max-file-size {}B", bytes - 1), "limit"),
        ("--max-pixels 299".into(), "limit"),
        ("--max-memory 100kB".into(), "limit"),
    ] {
        for input in ["a.png", "."] {
            let said = desk.run(&format!("compare {input} {flag} {JSON}"));
            assert_eq!(said.code, 2, "{flag}");
            let report = imgbench::Report::from_json(&said.out).unwrap();
            assert_eq!(report.failures[0].stage, stage);
            let name = flag.split_whitespace().next().unwrap();
            assert!(said.err.contains(&format!("raise {name}")), "{}", said.err);
        }
    }
}

#[test]
fn the_configuration_is_honoured_and_flags_override_it() {
    let desk = tree();
    let variants = |flags: &str| {
        let said = desk.run(&format!("compare b.png {flags} -m none --format json"));
        assert_eq!(said.code, 0, "{}", said.err);
        imgbench::Report::from_json(&said.out).unwrap().options
    };
    desk.write(
        "imgbench.toml",
        "[compare]\nformats = [\"webp\"]\nquality = [30, 20]\nbaseline = \"webp\"\nmetrics = [\"psnr\"]\nexclude = [\"a/**\", \"*-b.png\"]\n",
    );
    assert_eq!(variants("").variants, ["libwebp:q20", "libwebp:q30"]);
    assert_eq!(variants("").baseline, "webp");
    assert_eq!(variants("-q 50").variants, ["libwebp:q50"]);
    assert_eq!(variants("-f jpeg").variants, ["mozjpeg:q20", "mozjpeg:q30"]);
    assert_eq!(variants("-f jpeg --baseline jpeg").baseline, "jpeg");
    assert_eq!(
        variants("--variant mozjpeg").variants,
        ["mozjpeg:q20", "mozjpeg:q30"]
    );
    let report = desk.done("compare b.png --format json");
    assert_eq!(
        imgbench::Report::from_json(&report)
            .unwrap()
            .options
            .metrics,
        ["psnr"]
    );
    assert_eq!(measured(&desk, ""), ["b.png"]);
    assert_eq!(
        measured(&desk, "a/1.png"),
        ["a/1.png"],
        "named all the same"
    );
    // The nearest one counts, also from below; one named by a flag is the only one.
    desk.write("a/.config/imgbench.toml", "[compare]\nquality = [77]\n");
    let mut command = desk.command();
    command.current_dir(desk.path("a/deep"));
    let said = said(command.args("compare er/3.png -f jpeg -m none --format json".split(' ')));
    let report = imgbench::Report::from_json(&said.out).unwrap();
    assert_eq!(report.options.variants, ["mozjpeg:q77"]);
    desk.write("other.toml", "[compare]\nquality = [11]\n");
    assert_eq!(
        variants("--config other.toml -f jpeg").variants,
        ["mozjpeg:q11"]
    );
    desk.write("imgbench.toml", "");
    assert_eq!(variants("").variants.len(), 9);
}

#[test]
fn names_that_are_not_utf8_stay_apart_and_exact() {
    let desk = Desk::new();
    for bytes in [&b"same-\xfe.png"[..], b"same-\xff.png"] {
        let at = desk.folder.path().join(OsStr::from_bytes(bytes));
        // Some file systems hold text only.
        if std::fs::write(&at, png(&photo(12, 10, 1))).is_err() {
            return;
        }
    }
    let said = desk.run(&format!("compare . --keep kept {JSON}"));
    let report = imgbench::Report::from_json(&said.out).unwrap();
    let names: Vec<(&str, Option<&str>)> = report
        .images
        .iter()
        .map(|i| (i.path.as_str(), i.path_bytes.as_deref()))
        .collect();
    assert_eq!(
        names,
        [
            ("same-\\xFE.png", Some("c2FtZS3+LnBuZw==")),
            ("same-\\xFF.png", Some("c2FtZS3/LnBuZw==")),
        ]
    );
    assert_eq!(desk.path("kept").read_dir().unwrap().count(), 2);
    let out = desk.done("compare . -f webp -q 60 -m none");
    assert!(
        out.contains("same-\\xFE.png") && out.contains("same-\\xFF.png"),
        "{out}"
    );
}

#[test]
fn names_from_hell_are_harmless_in_every_output() {
    let desk = Desk::new();
    let names = [
        "line\nbreak.png",
        "esc\x1b[31mred\x1b]0;title\x07.png",
        "pipe|`tick`.png",
        "=cmd,\"x\".png",
        "<b>bold<img src=x>.png",
        "rtl\u{202e}gnp.exe",
        "-dash.png",
        "  spaces  .png",
        "\u{9b}2J.png",
    ];
    for name in names {
        desk.write(name, png(&photo(12, 10, 1)));
    }
    desk.write("broken\n| x | y |\x1b[0m.png", b"\x89PNG\r\n\x1a\n");
    let said = desk.run("compare ./ -f webp,jpeg -q 60 -m none -v --per-image always -o r.json -o r.csv -o r.md -o r.txt -o r.ndjson");
    assert_eq!(said.code, 2);
    let harmless = |what: &str, text: &str| {
        for c in text.chars() {
            let control = c.is_control() && !matches!(c, '\n' | '\r');
            assert!(!control && c != '\u{202e}', "{what}: {c:?}");
        }
    };
    harmless("standard error", &said.err);
    for name in ["r.json", "r.csv", "r.md", "r.txt", "r.ndjson"] {
        harmless(name, &desk.read(name));
    }
    let report = desk.report("r.json");
    let mut expected = names.map(str::as_bytes);
    expected.sort_unstable();
    let found: Vec<&[u8]> = report.images.iter().map(|i| i.path.as_bytes()).collect();
    assert_eq!(found, expected);
    // CSV: a row a result, no cell a formula.
    let csv = desk.read("r.csv");
    assert_eq!(
        csv.split("\r\n").filter(|l| !l.is_empty()).count(),
        1 + names.len() * 2 + 1
    );
    for line in csv.lines() {
        let first = line.trim_start_matches('"').chars().next().unwrap();
        assert!(!"=+-@".contains(first), "{line}");
    }
    // Markdown: every table row has as many cells as its head, no HTML is left.
    let markdown = desk.read("r.md");
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let rows: Vec<Option<usize>> = markdown
        .lines()
        .map(|line| line.starts_with('|').then(|| cells(line)))
        .collect();
    for pair in rows.windows(2) {
        assert!(
            pair[0].is_none() || pair[1].is_none() || pair[0] == pair[1],
            "{markdown}"
        );
    }
    assert!(rows.iter().flatten().count() > 3 * names.len());
    let outside: String = markdown.split('`').step_by(2).collect();
    assert!(
        !outside.contains("<b>") && !outside.contains("<img"),
        "{outside}"
    );
}

#[test]
fn lossy_sources_are_flagged_or_refused() {
    let desk = Desk::with_photo();
    desk.done("compare a.png --variant mozjpeg:q85 -m none --keep kept -o r.json");
    let kept = desk.report("r.json").images[0].results[0]
        .measurement()
        .unwrap()
        .file
        .clone()
        .unwrap();
    let said = desk.run(&format!("compare {kept} {JSON}"));
    let report = imgbench::Report::from_json(&said.out).unwrap();
    assert!(report.images[0].lossy_source.is_some());
    let said = desk.run(&format!("compare {kept} --strict-lossless-sources {JSON}"));
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("--strict-lossless-sources"),
        "{}",
        said.err
    );
}
