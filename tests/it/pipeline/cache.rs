//! Results of earlier runs: taken where they hold, measured anew where they do not. What is done is counted, not timed.

use super::*;
use imgbench::cache::Cache;

/// Encodes and decodes of results.
#[derive(Default, Clone)]
struct Done(Arc<[AtomicUsize; 2]>);

impl Done {
    /// mozjpeg, counted.
    fn codec(&self) -> FakeCodec {
        let mozjpeg = imgbench::codec::find(CODECS, "mozjpeg").unwrap();
        let (encodes, decodes) = (self.clone(), self.clone());
        FakeCodec::new("counted")
            .without_alpha()
            .encoding(move |image, settings| {
                encodes.0[0].fetch_add(1, Ordering::Relaxed);
                mozjpeg.encode(image, settings)
            })
            .decoding(move |file| {
                decodes.0[1].fetch_add(1, Ordering::Relaxed);
                mozjpeg.decode(file)
            })
    }

    /// Since this was asked last.
    fn take(&self) -> [usize; 2] {
        [0, 1].map(|nth| self.0[nth].swap(0, Ordering::Relaxed))
    }
}

struct Room {
    folder: tempfile::TempDir,
    done: Done,
}

impl Room {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            done: Done::default(),
        }
    }

    fn variants(&self, goals: &[&str]) -> Vec<Variant> {
        let goal = |text: &&str| {
            let real: Variant = format!("mozjpeg:{text}").parse().unwrap();
            self.done.codec().at(real.goal())
        };
        goals.iter().map(goal).collect()
    }

    /// Measures with the folder's results, and says what was done.
    fn measure(&self, plan: &Plan) -> (Report, [usize; 2]) {
        let cache = Arc::new(Cache::new(self.folder.path().into()));
        let machine = Machine {
            jobs: 2,
            max_memory: ROOMY,
            cache: Some(cache.clone()),
        };
        let report = run(plan, machine, &Quiet, &Cancel::default()).unwrap();
        assert_eq!(cache.trouble(), None);
        (report, self.done.take())
    }

    fn files(&self) -> Vec<std::path::PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir().unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.file_name().unwrap() != "CACHEDIR.TAG" {
                    files.push(path);
                }
            }
        }
        files
    }
}

fn sources() -> Vec<imgbench::plan::Source> {
    vec![
        source("photo.png", png(&photo(90, 60, 1))),
        source("glass.png", png(&glass(50, 40, 5))),
    ]
}

/// As it is written without timings.
fn text(mut report: Report) -> String {
    report.drop_timings();
    serde_json::to_string(&report).unwrap()
}

const GOALS: [&str; 5] = [
    "q40",
    "q80",
    "ssimulacra2=70",
    "ssimulacra2=50",
    "size=1500",
];

#[test]
fn a_second_run_does_nothing_and_says_the_same() {
    let room = Room::new();
    let mut variants = room.variants(&GOALS);
    variants.push("oxipng".parse().unwrap());
    let plan = plan(sources(), variants, vec![ssimulacra2()]);
    let (cold, done) = room.measure(&plan);
    assert!(done[0] > 8, "{done:?}");
    let (warm, done) = room.measure(&plan);
    assert_eq!(done, [0, 0]);
    assert!(
        warm.measurements()
            .all(|(_, _, m)| m.timing.as_ref().unwrap().cached)
    );
    assert!(warm.summary.variants.iter().all(|v| v.timing.is_none()));
    assert!(
        cold.measurements()
            .all(|(_, _, m)| !m.timing.as_ref().unwrap().cached)
    );
    assert_eq!(text(cold), text(warm));
}

#[test]
fn a_run_that_was_cut_short_goes_on_where_it_was() {
    let room = Room::new();
    let of =
        |goals: &[&str], sources: Vec<_>| plan(sources, room.variants(goals), vec![ssimulacra2()]);
    let (_, first) = room.measure(&of(&["q40"], sources()));
    let (_, second) = room.measure(&of(&["q40", "q80"], sources()));
    assert_eq!((first, second), ([2, 2], [2, 2]));
    // One image more.
    let mut more = sources();
    more.push(source("more.png", png(&photo(30, 30, 7))));
    let (_, third) = room.measure(&of(&["q40", "q80"], more));
    assert_eq!(third, [2, 2]);
}

#[test]
fn searches_take_up_what_others_encoded() {
    let room = Room::new();
    let of = |goals: &[&str]| plan(sources(), room.variants(goals), vec![ssimulacra2()]);
    let (_, alone) = room.measure(&of(&["ssimulacra2=70"]));
    let fresh = Room::new();
    let both = plan(
        sources(),
        fresh.variants(&["ssimulacra2=70", "ssimulacra2=71"]),
        vec![ssimulacra2()],
    );
    let (_, anew) = fresh.measure(&both);
    let (_, rest) = room.measure(&of(&["ssimulacra2=70", "ssimulacra2=71"]));
    assert!(
        alone[0] > 2 && rest[0] < anew[0],
        "{alone:?} {rest:?} {anew:?}"
    );
}

#[test]
fn what_a_result_depends_on_makes_it_another() {
    let room = Room::new();
    let plan_of = |metrics: Vec<&'static dyn imgbench::metric::Metric>| {
        plan(sources(), room.variants(&["q40"]), metrics)
    };
    let psnr = imgbench::metric::find(METRICS, "psnr").unwrap();
    let (_, first) = room.measure(&plan_of(vec![ssimulacra2()]));
    assert_eq!(first, [2, 2]);
    let (report, other) = room.measure(&plan_of(vec![ssimulacra2(), psnr]));
    assert_eq!(other, [2, 2], "another metric");
    assert!(report.measurements().all(|(_, _, m)| m.scores.len() == 2));
    let mut dark = plan_of(vec![ssimulacra2()]);
    dark.background = imgbench::bitmap::Rgb([0, 0, 0]);
    let (_, other) = room.measure(&dark);
    assert_eq!(
        other,
        [1, 1],
        "the transparent picture on another background"
    );
    let mut narrow = plan_of(vec![ssimulacra2()]);
    narrow.widths = vec![20, 50];
    let (report, other) = room.measure(&narrow);
    assert_eq!(other, [3, 3], "other widths; one image is as it was");
    assert_eq!(report.images.len(), 4);
    let mut changed = plan_of(vec![ssimulacra2()]);
    changed.sources = vec![source("photo.png", png(&photo(90, 60, 2)))];
    assert_eq!(
        room.measure(&changed).1,
        [1, 1],
        "another picture of that name"
    );
    changed.sources = vec![source("moved.png", png(&photo(90, 60, 1)))];
    assert_eq!(
        room.measure(&changed).1,
        [0, 0],
        "another name for that picture"
    );
}

#[test]
fn damage_costs_a_measurement_and_nothing_else() {
    let room = Room::new();
    let plan = plan(sources(), room.variants(&GOALS), vec![ssimulacra2()]);
    let (cold, _) = room.measure(&plan);
    let cold = text(cold);
    for file in room.files() {
        let mut bytes = std::fs::read(&file).unwrap();
        let last = bytes.len() - 10;
        bytes[last] ^= 4;
        std::fs::write(&file, bytes).unwrap();
    }
    let (mended, done) = room.measure(&plan);
    assert!(done[0] > 0);
    assert_eq!(text(mended), cold);
    let (warm, done) = room.measure(&plan);
    assert_eq!((text(warm), done), (cold, [0, 0]));
}

#[test]
fn failures_are_tried_again_and_kept_files_are_made() {
    let room = Room::new();
    let tries = Arc::new(AtomicUsize::new(0));
    let seen = tries.clone();
    let failing = FakeCodec::new("failing").encoding(move |_, _| {
        seen.fetch_add(1, Ordering::Relaxed);
        Err(CodecError::Failed("no".into()))
    });
    let failing = plan(sources(), vec![failing.variant()], Vec::new());
    room.measure(&failing);
    room.measure(&failing);
    assert_eq!(tries.load(Ordering::Relaxed), 4);
    let mut keeping = plan(sources(), room.variants(&["q40"]), Vec::new());
    room.measure(&keeping);
    keeping.keep = Some(Keep {
        folder: room.folder.path().join("kept"),
        base: room.folder.path().into(),
    });
    let (report, done) = room.measure(&keeping);
    assert_eq!(done[0], 2);
    for (_, _, m) in report.measurements() {
        assert!(room.folder.path().join(m.file.as_ref().unwrap()).exists());
    }
}
