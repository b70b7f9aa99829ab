//! The command as its users meet it: exit codes, outputs, inputs, signals.
#![cfg(all(feature = "cli", unix))]

mod browsers;
mod diffs;
mod exits;
mod inputs;
mod outputs;
mod pages;
mod saved;
mod signals;
mod widths;

use std::path::{Path, PathBuf};

use imgbench::{Bitmap, Report};
use tempfile::TempDir;

use crate::pictures;

/// An empty folder to run the command in.
struct Desk {
    folder: TempDir,
}

/// What a run said.
#[derive(Debug)]
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// One that holds `a.png`, a small photo.
    fn with_photo() -> Self {
        let desk = Self::new();
        desk.save("a.png", &pictures::photo(40, 30, 1));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn save(&self, name: &str, image: &Bitmap) {
        pictures::save(image, &self.path(name));
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let at = self.path(name);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn report(&self, name: &str) -> Report {
        Report::from_json(&self.read(name)).unwrap()
    }

    /// The names in the folder, hidden ones, too.
    fn names(&self) -> Vec<String> {
        let entries = self.folder.path().read_dir().unwrap();
        let mut names: Vec<String> = entries
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The command, in this folder and with nothing from outside in its environment.
    fn command(&self) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(program());
        command.current_dir(self.folder.path());
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the command with what `line` says, split at white space.
    fn run(&self, line: &str) -> Said {
        said(self.command().args(line.split_whitespace()))
    }

    /// As [`run`](Self::run), of which everything must go well.
    fn done(&self, line: &str) -> String {
        let said = self.run(line);
        assert_eq!(
            (said.code, said.err.as_str()),
            (0, ""),
            "{line}\n{}",
            said.out
        );
        said.out
    }

    /// Runs a shell line in which `$0` is the command.
    fn shell(&self, line: &str) -> Said {
        let mut shell = assert_cmd::Command::new("sh");
        said(
            shell
                .current_dir(self.folder.path())
                .arg("-c")
                .arg(line)
                .arg(program()),
        )
    }
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_imgbench"))
}

/// Runs `command` and holds it to what every run owes: no panic, no trace, no end by a signal.
fn said(command: &mut assert_cmd::Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output in UTF-8");
    let said = Said {
        code: output.status.code().expect("an exit code"),
        out: text(output.stdout),
        err: without_build_warnings(text(output.stderr)),
    };
    for word in [
        "panicked",
        "RUST_BACKTRACE",
        "stack backtrace",
        "internal error",
    ] {
        assert!(!said.err.contains(word), "{}", said.err);
    }
    assert_ne!(said.code, 101, "{}", said.err);
    said
}

/// What was said on standard error but for how this build is slow, which is the machine's fault and no news here.
fn without_build_warnings(mut err: String) -> String {
    for codec in imgbench::codec::CODECS {
        if let Some(warning) = codec.build_warning() {
            let line = format!("imgbench: warning: {} {warning}\n", codec.info().id);
            err = err.replace(&line, "");
        }
    }
    err
}
