use proptest::prelude::*;

use super::*;
use crate::metric::{METRICS, find};
use crate::variant::Score;

/// Not a small picture.
const PIXELS: u64 = 1_000_000;

fn metric(id: &str) -> &'static MetricInfo {
    find(METRICS, id).unwrap().info()
}

fn at_least(id: &str, score: f64) -> Goal {
    Goal::Score {
        metric: metric(id).id,
        at_least: Score::new(score),
    }
}

/// Runs a search over a curve known in full, from quality 0; the answer and the qualities in the order tried.
fn run(goal: Goal, id: &str, codec: &str, curve: &[Point]) -> (Found, Vec<u8>) {
    let qualities = (0..curve.len() as u8).collect();
    let mut search = Search::new(goal, metric(id), codec, qualities, PIXELS).unwrap();
    let mut tried = Vec::new();
    while let Some(quality) = search.next() {
        assert!(!tried.contains(&quality), "q{quality} twice");
        tried.push(quality);
        search.learn(quality, curve[usize::from(quality)]);
    }
    assert_eq!(search.encodes(), tried.len());
    (search.found().unwrap(), tried)
}

/// What a scan of all qualities finds.
fn scan(goal: Goal, id: &str, curve: &[Point]) -> Found {
    let all = (0..curve.len() as u8).collect();
    let mut search = Search::new(goal, metric(id), "none", all, PIXELS).unwrap();
    for (quality, point) in (0..).zip(curve) {
        search.share(quality, *point);
    }
    search.found().unwrap()
}

/// Points whose bytes and scores change by these steps.
fn curve(steps: &[(u64, f64)], worst: f64) -> Vec<Point> {
    let first = Point {
        bytes: 500,
        score: worst,
    };
    steps
        .iter()
        .scan(first, |point, (bytes, score)| {
            point.bytes += bytes;
            point.score += score;
            Some(*point)
        })
        .collect()
}

prop_compose! {
    /// From −20 up, by steps of a real curve's size.
    fn rising()(steps in prop::collection::vec((1_u64..400, 0.01..1.15_f64), 101)) -> Vec<Point> {
        curve(&steps, -20.0)
    }
}

prop_compose! {
    /// The same with every score up to 1.5 off.
    fn wavering()(points in rising(), off in prop::collection::vec(-1.5..1.5_f64, 101)) -> Vec<Point> {
        points.into_iter().zip(off).map(|(p, off)| Point { score: p.score + off, ..p }).collect()
    }
}

fn codecs() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["mozjpeg", "libwebp", "some codec without a prior"])
}

proptest! {
    #[test]
    fn on_a_monotone_curve_the_answer_is_that_of_a_full_scan(
        points in rising(), target in -30.0..100.0_f64, codec in codecs(),
    ) {
        let goal = at_least("ssimulacra2", target);
        let (found, tried) = run(goal, "ssimulacra2", codec, &points);
        prop_assert_eq!(found, scan(goal, "ssimulacra2", &points));
        prop_assert!(tried.len() <= PATIENCE + 7, "{tried:?}");
    }

    #[test]
    fn so_it_is_for_a_size(points in rising(), at_most in 1..40_000_u64, codec in codecs()) {
        let goal = Goal::Size { at_most };
        let (found, tried) = run(goal, "ssimulacra2", codec, &points);
        prop_assert_eq!(found, scan(goal, "ssimulacra2", &points));
        prop_assert!(tried.len() <= PATIENCE + 7, "{tried:?}");
    }

    #[test]
    fn so_it_is_where_lower_is_better(points in rising(), target in 0.0..120.0_f64) {
        let mirror = |p: &Point| Point { score: 100.0 - p.score, ..*p };
        let points: Vec<Point> = points.iter().map(mirror).collect();
        let goal = at_least("butteraugli", target);
        let (found, _) = run(goal, "butteraugli", "libwebp", &points);
        prop_assert_eq!(found, scan(goal, "butteraugli", &points));
    }

    #[test]
    fn on_a_wavering_curve_the_target_is_kept_and_the_neighbour_below_has_been_seen_to_miss_it(
        points in wavering(), target in 0.0..90.0_f64, codec in codecs(),
    ) {
        let goal = at_least("ssimulacra2", target);
        let (found, tried) = run(goal, "ssimulacra2", codec, &points);
        let score = |q: u8| points[usize::from(q)].score;
        prop_assert_eq!(found.reached, score(found.quality) >= target);
        if found.reached {
            let lowest = tried.iter().copied().filter(|q| score(*q) >= target).min().unwrap();
            prop_assert!(lowest == 0 || (tried.contains(&(lowest - 1)) && score(lowest - 1) < target));
            // The best that was seen, not the last tried.
            let bytes = |q: u8| points[usize::from(q)].bytes;
            let best = tried.iter().filter(|q| score(**q) >= target).map(|q| bytes(*q)).min();
            prop_assert_eq!(Some(bytes(found.quality)), best);
        } else {
            prop_assert!(tried.contains(&100), "the best quality was tried");
        }
        prop_assert!(tried.len() <= PATIENCE + 9, "{tried:?}");
    }

    #[test]
    fn goals_that_share_what_they_saw_find_the_same(points in rising(), targets in prop::collection::vec(0..95_u8, 1..5)) {
        let goals: Vec<Goal> = targets.iter().map(|t| at_least("ssimulacra2", f64::from(*t))).collect();
        let mut seen: BTreeMap<u8, Point> = BTreeMap::new();
        for nth in order(&goals) {
            let mut search = Search::new(goals[nth], metric("ssimulacra2"), "libwebp", (0..=100).collect(), PIXELS).unwrap();
            seen.iter().for_each(|(q, p)| search.share(*q, *p));
            while let Some(quality) = search.next() {
                prop_assert!(seen.insert(quality, points[usize::from(quality)]).is_none(), "q{} twice", quality);
                search.learn(quality, points[usize::from(quality)]);
            }
            prop_assert_eq!(search.found().unwrap(), scan(goals[nth], "ssimulacra2", &points));
        }
    }
}

#[test]
fn out_of_reach_is_said_with_the_best_there_is() {
    let points = curve(&[(100, 0.8); 101], 0.0);
    let (found, tried) = run(
        at_least("ssimulacra2", 95.0),
        "ssimulacra2",
        "mozjpeg",
        &points,
    );
    assert_eq!(
        found,
        Found {
            quality: 100,
            reached: false
        }
    );
    assert_eq!(tried.last(), Some(&100));
    // A size that not even the worst quality keeps: the smallest there is.
    let (found, _) = run(
        Goal::Size { at_most: 599 },
        "ssimulacra2",
        "mozjpeg",
        &points,
    );
    assert_eq!(
        found,
        Found {
            quality: 0,
            reached: false
        }
    );
}

#[test]
fn a_top_that_misses_by_a_hair_is_not_the_last_word() {
    let mut points = curve(&[(100, 0.8); 101], 0.0);
    points[98].score = points[100].score + 0.1;
    let target = points[100].score + 0.05;
    let (found, _) = run(
        at_least("ssimulacra2", target),
        "ssimulacra2",
        "libwebp",
        &points,
    );
    assert_eq!(
        found,
        Found {
            quality: 98,
            reached: true
        }
    );
}

#[test]
fn in_a_small_picture_a_lower_quality_that_meets_the_target_too_is_found() {
    let mut points = curve(&[(100, 0.8); 101], 0.0);
    let target = points[70].score - 0.01;
    points[66].score = target + 0.2;
    points[67].score = target - 0.4;
    let goal = at_least("ssimulacra2", target);
    for (pixels, quality) in [(SMALL_PIXELS, 66), (SMALL_PIXELS + 1, 70)] {
        let mut search = Search::new(
            goal,
            metric("ssimulacra2"),
            "none",
            (0..=100).collect(),
            pixels,
        )
        .unwrap();
        while let Some(quality) = search.next() {
            search.learn(quality, points[usize::from(quality)]);
        }
        assert_eq!(
            search.found(),
            Some(Found {
                quality,
                reached: true
            })
        );
    }
}

#[test]
fn a_picture_that_loses_nothing_takes_the_lowest_quality() {
    let flat = vec![
        Point {
            bytes: 90,
            score: f64::INFINITY
        };
        101
    ];
    let (found, tried) = run(at_least("psnr", 40.0), "psnr", "libwebp", &flat);
    assert_eq!(
        found,
        Found {
            quality: 0,
            reached: true
        }
    );
    assert!(tried.len() <= 4, "{tried:?}");
}

#[test]
fn a_set_quality_is_not_searched_for() {
    for goal in [Goal::Quality(80), Goal::Lossless] {
        assert!(
            Search::new(goal, metric("psnr"), "libwebp", (0..=100).collect(), PIXELS).is_none()
        );
    }
}

#[test]
fn only_qualities_that_make_files_of_their_own_are_asked_for() {
    let points = curve(&[(100, 0.7); 101], 20.0);
    let steps: Vec<u8> = (0..=100).step_by(7).collect();
    for target in 15..=95 {
        let goal = at_least("ssimulacra2", f64::from(target));
        let new = |steps| Search::new(goal, metric("ssimulacra2"), "libwebp", steps, PIXELS);
        let mut search = new(steps.clone()).unwrap();
        while let Some(quality) = search.next() {
            assert!(steps.contains(&quality), "q{quality}");
            search.learn(quality, points[usize::from(quality)]);
        }
        let mut all = new(steps.clone()).unwrap();
        let shared = steps.iter().map(|q| (*q, points[usize::from(*q)]));
        shared.for_each(|(q, point)| all.share(q, point));
        assert_eq!(search.found(), all.found(), "{target}");
    }
}

#[test]
fn both_ends_come_first() {
    let goals = [70.0, 90.0, 60.0, 80.0].map(|score| at_least("ssimulacra2", score));
    assert_eq!(order(&goals), [2, 1, 0, 3]);
    assert_eq!(order(&goals[..1]), [0]);
    assert!(order(&[]).is_empty());
}
