//! One part of a query: the versions that it names, as browserslist has it.

use super::newest::{Last, newest};
use super::query::{QueryError, resolve};
use super::snapshot::{Browser, Snapshot, Version, Versions, day, number};
use super::words::{is_foreign, words};

/// What `defaults` stands for.
const DEFAULTS: &str = "> 0.5%, last 2 versions, firefox esr, not dead";

/// What `dead` stands for.
const DEAD: &str = "baidu >= 0, ie <= 11, ie_mob <= 11, bb <= 10, op_mob <= 12.1, samsung 4";

/// What formats are called at Can I use, where that is not our id.
const FEATURES: [(&str, &str); 1] = [("jpegxl", "jxl")];

/// What is understood.
const EXAMPLES: &str = "not understood; write parts such as: defaults, > 0.5%, last 2 versions, last 2 years, since 2025, cover 95%, dead, chrome >= 100, safari 16-17, firefox esr, supports avif, unreleased versions; joined by commas, “and” or “or”; after the first also with “not”";

/// Days of a year.
const YEAR: f64 = 365.259_641;

/// The versions that `part` names.
pub(super) fn select(snapshot: &Snapshot, part: &str) -> Result<Versions, QueryError> {
    let words = words(part);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let query = Query { snapshot, part };
    match words[..] {
        ["defaults"] => resolve(snapshot, DEFAULTS),
        ["dead"] => resolve(snapshot, DEAD),
        ["last", n, "version" | "versions"] => query.last_of_all(n, Browser::last),
        ["last", n, "major", "version" | "versions"] => query.last_of_all(n, Browser::last_major),
        ["last", n, "year" | "years"] => query.last_years(n),
        ["last", n, browser, "version" | "versions"] => query.last(n, browser, Browser::last),
        ["last", n, browser, "major", "version" | "versions"] => {
            query.last(n, browser, Browser::last_major)
        }
        ["since", date] => {
            let since = day(date).ok_or_else(|| query.error("write a date as in since 2025-06"))?;
            Ok(query.every(|v| v.released.is_some_and(|day| day >= since)))
        }
        ["unreleased", "versions"] => Ok(query.unreleased(None)),
        ["unreleased", browser, "version" | "versions"] => {
            Ok(query.unreleased(Some(query.browser(browser)?)))
        }
        ["supports", feature] | ["partially", "supports", feature] => query.supports(feature, "ya"),
        ["fully", "supports", feature] => query.supports(feature, "y"),
        ["cover", share] => query.cover(query.percent(share)?),
        [sign @ (">" | ">=" | "<" | "<="), share] => {
            let share = query.percent(share)?;
            Ok(query.every(|v| holds([v.percent; 2], sign, share)))
        }
        [browser, sign @ (">" | ">=" | "<" | "<="), version] => query.ray(browser, sign, version),
        [browser, _, ..] if !is_foreign(&words) => query.named(browser, &words[1..].concat()),
        _ => Err(query.not_understood(&words)),
    }
}

/// Whether a version or share with these ends is on this side of `bound`.
fn holds([first, last]: [f64; 2], sign: &str, bound: f64) -> bool {
    match sign {
        ">" => last > bound,
        ">=" => last >= bound,
        "<" => first < bound,
        _ => first <= bound,
    }
}

/// A part of a query, and what it is about.
struct Query<'a> {
    snapshot: &'a Snapshot,
    part: &'a str,
}

impl Query<'_> {
    fn error(&self, why: &str) -> QueryError {
        QueryError::of(self.part, why)
    }

    fn not_understood(&self, words: &[&str]) -> QueryError {
        match words {
            [] => QueryError("a part of the query is empty".into()),
            words if is_foreign(words) => self.error(
                "only browsers and their shares worldwide are in the snapshot, no countries, statistics of your own, Node.js, Electron, Baseline or shared configurations",
            ),
            [one] if self.snapshot.place(one).is_some() => {
                self.error(&format!("say which versions, as in {one} >= 100"))
            }
            _ => self.error(EXAMPLES),
        }
    }

    /// Place of the browser called `name`.
    fn browser(&self, name: &str) -> Result<usize, QueryError> {
        self.snapshot.place(name).ok_or_else(|| {
            let browsers = self.snapshot.browsers.iter();
            let ids: Vec<&str> = browsers.map(|b| b.id.as_str()).collect();
            let known = ids.join(", ");
            self.error(&format!("there is no browser “{name}”; there are {known}"))
        })
    }

    fn percent(&self, share: &str) -> Result<f64, QueryError> {
        let number = share.strip_suffix('%').and_then(|n| n.parse().ok());
        let number = number.filter(|n: &f64| (0.0..=100.0).contains(n));
        number.ok_or_else(|| self.error("write a share of users as in > 0.5%"))
    }

    /// Versions for which `test` holds.
    fn every(&self, test: impl Fn(&Version) -> bool) -> Versions {
        let all = self.snapshot.all().filter(|(_, v)| test(v));
        all.map(|(at, _)| at).collect()
    }

    fn count(&self, n: &str) -> Result<usize, QueryError> {
        n.parse()
            .map_err(|_| self.error("write a number as in last 2 versions"))
    }

    fn last_of_all(&self, n: &str, of: Last) -> Result<Versions, QueryError> {
        let n = self.count(n)?;
        let places = 0..self.snapshot.browsers.len();
        Ok(places
            .flat_map(|place| newest(self.snapshot, place, n, of))
            .collect())
    }

    fn last(&self, n: &str, browser: &str, of: Last) -> Result<Versions, QueryError> {
        if is_foreign(&[browser]) {
            return Err(self.not_understood(&[browser]));
        }
        let (browser, n) = (self.browser(browser)?, self.count(n)?);
        Ok(newest(self.snapshot, browser, n, of).collect())
    }

    fn last_years(&self, years: &str) -> Result<Versions, QueryError> {
        let years: Option<f64> = years.parse().ok().filter(|y: &f64| y.is_finite());
        let years = years.ok_or_else(|| self.error("write a number as in last 2 years"))?;
        let now = day(&self.snapshot.date).unwrap_or_default() as f64;
        let since = now - YEAR * years;
        Ok(self.every(|v| v.released.is_some_and(|day| day as f64 >= since)))
    }

    fn unreleased(&self, of: Option<usize>) -> Versions {
        let all = self.snapshot.all().map(|(at, _)| at);
        all.filter(|(browser, version)| {
            of.is_none_or(|place| place == *browser)
                && *version >= self.snapshot.browsers[*browser].released().len()
        })
        .collect()
    }

    fn supports(&self, feature: &str, letters: &str) -> Result<Versions, QueryError> {
        let known = FEATURES.iter().find(|(name, _)| *name == feature);
        let id = known.map_or(feature, |(_, id)| id);
        let formats = &self.snapshot.formats;
        let Some(nth) = formats.iter().position(|format| format == id) else {
            let known = formats.join(", ");
            return Err(self.error(&format!("of features the snapshot has {known} only")));
        };
        Ok(self.every(|v| {
            v.shows
                .chars()
                .nth(nth)
                .is_some_and(|c| letters.contains(c))
        }))
    }

    /// The most used versions that together have a share.
    fn cover(&self, percent: f64) -> Result<Versions, QueryError> {
        let mut all: Vec<_> = self.snapshot.all().collect();
        // Of equals browserslist takes whole numbers first: so JavaScript orders keys.
        let whole = |v: &Version| v.name.bytes().all(|b| b.is_ascii_digit());
        all.sort_by(|((a, _), v), ((b, _), w)| {
            let larger = w.percent.total_cmp(&v.percent);
            larger.then(a.cmp(b)).then(whole(w).cmp(&whole(v)))
        });
        let mut covered = 0.0;
        let mut versions = Versions::new();
        for (at, version) in all {
            if version.percent == 0.0 || (covered >= percent && !versions.is_empty()) {
                break;
            }
            covered += version.percent;
            versions.insert(at);
        }
        Ok(versions)
    }

    fn ray(&self, browser: &str, sign: &str, version: &str) -> Result<Versions, QueryError> {
        if is_foreign(&[browser]) {
            return Err(self.not_understood(&[browser]));
        }
        let place = self.browser(browser)?;
        let esr = version == "esr" && self.snapshot.browsers[place].id == "firefox";
        let bound = number(if esr {
            &self.snapshot.firefox_esr
        } else {
            version
        });
        if bound.is_nan() {
            return Err(self.error(&format!("“{version}” is no version")));
        }
        let out = self.snapshot.browsers[place].released();
        let found = out
            .iter()
            .enumerate()
            .filter(|(_, v)| holds(v.ends(), sign, bound));
        Ok(found.map(|(nth, _)| (place, nth)).collect())
    }

    /// A version, or a range of them.
    fn named(&self, browser: &str, versions: &str) -> Result<Versions, QueryError> {
        let place = self.browser(browser)?;
        let browser = &self.snapshot.browsers[place];
        if let Some((from, to)) = versions.split_once('-') {
            let end = |text: &str| {
                browser
                    .find(text)
                    .map_or(number(text), |v| browser.versions[v].ends()[0])
            };
            let (from, to) = (end(from), end(to));
            if from.is_nan() || to.is_nan() {
                return Err(self.error("write a range as in safari 16-17"));
            }
            let within = |v: &Version| holds(v.ends(), ">=", from) && holds(v.ends(), "<=", to);
            let found = browser
                .released()
                .iter()
                .enumerate()
                .filter(|(_, v)| within(v));
            return Ok(found.map(|(nth, _)| (place, nth)).collect());
        }
        let esr = versions == "esr" && browser.id == "firefox";
        let wanted = if esr {
            &self.snapshot.firefox_esr
        } else {
            versions
        };
        let other = wanted
            .strip_suffix(".0")
            .map_or_else(|| format!("{wanted}.0"), String::from);
        let found = browser.find(wanted).or_else(|| browser.find(&other));
        match found {
            Some(version) => Ok([(place, version)].into()),
            None => Err(self.error(&format!(
                "there is no version “{versions}” of {}",
                browser.name
            ))),
        }
    }
}
