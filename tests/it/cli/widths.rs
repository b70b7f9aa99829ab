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
    for (_, entry, measurement) in report.measurements() {
        assert!(measurement.scores.contains_key("ssimulacra2"));
        let file = measurement.file.as_ref().unwrap();
        assert!(
            file.contains(&format!(
                "_{}w.",
                report
                    .images
                    .iter()
                    .find(|i| i.width == entry.width)
                    .unwrap()
                    .rung
                    .unwrap()
                    .width
            )),
            "{file}"
        );
        assert!(desk.path(file).is_file(), "{file}");
    }
    let counted: Vec<_> = report
        .by_width
        .iter()
        .map(|w| (w.width, w.summary.images))
        .collect();
    assert_eq!(counted, [(40, 2), (80, 1), (100, 1)]);
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
        ["not enlarged to 100 and 200 pixels"]
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
fn a_width_that_needs_too_much_memory_is_lost_once_and_the_others_are_not() {
    let desk = Desk::new();
    desk.save("wide.png", &photo(1600, 900, 1));
    // Decoding alone takes 5.8 MB; measuring at 1600 takes over 62 bytes a pixel.
    let said = desk
        .run("compare wide.png -w 40,1600,5000 -f jpeg -m none -q 60 --max-memory 16MiB -o r.json");
    let report = desk.report("r.json");
    let measured = rungs(&report).iter().filter(|r| r.1 == 40).count();
    let lost = report.failures.len() + report.images.len() - measured;
    assert!(
        lost <= 1 && report.failures.len() <= 1,
        "{:?} {}",
        report.failures,
        said.err
    );
    assert_eq!(said.code == 0, report.failures.is_empty(), "{}", said.err);
}
