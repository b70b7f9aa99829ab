//! Text for the terminal: borderless tables, never wider than it, nothing wrapped inside a table.

use std::io;

use comfy_table::{Cell, CellAlignment, ContentArrangement, presets};

use super::ink::{bold, paint, shorten, width, wrap};
use super::view::{self, Align, Block, Column, Heading, Item, List, Tone, View};
use super::{Renderer, RendererInfo, Style, escape, label};

/// The renderer.
pub(super) struct Table;

static INFO: RendererInfo = RendererInfo {
    id: "table",
    extensions: &["txt"],
    media_type: "text/plain",
    help: "text for the terminal",
};

/// Drop priority of the marks beside a table.
const MARK_PRIORITY: u8 = 3;

/// Least columns that a text keeps in a table.
const LEAST_TEXT: usize = 4;

/// Least columns that a path keeps beside the facts of its heading.
const PATH_ROOM: usize = 16;

impl<T: View> Renderer<T> for Table {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, subject: &T, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let mut left_out: Vec<String> = Vec::new();
        let blocks = subject.view(style);
        let aside = matches!(blocks.last(), Some(Block::Aside(..)));
        for (nth, block) in blocks.into_iter().enumerate() {
            let subject = matches!(block, Block::Heading(_) | Block::List(_) | Block::Aside(..));
            if nth > 0 && subject {
                writeln!(out)?;
            }
            for line in lines(block, style, &mut left_out) {
                writeln!(out, "{line}")?;
            }
        }
        if !left_out.is_empty() {
            let line = format!("Left out at this width: {}.", left_out.join(", "));
            if !aside {
                writeln!(out)?;
            }
            for line in wrap(&line, style.width, 0) {
                writeln!(out, "{}", paint(&line, Tone::Dim, style.color))?;
            }
        }
        Ok(())
    }
}

fn lines(block: Block, style: &Style, left_out: &mut Vec<String>) -> Vec<String> {
    match block {
        Block::Heading(heading) => heading_lines(&heading, style),
        Block::Table(table) => table_lines(table, style, left_out),
        Block::Text(tone, texts) => texts
            .iter()
            .flat_map(|text| text_lines(text, tone, 1, style))
            .collect(),
        Block::Aside(tone, texts) => texts
            .iter()
            .flat_map(|text| text_lines(text, tone, 0, style))
            .collect(),
        Block::List(list) => list_lines(&list, style),
        Block::Code(code) => {
            let mut lines = text_lines(&code.title, Tone::Plain, 1, style);
            // Never wrapped: it is there to be copied.
            lines.push(format!("   {}", escape::json(&code.json)));
            lines
        }
    }
}

/// A text on as many lines as it takes, all of them indented.
fn text_lines(text: &str, tone: Tone, indent: usize, style: &Style) -> Vec<String> {
    let margin = " ".repeat(indent);
    let room = style.width.map(|w| w.saturating_sub(indent));
    let text = escape::visible(text);
    wrap(&text, room, 0)
        .iter()
        .map(|line| format!("{margin}{}", paint(line, tone, style.color)))
        .collect()
}

/// `page.png  1458×1126  PNG  24 bits  150 DPI  1.2 MB`, on two lines where there is no room.
fn heading_lines(heading: &Heading, style: &Style) -> Vec<String> {
    let facts: Vec<String> = heading.facts.iter().map(|f| escape::visible(f)).collect();
    let Some(path) = &heading.path else {
        let text = facts.join(", ");
        let lines = wrap(&text, style.width, 0);
        return lines.iter().map(|line| bold(line, style.color)).collect();
    };
    let path = escape::visible(path);
    let facts = facts.join("  ");
    let room = style.width.unwrap_or(usize::MAX);
    let beside = room.checked_sub(width(&facts) + 2);
    if let Some(beside) = beside.filter(|beside| width(&path).min(PATH_ROOM) <= *beside) {
        let path = bold(&shorten(&path, beside), style.color);
        return vec![format!("{path}  {facts}")];
    }
    let mut lines = vec![bold(&shorten(&path, room), style.color)];
    lines.extend(wrap(&facts, style.width, 0));
    lines
}

fn list_lines(list: &List, style: &Style) -> Vec<String> {
    let mut lines = text_lines(&list.title, list.tone, 0, style);
    let room = style.width.map(|w| w.saturating_sub(1));
    for Item { path, text } in &list.items {
        let text = match path {
            Some(path) if text.is_empty() => path.clone(),
            Some(path) => format!("{path}: {text}"),
            None => text.clone(),
        };
        let wrapped = wrap(&escape::visible(&text), room, 2);
        lines.extend(wrapped.iter().map(|line| format!(" {line}")));
    }
    lines
}

fn table_lines(table: view::Table, style: &Style, left_out: &mut Vec<String>) -> Vec<String> {
    let tones: Vec<Tone> = table.rows.iter().map(|row| row.tone).collect();
    let mut grid = Grid::new(table);
    for title in grid.fit(style.width) {
        if !title.is_empty() && !left_out.contains(&title) {
            left_out.push(title);
        }
    }
    let mut lines = grid.lines();
    for (line, tone) in lines.iter_mut().skip(1).zip(tones) {
        *line = paint(line, tone, style.color);
    }
    lines
}

/// A table by column, texts made harmless, the marks as its last column.
struct Grid {
    columns: Vec<GridColumn>,
}

struct GridColumn {
    head: Column,
    cells: Vec<String>,
}

impl GridColumn {
    fn width(&self) -> usize {
        let cells = self.cells.iter().map(|cell| width(cell));
        cells.max().unwrap_or(0).max(width(&self.head.title))
    }

    /// Higher goes first: what says nothing before what does.
    fn dispensable(&self) -> (bool, u8) {
        let says_nothing = self.cells.iter().all(|cell| cell == label::NONE);
        (says_nothing, self.head.drop_priority)
    }
}

impl Grid {
    fn new(table: view::Table) -> Self {
        let marks: Vec<Option<&str>> = table.rows.iter().map(|row| row.mark).collect();
        let columns = table.columns.into_iter().enumerate().map(|(nth, head)| {
            let cells = table
                .rows
                .iter()
                .map(|row| escape::visible(&row.cells[nth]));
            let title = escape::visible(&head.title);
            GridColumn {
                cells: cells.collect(),
                head: Column { title, ..head },
            }
        });
        let mut columns: Vec<GridColumn> = columns.collect();
        if marks.iter().any(Option::is_some) {
            columns.push(GridColumn {
                head: Column {
                    title: String::new(),
                    align: Align::Left,
                    drop_priority: MARK_PRIORITY,
                },
                cells: marks.iter().map(|m| m.unwrap_or("").into()).collect(),
            });
        }
        Self { columns }
    }

    /// Two columns of padding each, but none at the end of a line.
    fn width(&self) -> usize {
        let widths = self.columns.iter().map(|c| c.width() + 2);
        widths.sum::<usize>().saturating_sub(1)
    }

    /// Takes columns away until the rest is no wider than `room`; returns the titles of those taken.
    fn fit(&mut self, room: Option<usize>) -> Vec<String> {
        let mut taken = Vec::new();
        let room = room.unwrap_or(usize::MAX);
        while self.width() > room {
            let columns = self.columns.iter().enumerate();
            let next = columns
                .filter(|(_, column)| column.head.drop_priority > 0)
                .max_by_key(|(_, column)| column.dispensable());
            let Some((nth, _)) = next else { break };
            taken.push(self.columns.remove(nth).head.title);
        }
        // Then texts give way, the longest first.
        while self.width() > room {
            let excess = self.width() - room;
            let columns = self.columns.iter_mut();
            let texts = columns.filter(|c| c.head.align == Align::Left && c.width() > LEAST_TEXT);
            let Some(column) = texts.max_by_key(|c| c.width()) else {
                break;
            };
            let room = column.width().saturating_sub(excess).max(LEAST_TEXT);
            for text in column.cells.iter_mut().chain([&mut column.head.title]) {
                *text = shorten(text, room);
            }
        }
        taken
    }

    /// The titles, then a line a row.
    fn lines(&self) -> Vec<String> {
        let mut table = comfy_table::Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled)
            .set_header(
                self.columns
                    .iter()
                    .map(|column| cell(&column.head.title, column)),
            );
        let rows = self.columns.first().map_or(0, |column| column.cells.len());
        for nth in 0..rows {
            let columns = self.columns.iter();
            table.add_row(columns.map(|column| cell(&column.cells[nth], column)));
        }
        table
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    }
}

fn cell(text: &str, column: &GridColumn) -> Cell {
    Cell::new(text).set_alignment(match column.head.align {
        Align::Left => CellAlignment::Left,
        Align::Right => CellAlignment::Right,
    })
}
