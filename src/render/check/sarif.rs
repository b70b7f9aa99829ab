//! SARIF 2.1.0 (OASIS): for code scanning and editors.

mod log;

use std::collections::BTreeMap;
use std::io;

use self::log::{
    Artifact, Driver, Invocation, Location, Log, Notification, Physical, Region, Rule, Run,
    SarifResult, Suppression, Text, Tool,
};
use super::super::escape::{self, visible};
use super::super::{Renderer, RendererInfo, Style};
use super::{empty, lost, told};
use crate::check::{Check, Finding, Level, RULES, Verdict, path_as_bytes};

/// The renderer.
pub(crate) struct Sarif;

static INFO: RendererInfo = RendererInfo {
    id: "sarif",
    extensions: &["sarif"],
    media_type: "application/sarif+json",
    help: "SARIF 2.1.0, for code scanning",
};

impl Renderer<Check> for Sarif {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, check: &Check, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let text = serde_json::to_string_pretty(&log(check))?;
        writeln!(out, "{}", escape::json(&text))
    }
}

fn log(check: &Check) -> Log {
    let failures = check.failures.iter().map(lost);
    let unchecked = failures.chain(empty(check).map(|(_, text)| text));
    let notifications = unchecked.map(|message| Notification {
        level: "error",
        message: text(&message),
    });
    let rules = RULES.iter().map(|(id, help)| Rule {
        id,
        short_description: text(help),
    });
    Log::of(Run {
        tool: Tool {
            driver: Driver {
                name: check.generator.name.clone(),
                version: check.generator.version.clone(),
                rules: rules.collect(),
            },
        },
        invocations: [Invocation {
            execution_successful: check.verdict != Verdict::Incomplete,
            tool_execution_notifications: notifications.collect(),
        }],
        results: check.findings.iter().map(|f| result(check, f)).collect(),
        column_kind: "unicodeCodePoints",
    })
}

fn result(check: &Check, finding: &Finding) -> SarifResult {
    let limit = |message: Option<Text>| Location {
        physical_location: physical(uri(&check.config, None), finding.line),
        message,
    };
    let place = match &finding.path {
        Some(path) => Location {
            physical_location: physical(uri(path, finding.path_bytes.as_deref()), 1),
            message: None,
        },
        None => limit(None),
    };
    let budget = format!("{} of budget “{}”", finding.rule, finding.budget);
    let suppressions = finding.exempt.iter().map(|reason| Suppression {
        kind: "external",
        justification: visible(reason),
    });
    let rule = RULES.iter().position(|(id, _)| *id == finding.rule);
    SarifResult {
        rule_id: finding.rule.clone(),
        rule_index: rule.unwrap_or(0),
        level: match finding.level {
            Level::Error => "error",
            Level::Warn | Level::Off => "warning",
        },
        message: text(&told(finding)),
        locations: [place],
        related_locations: [limit(Some(text(&budget)))],
        partial_fingerprints: BTreeMap::from([("imgbench/v1", finding.fingerprint.clone())]),
        suppressions: suppressions.collect(),
    }
}

/// A message: square brackets would be links in it.
fn text(text: &str) -> Text {
    let text = visible(text).replace('\\', "\\\\");
    Text {
        text: text.replace('[', "\\[").replace(']', "\\]"),
    }
}

fn physical(uri: String, start_line: usize) -> Physical {
    Physical {
        artifact_location: Artifact { uri },
        region: Region { start_line },
    }
}

/// A path as a relative URI: every byte that RFC 3986 does not let stand there is spelled out.
fn uri(path: &str, raw: Option<&str>) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let bytes = path_as_bytes(path, raw);
    let spelled = bytes.iter().map(|byte| match plain(*byte) {
        true => char::from(*byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    spelled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_uri() {
        for (path, expected) in [
            ("img/a b.png", "img/a%20b.png"),
            ("a:b?c#d%.png", "a%3Ab%3Fc%23d%25.png"),
            ("日.png", "%E6%97%A5.png"),
            ("../x.png", "../x.png"),
        ] {
            assert_eq!(uri(path, None), expected);
        }
    }
}
