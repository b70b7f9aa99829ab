use super::*;
use crate::render::fixture;
use crate::report::{Outcome, Target};
use proptest::prelude::*;

/// Codec, and by quality score and size.
type Sweep<'a> = (&'a str, Vec<(u8, f64, f64)>);

fn picture(path: &str, sweeps: &[Sweep]) -> ImageReport {
    let mut picture = fixture::one().images.remove(0);
    let template = picture.results.remove(0);
    path.clone_into(&mut picture.path);
    picture.results.clear();
    for (codec, points) in sweeps {
        for (quality, score, bytes) in points {
            let mut entry = template.clone();
            entry.format = if *codec == "mozjpeg" { "jpeg" } else { "webp" }.into();
            entry.codec = (*codec).into();
            entry.goal = format!("q{quality}");
            entry.variant = format!("{codec}:q{quality}");
            entry.quality = Some(*quality);
            if let Outcome::Done(m) = &mut entry.outcome {
                m.bytes = *bytes as u64;
                m.scores.insert("ssimulacra2".into(), *score);
            }
            picture.results.push(entry);
        }
    }
    picture
}

/// The scores of `score` at 40, 45 … 95, at `ratio` times the bytes that a JPEG of that score takes.
fn sweep<'a>(codec: &'a str, ratio: f64, score: impl Fn(f64) -> f64) -> Sweep<'a> {
    let points = (40..=95_u8).step_by(5).map(|quality| {
        let score = score(f64::from(quality));
        (quality, score, 1e6 * ratio * (score / 20.0).exp())
    });
    (codec, points.collect())
}

/// A picture whose WebP is `steps` of quality ahead of JPEG.
fn shifted(path: &str, steps: f64) -> ImageReport {
    let jpeg = sweep("mozjpeg", 1.0, |q| q);
    picture(path, &[jpeg, sweep("libwebp", 0.7, |q| q + steps)])
}

fn map(images: Vec<ImageReport>) -> QualityMap {
    QualityMap::of(&fixture::report(images), None).unwrap()
}

fn match_at(map: &QualityMap, quality: u8) -> &Match {
    let row = map.rows.iter().find(|row| row.quality == quality);
    &row.unwrap().matches[0]
}

fn at(reading: Option<Reading>) -> f64 {
    match reading {
        Some(Reading::At(quality)) => quality,
        other => panic!("{other:?}"),
    }
}

const BELOW: Reading = Reading::Beyond(Side::Below);
const ABOVE: Reading = Reading::Beyond(Side::Above);

#[test]
fn identical_curves_map_onto_themselves() {
    // Curved, with a dip in the middle and one at either end.
    let score = |q: f64| match q as u8 {
        45 | 65 | 95 => 100.0 - 0.02 * (105.0 - q) * (105.0 - q) - 10.0,
        _ => 100.0 - 0.02 * (105.0 - q) * (105.0 - q),
    };
    let sweeps = [sweep("mozjpeg", 1.0, score), sweep("libwebp", 1.0, score)];
    let map = map(vec![picture("a.png", &sweeps)]);
    assert_eq!(map.rows.len(), 12);
    for row in &map.rows {
        let found = &row.matches[0];
        assert!((at(found.quality) - f64::from(row.quality)).abs() < 1e-6);
        assert_eq!((found.images, found.below, found.above), (1, 0, 0));
        let ratio = found.ratio.map_or(1.0, |ratio| ratio.mean);
        assert!((ratio - 1.0).abs() < 1e-9);
    }
}

#[test]
fn a_format_seven_steps_ahead_takes_seven_steps_less() {
    let map = map(vec![shifted("a.png", 7.0)]);
    assert_eq!((map.baseline.as_str(), map.images), ("jpeg", 1));
    for row in &map.rows {
        let found = &row.matches[0];
        assert_eq!(row.score, Some(f64::from(row.quality)));
        if row.quality < 47 {
            assert_eq!((found.quality, found.below), (Some(BELOW), 1));
            assert_eq!((found.spread, found.ratio), (Some([BELOW; 2]), None));
        } else {
            assert_eq!(at(found.quality), f64::from(row.quality) - 7.0);
            // Bytes are whole numbers.
            assert!((found.ratio.unwrap().mean - 0.7).abs() < 1e-5);
        }
    }
    assert_eq!(map.settings.quality, 80);
    assert_eq!(map.settings.qualities["webp"], 73);
}

#[test]
fn lower_may_be_better() {
    let mut report = fixture::report(vec![shifted("a.png", 7.0)]);
    report.metrics[0].better = Better::Lower;
    for entry in &mut report.images[0].results {
        if let Outcome::Done(m) = &mut entry.outcome {
            m.scores.values_mut().for_each(|score| *score = -*score);
        }
    }
    let map = QualityMap::of(&report, None).unwrap();
    let row = map.chosen().unwrap();
    assert_eq!((row.score, at(row.matches[0].quality)), (Some(-80.0), 73.0));
}

#[test]
fn images_beyond_the_end_count_in_the_median_and_have_no_size() {
    // At JPEG 90 the first two need WebP 96 and 97.
    let steps = [-7.0, -6.0, -4.0, -2.0, 0.0];
    let images = steps.map(|step| shifted(&format!("{step}.png"), step));
    let found = map(images.into());
    let found = match_at(&found, 90);
    assert_eq!((found.images, found.below, found.above), (5, 0, 2));
    assert_eq!(at(found.quality), 94.0);
    assert_eq!(found.spread, Some([Reading::At(92.0), ABOVE]));
    assert_eq!(found.ratio.unwrap().images, 3);
}

#[test]
fn where_half_of_the_images_are_beyond_the_median_is_too() {
    let images = [-7.0, -6.0, 0.0, 1.0].map(|step| shifted(&format!("{step}.png"), step));
    let map = map(images.into());
    let found = match_at(&map, 90);
    assert_eq!(found.quality, Some(ABOVE));
    assert_eq!(found.ratio, None);
    // Between one side and the other nothing is known.
    let unknown = matched(
        "webp".into(),
        vec![(f64::NEG_INFINITY, None), (f64::INFINITY, None)],
    );
    assert_eq!(
        (unknown.quality, unknown.spread),
        (None, Some([BELOW, ABOVE]))
    );
    assert_eq!(matched("webp".into(), Vec::new()).spread, None);
}

#[test]
fn the_spread_is_the_middle_half_or_both_ends_of_few() {
    let steps = [0.0, 1.0, 2.0, 3.0, 9.0];
    let images = |count| {
        let images = steps[..count].iter();
        images.map(|step| shifted(&format!("{step}.png"), *step))
    };
    let five = map(images(5).collect());
    assert_eq!(
        match_at(&five, 80).spread,
        Some([77.0, 79.0].map(Reading::At))
    );
    let three = map(images(3).collect());
    assert_eq!(
        match_at(&three, 80).spread,
        Some([78.0, 80.0].map(Reading::At))
    );
}

#[test]
fn images_without_a_scale_are_left_out() {
    let flat = |codec| sweep(codec, 1.0, |_| 100.0);
    let blank = picture("blank.png", &[flat("mozjpeg"), flat("libwebp")]);
    let map = map(vec![shifted("a.png", 7.0), blank]);
    assert_eq!(map.images, 1);
    assert_eq!(match_at(&map, 80).images, 1);
}

#[test]
fn found_qualities_and_other_settings_are_no_points() {
    let mut report = fixture::report(vec![shifted("a.png", 7.0)]);
    let found = &mut report.images[0].results;
    let stray = |variant: &str, score: f64, target: Option<Target>| {
        let mut entry = found[0].clone();
        variant.clone_into(&mut entry.variant);
        entry.quality = Some(80);
        if let Outcome::Done(m) = &mut entry.outcome {
            m.scores.insert("ssimulacra2".into(), score);
            m.target = target;
        }
        entry
    };
    let searched = Target::Score {
        metric: "ssimulacra2".into(),
        at_least: 70.0,
    };
    let strays = [
        stray("mozjpeg:ssimulacra2=70", 10.0, Some(searched)),
        stray("mozjpeg:q80,subsampling=444", 99.0, None),
    ];
    report
        .options
        .variants
        .extend(strays.iter().map(|entry| entry.variant.clone()));
    found.extend(strays);
    let map = QualityMap::of(&report, None).unwrap();
    assert_eq!(map.formats[0].qualities.len(), 12);
    assert_eq!(at(match_at(&map, 80).quality), 73.0);
}

#[test]
fn many_qualities_have_a_row_for_the_round_ones_and_the_one_asked_for() {
    let sweep: Vec<u8> = (20..=95).step_by(5).collect();
    assert_eq!(rows(&sweep, 80), (40..=95).step_by(5).collect::<Vec<u8>>());
    assert_eq!(rows(&[50, 70, 90], 80), [50, 70, 80, 90]);
    let dense: Vec<u8> = (1..=100).collect();
    assert_eq!(rows(&dense, 73).len(), 13);
    let low: Vec<u8> = (1..=30).collect();
    assert_eq!(rows(&low, 30), [5, 10, 15, 20, 25, 30]);
}

#[test]
fn settings_are_for_the_quality_asked_for_if_it_was_swept() {
    let report = fixture::report(vec![shifted("a.png", 7.0)]);
    let settings = |at| QualityMap::of(&report, at).map(|map| map.settings.qualities["webp"]);
    assert_eq!(settings(None), Ok(73));
    assert_eq!(settings(Some(62)), Ok(55));
    assert_eq!(
        settings(Some(30)),
        Err(NoMap::Outside("JPEG".into(), 30, 40, 95))
    );
    // 80 is not among them: the nearest is.
    let mut low = shifted("a.png", 7.0);
    low.results.retain(|entry| entry.quality <= Some(70));
    assert_eq!(map(vec![low]).settings.quality, 70);
}

#[test]
fn what_makes_no_map_says_why() {
    let full = || fixture::report(vec![shifted("a.png", 7.0)]);
    let without = |codec: &str| {
        let mut image = shifted("a.png", 7.0);
        image.results.retain(|entry| entry.codec != codec);
        fixture::report(vec![image])
    };
    let why = |report: &Report| QualityMap::of(report, None).unwrap_err();
    let mut unscored = full();
    unscored.metrics.clear();
    assert_eq!(why(&unscored), NoMap::NoMetric);
    assert_eq!(why(&without("mozjpeg")), NoMap::NoBaseline("JPEG".into()));
    assert_eq!(why(&without("libwebp")), NoMap::Alone("JPEG".into()));
    let mut coarse = full();
    let variants = &mut coarse.options.variants;
    variants.retain(|v| !v.starts_with("libwebp") || v.ends_with("60") || v.ends_with("80"));
    assert_eq!(why(&coarse), NoMap::TooFew("WebP".into(), 2));
    // What was asked for tells, images or not.
    let mut empty = full();
    empty.images.clear();
    let map = QualityMap::of(&empty, None).unwrap();
    assert_eq!((map.images, map.rows.len()), (0, 12));
    assert_eq!(
        (map.rows[0].score, match_at(&map, 40).quality),
        (None, None)
    );
}

#[test]
fn a_merged_report_has_the_map_of_the_whole() {
    let shard = |image: ImageReport| {
        // The fixture measures several images by two metrics.
        let mut report = fixture::report(vec![image.clone(), image]);
        report.images.truncate(1);
        report.quality_map = QualityMap::of(&report, Some(70)).ok();
        report
    };
    let shards = vec![shard(shifted("a.png", 7.0)), shard(shifted("b.png", 3.0))];
    let merged = Report::merge(shards).unwrap();
    let map = merged.quality_map.as_ref().unwrap();
    assert_eq!(at(match_at(map, 70).quality), 65.0);
    assert_eq!(map, &QualityMap::of(&merged, Some(70)).unwrap());
}

/// Scores at 40, 45 … 95 that rise by chance.
fn rising_scores() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.1_f64..5.0, 12).prop_map(|steps| {
        let mut sum = 30.0;
        let add = |step| {
            sum += step;
            sum
        };
        steps.into_iter().map(add).collect()
    })
}

fn chance(path: String, [jpeg, webp]: &[Vec<f64>; 2]) -> ImageReport {
    let points =
        |codec, ratio, scores: &Vec<f64>| sweep(codec, ratio, |q| scores[(q as usize - 40) / 5]);
    picture(
        &path,
        &[points("mozjpeg", 1.0, jpeg), points("libwebp", 0.5, webp)],
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rising_curves_give_rising_maps(pictures in prop::collection::vec([rising_scores(), rising_scores()], 1..9)) {
        let images: Vec<ImageReport> = pictures.iter().enumerate().map(|(nth, p)| chance(format!("{nth}.png"), p)).collect();
        let count = images.len();
        let map = map(images.clone());
        let mut last = f64::NEG_INFINITY;
        for row in &map.rows {
            let found = &row.matches[0];
            prop_assert_eq!(found.images, count);
            let quality = match found.quality {
                Some(Reading::At(quality)) => {
                    prop_assert!((40.0..=95.0).contains(&quality));
                    // Half as large at every score: so are all the images that lie inside.
                    let ratio = found.ratio.unwrap();
                    prop_assert_eq!(ratio.images, count - found.below - found.above);
                    prop_assert!((ratio.mean - 0.5).abs() < 1e-3);
                    quality
                }
                Some(Reading::Beyond(Side::Below)) => f64::NEG_INFINITY,
                Some(Reading::Beyond(Side::Above)) => f64::INFINITY,
                None => continue,
            };
            prop_assert!(quality >= last);
            last = quality;
        }
    }

    #[test]
    fn the_order_of_images_changes_nothing(pictures in prop::collection::vec([rising_scores(), rising_scores()], 2..7), turn in 1_usize..6) {
        let mut images: Vec<ImageReport> = pictures.iter().enumerate().map(|(nth, p)| chance(format!("{nth}.png"), p)).collect();
        let before = map(images.clone());
        let turn = turn % images.len();
        images.rotate_left(turn);
        let after = map(images);
        let readings = |map: &QualityMap| map.rows.iter().map(|r| (r.quality, r.matches[0].quality, r.matches[0].spread)).collect::<Vec<_>>();
        prop_assert_eq!(readings(&before), readings(&after));
        for (a, b) in before.rows.iter().zip(&after.rows) {
            let means = [a, b].map(|row| row.matches[0].ratio.map(|r| r.mean));
            prop_assert!(means[0].zip(means[1]).is_none_or(|(a, b)| (a - b).abs() < 1e-5));
        }
    }
}
