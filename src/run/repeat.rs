//! Time that may be offered as speed: rounds of all encodes, one at a time, in an order that is shuffled anew each round, so
//! that what slows a machine down for a while does not fall on one codec.

use std::collections::BTreeMap;

use super::clock::{Lap, milliseconds, timed};
use super::guard::guarded;
use super::measure::{self, Encoded};
use super::open::{self, Opened, Pictures};
use super::{Cancel, Observer};
use crate::plan::{Plan, Source};
use crate::report::{ImageReport, Measurement, Outcome, Report, Timing, rounded};
use crate::stats::{Shuffle, quantile};
use crate::variant::{Goal, Variant};

/// The laps of one entry: encoder and decoder.
#[derive(Default)]
struct Laps {
    encodes: Vec<Lap>,
    decodes: Vec<Lap>,
}

/// By place of the image in the report and of the variant in the plan.
type Taken = BTreeMap<(usize, usize), Laps>;

/// Encodes and decodes every result of `report`, which is that of `plan`, `rounds` times more, and puts the median times in
/// the place of the run's own. After a [`Cancel`] it holds what was taken by then.
pub fn repeat(
    plan: &Plan,
    report: &mut Report,
    rounds: u32,
    observer: &dyn Observer,
    cancel: &Cancel,
) {
    let mut taken = Taken::new();
    let mut shuffle = Shuffle::default();
    let sources = plan.sources.len();
    let all = f64::from(rounds) * sources as f64;
    for round in 0..rounds {
        for (nth, source) in shuffle.order(sources).into_iter().enumerate() {
            if cancel.is_cancelled() {
                break;
            }
            let source = &plan.sources[source];
            let done = f64::from(round) * sources as f64 + nth as f64;
            observer.step(&source.path.text(), done / all);
            // A source that was lost is told of already.
            if let Ok(opened) = open::open(plan, source, u64::MAX) {
                time(plan, report, source, &opened, &mut shuffle, &mut taken);
            }
        }
    }
    for ((image, place), laps) in taken {
        let entry = report.images[image].results.get_mut(place);
        if let Some(Outcome::Done(measurement)) = entry.map(|entry| &mut entry.outcome) {
            measurement.timing = laps.timing().or(measurement.timing.take());
        }
    }
    report.derive();
}

/// One round over one source: everything that was measured of it.
fn time(
    plan: &Plan,
    report: &Report,
    source: &Source,
    opened: &Opened,
    shuffle: &mut Shuffle,
    taken: &mut Taken,
) {
    let Ok(pictures) = open::decode(plan, source, opened) else {
        return;
    };
    let places = plan.variants.len();
    for nth in shuffle.order(pictures.len() * places) {
        let (rung, place) = (nth / places, nth % places);
        let asked = opened.fits[rung].asked;
        let is_it = |image: &ImageReport| {
            let width = image.rung.map(|rung| rung.width);
            image.path == source.path.text()
                && image.path_bytes == source.path.raw()
                && width == asked
        };
        let Some(image) = report.images.iter().position(is_it) else {
            continue;
        };
        let entry = &report.images[image].results[place];
        let Outcome::Done(_) = entry.outcome else {
            continue;
        };
        let variant = &plan.variants[place];
        let variant = match (variant.goal().is_search(), entry.quality) {
            (true, Some(quality)) => &variant.at_quality(quality),
            _ => variant,
        };
        let laps = taken.entry((image, place)).or_default();
        laps.take(variant, &pictures[rung], entry.measurement());
    }
}

impl Laps {
    fn take(&mut self, variant: &Variant, pictures: &Pictures, before: Option<&Measurement>) {
        let encoded = match variant.goal() {
            Goal::JpegRecompress => measure::pack(variant, pictures.jpeg.as_deref()),
            _ => measure::encode(variant, pictures.of(variant)),
        };
        let Ok(Encoded { file, lap }) = encoded else {
            return;
        };
        self.encodes.push(lap);
        let is_decoded = before
            .and_then(|m| m.timing.as_ref())
            .is_some_and(|t| t.decode_cpu_ms.is_some());
        if is_decoded {
            let (result, lap) = timed(|| guarded(|| variant.codec().decode(&file)));
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
        })
    }
}
