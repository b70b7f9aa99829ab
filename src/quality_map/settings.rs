//! A match of qualities as the settings of tools that build sites. Pure.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What to set for one baseline quality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The baseline's quality.
    pub quality: u8,
    /// Format id to the quality that scores like it; a format that cannot is left out.
    pub qualities: BTreeMap<String, u8>,
    /// Id of a [`TOOLS`] entry to settings to paste; those that none of the formats goes into are left out.
    pub tools: BTreeMap<String, Value>,
}

/// A tool that builds sites, and where it takes qualities.
pub struct Tool {
    /// Key in [`Settings::tools`].
    pub id: &'static str,
    /// Where to paste, in words.
    pub place: &'static str,
    /// The settings, with `$` and a codec id for that codec's quality.
    template: fn() -> Value,
}

/// The tools that settings are made for.
///
/// All of them encode by sharp, so a quality found here holds there only when sharp encodes with the same library told
/// the same: libwebp at method 4, and JPEG as mozjpeg does it with `mozjpeg: true`. sharp's AVIF is libaom's.
pub static TOOLS: &[Tool] = &[
    Tool {
        id: "eleventyImg",
        place: "@11ty/eleventy-img, options of the plugin",
        template: || {
            json!({
                "sharpJpegOptions": {"quality": "$mozjpeg", "mozjpeg": true},
                "sharpWebpOptions": {"quality": "$libwebp"},
            })
        },
    },
    Tool {
        id: "astro",
        place: "astro.config of Astro 6.1 or later",
        template: || {
            json!({"image": {"service": {"config": {
                "jpeg": {"quality": "$mozjpeg", "mozjpeg": true},
                "webp": {"quality": "$libwebp"},
            }}}})
        },
    },
    Tool {
        id: "next",
        place: "next.config, for <Image quality={…}> to choose from: one number serves every format",
        template: || json!({"images": {"qualities": ["$mozjpeg", "$libwebp"]}}),
    },
    Tool {
        id: "nuxtImage",
        place: "nuxt.config, for <NuxtImg preset=\"webp\"> and <NuxtImg preset=\"jpeg\">",
        template: || {
            json!({"image": {"presets": {
                "jpeg": {"modifiers": {"format": "jpeg", "quality": "$mozjpeg"}},
                "webp": {"modifiers": {"format": "webp", "quality": "$libwebp"}},
            }}})
        },
    },
];

impl Settings {
    /// The settings for `quality` of the baseline: `matches` are format id, codec id and quality, the baseline's among
    /// them.
    pub(super) fn new(quality: u8, matches: &[(&str, &str, u8)]) -> Self {
        let by_codec = matches.iter().map(|(_, codec, quality)| (*codec, *quality));
        let by_codec = by_codec.collect();
        let filled = |tool: &Tool| Some((tool.id.into(), fill((tool.template)(), &by_codec)?));
        let by_format = matches
            .iter()
            .map(|(id, _, quality)| ((*id).into(), *quality));
        Self {
            quality,
            qualities: by_format.collect(),
            tools: TOOLS.iter().filter_map(filled).collect(),
        }
    }
}

/// A template with the qualities of codecs put in. An object that lacks one goes, and so does what is empty then.
fn fill(template: Value, qualities: &BTreeMap<&str, u8>) -> Option<Value> {
    match template {
        Value::String(text) => match text.strip_prefix('$') {
            Some(codec) => qualities.get(codec).map(|quality| json!(quality)),
            None => Some(Value::String(text)),
        },
        Value::Array(items) => {
            let mut items: Vec<Value> = items
                .into_iter()
                .filter_map(|item| fill(item, qualities))
                .collect();
            items.sort_by_key(Value::as_u64);
            items.dedup();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(members) => {
            let mut filled = serde_json::Map::new();
            for (key, value) in members {
                let nested = value.is_object();
                match fill(value, qualities) {
                    Some(value) => drop(filled.insert(key, value)),
                    None if nested => {}
                    None => return None,
                }
            }
            (!filled.is_empty()).then_some(Value::Object(filled))
        }
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: (&str, &str, u8) = ("jpeg", "mozjpeg", 80);
    const WEBP: (&str, &str, u8) = ("webp", "libwebp", 73);

    #[test]
    fn every_tool_takes_both_formats() {
        let settings = Settings::new(80, &[JPEG, WEBP]);
        let wanted = json!({
            "eleventyImg": {
                "sharpJpegOptions": {"mozjpeg": true, "quality": 80},
                "sharpWebpOptions": {"quality": 73},
            },
            "astro": {"image": {"service": {"config": {
                "jpeg": {"mozjpeg": true, "quality": 80},
                "webp": {"quality": 73},
            }}}},
            "next": {"images": {"qualities": [73, 80]}},
            "nuxtImage": {"image": {"presets": {
                "jpeg": {"modifiers": {"format": "jpeg", "quality": 80}},
                "webp": {"modifiers": {"format": "webp", "quality": 73}},
            }}},
        });
        assert_eq!(serde_json::to_value(&settings.tools).unwrap(), wanted);
        assert_eq!(
            serde_json::to_value(&settings.qualities).unwrap(),
            json!({"jpeg": 80, "webp": 73})
        );
    }

    #[test]
    fn a_format_without_a_match_leaves_no_trace() {
        let settings = Settings::new(95, &[("jpeg", "mozjpeg", 95)]);
        assert_eq!(
            settings.tools["eleventyImg"],
            json!({"sharpJpegOptions": {"mozjpeg": true, "quality": 95}})
        );
        assert_eq!(
            settings.tools["nuxtImage"],
            json!({"image": {"presets": {"jpeg": {"modifiers": {"format": "jpeg", "quality": 95}}}}})
        );
    }

    #[test]
    fn equal_numbers_are_listed_once() {
        let settings = Settings::new(80, &[JPEG, ("webp", "libwebp", 80)]);
        assert_eq!(
            settings.tools["next"],
            json!({"images": {"qualities": [80]}})
        );
    }

    #[test]
    fn encoders_that_these_tools_do_not_use_set_nothing() {
        let settings = Settings::new(80, &[("jpeg", "jpegli", 80), ("avif", "rav1e", 60)]);
        assert_eq!(settings.tools, BTreeMap::new());
        assert_eq!(settings.qualities["avif"], 60);
    }
}
