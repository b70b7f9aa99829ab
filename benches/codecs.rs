//! Encoding and decoding one picture with every codec, in every mode it has.

use criterion::{BenchmarkId, Criterion, Throughput};
use imgbench::codec::CODECS;
use imgbench::plan::{self, LosslessToo, Selection};
use imgbench::variant::Goal;

mod pictures;

fn main() {
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let picture = pictures::photo();
    let selection = Selection {
        formats: CODECS.iter().map(|c| c.info().id.into()).collect(),
        goals: vec![Goal::Quality(80)],
        lossless: LosslessToo::Yes,
        explicit: Vec::new(),
    };
    let variants = plan::variants(&selection, CODECS).expect("every codec takes its own defaults");

    let mut group = criterion.benchmark_group("encode");
    group.throughput(Throughput::Elements(picture.pixels()));
    for variant in &variants {
        group.bench_function(BenchmarkId::from_parameter(variant), |bench| {
            bench.iter_with_large_drop(|| variant.codec().encode(&picture, variant.settings()));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Elements(picture.pixels()));
    for variant in &variants {
        let file = variant.codec().encode(&picture, variant.settings());
        let file = file.expect("a plain picture encodes");
        group.bench_function(BenchmarkId::from_parameter(variant), |bench| {
            bench.iter_with_large_drop(|| variant.codec().decode(&file));
        });
    }
    group.finish();
    criterion.final_summary();
}
