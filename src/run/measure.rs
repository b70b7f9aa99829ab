//! One encode and one look at its result, each guarded and timed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::clock::{Lap, milliseconds, timed};
use super::guard::guarded;
use crate::bitmap::Bitmap;
use crate::codec::{CodecError, Imported, Importer};
use crate::metric::{Metric, MetricError, MetricInfo, Prepared};
use crate::report::{EntryError, Measurement, Outcome, Timing, rounded};
use crate::source::facts;
use crate::source::format::Format;
use crate::variant::Variant;

/// An encoded file.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) file: Vec<u8>,
    pub(super) lap: Lap,
}

/// A metric ready for one side of one image.
#[derive(Clone)]
pub(super) struct Judge {
    pub(super) info: &'static MetricInfo,
    pub(super) prepared: Arc<dyn Prepared>,
}

/// What a result is held against.
pub(super) struct Against<'a> {
    /// The picture that was encoded.
    pub(super) reference: &'a Bitmap,
    /// Metrics in force: identical pixels are perfect in all of them.
    pub(super) metrics: &'a [&'static MetricInfo],
    /// The same, ready to judge a lossy result.
    pub(super) judges: &'a [Judge],
    /// Bytes of the input file.
    pub(super) input_bytes: u64,
    /// Whether other jobs run at the same time.
    pub(super) contended: bool,
    /// Whether a lossy result is decoded though no metric judges it.
    pub(super) look: Look,
}

/// Whether lossy results are decoded back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Always.
    Always,
    /// Only those that promise the very same pixels.
    Lossless,
}

/// A failed entry.
pub(super) fn failed(code: &str, message: impl Into<String>) -> Outcome {
    Outcome::Failed {
        error: EntryError {
            code: code.into(),
            message: message.into(),
        },
    }
}

/// Encodes `image`; the outcome instead when there is no file.
#[allow(clippy::result_large_err)] // An outcome is what the caller keeps either way.
pub(super) fn encode(variant: &Variant, image: &Bitmap) -> Result<Encoded, Outcome> {
    let (result, lap) = timed(|| guarded(|| variant.codec().encode(image, variant.settings())));
    done(result).map(|file| Encoded { file, lap })
}

/// Imports `image`, and tells how long that took; the outcome of its encodes instead when that fails.
#[allow(clippy::result_large_err)] // As above.
pub(super) fn import(
    importer: &dyn Importer,
    image: &Bitmap,
) -> Result<(Box<dyn Imported>, Lap), Outcome> {
    let (result, lap) = timed(|| guarded(|| importer.import(image)));
    done(result).map(|imported| (imported, lap))
}

/// Encodes what was `imported`, which took `import`; the outcome instead when there is no file.
#[allow(clippy::result_large_err)] // As above.
pub(super) fn encode_imported(
    variant: &Variant,
    imported: &dyn Imported,
    import: Lap,
) -> Result<Encoded, Outcome> {
    let (result, lap) = timed(|| guarded(|| imported.encode(variant.settings())));
    let lap = Lap {
        cpu: import.cpu + lap.cpu,
        wall: import.wall + lap.wall,
    };
    done(result).map(|file| Encoded { file, lap })
}

#[allow(clippy::result_large_err)] // As above.
fn done<T>(result: Result<Result<T, CodecError>, String>) -> Result<T, Outcome> {
    match result {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(CodecError::Unsupported(reason))) => Err(Outcome::Skipped { reason }),
        Ok(Err(error)) => Err(failed("encode", error.to_string())),
        Err(message) => Err(failed("panic", message)),
    }
}

/// Packs `jpeg`, the file of the source if that is one; the outcome instead when there is no file.
#[allow(clippy::result_large_err)] // As above.
pub(super) fn pack(variant: &Variant, jpeg: Option<&[u8]>) -> Result<Encoded, Outcome> {
    let skipped = |reason: &str| Outcome::Skipped {
        reason: reason.into(),
    };
    let jpeg = jpeg.ok_or_else(|| skipped("only a JPEG as it came can be packed"))?;
    let packer = variant.codec().jpeg_packer();
    let packer = packer.ok_or_else(|| skipped("the codec packs no JPEG"))?;
    let (result, lap) = timed(|| guarded(|| packer.pack(jpeg, variant.settings())));
    let file = done(result)?;
    match guarded(|| packer.unpack(&file)) {
        Ok(Ok(back)) if back == jpeg => Ok(Encoded { file, lap }),
        Ok(Ok(_)) => Err(failed("verify", "the JPEG does not come back as it was")),
        Ok(Err(error)) => Err(failed("verify", error.to_string())),
        Err(message) => Err(failed("panic", message)),
    }
}

/// Readies `metric` for `reference`.
pub(super) fn prepare(
    metric: &'static dyn Metric,
    reference: Arc<Bitmap>,
    mode: crate::metric::Mode,
) -> Result<Judge, String> {
    match guarded(|| metric.prepare(reference, mode)) {
        Ok(Ok(prepared)) => Ok(Judge {
            info: metric.info(),
            prepared: prepared.into(),
        }),
        Ok(Err(error)) => Err(format!("{}: {error}", metric.info().id)),
        Err(message) => Err(format!("{} panicked: {message}", metric.info().id)),
    }
}

/// Decodes an encoded file back, reads what it states, compares and judges it.
pub(super) fn inspect(variant: &Variant, encoded: &Encoded, against: &Against<'_>) -> Outcome {
    try_inspect(variant, encoded, against)
        .map_or_else(|error| Outcome::Failed { error }, Outcome::Done)
}

fn try_inspect(
    variant: &Variant,
    encoded: &Encoded,
    against: &Against<'_>,
) -> Result<Measurement, EntryError> {
    let error = |code: &str, message: String| EntryError {
        code: code.into(),
        message,
    };
    let keeps_pixels = variant.keeps_pixels();
    let mut decode_lap = None;
    let mut identical = false;
    let mut scores = BTreeMap::new();
    if keeps_pixels || against.look == Look::Always {
        let (result, lap) = timed(|| guarded(|| variant.codec().decode(&encoded.file)));
        decode_lap = Some(lap);
        let decoded = result
            .map_err(|m| error("panic", m))?
            .map_err(|e| error("decode", e.to_string()))?;
        identical = decoded == *against.reference;
        if keeps_pixels && !identical {
            return Err(error(
                "verify",
                "a lossless encode does not give the same pixels back".into(),
            ));
        }
        scores = if identical {
            perfect(against.metrics)
        } else {
            judge(against.judges, &decoded).map_err(|m| error("score", m))?
        };
    }
    let format = Format::sniff(&encoded.file, None);
    let facts = format.and_then(|f| facts::read(&encoded.file, f).ok());
    let facts = facts.ok_or_else(|| {
        error(
            "decode",
            "the encoded file's own header cannot be read".into(),
        )
    })?;
    let bytes = encoded.file.len() as u64;
    Ok(Measurement {
        bytes,
        bits: facts.bits,
        colour: facts.model.id().into(),
        dpi: facts.dpi,
        bits_per_pixel: rounded(bytes as f64 * 8.0 / against.reference.pixels() as f64),
        ratio_to_input: rounded(bytes as f64 / against.input_bytes as f64),
        ratio_to_baseline: None,
        scores,
        identical,
        target: None,
        reached: true,
        probes: 1,
        bytes_at_target: None,
        notes: Vec::new(),
        timing: Some(timing(encoded.lap, decode_lap, against.contended)),
        file: None,
    })
}

fn timing(encode: Lap, decode: Option<Lap>, contended: bool) -> Timing {
    Timing {
        encode_cpu_ms: milliseconds(encode.cpu),
        encode_wall_ms: milliseconds(encode.wall),
        decode_cpu_ms: decode.map(|lap| milliseconds(lap.cpu)),
        runs: 1,
        contended,
        cached: false,
        spread: None,
        encode_peak_bytes: None,
    }
}

/// Identical pictures are perfect by definition; an infinite score is not written.
fn perfect(metrics: &[&MetricInfo]) -> BTreeMap<String, f64> {
    metrics
        .iter()
        .filter_map(|info| Some((info.id.into(), info.perfect?)))
        .collect()
}

fn judge(judges: &[Judge], decoded: &Bitmap) -> Result<BTreeMap<String, f64>, String> {
    let mut scores = BTreeMap::new();
    for judge in judges {
        let result = guarded(|| judge.prepared.score(decoded)).map_err(MetricError::Unsupported);
        let score = result
            .and_then(|score| score)
            .map_err(|e| format!("{}: {e}", judge.info.id))?;
        if score.is_nan() || score == f64::NEG_INFINITY {
            return Err(format!("{} gave {score}", judge.info.id));
        }
        if score.is_finite() {
            scores.insert(judge.info.id.into(), rounded(score));
        }
    }
    Ok(scores)
}
