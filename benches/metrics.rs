//! Preparing a reference and scoring a picture against it with every metric, in every mode it has.

use std::cell::LazyCell;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput};
use fast_ssim2::{PixelDescriptor, PixelSlice, Ssimulacra2Reference};
use imgbench::Bitmap;
use imgbench::metric::{METRICS, Metric, Mode};

mod pictures;

fn main() {
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let reference = Arc::new(pictures::photo());
    let coarse = coarse(&reference);

    let mut group = criterion.benchmark_group("prepare");
    group.throughput(Throughput::Elements(reference.pixels()));
    for (name, metric, mode) in modes() {
        group.bench_function(BenchmarkId::from_parameter(name), |bench| {
            bench.iter_with_large_drop(|| metric.prepare(reference.clone(), mode));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("score");
    group.throughput(Throughput::Elements(reference.pixels()));
    for (name, metric, mode) in modes() {
        let prepared = metric.prepare(reference.clone(), mode);
        let prepared = prepared.expect("every metric takes half a megapixel");
        group.bench_function(BenchmarkId::from_parameter(name), |bench| {
            bench.iter(|| prepared.score(&coarse));
        });
    }
    group.finish();
    race(&mut criterion);
    growth(&mut criterion);
    criterion.final_summary();
}

/// Our SSIMULACRA2 beside the crate it is held against, on 1.6 megapixels: the comparison with a reference that is ready,
/// and what comes before the first.
fn race(criterion: &mut Criterion) {
    let (width, height) = (1458, 1126);
    let reference = Arc::new(pictures::gradient(width, height));
    let coarse = coarse(&reference);
    let view = |picture| {
        let stride = width as usize * 4;
        let kind = PixelDescriptor::RGBX8_SRGB;
        PixelSlice::new(Bitmap::rgba(picture), width, height, stride, kind)
            .expect("four bytes a pixel")
    };
    let ours = imgbench::metric::find(METRICS, "ssimulacra2").expect("it is in every build");

    let mut group = criterion.benchmark_group("race");
    group.throughput(Throughput::Elements(reference.pixels()));
    let prepared = ours.prepare(reference.clone(), Mode::Full);
    let prepared = prepared.expect("it takes this size");
    group.bench_function("ssimulacra2", |bench| {
        bench.iter(|| prepared.score(&coarse))
    });
    let port = || Ssimulacra2Reference::new(&view(&reference)).expect("it takes this size");
    let ready = port();
    group.bench_function("fast-ssim2", |bench| {
        bench.iter(|| ready.compare(&view(&coarse)));
    });
    group.bench_function("fast-ssim2 prepare", |bench| bench.iter(port));
    group.finish();
}

/// Our SSIMULACRA2 on 1 to 100 megapixels: time in proportion, whatever cache the picture has outgrown.
fn growth(criterion: &mut Criterion) {
    let ours = imgbench::metric::find(METRICS, "ssimulacra2").expect("it is in every build");
    let mut group = criterion.benchmark_group("growth");
    for side in [1000, 2000, 4000, 6928, 10_000] {
        let ready = LazyCell::new(|| {
            let reference = Arc::new(pictures::gradient(side, side));
            let coarse = coarse(&reference);
            (ours.prepare(reference, Mode::Full), coarse)
        });
        group.throughput(Throughput::Elements(u64::from(side).pow(2)));
        group.bench_function(BenchmarkId::from_parameter(side), |bench| {
            let (prepared, coarse) = &*ready;
            let prepared = prepared.as_ref().expect("it takes this size");
            bench.iter(|| prepared.score(coarse));
        });
    }
    group.finish();
}

/// Every metric, once for each way it can work.
fn modes() -> impl Iterator<Item = (String, &'static dyn Metric, Mode)> {
    METRICS.iter().copied().flat_map(|metric| {
        let id = metric.info().id;
        let full = (id.into(), metric, Mode::Full);
        let strips = (format!("{id} in strips"), metric, Mode::Strips);
        [Some(full), metric.has_strips().then_some(strips)]
            .into_iter()
            .flatten()
    })
}

/// `picture` with its samples rounded to 32 levels: a loss that needs no codec.
fn coarse(picture: &Bitmap) -> Bitmap {
    let mut coarse = picture.clone();
    for pixel in coarse.rgba_mut().chunks_exact_mut(4) {
        pixel[..3].iter_mut().for_each(|sample| *sample &= 0xf8);
    }
    coarse
}
