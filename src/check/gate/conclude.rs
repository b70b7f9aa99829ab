//! What findings come to.

use super::Gate;
use crate::check::budget::Level;
use crate::check::file::File;
use crate::check::outcome::{BudgetResult, Check, Counts, FileResult, Finding, SCHEMA, Verdict};
use crate::report::Generator;

/// What findings come to.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Warnings that are let pass; `None` is any number.
    pub max_warnings: Option<usize>,
    /// What becomes of files that could not be looked at.
    pub failures: Failures,
}

/// What becomes of files that could not be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failures {
    /// The check is incomplete.
    Count,
    /// They are told, and that is all.
    Forgive,
}

impl Gate<'_> {
    /// Says that no more will be measured: what is known is not all.
    pub fn interrupt(&mut self) {
        self.interrupted = true;
        self.notes
            .push("it was interrupted before everything was measured".into());
    }

    /// What it all comes to.
    pub fn conclude(mut self, terms: Terms) -> Check {
        self.note_exemptions();
        self.note_strays();
        self.sort();
        let budgets = self.budget_results();
        let count = |level| {
            let counted = self
                .findings
                .iter()
                .filter(|f| f.counts() && f.level == level);
            counted.count()
        };
        let counts = Counts {
            files: self.files.len(),
            errors: count(Level::Error),
            warnings: count(Level::Warn),
            exempt: self.findings.iter().filter(|f| !f.counts()).count(),
            failures: self.failures.len(),
        };
        let lost = counts.failures > 0 && terms.failures == Failures::Count;
        // Where a file must be there, and none of those that were named is any budget's, nothing was checked.
        let nothing =
            counts.files + counts.failures == 0 && self.active().any(|(_, b)| !b.allow_empty);
        let most = terms.max_warnings.filter(|most| counts.warnings > *most);
        if let Some(most) = most {
            let note = format!("the warnings are more than the {most} of --max-warnings");
            self.notes.push(note);
        }
        let empty = budgets.iter().any(|b| b.empty);
        let verdict = if lost || nothing || empty || self.interrupted {
            Verdict::Incomplete
        } else if counts.errors > 0 || most.is_some() {
            Verdict::Failed
        } else {
            Verdict::Passed
        };
        Check {
            schema: SCHEMA.into(),
            generator: Generator {
                name: env!("CARGO_PKG_NAME").into(),
                version: env!("CARGO_PKG_VERSION").into(),
            },
            files: self
                .files
                .iter()
                .map(|file| self.file_result(file))
                .collect(),
            config: self.setup.config,
            base: self.setup.base.map(|base| base.used),
            verdict,
            counts,
            budgets,
            findings: self.findings,
            removed: self.removed,
            failures: self.failures,
            notes: self.notes,
        }
    }

    /// Errors first, then the worst first; failures by path, each once.
    fn sort(&mut self) {
        self.findings.sort_by(|a, b| {
            let level = |f: &Finding| (f.exempt.is_some(), f.level == Level::Warn);
            let order = level(a).cmp(&level(b));
            let order = order.then(b.severity.total_cmp(&a.severity));
            order.then_with(|| (&a.path, &a.rule, &a.budget).cmp(&(&b.path, &b.rule, &b.budget)))
        });
        self.failures
            .sort_by(|a, b| (&a.path, &a.error).cmp(&(&b.path, &b.error)));
        self.failures.dedup();
    }

    /// Exemptions that are about nothing any more.
    fn note_exemptions(&mut self) {
        let mut notes = Vec::new();
        for (nth, budget) in self.active() {
            for exempt in &budget.exempt {
                let used = self
                    .of_budget(nth)
                    .any(|(_, f)| exempt.files.matches(f.key.as_path()));
                if !used {
                    notes.push(format!(
                        "{}:{}: the exemption for {} is about no file",
                        self.setup.config, exempt.line, exempt.files
                    ));
                }
            }
        }
        self.notes.extend(notes);
    }

    /// Files that were named, and that nothing is said of.
    fn note_strays(&mut self) {
        if let [first, rest @ ..] = &self.strays[..] {
            let others = match rest.len() {
                0 => String::new(),
                n => format!(" and {n} more of those that were named"),
            };
            let note = format!("no budget is about {first}{others}");
            self.notes.push(note);
        }
    }

    fn budget_results(&self) -> Vec<BudgetResult> {
        let budgets = self.budgets.iter().enumerate();
        let results = budgets.map(|(nth, budget)| {
            let sizes: Vec<u64> = self.of_budget(nth).map(|(_, f)| f.bytes).collect();
            let own = |f: &&Finding| f.budget == budget.name && f.counts();
            BudgetResult {
                name: budget.name.clone(),
                line: budget.line,
                level: budget.level,
                files: sizes.len(),
                bytes: sizes.iter().sum(),
                findings: self.findings.iter().filter(own).count(),
                empty: !self.met[nth] && !budget.allow_empty,
            }
        });
        results.collect()
    }

    fn file_result(&self, file: &File) -> FileResult {
        let [width, height] = match file.facts.size {
            Some(size) => size.map(Some),
            None => [None; 2],
        };
        let names = file
            .budgets
            .iter()
            .map(|nth| self.budgets[*nth].name.clone());
        FileResult {
            path: file.path.text(),
            path_bytes: file.path.raw(),
            bytes: file.bytes,
            budgets: names.collect(),
            format: file.facts.format.map(|format| format.id().into()),
            width,
            height,
            was: file.was.clone(),
        }
    }
}
