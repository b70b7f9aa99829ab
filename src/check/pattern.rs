//! Which files a budget is about.

use std::path::Path;

use globset::{GlobBuilder, GlobMatcher};

/// Longer patterns are refused: none is needed, and nesting costs stack.
const MAX_PATTERN: usize = 1024;

/// A pattern that is not a glob.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{glob}” is not a valid glob: {reason}")]
pub struct BadGlob {
    glob: String,
    reason: String,
}

/// Globs, relative to the folder that the configuration speaks of. A `*` stays within a component, `**` does not. What a
/// glob after `!` matches is taken out again, wherever that stands in the list.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    text: Vec<String>,
    take: Vec<GlobMatcher>,
    leave: Vec<GlobMatcher>,
}

impl Globs {
    /// Reads a list of globs.
    ///
    /// # Errors
    /// The first that is none.
    pub fn new<S: AsRef<str>>(globs: &[S]) -> Result<Self, BadGlob> {
        let mut all = Self::default();
        for glob in globs.iter().map(AsRef::as_ref) {
            match glob.strip_prefix('!') {
                Some(rest) => all.leave.push(compile(rest)?),
                None => all.take.push(compile(glob)?),
            }
            all.text.push(glob.to_owned());
        }
        Ok(all)
    }

    /// Whether there is nothing that could match.
    pub fn take_nothing(&self) -> bool {
        self.take.is_empty()
    }

    /// Whether the file at `path`, relative to the configuration's folder, is meant.
    pub fn matches(&self, path: &Path) -> bool {
        let any = |globs: &[GlobMatcher]| globs.iter().any(|glob| glob.is_match(path));
        any(&self.take) && !any(&self.leave)
    }
}

impl std::fmt::Display for Globs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text.join(", "))
    }
}

fn compile(glob: &str) -> Result<GlobMatcher, BadGlob> {
    let bad = |reason: String| BadGlob {
        glob: glob.into(),
        reason,
    };
    if glob.len() > MAX_PATTERN {
        return Err(bad("it is too long".into()));
    }
    if glob.trim().is_empty() {
        return Err(bad("it is empty".into()));
    }
    let built = GlobBuilder::new(glob.strip_prefix("./").unwrap_or(glob))
        .literal_separator(true)
        .build();
    built
        .map(|glob| glob.compile_matcher())
        .map_err(|error| bad(error.kind().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exclamation_marks_take_out_again() {
        let globs = Globs::new(&["!**/*.svg", "./img/**", "*.png"]).unwrap();
        for (path, meant) in [
            ("img/a.png", true),
            ("img/a/b.jpg", true),
            ("img/a/b.svg", false),
            ("x.png", true),
            ("a/x.png", false),
            ("imgs/a.png", false),
        ] {
            assert_eq!(globs.matches(Path::new(path)), meant, "{path}");
        }
        assert!(Globs::new(&["!a"]).unwrap().take_nothing());
    }

    #[test]
    fn a_bad_glob_is_named() {
        for (glob, why) in [("a[z-a]", "invalid range"), ("", "empty"), ("!{a", "{a")] {
            let text = Globs::new(&["ok", glob]).unwrap_err().to_string();
            assert!(text.contains(why), "{text}");
        }
    }
}
