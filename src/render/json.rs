//! The report itself: indented JSON, for programs and for `imgbench report`.

use std::io;

use super::{Renderer, RendererInfo, Style, escape};
use crate::report::Report;

/// The renderer.
pub(super) struct Json;

static INFO: RendererInfo = RendererInfo {
    id: "json",
    extensions: &["json"],
    media_type: "application/json",
    help: "the whole report; can be read back",
};

impl Renderer for Json {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, report: &Report, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let text = serde_json::to_string_pretty(report)?;
        writeln!(out, "{}", escape::json(&text))
    }
}
