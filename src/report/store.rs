//! Reports read back and joined.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Report, RunTiming, SCHEMA};

/// Why a text is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Not JSON, or not with the fields of a report.
    #[error("the JSON does not fit")]
    Json(#[from] serde_json::Error),
    /// A report of another schema.
    #[error("its schema is “{0}”, this build reads {SCHEMA}")]
    Schema(String),
}

/// Why reports do not make one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("there is none")]
    Nothing,
    /// They were not made alike.
    #[error("their {0} differ: merge only shards of one run")]
    Different(&'static str),
    /// The same input is in two of them.
    #[error("{0} is in two of them: merge each shard once")]
    Twice(String),
}

impl Report {
    /// Reads a saved report.
    ///
    /// # Errors
    /// When `text` is not JSON, not a report, or of a schema this build does not read.
    pub fn from_json(text: &str) -> Result<Self, LoadError> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let head: Head = serde_json::from_str(text)?;
        if head.schema != SCHEMA {
            return Err(LoadError::Schema(head.schema));
        }
        Ok(serde_json::from_str(text)?)
    }

    /// Joins the reports of shards. Timing adds up: CPU time over the sum of wall times.
    ///
    /// # Errors
    /// When they were made by different programs, codecs, metrics or options, or share an input.
    pub fn merge(reports: Vec<Self>) -> Result<Self, MergeError> {
        let mut rest = reports.into_iter();
        let mut merged = rest.next().ok_or(MergeError::Nothing)?;
        for report in rest {
            merged.require_alike(&report)?;
            merged.images.extend(report.images);
            merged.failures.extend(report.failures);
            merged.skipped.extend(report.skipped);
            merged.timing = merged.timing.zip(report.timing).map(|(a, b)| RunTiming {
                cpu_ms: a.cpu_ms + b.cpu_ms,
                wall_ms: a.wall_ms + b.wall_ms,
                jobs: a.jobs.max(b.jobs),
            });
        }
        merged.sort();
        if let Some(path) = merged.met_twice() {
            return Err(MergeError::Twice(path));
        }
        merged.derive();
        Ok(merged)
    }

    /// An input that is there more than once.
    fn met_twice(&self) -> Option<String> {
        let mut images = BTreeSet::new();
        let mut twice = self.images.iter().filter(|i| !images.insert(i.key()));
        if let Some(image) = twice.next() {
            return Some(image.path.clone());
        }
        let images = self.images.iter().map(|i| (&i.path, &i.path_bytes));
        let mut inputs: BTreeSet<_> = images.collect();
        let mut failures = self.failures.iter();
        let twice = failures.find(|f| !inputs.insert((&f.path, &f.path_bytes)));
        twice.map(|failure| failure.path.clone())
    }

    fn require_alike(&self, other: &Self) -> Result<(), MergeError> {
        let differences = [
            (self.generator != other.generator, "imgbench versions"),
            (self.codecs != other.codecs, "codecs"),
            (self.metrics != other.metrics, "metrics"),
            (self.options != other.options, "options"),
            (self.support != other.support, "browsers"),
        ];
        match differences.iter().find(|(differ, _)| *differ) {
            Some((_, what)) => Err(MergeError::Different(what)),
            None => Ok(()),
        }
    }
}
