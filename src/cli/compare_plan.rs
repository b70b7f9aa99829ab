//! From flags, configuration and file system to a plan.

use std::io::{self, Read};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use imgbench::codec::{self, CODECS};
use imgbench::config;
use imgbench::metric::METRICS;
use imgbench::plan::{self, Inputs, Keep, LosslessToo, LossySources, Plan, Selection, Shard};
use imgbench::report::SkippedFile;
use imgbench::source::discover::{self, Exclude, Input, Walk};
use imgbench::variant::{Goal, parse_targets};

use super::compare_args::Args;
use super::walk_args::is_dash;

/// The plan that the flags, the configuration and the file system come to.
///
/// # Errors
/// A name nobody knows, a configuration or list that cannot be read, a folder that cannot be written.
pub(super) fn plan(args: &Args) -> anyhow::Result<Plan> {
    let cwd = std::env::current_dir().context("the working directory is gone")?;
    let (config, folder) = configuration(args, &cwd)?;
    let selection = selection(args, &config)?;
    let variants = plan::variants(&selection, CODECS)?;
    let support = args.browsers.support(config.browsers.as_deref())?;
    let metric_ids = args.metrics.clone().or(config.metrics).unwrap_or_default();
    let metrics = plan::metrics(&metric_ids, &variants, METRICS)?;
    let baseline = baseline(args.baseline.clone().or(config.baseline))?;
    let (inputs, stdin) = inputs(args)?;
    let walk = Walk {
        exclude: Exclude::new(&folder, &config.exclude)?,
        max_file_size: args.limits.max_file_size,
        ..args.walk.walk(&cwd)
    };
    let keep = args
        .keep
        .as_deref()
        .map(|folder| keep(folder, &cwd))
        .transpose()?;
    let found = Inputs::new(
        discover::discover(&inputs, &walk),
        stdin,
        args.shard.unwrap_or(Shard::WHOLE),
    );
    if found.in_all == 0 {
        bail!(
            "no image found; name files or folders that hold images{}",
            passed_over(&found.skipped)
        );
    }
    Ok(Plan {
        widths: widths(args, config.widths)?,
        sources: found.sources,
        failures: found.failures,
        skipped: found.skipped,
        variants,
        metrics,
        baseline,
        background: args.background,
        limits: args.limits.inputs(),
        lossy_sources: if args.strict_lossless_sources {
            LossySources::Refuse
        } else {
            LossySources::Measure
        },
        support: Some(support),
        keep,
    })
}

/// The ladder: what the flag says, else the configuration.
fn widths(args: &Args, configured: Option<Vec<NonZeroU32>>) -> anyhow::Result<Vec<u32>> {
    let map = args.output.maps_quality();
    if map && args.widths.is_some() {
        bail!("--quality-map and --widths do not go together: a map is of one size of each image");
    }
    let asked = args.widths.clone().or(configured.filter(|_| !map));
    let mut widths: Vec<u32> = asked
        .unwrap_or_default()
        .into_iter()
        .map(u32::from)
        .collect();
    widths.sort_unstable();
    widths.dedup();
    Ok(widths)
}

/// The columns the user wants: what flags say, else the configuration, else the defaults.
fn selection(args: &Args, config: &config::Compare) -> anyhow::Result<Selection> {
    let asked = args.asked();
    let only_explicit =
        !args.variant.is_empty() && args.formats.is_none() && asked.is_empty() && !args.lossless;
    let formats = args.formats.as_ref().or(config.formats.as_ref());
    let map = args.output.maps_quality();
    Ok(Selection {
        formats: if only_explicit {
            Vec::new()
        } else {
            formats.cloned().unwrap_or_else(|| default_formats(map))
        },
        goals: if asked.is_empty() {
            configured_goals(config, default_qualities(map))?
        } else {
            asked
        },
        lossless: if args.lossless {
            LosslessToo::Yes
        } else {
            LosslessToo::No
        },
        explicit: args.variant.clone(),
    })
}

/// Formats when none are asked for: all there are, or all that a quality map can tell of.
fn default_formats(map: bool) -> Vec<String> {
    let mut formats: Vec<&str> = CODECS.iter().map(|codec| codec.info().format).collect();
    formats.dedup();
    let is_lossy =
        |format: &&str| codec::find(CODECS, format).is_some_and(|c| c.info().quality.is_some());
    let told = formats
        .into_iter()
        .filter(|format| !map || is_lossy(format));
    told.map(String::from).collect()
}

/// Qualities when nothing is asked for: two, or a sweep that a quality map can be read off.
fn default_qualities(map: bool) -> Vec<u8> {
    if map {
        (20..=95).step_by(5).collect()
    } else {
        vec![60, 80]
    }
}

/// What the configuration asks of lossy codecs, else `default`.
fn configured_goals(config: &config::Compare, default: Vec<u8>) -> anyhow::Result<Vec<Goal>> {
    let targets = config.target.as_deref().map(parse_targets).transpose();
    let targets = targets
        .context("imgbench.toml: target")?
        .unwrap_or_default();
    let mut qualities = config.quality.clone().unwrap_or_default();
    qualities.sort_unstable();
    if qualities.is_empty() && targets.is_empty() {
        qualities = default;
    }
    let qualities = qualities.into_iter().map(Goal::Quality);
    Ok(qualities.chain(targets).collect())
}

/// What the configuration file says of this command, and the folder its globs are relative to.
fn configuration(args: &Args, cwd: &Path) -> anyhow::Result<(config::Compare, PathBuf)> {
    let Some(path) = args.config.clone().or_else(|| config::find(cwd)) else {
        return Ok((config::Compare::default(), cwd.into()));
    };
    let path = cwd.join(path);
    Ok((config::load(&path)?.compare, config::root(&path).into()))
}

fn baseline(wanted: Option<String>) -> anyhow::Result<String> {
    let id = wanted.unwrap_or_else(|| "jpeg".into());
    let codec = imgbench::codec::find(CODECS, &id);
    let codec = codec.with_context(|| format!("--baseline {id}: this build has no such format"))?;
    Ok(codec.info().format.into())
}

/// What the user named, and what standard input holds if that is an image.
fn inputs(args: &Args) -> anyhow::Result<(Vec<Input>, Option<Vec<u8>>)> {
    let named = args.paths.iter().map(|path| match is_dash(path) {
        true => Input::Stdin,
        false => Input::Path(path.clone()),
    });
    let mut inputs: Vec<Input> = named.collect();
    let image_on_stdin = inputs.contains(&Input::Stdin);
    let list_on_stdin = args.walk.files_from.as_deref().is_some_and(is_dash);
    if image_on_stdin && list_on_stdin {
        bail!("standard input cannot be both an image and a list of files");
    }
    match args.walk.listed()? {
        Some(listed) => inputs.extend(listed),
        None if inputs.is_empty() => inputs.push(Input::Path(".".into())),
        None => {}
    }
    let image = if image_on_stdin {
        Some(stdin_up_to(args.limits.max_file_size)?)
    } else {
        None
    };
    Ok((inputs, image))
}

fn stdin_up_to(limit: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    if bytes.len() as u64 > limit {
        bail!("standard input is over the limit of {limit} bytes: raise --max-file-size");
    }
    Ok(bytes)
}

fn keep(folder: &Path, cwd: &Path) -> anyhow::Result<Keep> {
    std::fs::create_dir_all(folder)
        .and_then(|()| tempfile::tempfile_in(folder))
        .with_context(|| format!("cannot keep files in {}", folder.display()))?;
    Ok(Keep {
        folder: cwd.join(folder),
        base: cwd.into(),
    })
}

fn passed_over(skipped: &[SkippedFile]) -> String {
    let count = skipped.len();
    match skipped.first() {
        None => String::new(),
        Some(file) => format!(
            " ({count} passed over, such as {}: {})",
            file.path, file.reason
        ),
    }
}
