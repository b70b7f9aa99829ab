//! What was done when, in the format of Chrome's trace viewer.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use imgbench::run::Span;
use serde_json::{Value, json};

/// A trace that is being taken.
pub(super) struct Trace {
    file: File,
    events: Mutex<Vec<Value>>,
}

impl Trace {
    /// One that will be written to `path`, which is made at once: a wrong one is told before the run.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let file = File::create(path).with_context(|| format!("cannot write {shown}"))?;
        Ok(Self {
            file,
            events: Mutex::default(),
        })
    }

    /// Takes in a step: a complete event (`X`) of the worker's row, in microseconds.
    pub(super) fn add(&self, span: &Span) {
        let event = json!({
            "name": format!("{} {}", span.kind, span.subject).trim_end(),
            "cat": span.kind,
            "ph": "X",
            "pid": 1,
            "tid": span.worker + 1,
            "ts": span.begin.as_micros() as u64,
            "dur": span.wall.as_micros() as u64,
            "args": {
                "image": span.image,
                "cpuUs": span.cpu.as_micros() as u64,
                "expectedUs": (span.cost.min(1e15) / 1e3) as u64,
            },
        });
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(event);
    }

    /// Writes what was taken.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn write(&self) -> anyhow::Result<()> {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let trace = json!({ "traceEvents": std::mem::take(&mut *events) });
        let mut out = BufWriter::new(&self.file);
        serde_json::to_writer(&mut out, &trace).context("cannot write the trace")?;
        out.flush().context("cannot write the trace")
    }
}
