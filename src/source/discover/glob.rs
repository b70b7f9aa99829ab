//! Quoted globs: `'img/**/*.{png,jpg}'` means the same on every platform and in every shell.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::super::path::{RelPath, resolve};
use super::super::read::describe;
use super::walk::{is_hidden, list};
use super::{Found, Hidden, Origin, Search};

/// Longer patterns are refused: none is needed, and nesting costs stack.
pub(super) const MAX_PATTERN: usize = 1024;

/// Whether a path that does not exist can be meant as a glob.
pub(super) fn has_glob(path: &Path) -> bool {
    part_has_glob(path.as_os_str())
}

fn part_has_glob(part: &OsStr) -> bool {
    part.as_encoded_bytes()
        .iter()
        .any(|byte| b"*?[{".contains(byte))
}

/// What is wrong with a glob, without the glob.
pub(super) fn reason(error: &globset::Error) -> String {
    error.kind().to_string()
}

/// A glob, split where its first special character is.
pub(super) struct Pattern {
    /// The directory to search, as it was typed.
    base: PathBuf,
    below: GlobMatcher,
    /// The components that start with a dot, with their place: only they match hidden names.
    dotted: Vec<(usize, GlobMatcher)>,
    /// The place of the first component that can be any number of them.
    any_depth: usize,
    /// How many components a match has at most.
    depth: usize,
}

/// What a glob matched.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Matched {
    Nothing,
    DirectoryOnly,
    File,
}

impl Pattern {
    pub(super) fn parse(path: &Path) -> Result<Self, String> {
        let mut base = PathBuf::new();
        let mut parts: Vec<&str> = Vec::new();
        for component in path.components() {
            let part = component.as_os_str();
            if parts.is_empty() && !part_has_glob(part) {
                base.push(part);
            } else {
                parts.push(part.to_str().ok_or("it is not UTF-8")?);
            }
        }
        let dotted = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| part.starts_with('.'));
        let stretches = |part: &&str| part.contains("**") || part.contains('{');
        let below = parts.join("/");
        let depth = match below.contains("**") {
            true => usize::MAX,
            false => below.matches('/').count() + 1,
        };
        Ok(Self {
            base,
            below: compile(&below)?,
            // A part of a pattern need not be a pattern: `{.a/b,c}`.
            dotted: dotted
                .filter_map(|(place, part)| Some((place, compile(part).ok()?)))
                .collect(),
            any_depth: parts.iter().position(stretches).unwrap_or(usize::MAX),
            depth,
        })
    }

    /// Whether a name with a dot in front is meant, as component number `place` of a match.
    fn takes_hidden(&self, name: &OsStr, place: usize) -> bool {
        let mut meant = self
            .dotted
            .iter()
            .filter(|(at, _)| *at == place || *at > self.any_depth);
        meant.any(|(_, dotted)| dotted.is_match(name))
    }
}

fn compile(glob: &str) -> Result<GlobMatcher, String> {
    if glob.len() > MAX_PATTERN {
        return Err("it is too long".into());
    }
    let built = GlobBuilder::new(glob).literal_separator(true).build();
    built
        .map(|glob| glob.compile_matcher())
        .map_err(|error| reason(&error))
}

impl Search<'_> {
    /// Adds every file that the pattern matches. Ignore files do not count: a glob is explicit about what it wants.
    pub(super) fn expand(&mut self, pattern: &Pattern) -> Matched {
        let base = resolve(&pattern.base, &self.cwd);
        let base_name = RelPath::between(&base, &self.cwd);
        let mut matched = Matched::Nothing;
        let mut waiting = vec![(PathBuf::new(), base_name, 1)];
        while let Some((below, name, depth)) = waiting.pop() {
            let at = base.join(&below);
            let entries = match list(&at) {
                Ok(entries) => entries,
                // No match, which is said once, if at all.
                Err(_) if !at.is_dir() => continue,
                Err(error) => {
                    self.add(name, Origin::Walked, Found::lost("find", describe(&error)));
                    continue;
                }
            };
            for (entry, kind) in entries {
                let hidden = is_hidden(&entry) && self.walk.hidden == Hidden::Skip;
                if hidden && !pattern.takes_hidden(&entry, depth - 1) {
                    continue;
                }
                let (at, below) = (at.join(&entry), below.join(&entry));
                let name = self.name(&name, &at, &entry);
                let is_match = pattern.below.is_match(&below);
                if kind.is_dir() {
                    if is_match {
                        matched = matched.max(Matched::DirectoryOnly);
                    }
                    if depth < pattern.depth && !self.walk.exclude.directory(&at) {
                        waiting.push((below, name, depth + 1));
                    }
                } else if is_match {
                    matched = Matched::File;
                    self.walked(at, name, kind);
                }
            }
        }
        matched
    }
}
