//! Lines for a terminal: width, wrapping, shortening, colour.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Color;
use super::view::Tone;

/// Columns that `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// `text` in the colour of `tone`, if colours are wanted.
pub(super) fn paint(text: &str, tone: Tone, color: Color) -> String {
    let code = match tone {
        Tone::Plain => return text.into(),
        Tone::Dim => "2",
        Tone::Best => "32",
        Tone::Warning => "33",
        Tone::Failure => "31",
    };
    coded(text, code, color)
}

/// `text` in bold, if colours are wanted.
pub(super) fn bold(text: &str, color: Color) -> String {
    coded(text, "1", color)
}

fn coded(text: &str, code: &str, color: Color) -> String {
    if color == Color::Never || text.is_empty() {
        text.into()
    } else {
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// `text` in at most `room` columns: the middle gives way, and more of the end stays, where the file name is.
pub(super) fn shorten(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.into();
    }
    let keep = room.saturating_sub(1);
    let head = take(text.chars(), keep / 3);
    let tail: Vec<char> = take(text.chars().rev(), keep - keep / 3);
    let tail: String = tail.iter().rev().collect();
    format!("{}…{tail}", head.iter().collect::<String>())
}

/// As many leading characters as fit in `room` columns.
fn take(chars: impl Iterator<Item = char>, room: usize) -> Vec<char> {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= room
        })
        .collect()
}

/// `text` on lines of at most `room` columns, broken at spaces; a word that is longer than a line is broken anywhere,
/// and a figure is never parted from its unit. Lines after the first begin with `indent` spaces.
pub(super) fn wrap(text: &str, room: Option<usize>, indent: usize) -> Vec<String> {
    let Some(room) = room else {
        return vec![text.into()];
    };
    let room = room.max(indent + 8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut words = text.split(' ').peekable();
    while let Some(first) = words.next() {
        let mut word = first.to_owned();
        while let Some(unit) = words.next_if(|next| is_unit(next) && word.ends_with(is_digit)) {
            word = format!("{word} {unit}");
        }
        let begun = !line.trim_start().is_empty();
        if begun && width(&line) + 1 + width(&word) > room {
            let full = std::mem::replace(&mut line, " ".repeat(indent));
            lines.push(full.trim_end().to_owned());
        } else if begun {
            line.push(' ');
        }
        for c in word.chars() {
            if width(&line) + c.width().unwrap_or(0) > room {
                lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            }
            line.push(c);
        }
    }
    lines.push(line);
    lines
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_unit(word: &str) -> bool {
    let bare = word.trim_end_matches([',', '.', ':', ';', ')']);
    [
        "%", "B", "kB", "MB", "GB", "ms", "s", "DPI", "bits", "images",
    ]
    .contains(&bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_keep_units() {
        let text = "At q60 WebP is 50.4 % smaller than JPEG";
        assert_eq!(
            wrap(text, Some(20), 1),
            ["At q60 WebP is", " 50.4 % smaller than", " JPEG"]
        );
        assert_eq!(wrap(text, None, 1), [text]);
    }

    #[test]
    fn no_line_is_too_wide() {
        let text = format!("short {} 日本日本日本日本日本 end", "x".repeat(50));
        let lines = wrap(&text, Some(16), 2);
        assert!(lines.iter().all(|l| width(l) <= 16), "{lines:?}");
        let joined: String = lines.concat().replace(' ', "");
        assert_eq!(joined, text.replace(' ', ""));
    }

    #[test]
    fn the_middle_gives_way() {
        assert_eq!(shorten("a/b.png", 10), "a/b.png");
        assert_eq!(shorten("public/img/hero/page.png", 13), "publ…page.png");
        assert!(width(&shorten("日本日本日本日本.png", 9)) <= 9);
    }
}
