//! Where reports go, what they look like there, and that they say the same every time.

use std::os::unix::fs::PermissionsExt;

#[cfg(feature = "jxl")]
use imgbench::codec::{self, CODECS, Settings};
use imgbench::report::Outcome;
use serde_json::Value;

use super::Desk;
use crate::pictures::{flat, glass, grey, noise, photo, png, png_with};

/// A folder with something of everything: kinds of picture, sub-folders, what is broken and what is no picture.
fn mixed() -> Desk {
    let desk = Desk::new();
    desk.save("a.png", &photo(40, 30, 1));
    desk.save("b/glass.png", &glass(32, 24, 2));
    desk.save("b/grey.png", &grey(24, 24, 3));
    desk.save("c/flat.png", &flat(20, 20));
    desk.save("c/noise.png", &noise(28, 21, 4));
    desk.save("d.png", &photo(7, 50, 5));
    let whole = png(&photo(30, 20, 6));
    desk.write("broken.png", &whole[..whole.len() / 2]);
    desk.write("c/notes.txt", "no picture");
    desk.write("zz.png", "no picture either");
    desk
}

#[test]
fn the_format_of_standard_output_holds_where_that_is_named_too() {
    let desk = Desk::with_photo();
    let text = desk.done("compare a.png -f jpeg -m none --format json -o -");
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["schema"], "imgbench-report/1");
    assert!(
        desk.done("compare a.png -f jpeg -m none -o -")
            .contains("JPEG")
    );
}

#[test]
fn an_output_that_cannot_be_written_costs_no_other() {
    let desk = Desk::with_photo();
    let said = desk.run("compare a.png -f jpeg -m none -o json:/dev/full -o good.json");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("cannot write /dev/full"), "{}", said.err);
    assert_eq!(desk.report("good.json").images.len(), 1);
}

#[test]
fn the_table_of_the_article_comes_of_one_command() {
    let desk = Desk::new();
    desk.write("page.png", png_with(&photo(200, 150, 1), Some(150)));
    let table = desk.done("compare page.png -q 60 -f jpeg,webp,png");
    let mut lines = table.lines();
    let heading = lines.next().unwrap();
    assert!(
        heading.starts_with("page.png  200×150  PNG  24 bits  150 DPI  "),
        "{heading}"
    );
    let head = lines.next().unwrap();
    for column in [
        "Format",
        "Quality",
        "Bits",
        "DPI",
        "File size",
        "vs input",
        "vs JPEG",
        "bpp",
        "SSIMULACRA2",
        "Encode",
    ] {
        assert!(head.contains(column), "{column} is not in {head}");
    }
    let rows: Vec<Vec<&str>> = lines
        .take(3)
        .map(|l| l.split_whitespace().collect())
        .collect();
    assert_eq!(rows[0][..4], ["JPEG", "60", "24", "72"]);
    assert_eq!(rows[1][..4], ["WebP", "60", "24", "–"]);
    assert_eq!(rows[2][..4], ["PNG", "lossless", "24", "–"]);
    assert_eq!(table.matches("◀ smallest").count(), 1);
    assert!(
        table.contains("% smaller") || table.contains("% larger"),
        "{table}"
    );
    assert!(
        table.contains("q60 is not the same quality") || table.contains("score about alike"),
        "{table}"
    );
}

#[test]
fn bits_and_density_are_those_of_the_files() {
    let desk = Desk::new();
    desk.write("grey.png", png_with(&grey(64, 48, 1), Some(300)));
    desk.write("scan.png", png_with(&photo(64, 48, 1), Some(96)));
    desk.done("compare . --variant mozjpeg:q60 --variant mozjpeg:q60,dpi=0 --variant oxipng:dpi=150 -m none -o r.json");
    let report = desk.report("r.json");
    let of = |image: usize| -> Vec<(u16, &str, Option<f64>)> {
        let results = report.images[image].measurements();
        results
            .map(|(_, m)| (m.bits, m.colour.as_str(), m.dpi.map(|[x, _]| x.round())))
            .collect()
    };
    let both = [("grey", 8), ("rgb", 24)];
    for (nth, (model, bits)) in both.into_iter().enumerate() {
        assert_eq!(
            of(nth),
            [
                (bits, model, Some(72.0)),
                (bits, model, None),
                (bits, model, Some(150.0))
            ]
        );
    }
    let densities: Vec<_> = report
        .images
        .iter()
        .map(|i| i.dpi.map(|[x, _]| x.round()))
        .collect();
    assert_eq!(densities, [Some(300.0), Some(96.0)]);
}

#[test]
fn columns_are_those_that_were_asked() {
    let desk = Desk::with_photo();
    for (flags, variants) in [
        (
            "",
            &[
                "mozjpeg:q60",
                "mozjpeg:q80",
                "libwebp:q60",
                "libwebp:q80",
                "libaom:q60",
                "libaom:q80",
                "libjxl:q60",
                "libjxl:q80",
                "oxipng",
            ][..],
        ),
        (
            "-q 60",
            &[
                "mozjpeg:q60",
                "libwebp:q60",
                "libaom:q60",
                "libjxl:q60",
                "oxipng",
            ],
        ),
        (
            "-f webp,jpeg -q 70,50",
            &["libwebp:q50", "libwebp:q70", "mozjpeg:q50", "mozjpeg:q70"],
        ),
        (
            "-f webp -q 40..90/10",
            &[
                "libwebp:q40",
                "libwebp:q50",
                "libwebp:q60",
                "libwebp:q70",
                "libwebp:q80",
                "libwebp:q90",
            ],
        ),
        ("-f png", &["oxipng"]),
        (
            "-f png,webp -q 60 --lossless",
            &["libwebp:q60", "oxipng", "libwebp:lossless"],
        ),
        (
            "--variant mozjpeg:subsampling=444,q80",
            &["mozjpeg:q80,subsampling=444"],
        ),
        (
            "--variant webp:effort=0",
            &["libwebp:q60,effort=0", "libwebp:q80,effort=0"],
        ),
        (
            "--variant mozjpeg:q80,subsampling=420 --variant jpeg:q80 --variant png:effort=2",
            &["mozjpeg:q80", "oxipng"],
        ),
        (
            "--variant oxipng:effort=1 -f webp -q 60",
            &["libwebp:q60", "oxipng:effort=1"],
        ),
    ] {
        desk.done(&format!("compare a.png -m none {flags} -o r.json"));
        let report = desk.report("r.json");
        assert_eq!(report.options.variants, variants, "{flags}");
        let results = &report.images[0].results;
        let names: Vec<&str> = results.iter().map(|e| e.variant.as_str()).collect();
        assert_eq!(names, variants, "{flags}");
        assert!(
            results
                .iter()
                .all(|e| matches!(e.outcome, Outcome::Done(_)))
        );
    }
    desk.done("compare a.png -m psnr,ssimulacra2,psnr -q 60 -o r.json");
    let report = desk.report("r.json");
    assert_eq!(report.options.metrics, ["psnr", "ssimulacra2"]);
    let jpeg = report.images[0].results[0].measurement().unwrap();
    assert_eq!(
        jpeg.scores.keys().collect::<Vec<_>>(),
        ["psnr", "ssimulacra2"]
    );
}

#[test]
fn ratios_are_to_the_baseline_that_was_asked() {
    let desk = Desk::with_photo();
    for (baseline, reference) in [
        ("jpeg", "mozjpeg:q60"),
        ("webp", "libwebp:q60"),
        ("png", "oxipng"),
    ] {
        desk.done(&format!(
            "compare a.png -m none -q 60 --baseline {baseline} -o r.json"
        ));
        let report = desk.report("r.json");
        let bytes = |variant: &str| {
            let mut all = report.images[0].measurements();
            all.find(|(e, _)| e.variant == variant).unwrap().1.bytes as f64
        };
        for (entry, measurement) in report.images[0].measurements() {
            let ratio = bytes(&entry.variant) / bytes(reference);
            assert!((measurement.ratio_to_baseline.unwrap() - ratio).abs() < 1e-6);
        }
        assert_eq!(report.options.baseline, baseline);
    }
}

#[test]
fn without_timings_two_runs_are_byte_identical() {
    let desk = mixed();
    for format in ["table", "json", "ndjson", "csv", "markdown"] {
        let run = |jobs: u8| {
            let line = format!("compare . --no-timings -q 60 -m ssimulacra2,psnr -j {jobs}");
            // NDJSON on standard output comes as images finish; in a file it is in order.
            desk.run(&format!("{line} -o {format}:.out")).err
        };
        let (said, first) = (run(1), desk.read(".out"));
        let (again, second) = (run(4), desk.read(".out"));
        assert!(first == second && said == again, "{format}");
        assert!(
            !first.is_empty() && !first.contains("CpuMs\":") && !first.contains(" ms"),
            "{format}: {first}"
        );
        std::fs::remove_file(desk.path(".out")).unwrap();
    }
}

#[test]
fn timings_are_under_their_key_only() {
    fn without(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.remove("timing");
                map.values_mut().for_each(without);
            }
            Value::Array(list) => list.iter_mut().for_each(without),
            _ => {}
        }
    }
    let desk = mixed();
    desk.run("compare . -q 60 -o timed.json");
    desk.run("compare . -q 60 -o bare.json --no-timings");
    let load = |name: &str| -> Value { serde_json::from_str(&desk.read(name)).unwrap() };
    let mut timed = load("timed.json");
    assert_ne!(timed, load("bare.json"));
    without(&mut timed);
    // The reports themselves were in the way of the second run.
    let strip = |mut value: Value| {
        value["skipped"] = Value::Null;
        value
    };
    assert_eq!(strip(timed), strip(load("bare.json")));
}

#[test]
fn json_is_clean() {
    let desk = mixed();
    let said = desk.run("compare . -q 60 -m ssimulacra2,psnr --format json --keep ../kept");
    let text = said.out;
    let here = desk.folder.path().to_str().unwrap();
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    assert!(!text.contains(here), "an absolute path");
    assert!(host.len() < 4 || !text.contains(host), "the host");
    for word in ["NaN", "Infinity", "-0.0", "inf,"] {
        assert!(!text.contains(word), "{word}");
    }
    hold(&serde_json::from_str(&text).unwrap(), "");
    std::fs::remove_dir_all(desk.path("../kept")).unwrap();

    fn hold(value: &Value, key: &str) {
        match value {
            Value::Object(map) => map.iter().for_each(|(k, v)| {
                let camel = k.starts_with(|c: char| c.is_ascii_lowercase()) && !k.contains('-');
                // Variants' own option keys are theirs.
                assert!(
                    camel && (!k.contains('_') || key == "defaults"),
                    "{key}.{k}"
                );
                hold(v, k);
            }),
            Value::Array(list) => list.iter().for_each(|v| hold(v, key)),
            Value::Number(n) => {
                let n = n.as_f64().unwrap();
                assert!(
                    n.is_finite() && !(n == 0.0 && n.is_sign_negative()),
                    "{key}: {n}"
                );
                let whole = [
                    "bytes",
                    "inputBytes",
                    "width",
                    "height",
                    "bits",
                    "images",
                    "maxPixels",
                ];
                assert!(!whole.contains(&key) || value.is_u64(), "{key}: {value}");
            }
            Value::String(text) => {
                assert!(
                    !text.starts_with('/') && !text.contains(":\\"),
                    "{key}: {text}"
                );
                let date = |w: &[u8]| {
                    let digits = [0, 1, 2, 3, 5, 6, 8, 9]
                        .iter()
                        .all(|&i| w[i].is_ascii_digit());
                    digits && w[4] == b'-' && w[7] == b'-'
                };
                assert!(!text.as_bytes().windows(10).any(date), "{key}: {text}");
            }
            Value::Bool(_) | Value::Null => {}
        }
    }
}

#[test]
fn ndjson_is_a_line_an_item() {
    let desk = mixed();
    let said = desk.run("compare . -q 60 -m none --format ndjson");
    assert_eq!(said.code, 2);
    let lines: Vec<Value> = said
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect();
    let kinds: Vec<&str> = lines
        .iter()
        .map(|line| line["type"].as_str().unwrap())
        .collect();
    let count = |kind: &str| kinds.iter().filter(|k| **k == kind).count();
    assert_eq!((kinds[0], *kinds.last().unwrap()), ("header", "summary"));
    assert_eq!((count("header"), count("summary")), (1, 1));
    assert_eq!(
        (count("image"), count("failure"), count("skipped")),
        (6, 2, 1)
    );
    assert_eq!(lines[0]["schema"], "imgbench-report/1");
    assert_eq!(lines.last().unwrap()["images"], 6);
    assert_eq!(lines.last().unwrap()["failures"], 2);
    // In a file the same lines, in order of path.
    desk.run("compare . -q 60 -m none -o lines.ndjson --no-timings");
    let said = desk.run("compare . -q 60 -m none --format ndjson --no-timings");
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.retain(|l| !l.contains("lines.ndjson"));
        lines.sort();
        lines
    };
    let (file, stream) = (sorted(&desk.read("lines.ndjson")), sorted(&said.out));
    for (file, stream) in file.iter().zip(&stream) {
        assert_eq!(file, stream);
    }
    assert_eq!(file.len(), stream.len());
}

#[test]
fn kept_files_are_the_ones_that_were_measured() {
    let desk = mixed();
    let said =
        desk.run("compare . -f jpeg,png,webp -q 60 --lossless -m none -o r.json --keep kept/here");
    assert_eq!(said.code, 2);
    let report = desk.report("r.json");
    let mut files = Vec::new();
    for (image, entry, measurement) in report.measurements() {
        let file = measurement.file.as_deref().unwrap();
        let variant = entry.variant.replace([':', ','], "_");
        let extension = if entry.format == "jpeg" {
            "jpg"
        } else {
            &entry.format
        };
        assert_eq!(
            file,
            format!("kept/here/{}.{variant}.{extension}", image.path)
        );
        let content = std::fs::read(desk.path(file)).unwrap();
        assert_eq!(content.len() as u64, measurement.bytes, "{file}");
        let format = imgbench::source::Format::sniff(&content, None).unwrap();
        assert_eq!(format.id(), entry.format, "{file}");
        files.push(file.to_owned());
    }
    assert_eq!(files.len(), 6 * 4);
    // Kept files are plain files with the usual rights.
    let mode = |name: &str| desk.path(name).metadata().unwrap().permissions().mode() & 0o777;
    desk.write("usual", "");
    assert_eq!(mode(&files[0]), mode("usual"), "{}", files[0]);
    // Again over the old ones: the same.
    desk.run("compare . -f jpeg,png,webp -q 60 --lossless -m none -o again.json --keep kept/here");
    let entry = |name: &str| {
        desk.report(name)
            .images
            .iter()
            .find(|i| i.path == "a.png")
            .cloned()
    };
    let strip = |image: Option<imgbench::report::ImageReport>| {
        let mut image = image.unwrap();
        image.drop_timings();
        image
    };
    assert_eq!(strip(entry("r.json")), strip(entry("again.json")));
}

#[test]
fn outputs_go_where_they_are_sent() {
    let desk = Desk::with_photo();
    desk.write("usual", "");
    desk.write("old.json", "old");
    std::os::unix::fs::symlink("target.md", desk.path("link.md")).unwrap();
    desk.write("target.md", "old");
    let line = "compare a.png -q 60 -m none -o old.json -o new.csv -o link.md -o t.txt -o l.jsonl -o json:odd.name -o -";
    let out = desk.done(line);
    assert!(out.starts_with("a.png  40×30"), "{out}");
    assert_eq!(out, desk.read("t.txt"));
    assert_eq!(desk.read("old.json"), desk.read("odd.name"));
    assert!(desk.read("new.csv").starts_with("path,"));
    assert!(desk.read("target.md").starts_with("### `a.png`"));
    assert!(
        desk.path("link.md")
            .symlink_metadata()
            .unwrap()
            .is_symlink()
    );
    assert_eq!(desk.read("l.jsonl").lines().count(), 3);
    let mode = |name: &str| desk.path(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("new.csv"), mode("usual"));
    assert!(
        desk.names().iter().all(|n| !n.starts_with('.')),
        "{:?}",
        desk.names()
    );
    // A file alone leaves standard output empty; a device is written to as it is.
    assert_eq!(desk.done("compare a.png -m none -o r.json"), "");
    assert_eq!(desk.done("compare a.png -m none -o json:/dev/null"), "");
    let json = desk.done("compare a.png -m none --format json -o t.csv --no-timings");
    assert_eq!(
        json,
        desk.done("compare a.png -m none -o json:- --no-timings")
    );
}

#[test]
fn colour_is_sent_when_it_is_wanted() {
    let desk = Desk::with_photo();
    let coloured = |line: &str, variables: &[(&str, &str)]| {
        let mut command = desk.command();
        command
            .args(line.split_whitespace())
            .envs(variables.iter().copied());
        let said = super::said(&mut command);
        assert_eq!(said.code, 0, "{}", said.err);
        said.out.contains('\x1b')
    };
    let plain = "compare a.png -q 60 -m none";
    let always = "compare a.png -q 60 -m none --color always";
    let never = "compare a.png -q 60 -m none --color never";
    let (no, force) = (("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1"));
    for (line, variables, expected) in [
        (plain, &[][..], false),
        (plain, &[force], true),
        (plain, &[("CLICOLOR_FORCE", "0")], false),
        (plain, &[force, no], false),
        (plain, &[force, ("NO_COLOR", "")], true),
        (always, &[], true),
        (always, &[no], true),
        (never, &[force], false),
    ] {
        assert_eq!(coloured(line, variables), expected, "{line} {variables:?}");
    }
    desk.done("compare a.png -q 60 -m none --color always -o t.txt -o t.md -o t.csv");
    for name in ["t.txt", "t.md", "t.csv"] {
        assert!(!desk.read(name).contains('\x1b'), "{name}");
    }
}

#[test]
fn blocks_per_image_are_shown_as_asked() {
    let desk = Desk::new();
    for nth in 0..9 {
        desk.save(&format!("{nth}.png"), &photo(12, 10, nth));
    }
    let headings = |line: &str| {
        let out = desk.done(&format!("{line} -f webp -q 60 -m none"));
        let blocks = out.lines().filter(|l| l.contains("  12×10  PNG")).count();
        (blocks, out.contains("Total size"))
    };
    assert_eq!(headings("compare ."), (0, true));
    assert_eq!(headings("compare . --per-image always"), (9, true));
    assert_eq!(headings("compare [0-7].png"), (8, true));
    assert_eq!(headings("compare [0-7].png --per-image never"), (0, true));
    assert_eq!(headings("compare 0.png"), (1, false));
    assert_eq!(headings("compare 0.png --per-image never"), (0, true));
}

#[test]
fn the_background_shows_through() {
    let desk = Desk::new();
    desk.save("a.png", &glass(64, 48, 1));
    let bytes = |colour: &str| {
        desk.done(&format!(
            "compare a.png -q 90 -m none -o r.json --background {colour} --keep kept"
        ));
        let report = desk.report("r.json");
        assert_eq!(report.options.background, colour.to_lowercase());
        assert!(report.images[0].alpha);
        let results: Vec<u64> = report.images[0]
            .measurements()
            .map(|(_, m)| m.bytes)
            .collect();
        let notes = report.images[0].results[0]
            .measurement()
            .unwrap()
            .notes
            .len();
        assert_eq!(notes, 1);
        results
    };
    let (white, black) = (bytes("#ffffff"), bytes("#00000A"));
    assert_ne!(white[0], black[0], "JPEG is flattened");
    assert_eq!(white[1..], black[1..], "the others keep alpha");
}

#[test]
fn lossless_formats_are_ranked_among_themselves_without_what_only_nearly_keeps_pixels() {
    let desk = Desk::new();
    // libwebp leaves what is smaller than 64 pixels a side as it is.
    desk.save("photo.png", &photo(120, 80, 1));
    let near = "--variant libwebp:q40,near_lossless=on --variant quantizr:q90";
    let table = desk.done(&format!(
        "compare . -f png,webp -q 60 --lossless {near} -o r.json -o -"
    ));
    assert!(table.contains("Without loss WebP"), "{table}");
    assert_eq!(table.matches("◀ smallest lossless").count(), 1, "{table}");
    let report = desk.report("r.json");
    for (entry, measurement) in report.images[0].measurements() {
        let score = measurement.scores["ssimulacra2"];
        assert_eq!(
            entry.lossless,
            entry.goal == "lossless",
            "{}",
            entry.variant
        );
        assert_eq!(entry.lossless, score == 100.0, "{}: {score}", entry.variant);
    }
    let pairs = report.verdict.unwrap().pairs;
    let class = pairs.iter().filter(|pair| pair.goal == "lossless");
    assert_eq!(class.count(), 1);
}

#[cfg(feature = "jxl")]
#[test]
fn a_packed_jpeg_is_judged_in_the_colours_of_its_profile() {
    let desk = Desk::new();
    let mozjpeg = codec::find(CODECS, "mozjpeg").unwrap();
    let jpeg = mozjpeg.encode(&grey(400, 300, 3), &Settings::lossy(80));
    let jpeg = jpeg.unwrap();
    let profile = moxcms::ColorProfile::new_gray_with_gamma(1.4)
        .encode()
        .unwrap();
    let mut body = b"ICC_PROFILE\0\x01\x01".to_vec();
    body.extend(profile);
    // Behind the start of the image and JFIF's block.
    let (head, rest) = jpeg.split_at(20);
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    let marker = [0xff, 0xe2, length[0], length[1]];
    desk.write("a.jpg", [head, &marker, &body, rest].concat());
    desk.done("compare a.jpg --variant libjxl:jpeg-recompress -o r.json");
    let report = desk.report("r.json");
    let image = &report.images[0];
    assert!(
        image.notes.iter().any(|n| n.starts_with("converted from")),
        "{:?}",
        image.notes
    );
    let score = image.results[0].measurement().unwrap().scores["ssimulacra2"];
    assert!(score > 75.0, "{score}");
}

#[cfg(feature = "jxl")]
#[test]
fn a_jpeg_is_packed_so_that_it_comes_back_and_nothing_else_is() {
    let desk = Desk::with_photo();
    let mozjpeg = codec::find(CODECS, "mozjpeg").unwrap();
    let jpeg = mozjpeg.encode(&photo(400, 300, 3), &Settings::lossy(80));
    desk.write("a.jpg", jpeg.unwrap());
    desk.done("compare . --variant libjxl:jpeg-recompress -o r.json");
    let report = desk.report("r.json");
    let packed = &report.images[0].results[0];
    let measurement = packed.measurement().unwrap();
    assert!(packed.lossless && packed.variant == "libjxl:jpeg-recompress");
    assert!(
        measurement.bytes < report.images[0].bytes,
        "{}",
        measurement.bytes
    );
    // Another decoder rounds, and interpolates chroma, in other ways.
    assert!(measurement.scores["ssimulacra2"] > 75.0);
    let skipped = &report.images[1].results[0].outcome;
    let why = "only a JPEG as it came can be packed";
    assert!(
        matches!(skipped, Outcome::Skipped { reason } if reason == why),
        "{skipped:?}"
    );
    let said = desk.run("compare . --variant mozjpeg:jpeg-recompress");
    assert!(
        said.code == 2 && said.err.contains("mozjpeg does not pack JPEG files"),
        "{}",
        said.err
    );
}
