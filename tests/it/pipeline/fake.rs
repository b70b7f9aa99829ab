//! Codecs and metrics that misbehave on order, and plans made of them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use imgbench::Bitmap;
use imgbench::bitmap::Rgb;
use imgbench::codec::{Codec, CodecError, CodecInfo, Cost, Imported, Importer, Quality, Settings};
use imgbench::metric::{Better, Metric, MetricError, MetricInfo, Mode, Need, Prepared, Shape};
use imgbench::plan::{Content, Limits, LossySources, Plan, Source};
use imgbench::source::path::RelPath;
use imgbench::variant::{Goal, Variant};

use crate::pictures;

type Encode = dyn Fn(&Bitmap, &Settings) -> Result<Vec<u8>, CodecError> + Send + Sync;
type Decode = dyn Fn(&[u8]) -> Result<Bitmap, CodecError> + Send + Sync;

/// A codec whose files are PNGs and whose calls do what a test says.
pub(super) struct FakeCodec {
    info: CodecInfo,
    encode: Box<Encode>,
    decode: Box<Decode>,
    bytes_per_pixel: f64,
    importer: Option<&'static dyn Importer>,
}

impl FakeCodec {
    /// One that works: lossy by name, though it keeps every pixel.
    pub(super) fn new(id: &'static str) -> Self {
        Self {
            info: CodecInfo {
                id,
                format: id,
                format_name: id,
                extension: "png",
                media_type: "image/png",
                quality: Some(1..=100),
                effort: None,
                lossless: true,
                alpha: true,
                max_side: 1000,
                options: &[],
            },
            encode: Box::new(|image, _| Ok(pictures::png(image))),
            decode: Box::new(decode_png),
            bytes_per_pixel: 1.0,
            importer: None,
        }
    }

    pub(super) fn encoding(
        mut self,
        encode: impl Fn(&Bitmap, &Settings) -> Result<Vec<u8>, CodecError> + Send + Sync + 'static,
    ) -> Self {
        self.encode = Box::new(encode);
        self
    }

    pub(super) fn decoding(
        mut self,
        decode: impl Fn(&[u8]) -> Result<Bitmap, CodecError> + Send + Sync + 'static,
    ) -> Self {
        self.decode = Box::new(decode);
        self
    }

    /// Every decoded sample off by one, as after a lossy encode.
    pub(super) fn lossy(self) -> Self {
        self.decoding(|file| {
            let mut image = decode_png(file)?;
            let pixels = image.rgba_mut().chunks_exact_mut(4);
            pixels.for_each(|p| p[0] ^= 1);
            Ok(image)
        })
    }

    pub(super) fn without_alpha(mut self) -> Self {
        self.info.alpha = false;
        self
    }

    pub(super) fn hungry(mut self, bytes_per_pixel: f64) -> Self {
        self.bytes_per_pixel = bytes_per_pixel;
        self
    }

    /// Pixels are imported for lossy encodes, and `imports` counted.
    pub(super) fn importing(mut self, imports: Arc<AtomicUsize>) -> Self {
        self.importer = Some(Box::leak(Box::new(FakeImporter(imports))));
        self
    }

    /// A column of it at quality 50. Leaked: tables are static.
    pub(super) fn variant(self) -> Variant {
        self.at(Goal::Quality(50))
    }

    pub(super) fn at(self, goal: Goal) -> Variant {
        Variant::new(Box::leak(Box::new(self)), goal).unwrap()
    }
}

struct FakeImporter(Arc<AtomicUsize>);

impl Importer for FakeImporter {
    fn id(&self) -> &'static str {
        "fake"
    }

    fn bytes_per_pixel(&self) -> f64 {
        1.0
    }

    fn import(&self, image: &Bitmap) -> Result<Box<dyn Imported>, CodecError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(FakeImport(pictures::png(image))))
    }
}

struct FakeImport(Vec<u8>);

impl Imported for FakeImport {
    fn encode(&self, _settings: &Settings) -> Result<Vec<u8>, CodecError> {
        Ok(self.0.clone())
    }
}

pub(super) fn decode_png(file: &[u8]) -> Result<Bitmap, CodecError> {
    let oxipng = imgbench::codec::find(imgbench::codec::CODECS, "oxipng").unwrap();
    oxipng.decode(file)
}

impl Codec for FakeCodec {
    fn info(&self) -> &CodecInfo {
        &self.info
    }

    fn version(&self) -> String {
        "0".into()
    }

    fn cost(&self, settings: &Settings) -> Cost {
        let slower = if settings.quality == Quality::Lossless {
            2.0
        } else {
            1.0
        };
        Cost {
            ns_per_pixel: 10.0 * slower,
            bytes_per_pixel: self.bytes_per_pixel,
        }
    }

    fn encode(&self, image: &Bitmap, settings: &Settings) -> Result<Vec<u8>, CodecError> {
        self.info.check_sides(image.width(), image.height())?;
        (self.encode)(image, settings)
    }

    fn importer(&self, settings: &Settings) -> Option<&'static dyn Importer> {
        self.importer
            .filter(|_| settings.quality != Quality::Lossless)
    }

    fn decode(&self, file: &[u8]) -> Result<Bitmap, CodecError> {
        (self.decode)(file)
    }
}

type Prepare = dyn Fn(Arc<Bitmap>) -> Result<Box<dyn Prepared>, MetricError> + Send + Sync;

/// A metric whose preparation does what a test says.
pub(super) struct FakeMetric {
    info: &'static MetricInfo,
    prepare: Box<Prepare>,
}

impl FakeMetric {
    /// One that prepares with `prepare`.
    pub(super) fn preparing(
        id: &'static str,
        prepare: impl Fn(Arc<Bitmap>) -> Result<Box<dyn Prepared>, MetricError> + Send + Sync + 'static,
    ) -> &'static dyn Metric {
        let info = Box::leak(Box::new(MetricInfo {
            id,
            name: id,
            unit: "",
            better: Better::Higher,
            perfect: Some(1.0),
            tolerance: 0.0,
            min_side: 1,
            scale: &[],
            implementation: "fake",
        }));
        Box::leak(Box::new(Self {
            info,
            prepare: Box::new(prepare),
        }))
    }

    /// One that prepares well and scores with `score`.
    pub(super) fn scoring(
        id: &'static str,
        score: impl Fn() -> Result<f64, MetricError> + Send + Sync + 'static,
    ) -> &'static dyn Metric {
        let score: Arc<dyn Fn() -> Result<f64, MetricError> + Send + Sync> = Arc::new(score);
        Self::preparing(id, move |picture| {
            Ok(Box::new(Scoring {
                _picture: picture,
                score: score.clone(),
            }))
        })
    }
}

struct Scoring {
    _picture: Arc<Bitmap>,
    score: Arc<dyn Fn() -> Result<f64, MetricError> + Send + Sync>,
}

impl Prepared for Scoring {
    fn score(&self, _decoded: &Bitmap) -> Result<f64, MetricError> {
        (self.score)()
    }
}

impl Metric for FakeMetric {
    fn info(&self) -> &'static MetricInfo {
        self.info
    }

    fn version(&self) -> String {
        "0".into()
    }

    fn need(&self, _shape: Shape, _mode: Mode) -> Need {
        Need {
            reference: 0,
            working: 0,
        }
    }

    fn ns_per_pixel(&self) -> f64 {
        1.0
    }

    fn prepare(
        &self,
        reference: Arc<Bitmap>,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, MetricError> {
        (self.prepare)(reference)
    }
}

/// A source in memory.
pub(super) fn source(name: &str, bytes: Vec<u8>) -> Source {
    Source {
        path: RelPath::new(Path::new(name), Path::new("/nowhere")),
        bytes: bytes.len() as u64,
        content: Content::Memory(bytes.into()),
    }
}

pub(super) fn plan(
    sources: Vec<Source>,
    variants: Vec<Variant>,
    metrics: Vec<&'static dyn Metric>,
) -> Plan {
    let first = variants.first().map(|v| v.codec().info().format);
    Plan {
        baseline: first.unwrap_or("jpeg").into(),
        widths: Vec::new(),
        sources,
        failures: Vec::new(),
        skipped: Vec::new(),
        variants,
        metrics,
        background: Rgb::WHITE,
        limits: Limits {
            max_pixels: 1 << 30,
            max_file_size: 1 << 30,
        },
        lossy_sources: LossySources::Measure,
        support: None,
        keep: None,
    }
}
