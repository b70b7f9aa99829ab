//! Pictures to compare.

use super::super::escape;
use crate::report::ImageReport;

/// What an image is called on the page: its path, and its width where there is a ladder.
pub(super) fn name(image: &ImageReport) -> String {
    let path = escape::visible(&image.path);
    match image.rung {
        Some(rung) => format!("{path} at {}w", rung.width),
        None => path,
    }
}
