use super::*;
use proptest::prelude::*;

fn canonical(text: &str) -> Result<String, String> {
    text.parse::<Variant>()
        .map(|v| v.to_string())
        .map_err(|e| e.to_string())
}

#[test]
fn names_are_canonical() {
    for (given, name) in [
        ("mozjpeg:q80", "mozjpeg:q80"),
        ("jpeg:q80", "mozjpeg:q80"),
        (
            "mozjpeg:subsampling=444,q80,progressive=off",
            "mozjpeg:q80,progressive=off,subsampling=444",
        ),
        ("mozjpeg:q80,subsampling=420,trellis=on", "mozjpeg:q80"),
        ("libwebp:lossless,effort=6", "libwebp:lossless,effort=6"),
        ("libwebp:q60,effort=4", "libwebp:q60"),
        (
            "libwebp:q60,sharp_yuv=on,effort=6,alpha_quality=80",
            "libwebp:q60,alpha_quality=80,effort=6,sharp_yuv=on",
        ),
        ("oxipng", "oxipng"),
        ("png:lossless,effort=2", "oxipng"),
        ("oxipng:effort=4", "oxipng:effort=4"),
    ] {
        assert_eq!(canonical(given).as_deref(), Ok(name), "{given}");
    }
}

#[test]
fn mistakes_name_what_there_is() {
    for (given, hint) in [
        ("mozpeg:q80", "mozjpeg, oxipng, quantizr, libwebp"),
        ("mozjpeg:q0", "qualities 1 to 100"),
        ("mozjpeg:q80,q90", "says again"),
        ("mozjpeg:lossless", "no lossless mode"),
        ("mozjpeg:q80,effort=3", "no effort setting"),
        ("mozjpeg:q80,subsample=444", "subsampling, progressive"),
        ("mozjpeg:q80,subsampling=411", "420|422|440|444"),
        ("mozjpeg", "mozjpeg:q80"),
        ("libwebp:q101", "0 to 100"),
        ("libwebp:q60,effort=9", "effort 0 to 6"),
        ("libwebp:q60,pass=01", "1..10"),
        ("libwebp:q+5", "neither a quality"),
        ("oxipng:q60", "takes no quality"),
    ] {
        let error = canonical(given).expect_err(given);
        assert!(error.contains(hint), "{given}: {error}");
    }
}

#[test]
fn a_variant_without_a_goal_takes_the_set_qualities() {
    let names = |text| -> Vec<String> {
        let template = Template::parse(text, CODECS).unwrap();
        template
            .variants(&[60, 80].map(Goal::Quality))
            .unwrap()
            .iter()
            .map(Variant::to_string)
            .collect()
    };
    assert_eq!(
        names("mozjpeg:subsampling=444"),
        ["mozjpeg:q60,subsampling=444", "mozjpeg:q80,subsampling=444"]
    );
    assert_eq!(names("mozjpeg:q5"), ["mozjpeg:q5"]);
    assert_eq!(names("png"), ["oxipng"]);
}

#[test]
fn qualities_are_lists_and_ranges() {
    assert_eq!(parse_qualities("80,60"), Ok(vec![60, 80]));
    assert_eq!(
        parse_qualities("40..90/10"),
        Ok(vec![40, 50, 60, 70, 80, 90])
    );
    assert_eq!(parse_qualities("98..100, 98"), Ok(vec![98, 99, 100]));
    for wrong in [
        "", "101", "-1", "90..40", "40..90/0", "6O", "60,,80", "60.5",
    ] {
        assert!(parse_qualities(wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn display_and_from_str_are_inverse(q in 1_u8..=100, effort in 0_u8..=6, sharp in 0..2, alpha in 0_u16..=100, pass in 1_u16..=10) {
        let sharp = ["off", "on"][sharp as usize];
        let text = format!("libwebp:pass={pass},q{q},effort={effort},sharp_yuv={sharp},alpha_quality={alpha}");
        let variant: Variant = text.parse().unwrap();
        let again: Variant = variant.to_string().parse().unwrap();
        prop_assert_eq!(&variant, &again);
        prop_assert_eq!(variant.to_string(), again.to_string());
    }

    #[test]
    fn any_text_is_read_or_refused_without_panic(text in "\\PC{0,40}") {
        let _ = text.parse::<Variant>();
        let _ = parse_qualities(&text);
    }
}

#[test]
fn targets_have_one_name_too() {
    for (given, name) in [
        ("webp:ssimulacra2=70", "libwebp:ssimulacra2=70"),
        (
            "mozjpeg:ssimulacra2=70.50,subsampling=444",
            "mozjpeg:ssimulacra2=70.5,subsampling=444",
        ),
        ("mozjpeg:butteraugli=1.5", "mozjpeg:butteraugli=1.5"),
        ("libwebp:psnr=40,effort=6", "libwebp:psnr=40,effort=6"),
        ("libwebp:size=100kB", "libwebp:size=100000"),
        ("libwebp:size=1 KiB", "libwebp:size=1024"),
        ("libwebp:ssimulacra2=-0", "libwebp:ssimulacra2=0"),
    ] {
        assert_eq!(canonical(given).as_deref(), Ok(name), "{given}");
        assert_eq!(canonical(name).as_deref(), Ok(name), "{name}");
    }
}

#[test]
fn targets_nobody_can_reach_are_mistakes() {
    for (given, hint) in [
        ("png:ssimulacra2=70", "lossless: it takes no target"),
        ("webp:ssimulacra2=101", "identical pictures score 100"),
        ("webp:butteraugli=-1", "identical pictures score 0"),
        ("webp:ssimulacra2=good", "“good” is not a score"),
        ("webp:ssimulacra2=NaN", "not a score"),
        ("webp:size=0B", "0 bytes"),
        ("webp:size=many", "not a size"),
        ("webp:q80,ssimulacra2=70", "says again"),
    ] {
        let error = canonical(given).expect_err(given);
        assert!(error.contains(hint), "{given}: {error}");
    }
    for (given, hint) in [
        ("70", "as in ssimulacra2=70"),
        ("vmaf=90", "ssimulacra2, psnr, butteraugli"),
        ("ssimulacra2=", "not a score"),
    ] {
        let error = parse_targets(given).expect_err(given).to_string();
        assert!(error.contains(hint), "{given}: {error}");
    }
}

#[test]
fn several_targets_are_one_list() {
    let names = |goals: Vec<Goal>| goals.iter().map(ToString::to_string).collect::<Vec<_>>();
    let scores = parse_targets("ssimulacra2=80,70,80.0").map(names);
    assert_eq!(
        scores,
        Ok(vec!["ssimulacra2=80".into(), "ssimulacra2=70".into()])
    );
    let sizes = parse_target_sizes("50kB,0.1 MB").map(names);
    assert_eq!(sizes, Ok(vec!["size=50000".into(), "size=100000".into()]));
}

#[test]
fn a_search_tries_plain_variants_of_one_series() {
    let variant: Variant = "mozjpeg:ssimulacra2=70,subsampling=444".parse().unwrap();
    assert_eq!(
        variant.at_quality(73).to_string(),
        "mozjpeg:q73,subsampling=444"
    );
    assert_eq!(variant.series(), "mozjpeg:subsampling=444");
    assert_eq!(
        variant.at_quality(73),
        "mozjpeg:q73,subsampling=444".parse().unwrap()
    );
}
