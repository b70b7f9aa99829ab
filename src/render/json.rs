//! The report or diff itself: indented JSON, for programs and for `imgbench report`.

use std::io;

use serde::Serialize;

use super::{Renderer, RendererInfo, Style, escape};

/// The renderer.
pub(super) struct Json;

static INFO: RendererInfo = RendererInfo {
    id: "json",
    extensions: &["json"],
    media_type: "application/json",
    help: "the whole report; can be read back",
};

impl<T: Serialize> Renderer<T> for Json {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, subject: &T, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let text = serde_json::to_string_pretty(subject)?;
        writeln!(out, "{}", escape::json(&text))
    }
}
