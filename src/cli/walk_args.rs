//! The flags that say which files are taken beside those that are named.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use imgbench::source::discover::{self, Hidden, IgnoreFiles, Input, Separator, Walk};

/// A list of files, and what is passed over in directories.
#[derive(clap::Args)]
pub(super) struct WalkArgs {
    /// Also take paths from FILE, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,
    /// Paths in --files-from end in NUL instead of newline
    #[arg(short = '0', requires = "files_from")]
    null: bool,
    /// Take files that .gitignore and .imgbenchignore list
    #[arg(long)]
    no_ignore: bool,
    /// Take hidden files and look into hidden directories
    #[arg(long)]
    hidden: bool,
}

/// Whether `path` stands for standard input.
pub(super) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl WalkArgs {
    /// What the list holds; none where there is no list.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn listed(&self) -> anyhow::Result<Option<Vec<Input>>> {
        let Some(list) = &self.files_from else {
            return Ok(None);
        };
        let bytes = if is_dash(list) {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut bytes);
            read.context("cannot read standard input")?;
            bytes
        } else {
            std::fs::read(list).with_context(|| format!("cannot read {}", list.display()))?
        };
        let separator = if self.null {
            Separator::Nul
        } else {
            Separator::Newline
        };
        let listed = discover::parse_list(&bytes, separator);
        Ok(Some(listed.into_iter().map(Input::Listed).collect()))
    }

    /// How directories below `cwd` are gone through, as far as flags say it.
    pub(super) fn walk(&self, cwd: &Path) -> Walk {
        Walk {
            ignore_files: if self.no_ignore {
                IgnoreFiles::Skip
            } else {
                IgnoreFiles::Honour
            },
            hidden: if self.hidden {
                Hidden::Take
            } else {
                Hidden::Skip
            },
            ..Walk::new(cwd)
        }
    }
}
