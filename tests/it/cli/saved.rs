//! Reports that were saved: rendered again, joined from shards.

use serde_json::Value;

use super::{Desk, said};
use crate::pictures::{flat, glass, photo, png};

/// Seven pictures, two that are lost and one file that is none.
fn tree() -> Desk {
    let desk = Desk::new();
    for nth in 0..6 {
        desk.save(&format!("{nth}.png"), &photo(20 + nth * 3, 24, nth.into()));
    }
    desk.save("sub/glass.png", &glass(24, 20, 7));
    desk.write("sub/notes.txt", "words");
    desk.write("broken.png", &png(&flat(9, 9))[..40]);
    desk
}

const FORMATS: [&str; 5] = ["table", "markdown", "json", "ndjson", "csv"];

#[test]
fn a_saved_report_renders_as_the_run_itself_did() {
    let desk = tree();
    let direct: String = FORMATS.map(|f| format!(" -o {f}:.direct.{f}")).concat();
    let saved: String = FORMATS.map(|f| format!(" -o {f}:.saved.{f}")).concat();
    for flags in [
        "",
        "--no-timings",
        "-v --per-image always",
        "--per-image never -m psnr,ssimulacra2",
    ] {
        assert_eq!(
            desk.run(&format!("compare . -q 60 {flags}{direct}")).code,
            2
        );
        let again = flags.replace("-m psnr,ssimulacra2", "");
        assert_eq!(
            desk.done(&format!("report .direct.json {again}{saved}")),
            ""
        );
        for format in FORMATS {
            let (direct, saved) = (format!(".direct.{format}"), format!(".saved.{format}"));
            assert!(desk.read(&direct) == desk.read(&saved), "{format} {flags}");
        }
    }
    // By standard input, to standard output, with timing left out afterwards.
    let mut command = desk.command();
    command.args(["report", "-", "--format", "csv"]);
    let piped = said(command.write_stdin(desk.read(".direct.json")));
    assert_eq!((piped.code, piped.out), (0, desk.read(".direct.csv")));
    desk.run("compare . -q 60 -o .timed.json");
    desk.run("compare . -q 60 -o .bare.json --no-timings");
    assert_eq!(
        desk.done("report .timed.json --no-timings -o json:-"),
        desk.read(".bare.json")
    );
}

#[test]
fn a_report_of_a_newer_minor_version_is_read() {
    let desk = tree();
    desk.run("compare 0.png -q 60 -o .r.json");
    let newer = desk
        .read(".r.json")
        .replacen('{', "{ \"novelty\": [1, {}],", 1);
    let newer = newer.replace(
        "\"status\": \"done\",",
        "\"status\": \"done\", \"novelty\": null,",
    );
    desk.write(".newer.json", newer);
    assert_eq!(desk.done("report .newer.json"), desk.done("report .r.json"));
}

/// The names of the reports of all shards of `. {flags}`.
fn shards(desk: &Desk, count: usize, flags: &str) -> Vec<String> {
    let shard = |k: usize| {
        let name = format!(".shard{k}.json");
        let said = desk.run(&format!("compare . --shard {k}/{count} -o {name} {flags}"));
        assert!(
            matches!(said.code, 0 | 2) && desk.path(&name).exists(),
            "{said:?}"
        );
        name
    };
    (1..=count).map(shard).collect()
}

#[test]
fn shards_merge_into_the_unsharded_report_in_any_order() {
    let desk = tree();
    let flags = "-q 60,80 --no-timings";
    let whole: String = FORMATS.map(|f| format!(" -o {f}:.whole.{f}")).concat();
    let merged: String = FORMATS.map(|f| format!(" -o {f}:.merged.{f}")).concat();
    desk.run(&format!("compare . {flags}{whole}"));
    // With twenty, most have nothing to do.
    for count in [1, 4, 20] {
        let mut names = shards(&desk, count, flags);
        for _ in 0..3 {
            assert_eq!(desk.done(&format!("merge {}{merged}", names.join(" "))), "");
            for format in FORMATS {
                let (whole, merged) = (format!(".whole.{format}"), format!(".merged.{format}"));
                assert!(
                    desk.read(&whole) == desk.read(&merged),
                    "{count} shards, {format}"
                );
            }
            names.reverse();
            names.rotate_left(count / 3);
        }
    }
}

#[test]
fn shards_share_the_inputs_out() {
    let desk = tree();
    let names = shards(&desk, 3, "-f webp -q 60 -m none");
    let mut images = Vec::new();
    let mut failures = Vec::new();
    for name in &names {
        let report = desk.report(name);
        images.extend(report.images.into_iter().map(|i| i.path));
        failures.extend(report.failures.into_iter().map(|f| f.path));
    }
    images.sort();
    let mut expected: Vec<String> = (0..6).map(|n| format!("{n}.png")).collect();
    expected.push("sub/glass.png".into());
    assert_eq!(
        (images, failures),
        (expected, vec!["broken.png".to_owned()])
    );
}

#[test]
fn shards_with_timing_merge_their_timing() {
    let desk = tree();
    let names = shards(&desk, 2, "-f webp -q 60 -m none");
    desk.done(&format!("merge {} -o .merged.json", names.join(" ")));
    let timing = |name: &str| desk.report(name).timing.unwrap();
    let (a, b, both) = (timing(&names[0]), timing(&names[1]), timing(".merged.json"));
    assert!((both.cpu_ms - a.cpu_ms - b.cpu_ms).abs() < 1e-6);
    let merged = desk.report(".merged.json");
    assert_eq!(merged.summary, imgbench::summary::summarise(&merged));
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let desk = tree();
    let names = shards(&desk, 2, "-f webp -q 60 -m none");
    let (one, two) = (&names[0], &names[1]);
    for (flags, hint) in [
        ("-f webp -q 70 -m none", "options"),
        ("-f webp -q 60 -m none --background #000000", "options"),
        ("-f webp -q 60 -m none --max-pixels 1M", "options"),
        ("-f webp,jpeg -q 60 -m none", "codecs"),
        ("-f webp -q 60 -m psnr", "metrics"),
    ] {
        desk.run(&format!("compare . --shard 2/2 {flags} -o .other.json"));
        let said = desk.run(&format!("merge {one} .other.json"));
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{flags}");
        assert!(
            said.err.contains(hint) && said.err.contains("differ"),
            "{flags}: {}",
            said.err
        );
    }
    for line in [
        format!("{one} {one}"),
        format!("{one} {two} {one}"),
        format!("{two} {one} {two}"),
    ] {
        let said = desk.run(&format!("merge {line}"));
        assert_eq!(said.code, 2, "{line}");
        assert!(said.err.contains("in two of them"), "{}", said.err);
    }
    let newer = desk
        .read(two)
        .replace("\"name\": \"imgbench\",", "\"name\": \"imgfork\",");
    desk.write(".newer.json", newer);
    let said = desk.run(&format!("merge {one} .newer.json"));
    assert!(
        said.code == 2 && said.err.contains("versions"),
        "{}",
        said.err
    );
}

#[test]
fn a_failed_input_in_two_shards_is_in_two_of_them_as_well() {
    let desk = Desk::new();
    desk.write("broken.png", &png(&flat(9, 9))[..40]);
    desk.run("compare broken.png -m none -o .r.json");
    let said = desk.run("merge .r.json .r.json");
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("broken.png is in two of them"),
        "{}",
        said.err
    );
}

#[test]
fn nothing_at_all_is_no_input_for_a_shard_either() {
    let desk = Desk::new();
    desk.write("notes.txt", "words");
    let said = desk.run("compare . --shard 2/2 -o .r.json");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("no image found"), "{}", said.err);
}

#[test]
fn a_quality_map_is_derived_from_any_saved_sweep() {
    let desk = Desk::new();
    for nth in 0..4 {
        desk.save(&format!("{nth}.png"), &photo(48 + nth * 8, 40, nth.into()));
    }
    let direct = desk.done("compare . --quality-map -o json:.map.json -o -");
    let first = direct.lines().next().unwrap();
    assert!(first.starts_with("Quality map: 4 images, "), "{first}");
    assert!(direct.contains("JPEG 80 ≈ WebP "), "{direct}");
    let saved: Value = serde_json::from_str(&desk.read(".map.json")).unwrap();
    let tools = &saved["qualityMap"]["settings"]["tools"];
    assert_eq!(tools["eleventyImg"]["sharpJpegOptions"]["quality"], 80);
    // Not asked for any more, it is kept and the sizes are shown.
    assert!(desk.done("report .map.json").contains("File size"));
    assert!(desk.done("report .map.json --format json") == desk.read(".map.json"));
    assert_eq!(desk.done("report .map.json --quality-map"), direct);

    // A sweep without one; another quality.
    desk.done("compare . -f jpeg,webp -q 20..95/5 -o .sweep.json");
    let other = desk.done("report .sweep.json --quality-map=62");
    assert!(other.contains("JPEG 62 ≈ WebP "), "{other}");
    let flags = "compare . --quality-map --no-timings";
    desk.done(&format!("{flags} -o .whole.json"));
    for shard in ["1/2", "2/2"] {
        let name = &shard[..1];
        desk.done(&format!("{flags} --shard {shard} -o .{name}.json"));
    }
    desk.done("merge .1.json .2.json -o .merged.json");
    assert!(desk.read(".merged.json") == desk.read(".whole.json"));

    desk.done("compare . -q 60 -o .one.json");
    let failed = desk.run("report .one.json --quality-map -o .two.json");
    assert_eq!(failed.code, 2);
    assert!(
        failed
            .err
            .contains("JPEG is measured at too few qualities (1)")
    );
    assert!(!desk.path(".two.json").exists());
}
