//! Which quality of one format scores like which of another, and settings to paste.

use super::super::{label, units, words};
use super::{Align, Block, Code, Heading, Row, Shown, Table, Tone, closing, column};
use crate::quality_map::{Match, QualityMap, TOOLS};
use crate::report::Report;

/// What stands out about the row that settings are for.
const IN_SETTINGS: &str = "◀ settings below";

/// The blocks of `map`, and what is said once a report.
pub(super) fn blocks(report: &Report, map: &QualityMap, shown: &Shown) -> Vec<Block> {
    let summary = &report.summary;
    let images = units::count(summary.images, "image", "images");
    let mut blocks = vec![
        heading(vec![
            format!("Quality map: {images}"),
            units::bytes(summary.input_bytes),
        ]),
        Block::Table(table(report, map)),
        Block::Text(Tone::Plain, words::quality_map(report, map)),
    ];
    if map.settings.qualities.len() > 1 {
        blocks.extend(settings(report, map));
    }
    let lines = words::quality_map_legend(report, map)
        .into_iter()
        .chain(closing::scale(report, shown))
        .chain(closing::lossy_sources(report));
    blocks.extend(closing::blocks(report, shown, lines.collect()));
    blocks
}

fn heading(facts: Vec<String>) -> Block {
    Block::Heading(Heading { path: None, facts })
}

fn table(report: &Report, map: &QualityMap) -> Table {
    let metric = words::metric_name(report, &map.metric);
    let baseline = label::format(report, &map.baseline);
    let mut columns = vec![
        column(baseline.clone(), Align::Right, 0),
        column(metric, Align::Right, 2),
    ];
    for measured in map.formats.iter().skip(1) {
        let name = label::format(report, &measured.format);
        let versus = format!("{name} vs {baseline}");
        columns.push(column(name, Align::Right, 0));
        columns.push(column(versus, Align::Right, 1));
    }
    let rows = map.rows.iter().map(|row| {
        let score = |score| label::number(&map.metric, score);
        let score = row.score.map_or_else(|| label::NONE.into(), score);
        let mut cells = vec![row.quality.to_string(), score];
        for found in &row.matches {
            cells.extend([words::matching(map, found), versus(found)]);
        }
        // A report that was only read may have any number of them.
        cells.resize(columns.len(), label::NONE.into());
        Row {
            cells,
            tone: Tone::Plain,
            mark: (row.quality == map.settings.quality).then_some(IN_SETTINGS),
        }
    });
    Table {
        rows: rows.collect(),
        columns,
    }
}

/// The change in size; of how many images, where it is not all of them.
fn versus(found: &Match) -> String {
    let Some(ratio) = found.ratio else {
        return label::NONE.into();
    };
    let change = words::with_interval(ratio.mean, ratio.interval, ratio.images);
    if ratio.images < found.images {
        format!("{change} ({} of {})", ratio.images, found.images)
    } else {
        change
    }
}

fn settings(report: &Report, map: &QualityMap) -> Vec<Block> {
    let ids = map.formats.iter().map(|measured| &measured.format);
    let qualities = ids.filter_map(|id| {
        let quality = map.settings.qualities.get(id)?;
        Some(format!("{} {quality}", label::format(report, id)))
    });
    let qualities: Vec<String> = qualities.collect();
    let tools = TOOLS.iter().filter_map(|tool| {
        Some(Block::Code(Code {
            title: format!("{}:", tool.place),
            json: map.settings.tools.get(tool.id)?.to_string(),
        }))
    });
    let tools: Vec<Block> = tools.collect();
    if tools.is_empty() {
        return tools;
    }
    let title = format!("Settings for {}", units::list(&qualities));
    [heading(vec![title])].into_iter().chain(tools).collect()
}
