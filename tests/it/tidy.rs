//! House rules that no compiler checks: short files, arrows that point downwards, silence outside the command line.

use std::path::{Path, PathBuf};

/// Lines a source file may have, its tests not counted.
const MOST_LINES: usize = 300;

/// What a room may look into. `cli` uses the crate from outside, as any user would.
const ROOMS: [(&str, &[&str]); 27] = [
    ("atomic", &[]),
    ("bitmap", &[]),
    ("cache", &[]),
    ("avif", &["bitmap"]),
    ("jxl", &[]),
    ("stats", &[]),
    ("curve", &["metric"]),
    ("size", &[]),
    ("resize", &["bitmap"]),
    ("config", &["check", "diff", "size", "source", "variant"]),
    (
        "check",
        &[
            "bitmap", "codec", "diff", "metric", "plan", "report", "size", "source", "variant",
        ],
    ),
    ("support", &[]),
    ("codec", &["avif", "bitmap", "jxl"]),
    ("metric", &["bitmap"]),
    ("source", &["avif", "bitmap", "jxl"]),
    ("variant", &["codec", "metric", "size"]),
    ("search", &["metric", "variant"]),
    // The hub holds its own summary and verdict, and they read nothing but the hub.
    (
        "report",
        &["metric", "quality_map", "summary", "support", "verdict"],
    ),
    (
        "summary",
        &["curve", "metric", "report", "stats", "support"],
    ),
    ("diff", &["report", "stats", "summary"]),
    (
        "quality_map",
        &["curve", "metric", "report", "stats", "summary"],
    ),
    (
        "verdict",
        &["curve", "metric", "report", "stats", "summary"],
    ),
    (
        "gallery",
        &["bitmap", "codec", "report", "resize", "source"],
    ),
    (
        "plan",
        &[
            "bitmap", "codec", "metric", "report", "source", "support", "variant",
        ],
    ),
    (
        "run",
        &[
            "atomic", "bitmap", "cache", "codec", "metric", "plan", "report", "resize", "search",
            "source", "stats", "summary", "variant", "verdict",
        ],
    ),
    (
        "render",
        &[
            "check",
            "diff",
            "gallery",
            "metric",
            "quality_map",
            "report",
            "stats",
            "summary",
            "support",
            "verdict",
        ],
    ),
    ("cli", &[]),
];

struct Source {
    /// Relative to the root, with `/`.
    name: String,
    /// Lines of code and prose before the tests.
    lines: Vec<String>,
    /// The whole text.
    text: String,
}

impl Source {
    /// Code only, without comments; strings are taken as they are.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.lines.iter().enumerate();
        lines.map(|(nth, line)| (nth + 1, line.split("//").next().unwrap_or("")))
    }

    fn room(&self) -> &str {
        let inside = self.name.strip_prefix("src/").unwrap();
        let first = inside.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// A module of tests, or of what tests use.
    fn is_test(&self) -> bool {
        let stem = self.name.strip_suffix(".rs").unwrap_or(&self.name);
        let mut parts = stem.split('/');
        parts.any(|part| {
            part == "tests" || part == "fixture" || part == "test_files" || part.ends_with("_tests")
        })
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for path in entries.map(|e| e.unwrap().path()) {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        if path.is_dir() {
            files.extend(files_below(&path, extensions));
        } else if extensions.contains(&extension) {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn load(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().map(str::to_owned);
    let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
    // Inline tests stand last in a file.
    let mut before: Vec<String> = lines.collect();
    let inline =
        |w: &[String]| w[0] == "#[cfg(test)]" && w[1].starts_with("mod ") && w[1].ends_with('{');
    if let Some(at) = before.windows(2).position(inline) {
        before.truncate(at);
    }
    Source {
        name: name.replace('\\', "/"),
        lines: before,
        text,
    }
}

fn sources() -> Vec<Source> {
    let files = files_below(&root().join("src"), &["rs"]);
    assert!(files.len() > 20, "the sources are here");
    files.iter().map(|path| load(path)).collect()
}

#[test]
fn files_are_short_enough_to_read() {
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|s| !s.is_test()) {
        let lines = source.lines.len();
        if lines > MOST_LINES {
            complaints.push(format!("{}: {lines} lines, over {MOST_LINES}", source.name));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The rooms a line of code names as `crate::room`.
fn named_rooms(code: &str) -> impl Iterator<Item = String> {
    code.split("crate::").skip(1).map(|rest| {
        let word: String = rest
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        word.to_lowercase()
    })
}

#[test]
fn rooms_look_downwards_only() {
    let mut complaints = Vec::new();
    for source in sources() {
        let room = source.room();
        if matches!(room, "lib" | "main") || source.is_test() {
            continue;
        }
        let Some((_, below)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            complaints.push(format!("{}: say in this test what it may use", source.name));
            continue;
        };
        for (line, code) in source.code() {
            for other in named_rooms(code) {
                if other != room && !below.contains(&other.as_str()) {
                    complaints.push(format!("{}:{line}: {room} looks into {other}", source.name));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn the_library_knows_no_command_line() {
    for source in sources()
        .iter()
        .filter(|s| s.room() != "cli" && s.room() != "main")
    {
        for (line, code) in source.code() {
            for word in [
                "clap::",
                "indicatif::",
                "anyhow::",
                "terminal_size",
                "signal_hook",
                "mod cli",
            ] {
                assert!(!code.contains(word), "{}:{line}: {word}", source.name);
            }
        }
    }
}

#[test]
fn only_the_command_line_prints_or_exits() {
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|s| !s.is_test()) {
        for (line, code) in source.code() {
            let printing = [
                "println!", "print!", "dbg!", "stdout()", "stderr()", "set_hook",
            ];
            let never = ["process::exit", "process::abort", "todo!", "unimplemented!"];
            let allowed = matches!(source.room(), "cli" | "main");
            let word = printing.iter().filter(|_| !allowed).chain(&never);
            complaints.extend(
                word.filter(|word| code.contains(**word))
                    .map(|word| format!("{}:{line}: {word}", source.name)),
            );
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn no_pool_and_no_state_is_global() {
    for source in sources()
        .iter()
        .filter(|s| s.room() != "cli" && s.room() != "main")
    {
        for (line, code) in source.code() {
            for word in [
                "build_global",
                "static mut",
                "thread_local!",
                "set_current_dir",
                "set_var",
            ] {
                assert!(!code.contains(word), "{}:{line}: {word}", source.name);
            }
        }
    }
}

#[test]
fn unsafe_code_stays_with_the_c_libraries() {
    let kept = |s: &&Source| {
        let places = ["src/codec", "src/avif/av1", "src/cli/allocator.rs"];
        !places.iter().any(|place| s.name.starts_with(place))
    };
    for source in sources().iter().filter(kept) {
        let mut code = source.code();
        let found = code.find(|(_, code)| code.contains("unsafe ") || code.contains("unsafe_code"));
        assert_eq!(found, None, "{}", source.name);
    }
}

#[test]
fn panics_unwind_in_every_profile() {
    // mozjpeg reports its errors by unwinding: with abort, one broken picture would end the run.
    let manifest: toml::Table = load(&root().join("Cargo.toml")).text.parse().unwrap();
    for (name, profile) in manifest["profile"].as_table().unwrap() {
        let panic = profile.get("panic").and_then(|p| p.as_str());
        assert_ne!(panic, Some("abort"), "profile.{name}");
    }
    let settings = root().join(".cargo/config.toml");
    let settings = std::fs::read_to_string(settings).unwrap_or_default();
    assert!(!settings.contains("panic"), ".cargo/config.toml");
}

#[test]
fn no_file_knows_the_machine_it_was_made_on() {
    let kinds = [
        "rs", "toml", "md", "json", "csv", "txt", "yml", "yaml", "sh", "snap", "trycmd",
    ];
    let folders = [
        "src", "tests", "samples", "benches", "schema", ".github", ".ci", ".cargo",
    ];
    let mut files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| files_below(&root().join(folder), &kinds))
        .collect();
    files.extend(["Cargo.toml", "README.md"].map(|name| root().join(name)));
    let homes = ["home", "root", "Users", "work"].map(|home| format!("/{home}/"));
    for path in files.iter().filter(|path| path.exists()) {
        let source = load(path);
        for (nth, line) in source.text.lines().enumerate() {
            let at = |home: &String| {
                // `a/root/b` is a relative path.
                let before = line.find(home.as_str()).map(|at| line[..at].chars().last());
                before.is_some_and(|c| {
                    !c.is_some_and(|c| c.is_alphanumeric() || "./_-}*".contains(c))
                })
            };
            assert!(!homes.iter().any(at), "{}:{}: {line}", source.name, nth + 1);
        }
    }
}
