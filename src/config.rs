//! `imgbench.toml`: what a team's runs have in common. Pure but for finding the file.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A whole configuration file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Defaults of `imgbench compare`; flags override them.
    #[serde(default)]
    pub compare: Compare,
    /// Budgets of `imgbench check`: a team's one file may hold them, and this build has nothing to do with them.
    #[serde(default, rename = "budget")]
    _budgets: Vec<toml::Table>,
}

/// Defaults of `imgbench compare`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Compare {
    /// Format ids.
    pub formats: Option<Vec<String>>,
    /// Qualities, 0 to 100.
    pub quality: Option<Vec<u8>>,
    /// A score to be reached instead of set qualities, as `ssimulacra2=70`.
    pub target: Option<String>,
    /// Widths that images are resized to, in pixels.
    pub widths: Option<Vec<std::num::NonZeroU32>>,
    /// Metric ids.
    pub metrics: Option<Vec<String>>,
    /// Format id that ratios are taken to.
    pub baseline: Option<String>,
    /// Browsers that are counted on, in browserslist's language.
    pub browsers: Option<String>,
    /// Globs of files that are not taken from directories.
    #[serde(default)]
    pub exclude: Vec<String>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: std::io::Error,
    },
    /// The file says something that is not understood: place and valid names are in the message.
    #[error("{}: {}", path.display(), details.to_string().trim_end())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line, caret and what was expected: part of the message, so not a source beside it.
        details: Box<toml::de::Error>,
    },
}

/// The nearest `imgbench.toml` or `.config/imgbench.toml` in `folder` or above it.
pub fn find(folder: &Path) -> Option<PathBuf> {
    let names = ["imgbench.toml", ".config/imgbench.toml"];
    folder
        .ancestors()
        .flat_map(|up| names.map(|name| up.join(name)))
        .find(|path| path.is_file())
}

/// The folder that a configuration file speaks of: the one it lies in, or the one above `.config`.
pub fn root(path: &Path) -> &Path {
    let folder = path.parent().unwrap_or(path);
    match folder.parent() {
        Some(above) if folder.ends_with(".config") => above,
        _ => folder,
    }
}

/// Reads the configuration file at `path`.
///
/// # Errors
/// When it cannot be read, or says something that is not understood.
pub fn load(path: &Path) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
        path: path.into(),
        source,
    })?;
    toml::from_str(&text).map_err(|e| ConfigError::Syntax {
        path: path.into(),
        details: Box::new(e),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_ancestor_wins() -> std::io::Result<()> {
        let root = tempfile::tempdir()?;
        let deep = root.path().join("a/b/.config");
        std::fs::create_dir_all(&deep)?;
        let above = root.path().join("imgbench.toml");
        std::fs::write(&above, "")?;
        assert_eq!(find(&root.path().join("a/b")), Some(above));
        let near = deep.join("imgbench.toml");
        std::fs::write(&near, "")?;
        assert_eq!(find(&root.path().join("a/b")), Some(near));
        Ok(())
    }

    #[test]
    fn budgets_for_the_gate_are_let_be() -> std::io::Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        let text =
            "[compare]\nquality = [60]\n[[budget]]\nname = \"hero\"\nmax-size = \"200 KiB\"\n";
        std::fs::write(file.path(), text)?;
        assert_eq!(load(file.path()).unwrap().compare.quality, Some(vec![60]));
        Ok(())
    }

    #[test]
    fn unknown_keys_are_errors_that_show_where_and_what_else() -> std::io::Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(
            file.path(),
            "[compare]\nformats = [\"jpeg\"]\nqualty = [60]\n",
        )?;
        let message = load(file.path()).unwrap_err().to_string();
        for part in ["line 3", "^^^^^^", "qualty", "`quality`"] {
            assert!(message.contains(part), "{part} is not in {message}");
        }
        Ok(())
    }
}
