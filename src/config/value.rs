//! Values of budgets, each with what is said when it is none.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use toml::Value;

use crate::check::{Date, Globs};
use crate::diff::MaxGrowth;
use crate::size;
use crate::source::Format;
use crate::variant::{Goal, parse_targets};

/// Reads an item of a list from a text: what is wrong with it is said of the item, and not of the whole list.
struct Text<T>(PhantomData<T>);

impl<T: TryFrom<String, Error = String>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        T::try_from(text.to_owned()).map_err(E::custom)
    }
}

/// A size with its unit.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Size(pub(super) size::Size);

impl TryFrom<Value> for Size {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let text = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        text.parse()
            .map(Self)
            .map_err(|e: size::SizeError| e.to_string())
    }
}

/// A percentage: a number, or a text like `2%`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Percent(pub(super) MaxGrowth);

impl TryFrom<Value> for Percent {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let text = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let percent = text.parse().map(Self);
        percent.map_err(|_| format!("“{text}” is not a percentage: write 2 or 0.5"))
    }
}

/// A number of bits a pixel.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Bpp(pub(super) f64);

impl TryFrom<f64> for Bpp {
    type Error = String;

    fn try_from(value: f64) -> Result<Self, String> {
        if value.is_finite() && value > 0.0 {
            Ok(Self(value))
        } else {
            Err(format!(
                "“{value}” is not a number of bits a pixel: write 1.5"
            ))
        }
    }
}

/// A glob, or one to take out after `!`.
#[derive(Debug, Clone)]
pub(super) struct Glob(pub(super) String);

impl<'de> Deserialize<'de> for Glob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text(PhantomData))
    }
}

impl TryFrom<String> for Glob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Globs::new(&[&text]).map_err(|e| e.to_string())?;
        Ok(Self(text))
    }
}

/// The id of a format.
#[derive(Debug, Clone)]
pub(super) struct FormatId(pub(super) String);

impl<'de> Deserialize<'de> for FormatId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text(PhantomData))
    }
}

impl TryFrom<String> for FormatId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if Format::all().any(|format| format.id() == text) {
            return Ok(Self(text));
        }
        let known: Vec<&str> = Format::all().map(Format::id).collect();
        Err(format!(
            "no format “{text}”: there are {}",
            known.join(", ")
        ))
    }
}

/// A score to be reached.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Target(pub(super) Goal);

impl TryFrom<String> for Target {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match parse_targets(&text).map_err(|e| e.to_string())?[..] {
            [goal] => Ok(Self(goal)),
            _ => Err(format!("“{text}” is more than one score")),
        }
    }
}

/// A day, as a date of TOML or a text.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Day(pub(super) Date);

impl TryFrom<Value> for Day {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let text = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let parsed: Option<toml::value::Datetime> = text.parse().ok();
        let whole = parsed.filter(|moment| moment.time.is_none());
        let date = whole.and_then(|moment| moment.date);
        let date = date.ok_or_else(|| format!("“{text}” is not a day: write 2027-01-31"))?;
        Ok(Self(Date {
            year: date.year,
            month: date.month,
            day: date.day,
        }))
    }
}

/// The least score against an original: `{ ssimulacra2 = 60, against = "originals/{stem}.png" }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "toml::Table")]
pub(super) struct MinScore {
    pub(super) floor: Goal,
    pub(super) against: String,
}

impl TryFrom<toml::Table> for MinScore {
    type Error = String;

    fn try_from(mut table: toml::Table) -> Result<Self, String> {
        let example = "as in { ssimulacra2 = 60, against = \"originals/{stem}.png\" }";
        let against = match table.remove("against") {
            Some(Value::String(path)) if !path.is_empty() => path,
            _ => return Err(format!("say where the original is, {example}")),
        };
        let mut scores = table.into_iter();
        let (Some((metric, score)), None) = (scores.next(), scores.next()) else {
            return Err(format!("name one metric and its score, {example}"));
        };
        let number = match score {
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            other => return Err(format!("{metric} = {other} is not a score")),
        };
        let Target(floor) = Target::try_from(format!("{metric}={number}"))?;
        Ok(Self { floor, against })
    }
}

/// The schema of a value that is read from more than its type tells.
macro_rules! schema {
    ($type:ty, $name:literal, $($schema:tt)+) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($($schema)+)
            }
        }
    };
}

schema!(Size, "Size", {
    "type": "string",
    "description": "A number with its unit: B, kB, MB, GB (powers of 1000) or KiB, MiB, GiB (of 1024).",
    "pattern": r"^\s*[0-9]*\.?[0-9]+\s*([kKmMgGtT][iI]?)?[bB]\s*$"
});
schema!(Percent, "Percent", {
    "description": "Percent: 2 or \"2%\".",
    "anyOf": [{ "type": "number", "minimum": 0 }, { "type": "string", "pattern": r"^[0-9.]+\s*%?$" }]
});
schema!(Bpp, "BitsPerPixel", { "type": "number", "exclusiveMinimum": 0 });
schema!(Glob, "Glob", { "type": "string", "minLength": 1 });
schema!(Target, "Target", {
    "type": "string",
    "description": "A metric and a score: ssimulacra2=70.",
    "pattern": "^[a-z0-9-]+=-?[0-9.]+$"
});
schema!(Day, "Day", { "description": "A day: 2027-01-31. The last one counts.", "format": "date" });
schema!(MinScore, "MinScore", {
    "type": "object",
    "description": "A metric and the least score, and where the original of a file is: { ssimulacra2 = 60, against = \"originals/{stem}.png\" }.",
    "properties": { "against": { "type": "string", "minLength": 1 } },
    "required": ["against"],
    "additionalProperties": { "type": "number" },
    "minProperties": 2,
    "maxProperties": 2
});

impl JsonSchema for FormatId {
    fn schema_name() -> Cow<'static, str> {
        "Format".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let ids: Vec<&str> = Format::all().map(Format::id).collect();
        json_schema!({ "type": "string", "enum": ids })
    }
}
