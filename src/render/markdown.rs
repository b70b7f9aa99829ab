//! Markdown as GitHub and its like read it: for pull requests, wikis and job summaries.

use std::io;

use super::escape::{code, json, markdown, markdown_cell, markdown_paragraph};
use super::view::{Align, Block, Heading, Item, List, Table, View};
use super::{Renderer, RendererInfo, Style};

/// The renderer.
pub(super) struct Markdown;

static INFO: RendererInfo = RendererInfo {
    id: "markdown",
    extensions: &["md", "markdown"],
    media_type: "text/markdown",
    help: "tables for pull requests and wikis",
};

impl<T: View> Renderer<T> for Markdown {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, subject: &T, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let paragraphs: Vec<String> = subject.view(style).iter().flat_map(paragraphs).collect();
        writeln!(out, "{}", paragraphs.join("\n\n"))
    }
}

fn paragraphs(block: &Block) -> Vec<String> {
    match block {
        Block::Heading(heading) => heading_of(heading),
        Block::Table(table) => vec![table_of(table)],
        Block::Text(_, texts) => texts.iter().map(|text| markdown_paragraph(text)).collect(),
        Block::Aside(_, texts) => aside_of(texts),
        Block::List(list) => list_of(list),
        Block::Code(block) => vec![
            markdown_paragraph(&block.title),
            format!("```json\n{}\n```", json(&block.json)),
        ],
    }
}

fn heading_of(heading: &Heading) -> Vec<String> {
    let facts: Vec<String> = heading.facts.iter().map(|fact| markdown(fact)).collect();
    match &heading.path {
        Some(path) => vec![format!("### {}", code(path)), facts.join(" · ")],
        None => vec![format!("### {}", facts.join(", "))],
    }
}

/// One sentence is a paragraph, several are a list.
fn aside_of(texts: &[String]) -> Vec<String> {
    let texts: Vec<String> = texts.iter().map(|text| markdown_paragraph(text)).collect();
    if let [one] = texts.as_slice() {
        vec![one.clone()]
    } else {
        vec![format!("- {}", texts.join("\n- "))]
    }
}

fn list_of(list: &List) -> Vec<String> {
    let items = list.items.iter().map(|Item { path, text }| match path {
        Some(path) if text.is_empty() => format!("- {}", code(path)),
        Some(path) => format!("- {}: {}", code(path), markdown(text)),
        None => format!("- {}", markdown(text)),
    });
    let items: Vec<String> = items.collect();
    vec![format!("**{}**", markdown(&list.title)), items.join("\n")]
}

fn table_of(table: &Table) -> String {
    let marked = table.rows.iter().any(|row| row.mark.is_some());
    let mark = |text: &str| marked.then(|| text.to_owned());
    let titles = table.columns.iter().map(|c| markdown_cell(&c.title));
    let rules = table.columns.iter().map(|c| match c.align {
        Align::Left => ":--".to_owned(),
        Align::Right => "--:".to_owned(),
    });
    let mut lines = vec![row(titles.chain(mark(""))), row(rules.chain(mark(":--")))];
    lines.extend(table.rows.iter().map(|r| {
        let cells = r.cells.iter().map(|cell| markdown_cell(cell));
        row(cells.chain(mark(r.mark.unwrap_or(""))))
    }));
    lines.join("\n")
}

fn row(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("| {} |", cells.join(" | "))
}
