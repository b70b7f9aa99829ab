//! Ignore files: `.imgbenchignore`, `.gitignore` and `.git/info/exclude`, read like any other untrusted file.
//!
//! The syntax is the `ignore` crate's. Its own walker opens whatever is called `.gitignore`, and one that is a pipe would
//! block it for ever.

use std::ffi::OsStr;
use std::fs::FileType;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::super::read::{ReadError, read};
use super::glob::MAX_PATTERN;

/// More than any ignore file that was written by hand.
const MAX_IGNORE_FILE: u64 = 1 << 20;

/// This program's own ignore file, which overrides Git's.
const OWN: &str = ".imgbenchignore";
/// Git's.
const GIT: &str = ".gitignore";

/// Whether a name belongs to ignoring itself, and so was never meant to be searched.
pub(super) fn is_ignore_file(name: &OsStr) -> bool {
    name == OWN || name == GIT || name == ".git"
}

/// What the rules say of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Ignore,
    /// Let in by a `!` pattern, even if hidden.
    Take,
    Silent,
}

/// The ignore files of one directory, on top of those above it.
#[derive(Debug)]
pub(super) struct Rules {
    own: Gitignore,
    git: Gitignore,
    exclude: Gitignore,
    /// Git's rules from above end at the top of a repository.
    is_repository: bool,
    above: Option<Arc<Rules>>,
}

/// What could not be used of an ignore file.
type Trouble = (&'static str, String);

impl Rules {
    /// Of all directories above this one, up to the root of the file system.
    pub(super) fn above(directory: &Path) -> Option<Arc<Self>> {
        let mut above: Vec<&Path> = directory.ancestors().skip(1).collect();
        above.reverse();
        above.into_iter().fold(None, |rules, directory| {
            let holds = |file: &str| directory.join(file).symlink_metadata().is_ok();
            // Trouble outside of what is searched is not this run's to report.
            Self::of(directory, holds, rules).0
        })
    }

    /// Of a directory that has the files which `holds` knows.
    pub(super) fn of(
        directory: &Path,
        holds: impl Fn(&str) -> bool,
        above: Option<Arc<Self>>,
    ) -> (Option<Arc<Self>>, Vec<Trouble>) {
        let mut troubles = Vec::new();
        let (own, git, is_repository) = (holds(OWN), holds(GIT), holds(".git"));
        if !(own || git || is_repository) {
            return (above, troubles);
        }
        let mut load = |present: bool, name: &'static str, file: PathBuf| match present {
            true => {
                let (matcher, trouble) = load(directory, &file);
                troubles.extend(trouble.map(|trouble| (name, trouble)));
                matcher
            }
            false => Gitignore::empty(),
        };
        let own = load(own, OWN, directory.join(OWN));
        let git = load(git, GIT, directory.join(GIT));
        let exclude = load(
            is_repository,
            ".git",
            git_directory(directory).join("info/exclude"),
        );
        let rules = Self {
            own,
            git,
            exclude,
            is_repository,
            above,
        };
        (Some(Arc::new(rules)), troubles)
    }

    /// The nearest directory that says anything decides; the own file goes before `.gitignore`, that before `exclude`.
    pub(super) fn verdict(&self, at: &Path, kind: FileType) -> Verdict {
        let is_dir = kind.is_dir();
        let (mut own, mut git, mut exclude) = (Match::None, Match::None, Match::None);
        let mut in_repository = true;
        let mut rules = Some(self);
        while let Some(level) = rules {
            own = own.or(level.own.matched(at, is_dir));
            if in_repository {
                git = git.or(level.git.matched(at, is_dir));
                exclude = exclude.or(level.exclude.matched(at, is_dir));
            }
            in_repository &= !level.is_repository;
            rules = level.above.as_deref();
        }
        match own.or(git).or(exclude) {
            Match::Ignore(_) => Verdict::Ignore,
            Match::Whitelist(_) => Verdict::Take,
            Match::None => Verdict::Silent,
        }
    }
}

/// Reads an ignore file; what is wrong with it, if anything, leaves the rest in force.
fn load(directory: &Path, file: &Path) -> (Gitignore, Option<String>) {
    let bytes = match read(file, MAX_IGNORE_FILE) {
        Ok(bytes) => bytes,
        Err(ReadError::Io(error)) if error.kind() == ErrorKind::NotFound => {
            return (Gitignore::empty(), None);
        }
        Err(ReadError::TooLarge { .. }) => {
            return (
                Gitignore::empty(),
                Some("larger than 1 MiB, not applied".into()),
            );
        }
        Err(error) => return (Gitignore::empty(), Some(format!("{error}, not applied"))),
    };
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let mut builder = GitignoreBuilder::new(directory);
    let mut trouble = None;
    for (index, line) in text.lines().enumerate() {
        let error = match line.len() > MAX_PATTERN {
            true => Some("pattern is too long".into()),
            false => builder.add_line(None, line).err().map(without_text),
        };
        let error = error.map(|error| format!("line {}: {error}", index + 1));
        trouble = trouble.or(error);
    }
    match builder.build() {
        Ok(rules) => (rules, trouble),
        Err(error) => (Gitignore::empty(), Some(format!("{error}, not applied"))),
    }
}

/// What is wrong with a pattern, without the pattern: the file may be a link to one that is nobody's business.
fn without_text(error: ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err,
        _ => "not a valid pattern".into(),
    }
}

/// Where a repository keeps what all its working trees share: `.git`, or where a file of that name points.
fn git_directory(directory: &Path) -> PathBuf {
    let git = directory.join(".git");
    let first_line = |file: &Path| {
        let bytes = read(file, MAX_PATTERN as u64).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        text.lines().next().map(|line| line.trim_end().to_owned())
    };
    let Some(line) = first_line(&git) else {
        return git;
    };
    let Some(private) = line
        .strip_prefix("gitdir: ")
        .map(|path| directory.join(path))
    else {
        return git;
    };
    match first_line(&private.join("commondir")) {
        Some(common) => private.join(common),
        None => private,
    }
}
