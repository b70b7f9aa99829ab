//! Plan → Report: the only parallel code. Workers of one pool of our own take steps from one queue; codecs and metrics
//! are single-threaded inside.

mod clock;
mod describe;
mod footing;
mod guard;
mod header;
mod image;
mod import;
mod keep;
mod ladder;
mod measure;
mod open;
mod peak;
mod queue;
mod recall;
mod repeat;
mod rung;
mod scores;
mod state;
mod step;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use self::clock::{milliseconds, timed};
use self::guard::guarded;
use self::image::Image;
use self::queue::{After, Queue, Ticket};
use self::step::{Bounds, Outlook, Step};
use crate::cache::Cache;
use crate::plan::Plan;
use crate::report::{Failure, ImageReport, Report, RunTiming};

pub use self::header::header;
pub use self::repeat::{Rounds, repeat};
pub use self::scores::{Comparison, scores};

/// What a run may use.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Jobs at a time, 1 or more.
    pub jobs: usize,
    /// Bytes for pictures, encoders and metrics together.
    pub max_memory: u64,
    /// Where results of earlier runs are, and those of this one go.
    pub cache: Option<Arc<Cache>>,
}

/// A step that was done, and when.
#[derive(Debug, Clone)]
pub struct Span {
    /// Name of the image.
    pub image: String,
    /// `open`, `decode`, `prepare`, `encode`, `judge` or `search`.
    pub kind: &'static str,
    /// The variant or metric it is about; empty where it is about the image.
    pub subject: String,
    /// Which of the run's threads did it, from 0.
    pub worker: usize,
    /// Since the run began.
    pub begin: Duration,
    /// How long it took.
    pub wall: Duration,
    /// CPU time of it.
    pub cpu: Duration,
    /// CPU nanoseconds it was expected to take; 0 where nothing was.
    pub cost: f64,
}

/// Told of a run's progress, from any worker thread.
pub trait Observer: Sync {
    /// A step of an image begins; `done` is the part of all work that is behind, 0 to 1.
    fn step(&self, _image: &str, _done: f64) {}
    /// An image is measured.
    fn image(&self, _image: &ImageReport) {}
    /// A step is done.
    fn span(&self, _span: &Span) {}
    /// An input gave no image.
    fn failure(&self, _failure: &Failure) {}
}

/// Stops a run from another thread: steps under way end, no new one begins.
#[derive(Debug, Default)]
pub struct Cancel(AtomicBool);

impl Cancel {
    /// Asks the run to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Why a run could not begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The system gives no threads.
    #[error("cannot start {jobs} worker threads")]
    Threads {
        /// Threads asked for.
        jobs: usize,
        /// The system's answer.
        #[source]
        source: rayon::ThreadPoolBuildError,
    },
}

/// Runs `plan`. Failures of inputs and entries are data in the report; after a [`Cancel`] it holds the images that were
/// measured in full.
///
/// # Errors
/// When the worker threads cannot be started.
pub fn run(
    plan: &Plan,
    machine: Machine,
    observer: &dyn Observer,
    cancel: &Cancel,
) -> Result<Report, RunError> {
    let jobs = machine.jobs.max(1);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .thread_name(|i| format!("imgbench-{i}"))
        .build();
    let pool = pool.map_err(|source| RunError::Threads { jobs, source })?;
    let head = header(plan);
    let work = Work::new(plan, &head, &machine, observer, cancel);
    pool.broadcast(|worker| work.labour(worker.index()));
    let timing = RunTiming {
        cpu_ms: (work.cpu_ns.load(Ordering::Relaxed) as f64 / 1e3).round() / 1e3,
        wall_ms: milliseconds(work.begin.elapsed()),
        jobs,
    };
    let outcome = work
        .outcome
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    Ok(assemble(plan, outcome, Some(timing)))
}

/// The report of whatever images are there: of a whole run, or of one that was cut short.
pub fn assemble(plan: &Plan, outcome: Outcome, timing: Option<RunTiming>) -> Report {
    let Outcome {
        images,
        mut failures,
    } = outcome;
    failures.extend(plan.failures.iter().cloned());
    let mut report = Report {
        images,
        failures,
        skipped: plan.skipped.clone(),
        timing,
        ..header(plan)
    };
    report.sort();
    report.derive();
    report
}

/// What a run has found so far, in no order.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Images measured in full.
    pub images: Vec<ImageReport>,
    /// Inputs that gave no image.
    pub failures: Vec<Failure>,
}

/// What the workers share.
struct Work<'a> {
    images: Vec<Image<'a>>,
    queue: Queue<Step>,
    observer: &'a dyn Observer,
    cancel: &'a Cancel,
    outcome: Mutex<Outcome>,
    cpu_ns: AtomicU64,
    steps_done: AtomicU64,
    steps: u64,
    steps_per_image: u64,
    begin: Instant,
}

impl<'a> Work<'a> {
    fn new(
        plan: &'a Plan,
        head: &'a Report,
        machine: &'a Machine,
        observer: &'a dyn Observer,
        cancel: &'a Cancel,
    ) -> Self {
        // A tenth is left for the program itself and what its allocator keeps.
        let memory = machine.max_memory - machine.max_memory / 10;
        let bounds = Bounds {
            memory,
            contended: machine.jobs > 1,
        };
        let images: Vec<Image<'a>> = (0..plan.sources.len())
            .map(|i| Image::new(plan, head, i, bounds, machine.cache.as_deref()))
            .collect();
        let mut order: Vec<usize> = (0..images.len()).collect();
        // Stable, so equals keep their order by path.
        order.sort_by_key(|&i| std::cmp::Reverse(plan.sources[i].bytes));
        let first = order.iter().map(|&i| images[i].first()).collect();
        let steps_per_image = Image::steps(plan) as u64;
        Self {
            queue: Queue::new(first, machine.jobs.max(1), memory),
            steps: images.len() as u64 * steps_per_image,
            steps_per_image,
            images,
            observer,
            cancel,
            outcome: Mutex::default(),
            cpu_ns: AtomicU64::new(0),
            steps_done: AtomicU64::new(0),
            begin: Instant::now(),
        }
    }

    /// What each worker does until nothing is left.
    fn labour(&self, worker: usize) {
        while let Some(ticket) = self.queue.take() {
            if self.cancel.is_cancelled() {
                self.queue.stop();
                break;
            }
            let after = self.work(&ticket, worker);
            self.queue.finish(&ticket, after);
        }
    }

    fn work(&self, ticket: &Ticket<Step>, worker: usize) -> After<Step> {
        let image = &self.images[ticket.image];
        let done = self.steps_done.fetch_add(1, Ordering::Relaxed);
        // Steps are counted roughly: an image with two sides takes more, one that is lost takes fewer.
        let share = (done as f64 / self.steps.max(1) as f64).min(1.0);
        self.observer.step(&image.name(), share);
        let begin = self.begin.elapsed();
        let (outlook, lap) = timed(|| guarded(|| image.advance(ticket.step)));
        self.cpu_ns
            .fetch_add(lap.cpu.as_nanos() as u64, Ordering::Relaxed);
        let (kind, subject) = ticket.step.told(image.plan);
        self.observer.span(&Span {
            image: image.name(),
            kind,
            subject,
            worker,
            begin,
            wall: lap.wall,
            cpu: lap.cpu,
            cost: ticket.cost,
        });
        let outlook = outlook.unwrap_or_else(|panic| image.after_panic(ticket.step, &panic));
        let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        match outlook {
            Outlook::Next(tasks) => return After::Next(tasks),
            Outlook::Measured(reports) => {
                reports
                    .iter()
                    .for_each(|report| self.observer.image(report));
                outcome.images.extend(reports);
            }
            Outlook::Lost(failure) => {
                // The steps it will not take are behind, too.
                self.steps_done
                    .fetch_add(self.steps_per_image.saturating_sub(1), Ordering::Relaxed);
                self.observer.failure(&failure);
                outcome.failures.push(failure);
            }
        }
        After::Closed
    }
}
