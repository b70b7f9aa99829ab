//! The progress bar: on standard error, and only where a person sees it.

use std::io::IsTerminal;
use std::time::Duration;

use imgbench::render::visible;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Ticks of the whole bar.
const LENGTH: u64 = 10_000;

/// Longest file name shown, in characters.
const NAME: usize = 40;

/// A bar that may be hidden.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar that shows only on a terminal.
    pub(super) fn visible() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::hidden();
        }
        let bar =
            ProgressBar::with_draw_target(Some(LENGTH), ProgressDrawTarget::stderr_with_hz(10));
        let style =
            ProgressStyle::with_template("{bar:24} {percent:>3} %  {eta:>4} left  {wide_msg}");
        bar.set_style(
            style
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars("━╸─"),
        );
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// No bar.
    pub(super) fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    /// Moves the bar to `done` (0 to 1) and names the current image.
    pub(super) fn show(&self, image: &str, done: f64) {
        self.0.set_position((done * LENGTH as f64) as u64);
        let name = visible(image);
        let short = match name.char_indices().rev().nth(NAME) {
            Some((at, _)) => format!("…{}", &name[at..]),
            None => name,
        };
        self.0.set_message(short);
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        self.0.finish_and_clear();
    }
}
