//! A commit as a base: names and sizes from `git ls-tree`, contents, where they are needed, from `git cat-file --batch`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Base, BaseError, Before, used};
use crate::check::outcome::{BaseKind, BaseUsed};
use crate::source::path::{RelPath, os_string};

/// A pointer of Git LFS is no longer than this.
const LARGEST_POINTER: u64 = 1024;

/// A folder of a working tree, and its repository.
#[derive(Debug)]
pub(super) struct Repository {
    folder: PathBuf,
}

/// The files of revision `name`, as the repository around `root` has them: of where this branch left it, which is what a
/// pull request is compared with.
pub(super) fn read(
    name: &str,
    root: &Path,
    wanted: &dyn Fn(&Path) -> bool,
) -> Result<Base, BaseError> {
    let prefix = git(root, &["rev-parse", "--show-prefix"])
        .map_err(|e| BaseError::Git(format!("--base {name}: {e}")))?;
    let repository = Repository {
        folder: root.into(),
    };
    let asked = format!("{name}^{{commit}}");
    let tip = [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &asked,
    ];
    let tip = repository
        .text(&tip)
        .map_err(|_| repository.missing(name))?;
    let mut notes = Vec::new();
    let commit = repository.text(&["merge-base", &tip, "HEAD"]).unwrap_or_else(|_| {
        notes.push(format!(
            "this clone does not show where the branch left {name}, so files are compared with {name} as it is now"
        ));
        tip.clone()
    });
    let files = repository.files(&commit, prefix.trim_ascii_end(), wanted)?;
    Ok(Base {
        used: BaseUsed {
            commit: Some(commit),
            ..used(BaseKind::Git, name)
        },
        notes,
        files,
        codecs: BTreeMap::new(),
        repository: Some(repository),
    })
}

impl Repository {
    fn text(&self, args: &[&str]) -> Result<String, String> {
        let bytes = git(&self.folder, args)?;
        Ok(String::from_utf8_lossy(bytes.trim_ascii_end()).into_owned())
    }

    fn missing(&self, name: &str) -> BaseError {
        let shallow = self.text(&["rev-parse", "--is-shallow-repository"]);
        let why = if shallow.is_ok_and(|answer| answer == "true") {
            let remotes = self.text(&["remote"]).unwrap_or_default();
            let is_remote =
                |(name, _): &(&str, &str)| remotes.lines().any(|remote| remote == *name);
            let fetch = match name.split_once('/').filter(is_remote) {
                Some((remote, branch)) => {
                    format!("--depth=1 {remote} {branch}:refs/remotes/{remote}/{branch}")
                }
                None => "--unshallow".into(),
            };
            format!(
                "this clone is shallow and does not hold it: run `git fetch {fetch}` first, or clone with its history (fetch-depth: 0 in actions/checkout)"
            )
        } else {
            "no such revision in this repository, and no such .json file: git fetch it first".into()
        };
        BaseError::Git(format!("--base {name}: {why}"))
    }

    /// The regular files of `commit` that are `wanted`, by their name relative to the folder called `prefix` in it.
    fn files(
        &self,
        commit: &str,
        prefix: &[u8],
        wanted: &dyn Fn(&Path) -> bool,
    ) -> Result<BTreeMap<RelPath, Before>, BaseError> {
        let all = ["ls-tree", "-r", "-l", "-z", "--full-tree", commit];
        let tree = git(&self.folder, &all).map_err(BaseError::Git)?;
        let top = Path::new("/");
        let folder = top.join(os_string(prefix));
        let mut files = BTreeMap::new();
        let lines = tree.split(|byte| *byte == 0);
        for (path, before) in lines.filter_map(entry) {
            let key = RelPath::new(&top.join(os_string(path)), &folder);
            if wanted(key.as_path()) {
                files.insert(key, before);
            }
        }
        self.follow_pointers(&mut files);
        Ok(files)
    }

    /// Gives files that are kept by Git LFS the size that their pointers tell.
    fn follow_pointers(&self, files: &mut BTreeMap<RelPath, Before>) {
        let small = files.values_mut().filter(|f| f.bytes <= LARGEST_POINTER);
        let mut small: Vec<&mut Before> = small.collect();
        let blobs: Vec<String> = small.iter().filter_map(|f| f.blob.clone()).collect();
        let blobs: Vec<&str> = blobs.iter().map(String::as_str).collect();
        self.blobs(&blobs, |nth, content| {
            if let Some(bytes) = pointed_size(content) {
                small[nth].bytes = bytes;
                small[nth].blob = None;
            }
        });
    }

    /// Shows `see` the contents of `blobs`, each with its place among them; one that cannot be had is left out.
    pub(super) fn blobs(&self, blobs: &[&str], mut see: impl FnMut(usize, &[u8])) {
        if blobs.is_empty() {
            return;
        }
        let child = command(&self.folder, &["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = child else { return };
        if let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) {
            let request = blobs.join("\n") + "\n";
            // On a thread of its own: git answers while it is still being asked.
            let asking = std::thread::spawn(move || stdin.write_all(request.as_bytes()));
            let mut answers = BufReader::new(stdout);
            for nth in 0..blobs.len() {
                match answer(&mut answers) {
                    Some(Some(content)) => see(nth, &content),
                    Some(None) => {}
                    None => break,
                }
            }
            drop(answers);
            let _ = asking.join();
        }
        let _ = child.wait();
    }
}

/// One answer of `git cat-file --batch`; `Some(None)` is a blob that is missing.
fn answer(answers: &mut impl BufRead) -> Option<Option<Vec<u8>>> {
    let mut head = String::new();
    answers.read_line(&mut head).ok().filter(|read| *read > 0)?;
    let mut words = head.split_whitespace();
    let Some(size) = words.nth(2) else {
        return Some(None);
    };
    let size: u64 = size.parse().ok()?;
    let mut content = Vec::new();
    answers.take(size).read_to_end(&mut content).ok()?;
    answers.read_exact(&mut [0]).ok()?;
    Some(Some(content))
}

/// `100644 blob 8f3e…    1234\timg/a.png`: a regular file, and its path from the top.
fn entry(line: &[u8]) -> Option<(&[u8], Before)> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (facts, path) = (std::str::from_utf8(&line[..tab]).ok()?, &line[tab + 1..]);
    let mut words = facts.split_whitespace();
    let (mode, _, blob, bytes) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let before = Before {
        bytes: bytes.parse().ok()?,
        blob: Some(blob.into()),
        ..Before::default()
    };
    mode.starts_with("100").then_some((path, before))
}

/// The size that a pointer of Git LFS tells.
fn pointed_size(content: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(content).ok()?;
    let pointer = text.starts_with("version https://git-lfs");
    let size = text.lines().find_map(|line| line.strip_prefix("size "));
    size.filter(|_| pointer)?.trim().parse().ok()
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(args).env("LC_ALL", "C");
    command
}

/// What git answers on standard output.
///
/// # Errors
/// Its first complaint.
fn git(folder: &Path, args: &[&str]) -> Result<Vec<u8>, String> {
    let output = command(folder, args).stdin(Stdio::null()).output();
    let output = output.map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => "git is not installed".to_owned(),
        _ => format!("git does not start: {e}"),
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("git has no answer");
    Err(said.trim_start_matches("fatal: ").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_line_by_line() {
        let (path, before) = entry(b"100644 blob 8f3e    1234\timg/a\tb.png").unwrap();
        assert_eq!((path, before.bytes), (&b"img/a\tb.png"[..], 1234));
        assert_eq!(before.blob.as_deref(), Some("8f3e"));
        for line in [
            &b"120000 blob 8f3e 4\tlink.png"[..],
            b"160000 commit 8f3e       -\tmodule",
            b"",
            b"100644 blob",
        ] {
            assert!(entry(line).is_none());
        }
    }

    #[test]
    fn a_pointer_stands_for_its_file() {
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 132735\n";
        assert_eq!(pointed_size(pointer), Some(132_735));
        assert_eq!(pointed_size(b"size 12\n"), None);
        assert_eq!(pointed_size(b"\x89PNG"), None);
    }

    #[test]
    fn answers_are_taken_apart_whatever_is_in_them() {
        let mut stream = &b"aa blob 5\na\nbc\n\nbb missing\ncc blob 0\n\n"[..];
        assert_eq!(answer(&mut stream), Some(Some(b"a\nbc\n".to_vec())));
        assert_eq!(answer(&mut stream), Some(None));
        assert_eq!(answer(&mut stream), Some(Some(Vec::new())));
        assert_eq!(answer(&mut stream), None);
    }
}
