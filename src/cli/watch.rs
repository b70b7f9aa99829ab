//! What is seen of a run while it goes on.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use imgbench::Report;
use imgbench::plan::Plan;
use imgbench::render::ndjson;
use imgbench::report::{Failure, ImageReport};
use imgbench::run::{self, Observer, Outcome};

use super::pictures::forget_files;
use super::progress::Progress;

/// Shows progress, streams lines, and holds what is found so that a signal does not lose it.
pub(super) struct Watch {
    pub(super) progress: Progress,
    pub(super) stream: Option<Stream>,
    /// What is found so far; `None` once it was taken, after which nothing is told any more.
    found: Mutex<Option<Outcome>>,
}

impl Watch {
    /// Watches with `progress`, and streams to standard output where there is a `stream`.
    pub(super) fn new(progress: Progress, stream: Option<Stream>) -> Self {
        Self {
            progress,
            stream,
            found: Mutex::new(Some(Outcome::default())),
        }
    }

    fn found(&self) -> MutexGuard<'_, Option<Outcome>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What has been found; nothing is told after that.
    pub(super) fn taken(&self) -> Outcome {
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
pub(super) struct Stream {
    /// Whether lines carry timing.
    pub(super) timings: bool,
    /// Whether they name the files that were kept.
    pub(super) kept: bool,
}

impl Stream {
    /// What stands before any image.
    pub(super) fn begin(&self, plan: &Plan) -> io::Result<()> {
        self.line(&ndjson::header_line(&ndjson::Header::of(&run::header(
            plan,
        )))?);
        for failure in &plan.failures {
            self.line(&ndjson::failure_line(failure)?);
        }
        for skipped in &plan.skipped {
            self.line(&ndjson::skipped_line(skipped)?);
        }
        Ok(())
    }

    /// What stands after the last.
    pub(super) fn end(&self, report: &Report) -> io::Result<()> {
        self.line(&ndjson::last_line(report)?);
        Ok(())
    }

    fn image(&self, image: &ImageReport) {
        let mut image = image.clone();
        if !self.timings {
            image.drop_timings();
        }
        if !self.kept {
            forget_files(&mut image);
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
