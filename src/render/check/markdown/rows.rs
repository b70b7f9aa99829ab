//! Rows of tables.

use crate::check::{BudgetResult, FileResult, Finding, Level, Was};
use crate::render::escape::{code, markdown_cell};
use crate::render::units;
use crate::render::view::check::state;

pub(super) fn finding(finding: &Finding) -> String {
    let sign = match finding.level {
        Level::Error => "❌ error",
        Level::Warn | Level::Off => "⚠️ warning",
    };
    let (place, message) = (place(finding), markdown_cell(&finding.message));
    format!("| {sign} | {place} | {message} |")
}

pub(super) fn exemption(finding: &Finding) -> String {
    let reason = finding.exempt.as_deref().unwrap_or_default();
    let (message, reason) = (markdown_cell(&finding.message), markdown_cell(reason));
    format!("| {} | {message} | {reason} |", place(finding))
}

pub(super) fn budget(budget: &BudgetResult) -> String {
    let (name, size) = (markdown_cell(&budget.name), units::bytes(budget.bytes));
    format!("| {name} | {} | {size} | {} |", budget.files, state(budget))
}

pub(super) fn change(file: &FileResult) -> String {
    let (name, now) = (cell(&file.path), units::bytes(file.bytes));
    match &file.was {
        Some(Was::Resized { bytes }) => {
            let ratio = file.bytes as f64 / *bytes as f64;
            let change = if *bytes == 0 {
                String::new()
            } else {
                units::change(ratio)
            };
            format!("| {name} | {} | {now} | {change} |", units::bytes(*bytes))
        }
        Some(Was::Renamed { from }) => format!("| {name} | {} | {now} | renamed |", cell(from)),
        _ => format!("| {name} | | {now} | new |"),
    }
}

pub(super) fn file(file: &FileResult) -> String {
    format!("| {} | {} |", cell(&file.path), units::bytes(file.bytes))
}

/// A file's name; all files of a budget have none.
fn place(finding: &Finding) -> String {
    finding.path.as_deref().map_or_else(|| "all".into(), cell)
}

fn cell(path: &str) -> String {
    code(path).replace('|', "\\|")
}
