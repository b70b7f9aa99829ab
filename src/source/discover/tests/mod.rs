//! Real trees in temporary directories.

mod globs;
mod ignoring;
mod named;
#[cfg(unix)]
mod special;
mod walking;

use std::path::{Path, PathBuf};

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

struct Tree {
    dir: tempfile::TempDir,
    walk: Walk,
}

/// A directory with these files in it. `.txt` and ignore files hold text, all others the beginning of a PNG.
fn tree(files: &[&str]) -> Tree {
    let dir = tempfile::tempdir().unwrap();
    let walk = Walk::new(dir.path().canonicalize().unwrap());
    let tree = Tree { dir, walk };
    for file in files {
        let content = if file.ends_with(".txt") {
            b"text\n"
        } else {
            PNG
        };
        tree.write(file, content);
    }
    tree
}

impl Tree {
    fn at(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn write(&self, path: &str, content: &[u8]) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    #[cfg(unix)]
    fn link(&self, target: &str, path: &str) {
        std::os::unix::fs::symlink(target, self.at(path)).unwrap();
    }

    fn find(&self, inputs: &[&str]) -> Vec<Candidate> {
        let inputs: Vec<Input> = inputs.iter().map(|path| Input::Path(path.into())).collect();
        discover(&inputs, &self.walk)
    }

    /// One line a candidate: its name, and what became of it unless it is a file.
    fn lines(&self, inputs: &[&str]) -> Vec<String> {
        self.find(inputs).iter().map(line).collect()
    }

    /// The names of the files to measure.
    fn files(&self, inputs: &[&str]) -> Vec<String> {
        let found = self.find(inputs);
        let files = found
            .iter()
            .filter(|candidate| matches!(candidate.found, Found::File { .. }));
        files.map(|candidate| candidate.path.text()).collect()
    }
}

fn line(candidate: &Candidate) -> String {
    let path = candidate.path.text();
    match &candidate.found {
        Found::File { .. } => path,
        Found::Stdin => format!("{path}: standard input"),
        Found::Skipped { reason } => format!("{path}: skipped: {reason}"),
        Found::Lost { stage, error } => format!("{path}: {stage}: {error}"),
    }
}
