//! From what the user typed to a sorted list of files to measure, with an answer for everything that was named.
//!
//! Nothing in a tree can stop or block the search: directories are never entered through links, pipes and devices are
//! never opened, and what cannot be looked at becomes a [`Found::Lost`] with its reason while the rest goes on.

mod content;
mod exclude;
mod glob;
mod ignore;
mod inspect;
mod list;
#[cfg(test)]
mod tests;
mod walk;

use std::path::{Path, PathBuf};

pub use self::exclude::{BadGlob, Exclude};
pub use self::list::{Separator, parse_list};
use super::path::{RelPath, resolve};
use super::read::describe;

/// Reason given for a named directory without a single image in it; more may follow it.
pub const NO_IMAGE: &str = "directory holds no image";

/// One thing the user asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file or directory or, where nothing has that very name, a glob.
    Path(PathBuf),
    /// A file or directory from `--files-from`: never a glob, never standard input.
    Listed(PathBuf),
    /// One image on standard input.
    Stdin,
}

/// Whether `.gitignore`, `.git/info/exclude` and `.imgbenchignore` count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IgnoreFiles {
    /// What they list is passed over.
    #[default]
    Honour,
    /// They are not read.
    Skip,
}

/// Whether names that start with a dot are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hidden {
    /// They are passed over, unless named or an ignore file lets them in with `!`.
    #[default]
    Skip,
    /// They are like any other.
    Take,
}

/// Whether drawings (SVG), which have no pixels, are images, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drawings {
    /// They are passed over.
    #[default]
    Skip,
    /// They are taken: their size in bytes is all that matters.
    Take,
}

/// How to search. None of it but `max_file_size` applies to a file that was named.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Whether ignore files count.
    pub ignore_files: IgnoreFiles,
    /// Whether hidden files count.
    pub hidden: Hidden,
    /// Whether drawings are images.
    pub drawings: Drawings,
    /// What the configuration excludes.
    pub exclude: Exclude,
    /// The largest file that is taken, in bytes.
    pub max_file_size: u64,
    /// The working directory: inputs and names are relative to it.
    pub cwd: PathBuf,
}

impl Walk {
    /// The usual way, from the working directory `cwd`: ignore files honoured, hidden files skipped, up to 256 MiB.
    pub fn new(cwd: impl Into<PathBuf>) -> Self {
        Self {
            ignore_files: IgnoreFiles::default(),
            hidden: Hidden::default(),
            drawings: Drawings::default(),
            exclude: Exclude::default(),
            max_file_size: 256 << 20,
            cwd: cwd.into(),
        }
    }
}

/// How a candidate came to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Named by the user: attempted whatever it is, and answered for.
    Named,
    /// Met in a directory or by a glob: its content decides.
    Walked,
}

/// One path and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its name in reports.
    pub path: RelPath,
    /// How it was met.
    pub origin: Origin,
    /// What it is.
    pub found: Found,
}

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A regular file to measure.
    File {
        /// Where to [`read`](super::read::read) it.
        at: PathBuf,
        /// Its size when it was found.
        bytes: u64,
    },
    /// Standard input.
    Stdin,
    /// Nothing to measure, and nothing wrong.
    Skipped {
        /// Why, as in "not an image".
        reason: String,
    },
    /// Something that was to be measured, or may have been, and cannot be: a failure for the report.
    Lost {
        /// `find`, `read`, `identify` or `limit`.
        stage: &'static str,
        /// What is wrong with it.
        error: String,
    },
}

impl Found {
    fn skipped(reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self::Skipped { reason }
    }

    fn lost(stage: &'static str, error: impl Into<String>) -> Self {
        let error = error.into();
        Self::Lost { stage, error }
    }

    fn is_skipped(&self) -> bool {
        matches!(self, Self::Skipped { .. })
    }

    /// Of two answers for one path, the lower one tells more.
    fn rank(&self) -> u8 {
        match self {
            Self::File { .. } | Self::Stdin => 0,
            Self::Lost { .. } => 1,
            Self::Skipped { .. } => 2,
        }
    }
}

/// Finds everything that `inputs` mean: sorted by the bytes of the name, every name once.
///
/// A name that is met twice keeps its [`Origin::Named`] answer. Ignored and hidden entries are not listed.
pub fn discover(inputs: &[Input], walk: &Walk) -> Vec<Candidate> {
    let mut search = Search::new(walk);
    for input in inputs {
        match input {
            Input::Path(path) => search.input(path, Globs::Expand),
            Input::Listed(path) => search.input(path, Globs::Literal),
            Input::Stdin => search.add(RelPath::stdin(), Origin::Named, Found::Stdin),
        }
    }
    let mut found = search.found;
    found.sort_by(|a, b| {
        let order = a.path.cmp(&b.path).then(a.origin.cmp(&b.origin));
        order.then(a.found.rank().cmp(&b.found.rank()))
    });
    found.dedup_by(|later, earlier| later.path == earlier.path);
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Globs {
    Expand,
    Literal,
}

/// A search under way.
struct Search<'a> {
    walk: &'a Walk,
    /// The working directory, absolute and resolved.
    cwd: PathBuf,
    found: Vec<Candidate>,
}

impl<'a> Search<'a> {
    fn new(walk: &'a Walk) -> Self {
        let cwd = resolve(Path::new(""), &walk.cwd);
        let found = Vec::new();
        Self { walk, cwd, found }
    }

    fn add(&mut self, path: RelPath, origin: Origin, found: Found) {
        self.found.push(Candidate {
            path,
            origin,
            found,
        });
    }

    fn input(&mut self, path: &Path, globs: Globs) {
        let at = resolve(path, &self.cwd);
        let name = RelPath::between(&at, &self.cwd);
        if path.as_os_str().is_empty() {
            let found = Found::lost("find", "an empty path names no file");
            return self.add(name, Origin::Named, found);
        }
        match at.metadata() {
            Ok(meta) if meta.is_dir() => self.directory(&at, &name),
            Ok(meta) => {
                let found = inspect::named(at, &meta, self.walk.max_file_size);
                self.add(name, Origin::Named, found);
            }
            Err(error) => {
                let is_there = at.symlink_metadata().is_ok();
                if globs == Globs::Expand && !is_there && glob::has_glob(path) {
                    return self.glob(path, name);
                }
                let error = match is_there && error.kind() == std::io::ErrorKind::NotFound {
                    true => inspect::DANGLING.to_owned(),
                    false => describe(&error),
                };
                self.add(name, Origin::Named, Found::lost("find", error));
            }
        }
    }

    fn directory(&mut self, at: &Path, name: &RelPath) {
        let before = self.found.len();
        let passed_over = self.tree(at, name);
        if self.found[before..]
            .iter()
            .all(|candidate| candidate.found.is_skipped())
        {
            let reason = match passed_over {
                0 => NO_IMAGE.to_owned(),
                n => format!("{NO_IMAGE} ({n} hidden or ignored: --hidden, --no-ignore)"),
            };
            self.add(name.clone(), Origin::Named, Found::skipped(reason));
        }
    }

    fn glob(&mut self, path: &Path, name: RelPath) {
        let before = self.found.len();
        let matched = glob::Pattern::parse(path).map(|pattern| self.expand(&pattern));
        let error = match matched {
            Err(reason) => format!("no such file or directory, and not a valid glob: {reason}"),
            Ok(glob::Matched::File) => return,
            // What could not be looked at is a better answer than "no match".
            Ok(_) if self.found.len() > before => return,
            Ok(glob::Matched::DirectoryOnly) => {
                "glob matches no file, only directories: end it in /** to search them".into()
            }
            Ok(glob::Matched::Nothing) => "glob matches no file".into(),
        };
        self.add(name, Origin::Named, Found::lost("find", error));
    }
}
