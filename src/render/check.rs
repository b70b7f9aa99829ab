//! What a check found, for machines and for reviewers: one file a format.

mod github;
mod gitlab;
mod junit;
mod markdown;
mod sarif;

pub(super) use self::github::GitHub;
pub(super) use self::gitlab::GitLab;
pub(super) use self::junit::JUnit;
pub(super) use self::markdown::Markdown;
pub(super) use self::sarif::Sarif;

use crate::check::{Check, Failure, Finding};

/// A finding's sentence with its next step.
fn told(finding: &Finding) -> String {
    match &finding.hint {
        Some(hint) => format!("{}. See {hint}", finding.message),
        None => finding.message.clone(),
    }
}

/// The budgets that are about no file, as sentences with their line.
fn empty(check: &Check) -> impl Iterator<Item = (usize, String)> {
    let budgets = check.budgets.iter();
    budgets.filter_map(|budget| Some((budget.line, budget.missing()?)))
}

/// What could not be looked at, as a sentence.
fn lost(failure: &Failure) -> String {
    format!("{} could not be checked: {}", failure.path, failure.error)
}
