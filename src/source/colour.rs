//! Which colours the samples of a file mean, and how to bring them to sRGB.

use moxcms::{
    CicpColorPrimaries, CicpProfile, CmsError, ColorProfile, DataColorSpace, Layout,
    MatrixCoefficients, ProfileText, TransferCharacteristics, TransformOptions,
};

use crate::source::facts::Facts;
use crate::source::samples::{Conversion, SampleLayout, to_rgba};

/// The pixels as RGBA, and what was done to their colours.
pub(crate) struct Converted {
    pub(crate) rgba: Vec<u8>,
    pub(crate) note: Option<String>,
}

/// Brings the `size` pixels that `buffer` starts with to 8-bit sRGB RGBA (see [`to_rgba`] for the buffer).
pub(crate) fn convert(
    buffer: Vec<u8>,
    size: [usize; 2],
    layout: SampleLayout,
    facts: &Facts,
) -> Result<Converted, CmsError> {
    let (profile, note) = match source_profile(facts, layout) {
        Source::Srgb => (None, None),
        Source::Ignored(note) => (None, Some(note)),
        Source::Other(profile, name) => (Some(profile), Some(format!("converted from {name}"))),
    };
    let conversion = profile.as_deref().map(|profile| Steps::of(profile, layout));
    let rgba = if layout.bytes == 1 {
        let steps = conversion.map(Steps::for_8).transpose()?;
        to_rgba(buffer, size, layout, steps.as_ref())?
    } else {
        let steps = conversion.map(Steps::for_16).transpose()?;
        to_rgba(buffer, size, layout, steps.as_ref())?
    };
    Ok(Converted { rgba, note })
}

/// What the colours of a file are.
enum Source {
    /// sRGB, or as good as that.
    Srgb,
    /// Treated as sRGB though something else was said.
    Ignored(String),
    /// Something else that can be converted, and its name.
    Other(Box<ColorProfile>, String),
}

fn source_profile(facts: &Facts, layout: SampleLayout) -> Source {
    let (profile, name) = if let Some(cicp) = facts.cicp {
        match cicp_profile(cicp) {
            Some(found) => found,
            None => return Source::Ignored(format!("cICP {cicp:?} ignored")),
        }
    } else if let Some(icc) = facts.icc.as_deref() {
        let Ok(profile) = ColorProfile::new_from_slice(icc) else {
            return Source::Ignored("unusable ICC profile ignored".into());
        };
        let name = name(&profile).unwrap_or_else(|| "the embedded ICC profile".into());
        (profile, name)
    } else {
        return Source::Srgb;
    };
    let fits = match profile.color_space {
        DataColorSpace::Rgb => !facts.model.is_cmyk(),
        DataColorSpace::Gray => layout.channels < 3,
        _ => false,
    };
    if !fits {
        return Source::Ignored(format!("ICC profile ignored: {name} is for other samples"));
    }
    match is_srgb(&profile) {
        Ok(true) => Source::Srgb,
        Ok(false) => Source::Other(Box::new(profile), name),
        Err(_) => Source::Ignored(format!("unusable ICC profile ignored: {name}")),
    }
}

/// How to convert rows of one layout by one profile.
struct Steps<'a> {
    profile: &'a ColorProfile,
    from: Layout,
    to: Layout,
    takes: usize,
    gives: usize,
}

impl<'a> Steps<'a> {
    fn of(profile: &'a ColorProfile, layout: SampleLayout) -> Self {
        let alpha = layout.channels.is_multiple_of(2);
        let (to, gives) = if alpha {
            (Layout::Rgba, 4)
        } else {
            (Layout::Rgb, 3)
        };
        let (from, takes) = match (profile.color_space, alpha) {
            (DataColorSpace::Gray, false) => (Layout::Gray, 1),
            (DataColorSpace::Gray, true) => (Layout::GrayAlpha, 2),
            _ => (to, gives),
        };
        Self {
            profile,
            from,
            to,
            takes,
            gives,
        }
    }

    fn for_8(self) -> Result<Conversion<u8>, CmsError> {
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        Ok(Conversion {
            executor: self
                .profile
                .create_transform_8bit(self.from, &srgb, self.to, options)?,
            takes: self.takes,
            gives: self.gives,
        })
    }

    fn for_16(self) -> Result<Conversion<u16>, CmsError> {
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        Ok(Conversion {
            executor: self
                .profile
                .create_transform_16bit(self.from, &srgb, self.to, options)?,
            takes: self.takes,
            gives: self.gives,
        })
    }
}

/// Whether a conversion by this profile would change no 8-bit colour by more than one step.
fn is_srgb(profile: &ColorProfile) -> Result<bool, CmsError> {
    let grey = profile.color_space == DataColorSpace::Gray;
    let layout = SampleLayout::bytes(if grey { 1 } else { 3 });
    let source: Vec<u8> = match layout.channels {
        1 => (0..=255).collect(),
        _ => grid(),
    };
    let conversion = Steps::of(profile, layout).for_8()?;
    let mut converted = vec![0; source.len() / layout.channels * 3];
    conversion.executor.transform(&source, &mut converted)?;
    let same = |(i, v): (usize, &u8)| v.abs_diff(source[i * layout.channels / 3]) <= 1;
    Ok(converted.iter().enumerate().all(same))
}

/// RGB colours spread over the whole cube.
fn grid() -> Vec<u8> {
    const STEPS: [u8; 9] = [0, 32, 64, 96, 128, 160, 192, 224, 255];
    let mut colours = Vec::with_capacity(9 * 9 * 9 * 3);
    for r in STEPS {
        for g in STEPS {
            for b in STEPS {
                colours.extend([r, g, b]);
            }
        }
    }
    colours
}

/// The profile that a `cICP` chunk describes, with a name for it; `None` when it is no plain full-range RGB.
fn cicp_profile([primaries, transfer, matrix, full]: [u8; 4]) -> Option<(ColorProfile, String)> {
    if matrix != 0 || full != 1 {
        return None;
    }
    let profile = ColorProfile::new_from_cicp(CicpProfile {
        color_primaries: CicpColorPrimaries::try_from(primaries).ok()?,
        transfer_characteristics: TransferCharacteristics::try_from(transfer).ok()?,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    });
    let name = match (primaries, transfer) {
        (12, 13) => "Display P3".into(),
        _ => format!("cICP primaries {primaries}, transfer {transfer}"),
    };
    Some((profile, name))
}

/// The kind of high dynamic range that a transfer function of ITU-T H.273 stands for.
pub(crate) fn hdr_transfer(transfer: u8) -> Option<String> {
    match transfer {
        16 => Some("PQ".into()),
        18 => Some("HLG".into()),
        _ => None,
    }
}

/// The kind of high dynamic range that a profile states in its `cicp` tag.
pub(crate) fn hdr_of_profile(icc: &[u8]) -> Option<String> {
    let profile = ColorProfile::new_from_slice(icc).ok()?;
    hdr_transfer(profile.cicp?.transfer_characteristics as u8)
}

/// The name an ICC profile gives itself.
pub(crate) fn profile_name(icc: &[u8]) -> Option<String> {
    name(&ColorProfile::new_from_slice(icc).ok()?)
}

fn name(profile: &ColorProfile) -> Option<String> {
    let text = match profile.description.as_ref()? {
        ProfileText::PlainString(text) => text.clone(),
        ProfileText::Localizable(list) => list.first()?.value.clone(),
        ProfileText::Description(text) => match text.ascii_string.is_empty() {
            true => text.unicode_string.clone(),
            false => text.ascii_string.clone(),
        },
    };
    let clean: String = text.chars().filter(|c| !c.is_control()).take(80).collect();
    let clean = clean.trim().to_owned();
    (!clean.is_empty()).then_some(clean)
}

#[cfg(test)]
#[path = "colour_tests.rs"]
mod tests;
