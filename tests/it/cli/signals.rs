//! Runs that are told to stop.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{Desk, program, without_build_warnings};
use crate::pictures::{noise, photo};

/// Starts a run that would take minutes, sends it `signal` once the first image is measured, and returns its exit code
/// and what it said.
fn interrupt(desk: &Desk, signal: &str, line: &str) -> (Option<i32>, String, Duration) {
    let mut child = Command::new(program())
        .current_dir(desk.folder.path())
        .env("IMGBENCH_CACHE", "")
        .args(line.split_whitespace())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (mut text, mut line) = (String::new(), String::new());
    while !line.contains("\"type\":\"image\"") {
        line.clear();
        assert_ne!(out.read_line(&mut line).unwrap(), 0, "ended early: {text}");
        text.push_str(&line);
    }
    let sent = Instant::now();
    // As `timeout` does: the program, and then its group.
    for _ in 0..2 {
        let kill = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
    }
    std::io::Read::read_to_string(&mut out, &mut text).unwrap();
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(without_build_warnings(err), "", "nothing to complain of");
    (output.status.code(), text, sent.elapsed())
}

#[test]
fn a_signal_ends_the_run_soon_with_what_is_measured() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let desk = Desk::new();
        // Largest first: the noise is begun before the photos, and is not done when they are.
        desk.save("large.png", &noise(1600, 1200, 1));
        for nth in 0..3 {
            desk.save(&format!("{nth}.png"), &photo(16, 16, nth));
        }
        desk.write("old.csv", "old");
        let line = "compare . --variant oxipng:effort=6,zopfli=on -m none -j 2 --format ndjson -o part.json -o old.csv";
        let (ended, lines, took) = interrupt(&desk, signal, line);
        assert_eq!(ended, Some(code), "{signal}");
        assert!(took < Duration::from_secs(3), "{signal}: {took:?}");
        let report = desk.report("part.json");
        assert!(
            (1..=3).contains(&report.images.len()),
            "{:?}",
            report.summary
        );
        assert!(
            report
                .images
                .iter()
                .all(|i| i.results.len() == 1 && i.path != "large.png")
        );
        assert_eq!(report.summary, imgbench::summary::summarise(&report));
        // The stream is whole, too: every line is JSON, the last one the summary.
        let lines: Vec<serde_json::Value> = lines
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        assert_eq!(lines.last().unwrap()["type"], "summary");
        assert_eq!(lines.len(), report.images.len() + report.skipped.len() + 2);
        assert_eq!(
            desk.read("old.csv").lines().count(),
            report.images.len() + 1
        );
        assert!(
            desk.names().iter().all(|n| !n.starts_with('.')),
            "{:?}",
            desk.names()
        );
    }
}

#[test]
fn a_signal_ends_a_check_whatever_it_measures() {
    let desk = Desk::new();
    desk.save("originals/large.png", &noise(1600, 1200, 1));
    desk.save("small/a.png", &photo(16, 16, 1));
    std::fs::create_dir(desk.path("img")).unwrap();
    for nth in 0..40 {
        let copy = desk.path(&format!("img/{nth}.png"));
        std::fs::copy(desk.path("originals/large.png"), copy).unwrap();
    }
    desk.write(
        "imgbench.toml",
        "[[budget]]\nfiles = [\"small/**\"]\nmax-saving = { percent = 1, at = \"psnr=20\" }\n\
         [[budget]]\nname = \"img\"\nfiles = [\"img/**\"]\n\
         min-score = { ssimulacra2 = 60, against = \"originals/large.png\" }\n",
    );
    let mut child = Command::new(program())
        .current_dir(desk.folder.path())
        .env("IMGBENCH_CACHE", "")
        .args(["check", "-j", "1", "-o", "c.json", "--update-baseline"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Small pictures are done at once, and so this is among the large ones once signals are caught.
    let status = format!("/proc/{}/status", child.id());
    let catches = |status: &str| {
        let line = status.lines().find_map(|l| l.strip_prefix("SigCgt:"));
        line.is_some_and(|bits| u64::from_str_radix(bits.trim(), 16).is_ok_and(|b| b & 2 != 0))
    };
    while std::fs::read_to_string(&status).is_ok_and(|status| !catches(&status)) {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(1500));
    let sent = Instant::now();
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(
        sent.elapsed() < Duration::from_secs(3),
        "{:?}",
        sent.elapsed()
    );
    // What is known is told, and nothing that is not.
    let check: imgbench::check::Check = serde_json::from_str(&desk.read("c.json")).unwrap();
    assert_eq!(check.verdict, imgbench::check::Verdict::Incomplete);
    assert_eq!(check.findings.len(), 1, "{check:?}");
    assert!(check.notes.iter().any(|note| note.contains("interrupted")));
    assert!(!desk.path("imgbench-baseline.json").exists());
}
