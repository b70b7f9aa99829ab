//! A file on its way through the gate.

use std::path::PathBuf;

use super::base::digest;
use super::budget::Limit;
use super::outcome::Was;
use crate::report::Failure;
use crate::source::path::RelPath;
use crate::source::{Format, SourceError, facts, read};

/// A file that some budget is about.
#[derive(Debug)]
pub(super) struct File {
    /// Its name for people: relative to the working directory.
    pub(super) path: RelPath,
    /// Its name in globs and baselines: relative to the configuration's folder.
    pub(super) key: RelPath,
    pub(super) at: PathBuf,
    pub(super) bytes: u64,
    /// Places of its budgets, ascending.
    pub(super) budgets: Vec<usize>,
    /// What it says about itself, where that was asked.
    pub(super) facts: Facts,
    /// What it was in the base.
    pub(super) was: Option<Was>,
}

/// What a file says about itself; what was not asked is not known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    pub(super) format: Option<Format>,
    /// Columns and rows, upright; none of a drawing, which has none.
    pub(super) size: Option<[u32; 2]>,
}

/// How much of a file must be looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// Its size was told by the folder.
    #[default]
    Nowhere,
    /// Its first bytes.
    Head,
    /// All that it says about itself.
    Header,
}

impl Look {
    pub(super) fn of(limit: &Limit) -> Self {
        match limit {
            Limit::MaxSize(_) | Limit::MaxTotal(_) | Limit::MaxGrowth(_) => Self::Nowhere,
            Limit::Formats(_) | Limit::MaxSaving { .. } | Limit::MinScore { .. } => Self::Head,
            Limit::MaxBpp(_) | Limit::MaxWidth(_) | Limit::MaxHeight(_) => Self::Header,
        }
    }
}

impl File {
    /// Looks at the file, as far as that is needed.
    ///
    /// # Errors
    /// When it cannot be read, or its header is damaged.
    pub(super) fn look(&mut self, how: Look, max_bytes: u64) -> Result<(), Failure> {
        if how == Look::Nowhere {
            return Ok(());
        }
        let extension = self.at.extension().and_then(|e| e.to_str());
        let extension = extension.map(str::to_owned);
        let whole = how == Look::Header;
        let content = if whole {
            read::read(&self.at, max_bytes)
        } else {
            read::head(&self.at)
        };
        let content = content.map_err(|e| self.failure(e.stage(), &e))?;
        let lost = |e: SourceError| self.failure(e.stage(), &e);
        let format = Format::sniff(&content, extension.as_deref());
        let format = format.ok_or(SourceError::NotAnImage).map_err(lost)?;
        let sized = whole && format != Format::Svg;
        let facts = sized.then(|| facts::read(&content, format)).transpose();
        let facts = facts.map_err(lost)?;
        self.facts = Facts {
            format: Some(format),
            size: facts.map(|facts| facts.upright_size()),
        };
        Ok(())
    }

    /// `blake3:…` of its content.
    pub(super) fn digest(&self, max_bytes: u64) -> Result<String, Failure> {
        let content = read::read(&self.at, max_bytes);
        let content = content.map_err(|e| self.failure(e.stage(), &e))?;
        Ok(digest(&content))
    }

    /// The size it had before; none where it was not there.
    pub(super) fn was_bytes(&self) -> Option<u64> {
        match self.was.as_ref()? {
            Was::New => None,
            Was::Same | Was::Renamed { .. } => Some(self.bytes),
            Was::Resized { bytes } => Some(*bytes),
        }
    }

    pub(super) fn failure(&self, stage: &str, error: &dyn std::fmt::Display) -> Failure {
        Failure {
            path: self.path.text(),
            path_bytes: self.path.raw(),
            stage: stage.into(),
            error: error.to_string(),
        }
    }
}
