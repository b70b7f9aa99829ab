//! `imgbench compare`: the main job.

use std::sync::Arc;

use anyhow::Context;
use imgbench::Report;
use imgbench::plan::Plan;
use imgbench::run::{self, Cancel, Machine, Rounds};

use super::compare_args::Args;
use super::compare_plan::plan;
use super::pictures::Negatives;
use super::progress::Progress;
use super::signals::Signals;
use super::trace::Trace;
use super::watch::{Stream, Watch};
use super::{DONE, Global, INCOMPLETE, allocator, cache, terminal};

/// Most failures told on standard error.
const TOLD: usize = 20;

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> anyhow::Result<u8> {
    let outputs = args.output.open()?;
    let mut plan = plan(args)?;
    let page = outputs.pictures().is_some();
    let negatives = page.then(|| Negatives::of(&mut plan)).transpose()?;
    // Hours of encoding are not to end in a mistake that shows before.
    outputs.map_quality(&mut run::header(&plan))?;
    if !global.quiet {
        warn_of_slow_builds(&plan);
    }
    let trace = args.trace.as_deref().map(Trace::create).transpose()?;
    let cache = args.cache.open();
    let machine = args.limits.machine(cache.clone());
    let show = !global.quiet && !args.no_progress;
    let progress = if show {
        Progress::visible()
    } else {
        Progress::hidden()
    };
    let stream = outputs.streams();
    let timings = !outputs.no_timings();
    let outputs = if stream {
        outputs.without_stdout()
    } else {
        outputs
    };
    let kept = !negatives.as_ref().is_some_and(Negatives::are_temporary);
    let stream = stream.then_some(Stream { timings, kept });
    let watch = Arc::new(Watch::new(progress, stream, trace));
    let signals = Signals::watch().context("cannot listen for signals")?;
    let (plan, seen) = (Arc::new(plan), watch.clone());
    let (mut report, interrupted) = measure(plan, machine, args.repeat, seen, &signals)?;
    watch.trace.as_ref().map_or(Ok(()), Trace::write)?;
    if let Some(cache) = &cache {
        cache::close(cache, global);
    }
    let table = outputs.shows_table();
    // Who interrupts a run does not want to wait for pictures.
    let place = outputs.pictures().filter(|_| interrupted.is_none());
    let gallery = negatives.map(|negatives| negatives.developed(&mut report, place));
    let gallery = gallery.transpose()?.unwrap_or_default();
    outputs.write(&mut report, &gallery, global)?;
    if !table && !global.quiet {
        tell_failures(&report, global);
    }
    let incomplete =
        report.summary.failures + report.summary.failed_entries > 0 && !args.allow_failures;
    Ok(interrupted.unwrap_or(if incomplete { INCOMPLETE } else { DONE }))
}

fn warn_of_slow_builds(plan: &Plan) {
    let mut warned = Vec::new();
    for codec in plan.variants.iter().map(|v| v.codec()) {
        let id = codec.info().id;
        if let Some(warning) = codec.build_warning().filter(|_| !warned.contains(&id)) {
            terminal::complain(&format!("warning: {id} {warning}"));
            warned.push(id);
        }
    }
}

fn tell_failures(report: &Report, global: &Global) {
    for failure in report.failures.iter().take(TOLD) {
        terminal::complain_of(&failure.path, &failure.error);
    }
    if report.failures.len() > TOLD {
        terminal::complain(&format!(
            "and {} more inputs could not be measured",
            report.failures.len() - TOLD
        ));
    }
    if global.verbose {
        report
            .skipped
            .iter()
            .for_each(|s| terminal::complain_of(&s.path, &s.reason));
    }
}

/// Measures while `signals` are listened for; the exit code of the one that came, if one did.
pub(super) fn measure(
    plan: Arc<Plan>,
    machine: Machine,
    repeat: Option<u32>,
    watch: Arc<Watch>,
    signals: &Signals,
) -> anyhow::Result<(Report, Option<u8>)> {
    let cancel = Arc::new(Cancel::default());
    if let Some(stream) = &watch.stream {
        stream.begin(&plan)?;
    }
    let work = (plan.clone(), watch.clone(), cancel.clone());
    let (report, interrupted) = signals.attend(&cancel, move || {
        let (plan, watch, cancel) = work;
        let mut report = run::run(&plan, machine, &*watch, &cancel);
        if let (Ok(report), Some(rounds)) = (&mut report, repeat) {
            let rounds = Rounds {
                timed: rounds,
                release: &allocator::release,
            };
            run::repeat(&plan, report, &rounds, &*watch, &cancel);
        }
        report
    })?;
    let mut report = match report {
        Some(report) => report?,
        None => run::assemble(&plan, watch.taken(), None),
    };
    watch.progress.clear();
    if let Some(stream) = &watch.stream {
        if !stream.timings {
            report.drop_timings();
        }
        stream.end(&report)?;
    }
    Ok((report, interrupted))
}
