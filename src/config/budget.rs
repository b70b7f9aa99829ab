//! `[[budget]]`: as it is written, and what it comes to.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::mistake::{Mistake, line_of};
use super::value::{Bpp, Day, FormatId, Glob, MinScore, Percent, Size, Target};
use crate::check::{Budget, Exemption, Globs, Level, Limit, Rule, Slack};

/// Formats that another encoding may have where nothing says which: those that every browser shows.
const SAVING_FORMATS: [&str; 4] = ["jpeg", "png", "webp", "avif"];

/// What some files are held against. Limits themselves are allowed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Table {
    /// What people call it; the globs where there is no name.
    name: Option<String>,
    /// Globs, relative to this file; what one after `!` matches is taken out again.
    #[schemars(required, with = "Vec<Glob>")]
    files: Option<Spanned<Vec<Glob>>>,
    /// What breaking it means.
    level: Option<Level>,
    /// Whether it may match no file.
    #[serde(default)]
    allow_empty: bool,
    /// Files that it is not held to.
    #[serde(default)]
    #[schemars(with = "Vec<Exempt>")]
    exempt: Vec<Spanned<Exempt>>,
    /// Bytes of each file.
    #[schemars(with = "Option<Size>")]
    max_size: Option<Spanned<Size>>,
    /// Bytes of all files together.
    #[schemars(with = "Option<Size>")]
    max_total: Option<Spanned<Size>>,
    /// Bits a pixel of each file.
    #[schemars(with = "Option<Bpp>")]
    max_bpp: Option<Spanned<Bpp>>,
    /// Pixels across.
    #[schemars(with = "Option<NonZeroU32>")]
    max_width: Option<Spanned<NonZeroU32>>,
    /// Pixels down.
    #[schemars(with = "Option<NonZeroU32>")]
    max_height: Option<Spanned<NonZeroU32>>,
    /// Formats that files may have, by content.
    #[schemars(with = "Option<Vec<FormatId>>")]
    formats: Option<Spanned<Vec<FormatId>>>,
    /// What another encoding of the same quality may save: measured.
    #[schemars(with = "Option<MaxSaving>")]
    max_saving: Option<Spanned<MaxSaving>>,
    /// The least score against an original, where there is one.
    #[schemars(with = "Option<MinScore>")]
    min_score: Option<Spanned<MinScore>>,
    /// What a file may have grown since the base.
    #[schemars(with = "Option<MaxGrowth>")]
    max_growth: Option<Spanned<MaxGrowth>>,
}

/// Files that a budget is not held to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Exempt {
    /// Globs, as those of the budget.
    files: Vec<Glob>,
    /// Why.
    reason: String,
    /// The last day of it.
    until: Option<Day>,
}

/// A limit to what another encoding may save: by more percent and more bytes than these is too much.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MaxSaving {
    /// Of the file's size.
    percent: Option<Percent>,
    /// Whatever its size.
    bytes: Option<Size>,
    /// The quality that the other encoding must have.
    at: Target,
}

/// A limit to growth: by more percent and more bytes than these is too much.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MaxGrowth {
    /// Of the size before.
    percent: Option<Percent>,
    /// Whatever the size.
    bytes: Option<Size>,
}

/// The budgets that `tables` of the file `input` come to.
///
/// # Errors
/// Every budget that could hold nothing to anything, or that cannot be told from another.
pub(super) fn budgets(tables: &[Spanned<Table>], input: &str) -> Result<Vec<Budget>, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut names = BTreeMap::new();
    let mut budgets = Vec::new();
    for table in tables {
        let mut wrong = |message: &str| {
            mistakes.push(Mistake::new(input, header(input, table.span()), message));
        };
        let line = line_of(input, table.span().start);
        let budget = budget(table.get_ref(), input, line);
        let budget = match budget {
            Ok(budget) => budget,
            Err(message) => {
                wrong(&message);
                continue;
            }
        };
        if let Some(other) = names.insert(budget.name.clone(), line) {
            let name = &budget.name;
            wrong(&format!(
                "the budget of line {other} is called “{name}”, too"
            ));
        }
        budgets.push(budget);
    }
    if mistakes.is_empty() {
        Ok(budgets)
    } else {
        Err(mistakes)
    }
}

/// The first line of a table.
fn header(input: &str, span: Range<usize>) -> Range<usize> {
    let line = input[span.start..].lines().next().unwrap_or("");
    span.start..span.start + line.len()
}

fn budget(table: &Table, input: &str, line: usize) -> Result<Budget, String> {
    let Some(files) = &table.files else {
        return Err("say which files it is about: files = [\"img/**\"]".into());
    };
    let files = globs(files.get_ref())?;
    let exempt = table.exempt.iter().map(|exempt| {
        let Exempt {
            files,
            reason,
            until,
        } = exempt.get_ref();
        if reason.trim().is_empty() {
            return Err("an exemption needs a reason".to_owned());
        }
        Ok(Exemption {
            files: globs(files)?,
            reason: reason.clone(),
            until: until.map(|Day(date)| date),
            line: line_of(input, exempt.span().start),
        })
    });
    let exempt = exempt.collect::<Result<_, _>>()?;
    let rules = rules(table, input)?;
    if rules.is_empty() {
        return Err(
            "it holds files to nothing: give it max-size, max-total, formats or the like".into(),
        );
    }
    let name = table.name.as_deref().filter(|name| !name.trim().is_empty());
    Ok(Budget {
        name: name.map_or_else(|| files.to_string(), str::to_owned),
        files,
        level: table.level.unwrap_or_default(),
        line,
        rules,
        allow_empty: table.allow_empty,
        exempt,
    })
}

fn globs(list: &[Glob]) -> Result<Globs, String> {
    let texts: Vec<&str> = list.iter().map(|Glob(text)| text.as_str()).collect();
    let globs = Globs::new(&texts).map_err(|e| e.to_string())?;
    if globs.take_nothing() {
        return Err("its files are none: begin with a glob of what to take, as in [\"img/**\", \"!**/*.gif\"]".into());
    }
    Ok(globs)
}

fn rules(table: &Table, input: &str) -> Result<Vec<Rule>, String> {
    let formats = table.formats.as_ref().map(|formats| ids(formats.get_ref()));
    let at = |span: Range<usize>, limit: Limit| Rule {
        limit,
        line: line_of(input, span.start),
    };
    let mut rules = Vec::new();
    if let Some(size) = &table.max_size {
        rules.push(at(size.span(), Limit::MaxSize(size.get_ref().0)));
    }
    if let Some(size) = &table.max_total {
        rules.push(at(size.span(), Limit::MaxTotal(size.get_ref().0)));
    }
    if let Some(bpp) = &table.max_bpp {
        rules.push(at(bpp.span(), Limit::MaxBpp(bpp.get_ref().0)));
    }
    if let Some(width) = &table.max_width {
        rules.push(at(width.span(), Limit::MaxWidth((*width.get_ref()).into())));
    }
    if let Some(height) = &table.max_height {
        rules.push(at(
            height.span(),
            Limit::MaxHeight((*height.get_ref()).into()),
        ));
    }
    if let (Some(table), Some(formats)) = (&table.formats, &formats) {
        if formats.is_empty() {
            return Err("formats = [] allows no file: name those that are allowed".into());
        }
        rules.push(at(table.span(), Limit::Formats(formats.clone())));
    }
    if let Some(saving) = &table.max_saving {
        let MaxSaving {
            percent,
            bytes,
            at: Target(goal),
        } = *saving.get_ref();
        let limit = Limit::MaxSaving {
            slack: slack("max-saving", percent, bytes)?,
            at: goal,
            formats: formats.unwrap_or_else(|| SAVING_FORMATS.map(String::from).to_vec()),
        };
        rules.push(at(saving.span(), limit));
    }
    if let Some(score) = &table.min_score {
        let MinScore { floor, against } = score.get_ref().clone();
        rules.push(at(score.span(), Limit::MinScore { floor, against }));
    }
    if let Some(growth) = &table.max_growth {
        let MaxGrowth { percent, bytes } = *growth.get_ref();
        let slack = slack("max-growth", percent, bytes)?;
        rules.push(at(growth.span(), Limit::MaxGrowth(slack)));
    }
    Ok(rules)
}

fn ids(formats: &[FormatId]) -> Vec<String> {
    formats.iter().map(|FormatId(id)| id.clone()).collect()
}

fn slack(key: &str, percent: Option<Percent>, bytes: Option<Size>) -> Result<Slack, String> {
    if percent.is_none() && bytes.is_none() {
        return Err(format!("{key} needs a limit: percent, bytes or both"));
    }
    Ok(Slack {
        percent: percent.map(|Percent(percent)| percent),
        bytes: bytes.map(|Size(size)| size),
    })
}
