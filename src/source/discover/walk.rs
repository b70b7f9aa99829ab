//! Searching a directory and all below it.

use std::ffi::{OsStr, OsString};
use std::fs::FileType;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::path::RelPath;
use super::super::read::describe;
use super::ignore::{Rules, Verdict};
use super::{Found, Hidden, IgnoreFiles, Origin, Search, inspect};

/// A directory that waits to be searched.
struct Waiting {
    /// From the root of the search.
    below: PathBuf,
    name: RelPath,
    rules: Option<Arc<Rules>>,
}

impl Search<'_> {
    /// Adds what is in a directory; says how many entries were passed over, hidden or ignored.
    ///
    /// The directory itself may be a link, hidden or ignored: it was named. No link below it is entered.
    pub(super) fn tree(&mut self, root: &Path, name: &RelPath) -> u64 {
        let mut passed_over = 0;
        let (honour, hidden) = (self.walk.ignore_files, self.walk.hidden);
        // Ignore files apply by where a directory really is, not by which link led to it.
        let real = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let rules = match honour {
            IgnoreFiles::Honour => Rules::above(&real),
            IgnoreFiles::Skip => None,
        };
        let mut waiting = vec![Waiting {
            below: PathBuf::new(),
            name: name.clone(),
            rules,
        }];
        while let Some(Waiting {
            below,
            name: directory,
            rules,
        }) = waiting.pop()
        {
            let at = root.join(&below);
            let entries = match list(&at) {
                Ok(entries) => entries,
                Err(error) => {
                    let origin = if directory == *name {
                        Origin::Named
                    } else {
                        Origin::Walked
                    };
                    self.add(directory, origin, Found::lost("find", describe(&error)));
                    continue;
                }
            };
            let rules = match honour {
                IgnoreFiles::Honour => {
                    self.rules_of((&at, &real.join(&below)), &directory, &entries, rules)
                }
                IgnoreFiles::Skip => None,
            };
            for (entry, kind) in entries {
                let below = below.join(&entry);
                let verdict = match &rules {
                    _ if honour == IgnoreFiles::Honour && entry == ".git" => Verdict::Ignore,
                    Some(rules) => rules.verdict(&real.join(&below), kind),
                    None => Verdict::Silent,
                };
                let silent_hidden = hidden == Hidden::Skip && is_hidden(&entry);
                match verdict {
                    Verdict::Take => {}
                    Verdict::Silent if !silent_hidden => {}
                    Verdict::Silent | Verdict::Ignore => {
                        passed_over += 1;
                        continue;
                    }
                }
                let at = at.join(&entry);
                let name = self.name(&directory, &at, &entry);
                if !kind.is_dir() {
                    self.walked(at, name, kind);
                } else if self.walk.exclude.directory(&at) {
                    self.add(name, Origin::Walked, Found::skipped(inspect::EXCLUDED));
                } else {
                    waiting.push(Waiting {
                        below,
                        name,
                        rules: rules.clone(),
                    });
                }
            }
        }
        passed_over
    }

    /// One entry that is not a directory.
    pub(super) fn walked(&mut self, at: PathBuf, name: RelPath, kind: FileType) {
        let found = match self.walk.exclude.file(&at) {
            true => Found::skipped(inspect::EXCLUDED),
            false => inspect::walked(at, kind, self.walk.max_file_size),
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

    fn rules_of(
        &mut self,
        (at, real): (&Path, &Path),
        name: &RelPath,
        entries: &[Entry],
        above: Option<Arc<Rules>>,
    ) -> Option<Arc<Rules>> {
        let holds = |file: &str| entries.iter().any(|(entry, _)| entry == file);
        let (rules, troubles) = Rules::of(real, holds, above);
        for (file, trouble) in troubles {
            let reason = format!("ignore file: {trouble}");
            self.add(
                name.child(OsStr::new(file)),
                Origin::Walked,
                Found::skipped(reason),
            );
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
