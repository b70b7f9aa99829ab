//! What Can I use knew of browsers on a day: `caniuse.json`, which `update.mjs` makes.

use std::collections::BTreeSet;

use serde::Deserialize;

/// The committed snapshot.
const CANIUSE: &str = include_str!("caniuse.json");

/// Other names of browsers.
const ALIASES: [(&str, &str); 12] = [
    ("fx", "firefox"),
    ("ff", "firefox"),
    ("ios", "ios_saf"),
    ("explorer", "ie"),
    ("blackberry", "bb"),
    ("explorermobile", "ie_mob"),
    ("operamini", "op_mini"),
    ("operamobile", "op_mob"),
    ("chromeandroid", "and_chr"),
    ("firefoxandroid", "and_ff"),
    ("ucandroid", "and_uc"),
    ("qqandroid", "and_qq"),
];

/// What Can I use knew of browsers on a day.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Snapshot {
    /// Who says so.
    pub(super) source: String,
    /// The package it came in.
    pub(super) package: String,
    /// Version of the package.
    pub(super) version: String,
    /// Day of the package, `2026-11-24`.
    pub(super) date: String,
    /// SPDX id.
    pub(super) licence: String,
    /// Ids of the formats that not every browser shows, in the order of [`Version::shows`].
    pub(super) formats: Vec<String>,
    /// The version of Firefox with extended support.
    pub(super) firefox_esr: String,
    /// All browsers.
    pub(super) browsers: Vec<Browser>,
}

/// A browser.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Browser {
    /// As in queries: `ios_saf`.
    pub(super) id: String,
    /// As people say: `Safari on iOS`.
    pub(super) name: String,
    /// How many of the last versions are not out yet.
    unreleased: usize,
    /// The oldest first.
    pub(super) versions: Vec<Version>,
}

/// A version of a browser, or several that are counted as one.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "(String, Option<String>, f64, String)")]
pub(super) struct Version {
    /// `157`, `15.2-15.3`, `TP`, `all`.
    pub(super) name: String,
    /// Day of its release, as [`day`].
    pub(super) released: Option<i64>,
    /// Users in percent of all users of the web.
    pub(super) percent: f64,
    /// A letter a format: `y` in full, `a` in part, `n` not.
    pub(super) shows: String,
}

impl From<(String, Option<String>, f64, String)> for Version {
    fn from((name, date, percent, shows): (String, Option<String>, f64, String)) -> Self {
        let released = date.as_deref().and_then(day);
        Self {
            name,
            released,
            percent,
            shows,
        }
    }
}

/// Versions by the places of their browser and of themselves.
pub(super) type Versions = BTreeSet<(usize, usize)>;

impl Snapshot {
    /// The one this build has.
    pub(super) fn committed() -> Self {
        serde_json::from_str(CANIUSE).expect("caniuse.json is as update.mjs writes it")
    }

    /// Every version of every browser.
    pub(super) fn all(&self) -> impl Iterator<Item = ((usize, usize), &Version)> {
        let browsers = self.browsers.iter().enumerate();
        browsers.flat_map(|(b, browser)| {
            let versions = browser.versions.iter().enumerate();
            versions.map(move |(v, version)| ((b, v), version))
        })
    }

    /// Ids of the formats that have `letter` in `letters`.
    pub(super) fn showing(&self, letters: &str, letter: char) -> impl Iterator<Item = String> {
        let formats = self.formats.iter().zip(letters.chars());
        let formats = formats.filter(move |(_, of)| *of == letter);
        formats.map(|(format, _)| format.clone())
    }

    /// Place of the browser called `name`, if there is one.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
        let id = alias.map_or(name, |(_, id)| id);
        self.browsers.iter().position(|b| b.id == id)
    }

    /// The version at a place.
    pub(super) fn at(&self, (browser, version): (usize, usize)) -> &Version {
        &self.browsers[browser].versions[version]
    }
}

impl Browser {
    /// Versions that are out.
    pub(super) fn released(&self) -> &[Version] {
        &self.versions[..self.versions.len() - self.unreleased]
    }

    /// How many of the newest versions `n` versions are.
    pub(super) fn last(&self, n: usize) -> usize {
        n.min(self.released().len())
    }

    /// How many of the newest versions those of the last `n` major ones are.
    pub(super) fn last_major(&self, n: usize) -> usize {
        let mut majors: Vec<u32> = self.released().iter().map(Version::major).collect();
        majors.dedup();
        let least = n
            .checked_sub(1)
            .and_then(|n| majors.into_iter().rev().nth(n));
        let least = least.unwrap_or(0);
        let newest = self
            .released()
            .iter()
            .rev()
            .take_while(|v| v.major() >= least);
        newest.count()
    }

    /// Place of a version, also of one of several that are counted as one; a browser with one version has no other.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let is = |v: &Version| {
            v.name.eq_ignore_ascii_case(name) || v.name.split('-').any(|end| end == name)
        };
        let mut versions = self.versions.iter();
        match self.versions.len() {
            1 => Some(0),
            _ => versions.position(is),
        }
    }
}

impl Version {
    /// The number it begins with, and the one where its range ends: 15.2 and 15.3 of `15.2-15.3`. NaN where there is none,
    /// which compares with nothing.
    pub(super) fn ends(&self) -> [f64; 2] {
        let last = self.name.split('-').nth(1).unwrap_or(&self.name);
        [number(&self.name), number(last)]
    }

    /// The number before the first dot; 0 where there is none.
    pub(super) fn major(&self) -> u32 {
        number(&self.name) as u32
    }
}

/// The decimal number that `text` begins with.
pub(super) fn number(text: &str) -> f64 {
    let mut dots = 0;
    let end = text.find(|c: char| {
        dots += usize::from(c == '.');
        dots > 1 || !(c.is_ascii_digit() || c == '.')
    });
    text[..end.unwrap_or(text.len())]
        .parse()
        .unwrap_or(f64::NAN)
}

/// Days from 0000-03-01 to `YYYY-MM-DD`, of which month and day may be left out; `None` for what is no date.
pub(super) fn day(date: &str) -> Option<i64> {
    let numbers = date.split('-').map(|part| part.parse::<i64>().ok());
    let numbers: Vec<i64> = numbers.collect::<Option<_>>()?;
    let (year, month, day) = match numbers[..] {
        [year] => (year, 1, 1),
        [year, month] => (year, month, 1),
        [year, month, day] => (year, month, day),
        _ => return None,
    };
    let valid = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    // A year that begins in March ends in its leap day.
    let (year, month) = (year - i64::from(month < 3), (month + 9) % 12);
    let leaps = year / 4 - year / 100 + year / 400;
    valid.then(|| 365 * year + leaps + (153 * month + 2) / 5 + day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days() {
        let unix = |date| day(date).unwrap() - day("1970").unwrap();
        assert_eq!(unix("1970-01-02"), 1);
        assert_eq!(unix("2000-02-29"), 11_016);
        assert_eq!(unix("2026-11"), 20_758);
        for none in [
            "",
            "2026-13",
            "2026-00-01",
            "2026-1-32",
            "x",
            "1-1-1-1",
            "0",
        ] {
            assert_eq!(day(none), None, "{none}");
        }
    }

    #[test]
    fn numbers_are_read_as_far_as_they_go() {
        for (text, value) in [
            ("157", 157.0),
            ("15.2-15.3", 15.2),
            ("4.4.3", 4.4),
            ("15.", 15.0),
        ] {
            assert_eq!(number(text), value, "{text}");
        }
        assert!(["TP", "all", "", "."].iter().all(|t| number(t).is_nan()));
    }

    #[test]
    fn the_snapshot_is_whole() {
        let snapshot = Snapshot::committed();
        let percent: f64 = snapshot.all().map(|(_, v)| v.percent).sum();
        assert!((90.0..=100.0).contains(&percent), "{percent}");
        assert!(day(&snapshot.date).is_some());
        for (at, version) in snapshot.all() {
            let whole = version.shows.len() == snapshot.formats.len();
            let known = version.shows.chars().all(|c| "yan".contains(c));
            assert!(whole && known, "{at:?} {version:?}");
        }
    }
}
