//! SSIMULACRA2 by the fast-ssim2 crate, whose full mode equals libjxl's own tool.

use std::sync::Arc;

use fast_ssim2::{
    PixelDescriptor, PixelSlice, Ssimulacra2Config, Ssimulacra2Reference,
    compute_ssimulacra2_with_config,
};

use super::{
    Better, Metric, MetricError, MetricInfo, Mode, Need, Opacity, Prepared, Shape, same_sides,
};
use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};

/// The metric.
pub(super) struct Ssimulacra2;

static INFO: MetricInfo = MetricInfo {
    id: "ssimulacra2",
    name: "SSIMULACRA2",
    unit: "",
    better: Better::Higher,
    perfect: Some(100.0),
    min_side: 8,
    scale: &[
        (30.0, "low"),
        (50.0, "medium"),
        (70.0, "high"),
        (80.0, "indistinguishable side by side"),
        (90.0, "indistinguishable in a flicker test"),
    ],
    implementation: "fast-ssim2",
};

/// Rows of a strip. The crate's default; more rows are nearer to the full mode but need more memory.
const STRIP_ROWS: usize = 256;

impl Metric for Ssimulacra2 {
    fn info(&self) -> &'static MetricInfo {
        &INFO
    }

    fn version(&self) -> String {
        fast_ssim2::VERSION.into()
    }

    /// Measured, bytes a pixel: 54 for a reference, 61 for a comparison, 30 for a comparison in strips.
    fn need(&self, shape: Shape, mode: Mode) -> Need {
        match (mode, shape.opacity) {
            (Mode::Strips, _) => Need {
                reference: 0,
                working: 30 * shape.pixels,
            },
            (Mode::Full, Opacity::Opaque) => Need {
                reference: 54 * shape.pixels,
                working: 61 * shape.pixels,
            },
            (Mode::Full, Opacity::Translucent) => Need {
                reference: 108 * shape.pixels,
                working: 77 * shape.pixels,
            },
        }
    }

    fn has_strips(&self) -> bool {
        true
    }

    fn ns_per_pixel(&self) -> f64 {
        105.0
    }

    fn prepare(
        &self,
        reference: Arc<Bitmap>,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, MetricError> {
        Ok(match mode {
            Mode::Strips => Box::new(Strips(reference)),
            Mode::Full => {
                let view = View::of(&reference);
                let ready = Ssimulacra2Reference::new(&slice(&reference, view)?).map_err(failed)?;
                Box::new(Full {
                    ready,
                    view,
                    sides: reference,
                })
            }
        })
    }
}

struct Full {
    ready: Ssimulacra2Reference,
    view: View,
    /// The reference itself: shared, and needed for its sides only.
    sides: Arc<Bitmap>,
}

impl Prepared for Full {
    fn score(&self, decoded: &Bitmap) -> Result<f64, MetricError> {
        same_sides(&self.sides, decoded)?;
        let view = if self.view == View::Opaque {
            View::of(decoded)
        } else {
            View::Translucent
        };
        self.ready.compare(&slice(decoded, view)?).map_err(failed)
    }
}

struct Strips(Arc<Bitmap>);

impl Prepared for Strips {
    fn score(&self, decoded: &Bitmap) -> Result<f64, MetricError> {
        same_sides(&self.0, decoded)?;
        let reference = slice(&self.0, View::of(&self.0))?;
        let config = Ssimulacra2Config::strips(STRIP_ROWS);
        compute_ssimulacra2_with_config(&reference, &slice(decoded, View::of(decoded))?, &config)
            .map_err(failed)
    }
}

/// How the fourth sample is read: with alpha the crate scores over a dark and a light backdrop and keeps the worse.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Opaque,
    Translucent,
}

impl View {
    fn of(image: &Bitmap) -> Self {
        if image.is_opaque() {
            Self::Opaque
        } else {
            Self::Translucent
        }
    }
}

fn slice(image: &Bitmap, view: View) -> Result<PixelSlice<'_>, MetricError> {
    let descriptor = match view {
        View::Opaque => PixelDescriptor::RGBX8_SRGB,
        View::Translucent => PixelDescriptor::RGBA8_SRGB,
    };
    let stride = image.width() as usize * BYTES_PER_PIXEL;
    PixelSlice::new(
        image.rgba(),
        image.width(),
        image.height(),
        stride,
        descriptor,
    )
    .map_err(|e| MetricError::Unsupported(e.to_string()))
}

fn failed(error: fast_ssim2::Ssimulacra2Error) -> MetricError {
    MetricError::Failed(error.into())
}
