//! Sets of qualities, as people write them.

use crate::codec::SettingError;

/// Reads qualities: `60,80`, a range `40..90/10` (both ends included, step 1 when left out), or both mixed. Ascending,
/// each once.
///
/// # Errors
/// A number outside 0 to 100, an empty or backward range, a zero step.
pub fn parse_qualities(text: &str) -> Result<Vec<u8>, SettingError> {
    let number = |word: &str| {
        word.trim().parse().ok().filter(|q| *q <= 100_u8).ok_or_else(|| {
            SettingError(format!("“{word}” is not a quality: whole numbers from 0 to 100, as in 60,80 or 40..90/10"))
        })
    };
    let mut qualities = Vec::new();
    for part in text.split(',') {
        let Some((from, rest)) = part.split_once("..") else {
            qualities.push(number(part)?);
            continue;
        };
        let (to, step) = rest.split_once('/').unwrap_or((rest, "1"));
        let (from, to, step) = (number(from)?, number(to)?, number(step)?);
        if from > to || step == 0 {
            return Err(SettingError(format!(
                "“{part}” is an empty range: write it as 40..90/10"
            )));
        }
        qualities.extend((from..=to).step_by(usize::from(step)));
    }
    qualities.sort_unstable();
    qualities.dedup();
    Ok(qualities)
}
