//! The flags that say how much a run may use.

use std::sync::Arc;

use imgbench::cache::Cache;
use imgbench::plan::Limits;
use imgbench::run::Machine;
use imgbench::size::{parse_bytes, parse_pixels};

use super::machine;

/// How much a run may use, and what is too large for it.
#[derive(clap::Args)]
pub(super) struct LimitArgs {
    /// Jobs at a time [default: all cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Limits")]
    jobs: Option<u16>,
    /// Memory for pictures, encoders and metrics together [default: half of what there is]
    #[arg(long, value_name = "SIZE", value_parser = parse_bytes, help_heading = "Limits")]
    max_memory: Option<u64>,
    /// Largest picture, in pixels
    #[arg(long, value_name = "N", default_value = "512M", value_parser = parse_pixels, help_heading = "Limits")]
    max_pixels: u64,
    /// Largest file
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = parse_bytes, help_heading = "Limits")]
    pub(super) max_file_size: u64,
}

impl LimitArgs {
    /// What is refused of inputs.
    pub(super) fn inputs(&self) -> Limits {
        Limits {
            max_pixels: self.max_pixels,
            max_file_size: self.max_file_size,
        }
    }

    /// What the run may use, beside `cache`.
    pub(super) fn machine(&self, cache: Option<Arc<Cache>>) -> Machine {
        Machine {
            jobs: self.jobs.map_or_else(machine::cores, usize::from),
            max_memory: self.max_memory.unwrap_or_else(machine::half_of_memory),
            cache,
        }
    }
}
