use super::*;
use crate::codec::CODECS;

fn names(selection: &Selection) -> Vec<String> {
    variants(selection, CODECS)
        .unwrap()
        .iter()
        .map(Variant::to_string)
        .collect()
}

#[test]
fn lossless_columns_come_last_and_once() {
    let mut selection = Selection {
        formats: ["jpeg", "png", "webp"].map(String::from).into(),
        goals: [60, 80].map(Goal::Quality).into(),
        ..Selection::default()
    };
    let lossy = ["mozjpeg:q60", "mozjpeg:q80", "libwebp:q60", "libwebp:q80"];
    assert_eq!(names(&selection), [&lossy[..], &["oxipng"]].concat());
    selection.lossless = LosslessToo::Yes;
    selection
        .explicit
        .push(Template::parse("libwebp:lossless", CODECS).unwrap());
    assert_eq!(
        names(&selection),
        [&lossy[..], &["oxipng", "libwebp:lossless"]].concat()
    );
}

#[test]
fn unknown_names_list_the_known() {
    let selection = Selection {
        formats: vec!["bmp".into()],
        ..Selection::default()
    };
    assert!(
        variants(&selection, CODECS)
            .unwrap_err()
            .to_string()
            .contains("jpeg, png, webp")
    );
    let error = metrics(&["vmaf".into()], &[], metric::METRICS)
        .err()
        .map(|e| e.to_string());
    assert!(error.unwrap_or_default().contains("ssimulacra2, psnr"));
}

#[test]
fn shards_are_checked() {
    assert_eq!("2/4".parse(), Ok(Shard { k: 2, n: 4 }));
    for wrong in ["0/4", "5/4", "1", "a/b", "1/0"] {
        assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
    }
}
