//! What an encoder is told. Never a target: that is [`Goal`](crate::variant::Goal)'s business.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::CodecInfo;

/// How much may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    /// On the codec's own scale, which means something else in every codec.
    Lossy(u8),
    /// Nothing.
    Lossless,
}

/// What an encoder is told: quality, effort, and knobs of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Settings {
    /// How much may be lost.
    pub quality: Quality,
    /// Encoder effort; `None` is the codec's default.
    pub effort: Option<u8>,
    /// Values of the codec's declared option keys; what is not here has its default.
    pub extra: BTreeMap<String, String>,
}

/// A knob that belongs to one codec.
#[derive(Debug)]
pub struct OptionKey {
    /// Name, as in `subsampling`.
    pub key: &'static str,
    /// What it takes.
    pub values: Values,
    /// What is used when it is not given.
    pub default: &'static str,
    /// One line of help.
    pub help: &'static str,
}

/// The values a knob takes.
#[derive(Debug)]
pub enum Values {
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number.
    Range(RangeInclusive<u16>),
}

/// `off` or `on`.
pub(super) const SWITCH: Values = Values::OneOf(&["off", "on"]);

/// Why settings are not for this codec. The message lists what is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingError(pub(crate) String);

impl Settings {
    /// A set quality, all else default.
    pub fn lossy(quality: u8) -> Self {
        Self {
            quality: Quality::Lossy(quality),
            effort: None,
            extra: BTreeMap::new(),
        }
    }

    /// Lossless, all else default.
    pub fn lossless() -> Self {
        Self {
            quality: Quality::Lossless,
            effort: None,
            extra: BTreeMap::new(),
        }
    }

    /// The value of `key`, given or default.
    ///
    /// # Errors
    /// When `info` declares no such key.
    pub fn word<'a>(&'a self, info: &'a CodecInfo, key: &str) -> Result<&'a str, SettingError> {
        let declared = info.option(key)?;
        Ok(self.extra.get(key).map_or(declared.default, String::as_str))
    }

    /// Whether switch `key` is on.
    ///
    /// # Errors
    /// When `info` declares no such key.
    pub fn is_on(&self, info: &CodecInfo, key: &str) -> Result<bool, SettingError> {
        Ok(self.word(info, key)? == "on")
    }

    /// The number that `key` holds.
    ///
    /// # Errors
    /// When `info` declares no such key or its value is no number.
    pub fn number(&self, info: &CodecInfo, key: &str) -> Result<u16, SettingError> {
        let word = self.word(info, key)?;
        word.parse()
            .map_err(|_| SettingError(format!("{key}={word} is not a number")))
    }

    /// The effort, given or default; 0 where the codec has only one.
    pub fn effort(&self, info: &CodecInfo) -> u8 {
        self.effort
            .or(info.effort.as_ref().map(|e| e.default))
            .unwrap_or(0)
    }
}

impl CodecInfo {
    /// The declared option called `key`.
    ///
    /// # Errors
    /// When there is none; the message lists those there are.
    pub fn option(&self, key: &str) -> Result<&OptionKey, SettingError> {
        self.options.iter().find(|o| o.key == key).ok_or_else(|| {
            let effort = self.effort.as_ref().map(|_| "effort");
            let known: Vec<&str> = effort
                .into_iter()
                .chain(self.options.iter().map(|o| o.key))
                .collect();
            SettingError(format!(
                "{} has no option “{key}”; it has {}",
                self.id,
                known.join(", ")
            ))
        })
    }

    /// Holds `settings` against what this codec takes.
    ///
    /// # Errors
    /// The first value that does not fit, with those that do.
    pub fn check(&self, settings: &Settings) -> Result<(), SettingError> {
        match (settings.quality, &self.quality) {
            (Quality::Lossless, _) if !self.lossless => {
                return Err(SettingError(format!("{} has no lossless mode", self.id)));
            }
            (Quality::Lossy(_), None) => {
                return Err(SettingError(format!(
                    "{} is lossless: it takes no quality",
                    self.id
                )));
            }
            (Quality::Lossy(q), Some(range)) if !range.contains(&q) => {
                return Err(SettingError(format!(
                    "{} takes qualities {} to {}, not {q}",
                    self.id,
                    range.start(),
                    range.end()
                )));
            }
            _ => {}
        }
        self.check_effort(settings.effort)?;
        settings
            .extra
            .iter()
            .try_for_each(|(key, value)| self.option(key)?.check(value))
    }

    fn check_effort(&self, effort: Option<u8>) -> Result<(), SettingError> {
        match (effort, &self.effort) {
            (Some(_), None) => Err(SettingError(format!("{} has no effort setting", self.id))),
            (Some(e), Some(effort)) if !effort.range.contains(&e) => Err(SettingError(format!(
                "{} takes effort {} to {}, not {e}",
                self.id,
                effort.range.start(),
                effort.range.end()
            ))),
            _ => Ok(()),
        }
    }
}

impl OptionKey {
    fn check(&self, value: &str) -> Result<(), SettingError> {
        let fits = match &self.values {
            Values::OneOf(words) => words.contains(&value),
            // No sign, no leading zero: one spelling a number, so that one variant has one name.
            Values::Range(range) => value
                .parse()
                .is_ok_and(|n: u16| range.contains(&n) && n.to_string() == value),
        };
        if fits {
            Ok(())
        } else {
            Err(SettingError(format!(
                "{}={value}: it takes {}",
                self.key, self.values
            )))
        }
    }
}

impl std::fmt::Display for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OneOf(words) => f.write_str(&words.join("|")),
            Self::Range(range) => write!(f, "{}..{}", range.start(), range.end()),
        }
    }
}

impl From<SettingError> for super::CodecError {
    fn from(error: SettingError) -> Self {
        Self::Unsupported(error.0)
    }
}
