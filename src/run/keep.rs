//! Encoded files for `--keep`: written beside their place and renamed, so that no half file is ever there.

use super::ladder::Fit;
use crate::atomic;
use crate::plan::{Plan, Source};
use crate::source::keep::kept_name;
use crate::source::path::RelPath;
use crate::variant::Variant;

/// Writes `file` where the plan keeps files, if it does; returns its path for the report.
///
/// # Errors
/// What could not be written, where and why.
pub(super) fn write(
    plan: &Plan,
    source: &Source,
    fit: Fit,
    variant: &Variant,
    file: &[u8],
) -> Result<Option<String>, String> {
    let Some(keep) = &plan.keep else {
        return Ok(None);
    };
    let named = variant.to_string();
    let join = if named.contains(':') { "," } else { ":" };
    let width = fit.asked.map(|width| format!("{join}{width}w"));
    let name = kept_name(
        &source.path,
        &format!("{named}{}", width.unwrap_or_default()),
        variant.codec().info().extension,
    );
    let at = keep.folder.join(&name);
    let write = || {
        let folder = at.parent().unwrap_or(&keep.folder);
        std::fs::create_dir_all(folder)?;
        atomic::replace(&at, file)
    };
    write().map_err(|e| format!("cannot write {}: {e}", at.display()))?;
    Ok(Some(RelPath::new(&at, &keep.base).text()))
}
