//! GitLab's code quality report: a list of Code Climate issues.

use std::io;

use serde::Serialize;

use super::super::escape::{self, visible};
use super::super::{Renderer, RendererInfo, Style};
use super::{empty, lost, told};
use crate::check::{Check, Finding, Level, fingerprint};

/// The renderer.
pub(crate) struct GitLab;

static INFO: RendererInfo = RendererInfo {
    id: "gitlab",
    extensions: &[],
    media_type: "application/json",
    help: "code quality report of GitLab",
};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

impl Renderer<Check> for GitLab {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, check: &Check, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let findings = check.findings.iter().filter(|f| f.counts());
        let findings = findings.map(|f| issue(check, f));
        let failures = check.failures.iter();
        let failures = failures.map(|f| unchecked(&f.path, 1, &lost(f)));
        let empty = empty(check).map(|(line, text)| unchecked(&check.config, line, &text));
        let issues: Vec<Issue> = findings.chain(failures).chain(empty).collect();
        let text = serde_json::to_string_pretty(&issues)?;
        writeln!(out, "{}", escape::json(&text))
    }
}

fn issue(check: &Check, finding: &Finding) -> Issue {
    let (path, begin) = match &finding.path {
        Some(path) => (path, 1),
        None => (&check.config, finding.line),
    };
    Issue {
        description: visible(&told(finding)),
        check_name: format!("imgbench/{}", finding.rule),
        fingerprint: finding.fingerprint.clone(),
        severity: match finding.level {
            Level::Error => "major",
            Level::Warn | Level::Off => "minor",
        },
        location: location(path, begin),
    }
}

fn unchecked(path: &str, line: usize, message: &str) -> Issue {
    let parts = [&b"unchecked"[..], path.as_bytes(), message.as_bytes()];
    Issue {
        description: visible(message),
        check_name: "imgbench/unchecked".into(),
        fingerprint: fingerprint(&parts),
        severity: "critical",
        location: location(path, line),
    }
}

fn location(path: &str, begin: usize) -> Location {
    Location {
        path: path.into(),
        lines: Lines { begin },
    }
}
