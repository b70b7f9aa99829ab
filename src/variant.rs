//! Experiment columns: a codec, a goal, and what else the encoder is told, with one canonical name each.
//!
//! `mozjpeg:q80`, `mozjpeg:q80,subsampling=444`, `libwebp:lossless,effort=6`, `oxipng:effort=4`, and with a target
//! `libwebp:ssimulacra2=70` or `libwebp:size=100000`.
//! Values equal to the codec's defaults are left out, keys come in alphabetical order, so two names are equal exactly
//! when the experiments are. [`Display`](std::fmt::Display) and [`FromStr`] are inverse.

mod goal;
mod sweep;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::codec::{self, CODECS, Codec, CodecInfo, CodecTable, Quality, SettingError, Settings};

pub use self::goal::{Goal, Score, parse_target_sizes, parse_targets};
pub use self::sweep::parse_qualities;

/// One experiment column.
#[derive(Clone)]
pub struct Variant {
    codec: &'static dyn Codec,
    goal: Goal,
    settings: Settings,
}

impl Variant {
    /// `codec` at `goal`, all else default.
    ///
    /// # Errors
    /// When the codec cannot do that.
    pub fn new(codec: &'static dyn Codec, goal: Goal) -> Result<Self, SettingError> {
        Template {
            codec,
            goal: None,
            effort: None,
            extra: BTreeMap::new(),
        }
        .at(goal)
    }

    /// The codec.
    pub fn codec(&self) -> &'static dyn Codec {
        self.codec
    }

    /// What was asked.
    pub fn goal(&self) -> Goal {
        self.goal
    }

    /// What the encoder is told; at the best quality of the codec where the quality is to be looked for.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether the very same pixels are promised, or the very same JPEG.
    pub fn loses_nothing(&self) -> bool {
        self.keeps_pixels() || self.goal == Goal::JpegRecompress
    }

    /// Whether the very same pixels are promised.
    pub fn keeps_pixels(&self) -> bool {
        self.goal != Goal::JpegRecompress && self.codec.keeps_pixels(&self.settings)
    }

    /// The quality number, if one was set.
    pub fn quality(&self) -> Option<u8> {
        if let Goal::Quality(q) = self.goal {
            Some(q)
        } else {
            None
        }
    }

    /// What a search for `goal` tries: the same at a set quality of the codec's range.
    pub fn at_quality(&self, quality: u8) -> Self {
        let mut variant = self.clone();
        variant.goal = Goal::Quality(quality);
        variant.settings.quality = Quality::Lossy(quality);
        variant
    }

    /// Its name without the goal: what it shares with all variants that differ in quality and nothing else.
    pub fn series(&self) -> String {
        self.name(None)
    }

    fn name(&self, goal: Option<String>) -> String {
        let effort = self.settings.effort.map(|e| format!("effort={e}"));
        let extra = self.settings.extra.iter();
        let extra = extra.map(|(key, value)| format!("{key}={value}"));
        let mut keyed: Vec<String> = effort.into_iter().chain(extra).collect();
        keyed.sort();
        let parts: Vec<String> = goal.into_iter().chain(keyed).collect();
        let id = self.codec.info().id;
        if parts.is_empty() {
            id.into()
        } else {
            format!("{id}:{}", parts.join(","))
        }
    }
}

impl PartialEq for Variant {
    fn eq(&self, other: &Self) -> bool {
        self.codec.info().id == other.codec.info().id
            && self.goal == other.goal
            && self.settings == other.settings
    }
}

impl Eq for Variant {}

impl fmt::Debug for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Variant({self})")
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let info = self.codec.info();
        // A codec that is lossless anyway need not say so.
        let goal =
            (self.goal != Goal::Lossless || info.quality.is_some()).then(|| self.goal.to_string());
        f.write_str(&self.name(goal))
    }
}

impl FromStr for Variant {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        let template = Template::parse(text, CODECS)?;
        let goal = template.goal.ok_or_else(|| {
            SettingError(format!(
                "{text}: no quality given; write {}:q80",
                template.codec.info().id
            ))
        })?;
        template.at(goal)
    }
}

/// A variant that may lack its goal: `mozjpeg:subsampling=444` stands for one variant a goal.
#[derive(Clone)]
pub struct Template {
    codec: &'static dyn Codec,
    goal: Option<Goal>,
    effort: Option<u8>,
    extra: BTreeMap<String, String>,
}

impl Template {
    /// All defaults of `codec`, no goal but the only one it may have.
    pub fn plain(codec: &'static dyn Codec) -> Self {
        let goal = codec.info().quality.is_none().then_some(Goal::Lossless);
        Self {
            codec,
            goal,
            effort: None,
            extra: BTreeMap::new(),
        }
    }

    /// Reads `codec[:part,…]` where a part is `q80`, `lossless`, `jpeg-recompress`, a target (`ssimulacra2=70`, `size=100kB`), `effort=4` or
    /// `key=value`; `codec` may be a format id, which stands for its default codec.
    ///
    /// # Errors
    /// An unknown codec or key, a value out of range, a part given twice: the message says what there is.
    pub fn parse(text: &str, table: CodecTable) -> Result<Self, SettingError> {
        let (id, parts) = text.split_once(':').unwrap_or((text, ""));
        let codec = codec::find(table, id).ok_or_else(|| {
            let known: Vec<&str> = table.iter().map(|c| c.info().id).collect();
            SettingError(format!(
                "no codec “{id}”; this build has {}",
                known.join(", ")
            ))
        })?;
        let mut template = Self::plain(codec);
        let fixed = template.goal;
        template.goal = None;
        for part in parts.split(',').filter(|p| !p.is_empty()) {
            template
                .read(part)
                .map_err(|e| SettingError(format!("{text}: {}", e.0)))?;
        }
        template.goal = template.goal.or(fixed);
        let goal = template.goal.unwrap_or(Goal::Quality(
            codec.info().quality.as_ref().map_or(0, |r| *r.end()),
        ));
        template
            .at(goal)
            .map_err(|e| SettingError(format!("{text}: {}", e.0)))?;
        Ok(template)
    }

    fn read(&mut self, part: &str) -> Result<(), SettingError> {
        let twice = || SettingError(format!("“{part}” says again what was said"));
        if let Some(goal) = Goal::parse(part) {
            return match self.goal.replace(goal?) {
                Some(_) => Err(twice()),
                None => Ok(()),
            };
        }
        let Some((key, value)) = part.split_once('=') else {
            return Err(SettingError(format!(
                "“{part}” is neither a quality (q80), “lossless” nor key=value"
            )));
        };
        if key == "effort" {
            let effort = value
                .parse()
                .map_err(|_| SettingError(format!("effort={value} is not a number")))?;
            return if self.effort.replace(effort).is_some() {
                Err(twice())
            } else {
                Ok(())
            };
        }
        self.codec.info().option(key)?;
        if self.extra.insert(key.into(), value.into()).is_some() {
            Err(twice())
        } else {
            Ok(())
        }
    }

    /// This template at `goal`, whatever its own.
    ///
    /// # Errors
    /// When the codec does not take these settings.
    pub fn at(&self, goal: Goal) -> Result<Variant, SettingError> {
        let info = self.codec.info();
        let quality = match (goal, &info.quality) {
            (Goal::Quality(q), _) => Quality::Lossy(q),
            (Goal::JpegRecompress, _) if self.codec.jpeg_packer().is_none() => {
                let id = info.id;
                return Err(SettingError(format!("{id} does not pack JPEG files")));
            }
            (Goal::Lossless | Goal::JpegRecompress, _) => Quality::Lossless,
            (_, Some(range)) => Quality::Lossy(*range.end()),
            (_, None) => {
                return Err(SettingError(format!(
                    "{} is lossless: it takes no target",
                    info.id
                )));
            }
        };
        let mut settings = Settings {
            quality,
            effort: self.effort,
            extra: self.extra.clone(),
        };
        info.check(&settings)?;
        // One spelling an experiment: what equals the default is not said.
        settings.effort = settings
            .effort
            .filter(|&e| info.effort.as_ref().is_none_or(|d| d.default != e));
        settings
            .extra
            .retain(|key, value| is_news(info, key, value));
        Ok(Variant {
            codec: self.codec,
            goal,
            settings,
        })
    }

    /// The variants this stands for: one at its own goal, or one a goal of `goals`.
    ///
    /// # Errors
    /// A quality outside the codec's range.
    pub fn variants(&self, goals: &[Goal]) -> Result<Vec<Variant>, SettingError> {
        match self.goal {
            Some(goal) => Ok(vec![self.at(goal)?]),
            None => goals.iter().map(|&goal| self.at(goal)).collect(),
        }
    }
}

fn is_news(info: &CodecInfo, key: &str, value: &str) -> bool {
    info.option(key)
        .map_or(true, |option| option.default != value)
}

#[cfg(test)]
mod tests;
