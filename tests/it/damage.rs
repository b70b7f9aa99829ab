//! Files of every codec, cut short and with wrong bytes, as inputs: an error or a picture, never a crash.

use imgbench::codec::{CODECS, Settings};
use imgbench::source::{Format, Limits, decode::decode, facts};

use crate::pictures::{glass, photo};

const LIMITS: Limits = Limits {
    max_pixels: 1 << 20,
    max_memory: 256 << 20,
};

/// Reads `file` as an input is read; whether it gave a picture.
fn reads(file: &[u8]) -> bool {
    let Ok(format) = Format::sniff(file, None).ok_or(()) else {
        return false;
    };
    let Ok(facts) = facts::read(file, format) else {
        return false;
    };
    let Ok(decoded) = decode(file, &facts, &LIMITS) else {
        return false;
    };
    let [width, height] = facts.upright_size();
    assert_eq!(
        [decoded.bitmap.width(), decoded.bitmap.height()],
        [width, height]
    );
    true
}

fn files() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for codec in CODECS {
        let info = codec.info();
        let image = if info.alpha {
            glass(24, 17, 3)
        } else {
            photo(24, 17, 3)
        };
        let lossy = info.quality.is_some().then(|| Settings::lossy(60));
        let lossless = info.lossless.then(Settings::lossless);
        for settings in lossy.into_iter().chain(lossless) {
            let name = format!("{} {:?}", info.id, settings.quality);
            files.push((name, codec.encode(&image, &settings).unwrap()));
        }
    }
    files
}

#[test]
fn a_file_that_is_cut_short_is_no_crash() {
    for (name, file) in files() {
        assert!(reads(&file), "{name}");
        let step = (file.len() / 150).max(1);
        let whole = (0..file.len())
            .step_by(step)
            .filter(|&end| reads(&file[..end]));
        // Some formats end in bytes that no decoder needs.
        assert!(whole.count() <= 3, "{name}");
    }
}

#[test]
fn wrong_bytes_are_no_crash() {
    for (name, file) in files() {
        let mut read = 0;
        let step = (file.len() / 300).max(1);
        for at in (0..file.len()).step_by(step) {
            for flip in [0x01, 0x80, 0xff] {
                let mut damaged = file.clone();
                damaged[at] ^= flip;
                read += usize::from(reads(&damaged));
            }
        }
        assert!(
            read > 0,
            "{name}: not one damaged file was read, so nothing was decoded"
        );
    }
}
