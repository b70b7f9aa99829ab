//! One image on its way through a run: opened and decoded once, then measured at each of its widths. Each step is one
//! task for one thread.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::open::Opened;
use super::queue::{Claim, Task};
use super::rung::Rung;
use super::step::{Bounds, Outlook, Settled, Step};
use super::{describe, open};
use crate::cache::Cache;
use crate::plan::{Plan, Source};
use crate::report::{Failure, ImageReport, Report};
use crate::source::SourceError;

/// One image of the plan.
pub(super) struct Image<'p> {
    pub(super) plan: &'p Plan,
    /// The run's report without images.
    pub(super) head: &'p Report,
    pub(super) source: &'p Source,
    /// Its place in the plan.
    pub(super) index: usize,
    pub(super) bounds: Bounds,
    /// What earlier runs measured.
    pub(super) cache: Option<&'p Cache>,
    opened: OnceLock<Arc<Opened>>,
    /// Since it was decoded.
    rungs: OnceLock<Vec<Rung<'p>>>,
    /// Those that are done.
    reports: Mutex<Vec<ImageReport>>,
}

impl<'p> Image<'p> {
    pub(super) fn new(
        plan: &'p Plan,
        head: &'p Report,
        index: usize,
        bounds: Bounds,
        cache: Option<&'p Cache>,
    ) -> Self {
        Self {
            plan,
            head,
            source: &plan.sources[index],
            index,
            bounds,
            cache,
            opened: OnceLock::new(),
            rungs: OnceLock::new(),
            reports: Mutex::default(),
        }
    }

    /// The first step.
    pub(super) fn first(&self) -> Task<Step> {
        self.task(Step::Open, 0.0, Claim::Brief(self.source.bytes))
    }

    /// Name of the image for people.
    pub(super) fn name(&self) -> String {
        self.source.path.text()
    }

    /// Steps this image takes in all, roughly: for a progress bar.
    pub(super) fn steps(plan: &Plan) -> usize {
        2 + plan.widths.len().max(1) * (plan.variants.len() * 2 + plan.metrics.len())
    }

    /// Does one step, which no other thread does.
    pub(super) fn advance(&self, step: Step) -> Outlook {
        let next = match step {
            Step::Open => self.open(),
            Step::Decode => self.decode(),
            Step::At(nth, act) => self.at(nth).map(|rung| self.gather([rung.advance(act)])),
        };
        next.unwrap_or_else(Outlook::Lost)
    }

    /// What is left after a step that panicked outside the guards around codecs and metrics: a bug of ours, which
    /// still costs this image only.
    pub(super) fn after_panic(&self, step: Step, message: &str) -> Outlook {
        let next = match step {
            Step::Open | Step::Decode => {
                let error = SourceError::malformed(message);
                Err(describe::failure(self.source, error.stage(), &error))
            }
            Step::At(nth, act) => {
                let rung = self.at(nth);
                rung.map(|rung| self.gather([rung.after_panic(act, message)]))
            }
        };
        next.unwrap_or_else(Outlook::Lost)
    }

    fn open(&self) -> Result<Outlook, Failure> {
        let opened = open::open(self.plan, self.source, self.bounds.memory)?;
        let opened = Arc::new(opened);
        if let Some(reports) = self.recalled(&opened) {
            return Ok(Outlook::Measured(reports));
        }
        let claim = Claim::Reserve(opened.footing.reserve);
        let work = self.work(&opened);
        self.opened.get_or_init(|| opened);
        Ok(Outlook::Next(vec![self.task(Step::Decode, work, claim)]))
    }

    /// CPU nanoseconds that measuring takes at all widths, roughly.
    fn work(&self, opened: &Opened) -> f64 {
        let judging: f64 = self.plan.metrics.iter().map(|m| m.ns_per_pixel()).sum();
        let variants = self.plan.variants.iter();
        let encoding = variants.map(|v| v.codec().cost(v.settings()).ns_per_pixel + judging);
        let sizes = opened.fits.iter().map(|fit| fit.size.map(f64::from));
        let pixels: f64 = sizes.map(|[width, height]| width * height).sum();
        encoding.sum::<f64>() * pixels
    }

    /// The reports, where earlier runs measured all that is in them: then nothing is decoded.
    fn recalled(&self, opened: &Arc<Opened>) -> Option<Vec<ImageReport>> {
        self.cache?;
        let rungs = 0..opened.fits.len();
        let mut rungs = rungs.map(|nth| Rung::new(self, nth, opened.clone(), None));
        rungs.try_fold(Vec::new(), |mut reports, rung| {
            reports.push(rung.recalled()?);
            Some(reports)
        })
    }

    fn decode(&self) -> Result<Outlook, Failure> {
        let opened = self.opened.get();
        let opened = opened.ok_or_else(|| self.failure("it was never opened"))?;
        let pictures = open::decode(self.plan, self.source, opened)?;
        let rungs = pictures.into_iter().enumerate();
        let rungs =
            rungs.map(|(nth, pictures)| Rung::new(self, nth, opened.clone(), Some(pictures)));
        let rungs = self.rungs.get_or_init(|| rungs.collect());
        Ok(self.gather(rungs.iter().map(Rung::start)))
    }

    /// The image is done when it is at all widths.
    fn gather(&self, settled: impl IntoIterator<Item = Settled>) -> Outlook {
        let mut reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tasks = Vec::new();
        for settled in settled {
            match settled {
                Settled::Next(more) => tasks.extend(more),
                Settled::Measured(report) => reports.push(*report),
            }
        }
        match self.rungs.get() {
            Some(rungs) if reports.len() == rungs.len() => {
                Outlook::Measured(std::mem::take(&mut *reports))
            }
            _ => Outlook::Next(tasks),
        }
    }

    fn at(&self, nth: usize) -> Result<&Rung<'p>, Failure> {
        let rung = self.rungs.get().and_then(|rungs| rungs.get(nth));
        rung.ok_or_else(|| self.failure("it was never decoded"))
    }

    fn failure(&self, why: &str) -> Failure {
        describe::failure(self.source, "decode", &why)
    }

    fn task(&self, step: Step, cost: f64, claim: Claim) -> Task<Step> {
        Task {
            image: self.index,
            step,
            cost,
            claim,
        }
    }
}
