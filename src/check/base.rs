//! What files were before: in a commit, in a report, or in a committed baseline.

mod baseline;
mod git;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use self::baseline::{BASELINE, Baseline, Measured};
use self::git::Repository;
use super::outcome::{BaseKind, BaseUsed};
use crate::report::Report;
use crate::source::path::RelPath;

/// What files were before. Names are relative to the configuration's folder.
#[derive(Debug)]
pub struct Base {
    /// What it is.
    pub used: BaseUsed,
    /// What else is to be known.
    pub notes: Vec<String>,
    files: BTreeMap<RelPath, Before>,
    /// Codec id to version, where that is known.
    codecs: BTreeMap<String, String>,
    repository: Option<Repository>,
}

/// What a file was before.
#[derive(Debug, Clone, Default)]
pub(super) struct Before {
    pub(super) bytes: u64,
    /// `blake3:…` of its content, where that is known already.
    pub(super) digest: Option<String>,
    /// Git's name of its content.
    pub(super) blob: Option<String>,
    /// What was measured of it, by what was asked.
    pub(super) measured: BTreeMap<String, Measured>,
}

/// Why there is no base.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaseError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: std::io::Error,
    },
    /// The file is neither a report nor a baseline.
    #[error("{} is neither a report nor a baseline", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: crate::report::LoadError,
    },
    /// Git has no answer.
    #[error("{0}")]
    Git(String),
}

impl Base {
    /// Reads the base called `name`: a revision that the repository around `root` knows, or a file as seen from `cwd`, which
    /// is what a name in `.json` always is. Of a revision only the files that are `wanted` are looked at.
    ///
    /// # Errors
    /// When there is no such file or revision, or it says what is not understood.
    pub fn read(
        name: &str,
        root: &Path,
        cwd: &Path,
        wanted: &dyn Fn(&Path) -> bool,
    ) -> Result<Self, BaseError> {
        let path = cwd.join(name);
        if !name.ends_with(".json") {
            let commit = git::read(name, root, wanted);
            // A file may be called as a branch is.
            if commit.is_ok() || !path.is_file() {
                return commit;
            }
        }
        let text = std::fs::read_to_string(&path).map_err(|source| BaseError::Read {
            path: name.into(),
            source,
        })?;
        if let Some(baseline) = Baseline::from_json(&text) {
            return Ok(baseline.base(name));
        }
        let report = Report::from_json(&text).map_err(|source| BaseError::Json {
            path: name.into(),
            source,
        })?;
        Ok(Self::of_report(&report, name, root, cwd))
    }

    /// Names in a report are relative to the working directory.
    fn of_report(report: &Report, name: &str, root: &Path, cwd: &Path) -> Self {
        let files = report.images.iter().filter_map(|image| {
            let shown = RelPath::from_parts(&image.path, image.path_bytes.as_deref())?;
            let before = Before {
                bytes: image.bytes,
                digest: Some(image.digest.clone()),
                ..Before::default()
            };
            Some((RelPath::new(&cwd.join(shown.as_path()), root), before))
        });
        let codecs = report.codecs.iter();
        Self {
            used: used(BaseKind::Report, name),
            notes: Vec::new(),
            files: files.collect(),
            codecs: codecs.map(|c| (c.id.clone(), c.version.clone())).collect(),
            repository: None,
        }
    }

    pub(super) fn get(&self, key: &RelPath) -> Option<&Before> {
        self.files.get(key)
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&RelPath, &Before)> {
        self.files.iter()
    }

    /// The version that codec `id` had, where that is known.
    pub(super) fn codec(&self, id: &str) -> Option<&str> {
        self.codecs.get(id).map(String::as_str)
    }

    /// The digests of some of its files, where they can be had.
    pub(super) fn digests(&self, keys: &[RelPath]) -> BTreeMap<RelPath, String> {
        let mut known = BTreeMap::new();
        let mut asked = Vec::new();
        for key in keys {
            let Some(before) = self.files.get(key) else {
                continue;
            };
            match (&before.digest, &before.blob) {
                (Some(digest), _) => drop(known.insert(key.clone(), digest.clone())),
                (None, Some(blob)) => asked.push((key.clone(), blob.clone())),
                (None, None) => {}
            }
        }
        if let Some(repository) = &self.repository {
            let blobs: Vec<&str> = asked.iter().map(|(_, blob)| blob.as_str()).collect();
            repository.blobs(&blobs, |nth, content| {
                known.insert(asked[nth].0.clone(), digest(content));
            });
        }
        known
    }
}

fn used(kind: BaseKind, name: &str) -> BaseUsed {
    BaseUsed {
        kind,
        name: name.into(),
        commit: None,
    }
}

/// As reports have it.
pub(super) fn digest(content: &[u8]) -> String {
    format!("blake3:{}", blake3::hash(content).to_hex())
}
