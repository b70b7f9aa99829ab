//! Peak signal-to-noise ratio over red, green and blue: 10 · log₁₀(255² / MSE), in decibels.

use std::sync::Arc;

use super::{
    BACKDROPS, Better, Metric, MetricError, MetricInfo, Mode, Need, Prepared, Shape, same_sides,
    seen_on,
};
use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};

/// The metric.
pub(super) struct Psnr;

static INFO: MetricInfo = MetricInfo {
    id: "psnr",
    name: "PSNR",
    unit: "dB",
    better: Better::Higher,
    perfect: None,
    min_side: 1,
    tolerance: 0.5,
    scale: &[(30.0, "visible loss"), (40.0, "hard to see")],
    implementation: "imgbench",
};

impl Metric for Psnr {
    fn info(&self) -> &'static MetricInfo {
        &INFO
    }

    fn version(&self) -> String {
        env!("CARGO_PKG_VERSION").into()
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
        Ok(Box::new(Reference(reference)))
    }
}

struct Reference(Arc<Bitmap>);

impl Prepared for Reference {
    /// Decibels; with transparency the worse of the two backdrops.
    fn score(&self, decoded: &Bitmap) -> Result<f64, MetricError> {
        same_sides(&self.0, decoded)?;
        let samples = 3.0 * self.0.pixels() as f64;
        let backdrops = seen_on(&BACKDROPS, &[&self.0, decoded]);
        let worst = backdrops
            .iter()
            .map(|&backdrop| squared_error(&self.0, decoded, backdrop))
            .fold(0, u64::max);
        Ok(10.0 * (255.0 * 255.0 * samples / worst as f64).log10())
    }
}

/// Sum of squared differences of the colour samples, both pictures laid over a grey `backdrop`.
fn squared_error(a: &Bitmap, b: &Bitmap, backdrop: u8) -> u64 {
    let back = i32::from(backdrop);
    let over = |sample: u8, alpha: u8| {
        let alpha = i32::from(alpha);
        if alpha == 255 {
            i32::from(sample)
        } else {
            (i32::from(sample) * alpha + back * (255 - alpha) + 127) / 255
        }
    };
    let pixels = a
        .rgba()
        .chunks_exact(BYTES_PER_PIXEL)
        .zip(b.rgba().chunks_exact(BYTES_PER_PIXEL));
    pixels
        .map(|(p, q)| {
            (0..3)
                .map(|c| (over(p[c], p[3]) - over(q[c], q[3])).pow(2) as u64)
                .sum::<u64>()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn psnr(a: Vec<u8>, b: Vec<u8>) -> f64 {
        let picture = |rgba: Vec<u8>| Bitmap::new(rgba.len() as u32 / 4, 1, rgba).unwrap();
        Psnr.prepare(Arc::new(picture(a)), Mode::Full)
            .unwrap()
            .score(&picture(b))
            .unwrap()
    }

    #[test]
    fn one_level_off_everywhere_is_48_13_db() {
        assert!((psnr(vec![10, 10, 10, 255], vec![11, 9, 11, 255]) - 48.1308).abs() < 1e-4);
    }

    #[test]
    fn identical_is_infinite_and_opposite_is_zero() {
        assert_eq!(psnr(vec![1, 2, 3, 255], vec![1, 2, 3, 255]), f64::INFINITY);
        assert_eq!(psnr(vec![0, 0, 0, 255], vec![255, 255, 255, 255]), 0.0);
    }

    #[test]
    fn the_worse_backdrop_counts() {
        // White glass and black glass differ over both backdrops, a hidden colour over none.
        assert_eq!(
            psnr(vec![0, 0, 0, 0], vec![255, 255, 255, 0]),
            f64::INFINITY
        );
        assert!(psnr(vec![0, 0, 0, 0], vec![230, 230, 230, 255]) < 2.0);
    }
}
