//! What the configuration keeps out of directories and globs.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::glob::{MAX_PATTERN, reason};

/// A pattern in the configuration that is not a glob.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("exclude `{glob}` is not a valid glob: {reason}")]
pub struct BadGlob {
    /// The pattern as it was written.
    pub glob: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Globs for files that are left out, relative to the directory of the configuration.
#[derive(Clone, Debug, Default)]
pub struct Exclude {
    root: PathBuf,
    files: GlobSet,
    /// What stands before a final `/**`: below such a directory everything is left out.
    directories: GlobSet,
}

impl Exclude {
    /// Excludes what `globs` match below the directory `root`. A `*` stays within a component, `**` does not.
    pub fn new<S: AsRef<str>>(root: &Path, globs: &[S]) -> Result<Self, BadGlob> {
        let mut files = GlobSetBuilder::new();
        let mut directories = GlobSetBuilder::new();
        for glob in globs.iter().map(AsRef::as_ref) {
            let bad = |reason| BadGlob {
                glob: glob.to_owned(),
                reason,
            };
            files.add(compile(glob).map_err(bad)?);
            if let Some(directory) = glob.strip_suffix("/**") {
                directories.add(compile(directory).map_err(bad)?);
            }
        }
        let all = globs
            .iter()
            .map(AsRef::as_ref)
            .collect::<Vec<_>>()
            .join("`, `");
        let build = |set: GlobSetBuilder| {
            set.build().map_err(|error| BadGlob {
                glob: all.clone(),
                reason: reason(&error),
            })
        };
        let (files, directories) = (build(files)?, build(directories)?);
        let root = super::super::path::resolve(root, Path::new(""));
        Ok(Self {
            root,
            files,
            directories,
        })
    }

    pub(super) fn file(&self, at: &Path) -> bool {
        self.matches(&self.files, at)
    }

    /// Whether the directory need not be entered.
    pub(super) fn directory(&self, at: &Path) -> bool {
        self.matches(&self.directories, at)
    }

    fn matches(&self, set: &GlobSet, at: &Path) -> bool {
        !set.is_empty()
            && at
                .strip_prefix(&self.root)
                .is_ok_and(|below| set.is_match(below))
    }
}

fn compile(glob: &str) -> Result<globset::Glob, String> {
    if glob.len() > MAX_PATTERN {
        return Err("it is too long".into());
    }
    let built = GlobBuilder::new(glob.strip_prefix("./").unwrap_or(glob))
        .literal_separator(true)
        .build();
    built.map_err(|error| reason(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_are_relative_to_the_configuration() {
        let exclude = Exclude::new(Path::new("/w"), &["**/fixtures/**", "img/*.gif"]).unwrap();
        assert!(exclude.file(Path::new("/w/a/fixtures/b/c.png")));
        assert!(exclude.file(Path::new("/w/img/a.gif")));
        assert!(!exclude.file(Path::new("/w/img/a/a.gif")));
        assert!(!exclude.file(Path::new("/x/fixtures/a.png")));
        assert!(exclude.directory(Path::new("/w/a/fixtures")));
        assert!(!exclude.directory(Path::new("/w/img")));
    }

    #[test]
    fn a_bad_glob_is_named() {
        let error = Exclude::new(Path::new("/w"), &["ok", "a[z-a]"]).unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("exclude `a[z-a]` is not a valid glob: "),
            "{text}"
        );
    }
}
