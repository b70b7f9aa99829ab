//! `imgbench init`: a configuration to begin with.

use std::path::PathBuf;

use anyhow::{Context, bail};
use imgbench::atomic;
use imgbench::check::{Image, template};
use imgbench::config;
use imgbench::source::discover::{self, Drawings, Found, Input, Origin, Walk};
use imgbench::source::path::RelPath;

use super::{DONE, Global, terminal};

/// Write a commented imgbench.toml.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Where the images are [default: the folder that the file speaks of]
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
    let images = images(args)?;
    let text = template(&images);
    if is_stdout {
        return terminal::print(text.as_bytes());
    }
    let saved = atomic::replace(&args.output, text.as_bytes());
    saved.with_context(|| format!("cannot write {shown}"))?;
    if !global.quiet {
        let count = match images.len() {
            1 => "1 image".to_owned(),
            n => format!("{n} images"),
        };
        terminal::complain(&format!(
            "{shown} written, with budgets for {count}: `imgbench check` holds them to it"
        ));
    }
    Ok(DONE)
}

/// The images there are, by their names in globs of the file that will be written.
fn images(args: &Args) -> anyhow::Result<Vec<Image>> {
    let cwd = std::env::current_dir().context("the working directory is gone")?;
    // Standard output is named as a file here would be.
    let root = config::root(&cwd.join(&args.output)).to_owned();
    let named = args.paths.iter().cloned().map(Input::Path);
    let mut inputs: Vec<Input> = named.collect();
    if inputs.is_empty() {
        inputs.push(Input::Path(root.clone()));
    }
    let walk = Walk {
        drawings: Drawings::Take,
        ..Walk::new(cwd)
    };
    let mut images = Vec::new();
    for candidate in discover::discover(&inputs, &walk) {
        match candidate.found {
            Found::File { at, bytes } => {
                let path = RelPath::new(&at, &root).text();
                // Budgets are about what lies below the configuration.
                if !path.starts_with("../") {
                    images.push(Image { path, bytes });
                }
            }
            Found::Lost { error, .. } if candidate.origin == Origin::Named => {
                bail!("{}: {error}", candidate.path);
            }
            _ => {}
        }
    }
    Ok(images)
}
