//! Workflow commands of GitHub Actions: annotations on files.

use std::io;

use super::super::escape::visible;
use super::super::{Renderer, RendererInfo, Style};
use super::{empty, lost, told};
use crate::check::{Check, Level};

/// The renderer.
pub(crate) struct GitHub;

static INFO: RendererInfo = RendererInfo {
    id: "github",
    extensions: &[],
    media_type: "text/plain",
    help: "annotations of GitHub Actions",
};

/// GitHub shows ten annotations of a kind a step: the last one counts the rest.
const MOST: usize = 9;

/// A remark on a file.
struct Annotation {
    file: String,
    line: Option<usize>,
    title: String,
    message: String,
}

impl Renderer<Check> for GitHub {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, check: &Check, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let failures = check.failures.iter().map(|failure| Annotation {
            file: failure.path.clone(),
            line: None,
            title: "not checked".into(),
            message: lost(failure),
        });
        let empty = empty(check).map(|(line, message)| Annotation {
            file: check.config.clone(),
            line: Some(line),
            title: "not checked".into(),
            message,
        });
        let errors = failures.chain(empty).chain(of(check, Level::Error));
        write(out, "error", &errors.collect::<Vec<_>>())?;
        write(out, "warning", &of(check, Level::Warn).collect::<Vec<_>>())
    }
}

/// The findings of a level, the worst first.
fn of(check: &Check, level: Level) -> impl Iterator<Item = Annotation> {
    let findings = check.findings.iter();
    let findings = findings.filter(move |f| f.counts() && f.level == level);
    findings.map(|finding| {
        let (file, line) = match &finding.path {
            Some(path) => (path.clone(), None),
            None => (check.config.clone(), Some(finding.line)),
        };
        Annotation {
            file,
            line,
            title: format!("{}: {}", finding.rule, finding.budget),
            message: told(finding),
        }
    })
}

fn write(out: &mut dyn io::Write, kind: &str, all: &[Annotation]) -> io::Result<()> {
    for annotation in all.iter().take(MOST) {
        let line = annotation.line.map(|line| format!(",line={line}"));
        writeln!(
            out,
            "::{kind} file={}{},title={}::{}",
            property(&annotation.file),
            line.unwrap_or_default(),
            property(&annotation.title),
            data(&annotation.message)
        )?;
    }
    match all.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(out, "::{kind} title=imgbench check::and {more} more"),
    }
}

/// As the runner reads messages back.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25")
}

/// As the runner reads properties back.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
