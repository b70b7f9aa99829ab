//! `imgbench.toml`: what a team's runs have in common, and what its files are held against. Pure but for finding the
//! file.

mod budget;
mod mistake;
mod value;

use std::path::{Path, PathBuf};

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use toml::Spanned;

pub use self::mistake::Mistake;
use crate::check::Budget;

/// A whole configuration file.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Defaults of `imgbench compare`; flags override them.
    pub compare: Compare,
    /// Budgets of `imgbench check`, in the order of the file.
    pub budgets: Vec<Budget>,
}

/// A configuration file as it is written.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    /// Defaults of `imgbench compare`; flags override them.
    #[serde(default)]
    compare: Compare,
    /// What `imgbench check` holds files against.
    #[serde(default, rename = "budget")]
    #[schemars(with = "Vec<budget::Table>")]
    budgets: Vec<Spanned<budget::Table>>,
}

/// Defaults of `imgbench compare`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
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
    /// The file says what is not understood.
    #[error("{}: {}", path.display(), told(mistakes))]
    Mistakes {
        /// The file.
        path: PathBuf,
        /// All that is wrong with it: one or more.
        mistakes: Vec<Mistake>,
    },
}

fn told(mistakes: &[Mistake]) -> String {
    let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    match &all[..] {
        [one] => one.clone(),
        several => format!("{} mistakes\n{}", several.len(), several.join("\n")),
    }
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
    parse(&text).map_err(|mistakes| ConfigError::Mistakes {
        path: path.into(),
        mistakes,
    })
}

/// Reads the text of a configuration file.
///
/// # Errors
/// All that is wrong with it.
pub fn parse(text: &str) -> Result<Config, Vec<Mistake>> {
    let file: File = mistake::read(text)?;
    Ok(Config {
        compare: file.compare,
        budgets: budget::budgets(&file.budgets, text)?,
    })
}

/// The JSON Schema of configuration files, for editors.
pub fn schema() -> Schema {
    let mut schema = schemars::schema_for!(File);
    schema.insert("title".into(), "imgbench.toml".into());
    schema
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
    fn a_budget_knows_its_lines() {
        let text = r#"
[[budget]]
name     = "hero images"
files    = ["public/img/hero/**", "!**/*.svg"]
max-size = "200 KiB"
level    = "warn"

[[budget]]
name       = " "
files      = ["public/img/blog/**"]
max-total  = "3 MB"
max-bpp    = 1.5
max-width  = 2560
formats    = ["webp", "jpeg"]
max-saving = { percent = 15, bytes = "4 KiB", at = "ssimulacra2=70" }
min-score  = { ssimulacra2 = 60, against = "originals/{stem}.png" }
max-growth = { percent = "2%", bytes = "1 KiB" }
allow-empty = true
exempt = [{ files = ["public/img/blog/old.jpg"], reason = "printed", until = 2027-01-31 }]
"#;
        let budgets = parse(text).unwrap().budgets;
        let lines = |nth: usize| {
            let budget: &Budget = &budgets[nth];
            let rules = budget.rules.iter().map(|r| (r.limit.id(), r.line));
            (budget.name.clone(), budget.line, rules.collect::<Vec<_>>())
        };
        assert_eq!(lines(0), ("hero images".into(), 2, vec![("max-size", 5)]));
        let (name, line, rules) = lines(1);
        assert_eq!((name.as_str(), line), ("public/img/blog/**", 8));
        let ids = [
            "max-total",
            "max-bpp",
            "max-width",
            "formats",
            "max-saving",
            "min-score",
            "max-growth",
        ];
        assert_eq!(rules, ids.into_iter().zip(11..).collect::<Vec<_>>());
        let exempt = &budgets[1].exempt[0];
        assert_eq!(exempt.until.unwrap().to_string(), "2027-01-31");
        assert_eq!(exempt.line, 19);
        assert!(budgets[1].allow_empty && !budgets[0].allow_empty);
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let text = r#"
[compare]
qualty = [60]
[[budget]]
files = ["a[z-a]", "ok/**", ""]
max-size = 200
max-siez = "1 kB"
max-bpp = nan
formats = ["gif", "bpm"]
max-saving = { percent = -1, at = "ssimulacra=70" }
exempt = [{ files = ["x"], reason = "y", until = "soon" }]
level = "fatal"
"#;
        let mistakes = parse(text).unwrap_err();
        let all = told(&mistakes);
        for part in [
            "line 3,",
            "qualty",
            "line 5,",
            "a[z-a]",
            "line 6,",
            "“200” is not a size",
            "line 7,",
            "max-siez",
            "line 8,",
            "line 9,",
            "“bpm”",
            "line 10,",
            "ssimulacra",
            "“-1”",
            "line 11,",
            "“soon”",
            "line 12,",
            "fatal",
        ] {
            assert!(all.contains(part), "{part} is not in {all}");
        }
        assert_eq!(mistakes.len(), 11, "{all}");
    }

    #[test]
    fn budgets_that_hold_nothing_to_anything_are_mistakes() {
        for (text, hint) in [
            ("max-size = \"1 B\"", "files = ["),
            ("files = [\"a\"]", "holds files to nothing"),
            ("files = [\"!a\"]\nmax-size = \"1 B\"", "its files are none"),
            ("files = []\nmax-size = \"1 B\"", "its files are none"),
            ("files = [\"a\"]\nformats = []", "allows no file"),
            ("files = [\"a\"]\nmax-growth = {}", "percent, bytes or both"),
            (
                "files = [\"a\"]\nmin-score = { ssimulacra2 = 60 }",
                "where the original is",
            ),
            (
                "files = [\"a\"]\nmin-score = { against = \"b\" }",
                "name one metric",
            ),
            (
                "files = [\"a\"]\nmin-score = { psnr = nan, against = \"b\" }",
                "not a score",
            ),
            ("files = [\"a\"]\nmax-width = 0", "nonzero"),
            (
                "files = [\"a\"]\nmax-size = \"1 B\"\nexempt = [{ files = [\"a\"], reason = \"\" }]",
                "needs a reason",
            ),
            (
                "files = [\"a\"]\nmax-size = \"1 B\"\n[[budget]]\nfiles = [\"a\"]\nmax-size = \"2 B\"",
                "line 1 is called “a”, too",
            ),
        ] {
            let all = told(&parse(&format!("[[budget]]\n{text}\n")).unwrap_err());
            assert!(all.contains(hint) && all.contains('^'), "{text}: {all}");
        }
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
