//! What every codec owes: held over the table, so a new codec is held to it by being listed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use imgbench::Bitmap;
use imgbench::bitmap::Rgb;
use imgbench::codec::{CODECS, Codec, CodecError, CodecInfo, Quality, Settings, Values};
use imgbench::source::facts::{self, ColorModel, Facts};
use imgbench::source::format::Format;

use imgbench::metric::Mode;
use std::sync::Arc;

use crate::pictures::{Noise, draw, flat, glass, grey, noise, photo};

/// The kinds of picture that trip encoders up.
fn pictures() -> Vec<(&'static str, Bitmap)> {
    vec![
        ("1×1", photo(1, 1, 1)),
        ("1×17", photo(1, 17, 2)),
        ("17×1", photo(17, 1, 3)),
        ("photo", photo(45, 33, 4)),
        ("noise", noise(33, 20, 5)),
        ("alpha", glass(40, 26, 6)),
        ("grey", grey(37, 29, 7)),
        ("flat", flat(40, 24)),
        (
            "two colours",
            draw(16, 16, |x, y| {
                if (x ^ y) & 1 == 0 {
                    [0, 0, 0, 255]
                } else {
                    [255; 4]
                }
            }),
        ),
        (
            "nothing shows",
            draw(9, 9, |x, y| [x as u8 * 9, y as u8 * 9, 7, 0]),
        ),
    ]
}

/// What `codec` is given of `image` in a run.
fn given(codec: &dyn Codec, image: &Bitmap) -> Bitmap {
    if codec.info().alpha {
        image.clone()
    } else {
        image.over(Rgb::WHITE).into_owned()
    }
}

/// The default settings of each mode of a codec.
fn modes(info: &CodecInfo) -> Vec<Settings> {
    let lossy = info.quality.as_ref().map(|range| {
        let middle = range.start().midpoint(*range.end());
        [*range.start(), middle, *range.end()].map(Settings::lossy)
    });
    let lossless = info.lossless.then(Settings::lossless);
    lossy.into_iter().flatten().chain(lossless).collect()
}

/// Every effort and every option value (of ranges both ends and the middle), one at a time, in each mode.
fn variations(info: &CodecInfo) -> Vec<Settings> {
    let mut all = Vec::new();
    for mode in modes(info) {
        for effort in info.effort.iter().flat_map(|e| e.range.clone()) {
            let effort = Some(effort);
            all.push(Settings {
                effort,
                ..mode.clone()
            });
        }
        for option in info.options {
            let values: Vec<String> = match &option.values {
                Values::OneOf(words) => words.iter().map(ToString::to_string).collect(),
                Values::Range(range) => {
                    let middle = range.start() + (range.end() - range.start()) / 2;
                    [*range.start(), middle, *range.end()]
                        .map(|n| n.to_string())
                        .into()
                }
            };
            for value in values {
                let mut settings = mode.clone();
                settings.extra.insert(option.key.into(), value);
                all.push(settings);
            }
        }
    }
    all
}

fn facts_of(file: &[u8]) -> Facts {
    let format = Format::sniff(file, None).expect("a known format");
    facts::read(file, format).expect("a readable header")
}

/// Encodes and decodes, and holds the result against what any codec owes.
fn hold(codec: &dyn Codec, settings: &Settings, name: &str, image: &Bitmap) -> Vec<u8> {
    let info = codec.info();
    let case = format!("{} {settings:?} on {name}", info.id);
    info.check(settings)
        .unwrap_or_else(|e| panic!("{case}: {e}"));
    let file = codec
        .encode(image, settings)
        .unwrap_or_else(|e| panic!("{case}: {e}"));
    if let Some(importer) = codec.importer(settings) {
        let imported = importer.import(image).unwrap();
        for _ in 0..2 {
            assert!(imported.encode(settings).unwrap() == file, "{case}");
        }
    }
    let decoded = codec
        .decode(&file)
        .unwrap_or_else(|e| panic!("{case}: {e}"));
    let sides = |b: &Bitmap| (b.width(), b.height());
    assert_eq!(sides(&decoded), sides(image), "{case}");
    if codec.keeps_pixels(settings) {
        assert!(decoded == *image, "{case}: other pixels");
    }
    if !info.alpha {
        assert!(decoded.is_opaque(), "{case}");
    }
    assert_eq!(foreign_parts(&file), Vec::<String>::new(), "{case}");
    let facts = facts_of(&file);
    assert_eq!(facts.format.media_type(), info.media_type, "{case}");
    assert_eq!(
        [facts.width, facts.height],
        [image.width(), image.height()],
        "{case}"
    );
    assert_eq!(
        (facts.orientation, facts.frames, &facts.icc),
        (1, 1, &None),
        "{case}"
    );
    file
}

/// Parts of a file that carry no picture: EXIF, ICC, XMP, texts, comments, times.
fn foreign_parts(file: &[u8]) -> Vec<String> {
    let (parts, harmless): (Vec<String>, &[&str]) = match Format::sniff(file, None) {
        Some(Format::Png) => (
            png_chunks(file),
            &["IHDR", "PLTE", "tRNS", "pHYs", "IDAT", "IEND"],
        ),
        Some(Format::WebP) => (webp_chunks(file), &["VP8 ", "VP8L", "VP8X", "ALPH"]),
        // APP0 is JFIF: version and density.
        Some(Format::Jpeg) => (
            jpeg_markers(file),
            &["APP0", "DQT", "SOF", "DHT", "SOS", "DRI"],
        ),
        Some(Format::Avif) => (
            avif_parts(file),
            &[
                "ftyp",
                "meta",
                "mdat",
                "hdlr",
                "pitm",
                "iloc",
                "iinf",
                "infe av01",
                "iref",
                "iprp",
                "ipco",
                "ipma",
                "ispe",
                "pixi",
                "av1C",
                "auxC",
                "colr nclx",
            ],
        ),
        // A codestream without a container holds nothing but the picture.
        Some(Format::Jxl) if file.starts_with(&[0xff, 0x0a]) => return Vec::new(),
        other => panic!("teach this test the parts of {other:?}"),
    };
    let foreign = |part: &String| !harmless.contains(&part.as_str());
    parts.into_iter().filter(foreign).collect()
}

fn png_chunks(file: &[u8]) -> Vec<String> {
    let (mut at, mut chunks) = (8, Vec::new());
    while at < file.len() {
        let length = u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
        chunks.push(String::from_utf8_lossy(&file[at + 4..at + 8]).into_owned());
        at += 12 + length;
    }
    chunks
}

fn webp_chunks(file: &[u8]) -> Vec<String> {
    let (mut at, mut chunks) = (12, Vec::new());
    while at < file.len() {
        let length = u32::from_le_bytes(file[at + 4..at + 8].try_into().unwrap()) as usize;
        chunks.push(String::from_utf8_lossy(&file[at..at + 4]).into_owned());
        at += 8 + length.next_multiple_of(2);
    }
    chunks
}

/// Boxes, and of items and colours what kind they are.
fn avif_parts(mut boxes: &[u8]) -> Vec<String> {
    let mut parts = Vec::new();
    while let Some((size, rest)) = boxes.split_first_chunk() {
        let (body, next) = rest.split_at(u32::from_be_bytes(*size) as usize - 4);
        boxes = next;
        let text = |at: usize| String::from_utf8_lossy(&body[at..at + 4]).into_owned();
        match text(0).as_str() {
            "infe" => parts.push(format!("infe {}", text(12))),
            "colr" => parts.push(format!("colr {}", text(4))),
            kind => {
                parts.push(kind.into());
                let inside = match kind {
                    "meta" => 8,
                    "iinf" => 10,
                    "iprp" | "ipco" => 4,
                    _ => body.len(),
                };
                parts.extend(avif_parts(&body[inside..]));
            }
        }
    }
    parts
}

fn jpeg_markers(file: &[u8]) -> Vec<String> {
    let (mut at, mut markers) = (2, Vec::new());
    while file[at..] != [0xff, 0xd9] {
        assert_eq!(file[at], 0xff, "a marker at {at}");
        let marker = file[at + 1];
        markers.push(match marker {
            0xe0..=0xef => format!("APP{}", marker - 0xe0),
            0xc4 => "DHT".into(),
            0xc0..=0xcf => "SOF".into(),
            0xda => "SOS".into(),
            0xdb => "DQT".into(),
            0xdd => "DRI".into(),
            0xfe => "COM".into(),
            other => format!("{other:02x}"),
        });
        at += 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
        if marker == 0xda {
            let ends = |w: &[u8]| w[0] == 0xff && !matches!(w[1], 0 | 0xd0..=0xd7);
            at += file[at..]
                .windows(2)
                .position(ends)
                .expect("a marker after the scan");
        }
    }
    markers
}

#[test]
fn every_codec_takes_every_kind_of_picture_in_its_default_settings() {
    for codec in CODECS {
        for (name, image) in pictures() {
            for settings in modes(codec.info()) {
                hold(*codec, &settings, name, &given(*codec, &image));
            }
        }
    }
}

#[test]
fn every_option_value_and_effort_works() {
    let pictures = [
        ("1×1", photo(1, 1, 1)),
        ("photo", photo(45, 33, 4)),
        ("alpha", glass(40, 26, 6)),
        ("grey", grey(37, 29, 7)),
    ];
    for codec in CODECS {
        for settings in variations(codec.info()) {
            for (name, image) in &pictures {
                hold(*codec, &settings, name, &given(*codec, image));
            }
        }
    }
}

#[test]
fn a_single_row_or_column_is_decoded_as_faithfully_as_more_of_them() {
    let slope = |at: u32| [(at / 2) as u8, 200 - (at / 3) as u8, 90, 255];
    let psnr = imgbench::metric::find(imgbench::metric::METRICS, "psnr").unwrap();
    for codec in CODECS.iter().filter(|codec| codec.info().quality.is_some()) {
        for narrow in [1, 2, 3, 9] {
            let across = draw(300, narrow, |x, _| slope(x));
            let down = draw(narrow, 300, |_, y| slope(y));
            for image in [across, down] {
                for (quality, least) in [(15, 20.0), (80, 30.0)] {
                    let file = codec.encode(&image, &Settings::lossy(quality)).unwrap();
                    let image = Arc::new(image.clone());
                    let reference = psnr.prepare(image.clone(), Mode::Full).unwrap();
                    let score = reference.score(&codec.decode(&file).unwrap()).unwrap();
                    let (id, sides) = (codec.info().id, [image.width(), image.height()]);
                    assert!(score > least, "{id} q{quality} {sides:?}: {score}");
                }
            }
        }
    }
}

#[test]
fn a_quality_between_two_steps_makes_the_file_of_the_lower() {
    let image = photo(24, 16, 3);
    for codec in CODECS {
        let info = codec.info();
        let steps = codec.steps();
        let Some(range) = info.quality.clone() else {
            assert!(steps.is_empty(), "{}", info.id);
            continue;
        };
        let ends = [steps.first(), steps.last()];
        assert_eq!(
            ends,
            [Some(range.start()), Some(range.end())],
            "{}",
            info.id
        );
        let encode = |quality| codec.encode(&image, &Settings::lossy(quality)).unwrap();
        for quality in range.filter(|q| !steps.contains(q)) {
            let lower = steps.iter().rfind(|step| **step < quality).unwrap();
            assert!(encode(quality) == encode(*lower), "{} q{quality}", info.id);
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_from_any_thread() {
    let (image, glass) = (photo(64, 48, 8), glass(64, 48, 9));
    for codec in CODECS {
        for settings in modes(codec.info()) {
            for image in [&image, &given(*codec, &glass)] {
                let encode = || codec.encode(image, &settings).unwrap();
                let first = encode();
                assert!(first == encode(), "{} {settings:?}", codec.info().id);
                let (one, two) = std::thread::scope(|scope| {
                    let threads = [scope.spawn(encode), scope.spawn(encode)];
                    let [one, two] = threads.map(|t| t.join().unwrap());
                    (one, two)
                });
                assert!(
                    one == first && two == first,
                    "{} {settings:?}",
                    codec.info().id
                );
            }
        }
    }
}

#[test]
fn a_picture_over_the_side_limit_is_unsupported_and_one_at_it_is_not() {
    for codec in CODECS {
        let info = codec.info();
        let over = info.max_side + 1;
        for (width, height) in [(over, 1), (1, over)] {
            let refused = info.check_sides(width, height).unwrap_err();
            assert!(matches!(refused, CodecError::Unsupported(_)), "{}", info.id);
            assert!(
                refused.to_string().contains(&info.max_side.to_string()),
                "{refused}"
            );
            // A gigabyte is too much to show it; then the check above has to do.
            if over < 1 << 20 {
                for settings in modes(info) {
                    let error = codec.encode(&flat(width, height), &settings).unwrap_err();
                    assert!(
                        matches!(error, CodecError::Unsupported(_)),
                        "{}: {error}",
                        info.id
                    );
                }
            }
        }
        if info.max_side < 1 << 20 {
            let settings = &modes(info)[0];
            hold(*codec, settings, "the longest", &flat(info.max_side, 1));
            hold(*codec, settings, "the tallest", &flat(1, info.max_side));
        }
    }
}

#[test]
fn damaged_files_are_errors() {
    for codec in CODECS {
        let info = codec.info();
        let image = given(*codec, &photo(45, 33, 4));
        let file = codec.encode(&image, &modes(info)[0]).unwrap();
        for damaged in [&b""[..], b"no image", &file[..20], &file[1..]] {
            let result = catch_unwind(AssertUnwindSafe(|| codec.decode(damaged)));
            // mozjpeg unwinds by design; what must not be is a picture.
            assert!(
                !matches!(result, Ok(Ok(_))),
                "{} {} bytes",
                info.id,
                damaged.len()
            );
        }
    }
}

#[test]
fn a_grey_picture_makes_a_grey_file_where_the_format_has_one() {
    let image = grey(64, 48, 10);
    for (id, settings, model) in [
        ("mozjpeg", Settings::lossy(60), ColorModel::Grey),
        ("oxipng", Settings::lossless(), ColorModel::Grey),
    ] {
        let codec = imgbench::codec::find(CODECS, id).unwrap();
        let facts = facts_of(&codec.encode(&image, &settings).unwrap());
        assert_eq!((facts.model, facts.bits), (model, 8), "{id}");
    }
    let mozjpeg = imgbench::codec::find(CODECS, "mozjpeg").unwrap();
    let mut settings = Settings::lossy(60);
    settings.extra.insert("grey".into(), "off".into());
    let facts = facts_of(&mozjpeg.encode(&image, &settings).unwrap());
    assert_eq!((facts.model, facts.bits), (ColorModel::Rgb, 24));
}

#[test]
fn a_png_carries_no_more_bits_than_the_picture_needs() {
    let oxipng = imgbench::codec::find(CODECS, "oxipng").unwrap();
    let mut grain = Noise::new(3);
    let mut of = |colours: u8| {
        draw(64, 64, |_, _| {
            let nth = grain.byte() % colours;
            [nth * 15, 255 - nth * 10, nth * 7, 255]
        })
    };
    for (image, bits, model) in [
        (of(2), 1, ColorModel::Palette),
        (of(4), 2, ColorModel::Palette),
        (of(16), 4, ColorModel::Palette),
        (noise(64, 64, 1), 24, ColorModel::Rgb),
        (glass(64, 64, 1), 32, ColorModel::Rgba),
    ] {
        let facts = facts_of(&oxipng.encode(&image, &Settings::lossless()).unwrap());
        assert_eq!((facts.bits, facts.model), (bits, model));
    }
}

#[test]
fn options_do_what_they_say() {
    let image = photo(64, 48, 11);
    let encode = |id: &str, quality, key: &str, value: &str| {
        let mut settings = Settings {
            quality,
            ..Settings::lossless()
        };
        settings.extra.insert(key.into(), value.into());
        let codec = imgbench::codec::find(CODECS, id).unwrap();
        codec.encode(&image, &settings).unwrap()
    };
    let jpeg = |key: &str, value: &str| encode("mozjpeg", Quality::Lossy(60), key, value);
    let frame = |file: &[u8]| {
        let at = file
            .windows(2)
            .position(|w| w[0] == 0xff && matches!(w[1], 0xc0..=0xc2));
        file[at.unwrap() + 1..].to_vec()
    };
    assert_eq!(frame(&jpeg("progressive", "on"))[0], 0xc2);
    assert_eq!(frame(&jpeg("progressive", "off"))[0], 0xc0);
    for (name, factors) in [("420", 0x22), ("422", 0x21), ("440", 0x12), ("444", 0x11)] {
        assert_eq!(frame(&jpeg("subsampling", name))[10], factors, "{name}");
    }
    assert_eq!(facts_of(&jpeg("dpi", "300")).dpi, Some([300.0; 2]));
    assert_eq!(facts_of(&jpeg("dpi", "0")).dpi, None);
    let png = |key: &str, value: &str| encode("oxipng", Quality::Lossless, key, value);
    // PNG counts in whole pixels a metre.
    let [across, down] = facts_of(&png("dpi", "150")).dpi.unwrap();
    assert!(across == down && (across - 150.0).abs() < 0.02, "{across}");
    assert_eq!(png("interlace", "on")[28], 1);
    assert_eq!(png("interlace", "off")[28], 0);
    let webp = |key: &str, value: &str| encode("libwebp", Quality::Lossy(60), key, value);
    for (key, value) in [
        ("sharp_yuv", "on"),
        ("preset", "text"),
        ("autofilter", "on"),
    ] {
        assert_ne!(webp(key, value), webp("exact", "off"), "{key}");
    }
}
