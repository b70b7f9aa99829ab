use super::*;
use crate::source::test_files::{jpeg, progressive_jpeg, rgb};

/// `file` without its last `len` bytes, but with an end-of-image marker.
fn cut(file: &[u8], len: usize) -> Vec<u8> {
    [&file[..file.len() - len], &[0xff, 0xd9]].concat()
}

#[test]
fn whole_files_do_not_break_off() {
    for side in [1, 7, 8, 9, 16, 17, 65] {
        let picture = rgb(side, side + 3);
        assert_eq!(missing(&jpeg(&picture, 80)), Missing::Nothing, "{side}");
        assert_eq!(missing(&progressive_jpeg(&picture, 80)), Missing::Nothing);
    }
}

#[test]
fn a_sequential_scan_that_ends_early_is_found_out() {
    let file = jpeg(&rgb(64, 48), 90);
    for len in 12..file.len() / 2 {
        assert_eq!(missing(&cut(&file, len)), Missing::Blocks, "{len}");
    }
}

#[test]
fn a_scan_that_ends_at_a_restart_is_found_out() {
    let file = jpeg(&rgb(64, 48), 90);
    let scan = file.windows(2).position(|w| w == [0xff, 0xda]).unwrap();
    // Restarts are announced but never come: with other data behind, nothing can be said.
    let restarts = [0xff, 0xdd, 0, 4, 0, 1];
    let announced = [&file[..scan], &restarts, &file[scan..]].concat();
    assert_ne!(missing(&announced), Missing::Blocks);
    let ended = cut(&announced, file.len() - scan - 20);
    assert_eq!(missing(&ended), Missing::Blocks);
}

#[test]
fn missing_scans_are_found_out() {
    let file = progressive_jpeg(&rgb(64, 48), 90);
    let last = file.windows(2).rposition(|w| w == [0xff, 0xda]).unwrap();
    assert_eq!(missing(&cut(&file, file.len() - last)), Missing::Scans);
}
