//! What files were before: the same, larger, smaller, under another name, or not there.

use std::collections::{BTreeMap, BTreeSet};

use super::Gate;
use crate::check::budget::{Limit, Rule};
use crate::check::outcome::{Removed, Was};
use crate::source::path::RelPath;

impl Gate<'_> {
    /// Compares every file with the base, if there is one.
    pub(super) fn compare(&mut self) {
        let Some(base) = &self.setup.base else {
            return self.note_missing_base();
        };
        let active = self.active();
        let about = |key: &RelPath| active.clone().any(|(_, b)| b.files.matches(key.as_path()));
        let gone = base.files();
        let gone = gone.filter(|(key, _)| about(key) && !self.is_there(key));
        let gone: BTreeMap<&RelPath, u64> = gone.map(|(key, f)| (key, f.bytes)).collect();
        let mut new = Vec::new();
        let mut was = Vec::new();
        for (at, file) in self.files.iter().enumerate() {
            was.push(match base.get(&file.key).map(|before| before.bytes) {
                Some(bytes) if bytes == file.bytes => Was::Same,
                Some(bytes) => Was::Resized { bytes },
                None => {
                    new.push(at);
                    Was::New
                }
            });
        }
        let mut renamed = BTreeSet::new();
        for (at, from) in self.renamed(&new, &gone) {
            let shown = self.shown(&from);
            was[at] = Was::Renamed { from: shown };
            renamed.insert(from);
        }
        let removed = gone.iter().filter(|(key, _)| !renamed.contains(*key));
        self.removed = removed
            .map(|(key, bytes)| Removed {
                path: self.shown(key),
                bytes: *bytes,
            })
            .collect();
        for (file, was) in self.files.iter_mut().zip(was) {
            file.was = Some(was);
        }
    }

    /// Which of the files at `new` have the content of one that is `gone`, and of which.
    fn renamed(&self, new: &[usize], gone: &BTreeMap<&RelPath, u64>) -> Vec<(usize, RelPath)> {
        let Some(base) = &self.setup.base else {
            return Vec::new();
        };
        // Only a file of the very size can have the very content.
        let sizes: BTreeSet<u64> = new.iter().map(|at| self.files[*at].bytes).collect();
        let alike = gone.iter().filter(|(_, bytes)| sizes.contains(bytes));
        let alike: Vec<RelPath> = alike.map(|(key, _)| (*key).clone()).collect();
        if alike.is_empty() {
            return Vec::new();
        }
        let mut by_digest = BTreeMap::<String, Vec<RelPath>>::new();
        for (key, digest) in base.digests(&alike) {
            by_digest.entry(digest).or_default().push(key);
        }
        let mut found = Vec::new();
        for at in new {
            let digest = self.files[*at].digest(self.setup.max_file_size);
            let from = digest
                .ok()
                .and_then(|digest| by_digest.get_mut(&digest)?.pop());
            found.extend(from.map(|from| (*at, from)));
        }
        found
    }

    /// Whether the base's file called `key` is still there.
    pub(super) fn is_there(&self, key: &RelPath) -> bool {
        let at = self.setup.root.join(key.as_path());
        at.symlink_metadata().is_ok()
    }

    /// A name of the base as it is shown: relative to the working directory.
    fn shown(&self, key: &RelPath) -> String {
        RelPath::new(&self.setup.root.join(key.as_path()), &self.setup.cwd).text()
    }

    fn note_missing_base(&mut self) {
        let is_growth = |rule: &Rule| matches!(rule.limit, Limit::MaxGrowth(_));
        if self.rules().any(|(_, _, rule)| is_growth(rule)) {
            self.notes.push("max-growth was not looked at, for there is no base: name one with --base origin/main, or write one with --update-baseline and commit it".into());
        }
    }
}
