//! `imgbench init`: a configuration to begin with.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use imgbench::atomic;
use imgbench::check::{Image, template};
use imgbench::source::discover::{self, Drawings, Found, Input, Walk};

use super::{DONE, Global, terminal};

/// Write a commented imgbench.toml.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Where the images are [default: .]
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// The file to write; `-` is standard output
    #[arg(short, long, value_name = "PATH", default_value = "imgbench.toml")]
    output: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
}

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> anyhow::Result<u8> {
    let is_stdout = args.output.as_os_str() == "-";
    let shown = terminal::shown(&args.output);
    if !is_stdout && !args.force && args.output.symlink_metadata().is_ok() {
        bail!("{shown} is there already: --force replaces it");
    }
    let cwd = std::env::current_dir().context("the working directory is gone")?;
    let images = images(args, &cwd)?;
    let text = template(&images);
    if is_stdout {
        return terminal::print(text.as_bytes());
    }
    let folder = args.output.parent().filter(|p| !p.as_os_str().is_empty());
    let saved = atomic::begin(folder.unwrap_or(Path::new("."))).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.persist(&args.output).map_err(|e| e.error)?;
        Ok(())
    });
    saved.with_context(|| format!("cannot write {shown}"))?;
    if !global.quiet {
        let count = images.len();
        terminal::complain(&format!(
            "{shown} written, with budgets for {count} images: `imgbench check` holds them to it"
        ));
    }
    Ok(DONE)
}

fn images(args: &Args, cwd: &Path) -> anyhow::Result<Vec<Image>> {
    let named = args.paths.iter().cloned().map(Input::Path);
    let mut inputs: Vec<Input> = named.collect();
    if inputs.is_empty() {
        inputs.push(Input::Path(".".into()));
    }
    let walk = Walk {
        drawings: Drawings::Take,
        ..Walk::new(cwd)
    };
    let mut images = Vec::new();
    for candidate in discover::discover(&inputs, &walk) {
        let path = candidate.path.text();
        match candidate.found {
            // Budgets are about what lies below the configuration.
            Found::File { bytes, .. } if !path.starts_with("../") => {
                images.push(Image { path, bytes });
            }
            Found::Lost { error, .. } if args.paths.iter().any(|p| *p == Path::new(&path)) => {
                bail!("{path}: {error}");
            }
            _ => {}
        }
    }
    Ok(images)
}
