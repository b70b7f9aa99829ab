//! `imgbench check`: the gate.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use imgbench::atomic;
use imgbench::check::{
    BASELINE, Base, Baseline, Budget, Check, Date, Failures, Gate, Level, Scope, Setup, Terms,
    Verdict,
};
use imgbench::config::{self, Config};
use imgbench::render::CHECK_RENDERERS;
use imgbench::run::{self, Cancel, Comparison};
use imgbench::source::discover::{self, Candidate, Drawings, Exclude, Found, Input, Walk};
use imgbench::source::path::RelPath;

use super::actions::Annotations;
use super::check_args::Args;
use super::output::{Places, plain};
use super::progress::Progress;
use super::signals::Signals;
use super::watch::Watch;
use super::{DONE, Global, INCOMPLETE, VIOLATION, actions, cache, compare, terminal};

/// The configuration and where things are.
struct Project {
    config: Config,
    /// The file's name for people.
    name: String,
    /// What its globs are relative to.
    root: PathBuf,
    cwd: PathBuf,
}

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> anyhow::Result<u8> {
    let places = Places::open(CHECK_RENDERERS, &args.outputs, args.format)?;
    let project = Project::open(args)?;
    let walk = project.walk(args)?;
    let candidates = discover::discover(&project.inputs(args)?, &walk);
    if !candidates.iter().any(is_there) {
        bail!("no image found: nothing was checked");
    }
    let setup = Setup {
        config: project.name.clone(),
        root: project.root.clone(),
        cwd: project.cwd.clone(),
        today: today(),
        max_file_size: args.limits.max_file_size,
        base: project.base(args)?,
        scope: match args.paths.is_empty() && args.walk.files_from.is_none() {
            true => Scope::Everything,
            false => Scope::Named,
        },
    };
    let mut gate = Gate::new(&project.config.budgets, setup, candidates);
    if gate.misses_files() {
        let everything = [Input::Path(project.root.clone())];
        gate.elsewhere(&discover::discover(&everything, &walk));
    }
    let interrupted = measure(&mut gate, args, global)?;
    if interrupted.is_some() {
        gate.interrupt();
    } else if args.update_baseline {
        project.save_baseline(&gate, args)?;
    }
    let check = gate.conclude(Terms {
        max_warnings: args.max_warnings,
        failures: if args.allow_failures {
            Failures::Forgive
        } else {
            Failures::Count
        },
    });
    tell(&check, places, global)?;
    Ok(interrupted.unwrap_or(match check.verdict {
        Verdict::Passed => DONE,
        Verdict::Failed => VIOLATION,
        Verdict::Incomplete => INCOMPLETE,
    }))
}

/// Writes the outcome everywhere it goes; who reads no further still gets the exit code.
fn tell(check: &Check, places: Places<Check>, global: &Global) -> anyhow::Result<()> {
    let table = places.shows_table();
    let annotations = match (table, places.shows("github")) {
        (true, _) => Annotations::Stdout,
        (_, false) => Annotations::Stderr,
        (_, true) => Annotations::AreThere,
    };
    match places.write(check, plain(global), None, global) {
        Err(error) if !terminal::is_closed_pipe(&error) => return Err(error),
        _ => {}
    }
    actions::tell(check, annotations)?;
    if !table && !global.quiet {
        for failure in &check.failures {
            terminal::complain_of(&failure.path, &failure.error);
        }
        for budget in &check.budgets {
            if let Some(missing) = budget.missing() {
                terminal::complain_of(&format!("{}:{}", check.config, budget.line), &missing);
            }
        }
        if check.verdict == Verdict::Failed {
            let errors = check.counts.errors;
            let warnings = check.counts.warnings;
            terminal::complain(&format!(
                "over budget (errors: {errors}, warnings: {warnings})"
            ));
        }
    }
    Ok(())
}

fn is_there(candidate: &Candidate) -> bool {
    !matches!(candidate.found, Found::Skipped { .. })
}

fn today() -> Date {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Date::of_unix(now.map_or(0, |since| since.as_secs()))
}

/// Encodes and scores what could still be over a budget; the exit code of a signal, if one came.
fn measure(gate: &mut Gate<'_>, args: &Args, global: &Global) -> anyhow::Result<Option<u8>> {
    let limits = args.limits.inputs();
    let cache = args.cache.open();
    let machine = args.limits.machine(cache.clone());
    let measurements = gate.measurements(limits)?;
    let signals = Signals::watch().context("cannot listen for signals")?;
    for (plan, measurement) in measurements {
        let progress = if global.quiet || args.no_progress {
            Progress::hidden()
        } else {
            Progress::visible()
        };
        let watch = Arc::new(Watch::new(progress, None, None));
        let (plan, machine) = (Arc::new(plan), machine.clone());
        let (report, interrupted) = compare::measure(plan, machine, None, watch, &signals)?;
        gate.measured(&measurement, &report);
        if interrupted.is_some() {
            return Ok(interrupted);
        }
    }
    if let Some(cache) = &cache {
        cache::close(cache, global);
    }
    let pairs = Arc::new(gate.pairs());
    if pairs.is_empty() {
        return Ok(None);
    }
    let cancel = Arc::new(Cancel::default());
    let work = (pairs.clone(), cancel.clone());
    let (scores, interrupted) = signals.attend(&cancel, move || {
        let (pairs, cancel) = work;
        let comparisons = pairs.iter().map(|pair| Comparison {
            file: &pair.file,
            original: &pair.original,
            metric: pair.metric,
        });
        let comparisons: Vec<Comparison<'_>> = comparisons.collect();
        run::scores(&comparisons, limits, machine, &cancel)
    })?;
    if let Some(scores) = scores {
        gate.scored(&pairs, scores?);
    }
    Ok(interrupted)
}

impl Project {
    fn open(args: &Args) -> anyhow::Result<Self> {
        let cwd = std::env::current_dir().context("the working directory is gone")?;
        let found = args.config.clone().or_else(|| config::find(&cwd));
        let path = found.context(
            "no imgbench.toml here or above: `imgbench init` writes one from the images it finds",
        )?;
        let path = cwd.join(path);
        let name = RelPath::new(&path, &cwd);
        let config = config::load(name.as_path())?;
        if config.budgets.is_empty() {
            bail!(
                "{name} has no [[budget]]: nothing was checked; `imgbench init` shows how they are written"
            );
        }
        Ok(Self {
            name: name.text(),
            root: config::root(&path).into(),
            config,
            cwd,
        })
    }

    fn inputs(&self, args: &Args) -> anyhow::Result<Vec<Input>> {
        let mut inputs: Vec<Input> = args.paths.iter().cloned().map(Input::Path).collect();
        match args.walk.listed()? {
            Some(listed) => inputs.extend(listed),
            None if inputs.is_empty() => inputs.push(Input::Path(self.root.clone())),
            None => {}
        }
        Ok(inputs)
    }

    fn walk(&self, args: &Args) -> anyhow::Result<Walk> {
        Ok(Walk {
            drawings: Drawings::Take,
            exclude: Exclude::new(&self.root, &self.config.compare.exclude)?,
            max_file_size: args.limits.max_file_size,
            ..args.walk.walk(&self.cwd)
        })
    }

    /// What is named, else the committed baseline, if there is one. What is about to be written anew says nothing yet.
    fn base(&self, args: &Args) -> anyhow::Result<Option<Base>> {
        let committed = self.root.join(BASELINE);
        let name = match &args.base {
            Some(name) if args.update_baseline && self.is_new(name) => return Ok(None),
            Some(name) => name.clone(),
            None if args.update_baseline || !committed.is_file() => return Ok(None),
            None => RelPath::new(&committed, &self.cwd).text(),
        };
        let budgets = self.config.budgets.iter();
        let active: Vec<&Budget> = budgets.filter(|b| b.level != Level::Off).collect();
        let wanted = |path: &Path| active.iter().any(|b| b.files.matches(path));
        let base = Base::read(&name, &self.root, &self.cwd, &wanted)?;
        Ok(Some(base))
    }

    /// Whether `--base` names a baseline that is not there yet.
    fn is_new(&self, name: &str) -> bool {
        name.ends_with(".json") && !self.cwd.join(name).exists()
    }

    /// Writes the baseline that `--base` names, if it names one: a report stays what it is.
    fn save_baseline(&self, gate: &Gate<'_>, args: &Args) -> anyhow::Result<()> {
        let read = |at: &Path| Baseline::from_json(&std::fs::read_to_string(at).ok()?);
        let named = args.base.as_ref().filter(|name| {
            self.is_new(name) || name.ends_with(".json") && read(&self.cwd.join(name)).is_some()
        });
        let at = named.map_or_else(|| self.root.join(BASELINE), |name| self.cwd.join(name));
        let baseline = gate.baseline(read(&at));
        let baseline = baseline.map_err(|f| anyhow::anyhow!("{}: {}", f.path, f.error))?;
        let saved = atomic::replace(&at, baseline.to_json()?.as_bytes());
        saved.with_context(|| format!("cannot write {}", terminal::shown(&at)))
    }
}
