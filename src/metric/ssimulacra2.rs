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
    tolerance: 1.0,
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

    /// Bytes a pixel of resident memory, measured at 6 to 11 MP with the binary's allocator, which keeps some of what
    /// is freed. With alpha there are two references, over the dark and the light backdrop.
    fn need(&self, shape: Shape, mode: Mode) -> Need {
        let (reference, working) = match (mode, shape.opacity) {
            (Mode::Full, Opacity::Opaque) => (62, 80),
            (Mode::Full, Opacity::Translucent) => (108, 95),
            (Mode::Strips, Opacity::Opaque) => (0, 45),
            (Mode::Strips, Opacity::Translucent) => (0, 75),
        };
        Need {
            reference: reference * shape.pixels,
            working: working * shape.pixels,
        }
    }

    fn has_strips(&self) -> bool {
        true
    }

    fn strips_error(&self) -> f64 {
        0.6
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
