//! What a check found.

use super::super::{Style, Verbosity, units};
use super::{Align, Block, Item, List, Row, Table, Tone, View, column, cut};
use crate::check::{BaseKind, BudgetResult, Check, Finding, Level, Verdict};

impl View for Check {
    fn view(&self, style: &Style) -> Vec<Block> {
        let verbosity = style.verbosity;
        let of = |level: Level| {
            let findings = self.findings.iter();
            findings.filter(move |f| f.counts() && f.level == level)
        };
        let exempt = self.findings.iter().filter(|f| !f.counts());
        let mut blocks = Vec::new();
        blocks.extend(findings(
            "Over budget",
            Tone::Failure,
            of(Level::Error),
            verbosity,
        ));
        blocks.extend(findings(
            "Warnings",
            Tone::Warning,
            of(Level::Warn),
            verbosity,
        ));
        if verbosity == Verbosity::Verbose {
            blocks.extend(findings("Let pass", Tone::Dim, exempt, verbosity));
        }
        blocks.extend(failures(self, verbosity));
        let tone = match self.verdict {
            Verdict::Passed => Tone::Best,
            Verdict::Failed | Verdict::Incomplete => Tone::Failure,
        };
        blocks.push(Block::Aside(tone, vec![conclusion(self)]));
        blocks.push(Block::Table(budgets(self)));
        blocks.extend(asides(self));
        blocks
    }
}

fn findings<'a>(
    title: &str,
    tone: Tone,
    findings: impl Iterator<Item = &'a Finding>,
    verbosity: Verbosity,
) -> Option<Block> {
    let items = findings.map(|finding| Item {
        path: None,
        text: sentence(finding),
    });
    list(title, tone, items.collect(), verbosity)
}

fn list(title: &str, tone: Tone, mut items: Vec<Item>, verbosity: Verbosity) -> Option<Block> {
    cut(&mut items, verbosity);
    let title = format!("{title}:");
    (!items.is_empty()).then_some(Block::List(List { tone, title, items }))
}

/// A finding in full: what is wrong, why it is let pass, what to do.
fn sentence(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    if let Some(reason) = &finding.exempt {
        text += &format!("; exempt: {reason}");
    } else if let Some(hint) = &finding.hint {
        text += &format!("; see {hint}");
    }
    text
}

/// What could not be checked: files, and budgets that are about none.
fn failures(check: &Check, verbosity: Verbosity) -> Option<Block> {
    let files = check.failures.iter().map(|failure| Item {
        path: Some(failure.path.clone()),
        text: failure.error.clone(),
    });
    let empty = check.budgets.iter().filter_map(|budget| {
        let (missing, config, line) = (budget.missing()?, &check.config, budget.line);
        Some(Item {
            path: None,
            text: format!("{missing} ({config}:{line}): mend its globs, or say allow-empty = true"),
        })
    });
    let items = files.chain(empty).collect();
    list("Could not be checked", Tone::Failure, items, verbosity)
}

fn budgets(check: &Check) -> Table {
    let rows = check.budgets.iter().map(|budget| Row {
        cells: vec![
            budget.name.clone(),
            budget.files.to_string(),
            units::bytes(budget.bytes),
            state(budget),
        ],
        tone: match budget.findings {
            0 if budget.level == Level::Off => Tone::Dim,
            _ => Tone::Plain,
        },
        mark: None,
    });
    Table {
        columns: vec![
            column("Budget", Align::Left, 0),
            column("Files", Align::Right, 2),
            column("Size", Align::Right, 1),
            column("State", Align::Left, 0),
        ],
        rows: rows.collect(),
    }
}

/// `within`, `2 errors`, `off`.
pub(in super::super) fn state(budget: &BudgetResult) -> String {
    match (budget.level, budget.findings) {
        (Level::Off, _) => "off".into(),
        _ if budget.empty => "matches nothing".into(),
        (_, 0) => "within".into(),
        (Level::Warn, n) => units::count(n, "warning", "warnings"),
        (Level::Error, n) => units::count(n, "error", "errors"),
    }
}

/// What it comes to, in one sentence.
pub(in super::super) fn conclusion(check: &Check) -> String {
    let counts = check.counts;
    let files = units::count(counts.files, "file", "files");
    let errors = units::count(counts.errors, "error", "errors");
    let warnings = units::count(counts.warnings, "warning", "warnings");
    let mut parts = Vec::new();
    if counts.errors + counts.warnings > 0 {
        parts.push(format!("{errors} and {warnings} in {files}"));
    }
    if counts.exempt > 0 {
        parts.push(format!("{} let pass by exemptions", counts.exempt));
    }
    if counts.failures > 0 {
        let lost = units::count(counts.failures, "file", "files");
        parts.push(format!("{lost} could not be checked"));
    }
    let empty = check.budgets.iter().filter(|b| b.empty).count();
    if empty > 0 {
        let budgets = units::count(empty, "budget matches", "budgets match");
        parts.push(format!("{budgets} nothing"));
    }
    let word = match check.verdict {
        Verdict::Passed if check.budgets.iter().all(|b| b.level == Level::Off) => {
            return "Nothing was checked: every budget is off.".into();
        }
        Verdict::Passed => "Passed",
        Verdict::Failed => "Failed",
        Verdict::Incomplete => "Incomplete",
    };
    if parts.is_empty() {
        let how = match check.verdict {
            Verdict::Incomplete => "checked",
            _ => "within budget",
        };
        parts.push(format!("{files} {how}"));
    }
    format!("{word}: {}.", parts.join(", "))
}

/// What growth was held against, and what else there is to know.
pub(in super::super) fn remarks(check: &Check) -> Vec<String> {
    let base = check
        .base
        .as_ref()
        .map(|base| match (base.kind, &base.commit) {
            (BaseKind::Git, Some(commit)) => {
                let short = commit.get(..10).unwrap_or(commit);
                format!("Compared with {} ({short}).", base.name)
            }
            _ => format!("Compared with {}.", base.name),
        });
    let notes = check.notes.iter().map(|note| format!("Note: {note}."));
    base.into_iter().chain(notes).collect()
}

fn asides(check: &Check) -> Option<Block> {
    let remarks = remarks(check);
    (!remarks.is_empty()).then_some(Block::Aside(Tone::Dim, remarks))
}
