//! Places that a text goes to. Files are opened beside their place before the first encode and renamed at the end, so a bad
//! path fails early and no half report is ever there.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use imgbench::atomic;
use imgbench::render::{self, Renderer, RendererTable, Style, Verbosity};
use tempfile::NamedTempFile;

use super::super::{Global, terminal};

/// The places something goes to, ready to be written.
pub(in super::super) struct Places<T: 'static> {
    pub(super) stdout: Option<&'static dyn Renderer<T>>,
    files: Vec<(&'static dyn Renderer<T>, Target)>,
}

enum Target {
    /// Written beside and renamed.
    Replaced {
        path: PathBuf,
        temporary: NamedTempFile,
    },
    /// A device or pipe: written as it is.
    Special(PathBuf),
}

/// The names in `table`, for a message.
pub(in super::super) fn ids<T>(table: RendererTable<T>) -> String {
    let ids: Vec<&str> = table.iter().map(|r| r.info().id).collect();
    ids.join(", ")
}

impl<T> Places<T> {
    /// Opens the places that `texts` name, for what `table` can write; without any, standard output gets `format`.
    ///
    /// # Errors
    /// A format nobody knows, two reports for one place, a place that cannot be written.
    pub(in super::super) fn open(
        table: RendererTable<T>,
        texts: &[String],
        format: Option<&'static dyn Renderer<T>>,
    ) -> anyhow::Result<Self> {
        let mut outputs = Self {
            stdout: format,
            files: Vec::new(),
        };
        let mut seen = Vec::new();
        for text in texts {
            let (renderer, path) = match (text.as_str(), format) {
                ("-", Some(format)) => (format, "-"),
                _ => parse(table, text)?,
            };
            let place = place(path);
            if seen.contains(&place) {
                bail!("two reports would go to {path}: give each its own path");
            }
            seen.push(place);
            if path == "-" {
                let [own, other] = [Some(renderer), format].map(|r| r.map(|r| r.info().id));
                if other.is_some() && own != other {
                    bail!("--format and --output {text} name two formats for standard output");
                }
                outputs.stdout = Some(renderer);
            } else {
                outputs.files.push((
                    renderer,
                    target(Path::new(path)).with_context(|| format!("cannot write {path}"))?,
                ));
            }
        }
        if outputs.stdout.is_none() && outputs.files.is_empty() {
            outputs.stdout = render::find(table, "table");
        }
        Ok(outputs)
    }
}

fn parse<T>(
    table: RendererTable<T>,
    text: &str,
) -> anyhow::Result<(&'static dyn Renderer<T>, &str)> {
    if let Some((format, path)) = text.split_once(':')
        && let Some(renderer) = render::find(table, format)
    {
        return Ok((renderer, path));
    }
    if text == "-" {
        return render::find(table, "table")
            .map(|r| (r, text))
            .context("this build has no table");
    }
    let extension = Path::new(text)
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or("");
    let renderer = render::by_extension(table, extension).with_context(|| {
        format!(
            "{text}: no format goes with this extension; write FORMAT:PATH with one of {}",
            ids(table)
        )
    })?;
    Ok((renderer, text))
}

/// A place by one name, however it is spelt.
fn place(path: &str) -> PathBuf {
    let path = Path::new(path);
    let whole = || {
        let folder = path.parent()?.join(".").canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    let found = path.canonicalize().ok().or_else(whole);
    found.unwrap_or_else(|| path.into())
}

fn target(path: &Path) -> anyhow::Result<Target> {
    if path.as_os_str().is_empty() || path.as_os_str().as_encoded_bytes().ends_with(b"/") {
        bail!("it names no file");
    }
    // Through links, so that a link stays one.
    let path = path.canonicalize().unwrap_or_else(|_| path.into());
    match path.metadata() {
        Ok(found) if found.is_dir() => bail!("it is a directory: name a file in it"),
        Ok(found) if !found.is_file() => return Ok(Target::Special(path)),
        Ok(found) if found.permissions().readonly() => bail!("it is read-only"),
        Err(error) if error.kind() == io::ErrorKind::InvalidFilename => return Err(error.into()),
        _ => {}
    }
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if !folder.is_dir() {
        bail!(
            "there is no folder {}: create it first",
            terminal::shown(folder)
        );
    }
    let temporary = atomic::begin(folder)?;
    Ok(Target::Replaced { path, temporary })
}

impl<T> Places<T> {
    /// Whether standard output gets the table, which tells everything.
    pub(in super::super) fn shows_table(&self) -> bool {
        self.shows("table")
    }

    /// Whether standard output gets the format called `id`.
    pub(in super::super) fn shows(&self, id: &str) -> bool {
        self.stdout.is_some_and(|r| r.info().id == id)
    }

    /// The folder that what renderer `id` writes first is looked at from; none where it writes nothing.
    pub(super) fn folder_of(&self, id: &str) -> Option<PathBuf> {
        let file = self
            .files
            .iter()
            .find(|(renderer, _)| renderer.info().id == id);
        let (Target::Replaced { path, .. } | Target::Special(path)) = match file {
            Some((_, target)) => target,
            None => {
                return self
                    .stdout
                    .filter(|r| r.info().id == id)
                    .map(|_| ".".into());
            }
        };
        Some(path.parent().unwrap_or(Path::new("")).into())
    }

    /// Writes `subject` everywhere, files first and those in `plain` style. `special` stands for the renderer of its id.
    ///
    /// # Errors
    /// The first place that could not be written.
    pub(in super::super) fn write(
        self,
        subject: &T,
        plain: Style,
        special: Option<&dyn Renderer<T>>,
        global: &Global,
    ) -> anyhow::Result<()> {
        let best = |usual: &'static dyn Renderer<T>| match special {
            Some(special) if special.info().id == usual.info().id => special,
            _ => usual,
        };
        let mut written = Ok(());
        for (renderer, target) in self.files {
            let mut bytes = Vec::new();
            let rendered = best(renderer).render(subject, &plain, &mut bytes);
            let saved = rendered
                .map_err(Into::into)
                .and_then(|()| save(target, &bytes));
            // One that fails costs no other.
            written = written.and(saved);
        }
        if let Some(renderer) = self.stdout {
            let style = Style {
                width: terminal::width(),
                color: global.color.resolve(),
                ..plain
            };
            let mut stdout = io::BufWriter::new(io::stdout().lock());
            best(renderer).render(subject, &style, &mut stdout)?;
            stdout.flush()?;
        }
        written
    }
}

/// The style of files, as far as every command has it.
pub(in super::super) fn plain(global: &Global) -> Style {
    Style {
        verbosity: if global.verbose {
            Verbosity::Verbose
        } else {
            Verbosity::Normal
        },
        ..Style::default()
    }
}

fn save(target: Target, bytes: &[u8]) -> anyhow::Result<()> {
    match target {
        Target::Replaced {
            path,
            mut temporary,
        } => {
            let shown = path.display().to_string();
            temporary
                .write_all(bytes)
                .with_context(|| format!("cannot write {shown}"))?;
            temporary
                .persist(path)
                .map_err(|failed| failed.error)
                .with_context(|| format!("cannot write {shown}"))?;
        }
        Target::Special(path) => {
            let file = OpenOptions::new().write(true).open(&path);
            file.and_then(|mut f| f.write_all(bytes))
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}
