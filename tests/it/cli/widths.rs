//! `--widths`: a ladder of sizes.

use imgbench::report::Report;

use super::Desk;
use crate::pictures::photo;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.save("big.png", &photo(160, 90, 1));
    desk.save("small.png", &photo(50, 40, 2));
    desk.write("broken.png", b"\x89PNG\r\n\x1a\n");
    desk
}

/// Path, width asked for, and sides of what was measured.
fn rungs(report: &Report) -> Vec<(&str, u32, [u32; 2])> {
    let images = report.images.iter();
    images
        .map(|i| (i.path.as_str(), i.rung.unwrap().width, [i.width, i.height]))
        .collect()
}

#[test]
fn every_image_is_measured_at_every_width_that_it_has() {
    let desk = desk();
    let said = desk.run("compare . -w 80,40,80,100 -q 60 -o r.json --keep kept -o -");
    assert_eq!(said.code, 2, "a lost file is not forgotten: {}", said.err);
    let report = desk.report("r.json");
    assert_eq!(
        rungs(&report),
        [
            ("big.png", 40, [40, 23]),
            ("big.png", 80, [80, 45]),
            ("big.png", 100, [100, 56]),
            ("small.png", 40, [40, 32]),
        ]
    );
    assert_eq!(report.failures.len(), 1, "once, not once a width");
    let last = &report.images[3];
    assert!(
        last.notes
            .iter()
            .any(|n| n == "not enlarged to 80 and 100 pixels"),
        "{:?}",
        last.notes
    );
    for (image, entry, measurement) in report.measurements() {
        assert!(measurement.scores.contains_key("ssimulacra2"));
        let file = measurement.file.as_ref().unwrap();
        let rung = image.rung.unwrap().width;
        assert!(
            file.contains(&format!("{}_{rung}w.", entry.variant.replace(':', "_"))),
            "{file}"
        );
        assert!(desk.path(file).is_file(), "{file}");
    }
    assert!(
        said.out.contains("80×45 of 160×90") && said.out.contains("40 pixels wide"),
        "{}",
        said.out
    );
    assert!(
        !said.out.contains("vs input"),
        "another size is another picture: {}",
        said.out
    );
}

#[test]
fn a_source_narrower_than_all_widths_is_measured_as_it_is() {
    let desk = desk();
    desk.done("compare small.png -w 200,100 -q 60 -o r.json");
    let report = desk.report("r.json");
    assert_eq!(rungs(&report), [("small.png", 100, [50, 40])]);
    assert_eq!(
        report.images[0].notes,
        ["not enlarged to 100 and 200 pixels: measured as it is"]
    );
}

#[test]
fn shards_and_jobs_give_the_same_report_and_a_target_is_met_at_every_width() {
    let desk = desk();
    let line = "compare big.png small.png -w 40,80 -f jpeg,webp -t ssimulacra2=60 --no-timings";
    desk.done(&format!("{line} -j 1 -o one.json"));
    desk.done(&format!("{line} -j 8 -o many.json"));
    desk.done(&format!("{line} --shard 1/2 -o a.json"));
    desk.done(&format!("{line} --shard 2/2 -o b.json"));
    desk.done("merge b.json a.json -o merged.json");
    let one = desk.read("one.json");
    assert_eq!(one, desk.read("many.json"));
    assert_eq!(one, desk.read("merged.json"));
    let report = desk.report("one.json");
    assert_eq!(report.images.len(), 3);
    for (_, entry, measurement) in report.measurements() {
        assert!(
            !measurement.reached || measurement.scores["ssimulacra2"] >= 60.0,
            "{}",
            entry.variant
        );
    }
    desk.done("diff one.json merged.json");
    desk.done("report one.json -o again.json");
    assert_eq!(one, desk.read("again.json"));
}

#[test]
fn mistakes_are_told() {
    let desk = desk();
    for (line, hint) in [
        ("compare big.png -w 0", "invalid value '0'"),
        ("compare big.png -w 80 --quality-map", "do not go together"),
    ] {
        let said = desk.run(line);
        assert_eq!(said.code, 2, "{line}");
        assert!(said.err.contains(hint), "{line}: {}", said.err);
    }
    desk.write("imgbench.toml", "[compare]\nwidths = [40]\n");
    desk.done("compare big.png -q 60 -o r.json");
    assert_eq!(rungs(&desk.report("r.json")), [("big.png", 40, [40, 23])]);
}

#[test]
fn every_output_tells_widths_apart() {
    let desk = desk();
    desk.done("compare big.png small.png -w 40,80,200 -f jpeg,webp -q 60 --no-timings -o r.json -o r.csv -o r.ndjson -o r.md");
    let csv = desk.read("r.csv");
    let column = |line: &str, nth: usize| line.trim_end().rsplit(',').nth(nth).unwrap().to_owned();
    let rungs: Vec<String> = csv.lines().map(|line| column(line, 0)).collect();
    assert_eq!(rungs, ["rung", "40", "40", "80", "80", "40", "40"]);
    let last = desk.read("r.ndjson");
    let last: serde_json::Value = serde_json::from_str(last.lines().last().unwrap()).unwrap();
    assert_eq!(last["byWidth"].as_array().unwrap().len(), 3);
    let markdown = desk.read("r.md");
    for heading in ["40 pixels wide", "80 pixels wide", "200 pixels wide"] {
        assert!(markdown.contains(heading), "{heading}\n{markdown}");
    }
    assert!(markdown.contains("no image is"), "{markdown}");
    assert!(markdown.contains("Lanczos3 in linear light"), "{markdown}");
}

#[test]
fn without_widths_nothing_is_said_of_them() {
    let desk = desk();
    desk.done("compare small.png -f jpeg -q 60 --no-timings -o r.json -o r.csv");
    let json = desk.read("r.json");
    for word in ["rung", "byWidth", "\"widths\""] {
        assert!(!json.contains(word), "{word}");
    }
    assert!(!desk.read("r.csv").contains("rung"));
}

#[test]
fn a_diff_matches_widths_and_an_input_that_fails_is_not_gone_too() {
    let desk = desk();
    let line = "compare big.png small.png -f jpeg -q 60 --no-timings";
    desk.done(&format!("{line} -w 40,80 -o old.json"));
    desk.done(&format!("{line} -w 40 -o less.json"));
    desk.done("diff old.json less.json -o d.json");
    let diff: serde_json::Value = serde_json::from_str(&desk.read("d.json")).unwrap();
    let removed = diff["inputs"]["removed"].as_array().unwrap();
    assert_eq!(removed.len(), 1);
    assert_eq!(
        (&removed[0]["path"], &removed[0]["width"]),
        (&"big.png".into(), &80.into())
    );
    assert_eq!(diff["images"], 2);
    assert!(diff["conditions"].to_string().contains("widths"), "{diff}");
    assert!(desk.done("diff old.json less.json").contains("big.png 80w"));
    desk.write("big.png", b"\x89PNG\r\n\x1a\n");
    desk.run(&format!("{line} -w 40,80 -o broken.json"));
    desk.run("diff old.json broken.json -o d.json");
    let diff: serde_json::Value = serde_json::from_str(&desk.read("d.json")).unwrap();
    assert_eq!(diff["inputs"]["failing"].as_array().unwrap().len(), 1);
    assert_eq!(diff["inputs"]["removed"].as_array().unwrap().len(), 0);
}

#[test]
fn a_map_of_qualities_is_of_one_width() {
    let desk = desk();
    desk.done("compare big.png -w 40,80 -f jpeg,webp -q 50,60,70 -o r.json");
    let said = desk.run("report r.json --quality-map");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("leave out --widths"), "{}", said.err);
}

#[test]
fn targets_are_told_of_each_image_at_each_width() {
    let desk = Desk::new();
    desk.save("a.png", &photo(120, 90, 1));
    let table = desk.done("compare a.png -w 60,100 -f jpeg,webp -t ssimulacra2=70 --no-timings");
    assert_eq!(table.matches("JPEG    ≥ 70").count(), 2, "{table}");
    assert!(!table.contains("ssimulacra2=70"), "{table}");
    assert_eq!(table.matches("Recommended: ").count(), 2, "{table}");
}
