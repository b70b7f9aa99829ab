//! Limits that only an encoder or a metric can tell of.

use super::*;

const SAVING: &str = "max-saving = { percent = 15, bytes = \"100 B\", at = \"ssimulacra2=70\" }\nformats = [\"jpeg\", \"webp\", \"png\"]";

#[test]
fn a_file_that_another_encoding_would_shrink_fails() {
    let desk = desk(&budget(SAVING));
    let (code, check) = checked(&desk, "");
    assert_eq!((code, check.findings.len()), (1, 2), "{check:?}");
    let message = &check.findings[0].message;
    assert!(
        message.contains("at SSIMULACRA2 70 it would be")
            && message.contains("more than the 15 % and 100 B of"),
        "{message}"
    );
    // It is true of the very encode: what `compare` finds is as large.
    let hint = check.findings[0].hint.clone().unwrap();
    let line = hint.strip_prefix("imgbench ").unwrap();
    desk.done(&format!("{line} -o r.json"));
    let image = &desk.report("r.json").images[0];
    let (_, found) = image.measurements().next().unwrap();
    let saved = serde_json::to_value(&check.findings[0].actual).unwrap();
    assert_eq!(saved, image.bytes - found.bytes);
}

#[test]
fn a_file_that_cannot_save_so_much_is_not_encoded() {
    // An image that no encoder could take shows that none was asked.
    let broken = png(&photo(30, 20, 2));
    let desk = Desk::new();
    desk.write("img/a.png", &broken[..60]);
    let saving = |bytes: usize| {
        budget(&format!(
            "max-saving = {{ bytes = \"{bytes} B\", at = \"ssimulacra2=70\" }}"
        ))
    };
    desk.write("imgbench.toml", saving(59));
    assert_eq!(checked(&desk, "").0, 0);
    desk.write("imgbench.toml", saving(58));
    assert_eq!(checked(&desk, "").0, 2);
}

#[test]
fn what_a_baseline_knows_is_not_measured_again() {
    let desk = desk(&budget(SAVING));
    assert_eq!(desk.run("check --update-baseline").code, 1);
    let text = desk.read("imgbench-baseline.json");
    let at = text
        .find("\"variant\"")
        .expect("what was measured is there");
    let bytes = at + text[at..].find("\"bytes\": ").unwrap() + 9;
    let end = bytes + text[bytes..].find(|c: char| !c.is_ascii_digit()).unwrap();
    // Its figure is believed as long as file and encoders are the same …
    let other = format!("{}1{}", &text[..bytes], &text[end..]);
    desk.write("imgbench-baseline.json", &other);
    let (_, check) = checked(&desk, "");
    assert!(
        check.findings[0].message.contains("would be 1 B"),
        "{check:?}"
    );
    // … and no longer: then it is measured, and it is said whose change it is.
    let version = imgbench::codec::find(imgbench::codec::CODECS, "webp")
        .unwrap()
        .version();
    desk.write(
        "imgbench-baseline.json",
        other.replace(
            &format!("\"libwebp\": \"{version}\""),
            "\"libwebp\": \"0.1\"",
        ),
    );
    let (code, check) = checked(&desk, "");
    assert_eq!(code, 1);
    let message = &check.findings[0].message;
    assert!(!message.contains("would be 1 B"), "{message}");
    let webp = check
        .findings
        .iter()
        .filter(|f| f.message.contains("as WebP"));
    let changed = format!("the file did not change, libwebp did, from 0.1 to {version}");
    assert!(
        webp.clone().count() > 0 && webp.clone().all(|f| f.message.contains(&changed)),
        "{check:?}"
    );
}

#[test]
fn a_file_is_held_against_its_original() {
    let floor = |score: f64| {
        budget(&format!(
            "min-score = {{ ssimulacra2 = {score}, against = \"originals/{{stem}}.png\" }}"
        ))
        .replace("img/**", "img/*.jpg")
    };
    let desk = Desk::new();
    desk.save("originals/a.png", &photo(80, 60, 1));
    desk.done("compare originals/a.png --variant mozjpeg:q30 -o r.json --keep kept");
    let report = desk.report("r.json");
    let (_, m) = report.images[0].measurements().next().unwrap();
    let score = m.scores["ssimulacra2"];
    let kept = fs::read(desk.path(m.file.as_ref().unwrap())).unwrap();
    desk.write("img/a.jpg", kept);
    // The file is read by another decoder than the one that measured it: not the very score, but nearly.
    desk.write("imgbench.toml", floor(score - 1.0));
    assert_eq!(checked(&desk, "").0, 0);
    desk.write("imgbench.toml", floor(score + 1.0));
    let (code, check) = checked(&desk, "");
    assert_eq!((code, check.findings[0].unit.as_str()), (1, "ssimulacra2"));
    assert!(
        check.findings[0]
            .message
            .contains("against originals/a.png, worse than the SSIMULACRA2"),
        "{check:?}"
    );
    // What has no original is told, and fails no check of itself alone …
    fs::copy(desk.path("img/a.jpg"), desk.path("img/b.jpg")).unwrap();
    desk.write("imgbench.toml", floor(score - 1.0));
    let out = desk.done("check img/b.jpg");
    assert!(out.contains("1 file has no original"), "{out}");
    // … but a floor that no original is there for is no floor.
    fs::rename(desk.path("originals"), desk.path("elsewhere")).unwrap();
    for line in ["check", "check img"] {
        let said = desk.run(line);
        assert!(
            said.code == 2
                && said.out.contains("no original at originals/{stem}.png")
                && said
                    .out
                    .contains("no file of budget “all” has the original"),
            "{}",
            said.out
        );
    }
}

#[test]
fn a_smaller_copy_is_held_against_its_original_and_another_picture_is_not() {
    let desk = Desk::new();
    desk.save("originals/a.png", &photo(80, 60, 1));
    desk.save("img/a.png", &photo(40, 30, 1));
    let floor = "min-score = { psnr = 1, against = \"originals/{stem}.png\" }";
    desk.write("imgbench.toml", budget(floor));
    assert_eq!(checked(&desk, "").0, 0);
    desk.save("img/a.png", &photo(40, 40, 1));
    let (code, check) = checked(&desk, "");
    assert_eq!(code, 2);
    assert!(
        check.failures[0].error.contains("no smaller copy"),
        "{check:?}"
    );
}
