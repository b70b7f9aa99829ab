//! Whole runs over a few pictures: with and without a metric, with one worker and with one a core.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;

use criterion::{BenchmarkId, Criterion, Throughput};
use imgbench::bitmap::Rgb;
use imgbench::codec::{self, CODECS, Settings};
use imgbench::metric::METRICS;
use imgbench::plan::{self, Content, Limits, LosslessToo, LossySources, Plan, Selection, Source};
use imgbench::run::{self, Cancel, Machine, Observer};
use imgbench::source::path::RelPath;
use imgbench::variant::Goal;

mod pictures;

/// Nobody watches.
struct Nobody;

impl Observer for Nobody {}

fn main() {
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let cores = available_parallelism().map_or(1, usize::from);
    let mut crews = vec![1, cores];
    crews.dedup();

    let mut group = criterion.benchmark_group("run");
    for metrics in ["none", METRICS[0].info().id] {
        let plan = plan(metrics);
        group.throughput(Throughput::Elements(pixels(&plan)));
        for &jobs in &crews {
            let machine = Machine {
                jobs,
                max_memory: 4 << 30,
                cache: None,
            };
            group.bench_function(BenchmarkId::new(metrics, jobs), |bench| {
                bench.iter_with_large_drop(|| measure(&plan, machine.clone()));
            });
        }
    }
    group.finish();
    criterion.final_summary();
}

fn measure(plan: &Plan, machine: Machine) -> imgbench::Report {
    run::run(plan, machine, &Nobody, &Cancel::default()).expect("the system has threads to give")
}

/// The default columns over three sources, with `metrics`.
fn plan(metrics: &str) -> Plan {
    let selection = Selection {
        formats: ["jpeg", "png", "webp"].map(String::from).into(),
        goals: [60, 80].map(Goal::Quality).into(),
        lossless: LosslessToo::No,
        explicit: Vec::new(),
    };
    Plan {
        widths: Vec::new(),
        sources: sources(),
        failures: Vec::new(),
        skipped: Vec::new(),
        variants: plan::variants(&selection, CODECS).expect("these formats are built in"),
        metrics: plan::metrics(&[metrics.into()], &[], METRICS).expect("the id is from the table"),
        baseline: "jpeg".into(),
        background: Rgb::WHITE,
        limits: Limits {
            max_pixels: 1 << 24,
            max_file_size: 1 << 28,
        },
        lossy_sources: LossySources::Measure,
        support: None,
        keep: None,
    }
}

/// A photo, a drawing with transparency and a JPEG; one computed picture where there are no samples.
fn sources() -> Vec<Source> {
    let names = ["logo.png", "photo.png", "rotated.jpg"];
    let found = names.map(|name| {
        let at = pictures::sample(name);
        let bytes = at.metadata().ok()?.len();
        Some(source(name, Content::File(at), bytes))
    });
    let found: Vec<Source> = found.into_iter().flatten().collect();
    if !found.is_empty() {
        return found;
    }
    let png = codec::find(CODECS, "png").expect("PNG is built in");
    let file = png.encode(&pictures::gradient(960, 640), &Settings::lossless());
    let file: Arc<[u8]> = file.expect("a plain picture encodes").into();
    let bytes = file.len() as u64;
    vec![source("gradient.png", Content::Memory(file), bytes)]
}

fn source(name: &str, content: Content, bytes: u64) -> Source {
    let base = PathBuf::from("/");
    Source {
        path: RelPath::new(Path::new(name), &base),
        content,
        bytes,
    }
}

/// What a run of `plan` works through, counted once an image.
fn pixels(plan: &Plan) -> u64 {
    let machine = Machine {
        jobs: 1,
        max_memory: 4 << 30,
        cache: None,
    };
    let report = measure(plan, machine);
    let sides = report
        .images
        .iter()
        .map(|image| (image.width, image.height));
    sides.map(|(w, h)| u64::from(w) * u64::from(h)).sum()
}
