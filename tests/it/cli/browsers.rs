//! Which browsers are counted on, and what comes of it.

use super::{Desk, said};

#[test]
fn a_query_a_file_and_the_configuration_name_the_browsers() {
    let desk = Desk::with_photo();
    let query = |line: &str| {
        desk.done(&format!(
            "compare a.png -q 60 --no-timings -o json:r.json {line}"
        ));
        let support = desk.report("r.json").support.unwrap();
        (support.query, support.covered)
    };
    assert_eq!(query(""), (None, 1.0));
    let (name, covered) = query("--browsers defaults");
    assert_eq!(name.as_deref(), Some("defaults"));
    assert!((0.5..1.0).contains(&covered), "{covered}");
    desk.write("rc", "chrome >= 100 # and newer\nnot dead\n");
    assert_eq!(
        query("--targets-file rc").0.as_deref(),
        Some("chrome >= 100, not dead")
    );
    desk.write("package.json", r#"{"browserslist": ["safari >= 16"]}"#);
    assert_eq!(
        query("--targets-file package.json").0.as_deref(),
        Some("safari >= 16")
    );
    desk.write("imgbench.toml", "[compare]\nbrowsers = \"firefox esr\"\n");
    assert_eq!(query("").0.as_deref(), Some("firefox esr"));
    assert_eq!(query("--browsers defaults").0.as_deref(), Some("defaults"));
}

#[test]
fn what_names_no_browsers_is_a_mistake() {
    let desk = Desk::with_photo();
    let fails = |args: &[&str], parts: &[&str]| {
        let said = said(desk.command().args(["compare", "a.png"]).args(args));
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
        for part in parts {
            assert!(said.err.contains(part), "{part} is not in {}", said.err);
        }
    };
    fails(
        &["--browsers", "defaults, chrom > 50"],
        &["--browsers: “chrom > 50”: ", "and_chr"],
    );
    fails(&["--targets-file", "gone"], &["cannot read gone"]);
    desk.write("empty", "");
    fails(&["--targets-file", "empty"], &["empty names no browsers"]);
    desk.write("rc", "last versions");
    fails(&["--targets-file", "rc"], &["rc: “last versions”"]);
    fails(
        &["--targets-file", "rc", "--browsers", "dead"],
        &["cannot be used with"],
    );
    desk.write("imgbench.toml", "[compare]\nbrowsers = \"new ones\"\n");
    fails(&[], &["imgbench.toml: browsers: “new ones”"]);
}

#[test]
fn a_saved_report_is_shown_for_other_browsers() {
    let desk = Desk::with_photo();
    desk.done("compare a.png -q 60 --no-timings -o r.json");
    desk.done("compare a.png -q 60 --no-timings -o direct.json --browsers defaults");
    desk.done("report r.json --browsers defaults -o again.json");
    assert!(desk.read("direct.json") == desk.read("again.json"));
}

#[test]
fn shards_for_different_browsers_do_not_merge() {
    let desk = Desk::with_photo();
    desk.save("b.png", &crate::pictures::photo(40, 30, 2));
    desk.done("compare . -q 60 --shard 1/2 -o 1.json");
    desk.done("compare . -q 60 --shard 2/2 -o 2.json --browsers defaults");
    let said = desk.run("merge 1.json 2.json");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("their browsers differ"), "{}", said.err);
}

#[test]
fn the_list_tells_who_sees_what() {
    let desk = Desk::new();
    let list = desk.done("list browsers");
    for part in [
        "Browsers\n",
        "caniuse-lite",
        "CC-BY-4.0",
        "jpeg",
        "avif",
        "jxl",
        "with limits",
        "all users",
    ] {
        assert!(list.contains(part), "{part} is not in {list}");
    }
    let own = said(
        desk.command()
            .args(["list", "browsers", "--browsers", "chrome >= 100"]),
    );
    assert!(own.out.contains("“chrome >= 100”"), "{}", own.out);
    assert!(desk.done("list").ends_with(&list));
}
