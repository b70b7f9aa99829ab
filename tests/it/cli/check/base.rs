//! Growth since a commit, a report or a baseline.

use imgbench::check::Was;
use std::process::Command;

use super::*;

const GROWTH: &str = "max-growth = { percent = 2, bytes = \"100 B\" }";

/// Runs git in the desk, with nobody's configuration.
fn git(desk: &Desk, args: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(desk.path("."))
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
            "-c",
            "commit.gpgsign=false",
        ])
        .args([
            "-c",
            "init.defaultBranch=main",
            "-c",
            "protocol.file.allow=always",
        ])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git is installed");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}: {err}");
    String::from_utf8(output.stdout).unwrap()
}

/// A repository whose first commit has both pictures and a third.
fn repository(config: &str) -> Desk {
    let desk = desk(config);
    desk.save("img/c.png", &photo(50, 50, 3));
    git(&desk, &["init", "-q"]);
    commit(&desk);
    desk
}

fn commit(desk: &Desk) {
    git(desk, &["add", "-A"]);
    git(desk, &["commit", "-qm", "x"]);
}

fn was(check: &Check, path: &str) -> Was {
    let file = check.files.iter().find(|f| f.path == path);
    file.and_then(|f| f.was.clone())
        .unwrap_or_else(|| panic!("{path}: {check:?}"))
}

#[test]
fn what_grew_since_a_commit_fails_and_what_shrank_passes() {
    let desk = repository(&budget(GROWTH));
    let old = bytes(&desk, "img/a.png");
    assert_eq!(checked(&desk, "--base HEAD").0, 0);
    // Grown.
    desk.save("img/a.png", &photo(80, 60, 1));
    let (code, check) = checked(&desk, "--base HEAD");
    assert_eq!((code, check.findings.len()), (1, 1));
    assert_eq!(was(&check, "img/a.png"), Was::Resized { bytes: old });
    let message = &check.findings[0].message;
    assert!(
        message.contains("img/a.png grew from") && message.contains("over the 2 % and 100 B of"),
        "{message}"
    );
    // Committed, it is what later changes are held against.
    commit(&desk);
    assert_eq!(checked(&desk, "--base HEAD~1").0, 1);
    assert_eq!(checked(&desk, "--base HEAD").0, 0);
    // Shrunk.
    desk.save("img/a.png", &photo(10, 10, 1));
    assert_eq!(checked(&desk, "--base HEAD").0, 0);
}

#[test]
fn new_renamed_and_deleted_files_have_not_grown() {
    let desk = repository(&budget(GROWTH));
    desk.save("img/new.png", &photo(90, 90, 9));
    fs::rename(desk.path("img/c.png"), desk.path("img/ç d.png")).unwrap();
    fs::remove_file(desk.path("img/b.png")).unwrap();
    let (code, check) = checked(&desk, "--base HEAD");
    assert_eq!(code, 0, "{check:?}");
    assert_eq!(was(&check, "img/a.png"), Was::Same);
    assert_eq!(was(&check, "img/new.png"), Was::New);
    let from = "img/c.png".into();
    assert_eq!(was(&check, "img/ç d.png"), Was::Renamed { from });
    let removed: Vec<&str> = check.removed.iter().map(|r| r.path.as_str()).collect();
    assert_eq!(removed, ["img/b.png"]);
}

#[test]
fn a_branch_is_compared_with_where_it_left_the_base() {
    let desk = repository(&budget(GROWTH));
    git(&desk, &["checkout", "-qb", "topic"]);
    git(&desk, &["checkout", "-q", "main"]);
    // The base moves on and shrinks a picture, which the branch did not grow.
    desk.save("img/a.png", &photo(5, 5, 1));
    commit(&desk);
    git(&desk, &["checkout", "-q", "topic"]);
    assert_eq!(checked(&desk, "--base main").0, 0);
}

#[test]
fn a_configuration_in_a_folder_has_the_base_of_that_folder() {
    let desk = desk("");
    desk.save("web/img/c.png", &photo(50, 50, 3));
    desk.write("web/imgbench.toml", budget(GROWTH));
    git(&desk, &["init", "-q"]);
    commit(&desk);
    desk.save("web/img/c.png", &photo(80, 60, 3));
    for from in ["web", "."] {
        let mut command = desk.command();
        let flags = ["--config", "web/imgbench.toml", "--base", "HEAD"];
        let flags = if from == "web" { &flags[2..] } else { &flags };
        let told = said(
            command
                .current_dir(desk.path(from))
                .arg("check")
                .args(flags),
        );
        assert!(
            told.code == 1 && told.out.contains("img/c.png grew"),
            "{from}: {}{}",
            told.out,
            told.err
        );
    }
}

#[test]
fn a_branch_is_a_base_though_a_file_is_called_so() {
    let desk = repository(&budget(GROWTH));
    desk.write("main", "no report");
    assert_eq!(checked(&desk, "--base main").0, 0);
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let desk = repository(&budget(GROWTH));
    git(&desk, &["checkout", "-qb", "topic"]);
    desk.save("img/a.png", &photo(80, 60, 1));
    commit(&desk);
    let url = format!("file://{}", desk.path(".").display());
    git(
        &desk,
        &["clone", "-q", "--depth=1", "--branch=topic", &url, "clone"],
    );
    let clone = |args: &[&str]| said(desk.command().current_dir(desk.path("clone")).args(args));
    let told = clone(&["check", "--base", "origin/main"]);
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    assert!(
        told.err.contains("shallow") && told.err.contains("git fetch --depth=1 origin main"),
        "{}",
        told.err
    );
    let told = clone(&["check", "--base", "HEAD~1"]);
    assert!(told.err.contains("git fetch --unshallow"), "{}", told.err);
    // As it says.
    let fetched = Command::new("git")
        .current_dir(desk.path("clone"))
        .args([
            "fetch",
            "-q",
            "--depth=1",
            "origin",
            "main:refs/remotes/origin/main",
        ])
        .status();
    assert!(fetched.unwrap().success());
    let told = clone(&["check", "--base", "origin/main"]);
    assert_eq!(told.code, 1, "{}{}", told.out, told.err);
    assert!(
        told.out.contains("img/a.png grew") && told.out.contains("as it is now"),
        "{}",
        told.out
    );
}

#[test]
fn a_base_that_is_not_there_is_2() {
    let desk = repository(&budget(GROWTH));
    for (base, hint) in [
        ("nowhere", "no such revision"),
        ("--upload-pack=x", "no such revision"),
        ("missing.json", "cannot read missing.json"),
        ("imgbench.toml", "neither a report nor a baseline"),
    ] {
        let said = desk.run(&format!("check --base={base}"));
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{base}");
        assert!(said.err.contains(hint), "{base}: {}", said.err);
    }
    let desk = super::desk(&budget(GROWTH));
    let said = desk.run("check --base main");
    assert!(
        said.code == 2 && said.err.contains("not a git repository"),
        "{}",
        said.err
    );
    // Without any base growth is not looked at, which is said.
    let said = desk.run("check");
    assert!(
        said.code == 0 && said.out.contains("there is no base"),
        "{}",
        said.out
    );
}

#[test]
fn files_in_git_lfs_have_the_size_their_pointers_tell() {
    let desk = repository(&budget(GROWTH));
    let whole = fs::read(desk.path("img/a.png")).unwrap();
    let pointer = format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize {}\n",
        whole.len()
    );
    desk.write("img/a.png", pointer);
    commit(&desk);
    desk.write("img/a.png", whole);
    let (code, check) = checked(&desk, "--base HEAD");
    assert_eq!((code, was(&check, "img/a.png")), (0, Was::Same));
}

#[test]
fn a_report_is_a_base() {
    let desk = desk(&budget(GROWTH));
    desk.done("compare img -f png -m none --no-timings -o r.json");
    assert_eq!(checked(&desk, "--base r.json").0, 0);
    desk.save("img/a.png", &photo(80, 60, 1));
    assert_eq!(checked(&desk, "--base r.json").0, 1);
}

#[test]
fn a_baseline_is_written_and_found() {
    let desk = desk(&budget(GROWTH));
    assert_eq!(desk.run("check --update-baseline").code, 0);
    let text = desk.read("imgbench-baseline.json");
    assert!(
        text.find("img/a.png") < text.find("img/b.png") && text.contains("mozjpeg"),
        "{text}"
    );
    assert_eq!(
        checked(&desk, "").1.base.unwrap().name,
        "imgbench-baseline.json"
    );
    desk.save("img/a.png", &photo(80, 60, 1));
    assert_eq!(checked(&desk, "").0, 1);
    assert_eq!(desk.run("check --update-baseline").code, 0);
    assert_eq!(checked(&desk, "").0, 0);
    // A baseline changes with the files only.
    let text = desk.read("imgbench-baseline.json");
    assert_eq!(desk.run("check --update-baseline").code, 0);
    assert_eq!(desk.read("imgbench-baseline.json"), text);
    fs::rename(desk.path("img/b.png"), desk.path("img/z.png")).unwrap();
    let from = "img/b.png".into();
    assert_eq!(
        was(&checked(&desk, "").1, "img/z.png"),
        Was::Renamed { from }
    );
}

#[test]
fn a_baseline_is_renewed_for_the_files_that_are_named() {
    let desk = desk(&budget(GROWTH));
    desk.save("img/c.png", &photo(50, 50, 3));
    let read = || -> serde_json::Value {
        serde_json::from_str(&desk.read("imgbench-baseline.json")).unwrap()
    };
    desk.done("check --update-baseline");
    let before = read();
    desk.save("img/b.png", &photo(80, 60, 1));
    desk.save("img/c.png", &photo(80, 60, 1));
    fs::remove_file(desk.path("img/a.png")).unwrap();
    desk.done("check img/b.png --update-baseline");
    let after = read();
    let paths: Vec<&str> = (0..2)
        .filter_map(|nth| after["files"][nth]["path"].as_str())
        .collect();
    assert_eq!(paths, ["img/b.png", "img/c.png"]);
    assert_eq!(after["files"].as_array().unwrap().len(), 2);
    assert_eq!(after["files"][0]["bytes"], bytes(&desk, "img/b.png"));
    assert_eq!(after["files"][1], before["files"][2]);
}

#[test]
fn a_baseline_is_written_where_base_says_and_never_over_a_report() {
    let desk = desk(&budget(GROWTH));
    desk.done("check --base new.json --update-baseline");
    assert_eq!(checked(&desk, "--base new.json").0, 0);
    desk.done("compare img -f png -m none --no-timings -o r.json");
    let report = desk.read("r.json");
    desk.done("check --base r.json --update-baseline");
    assert_eq!(desk.read("r.json"), report);
    assert_eq!(desk.read("imgbench-baseline.json"), desk.read("new.json"));
}
