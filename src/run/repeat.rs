//! Time that may be offered as speed: rounds of all encodes, one at a time, in an order that is shuffled anew each round, so
//! that what slows a machine down for a while does not fall on one codec.

use std::collections::BTreeMap;

use super::clock::{Lap, milliseconds, timed};
use super::guard::guarded;
use super::measure::{self, Encoded};
use super::open::{self, Opened, Pictures};
use super::peak::peak;
use super::{Cancel, Observer};
use crate::plan::{Plan, Source};
use crate::report::{ImageReport, Measurement, Outcome, Report, Timing, rounded};
use crate::stats::{Shuffle, quantile};
use crate::variant::{Goal, Variant};

/// How encodes are repeated.
pub struct Rounds<'a> {
    /// Rounds that are timed. One more looks at memory: the last, when all code and tables are resident.
    pub timed: u32,
    /// Gives memory that is kept for later back to the system: a peak is told from what is in use.
    pub release: &'a dyn Fn(),
}

/// What was seen of one entry.
#[derive(Default)]
struct Laps {
    encodes: Vec<Lap>,
    decodes: Vec<Lap>,
    peak: Option<u64>,
}

/// One entry that is encoded again.
struct Job<'a> {
    variant: Variant,
    pictures: &'a Pictures,
    before: Option<&'a Measurement>,
}

/// A repetition under way.
struct Repetition<'a> {
    plan: &'a Plan,
    report: &'a Report,
    shuffle: Shuffle,
    /// By place of the image in the report and of the variant in the plan.
    taken: BTreeMap<(usize, usize), Laps>,
}

/// Encodes and decodes every result of `report`, which is that of `plan`, in `rounds` more, and puts the median times in the
/// place of the run's own. After a [`Cancel`] it holds what was taken by then.
pub fn repeat(
    plan: &Plan,
    report: &mut Report,
    rounds: &Rounds<'_>,
    observer: &dyn Observer,
    cancel: &Cancel,
) {
    let mut repetition = Repetition {
        plan,
        report,
        shuffle: Shuffle::default(),
        taken: BTreeMap::new(),
    };
    let sources = plan.sources.len();
    let all = (f64::from(rounds.timed) + 1.0) * sources as f64;
    for round in 0..=rounds.timed {
        let take = |laps: &mut Laps, job: &Job<'_>| {
            if round < rounds.timed {
                laps.take(job);
            } else {
                laps.weigh(job, rounds.release);
            }
        };
        for (nth, source) in repetition.shuffle.order(sources).into_iter().enumerate() {
            if cancel.is_cancelled() {
                break;
            }
            let source = &plan.sources[source];
            let done = f64::from(round) * sources as f64 + nth as f64;
            observer.step(&source.path.text(), done / all);
            // A source that was lost is told of already.
            if let Ok(opened) = open::open(plan, source, u64::MAX) {
                repetition.round(source, &opened, &take);
            }
        }
    }
    for ((image, place), laps) in repetition.taken {
        let entry = report.images[image].results.get_mut(place);
        if let Some(Outcome::Done(measurement)) = entry.map(|entry| &mut entry.outcome) {
            measurement.timing = laps.timing().or(measurement.timing.take());
        }
    }
    report.derive();
}

impl Repetition<'_> {
    /// One round over one source: everything that was measured of it.
    fn round(&mut self, source: &Source, opened: &Opened, take: &dyn Fn(&mut Laps, &Job<'_>)) {
        let Ok(pictures) = open::decode(self.plan, source, opened) else {
            return;
        };
        let places = self.plan.variants.len();
        let widths = opened.fits.iter().map(|fit| fit.asked);
        let images: Vec<_> = widths.map(|width| self.image(source, width)).collect();
        for nth in self.shuffle.order(pictures.len() * places) {
            let (rung, place) = (nth / places, nth % places);
            let Some(image) = images[rung] else {
                continue;
            };
            let entry = &self.report.images[image].results[place];
            let Outcome::Done(_) = entry.outcome else {
                continue;
            };
            let variant = &self.plan.variants[place];
            let job = Job {
                variant: match (variant.goal().is_search(), entry.quality) {
                    (true, Some(quality)) => variant.at_quality(quality),
                    _ => variant.clone(),
                },
                pictures: &pictures[rung],
                before: entry.measurement(),
            };
            take(self.taken.entry((image, place)).or_default(), &job);
        }
    }

    /// Place in the report of `source` at the `width` that was asked for.
    fn image(&self, source: &Source, width: Option<u32>) -> Option<usize> {
        let is_it = |image: &ImageReport| {
            image.path == source.path.text()
                && image.path_bytes == source.path.raw()
                && image.rung.map(|rung| rung.width) == width
        };
        self.report.images.iter().position(is_it)
    }
}

impl Job<'_> {
    fn encode(&self) -> Option<Encoded> {
        let encoded = match self.variant.goal() {
            Goal::JpegRecompress => measure::pack(&self.variant, self.pictures.jpeg.as_deref()),
            _ => measure::encode(&self.variant, self.pictures.of(&self.variant)),
        };
        encoded.ok()
    }
}

impl Laps {
    fn weigh(&mut self, job: &Job<'_>, release: &dyn Fn()) {
        release();
        let (encoded, peak) = peak(|| job.encode());
        self.peak = encoded.and(peak);
    }

    fn take(&mut self, job: &Job<'_>) {
        let Some(Encoded { file, lap }) = job.encode() else {
            return;
        };
        self.encodes.push(lap);
        let is_decoded = job
            .before
            .and_then(|m| m.timing.as_ref())
            .is_some_and(|t| t.decode_cpu_ms.is_some());
        if is_decoded {
            let (result, lap) = timed(|| guarded(|| job.variant.codec().decode(&file)));
            self.decodes.extend(result.is_ok().then_some(lap));
        }
    }

    /// Medians, and how far the middle half of the encodes is spread about theirs.
    fn timing(&self) -> Option<Timing> {
        let cpu = |laps: &[Lap]| {
            laps.iter()
                .map(|lap| milliseconds(lap.cpu))
                .collect::<Vec<_>>()
        };
        let encodes = cpu(&self.encodes);
        let walls: Vec<f64> = self
            .encodes
            .iter()
            .map(|lap| milliseconds(lap.wall))
            .collect();
        let median = quantile(&encodes, 0.5)?;
        let half = (quantile(&encodes, 0.75)? - quantile(&encodes, 0.25)?) / 2.0;
        Some(Timing {
            encode_cpu_ms: rounded(median),
            encode_wall_ms: rounded(quantile(&walls, 0.5)?),
            decode_cpu_ms: quantile(&cpu(&self.decodes), 0.5).map(rounded),
            runs: self.encodes.len() as u32,
            contended: false,
            cached: false,
            spread: (median > 0.0).then(|| rounded(half / median)),
            encode_peak_bytes: self.peak,
        })
    }
}
