//! Searching a directory and all below it.

use std::ffi::{OsStr, OsString};
use std::fs::FileType;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::path::RelPath;
use super::super::read::describe;
use super::ignore::{Rules, Verdict, is_ignore_file};
use super::{Found, Hidden, IgnoreFiles, Origin, Search, inspect};

/// The directory that a search starts from.
struct Root<'a> {
    at: &'a Path,
    /// Where it really is: ignore files apply by that, not by which link led there.
    real: PathBuf,
}

/// A directory that waits to be searched.
struct Waiting {
    /// From the root of the search.
    below: PathBuf,
    name: RelPath,
    /// Of the directories above.
    rules: Option<Arc<Rules>>,
}

impl Search<'_> {
    /// Adds what is in a directory; says how many entries were passed over, hidden or ignored.
    ///
    /// The directory itself may be a link, hidden or ignored: it was named. No link below it is entered.
    pub(super) fn tree(&mut self, at: &Path, name: &RelPath) -> u64 {
        let real = at.canonicalize().unwrap_or_else(|_| at.to_path_buf());
        let rules = match self.walk.ignore_files {
            IgnoreFiles::Honour => Rules::above(&real),
            IgnoreFiles::Skip => None,
        };
        let root = Root { at, real };
        let mut waiting = vec![Waiting {
            below: PathBuf::new(),
            name: name.clone(),
            rules,
        }];
        let mut passed_over = 0;
        while let Some(mut directory) = waiting.pop() {
            let at = root.at.join(&directory.below);
            match list(&at) {
                Ok(entries) => {
                    directory.rules = self.rules(&root, &directory, &entries);
                    for (entry, kind) in entries {
                        match self.passes(&root, &directory, &entry, kind) {
                            true => waiting.extend(self.entry(&at, &directory, &entry, kind)),
                            false => passed_over += u64::from(!is_ignore_file(&entry)),
                        }
                    }
                }
                Err(error) => {
                    let origin = match directory.below.as_os_str().is_empty() {
                        true => Origin::Named,
                        false => Origin::Walked,
                    };
                    self.add(
                        directory.name,
                        origin,
                        Found::lost("find", describe(&error)),
                    );
                }
            }
        }
        passed_over
    }

    /// Whether neither ignore files nor a dot in front of the name keep an entry out.
    fn passes(&self, root: &Root, directory: &Waiting, entry: &OsStr, kind: FileType) -> bool {
        if self.walk.ignore_files == IgnoreFiles::Honour && entry == ".git" {
            return false;
        }
        let verdict = directory.rules.as_ref().map(|rules| {
            let mut at = root.real.join(&directory.below);
            at.push(entry);
            rules.verdict(&at, kind)
        });
        match verdict {
            Some(Verdict::Ignore) => false,
            Some(Verdict::Take) => true,
            Some(Verdict::Silent) | None => self.walk.hidden == Hidden::Take || !is_hidden(entry),
        }
    }

    /// Adds an entry, or gives back the directory that it is.
    fn entry(
        &mut self,
        parent: &Path,
        directory: &Waiting,
        entry: &OsStr,
        kind: FileType,
    ) -> Option<Waiting> {
        let at = parent.join(entry);
        let name = self.name(&directory.name, &at, entry);
        if !kind.is_dir() {
            self.walked(at, name, kind);
        } else if self.walk.exclude.directory(&at) {
            self.add(name, Origin::Walked, Found::skipped(inspect::EXCLUDED));
        } else {
            let (below, rules) = (directory.below.join(entry), directory.rules.clone());
            return Some(Waiting { below, name, rules });
        }
        None
    }

    /// One entry that is not a directory.
    pub(super) fn walked(&mut self, at: PathBuf, name: RelPath, kind: FileType) {
        let found = match self.walk.exclude.file(&at) {
            true => Found::skipped(inspect::EXCLUDED),
            false => inspect::walked(at, kind, self.walk),
        };
        self.add(name, Origin::Walked, found);
    }

    /// The name of an entry. Below a directory above the working directory, names may lead back down into it.
    pub(super) fn name(&self, directory: &RelPath, at: &Path, entry: &OsStr) -> RelPath {
        match directory.is_above() {
            true => RelPath::between(at, &self.cwd),
            false => directory.child(entry),
        }
    }

    /// The rules for what is in a directory: its own on top of those from above.
    fn rules(&mut self, root: &Root, directory: &Waiting, entries: &[Entry]) -> Option<Arc<Rules>> {
        if self.walk.ignore_files == IgnoreFiles::Skip {
            return None;
        }
        let holds = |file: &str| entries.iter().any(|(entry, _)| entry == file);
        let real = root.real.join(&directory.below);
        let (rules, troubles) = Rules::of(&real, holds, directory.rules.clone());
        for (file, trouble) in troubles {
            let at = root.at.join(&directory.below).join(file);
            let name = self.name(&directory.name, &at, OsStr::new(file));
            let reason = format!("ignore file: {trouble}");
            self.add(name, Origin::Walked, Found::skipped(reason));
        }
        rules
    }
}

/// A name in a directory, and what kind of thing it is itself.
pub(super) type Entry = (OsString, FileType);

/// The entries of a directory, in no particular order.
pub(super) fn list(directory: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in directory.read_dir()? {
        let entry = entry?;
        match entry.file_type() {
            Ok(kind) => entries.push((entry.file_name(), kind)),
            // Gone since.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(entries)
}

pub(super) fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}
