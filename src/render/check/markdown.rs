//! Markdown for a comment on a pull request: short enough for one, marked so that the next run finds it, and with what did
//! not change folded away.

mod page;
mod rows;

use std::io;

use self::page::Page;
use super::super::escape::{code, markdown};
use super::super::units;
use super::super::view::check::{conclusion, remarks};
use super::super::{Renderer, RendererInfo, Style};
use super::{empty, lost};
use crate::check::{Check, Finding, Was};

/// The renderer.
pub(crate) struct Markdown;

static INFO: RendererInfo = RendererInfo {
    id: "markdown",
    extensions: &["md", "markdown"],
    media_type: "text/markdown",
    help: "a comment for a pull request",
};

/// What a later run finds the comment by.
const MARKER: &str = "<!-- imgbench-check -->";

const FINDINGS: &str = "| | File | Over budget |\n| :-- | :-- | :-- |";
const BUDGETS: &str = "| Budget | Files | Size | State |\n| :-- | --: | --: | :-- |";
const CHANGES: &str = "| File | Was | Is | Change |\n| :-- | --: | --: | --: |";
const EXEMPT: &str = "| File | Over budget | Reason |\n| :-- | :-- | :-- |";
const FILES: &str = "| File | Size |\n| :-- | --: |";

impl Renderer<Check> for Markdown {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, check: &Check, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let mut page = Page::default();
        page.add(MARKER);
        page.add("### Image budgets");
        page.add(&markdown(&conclusion(check)));
        let (counted, exempt): (Vec<&Finding>, Vec<_>) =
            check.findings.iter().partition(|f| f.counts());
        let failures = check.failures.iter().map(lost);
        let unchecked = failures.chain(empty(check).map(|(_, text)| text));
        page.rows("", unchecked.map(|text| format!("- {}", markdown(&text))));
        page.rows(BUDGETS, check.budgets.iter().map(rows::budget));
        page.rows(FINDINGS, counted.into_iter().map(rows::finding));
        let files = check.files.iter();
        let (same, changed): (Vec<_>, Vec<_>) =
            files.partition(|f| matches!(f.was, None | Some(Was::Same)));
        page.rows(CHANGES, changed.into_iter().map(rows::change));
        let removed = check.removed.iter();
        let removed =
            removed.map(|r| format!("- removed: {}, {}", code(&r.path), units::bytes(r.bytes)));
        page.rows("", removed);
        page.folded("let pass", EXEMPT, exempt.into_iter().map(rows::exemption));
        let unchanged = if check.base.is_some() {
            "unchanged"
        } else {
            "checked"
        };
        page.folded(unchanged, FILES, same.into_iter().map(rows::file));
        remarks(check)
            .iter()
            .for_each(|remark| page.add(&markdown(remark)));
        page.write(out)
    }
}
