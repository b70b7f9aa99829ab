//! Which browsers show which formats, and how many people use them. From a snapshot of Can I use, so that a report says the
//! same whenever it is made; pure.

mod newest;
mod query;
mod select;
mod snapshot;
mod targets;
mod words;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::snapshot::{Snapshot, Version, Versions};

pub use self::query::QueryError;
pub use self::targets::read_targets;

/// Formats that every browser shows.
const EVERYWHERE: [&str; 2] = ["jpeg", "png"];

/// Browsers of which Can I use knows the newest version alone, so that all their users count as having it, and the browser
/// for desktops with the same numbers, of which it knows how many use which version.
const NEWEST_ONLY: [(&str, &str); 2] = [("and_chr", "chrome"), ("and_ff", "firefox")];

/// The browsers that are counted on, and what they show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Support {
    /// Who says so: `Can I use`.
    pub source: String,
    /// SPDX id of the licence of the data.
    pub licence: String,
    /// The package the data came in.
    pub package: String,
    /// Version of the package.
    pub version: String,
    /// Day of the package as ISO 8601 has it without dashes: `20261124`.
    pub date: String,
    /// The browsers that were asked for, in browserslist's language; `null` is every user of the web.
    pub query: Option<String>,
    /// Users of these browsers out of all users, 0 to 1. All other shares are out of these users.
    pub covered: f64,
    /// Share of users whose browser the source does not know, counted as showing what every browser shows; 0 with a query.
    pub unknown: f64,
    /// One a format.
    pub formats: Vec<FormatSupport>,
    /// The users, by what their browsers show; the largest group first.
    pub groups: Vec<Group>,
    /// Browsers whose users all count as having its newest version, for want of better data: new formats look better than
    /// they are.
    pub newest_only: Vec<NewestOnly>,
}

/// Share of users whose browser shows a format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormatSupport {
    /// Format id.
    pub format: String,
    /// In full, 0 to 1.
    pub full: f64,
    /// With limits, such as no animation; not in [`full`](Self::full).
    pub partial: f64,
    /// As [`full`](Self::full), were the browsers of [`Support::newest_only`] as old as their likes for desktops.
    pub full_at_desktop_pace: f64,
}

/// Users whose browsers show the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Ids of the formats that are shown in full.
    pub full: Vec<String>,
    /// Those shown with limits.
    pub partial: Vec<String>,
    /// Share of users, 0 to 1.
    pub share: f64,
    /// As [`share`](Self::share), were the browsers of [`Support::newest_only`] as old as their likes for desktops.
    pub share_at_desktop_pace: f64,
}

/// A browser of which only the newest version is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewestOnly {
    /// Its name.
    pub browser: String,
    /// The version.
    pub version: String,
    /// Share of users, 0 to 1.
    pub share: f64,
}

impl Support {
    /// The day of the snapshot with dashes.
    pub fn day(&self) -> String {
        match self.date.split_at_checked(4) {
            Some((year, rest)) if rest.len() == 4 && rest.is_ascii() => {
                format!("{year}-{}-{}", &rest[..2], &rest[2..])
            }
            _ => self.date.clone(),
        }
    }

    /// Every user of the web.
    pub fn of_everyone() -> Self {
        let snapshot = Snapshot::committed();
        let all = snapshot.all().map(|(at, _)| at).collect();
        Self::new(&snapshot, None, &all)
    }

    /// The browsers that `query` names, in browserslist's language.
    ///
    /// # Errors
    /// When part of it is not understood, or nobody uses what it names.
    pub fn of(query: &str) -> Result<Self, QueryError> {
        let snapshot = Snapshot::committed();
        let versions = query::resolve(&snapshot, query)?;
        let support = Self::new(&snapshot, Some(query), &versions);
        if support.covered > 0.0 {
            Ok(support)
        } else {
            Err(QueryError::of(query, "nobody uses these browsers"))
        }
    }

    fn new(snapshot: &Snapshot, query: Option<&str>, versions: &Versions) -> Self {
        let percent = |versions: &Versions| {
            versions
                .iter()
                .map(|at| snapshot.at(*at).percent)
                .sum::<f64>()
        };
        let known = percent(versions);
        let unknown = if query.is_none() {
            (100.0 - known).max(0.0)
        } else {
            0.0
        };
        let users = known + unknown;
        let share = |percent: f64| rounded(if users > 0.0 { percent / users } else { 0.0 });
        let groups = groups(snapshot, versions, unknown);
        let groups = groups.into_iter().map(|(letters, [percent, paced])| {
            let of = |letter: char| snapshot.showing(&letters, letter);
            Group {
                full: EVERYWHERE
                    .iter()
                    .map(ToString::to_string)
                    .chain(of('y'))
                    .collect(),
                partial: of('a').collect(),
                share: share(percent),
                share_at_desktop_pace: share(paced),
            }
        });
        let mut groups: Vec<Group> = groups.collect();
        groups.sort_by(|a, b| b.share.total_cmp(&a.share));
        let newest_only = snapshot.all().filter(|(at, _)| versions.contains(at));
        let newest_only = newest_only.filter(|((b, _), v)| {
            let id = &snapshot.browsers[*b].id;
            v.percent > 0.0 && NEWEST_ONLY.iter().any(|(mobile, _)| mobile == id)
        });
        Self {
            source: snapshot.source.clone(),
            licence: snapshot.licence.clone(),
            package: snapshot.package.clone(),
            version: snapshot.version.clone(),
            date: snapshot.date.replace('-', ""),
            query: query.map(String::from),
            covered: rounded(users / 100.0),
            unknown: share(unknown),
            formats: formats(snapshot, &groups),
            newest_only: newest_only
                .map(|((b, _), v)| NewestOnly {
                    browser: snapshot.browsers[b].name.clone(),
                    version: v.name.clone(),
                    share: share(v.percent),
                })
                .collect(),
            groups,
        }
    }

    /// What is known of format `id`.
    pub fn format(&self, id: &str) -> Option<&FormatSupport> {
        self.formats.iter().find(|f| f.format == id)
    }
}

/// Percent of users by the letters of what they see: as counted, and at the desktop's pace.
fn groups(snapshot: &Snapshot, versions: &Versions, unknown: f64) -> BTreeMap<String, [f64; 2]> {
    let mut groups: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    let mut add = |letters: &str, percents: [f64; 2]| {
        let group = groups.entry(letters.into()).or_default();
        group[0] += percents[0];
        group[1] += percents[1];
    };
    if unknown > 0.0 {
        add(&"n".repeat(snapshot.formats.len()), [unknown; 2]);
    }
    for at in versions {
        let version = snapshot.at(*at);
        let likes = likes(snapshot, versions, at.0);
        let users: f64 = likes.iter().map(|v| v.percent).sum();
        if users > 0.0 {
            add(&version.shows, [version.percent, 0.0]);
            for like in likes {
                add(&like.shows, [0.0, version.percent * like.percent / users]);
            }
        } else {
            add(&version.shows, [version.percent; 2]);
        }
    }
    groups.retain(|_, percents| percents.iter().any(|p| *p > 0.0));
    groups
}

/// The chosen versions of the browser for desktops that tells how old those of `browser` may be.
fn likes<'a>(snapshot: &'a Snapshot, versions: &Versions, browser: usize) -> Vec<&'a Version> {
    let id = &snapshot.browsers[browser].id;
    let desktop = NEWEST_ONLY.iter().find(|(mobile, _)| mobile == id);
    let of =
        |at: &(usize, usize)| Some(snapshot.browsers[at.0].id.as_str()) == desktop.map(|d| d.1);
    versions
        .iter()
        .filter(|at| of(at))
        .map(|at| snapshot.at(*at))
        .collect()
}

fn formats(snapshot: &Snapshot, groups: &[Group]) -> Vec<FormatSupport> {
    let known = snapshot.formats.iter().map(String::as_str);
    let ids = EVERYWHERE.into_iter().chain(known);
    let sum = |id: &str, of: fn(&Group) -> &[String], share: fn(&Group) -> f64| {
        let within = groups.iter().filter(|g| of(g).iter().any(|f| f == id));
        rounded(within.map(share).sum())
    };
    ids.map(|id| FormatSupport {
        format: id.into(),
        full: sum(id, |g| &g.full, |g| g.share),
        partial: sum(id, |g| &g.partial, |g| g.share),
        full_at_desktop_pace: sum(id, |g| &g.full, |g| g.share_at_desktop_pace),
    })
    .collect()
}

/// Six decimals, as all figures of a report.
fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6 + 0.0
}

#[cfg(test)]
mod tests;
