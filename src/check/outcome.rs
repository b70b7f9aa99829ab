//! What a check found, as plain data: schema `imgbench-check/1`, camelCase, with the rules of reports.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::budget::Level;
use crate::report::{Failure, Generator};

/// The schema this build writes.
pub const SCHEMA: &str = "imgbench-check/1";

/// What a check found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The program that checked.
    pub generator: Generator,
    /// The configuration file, relative to the working directory.
    pub config: String,
    /// What growth was held against, if anything.
    pub base: Option<BaseUsed>,
    /// What it comes to.
    pub verdict: Verdict,
    /// How many of what.
    pub counts: Counts,
    /// In the order of the configuration.
    pub budgets: Vec<BudgetResult>,
    /// What breaks a budget: errors first, then the worst first.
    pub findings: Vec<Finding>,
    /// Files that some budget is about, by path.
    pub files: Vec<FileResult>,
    /// Files of the base that some budget was about and that are gone, by path.
    pub removed: Vec<Removed>,
    /// Files that could not be looked at or measured, by path.
    pub failures: Vec<Failure>,
    /// What else is to be known.
    pub notes: Vec<String>,
}

/// What a check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everything is within its budgets.
    Passed,
    /// Something is not.
    Failed,
    /// Some of it could not be told.
    Incomplete,
}

/// How many of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Files that some budget is about.
    pub files: usize,
    /// Findings of level error.
    pub errors: usize,
    /// Findings of level warn.
    pub warnings: usize,
    /// Findings that an exemption covers; they count nowhere else.
    pub exempt: usize,
    /// Files that could not be looked at or measured.
    pub failures: usize,
}

/// A budget and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BudgetResult {
    /// Its name.
    pub name: String,
    /// Its line in the configuration.
    pub line: usize,
    /// What breaking it means.
    pub level: Level,
    /// Files that it is about.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Findings, those of exempt files left out.
    pub findings: usize,
    /// Whether it is about no file though it must be, or its `min-score` about none.
    pub empty: bool,
}

/// Something that breaks a budget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The key of the limit: `max-size`.
    pub rule: String,
    /// The budget's name.
    pub budget: String,
    /// What it means.
    pub level: Level,
    /// Line of the limit in the configuration.
    pub line: usize,
    /// The file, as [`FileResult::path`]; none where it is about all files of the budget together.
    pub path: Option<String>,
    /// As [`FileResult::path_bytes`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_bytes: Option<String>,
    /// What there is.
    pub actual: Figure,
    /// What may be.
    pub limit: Figure,
    /// What the two are: `bytes`, `pixels`, `bits per pixel`, `format`, or the id of a metric.
    pub unit: String,
    /// In words, as one sentence without a full stop.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
    /// The reason why it is let pass.
    pub exempt: Option<String>,
    /// The same for the same limit of the same budget on the same file, whatever the figures.
    pub fingerprint: String,
    /// How far beyond the limit: for their order.
    #[serde(skip)]
    pub severity: f64,
}

/// A figure of a [`Finding`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Figure {
    /// Bytes or pixels.
    Whole(u64),
    /// Bits a pixel, or a score.
    Real(f64),
    /// A format.
    Text(String),
}

/// A file that some budget is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileResult {
    /// Relative path with `/`; bytes that are not UTF-8 are shown as `\xFF`.
    pub path: String,
    /// The exact path bytes in base64, only when they are not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_bytes: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// Names of the budgets.
    pub budgets: Vec<String>,
    /// Format id, where a rule asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Columns, upright, where a rule asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Rows, upright, where a rule asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// What it was in the base, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Was>,
}

/// What a file was in the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", tag = "change")]
pub enum Was {
    /// Not there.
    New,
    /// As large as it is, under this name.
    Same,
    /// Larger or smaller.
    Resized {
        /// Its size.
        bytes: u64,
    },
    /// The same content under another name that is gone.
    Renamed {
        /// The name.
        from: String,
    },
}

/// A file of the base that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Removed {
    /// As [`FileResult::path`].
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// What growth was held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BaseUsed {
    /// Where its figures are from.
    pub kind: BaseKind,
    /// As it was named: a revision, or a file.
    pub name: String,
    /// The commit, where it is one.
    pub commit: Option<String>,
}

/// Where the figures of a base are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BaseKind {
    /// A commit.
    Git,
    /// A report of `imgbench compare`.
    Report,
    /// A file that `--update-baseline` wrote.
    Baseline,
}

impl BudgetResult {
    /// What is missing where it is [`empty`](Self::empty), as a sentence without a full stop.
    pub fn missing(&self) -> Option<String> {
        let name = &self.name;
        self.empty.then(|| match self.files {
            0 => format!("budget “{name}” matches no file"),
            _ => format!("no file of budget “{name}” has the original that min-score asks for"),
        })
    }
}

impl Finding {
    /// Whether it counts.
    pub fn counts(&self) -> bool {
        self.exempt.is_none()
    }
}
