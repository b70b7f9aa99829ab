//! Who is compared with whom in the sentences: one format as the subject, the others as its rivals, at one quality, over
//! the images that all of them were measured on. Ratios per image first, averages after.

use super::label;
use crate::metric::{Better, tolerance};
use crate::report::{Entry, ImageReport, Measurement, MetricUsed, Report};
use crate::stats;

/// A comparison worth a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Duel {
    /// The lowest quality that every lossy format was set to; `None` where all are lossless.
    pub(super) quality: Option<u8>,
    /// Images behind it.
    pub(super) images: usize,
    /// Id and name of the metric that judges.
    pub(super) metric: Option<(String, String)>,
    /// Who the sentence is about: the smallest that is not the baseline.
    pub(super) subject: Side,
    /// The others, the baseline first.
    pub(super) rivals: Vec<Rival>,
}

/// One format in a comparison.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Side {
    /// `WebP`.
    pub(super) name: String,
    /// `WebP q60`.
    pub(super) full: String,
    /// Whether it keeps every pixel.
    pub(super) lossless: bool,
    /// Mean score.
    pub(super) score: Option<f64>,
}

/// A format that the subject is compared with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rival {
    pub(super) side: Side,
    /// Geometric mean of the subject's size over this one's.
    pub(super) ratio: f64,
    /// Its 95 % interval.
    pub(super) interval: Option<[f64; 2]>,
}

impl Duel {
    /// The comparison that `images` of `report` allow, if any.
    pub(super) fn of(report: &Report, images: &[&ImageReport]) -> Option<Self> {
        let all = contenders(report, images);
        let quality = common_quality(&all);
        // Several are a class of their own: they are ranked among themselves.
        let alone = all.iter().filter(|e| e.lossless).count() == 1;
        let at: Vec<&Entry> = first_of_codec(all.iter().copied().filter(|e| match quality {
            Some(_) if e.lossless => alone,
            Some(_) => e.quality == quality,
            None => e.lossless,
        }));
        let field = Field::new(images, at);
        let subject = field.subject(&report.options.baseline)?;
        let metric = judge(&report.metrics);
        let side = |entry: &Entry| side(report, &field, entry, metric);
        let rivals = field.rivals(subject, &report.options.baseline);
        let rivals: Vec<Rival> = rivals
            .iter()
            .filter_map(|rival| {
                let ratios = field.ratios(subject, rival);
                Some(Rival {
                    side: side(rival),
                    ratio: stats::geometric_mean(&ratios)?,
                    interval: stats::geometric_mean_interval(&ratios),
                })
            })
            .collect();
        (!rivals.is_empty()).then(|| Self {
            quality,
            images: field.images.len(),
            metric: metric.map(|m| (m.id.clone(), m.name.clone())),
            subject: side(subject),
            rivals,
        })
    }

    /// The lossy formats, the subject last.
    pub(super) fn lossy(&self) -> Vec<&Side> {
        let rivals = self.rivals.iter().map(|r| &r.side);
        rivals
            .chain([&self.subject])
            .filter(|s| !s.lossless)
            .collect()
    }

    /// Whether the scores of the lossy formats differ by no more than what is hardly a difference.
    pub(super) fn is_alike(&self) -> bool {
        let scores = self.lossy().into_iter().filter_map(|s| s.score);
        let ends = scores.fold([f64::MAX, f64::MIN], |[low, high], score| {
            [low.min(score), high.max(score)]
        });
        let tolerance = self.metric.as_ref().map_or(0.0, |(id, _)| tolerance(id));
        // A hair more, for scores that were rounded.
        ends[1] - ends[0] <= tolerance + 1e-9
    }

    /// The lossless ones.
    pub(super) fn lossless(&self) -> Vec<&Side> {
        let rivals = self.rivals.iter().map(|r| &r.side);
        rivals
            .chain([&self.subject])
            .filter(|s| s.lossless)
            .collect()
    }
}

/// One measured entry a variant, in plan order; none of what was searched for, whose quality says nothing.
fn contenders<'a>(report: &Report, images: &[&'a ImageReport]) -> Vec<&'a Entry> {
    let first = |name: &String| {
        let mut entries = images.iter().flat_map(|i| i.measurements());
        let fitting = |(e, m): &(&Entry, &Measurement)| e.variant == *name && m.target.is_none();
        entries.find(fitting).map(|(e, _)| e)
    };
    report.options.variants.iter().filter_map(first).collect()
}

/// The lowest quality at which every lossy codec was measured.
fn common_quality(entries: &[&Entry]) -> Option<u8> {
    let lossy: Vec<&&Entry> = entries.iter().filter(|e| !e.lossless).collect();
    let everywhere = |quality: &u8| {
        lossy.iter().all(|one| {
            let mut same_codec = lossy.iter().filter(|e| e.codec == one.codec);
            same_codec.any(|e| e.quality == Some(*quality))
        })
    };
    lossy
        .iter()
        .filter_map(|e| e.quality)
        .filter(everywhere)
        .min()
}

/// The first lossy and the first lossless entry of each codec.
fn first_of_codec<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<&'a Entry> {
    let mut kept: Vec<&Entry> = Vec::new();
    for entry in entries {
        let same = |k: &&&Entry| k.codec == entry.codec && k.lossless == entry.lossless;
        if kept.iter().find(same).is_none() {
            kept.push(entry);
        }
    }
    kept
}

/// The metric that judges whether sizes compare: SSIMULACRA2 where it was asked.
fn judge(metrics: &[MetricUsed]) -> Option<&MetricUsed> {
    let best = metrics.iter().find(|m| m.id == "ssimulacra2");
    best.or_else(|| metrics.iter().find(|m| m.better == Better::Higher))
        .or(metrics.first())
}

fn side(report: &Report, field: &Field<'_>, entry: &Entry, metric: Option<&MetricUsed>) -> Side {
    let full = label::entry(report, entry);
    let name = if entry.lossless {
        full.clone()
    } else {
        label::codec(report, &entry.codec, &entry.format)
    };
    let score = metric.and_then(|metric| {
        let scores = field
            .of(entry)
            .map(|m| m.scores.get(&metric.id).copied())
            .collect::<Option<Vec<f64>>>()?;
        stats::mean(&scores)
    });
    Side {
        name,
        full,
        lossless: entry.lossless,
        score,
    }
}

/// Entries that compete, and the images on which all of them were measured.
struct Field<'a> {
    images: Vec<&'a ImageReport>,
    entries: Vec<&'a Entry>,
}

impl<'a> Field<'a> {
    fn new(images: &[&'a ImageReport], entries: Vec<&'a Entry>) -> Self {
        let whole = |image: &&&ImageReport| {
            entries
                .iter()
                .all(|e| measured(image, &e.variant).is_some())
        };
        Self {
            images: images.iter().filter(whole).copied().collect(),
            entries,
        }
    }

    fn of(&self, entry: &Entry) -> impl Iterator<Item = &'a Measurement> {
        let variant = entry.variant.clone();
        self.images
            .iter()
            .filter_map(move |image| measured(image, &variant))
    }

    /// The smallest lossy entry that is not of the baseline, or the best there is instead.
    fn subject(&self, baseline: &str) -> Option<&'a Entry> {
        let size = |entry: &&Entry| {
            let bytes: Vec<f64> = self.of(entry).map(|m| m.bytes as f64).collect();
            stats::geometric_mean(&bytes).unwrap_or(f64::MAX)
        };
        let smallest = |test: fn(&Entry, &str) -> bool| {
            let fitting = self.entries.iter().filter(|e| test(e, baseline)).copied();
            fitting.min_by(|a, b| size(a).total_cmp(&size(b)))
        };
        smallest(|e, base| !e.lossless && e.format != base)
            .or_else(|| smallest(|e, _| !e.lossless))
            .or_else(|| smallest(|e, base| e.format != base))
    }

    /// All but the subject and its codec's lossless mode, the baseline first.
    fn rivals(&self, subject: &Entry, baseline: &str) -> Vec<&'a Entry> {
        let others = self.entries.iter().filter(|e| e.codec != subject.codec);
        let (mut first, rest): (Vec<&Entry>, Vec<&Entry>) =
            others.partition(|e| e.format == baseline && !e.lossless);
        first.extend(rest);
        first
    }

    fn ratios(&self, a: &Entry, b: &Entry) -> Vec<f64> {
        let pairs = self.of(a).zip(self.of(b));
        pairs
            .map(|(a, b)| a.bytes as f64 / b.bytes as f64)
            .collect()
    }
}

fn measured<'a>(image: &'a ImageReport, variant: &str) -> Option<&'a Measurement> {
    let mut all = image.measurements();
    all.find(|(e, _)| e.variant == variant).map(|(_, m)| m)
}

#[cfg(test)]
mod tests;
