//! The queue's order on more cores than there are at hand: steps as they were recorded by `--trace`, in no time.
//!
//! jobs.tsv holds the steps of a run over photographs, pages, screenshots and logos: image, kind, subject, CPU microseconds
//! and the microseconds that were expected. See CONTRIBUTING for how it is recorded.

use super::*;
use std::collections::BTreeMap;

/// A step and what it takes, µs.
#[derive(Debug, Clone)]
struct Job {
    kind: &'static str,
    subject: String,
    time: f64,
    expected: f64,
}

type Jobs = BTreeMap<String, Vec<Job>>;

fn recorded() -> Jobs {
    let mut jobs = Jobs::new();
    for line in include_str!("jobs.tsv").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [image, kind, subject, time, expected] = fields[..] else {
            panic!("{line}");
        };
        let kinds = ["open", "decode", "prepare", "encode", "judge", "search"];
        jobs.entry(image.into()).or_default().push(Job {
            kind: kinds.into_iter().find(|k| *k == kind).unwrap(),
            subject: subject.into(),
            time: time.parse().unwrap(),
            expected: expected.parse().unwrap(),
        });
    }
    jobs
}

/// What of an image is done, and what may be done next.
struct Progress<'a> {
    image: usize,
    jobs: &'a [Job],
    prepares: usize,
    encoded: Vec<&'a str>,
    left: usize,
}

impl<'a> Progress<'a> {
    fn of(&self, kind: &str) -> impl Iterator<Item = &'a Job> + use<'a> {
        let kind = kind.to_owned();
        self.jobs.iter().filter(move |job| job.kind == kind)
    }

    /// What encoding and judging are expected to take.
    fn expected(&self) -> f64 {
        let all = ["encode", "judge", "search"].into_iter();
        all.flat_map(|kind| self.of(kind))
            .map(|job| job.expected)
            .sum()
    }

    fn task(&self, job: &'a Job) -> Task<&'a Job> {
        let claim = match job.kind {
            "open" => Claim::Brief(0),
            "decode" => Claim::Reserve(1),
            _ => Claim::Working(0),
        };
        let cost = match job.kind {
            "prepare" => f64::MAX,
            "decode" => self.expected(),
            _ => job.expected,
        };
        Task {
            image: self.image,
            step: job,
            cost,
            claim,
        }
    }

    /// As `run` has it: metrics first, results judged once they are made and the metrics are ready.
    fn after(&mut self, job: &'a Job) -> After<&'a Job> {
        self.left -= 1;
        if self.left == 0 {
            return After::Closed;
        }
        let mut next: Vec<&Job> = Vec::new();
        match job.kind {
            "open" => next.extend(self.of("decode")),
            "decode" => {
                self.prepares = self.of("prepare").count();
                next.extend(self.of("prepare").chain(self.of("encode")));
                if self.prepares == 0 {
                    next.extend(self.of("search"));
                }
            }
            "prepare" => {
                self.prepares -= 1;
                if self.prepares == 0 {
                    let made = |j: &&Job| self.encoded.contains(&j.subject.as_str());
                    next.extend(self.of("judge").filter(made).chain(self.of("search")));
                }
            }
            "encode" if self.prepares == 0 => {
                next.extend(self.of("judge").filter(|j| j.subject == job.subject));
            }
            "encode" => self.encoded.push(&job.subject),
            _ => {}
        }
        After::Next(next.into_iter().map(|job| self.task(job)).collect())
    }
}

/// From the first step's start to the last one's end on `cores`.
fn makespan(jobs: &Jobs, cores: usize) -> f64 {
    let mut images: Vec<Progress<'_>> = jobs
        .values()
        .enumerate()
        .map(|(image, jobs)| Progress {
            image,
            jobs,
            prepares: 0,
            encoded: Vec::new(),
            left: jobs.len(),
        })
        .collect();
    let first = images
        .iter()
        .flat_map(|i| i.of("open").map(|job| i.task(job)));
    let queue = Queue::new(first.collect(), cores, u64::MAX);
    let mut state = queue.lock();
    let mut running: Vec<(f64, Ticket<&Job>)> = Vec::new();
    let mut now = 0.0;
    loop {
        while running.len() < cores
            && let Some(ticket) = state.pick()
        {
            running.push((now + ticket.step.time, ticket));
        }
        let ends = running
            .iter()
            .enumerate()
            .min_by(|a, b| a.1.0.total_cmp(&b.1.0));
        let Some((nth, _)) = ends else { break };
        let (end, ticket) = running.swap_remove(nth);
        now = end;
        let after = images[ticket.image].after(ticket.step);
        state.finish(&ticket, after);
    }
    assert!(images.iter().all(|image| image.left == 0));
    now
}

/// No schedule is shorter: all work over all cores, and the longest chain that one image is.
fn bound(jobs: &Jobs, cores: usize) -> f64 {
    let all: f64 = jobs.values().flatten().map(|job| job.time).sum();
    let chain = |jobs: &Vec<Job>| {
        let most = |kind: &str| {
            let times = jobs.iter().filter(|j| j.kind == kind).map(|j| j.time);
            times.fold(0.0, f64::max)
        };
        let judged = jobs.iter().filter(|j| j.kind == "judge").map(|judge| {
            let made = jobs
                .iter()
                .filter(|j| j.kind == "encode" && j.subject == judge.subject);
            judge.time + made.map(|j| j.time).fold(most("prepare"), f64::max)
        });
        let searched = most("prepare") + most("search");
        most("open") + most("decode") + judged.fold(searched, f64::max)
    };
    let chain = jobs.values().map(chain).fold(0.0, f64::max);
    chain.max(all / cores as f64)
}

#[test]
fn the_order_is_near_the_best_there_could_be() {
    let jobs = recorded();
    assert!(jobs.len() > 30, "{}", jobs.len());
    let ratios = [2, 4, 8, 16, 32, 64].map(|cores| makespan(&jobs, cores) / bound(&jobs, cores));
    let near = |ratio: &f64| (0.999..=1.10).contains(ratio);
    assert!(ratios.iter().all(near), "{ratios:.3?}");
}
