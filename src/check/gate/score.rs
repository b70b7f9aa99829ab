//! `min-score`: files against the originals they were made of.

use std::path::{Path, PathBuf};

use super::Gate;
use super::encode::quality;
use crate::check::budget::Limit;
use crate::check::outcome::Figure;
use crate::check::rules::{Breach, Place, apart};
use crate::metric::{self, METRICS, Metric};
use crate::source::Format;
use crate::source::path::RelPath;
use crate::variant::Goal;

/// A file and the original it was made of.
#[derive(Clone)]
pub struct Pair {
    /// The file.
    pub file: PathBuf,
    /// The original.
    pub original: PathBuf,
    /// The metric that compares them.
    pub metric: &'static dyn Metric,
    /// The places of the budget, of its rule, and of the file.
    place: [usize; 3],
}

impl Gate<'_> {
    /// What must be scored: for each `min-score` the files that have an original. A rule without any is said to be about
    /// nothing.
    pub fn pairs(&mut self) -> Vec<Pair> {
        let mut all = Vec::new();
        for ([nth, rule_nth], budget, rule) in self.rules() {
            let Limit::MinScore {
                floor: Goal::Score { metric, .. },
                against,
            } = &rule.limit
            else {
                continue;
            };
            let Some(metric) = metric::find(METRICS, metric) else {
                continue;
            };
            let files = self.of_budget(nth).filter(|(_, file)| {
                let drawing = file.facts.format == Some(Format::Svg);
                !drawing && self.exempt(budget, file).is_none()
            });
            let files: Vec<usize> = files.map(|(at, _)| at).collect();
            let original = |key: &RelPath| {
                let at = self.setup.root.join(key.as_path());
                let original = self.setup.root.join(original(against, key.as_path()));
                (original != at && original.is_file()).then_some(original)
            };
            let pairs = files.iter().filter_map(|at| {
                let file = &self.files[*at];
                Some(Pair {
                    file: file.at.clone(),
                    original: original(&file.key)?,
                    metric,
                    place: [nth, rule_nth, *at],
                })
            });
            let pairs: Vec<Pair> = pairs.collect();
            let without = files.len() - pairs.len();
            if without > 0 {
                let (config, line) = (&self.setup.config, rule.line);
                let files = match without {
                    1 => "1 file has".to_owned(),
                    n => format!("{n} files have"),
                };
                self.notes.push(format!(
                    "{config}:{line}: {files} no original at {against} to be scored against"
                ));
            }
            // Nothing of a quality floor that never met an original is within budget.
            let mut others = self.others.iter();
            let elsewhere =
                |key: &RelPath| budget.files.matches(key.as_path()) && original(key).is_some();
            if pairs.is_empty() && !files.is_empty() && !others.any(elsewhere) {
                self.met[nth] = false;
            }
            all.extend(pairs);
        }
        all
    }

    /// Takes in the scores of `pairs`, in their order.
    pub fn scored(&mut self, pairs: &[Pair], scores: Vec<Result<f64, String>>) {
        for (pair, score) in pairs.iter().zip(scores) {
            let [budget, rule, at] = pair.place;
            let budget = &self.budgets[budget];
            let rule = &budget.rules[rule];
            let file = &self.files[at];
            let score = match score {
                Ok(score) => score,
                Err(error) => {
                    let failure = file.failure("score", &error);
                    self.failures.push(failure);
                    continue;
                }
            };
            let Limit::MinScore {
                floor: goal @ Goal::Score { metric, at_least },
                ..
            } = rule.limit
            else {
                continue;
            };
            let Some(metric) = metric::find(METRICS, metric) else {
                continue;
            };
            let better = metric.info().better;
            let floor = at_least.value();
            let short = better.rising(floor) - better.rising(score);
            // A score that is no number never passes.
            if short <= 0.0 {
                continue;
            }
            let place = Place {
                config: &self.setup.config,
                budget,
                rule,
            };
            let original = RelPath::new(&pair.original, &self.setup.cwd);
            let breach = Breach {
                actual: Figure::Real(score),
                limit: Figure::Real(floor),
                unit: metric.info().id,
                message: format!(
                    "{} scores {} {} against {original}, worse than the {} of {place}",
                    file.path,
                    metric.info().name,
                    apart(score, floor),
                    quality(goal),
                ),
                hint: None,
                severity: short.abs(),
            };
            self.find(budget, rule, Some(at), breach);
        }
    }
}

/// Where the original of the file called `key` is: `{stem}`, `{name}`, `{ext}` and `{dir}` stand for parts of its name.
fn original(against: &str, key: &Path) -> PathBuf {
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_os_string();
    let dir = match key.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir.as_os_str().to_os_string(),
        _ => ".".into(),
    };
    let parts = [
        ("{stem}", part(key.file_stem())),
        ("{name}", part(key.file_name())),
        ("{ext}", part(key.extension())),
        ("{dir}", dir),
    ];
    let mut path = std::ffi::OsString::new();
    let mut rest = against;
    'text: while !rest.is_empty() {
        for (name, value) in &parts {
            if let Some(after) = rest.strip_prefix(name) {
                path.push(value);
                rest = after;
                continue 'text;
            }
        }
        let next = rest.chars().next().map_or(rest.len(), char::len_utf8);
        path.push(&rest[..next]);
        rest = &rest[next..];
    }
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_original_is_found_by_parts_of_the_name() {
        for (against, found) in [
            ("originals/{stem}.png", "originals/hero.min.png"),
            ("{dir}/src/{name}", "img/a/src/hero.min.jpg"),
            ("{ext}/{stem}{x}", "jpg/hero.min{x}"),
        ] {
            let original = original(against, Path::new("img/a/hero.min.jpg"));
            assert_eq!(original, Path::new(found));
        }
    }
}
