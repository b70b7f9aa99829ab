//! What files are held against: plain data, read from the configuration.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pattern::Globs;
use crate::diff::MaxGrowth;
use crate::size::{Size, Units};
use crate::variant::Goal;

/// One `[[budget]]`.
#[derive(Debug, Clone)]
pub struct Budget {
    /// What people call it; no two budgets share a name.
    pub name: String,
    /// The files it is about.
    pub files: Globs,
    /// What breaking it means.
    pub level: Level,
    /// The line of the configuration that it begins on, from 1.
    pub line: usize,
    /// What its files must keep to.
    pub rules: Vec<Rule>,
    /// Whether it may match no file.
    pub allow_empty: bool,
    /// Files that it is not held to.
    pub exempt: Vec<Exemption>,
}

/// What breaking a budget means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The check fails.
    #[default]
    Error,
    /// It is said, and counted.
    Warn,
    /// The budget is not looked at.
    Off,
}

/// A limit and where it is written.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The limit.
    pub limit: Limit,
    /// Line of the configuration, from 1.
    pub line: usize,
}

/// What a file, or all files of a budget together, must keep to. Every limit itself is allowed.
#[derive(Debug, Clone)]
pub enum Limit {
    /// Bytes of each file.
    MaxSize(Size),
    /// Bytes of all files together.
    MaxTotal(Size),
    /// Bits a pixel of each file.
    MaxBpp(f64),
    /// Columns, upright.
    MaxWidth(u32),
    /// Rows, upright.
    MaxHeight(u32),
    /// Ids of the formats that files may have.
    Formats(Vec<String>),
    /// What another encoding may save, measured.
    MaxSaving {
        /// The most that may be saved.
        slack: Slack,
        /// The quality it must keep: always a score.
        at: Goal,
        /// Ids of the formats it may have.
        formats: Vec<String>,
    },
    /// The least score against an original.
    MinScore {
        /// The score.
        floor: Goal,
        /// Where the original of a file is, with `{stem}` and its kin in it.
        against: String,
    },
    /// What a file may have grown since the base.
    MaxGrowth(Slack),
}

/// So many percent of a size or so many bytes, whichever is more: small files may change by more percent, large ones by
/// more bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Slack {
    /// Of the size before.
    pub percent: Option<MaxGrowth>,
    /// However large it was.
    pub bytes: Option<Size>,
}

/// Files that a budget is not held to.
#[derive(Debug, Clone)]
pub struct Exemption {
    /// Which.
    pub files: Globs,
    /// Why.
    pub reason: String,
    /// The last day of it.
    pub until: Option<Date>,
    /// Line of the configuration, from 1.
    pub line: usize,
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Of our era.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Limit {
    /// The key it has in the configuration.
    pub fn id(&self) -> &'static str {
        match self {
            Self::MaxSize(_) => "max-size",
            Self::MaxTotal(_) => "max-total",
            Self::MaxBpp(_) => "max-bpp",
            Self::MaxWidth(_) => "max-width",
            Self::MaxHeight(_) => "max-height",
            Self::Formats(_) => "formats",
            Self::MaxSaving { .. } => "max-saving",
            Self::MinScore { .. } => "min-score",
            Self::MaxGrowth(_) => "max-growth",
        }
    }
}

impl Slack {
    /// The most that `bytes` may change by.
    pub fn of(&self, bytes: u64) -> u64 {
        let part = self.percent.map_or(0, |p| p.allows(bytes) - bytes);
        part.max(self.bytes.map_or(0, |size| size.bytes))
    }
}

impl fmt::Display for Slack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.percent, self.bytes) {
            (Some(percent), Some(bytes)) => write!(f, "{percent} and {bytes}"),
            (Some(percent), None) => write!(f, "{percent}"),
            (None, Some(bytes)) => write!(f, "{bytes}"),
            (None, None) => f.write_str("nothing"),
        }
    }
}

/// The units that a slack is written in; those of 1000 where it has none.
pub(super) fn units(slack: &Slack) -> Units {
    slack.bytes.map_or(Units::Decimal, |size| size.units)
}

impl Date {
    /// The day (UTC) that is `seconds` after the beginning of 1970.
    pub fn of_unix(seconds: u64) -> Self {
        // Days to a date by eras of 400 years that begin in March: Howard Hinnant's `civil_from_days`.
        let days = seconds / 86_400 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        Self {
            year: (year_of_era + era * 400 + u64::from(month <= 2)) as u16,
            month: month as u8,
            day: day as u8,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_date() {
        for (seconds, date) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_798_675_200, "2026-12-31"),
            (4_102_444_800, "2100-01-01"),
        ] {
            assert_eq!(Date::of_unix(seconds).to_string(), date);
        }
    }

    #[test]
    fn slack_is_whichever_is_more() {
        let slack = Slack {
            percent: "2%".parse().ok(),
            bytes: "1 KiB".parse().ok(),
        };
        assert_eq!(slack.of(10_000), 1024);
        assert_eq!(slack.of(1_000_049), 20_000);
        assert_eq!(Slack::default().of(1_000_000), 0);
    }
}
