//! `imgbench list`: what this build has.

use std::fmt::Write;

use imgbench::codec::{CODECS, Codec};
use imgbench::metric::{Better, METRICS};
use imgbench::render::{CHECK_RENDERERS, RENDERERS, Renderer};
use imgbench::support::Support;

use super::browsers::BrowserArgs;
use super::terminal;

/// What this build has, with library versions.
#[derive(clap::Args)]
pub(super) struct Args {
    /// One of the four; all when left out
    what: Option<What>,
    #[command(flatten)]
    browsers: BrowserArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    Codecs,
    Metrics,
    Outputs,
    Browsers,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<u8> {
    let wanted = |what| args.what.is_none_or(|w| w == what);
    let mut parts = Vec::new();
    if wanted(What::Codecs) {
        parts.push(codecs()?);
    }
    if wanted(What::Metrics) {
        parts.push(metrics()?);
    }
    if wanted(What::Outputs) {
        parts.push(outputs()?);
    }
    if wanted(What::Browsers) {
        parts.push(browsers(&args.browsers.support(None)?)?);
    }
    terminal::print(parts.join("\n").as_bytes())
}

fn codecs() -> Result<String, std::fmt::Error> {
    let mut text = String::from("Codecs\n");
    for codec in CODECS {
        describe(*codec, &mut text)?;
    }
    Ok(text)
}

fn describe(codec: &dyn Codec, text: &mut String) -> std::fmt::Result {
    let info = codec.info();
    writeln!(
        text,
        "  {:<12} {:<8} {} {}",
        info.id,
        info.format,
        info.format_name,
        codec.version()
    )?;
    let mut traits = Vec::new();
    traits.extend(
        info.quality
            .as_ref()
            .map(|q| format!("quality {}..{}", q.start(), q.end())),
    );
    traits.extend(info.lossless.then(|| "lossless".into()));
    traits.extend(info.alpha.then(|| "alpha".into()));
    traits.push(format!("up to {} pixels a side", info.max_side));
    writeln!(text, "    {}", traits.join(", "))?;
    if let Some(effort) = &info.effort {
        writeln!(
            text,
            "    {:<32} encoder effort [{}]",
            format!("effort={}..{}", effort.range.start(), effort.range.end()),
            effort.default
        )?;
    }
    for option in info.options {
        writeln!(
            text,
            "    {:<32} {} [{}]",
            format!("{}={}", option.key, option.values),
            option.help,
            option.default
        )?;
    }
    if let Some(warning) = codec.build_warning() {
        writeln!(text, "    warning: {warning}")?;
    }
    Ok(())
}

fn metrics() -> Result<String, std::fmt::Error> {
    let mut text = String::from("Metrics\n");
    for metric in METRICS {
        let info = metric.info();
        let way = if info.better == Better::Higher {
            "higher is better"
        } else {
            "lower is better"
        };
        writeln!(
            text,
            "  {:<16} {} by {} {}, {way}",
            info.id,
            info.name,
            info.implementation,
            metric.version()
        )?;
        let scale: Vec<String> = info
            .scale
            .iter()
            .map(|(at, words)| format!("{at} {words}"))
            .collect();
        if !scale.is_empty() {
            writeln!(text, "    {}", scale.join(", "))?;
        }
    }
    Ok(text)
}

fn outputs() -> Result<String, std::fmt::Error> {
    let mut text = String::from("Outputs\n");
    list(RENDERERS, &mut text)?;
    text.push_str("Outputs of check\n");
    list(CHECK_RENDERERS, &mut text)?;
    Ok(text)
}

fn list<T>(renderers: &[&dyn Renderer<T>], text: &mut String) -> std::fmt::Result {
    for renderer in renderers {
        let info = renderer.info();
        let extensions = info.extensions.join(", ");
        writeln!(text, "  {:<14} {extensions:<14} {}", info.id, info.help)?;
    }
    Ok(())
}

/// Who sees which format.
fn browsers(support: &Support) -> Result<String, std::fmt::Error> {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let mut text = String::from("Browsers\n");
    let users = match &support.query {
        Some(query) => format!("“{query}”, {} of all users", percent(support.covered)),
        None => format!(
            "all users; {} have a browser that it does not know",
            percent(support.unknown)
        ),
    };
    writeln!(
        text,
        "  {} of {} ({} {}, {}): {users}",
        support.source,
        support.day(),
        support.package,
        support.version,
        support.licence
    )?;
    for format in &support.formats {
        let limits = format!("+ {} with limits", percent(format.partial));
        writeln!(
            text,
            "  {:<12} {:>7} {limits}",
            format.format,
            percent(format.full)
        )?;
    }
    for newest in &support.newest_only {
        writeln!(
            text,
            "  All users of {} ({}) count as having version {}: too good for what is new",
            newest.browser,
            percent(newest.share),
            newest.version
        )?;
    }
    Ok(text)
}
