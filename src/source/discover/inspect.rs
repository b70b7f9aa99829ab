//! What one path holds: an image, something else, or trouble.

use std::ffi::OsStr;
use std::fs::{File, FileType, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::super::read::{self, ReadError, describe, over_limit, special};
use super::content::{HEAD, is_image, is_image_extension};
use super::{Found, Walk};

/// The error for a link to nowhere.
pub(super) const DANGLING: &str = "dangling symbolic link: its target does not exist";

/// The reason for what the configuration leaves out.
pub(super) const EXCLUDED: &str = "excluded by configuration";

/// A file that the user named and that exists: taken whatever it holds.
pub(super) fn named(at: PathBuf, meta: &Metadata, max: u64) -> Found {
    let bytes = meta.len();
    match special(meta.file_type()) {
        Some(kind @ "a named pipe") => {
            let hint = "pipe into standard input instead and name it -";
            Found::lost("read", format!("{kind}, not a regular file: {hint}"))
        }
        Some(kind) => Found::lost("read", format!("{kind}, not a regular file")),
        None if bytes > max => Found::lost("limit", over_limit(bytes, max)),
        None => Found::File { at, bytes },
    }
}

/// Something met on the way that is not a directory. `kind` is of the entry itself, not of what it links to.
pub(super) fn walked(at: PathBuf, kind: FileType, walk: &Walk) -> Found {
    if kind.is_symlink() {
        return linked(at, walk);
    }
    match special(kind) {
        Some(kind) => Found::skipped(format!("{kind}, not a regular file")),
        None => by_content(at, walk),
    }
}

/// A link is followed only to a regular file, and looked at before anything is opened.
fn linked(at: PathBuf, walk: &Walk) -> Found {
    let error = match at.metadata() {
        Ok(meta) => match special(meta.file_type()) {
            Some(kind) => return Found::skipped(format!("a link to {kind}")),
            // Not opened: there is nothing to read, and in /proc reading what looks empty can do harm.
            None if meta.len() == 0 => return not_an_image(&at, b""),
            None => return by_content(at, walk),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => DANGLING.to_owned(),
        Err(error) => format!("broken symbolic link: {}", describe(&error)),
    };
    match should_be_image(&at) {
        true => Found::lost("find", error),
        false => Found::skipped(error),
    }
}

fn by_content(at: PathBuf, walk: &Walk) -> Found {
    let (file, meta) = match read::open(&at) {
        Ok(opened) => opened,
        Err(ReadError::Special(kind)) => {
            return Found::skipped(format!("{kind}, not a regular file"));
        }
        Err(error) => return Found::lost(error.stage(), error.to_string()),
    };
    let bytes = meta.len();
    let mut buffer = [0; HEAD];
    let head = match read_head(file, bytes, &mut buffer) {
        Ok(head) => head,
        Err(error) => return Found::lost("read", describe(&error)),
    };
    let max = walk.max_file_size;
    if !is_image(head, at.extension().and_then(OsStr::to_str), walk.drawings) {
        not_an_image(&at, head)
    } else if bytes > max {
        Found::lost("limit", over_limit(bytes, max))
    } else {
        Found::File { at, bytes }
    }
}

fn read_head(mut file: File, bytes: u64, buffer: &mut [u8; HEAD]) -> io::Result<&[u8]> {
    let mut filled = 0;
    // One read is enough as a rule. An empty file is not read at all, see `linked`.
    while filled < HEAD && (filled as u64) < bytes {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(&buffer[..filled])
}

fn not_an_image(at: &Path, head: &[u8]) -> Found {
    match should_be_image(at) {
        true => Found::lost("identify", format!("not an image: {}", looks_like(head))),
        false => Found::skipped("not an image"),
    }
}

/// By its extension.
fn should_be_image(at: &Path) -> bool {
    at.extension()
        .and_then(OsStr::to_str)
        .is_some_and(is_image_extension)
}

/// A guess at what a file is that should have been an image, without quoting any of it.
fn looks_like(head: &[u8]) -> &'static str {
    let text = head.trim_ascii_start();
    let starts = |with: &str| {
        text.get(..with.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()))
    };
    if head.is_empty() {
        "empty file"
    } else if starts("version https://git-lfs") {
        "a Git LFS pointer (run `git lfs pull`)"
    } else if starts("<!doctype html") || starts("<html") {
        "looks like HTML text"
    } else if starts("<svg") || starts("<?xml") {
        "looks like SVG or XML text"
    } else if starts("%PDF-") {
        "looks like PDF"
    } else if head.iter().all(|byte| *byte == 0) {
        "nothing but zeros"
    } else if is_text(head) {
        "looks like text"
    } else {
        "unknown content"
    }
}

fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // A character may have been cut at the end.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty()
        && !text
            .chars()
            .any(|c| c.is_control() && !c.is_ascii_whitespace())
}
