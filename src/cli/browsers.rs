//! The flags that say which browsers are counted on.

use std::path::PathBuf;

use anyhow::Context;
use imgbench::support::{Support, read_targets};

/// Which browsers are counted on.
#[derive(clap::Args)]
pub(super) struct BrowserArgs {
    /// Browsers that are counted on, as browserslist names them: "defaults", "last 2 versions, not dead" [default: those of
    /// all users]
    #[arg(long, value_name = "QUERY")]
    browsers: Option<String>,
    /// Take them from a .browserslistrc or a package.json
    #[arg(long, value_name = "FILE", conflicts_with = "browsers")]
    targets_file: Option<PathBuf>,
}

impl BrowserArgs {
    /// Whether flags name any.
    pub(super) fn are_named(&self) -> bool {
        self.browsers.is_some() || self.targets_file.is_some()
    }

    /// What the browsers show: those that flags name, else those of the query `configured`, else everyone's.
    ///
    /// # Errors
    /// A query that is not understood or that nobody answers to, a file that cannot be read.
    pub(super) fn support(&self, configured: Option<&str>) -> anyhow::Result<Support> {
        if let Some(path) = &self.targets_file {
            let shown = path.display();
            let text = std::fs::read_to_string(path);
            let text = text.with_context(|| format!("cannot read {shown}"))?;
            let query = read_targets(path, &text)?;
            return Support::of(&query).with_context(|| format!("{shown}"));
        }
        match (&self.browsers, configured) {
            (Some(query), _) => Support::of(query).context("--browsers"),
            (None, Some(query)) => Support::of(query).context("imgbench.toml: browsers"),
            (None, None) => Ok(Support::of_everyone()),
        }
    }
}
