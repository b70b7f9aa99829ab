//! Where reports go, and in which format.

mod places;

use anyhow::Context;
use imgbench::Report;
use imgbench::gallery::{Gallery, Place};
use imgbench::quality_map::QualityMap;
use imgbench::render::{self, Illustrated, PerImage, RENDERERS, Renderer, Style, Subject};

pub(super) use self::places::{Places, ids, plain};
use super::Global;
use super::pictures::PictureArgs;

/// What the user wrote: where to, and in which format.
#[derive(clap::Args)]
pub(super) struct OutputArgs {
    /// Write a report to a file, in the format of its extension; `-` is standard output. Repeatable
    #[arg(short, long = "output", value_name = "[FORMAT:]PATH")]
    outputs: Vec<String>,
    /// What goes to standard output
    #[arg(long, value_name = "FORMAT", value_parser = renderer)]
    format: Option<&'static dyn Renderer>,
    /// Blocks per image: auto shows them for up to 8 images
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    per_image: PerImageChoice,
    /// Show which quality of each format scores like which, and settings to paste for quality Q of the baseline
    /// [default: 80]; `compare` sweeps 20..95/5
    #[arg(long, value_name = "Q", num_args = 0..=1, require_equals = true, value_parser = clap::value_parser!(u8).range(..=100))]
    quality_map: Option<Option<u8>>,
    /// Leave all timing out, so that two runs are byte-identical
    #[arg(long)]
    no_timings: bool,
    #[command(flatten)]
    pictures: PictureArgs,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum PerImageChoice {
    Never,
    Always,
    Auto,
}

fn renderer(id: &str) -> Result<&'static dyn Renderer, String> {
    render::find(RENDERERS, id).ok_or_else(|| format!("this build writes {}", ids(RENDERERS)))
}

/// The places a report goes to, ready to be written.
pub(super) struct Outputs {
    places: Places<Report>,
    per_image: PerImage,
    quality_map: Option<Option<u8>>,
    no_timings: bool,
    /// Where pictures go, if a page has some.
    pictures: Option<Place>,
}

impl OutputArgs {
    /// Whether the quality map is wanted.
    pub(super) fn maps_quality(&self) -> bool {
        self.quality_map.is_some()
    }

    /// Opens every place.
    ///
    /// # Errors
    /// A format nobody knows, two reports for one place, a place that cannot be written.
    pub(super) fn open(&self) -> anyhow::Result<Outputs> {
        let places = Places::open(RENDERERS, &self.outputs, self.format)?;
        let page = places.folder_of("html");
        let pictures = page
            .map(|folder| self.pictures.place(&folder))
            .transpose()?;
        Ok(Outputs {
            pictures: pictures.flatten(),
            places,
            per_image: match self.per_image {
                PerImageChoice::Never => PerImage::Never,
                PerImageChoice::Always => PerImage::Always,
                PerImageChoice::Auto => PerImage::Auto,
            },
            quality_map: self.quality_map,
            no_timings: self.no_timings,
        })
    }
}

impl Outputs {
    /// Whether standard output gets the table, which shows failures itself.
    pub(super) fn shows_table(&self) -> bool {
        self.places.shows_table()
    }

    /// Whether standard output gets NDJSON, which comes as images finish.
    pub(super) fn streams(&self) -> bool {
        self.places.stdout.is_some_and(|r| r.info().id == "ndjson")
    }

    /// Where pictures go, if a page has some.
    pub(super) fn pictures(&self) -> Option<&Place> {
        self.pictures.as_ref()
    }

    /// Standard output is being written elsewhere.
    pub(super) fn without_stdout(mut self) -> Self {
        self.places.stdout = None;
        self
    }

    /// Whether timing is left out.
    pub(super) fn no_timings(&self) -> bool {
        self.no_timings
    }

    /// Puts the quality map into `report`, if it is wanted.
    ///
    /// # Errors
    /// When what was asked of the codecs and metrics makes no map.
    pub(super) fn map_quality(&self, report: &mut Report) -> anyhow::Result<()> {
        if let Some(at) = self.quality_map {
            let map = QualityMap::of(report, at).context("--quality-map")?;
            report.quality_map = Some(map);
        }
        Ok(())
    }

    /// Writes `report` everywhere, files first; a page has the pictures of `gallery`.
    ///
    /// # Errors
    /// The first place that could not be written; a quality map that was wanted and cannot be.
    pub(super) fn write(
        self,
        report: &mut Report,
        gallery: &Gallery,
        global: &Global,
    ) -> anyhow::Result<()> {
        self.map_quality(report)?;
        if self.no_timings {
            report.drop_timings();
        }
        let style = Style {
            per_image: self.per_image,
            subject: match self.quality_map {
                Some(_) => Subject::QualityMap,
                None => Subject::Results,
            },
            ..plain(global)
        };
        let page = Illustrated(gallery);
        self.places.write(report, style, Some(&page), global)
    }
}
