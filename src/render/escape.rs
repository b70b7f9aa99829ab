//! Makes texts from outside harmless: file names, error messages, and whatever a loaded report says.

/// `text` with every character that is invisible, moves the cursor or turns the writing direction spelled out: `\n`,
/// `\x1b`, `\u{202e}`. The result is one line.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Controls, fillers of no width, bidirectional marks, separators of lines, tags, and the two that are no XML.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}' | '\u{ffff}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// JSON `text` with the characters that [`visible`] spells out escaped: they only occur inside strings, so it reads back
/// the same, and a terminal shows it as it is.
pub(super) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // Of the ASCII controls only DEL is left: between the strings there are line ends.
        if (!c.is_ascii() || c == '\x7f') && is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// `text` as a cell of comma-separated values: never a formula (a leading apostrophe, as OWASP advises), quoted when
/// needed.
pub(super) fn csv(text: &str) -> String {
    let text = visible(text);
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let guarded = if formula { format!("'{text}") } else { text };
    let quote = guarded.contains([',', '"', ';', '\n', '\r']) || guarded.trim() != guarded;
    if quote {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// `text` as a paragraph of Markdown: as [`markdown`], and no list or underline either.
pub(super) fn markdown_paragraph(text: &str) -> String {
    let text = markdown(text.trim());
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number =
        digits > 0 && (text[digits..].starts_with(". ") || text[digits..].starts_with(") "));
    if text.starts_with(['-', '+', '=']) || number {
        format!("{}\\{}", &text[..digits], &text[digits..])
    } else {
        text
    }
}

/// `text` as running Markdown: no markup, no HTML, no link, no mention comes of it.
pub(super) fn markdown(text: &str) -> String {
    words(text, code)
}

/// `text` as a cell of a Markdown table.
pub(super) fn markdown_cell(text: &str) -> String {
    words(text, |word| code(word).replace('|', "\\|"))
}

/// `text` as a code span of running Markdown.
pub(super) fn code(text: &str) -> String {
    let text = visible(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // One space at both ends is taken away again by the reader.
    let pad = if text.is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Escapes word by word; what GitHub would make a link or a mention of, backslashes or not, becomes a code span.
fn words(text: &str, code: impl Fn(&str) -> String) -> String {
    let text = visible(text);
    let words = text.split(' ').map(|word| {
        let lower = word.to_lowercase();
        let link = ["@", "#", "://", "www.", "mailto:", "xmpp:"];
        if link.iter().any(|mark| lower.contains(mark)) {
            code(word)
        } else {
            escape_punctuation(word)
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn escape_punctuation(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' | '`' | '[' | ']' | '*' | '_' | '\\' | '~' | '$' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_spelled_out() {
        for (given, shown) in [
            ("naïve café 日本 🎈.png", "naïve café 日本 🎈.png"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{1b}[31mred\u{7f}", "\\x1b[31mred\\x7f"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("gpj.\u{202e}exe", "gpj.\\u{202e}exe"),
            (
                "\u{2066}x\u{2069}\u{200b}\u{feff}\u{200d}",
                "\\u{2066}x\\u{2069}\\u{200b}\\u{feff}\\u{200d}",
            ),
            (
                "line\u{2028}end\u{ad}\u{e0041}",
                "line\\u{2028}end\\u{ad}\\u{e0041}",
            ),
            ("\u{fffd}\u{fffe}\u{ffff}", "\u{fffd}\\u{fffe}\\u{ffff}"),
        ] {
            assert_eq!(visible(given), shown);
        }
    }

    #[test]
    fn cells_are_never_formulas() {
        for (given, cell) in [
            ("plain.png", "plain.png"),
            ("=1+1", "'=1+1"),
            ("+a", "'+a"),
            ("-a", "'-a"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "\\t=1"),
            ("a,b", "\"a,b\""),
            (
                "=HYPERLINK(\"x\",\"y\")",
                "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"",
            ),
            ("a;=1", "\"a;=1\""),
            (" lead", "\" lead\""),
            ("", ""),
        ] {
            assert_eq!(csv(given), cell);
        }
    }

    #[test]
    fn markdown_stays_text() {
        for (given, text) in [
            ("a|b", "a\\|b"),
            ("<img src=x>&amp;", "&lt;img src=x&gt;&amp;amp;"),
            (
                "[x](y) *b* _i_ ~s~ $m$ \\",
                "\\[x\\](y) \\*b\\* \\_i\\_ \\~s\\~ \\$m\\$ \\\\",
            ),
            (
                "see https://evil.example now",
                "see `https://evil.example` now",
            ),
            (
                "icon@2x.png of WWW.evil.example",
                "`icon@2x.png` of `WWW.evil.example`",
            ),
            ("fixes #1", "fixes `#1`"),
        ] {
            assert_eq!(markdown(given), text);
        }
        for (given, text) in [
            ("---", "\\---"),
            ("+ x", "\\+ x"),
            ("1. x", "1\\. x"),
            ("24.5 x", "24.5 x"),
        ] {
            assert_eq!(markdown_paragraph(given), text);
        }
        assert_eq!(markdown_cell("x@y|z"), "`x@y\\|z`");
    }

    #[test]
    fn json_reads_back_the_same() {
        let text = "a\u{202e}\u{9b}\u{e0041}é\n\u{1b}";
        let json = json(&serde_json::to_string(text).unwrap());
        assert_eq!(json, "\"a\\u202e\\u009b\\udb40\\udc41é\\n\\u001b\"");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn code_spans_hold_backticks() {
        assert_eq!(code("a.png"), "`a.png`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("``x"), "``` ``x ```");
        assert_eq!(code("a\nb"), "`a\\nb`");
    }
}
