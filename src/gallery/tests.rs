use super::*;
use crate::report::Report;

/// A picture whose pixels differ from `plain` inside 100..132 × 60..92 only.
fn pictures(width: u32, height: u32) -> [Bitmap; 2] {
    let at = |x: u32, y: u32| (x * 7 + y * 13) as u8;
    let mut plain = Vec::new();
    let mut other = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let pixel = [at(x, y), at(y, x), at(x + y, 3), 255];
            plain.extend(pixel);
            let inside = (100..132).contains(&x) && (60..92).contains(&y);
            other.extend(if inside {
                pixel.map(|v| 255 - v)
            } else {
                pixel
            });
            let alpha = other.len() - 1;
            other[alpha] = 255;
        }
    }
    [plain, other].map(|pixels| Bitmap::new(width, height, pixels).unwrap())
}

#[test]
fn the_part_with_the_largest_errors_is_found() {
    let [plain, other] = pictures(320, 200);
    let mut errors = window::Errors::new(&plain, Rgb::WHITE);
    errors.add(&other);
    let window = errors.worst(80.0 * 50.0);
    let [left, top, width, height] = window.crop(&plain).unwrap();
    assert!((left..left + width).contains(&116), "{window:?}");
    assert!((top..top + height).contains(&76), "{window:?}");
    let cut = window.cut(&other);
    assert_eq!([cut.width(), cut.height()], [width, height]);
    let at = |x: u32, y: u32, width: u32| ((y * width + x) * 4) as usize;
    let (inside, outside) = (at(116 - left, 76 - top, width), at(116, 76, 320));
    assert_eq!(
        cut.rgba()[inside..inside + 4],
        other.rgba()[outside..outside + 4]
    );
}

#[test]
fn what_is_transparent_is_no_error_of_a_format_without_alpha() {
    let [mut plain, other] = pictures(320, 200);
    // The left is transparent, and a file without alpha has the background there.
    let background = Rgb([0x12, 0x34, 0x56]);
    for (nth, pixel) in plain.rgba_mut().chunks_exact_mut(4).enumerate() {
        pixel[3] = if nth % 320 < 80 { 0 } else { 255 };
    }
    let mut flat = plain.over(background).into_owned();
    let differing = other.rgba()[(76 * 320 + 116) * 4];
    flat.rgba_mut()[(76 * 320 + 116) * 4] = differing;
    let mut errors = window::Errors::new(&plain, background);
    errors.add(&flat);
    let [left, _, width, _] = errors.worst(60.0 * 40.0).crop(&plain).unwrap();
    assert!((left..left + width).contains(&116), "{left}");
    let mut report = Report::from_json(include_str!("../../tests/data/report-v1.json")).unwrap();
    report.options.background = "#123456".into();
    assert_eq!(super::background(&report), background);
}

#[test]
fn parts_shrink_around_their_middle_and_not_to_nothing() {
    let [plain, _] = pictures(320, 200);
    let whole = window::Window::whole(&plain);
    assert_eq!(whole.crop(&plain), None);
    assert_eq!(whole.shrunk(1.0), None);
    let half = whole.shrunk(0.5).unwrap();
    let [left, top, width, height] = half.crop(&plain).unwrap();
    assert!(
        width * height < 320 * 200 / 2
            && left + width / 2 == 160
            && (99..=100).contains(&(top + height / 2))
    );
    assert_eq!(half.inside(&whole), half);
    let least = whole.shrunk(1e-9).unwrap();
    assert_eq!(least.crop(&plain).unwrap()[2..], [LEAST_SIDE; 2]);
    assert_eq!(least.shrunk(0.1), None);
}

#[test]
fn pictures_are_written_as_they_are() {
    let [plain, _] = pictures(33, 21);
    let mut clear = plain.clone();
    clear.rgba_mut()[7] = 9;
    for picture in [plain, clear] {
        let png = encode(&picture).unwrap();
        let read = image::load_from_memory(&png).unwrap().into_rgba8();
        assert_eq!(read.as_raw(), picture.rgba());
    }
}

#[test]
fn a_report_without_kept_files_has_no_pictures() {
    let text = include_str!("../../tests/data/report-v1.json");
    let mut report = Report::from_json(text).unwrap();
    for entry in report
        .images
        .iter_mut()
        .flat_map(|image| &mut image.results)
    {
        if let crate::report::Outcome::Done(m) = &mut entry.outcome {
            m.file = None;
        }
    }
    let origin = Origin {
        inputs: "nowhere".into(),
        files: "nowhere".into(),
        stdin: None,
    };
    let gallery = hang(&report, &origin, &Place::Page { most: 1 << 20 }).unwrap();
    assert!(gallery.exhibits.is_empty() && gallery.notes.is_empty());
}

#[test]
fn the_more_pictures_an_image_has_the_fewer_images_fit() {
    assert_eq!(fitting(16_000_000, 4), 40);
    assert_eq!(fitting(16_000_000, 16), 10);
    assert_eq!(fitting(1_000, 4), 1);
}
