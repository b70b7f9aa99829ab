//! The memory that metrics really take, by an allocator that counts: there is one a binary, so this is a binary of its own.

#![allow(unsafe_code, clippy::unwrap_used)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

use imgbench::Bitmap;
use imgbench::metric::{METRICS, Metric, Mode, Opacity, Shape};

thread_local! {
    /// Bytes that this thread has allocated and not given back. No metric uses threads.
    static LIVE: Cell<i64> = const { Cell::new(0) };
    /// The most there were since the last start.
    static PEAK: Cell<i64> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static MEMORY: Counting = Counting;

fn count(bytes: i64) {
    let live = LIVE.get() + bytes;
    LIVE.set(live);
    PEAK.set(PEAK.get().max(live));
}

// SAFETY: the system's allocator does all of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as i64));
        unsafe { System.dealloc(at, layout) }
    }
}

/// What `work` makes, the bytes that it needs at once, and those that it keeps.
fn measure<R>(work: impl FnOnce() -> R) -> (R, u64, u64) {
    let before = LIVE.get();
    PEAK.set(before);
    let made = work();
    let [peak, after] = [PEAK.get(), LIVE.get()].map(|count| (count - before).max(0) as u64);
    (made, peak, after)
}

/// Coloured slopes that end in flat colour, with samples cut down to `levels`.
fn picture(shape: Shape, levels: u8) -> Bitmap {
    let mut rgba = Vec::with_capacity(shape.pixels() as usize * 4);
    for y in 0..shape.height {
        for x in 0..shape.width {
            let [r, g, b] = [x * 3 + y, y * 2, x + y * 5].map(|v| (v % 200) as u8 & levels);
            let alpha = match shape.opacity {
                Opacity::Opaque => 255,
                Opacity::Translucent => (x + y) as u8,
            };
            rgba.extend([r, g, b, alpha]);
        }
    }
    Bitmap::new(shape.width, shape.height, rgba).unwrap()
}

/// Compares two pictures twice, and complains of what is over the promise.
fn complaints(metric: &dyn Metric, shape: Shape, mode: Mode) -> Vec<String> {
    let [reference, other] = [255, 0xf0].map(|levels| picture(shape, levels));
    let reference = Arc::new(reference);
    let need = metric.need(shape, mode);
    let (prepared, preparing, kept) = measure(|| metric.prepare(reference.clone(), mode).unwrap());
    let mut found = vec![("preparing", preparing, need.reference + need.working)];
    for _ in 0..2 {
        let (_, scoring, more) = measure(|| prepared.score(&other).unwrap());
        found.push(("scoring", kept + scoring, need.reference + need.working));
        found.push(("keeping", kept + more, need.reference));
    }
    // Objects of a few bytes are not what is admitted by memory.
    found.retain(|(_, took, promised)| *took > promised + 4096);
    let told = found.iter().map(|(doing, took, promised)| {
        let id = metric.info().id;
        format!("{id} {mode:?} {shape:?}: {doing} took {took} bytes of {promised}")
    });
    told.collect()
}

#[test]
fn no_metric_takes_more_than_it_said() {
    let sides = [
        [8, 8],
        [17, 9],
        [9, 8000],
        [17, 3000],
        [8000, 9],
        [3001, 17],
        [599, 401],
    ];
    let mut all = Vec::new();
    for [width, height] in sides {
        for opacity in [Opacity::Opaque, Opacity::Translucent] {
            let shape = Shape {
                width,
                height,
                opacity,
            };
            for metric in METRICS {
                for mode in [Mode::Full, Mode::Strips] {
                    all.extend(complaints(*metric, shape, mode));
                }
            }
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn two_pictures_and_their_ssimulacra2_take_sixteen_bytes_a_pixel() {
    let shape = Shape {
        width: 4000,
        height: 3000,
        opacity: Opacity::Opaque,
    };
    let ssimulacra2 = imgbench::metric::find(METRICS, "ssimulacra2").unwrap();
    let (_, peak, _) = measure(|| {
        let [reference, other] = [255, 0xf0].map(|levels| picture(shape, levels));
        let prepared = ssimulacra2.prepare(Arc::new(reference), Mode::Full);
        prepared.unwrap().score(&other).unwrap()
    });
    assert!(peak <= 16 * shape.pixels(), "{peak}");
}
