//! `imgbench compare`: the main job.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};
use imgbench::Report;
use imgbench::codec::CODECS;
use imgbench::config;
use imgbench::metric::METRICS;
use imgbench::plan::{
    self, Inputs, Keep, Limits, LosslessToo, LossySources, Plan, Selection, Shard,
};
use imgbench::render::ndjson;
use imgbench::report::{Failure, ImageReport, SkippedFile};
use imgbench::run::{self, Cancel, Machine, Observer, Outcome};
use imgbench::source::discover::{self, Exclude, Hidden, IgnoreFiles, Input, Separator, Walk};

use super::compare_args::Args;
use super::progress::Progress;
use super::signals::Signals;
use super::{DONE, Global, INCOMPLETE, machine, terminal};

/// How long steps under way may take to end after a signal, before the report is written without them.
const GRACE: Duration = Duration::from_millis(300);

/// Most failures told on standard error.
const TOLD: usize = 20;

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> anyhow::Result<u8> {
    let outputs = args.output.open()?;
    let plan = plan(args)?;
    if !global.quiet {
        warn_of_slow_builds(&plan);
    }
    let machine = Machine {
        jobs: args.jobs.map_or_else(machine::cores, usize::from),
        max_memory: args.max_memory.unwrap_or_else(machine::half_of_memory),
    };
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
    let watch = Watch {
        progress,
        found: Mutex::new(Some(Outcome::default())),
        stream: stream.then(|| Stream::new(timings)),
    };
    let (mut report, interrupted) = measure(Arc::new(plan), machine, Arc::new(watch))?;
    let table = outputs.shows_table();
    outputs.write(&mut report, global)?;
    if !table && !global.quiet {
        tell_failures(&report, global);
    }
    let incomplete =
        report.summary.failures + report.summary.failed_entries > 0 && !args.allow_failures;
    Ok(interrupted.unwrap_or(if incomplete { INCOMPLETE } else { DONE }))
}

fn plan(args: &Args) -> anyhow::Result<Plan> {
    let cwd = std::env::current_dir().context("the working directory is gone")?;
    let (config, folder) = configuration(args, &cwd)?;
    let explicit = !args.variant.is_empty()
        && args.formats.is_none()
        && args.quality.is_none()
        && !args.lossless;
    let formats = args
        .formats
        .clone()
        .or(config.formats)
        .filter(|_| !explicit);
    let selection = Selection {
        formats: formats.unwrap_or_else(|| {
            if explicit {
                vec![]
            } else {
                ["jpeg", "png", "webp"].map(String::from).into()
            }
        }),
        qualities: args
            .quality
            .clone()
            .or(config.quality)
            .unwrap_or_else(|| vec![60, 80]),
        lossless: if args.lossless {
            LosslessToo::Yes
        } else {
            LosslessToo::No
        },
        explicit: args.variant.clone(),
    };
    let variants = plan::variants(&selection, CODECS)?;
    let metric_ids = args
        .metrics
        .clone()
        .or(config.metrics)
        .unwrap_or_else(|| vec!["ssimulacra2".into()]);
    let metrics = plan::metrics(&metric_ids, METRICS)?;
    let baseline = baseline(args.baseline.clone().or(config.baseline))?;
    let (inputs, stdin) = inputs(args)?;
    let walk = Walk {
        ignore_files: if args.no_ignore {
            IgnoreFiles::Skip
        } else {
            IgnoreFiles::Honour
        },
        hidden: if args.hidden {
            Hidden::Take
        } else {
            Hidden::Skip
        },
        exclude: Exclude::new(&folder, &config.exclude)?,
        max_file_size: args.max_file_size,
        cwd: cwd.clone(),
    };
    let keep = args
        .keep
        .as_deref()
        .map(|folder| keep(folder, &cwd))
        .transpose()?;
    let found = Inputs::new(
        discover::discover(&inputs, &walk),
        stdin,
        args.shard.unwrap_or(Shard::WHOLE),
    );
    if found.in_all == 0 {
        bail!(
            "no image found; name files or folders that hold images{}",
            passed_over(&found.skipped)
        );
    }
    Ok(Plan {
        sources: found.sources,
        failures: found.failures,
        skipped: found.skipped,
        variants,
        metrics,
        baseline,
        background: args.background,
        limits: Limits {
            max_pixels: args.max_pixels,
            max_file_size: args.max_file_size,
        },
        lossy_sources: if args.strict_lossless_sources {
            LossySources::Refuse
        } else {
            LossySources::Measure
        },
        keep,
    })
}

/// What the configuration file says of this command, and the folder its globs are relative to.
fn configuration(args: &Args, cwd: &Path) -> anyhow::Result<(config::Compare, PathBuf)> {
    let Some(path) = args.config.clone().or_else(|| config::find(cwd)) else {
        return Ok((config::Compare::default(), cwd.into()));
    };
    let path = cwd.join(path);
    Ok((config::load(&path)?.compare, config::root(&path).into()))
}

fn baseline(wanted: Option<String>) -> anyhow::Result<String> {
    let id = wanted.unwrap_or_else(|| "jpeg".into());
    let codec = imgbench::codec::find(CODECS, &id);
    let codec = codec.with_context(|| format!("--baseline {id}: this build has no such format"))?;
    Ok(codec.info().format.into())
}

/// What the user named, and what standard input holds if that is an image.
fn inputs(args: &Args) -> anyhow::Result<(Vec<Input>, Option<Vec<u8>>)> {
    let dash = |path: &Path| path.as_os_str() == "-";
    let mut inputs: Vec<Input> = args
        .paths
        .iter()
        .map(|p| {
            if dash(p) {
                Input::Stdin
            } else {
                Input::Path(p.clone())
            }
        })
        .collect();
    let image_on_stdin = inputs.contains(&Input::Stdin);
    if let Some(list) = &args.files_from {
        if dash(list) && image_on_stdin {
            bail!("standard input cannot be both an image and a list of files");
        }
        let bytes = if dash(list) {
            stdin()?
        } else {
            std::fs::read(list).with_context(|| format!("cannot read {}", list.display()))?
        };
        let separator = if args.null {
            Separator::Nul
        } else {
            Separator::Newline
        };
        inputs.extend(
            discover::parse_list(&bytes, separator)
                .into_iter()
                .map(Input::Listed),
        );
    } else if inputs.is_empty() {
        inputs.push(Input::Path(".".into()));
    }
    let image = if image_on_stdin {
        Some(stdin_up_to(args.max_file_size)?)
    } else {
        None
    };
    Ok((inputs, image))
}

fn stdin() -> anyhow::Result<Vec<u8>> {
    stdin_up_to(u64::MAX - 1)
}

fn stdin_up_to(limit: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    if bytes.len() as u64 > limit {
        bail!("standard input is over the limit of {limit} bytes: raise --max-file-size");
    }
    Ok(bytes)
}

fn keep(folder: &Path, cwd: &Path) -> anyhow::Result<Keep> {
    std::fs::create_dir_all(folder)
        .and_then(|()| tempfile::tempfile_in(folder))
        .with_context(|| format!("cannot keep files in {}", folder.display()))?;
    Ok(Keep {
        folder: cwd.join(folder),
        base: cwd.into(),
    })
}

fn passed_over(skipped: &[SkippedFile]) -> String {
    let count = skipped.len();
    match skipped.first() {
        None => String::new(),
        Some(file) => format!(
            " ({count} passed over, such as {}: {})",
            file.path, file.reason
        ),
    }
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
        terminal::complain(&format!("{}: {}", failure.path, failure.error));
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
            .for_each(|s| terminal::complain(&format!("{}: {}", s.path, s.reason)));
    }
}

/// Measures on another thread while this one listens for signals; the exit code of the signal, if one came.
fn measure(
    plan: Arc<Plan>,
    machine: Machine,
    watch: Arc<Watch>,
) -> anyhow::Result<(Report, Option<u8>)> {
    let signals = Signals::watch().context("cannot listen for signals")?;
    let cancel = Arc::new(Cancel::default());
    if let Some(stream) = &watch.stream {
        stream.line(&ndjson::header_line(&ndjson::Header::of(&run::header(
            &plan,
        )))?);
        plan.failures
            .iter()
            .filter_map(|f| ndjson::failure_line(f).ok())
            .for_each(|line| stream.line(&line));
        plan.skipped
            .iter()
            .filter_map(|s| ndjson::skipped_line(s).ok())
            .for_each(|line| stream.line(&line));
    }
    let (send, receive) = mpsc::channel();
    let work = (plan.clone(), watch.clone(), cancel.clone());
    std::thread::spawn(move || {
        let (plan, watch, cancel) = work;
        // The receiver may be gone after a signal: then nobody waits for this report.
        let _ = send.send(run::run(&plan, machine, &*watch, &cancel));
    });
    let mut interrupted = None;
    let mut report = loop {
        let patience = if interrupted.is_some() {
            GRACE
        } else {
            Duration::from_millis(50)
        };
        match receive.recv_timeout(patience) {
            Ok(report) => break report?,
            Err(RecvTimeoutError::Disconnected) => {
                bail!("internal error: the run ended without a report")
            }
            Err(RecvTimeoutError::Timeout) if interrupted.is_some() => {
                break run::assemble(&plan, watch.taken(), None);
            }
            Err(RecvTimeoutError::Timeout) => {
                interrupted = signals.exit_code();
                if interrupted.is_some() {
                    cancel.cancel();
                }
            }
        }
    };
    watch.progress.clear();
    if let Some(stream) = &watch.stream {
        if !stream.timings {
            report.drop_timings();
        }
        stream.line(&ndjson::summary_line(
            &report.summary,
            report.timing.as_ref(),
        )?);
    }
    Ok((report, interrupted))
}

/// Shows progress, streams lines, and holds what is found so that a signal does not lose it.
struct Watch {
    progress: Progress,
    /// What is found so far; `None` once it was taken, after which nothing is told any more.
    found: Mutex<Option<Outcome>>,
    stream: Option<Stream>,
}

impl Watch {
    fn found(&self) -> MutexGuard<'_, Option<Outcome>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn taken(&self) -> Outcome {
        self.found().take().unwrap_or_default()
    }
}

impl Observer for Watch {
    fn step(&self, image: &str, done: f64) {
        self.progress.show(image, done);
    }

    fn image(&self, image: &ImageReport) {
        let mut found = self.found();
        let Some(found) = found.as_mut() else { return };
        found.images.push(image.clone());
        if let Some(stream) = &self.stream {
            stream.image(image);
        }
    }

    fn failure(&self, failure: &Failure) {
        let mut found = self.found();
        let Some(found) = found.as_mut() else { return };
        found.failures.push(failure.clone());
        if let (Some(stream), Ok(line)) = (&self.stream, ndjson::failure_line(failure)) {
            stream.line(&line);
        }
    }
}

/// NDJSON on standard output, line by line as images finish.
struct Stream {
    timings: bool,
}

impl Stream {
    fn new(timings: bool) -> Self {
        Self { timings }
    }

    fn image(&self, image: &ImageReport) {
        let mut image = image.clone();
        if !self.timings {
            image.drop_timings();
        }
        if let Ok(line) = ndjson::image_line(&image) {
            self.line(&line);
        }
    }

    /// A reader that has gone away is no error: the run goes on for the files it writes.
    fn line(&self, line: &str) {
        let mut stdout = io::stdout().lock();
        let _ = writeln!(stdout, "{}", line.trim_end()).and_then(|()| stdout.flush());
    }
}
