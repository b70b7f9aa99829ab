//! The baseline that is committed beside the configuration: what files are, and what was measured of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Base, Before, used};
use crate::check::outcome::BaseKind;
use crate::source::path::RelPath;

/// Its usual name.
pub const BASELINE: &str = "imgbench-baseline.json";

/// What files are, sorted, without a date, so that it changes with them only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Baseline {
    schema: Schema,
    /// Codec id to version: when they change, measured figures may.
    codecs: BTreeMap<String, String>,
    /// By path.
    files: Vec<Entry>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
enum Schema {
    #[default]
    #[serde(rename = "imgbench-baseline/1")]
    One,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Entry {
    /// Relative to the configuration's folder.
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    bytes: u64,
    digest: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    measured: BTreeMap<String, Measured>,
}

/// The smallest file that an encoder made of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Measured {
    /// Canonical name of the encoder's settings.
    pub variant: String,
    /// Format id.
    pub format: String,
    /// Its size.
    pub bytes: u64,
}

impl Baseline {
    /// A baseline without files.
    pub(in crate::check) fn new(codecs: BTreeMap<String, String>) -> Self {
        Self {
            schema: Schema::One,
            codecs,
            files: Vec::new(),
        }
    }

    /// Reads one; none where `text` is something else.
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Adds a file.
    pub(in crate::check) fn add(
        &mut self,
        key: &RelPath,
        bytes: u64,
        digest: String,
        measured: BTreeMap<String, Measured>,
    ) {
        self.files.push(Entry {
            path: key.text(),
            path_bytes: key.raw(),
            bytes,
            digest,
            measured,
        });
    }

    /// Takes over what `old` says of other files that `are_there`; what other encoders made of them is no more known.
    pub(in crate::check) fn keep(&mut self, old: Self, are_there: impl Fn(&RelPath) -> bool) {
        let same_codecs = old.codecs == self.codecs;
        for mut entry in old.files {
            if !same_codecs {
                entry.measured.clear();
            }
            let key = RelPath::from_parts(&entry.path, entry.path_bytes.as_deref());
            if key.is_some_and(|key| are_there(&key)) {
                self.files.push(entry);
            }
        }
    }

    /// As it is written to a file: by path, each but once.
    ///
    /// # Errors
    /// None that is known.
    pub fn to_json(mut self) -> serde_json::Result<String> {
        let name = |entry: &Entry| (entry.path.clone(), entry.path_bytes.clone());
        self.files.sort_by_key(name);
        self.files.dedup_by_key(|entry| name(entry));
        Ok(serde_json::to_string_pretty(&self)? + "\n")
    }

    /// What it says, as a base that is called `name`.
    pub(super) fn base(self, name: &str) -> Base {
        let files = self.files.into_iter().filter_map(|entry| {
            let key = RelPath::from_parts(&entry.path, entry.path_bytes.as_deref())?;
            let before = Before {
                bytes: entry.bytes,
                digest: Some(entry.digest),
                blob: None,
                measured: entry.measured,
            };
            Some((key, before))
        });
        Base {
            used: used(BaseKind::Baseline, name),
            notes: Vec::new(),
            files: files.collect(),
            codecs: self.codecs,
            repository: None,
        }
    }
}
