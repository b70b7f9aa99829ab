//! Files in, findings out.

mod conclude;
mod encode;
mod growth;
mod saving;
mod score;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::base::{Base, Measured};
use super::budget::{Budget, Date, Level, Limit, Rule};
use super::file::{File, Look};
use super::outcome::{Finding, Removed};
use super::rules::{self, Breach, Place};
use crate::report::Failure;
use crate::source::discover::{Candidate, Found, Origin};
use crate::source::path::RelPath;

pub use self::conclude::{Failures, Terms};
pub use self::saving::Measurement;
pub use self::score::Pair;

/// What a check is about.
#[derive(Debug)]
pub struct Setup {
    /// The configuration's name for people.
    pub config: String,
    /// The folder that its globs are relative to.
    pub root: PathBuf,
    /// The working directory.
    pub cwd: PathBuf,
    /// Today: what exemptions end by.
    pub today: Date,
    /// Largest file that is read, in bytes.
    pub max_file_size: u64,
    /// What files were before.
    pub base: Option<Base>,
    /// Which files it was asked about.
    pub scope: Scope,
}

/// Which files a check was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All that lie below the configuration.
    Everything,
    /// Those that were named: nothing follows from what is not among them.
    Named,
}

/// A check under way.
#[derive(Debug)]
pub struct Gate<'a> {
    budgets: &'a [Budget],
    setup: Setup,
    files: Vec<File>,
    failures: Vec<Failure>,
    findings: Vec<Finding>,
    removed: Vec<Removed>,
    notes: Vec<String>,
    /// Whether it ended before all was measured.
    interrupted: bool,
    /// Files that were not named, as far as that was asked.
    others: Vec<RelPath>,
    /// Files that were named, and that no budget is about.
    strays: Vec<RelPath>,
    /// Whether a budget is about anything at all, by its place.
    met: Vec<bool>,
    /// What was measured of files, by their place and what was asked.
    measured: BTreeMap<(usize, String), Measured>,
}

impl<'a> Gate<'a> {
    /// Sorts `candidates` into `budgets`, and holds them against every limit that needs no decoder.
    pub fn new(budgets: &'a [Budget], setup: Setup, candidates: Vec<Candidate>) -> Self {
        let mut gate = Self {
            budgets,
            met: budgets.iter().map(|b| b.level == Level::Off).collect(),
            notes: setup.base.iter().flat_map(|b| b.notes.clone()).collect(),
            setup,
            files: Vec::new(),
            failures: Vec::new(),
            findings: Vec::new(),
            removed: Vec::new(),
            interrupted: false,
            others: Vec::new(),
            strays: Vec::new(),
            measured: BTreeMap::new(),
        };
        for candidate in candidates {
            gate.admit(candidate);
        }
        gate.look();
        gate.compare();
        gate.hold();
        gate
    }

    /// Whether a budget may be about nothing that was named, though it must be about something.
    pub fn misses_files(&self) -> bool {
        let mut budgets = self.active().filter(|(_, b)| !b.allow_empty);
        let is_score = |rule: &Rule| matches!(rule.limit, Limit::MinScore { .. });
        self.setup.scope == Scope::Named
            && budgets.any(|(nth, b)| !self.met[nth] || b.rules.iter().any(is_score))
    }

    /// Says what else there is: a budget that is about some of it is not empty, though it is not held to it now.
    pub fn elsewhere(&mut self, candidates: &[Candidate]) {
        for candidate in candidates {
            if let Found::File { at, .. } = &candidate.found {
                let key = RelPath::new(at, &self.setup.root);
                self.meet(key.as_path());
                self.others.push(key);
            }
        }
    }

    /// The budgets that are not off, with their places.
    fn active(&self) -> impl Iterator<Item = (usize, &'a Budget)> + Clone + use<'a> {
        let budgets = self.budgets.iter().enumerate();
        budgets.filter(|(_, budget)| budget.level != Level::Off)
    }

    /// The rules of the budgets that are not off, with the places of both.
    fn rules(&self) -> impl Iterator<Item = ([usize; 2], &'a Budget, &'a Rule)> + use<'a> {
        self.active().flat_map(|(nth, budget)| {
            let rules = budget.rules.iter().enumerate();
            rules.map(move |(rule_nth, rule)| ([nth, rule_nth], budget, rule))
        })
    }

    /// The budgets that are about the file called `key`; they are not empty.
    fn meet(&mut self, key: &Path) -> Vec<usize> {
        let about = self.active().filter(|(_, b)| b.files.matches(key));
        let about: Vec<usize> = about.map(|(nth, _)| nth).collect();
        about.iter().for_each(|nth| self.met[*nth] = true);
        about
    }

    fn admit(&mut self, candidate: Candidate) {
        let Candidate {
            path,
            origin,
            found,
        } = candidate;
        match found {
            Found::File { at, bytes } => {
                let key = RelPath::new(&at, &self.setup.root);
                let budgets = self.meet(key.as_path());
                if !budgets.is_empty() {
                    self.files.push(File {
                        path,
                        key,
                        at,
                        bytes,
                        budgets,
                        facts: Default::default(),
                        was: None,
                    });
                } else if origin == Origin::Named {
                    self.strays.push(path);
                }
            }
            Found::Lost { stage, error } => {
                let at = self.setup.cwd.join(path.as_path());
                let key = RelPath::new(&at, &self.setup.root);
                if !self.meet(key.as_path()).is_empty() || origin == Origin::Named {
                    self.failures.push(Failure {
                        path: path.text(),
                        path_bytes: path.raw(),
                        stage: stage.into(),
                        error,
                    });
                }
            }
            Found::Skipped { .. } | Found::Stdin => {}
        }
    }

    /// Looks at files as far as their rules need it; those that cannot be looked at stay for the rules that do not.
    fn look(&mut self) {
        let looks: Vec<Look> = self.budgets.iter().map(look).collect();
        for file in &mut self.files {
            let how = file.budgets.iter().map(|nth| looks[*nth]).max();
            let looked = file.look(how.unwrap_or_default(), self.setup.max_file_size);
            self.failures.extend(looked.err());
        }
    }

    /// Holds every file and every sum against what needs no decoder.
    fn hold(&mut self) {
        for (nth, budget) in self.active() {
            for rule in &budget.rules {
                let place = Place {
                    config: &self.setup.config,
                    budget,
                    rule,
                };
                let mut broken = Vec::new();
                for (at, file) in self.of_budget(nth) {
                    let breach = rules::breach(file, &place);
                    broken.extend(breach.map(|breach| (Some(at), breach)));
                }
                if let Limit::MaxTotal(limit) = rule.limit {
                    let files = self.of_budget(nth);
                    let counted = files.filter(|(_, f)| self.exempt(budget, f).is_none());
                    let sizes: Vec<u64> = counted.map(|(_, file)| file.bytes).collect();
                    let total = rules::total(&sizes, limit, &place);
                    broken.extend(total.map(|breach| (None, breach)));
                }
                for (at, breach) in broken {
                    self.find(budget, rule, at, breach);
                }
            }
        }
    }

    /// The files of the budget at place `nth`, with their own places.
    fn of_budget(&self, nth: usize) -> impl Iterator<Item = (usize, &File)> {
        let files = self.files.iter().enumerate();
        files.filter(move |(_, file)| file.budgets.contains(&nth))
    }

    /// Why `file` is let pass whatever `budget` says.
    fn exempt(&self, budget: &Budget, file: &File) -> Option<String> {
        let mut exempt = budget
            .exempt
            .iter()
            .filter(|e| e.files.matches(file.key.as_path()));
        let valid = exempt.find(|e| e.until.is_none_or(|last| self.setup.today <= last))?;
        Some(match valid.until {
            Some(last) => format!("{} (until {last})", valid.reason),
            None => valid.reason.clone(),
        })
    }

    /// When the exemption of `file` ended, if it had one.
    fn ended(&self, budget: &Budget, file: &File) -> Option<Date> {
        let exempt = budget
            .exempt
            .iter()
            .filter(|e| e.files.matches(file.key.as_path()));
        exempt.filter_map(|e| e.until).max()
    }

    /// Writes a breach down; `at` is the place of the file.
    fn find(&mut self, budget: &Budget, rule: &Rule, at: Option<usize>, breach: Breach) {
        let file = at.map(|at| &self.files[at]);
        let exempt = file.and_then(|file| self.exempt(budget, file));
        let ended = file.and_then(|file| self.ended(budget, file));
        let message = match (&exempt, ended) {
            (None, Some(last)) => {
                format!("{}; its exemption ended on {last}", breach.message)
            }
            _ => breach.message,
        };
        let id = rule.limit.id();
        let key = file.map(|file| file.key.bytes()).unwrap_or_default();
        let finding = Finding {
            rule: id.into(),
            budget: budget.name.clone(),
            level: budget.level,
            line: rule.line,
            path: file.map(|file| file.path.text()),
            path_bytes: file.and_then(|file| file.path.raw()),
            actual: breach.actual,
            limit: breach.limit,
            unit: breach.unit.into(),
            message,
            hint: breach.hint,
            exempt,
            fingerprint: fingerprint(&[id.as_bytes(), budget.name.as_bytes(), key]),
            severity: breach.severity,
        };
        self.findings.push(finding);
    }
}

fn look(budget: &Budget) -> Look {
    let looks = budget.rules.iter().map(|rule| Look::of(&rule.limit));
    looks.max().unwrap_or_default()
}

/// Sixteen bytes that tell these parts from all others.
pub(crate) fn fingerprint(parts: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}
