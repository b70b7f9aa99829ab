use image::{DynamicImage, ImageFormat};

use super::*;
use crate::source::facts::exif;
use crate::source::test_files::{
    ROOMY, encode, jpeg, open, png, read, rgb, rgba, tiff, with_chunk, with_segment,
};

const LOSSLESS: [ImageFormat; 7] = [
    ImageFormat::Png,
    ImageFormat::WebP,
    ImageFormat::Bmp,
    ImageFormat::Tiff,
    ImageFormat::Qoi,
    ImageFormat::Pnm,
    ImageFormat::Ico,
];

#[test]
fn lossless_files_give_the_very_pixels_back() -> Result<(), SourceError> {
    for format in LOSSLESS {
        let decoded = open(&encode(rgba(9, 7), format))?;
        assert_eq!(decoded.bitmap.rgba(), rgba(9, 7).as_raw(), "{format:?}");
        assert!(decoded.notes.is_empty(), "{format:?} {:?}", decoded.notes);
    }
    let wanted = DynamicImage::from(rgb(9, 7)).to_rgba8();
    for format in LOSSLESS.into_iter().filter(|&f| f != ImageFormat::Ico) {
        let decoded = open(&encode(rgb(9, 7), format))?;
        assert_eq!(decoded.bitmap.rgba(), wanted.as_raw(), "{format:?}");
    }
    Ok(())
}

#[test]
fn a_file_cut_short_never_passes_as_whole() {
    let mut files: Vec<_> = LOSSLESS.map(|f| encode(rgba(32, 31), f)).into();
    files.push(encode(rgba(32, 31), ImageFormat::Gif));
    files.push(jpeg(&rgb(32, 31), 85));
    for file in files {
        assert!(open(&file).is_ok());
        // The last bytes of some formats hold nothing of the picture.
        for end in (0..file.len() - 20).step_by(3) {
            let head = &file[..end];
            assert!(
                open(head).is_err(),
                "{end} of {:?}",
                &file[..file.len().min(12)]
            );
        }
    }
}

#[test]
fn all_orientations_are_applied_once() -> Result<(), SourceError> {
    let source = rgba(4, 3);
    let file = png(source.clone());
    for orientation in 1..=8 {
        let block = exif::sample_block(orientation.into(), 72, 2);
        let decoded = open(&with_chunk(&file, b"eXIf", &block))?;
        let mut wanted = DynamicImage::from(source.clone());
        wanted.apply_orientation(image::metadata::Orientation::from_exif(orientation).unwrap());
        assert_eq!(decoded.bitmap.rgba(), wanted.as_bytes(), "{orientation}");
        assert_eq!(decoded.bitmap.width(), wanted.width());
        assert_eq!(decoded.notes.len(), usize::from(orientation != 1));
    }
    let body = [b"Exif\0\0".as_slice(), &exif::sample_block(6, 72, 2)].concat();
    let turned = open(&with_segment(&jpeg(&rgb(24, 16), 90), 0xe1, &body))?;
    assert_eq!((turned.bitmap.width(), turned.bitmap.height()), (16, 24));
    assert_eq!(turned.notes, ["rotated by EXIF orientation 6"]);
    Ok(())
}

#[test]
fn animations_are_refused() {
    let mut file = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut file);
    let frames = (0..3).map(|_| image::Frame::new(rgba(4, 4)));
    encoder.encode_frames(frames).unwrap();
    drop(encoder);
    let frames = match open(&file) {
        Err(SourceError::Animated { frames }) => frames,
        other => panic!("{other:?}"),
    };
    assert_eq!(frames, 3);
}

#[test]
fn sixteen_bit_samples_are_rounded_and_said_so() -> Result<(), SourceError> {
    let wide =
        image::ImageBuffer::from_fn(3, 1, |x, _| image::Luma([[0u16, 383, 65_535][x as usize]]));
    let decoded = open(&png(DynamicImage::ImageLuma16(wide)))?;
    assert_eq!(decoded.bitmap.rgba()[..8], [0, 0, 0, 255, 1, 1, 1, 255]);
    assert_eq!(decoded.notes, ["16-bit samples rounded to 8"]);
    Ok(())
}

#[test]
fn limits_hold_before_anything_is_decoded() -> Result<(), SourceError> {
    let file = png(rgb(30, 20));
    let facts = read(&file)?;
    let few_pixels = Limits {
        max_pixels: 599,
        ..ROOMY
    };
    let error = decode(&file, &facts, &few_pixels).unwrap_err();
    assert_eq!(
        error.to_string(),
        "600 pixels is over the limit of 599 pixels: raise --max-pixels"
    );
    let little_memory = Limits {
        max_memory: 100,
        ..ROOMY
    };
    let error = decode(&file, &facts, &little_memory).unwrap_err();
    assert_eq!(error.stage(), "limit");
    assert!(
        decode(
            &file,
            &facts,
            &Limits {
                max_pixels: 600,
                ..ROOMY
            }
        )
        .is_ok()
    );
    Ok(())
}

#[test]
fn facts_of_another_file_do_not_pass() -> Result<(), SourceError> {
    let facts = read(&png(rgb(30, 20)))?;
    assert!(decode(&png(rgb(20, 30)), &facts, &ROOMY).is_err());
    Ok(())
}

#[test]
fn a_jpeg_scan_that_breaks_off_is_an_error_though_the_end_marker_is_there() {
    let file = jpeg(&rgb(64, 64), 90);
    let broken = [&file[..file.len() * 7 / 10], &[0xff, 0xd9]].concat();
    assert!(open(&broken).is_err());
}

#[test]
fn palettes_and_premultiplied_alpha_of_tiff() -> Result<(), SourceError> {
    let map: Vec<u8> = (0..768u32).flat_map(|i| [0, (i % 251) as u8]).collect();
    let tags = [
        (256, 3, 1, 2),
        (257, 3, 1, 1),
        (258, 3, 1, 8),
        (262, 3, 1, 3),
        (320, 3, 768, 0),
    ];
    let decoded = open(&tiff(&tags, &[1, 200], &map))?;
    let colour = |i: u32| [0, 256, 512].map(|c| ((c + i) % 251) as u8);
    let wanted = [colour(1), colour(200)]
        .map(|[r, g, b]| [r, g, b, 255])
        .concat();
    assert_eq!(decoded.bitmap.rgba(), wanted);
    let tags = [
        (256, 3, 1, 1),
        (257, 3, 1, 1),
        (258, 3, 4, 0),
        (262, 3, 1, 2),
        (277, 3, 1, 4),
        (338, 3, 1, 1),
    ];
    let eight_bits = [8, 0, 8, 0, 8, 0, 8, 0];
    let decoded = open(&tiff(&tags, &[64, 0, 128, 128], &eight_bits))?;
    assert_eq!(decoded.bitmap.rgba(), [128, 0, 255, 128]);
    assert_eq!(decoded.notes, ["premultiplied alpha made straight"]);
    Ok(())
}

#[test]
fn a_bmp_that_forgot_its_alpha_is_opaque() -> Result<(), SourceError> {
    let mut source = rgba(3, 3);
    source.pixels_mut().for_each(|p| p[3] = 0);
    let decoded = open(&encode(source, ImageFormat::Bmp))?;
    assert!(decoded.bitmap.is_opaque());
    assert_eq!(
        decoded.notes,
        ["alpha is zero everywhere: treated as opaque"]
    );
    Ok(())
}

#[test]
fn of_an_icon_the_largest_picture_is_taken() -> Result<(), SourceError> {
    let frames: Vec<_> = [16, 48, 32]
        .into_iter()
        .map(|side| {
            let color = image::ExtendedColorType::Rgba8;
            image::codecs::ico::IcoFrame::as_png(rgba(side, side).as_raw(), side, side, color)
        })
        .collect::<Result<_, _>>()
        .unwrap();
    let mut file = Vec::new();
    image::codecs::ico::IcoEncoder::new(&mut file)
        .encode_images(&frames)
        .unwrap();
    let facts = read(&file)?;
    assert_eq!(facts.notes, ["largest of 3 pictures in the file"]);
    assert_eq!(open(&file)?.bitmap.rgba(), rgba(48, 48).as_raw());
    Ok(())
}
