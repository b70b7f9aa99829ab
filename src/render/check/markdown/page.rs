//! A text that grows as long as there is room.

use std::io;

use crate::render::units;

/// Characters that a comment may have: GitHub takes 65,536.
const MOST: usize = 65_000;

/// Characters kept for what is said after a list that was cut.
const RESERVE: usize = 1_000;

/// Paragraphs of Markdown, never more than a comment can hold.
#[derive(Default)]
pub(super) struct Page {
    paragraphs: Vec<String>,
    length: usize,
}

impl Page {
    fn has_room(&self, length: usize) -> bool {
        self.length + length + 2 <= MOST
    }

    /// Adds a paragraph, if there is room for it.
    pub(super) fn add(&mut self, paragraph: &str) {
        let length = paragraph.chars().count();
        if !paragraph.is_empty() && self.has_room(length) {
            self.length += length + 2;
            self.paragraphs.push(paragraph.into());
        }
    }

    /// Adds the head of a table and as many rows as there is room for; a list has no head.
    pub(super) fn rows(&mut self, head: &str, rows: impl Iterator<Item = String>) {
        let mut lines: Vec<String> = Vec::new();
        let mut length = head.len();
        let mut left = 0;
        for row in rows {
            length += row.chars().count() + 1;
            if left == 0 && self.has_room(length + RESERVE) {
                lines.push(row);
            } else {
                left += 1;
            }
        }
        if !lines.is_empty() {
            let head = (!head.is_empty()).then(|| head.to_owned());
            let lines: Vec<String> = head.into_iter().chain(lines).collect();
            self.add(&lines.join("\n"));
        }
        if left > 0 {
            self.add(&format!("… and {left} more."));
        }
    }

    /// As [`rows`](Self::rows), folded away.
    pub(super) fn folded(&mut self, what: &str, head: &str, rows: impl Iterator<Item = String>) {
        let rows: Vec<String> = rows.collect();
        if rows.is_empty() || !self.has_room(2 * RESERVE) {
            return;
        }
        let count = units::count(rows.len(), "file", "files");
        self.add(&format!("<details><summary>{count} {what}</summary>"));
        self.rows(head, rows.into_iter());
        self.add("</details>");
    }

    pub(super) fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "{}", self.paragraphs.join("\n\n"))
    }
}
