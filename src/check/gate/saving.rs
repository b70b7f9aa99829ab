//! `max-saving`: what only encoders can tell, asked of as few files as possible.

use std::collections::BTreeMap;

use super::encode::{plan, quality, smallest};
use super::{Gate, Scope};
use crate::check::base::{Baseline, Measured};
use crate::check::budget::{Budget, Limit, Rule, Slack, units};
use crate::check::outcome::Figure;
use crate::check::rules::{Breach, Place, compare, ratio};
use crate::codec::{self, CODECS, SettingError};
use crate::plan::{Content, Limits, Plan, Source};
use crate::report::{Failure, Report};
use crate::source::Format;

/// What the encodes of a plan are for.
#[derive(Debug)]
pub struct Measurement {
    /// What is asked, and so what a baseline knows it by.
    asked: String,
    /// The places of the budget and of its rule.
    budget: usize,
    rule: usize,
    /// The places of the files, in the order of the plan's sources.
    files: Vec<usize>,
}

impl Gate<'_> {
    /// What must be encoded: for each `max-saving` the files that could still break it. That is none that is no larger than
    /// what may be saved, none that is exempt, and none that was measured before with the very encoders.
    ///
    /// # Errors
    /// When a budget asks for a format or score that this build does not have.
    pub fn measurements(
        &mut self,
        bounds: Limits,
    ) -> Result<Vec<(Plan, Measurement)>, SettingError> {
        let mut all = Vec::new();
        for ([nth, rule_nth], budget, rule) in self.rules() {
            let Limit::MaxSaving { slack, at, formats } = &rule.limit else {
                continue;
            };
            let mut plan = plan(*at, formats, bounds)?;
            let variants: Vec<String> = plan.variants.iter().map(ToString::to_string).collect();
            let asked = variants.join(" ");
            let files = self.undecided(nth, budget, slack);
            let files = self.not_known(files, &plan, &asked);
            plan.sources = files.iter().map(|at| self.source(*at)).collect();
            let measurement = Measurement {
                asked,
                budget: nth,
                rule: rule_nth,
                files,
            };
            all.push((plan, measurement));
        }
        Ok(all)
    }

    /// Files of a budget that are large enough to save too much.
    fn undecided(&self, nth: usize, budget: &Budget, slack: &Slack) -> Vec<usize> {
        let files = self.of_budget(nth).filter(|(_, file)| {
            let drawing = file.facts.format == Some(Format::Svg);
            // No encoding has less than a byte.
            let could = file.bytes.saturating_sub(1) > slack.of(file.bytes);
            could && !drawing && self.exempt(budget, file).is_none()
        });
        files.map(|(at, _)| at).collect()
    }

    /// Those of `files` that the base does not tell the answer of; the answers of the others are taken over.
    fn not_known(&mut self, files: Vec<usize>, plan: &Plan, asked: &str) -> Vec<usize> {
        let Some(base) = &self.setup.base else {
            return files;
        };
        let mut codecs = plan.variants.iter().map(|v| v.codec());
        let same_codecs = codecs.all(|c| base.codec(c.info().id) == Some(c.version().as_str()));
        if !same_codecs {
            return files;
        }
        let mut left = Vec::new();
        for at in files {
            let file = &self.files[at];
            let before = base
                .get(&file.key)
                .filter(|before| before.bytes == file.bytes);
            let known = before.and_then(|before| {
                let measured = before.measured.get(asked)?;
                let digest = file.digest(self.setup.max_file_size).ok();
                (digest == before.digest).then(|| measured.clone())
            });
            match known {
                Some(measured) => drop(self.measured.insert((at, asked.into()), measured)),
                None => left.push(at),
            }
        }
        left
    }

    fn source(&self, at: usize) -> Source {
        let file = &self.files[at];
        Source {
            path: file.path.clone(),
            content: Content::File(file.at.clone()),
            bytes: file.bytes,
        }
    }

    /// Takes in what became of a measurement.
    pub fn measured(&mut self, measurement: &Measurement, report: &Report) {
        self.failures.extend(report.failures.iter().cloned());
        let budget = &self.budgets[measurement.budget];
        let rule = &budget.rules[measurement.rule];
        let Limit::MaxSaving {
            formats, at: goal, ..
        } = &rule.limit
        else {
            return;
        };
        let places = measurement.files.iter();
        let by_path: BTreeMap<_, _> = places.map(|at| (self.key_of(*at), *at)).collect();
        for image in &report.images {
            let key = (image.path.clone(), image.path_bytes.clone());
            let Some(at) = by_path.get(&key) else {
                continue;
            };
            match smallest(image, formats, &goal.to_string()) {
                Ok(smallest) => {
                    let key = (*at, measurement.asked.clone());
                    self.measured.insert(key, smallest);
                }
                Err(error) => self.failures.push(Failure {
                    path: image.path.clone(),
                    path_bytes: image.path_bytes.clone(),
                    stage: "measure".into(),
                    error,
                }),
            }
        }
        self.hold_savings(measurement.budget, rule, &measurement.asked);
    }

    fn key_of(&self, at: usize) -> (String, Option<String>) {
        let path = &self.files[at].path;
        (path.text(), path.raw())
    }

    /// Holds what was measured, now or before, against the rule.
    fn hold_savings(&mut self, nth: usize, rule: &Rule, asked: &str) {
        let budget = &self.budgets[nth];
        let place = Place {
            config: &self.setup.config,
            budget,
            rule,
        };
        let mut broken = Vec::new();
        for (at, _) in self.of_budget(nth) {
            if let Some(smallest) = self.measured.get(&(at, asked.to_owned())) {
                broken.extend(self.saving(at, smallest, &place).map(|breach| (at, breach)));
            }
        }
        for (at, breach) in broken {
            self.find(budget, rule, Some(at), breach);
        }
    }

    fn saving(&self, at: usize, smallest: &Measured, place: &Place<'_>) -> Option<Breach> {
        let Limit::MaxSaving {
            slack, at: goal, ..
        } = &place.rule.limit
        else {
            return None;
        };
        let file = &self.files[at];
        let saved = file.bytes.checked_sub(smallest.bytes)?;
        if saved <= slack.of(file.bytes) {
            return None;
        }
        let [is, would_be] = units(slack).show_apart([file.bytes, smallest.bytes]);
        let name = file.path.text();
        let format = Format::all().find(|f| f.id() == smallest.format);
        let format = format.map_or(&*smallest.format, |format| format.name());
        let percent = saved as f64 / file.bytes as f64 * 100.0;
        let quality = quality(*goal);
        let because = self.because(at, smallest);
        Some(Breach {
            actual: Figure::Whole(saved),
            limit: Figure::Whole(slack.of(file.bytes)),
            unit: "bytes",
            message: format!(
                "{name} is {is}; as {format} at {quality} it would be {would_be}, {percent:.1} % less: more than the {slack} of {place}{because}"
            ),
            hint: Some(compare(&name, &format!("-f {} -t {goal}", smallest.format))),
            severity: ratio(file.bytes as f64, smallest.bytes as f64),
        })
    }

    /// Where the file is what it was and the encoder is not: that.
    fn because(&self, at: usize, smallest: &Measured) -> String {
        let told = || {
            let base = self.setup.base.as_ref()?;
            let file = &self.files[at];
            let before = base.get(&file.key)?.digest.as_ref()?;
            let codec = codec::find(CODECS, smallest.variant.split(':').next()?)?;
            let (id, now) = (codec.info().id, codec.version());
            let then = base.codec(id).filter(|then| *then != now)?;
            let same = file
                .digest(self.setup.max_file_size)
                .is_ok_and(|d| d == *before);
            same.then(|| format!("; the file did not change, {id} did, from {then} to {now}"))
        };
        told().unwrap_or_default()
    }

    /// What a baseline of these files says. Where only some were named, the others are what they are in the `old` one.
    ///
    /// # Errors
    /// The first file that cannot be read.
    pub fn baseline(&self, old: Option<Baseline>) -> Result<Baseline, Failure> {
        let codecs = CODECS.iter().map(|c| (c.info().id.into(), c.version()));
        let mut baseline = Baseline::new(codecs.collect());
        for (at, file) in self.files.iter().enumerate() {
            let measured = self.measured.iter().filter(|((of, _), _)| *of == at);
            let measured = measured.map(|((_, asked), m)| (asked.clone(), m.clone()));
            let digest = file.digest(self.setup.max_file_size)?;
            baseline.add(&file.key, file.bytes, digest, measured.collect());
        }
        if let (Scope::Named, Some(old)) = (self.setup.scope, old) {
            baseline.keep(old, |key| self.is_there(key));
        }
        Ok(baseline)
    }
}
