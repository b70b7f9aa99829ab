//! The newest versions of a browser.

use super::snapshot::{Browser, Snapshot};

/// The first Android Browser that is Chrome.
const EVERGREEN_ANDROID: &str = "37";

/// The first Opera Mobile that is Chromium.
const CHROMIUM_OPERA_MOBILE: u32 = 14;

/// Says how many of a browser's newest versions so many versions are.
pub(super) type Last = fn(&Browser, usize) -> usize;

/// The places of the last `n` versions of the browser at `place`, as `last` counts them.
pub(super) fn newest(
    snapshot: &Snapshot,
    place: usize,
    n: usize,
    last: Last,
) -> impl Iterator<Item = (usize, usize)> + use<> {
    let browser = &snapshot.browsers[place];
    let out = browser.released().len();
    let count = last(browser, n);
    let count = match jump(snapshot, browser) {
        0 => count,
        jump if n <= jump => 1,
        jump => count.min(n - jump + 1),
    };
    (out - count..out).map(move |version| (place, version))
}

/// How many versions of `browser` are out since the last but one that Can I use has: of Android Browser and Opera Mobile it
/// has the oldest and the newest, and none between.
fn jump(snapshot: &Snapshot, browser: &Browser) -> usize {
    match browser.id.as_str() {
        "android" => snapshot.place("chrome").map_or(0, |chrome| {
            let chrome = snapshot.browsers[chrome].released();
            let older = chrome.iter().take_while(|v| v.name != EVERGREEN_ANDROID);
            chrome.len() - older.count()
        }),
        "op_mob" => browser.released().last().map_or(0, |newest| {
            (newest.major() + 1).saturating_sub(CHROMIUM_OPERA_MOBILE) as usize
        }),
        _ => 0,
    }
}
