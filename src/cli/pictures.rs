//! Pictures for the page: where they come from, and where they go.

use std::path::PathBuf;

use anyhow::Context;
use imgbench::Report;
use imgbench::gallery::{self, Gallery, Origin, Place};
use imgbench::plan::{Content, Keep, Plan};
use imgbench::report::Outcome;
use imgbench::size::parse_bytes;
use imgbench::source::path::RelPath;

/// How the page has its pictures.
#[derive(clap::Args)]
pub(super) struct PictureArgs {
    /// Pictures inside a page, as PNG: crops where whole ones are more; 0 for none
    #[arg(long, value_name = "SIZE", default_value = "16MB", value_parser = most_bytes)]
    html_max_embed: u64,
    /// Write whole pictures into DIR instead, as files that the page shows
    #[arg(long, value_name = "DIR")]
    html_assets: Option<PathBuf>,
}

impl PictureArgs {
    /// Where the pictures of a page in `folder` go; none where none are wanted.
    ///
    /// # Errors
    /// When the folder for them cannot be made.
    pub(super) fn place(&self, folder: &std::path::Path) -> anyhow::Result<Option<Place>> {
        let Some(path) = &self.html_assets else {
            let most = self.html_max_embed;
            return Ok((most > 0).then_some(Place::Page { most }));
        };
        std::fs::create_dir_all(path)
            .with_context(|| format!("cannot write pictures into {}", path.display()))?;
        let cwd = std::env::current_dir().context("the working directory is gone")?;
        let url = RelPath::new(&cwd.join(path), &cwd.join(folder));
        Ok(Some(Place::Folder {
            path: path.clone(),
            url: percent_encoded(url.bytes()),
        }))
    }
}

/// A size, or nothing at all.
fn most_bytes(text: &str) -> Result<u64, String> {
    match text {
        "0" => Ok(0),
        text => parse_bytes(text).map_err(|e| e.to_string()),
    }
}

/// A relative path as a URL.
fn percent_encoded(path: &[u8]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte);
    let encoded = path.iter().map(|&byte| match byte {
        byte if plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    // What looks like a scheme is none behind a dot.
    format!("./{}", encoded.collect::<String>())
}

/// Files of a run, kept until they were looked at.
pub(super) struct Negatives {
    origin: Origin,
    /// Where they are, unless the user keeps them.
    temporary: Option<tempfile::TempDir>,
}

impl Negatives {
    /// Has the run of `plan` keep its files, if it does not already.
    ///
    /// # Errors
    /// When there is no place for them.
    pub(super) fn of(plan: &mut Plan) -> anyhow::Result<Self> {
        let inputs = std::env::current_dir().context("the working directory is gone")?;
        let stdin = plan
            .sources
            .iter()
            .find_map(|source| match &source.content {
                Content::Memory(bytes) => Some(bytes.clone()),
                Content::File(_) => None,
            });
        let (files, temporary) = match &plan.keep {
            Some(keep) => (keep.base.clone(), None),
            None => {
                let folder = tempfile::tempdir().context("no place to keep files for the page")?;
                let at = folder.path().to_owned();
                plan.keep = Some(Keep {
                    folder: at.clone(),
                    base: at.clone(),
                });
                (at, Some(folder))
            }
        };
        let origin = Origin {
            inputs,
            files,
            stdin,
        };
        Ok(Self { origin, temporary })
    }

    /// Whether files are here only for the page, and `report` is not to name them.
    pub(super) fn are_temporary(&self) -> bool {
        self.temporary.is_some()
    }

    /// The pictures of `report`, which names no temporary file after that.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn developed(
        self,
        report: &mut Report,
        place: Option<&Place>,
    ) -> anyhow::Result<Gallery> {
        let gallery = hang(report, &self.origin, place);
        if self.are_temporary() {
            report.images.iter_mut().for_each(forget_files);
        }
        gallery
    }
}

/// Has `image` name no kept file.
pub(super) fn forget_files(image: &mut imgbench::report::ImageReport) {
    for entry in &mut image.results {
        if let Outcome::Done(measurement) = &mut entry.outcome {
            measurement.file = None;
        }
    }
}

/// The pictures of a saved report, seen from where its paths are relative to: here.
///
/// # Errors
/// When they cannot be written.
pub(super) fn of_saved(report: &Report, place: Option<&Place>) -> anyhow::Result<Gallery> {
    let here = std::env::current_dir().context("the working directory is gone")?;
    let origin = Origin {
        inputs: here.clone(),
        files: here,
        stdin: None,
    };
    hang(report, &origin, place)
}

fn hang(report: &Report, origin: &Origin, place: Option<&Place>) -> anyhow::Result<Gallery> {
    let hung = place.map(|place| gallery::hang(report, origin, place));
    let hung = hung.transpose().context("cannot write pictures")?;
    Ok(hung.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_relative_urls_whatever_they_are_called() {
        for (path, url) in [
            ("assets", "./assets"),
            ("../a b/100%", "./../a%20b/100%25"),
            ("javascript:x", "./javascript%3Ax"),
            ("é\"<", "./%C3%A9%22%3C"),
        ] {
            assert_eq!(percent_encoded(path.as_bytes()), url);
        }
    }
}
