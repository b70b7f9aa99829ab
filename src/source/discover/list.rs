//! The list of inputs that `--files-from` reads.

use std::path::PathBuf;

use super::super::path::os_string;

/// What stands between the names in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Separator {
    /// The end of a line, `\n` or `\r\n`.
    #[default]
    Newline,
    /// A NUL byte, as from `find -print0` or `git ls-files -z`.
    Nul,
}

/// The names in a list, in its order, without empty ones. On Unix any bytes are a name.
pub fn parse_list(bytes: &[u8], separator: Separator) -> Vec<PathBuf> {
    let end = match separator {
        Separator::Newline => b'\n',
        Separator::Nul => 0,
    };
    let names = bytes
        .split(|byte| *byte == end)
        .map(|name| match separator {
            Separator::Newline => name.strip_suffix(b"\r").unwrap_or(name),
            Separator::Nul => name,
        });
    names
        .filter(|name| !name.is_empty())
        .map(|name| PathBuf::from(os_string(name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bytes: &[u8], separator: Separator) -> Vec<Vec<u8>> {
        let list = parse_list(bytes, separator);
        list.iter()
            .map(|path| path.as_os_str().as_encoded_bytes().to_vec())
            .collect()
    }

    #[test]
    fn lines_lose_one_carriage_return_and_nothing_else() {
        let names = names(
            b"a.png\r\n\n  b c.png \n\r\nd\r\r\n*.png",
            Separator::Newline,
        );
        let expected: [&[u8]; 4] = [b"a.png", b"  b c.png ", b"d\r", b"*.png"];
        assert_eq!(names, expected);
    }

    #[test]
    fn nul_separated_names_may_hold_anything_else() {
        let names = names(b"a\nb\r\0\0-\0", Separator::Nul);
        let expected: [&[u8]; 2] = [b"a\nb\r", b"-"];
        assert_eq!(names, expected);
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_utf8_are_kept() {
        assert_eq!(names(b"\xff.png\n", Separator::Newline), [b"\xff.png"]);
    }
}
