//! Pixels as libwebp holds them.

use std::ffi::c_int;
use std::mem::MaybeUninit;

use libwebp_sys as ffi;

use super::{INFO, configure};
use crate::bitmap::{BYTES_PER_PIXEL, Bitmap};
use crate::codec::{CodecError, Imported, Importer, Quality, Settings};

/// How lossy encodes come by YUV 4:2:0, which no other setting has a part in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Yuv {
    /// Straight from the pixels, as `cwebp` does.
    Plain,
    /// `cwebp -sharp_yuv`.
    Sharp,
}

impl Yuv {
    /// That of encodes with `settings`; none where they code the pixels themselves.
    pub(super) fn of(settings: &Settings) -> Option<Self> {
        let is_on = |key| settings.extra.get(key).is_some_and(|value| value == "on");
        match settings.quality {
            Quality::Lossless => None,
            Quality::Lossy(_) if is_on("near_lossless") => None,
            Quality::Lossy(_) if is_on("sharp_yuv") => Some(Self::Sharp),
            Quality::Lossy(_) => Some(Self::Plain),
        }
    }

    pub(super) fn convert(self, image: &Bitmap) -> Result<Picture, CodecError> {
        match self {
            Self::Plain => Picture::import(image, 0),
            Self::Sharp => {
                let mut picture = Picture::argb(image)?;
                // SAFETY: the picture holds the ARGB that is converted.
                if unsafe { ffi::WebPPictureSharpARGBToYUVA(&mut picture.0) } == 0 {
                    return Err(picture.error());
                }
                Ok(picture)
            }
        }
    }
}

impl Importer for Yuv {
    fn id(&self) -> &'static str {
        match self {
            Self::Plain => "yuv",
            Self::Sharp => "sharp yuv",
        }
    }

    fn bytes_per_pixel(&self) -> f64 {
        // Colour at half the width and height, and alpha.
        2.5
    }

    fn import(&self, image: &Bitmap) -> Result<Box<dyn Imported>, CodecError> {
        INFO.check_sides(image.width(), image.height())?;
        Ok(Box::new(Shared(self.convert(image)?)))
    }
}

/// A picture that is only copied.
struct Shared(Picture);

// SAFETY: no thread owns what a picture points to, and after its making it is only read.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Imported for Shared {
    fn encode(&self, settings: &Settings) -> Result<Vec<u8>, CodecError> {
        let config = configure(settings)?;
        let mut copy = Picture::new()?;
        // The encoder levels what is transparent in place.
        // SAFETY: both are initialised pictures, and the copy gets memory of its own.
        if unsafe { ffi::WebPPictureCopy(&self.0.0, &mut copy.0) } == 0 {
            return Err(copy.error());
        }
        copy.encode(&config)
    }
}

/// A `WebPPicture` that frees what it holds.
pub(super) struct Picture(ffi::WebPPicture);

impl Picture {
    fn new() -> Result<Self, CodecError> {
        let new = ffi::WebPPicture::new();
        new.map(Self)
            .map_err(|()| CodecError::failed("libwebp version mismatch"))
    }

    /// The pixels themselves.
    pub(super) fn argb(image: &Bitmap) -> Result<Self, CodecError> {
        Self::import(image, 1)
    }

    /// Copies `image` in: to YUV(A), or to ARGB if libwebp's `use_argb` is 1.
    fn import(image: &Bitmap, use_argb: c_int) -> Result<Self, CodecError> {
        let mut picture = Self::new()?;
        picture.0.use_argb = use_argb;
        // `check_sides` has held both sides under 16384, so these and the stride fit.
        picture.0.width = image.width() as c_int;
        picture.0.height = image.height() as c_int;
        let stride = (image.width() as usize * BYTES_PER_PIXEL) as c_int;
        let import = if image.is_opaque() {
            ffi::WebPPictureImportRGBX
        } else {
            ffi::WebPPictureImportRGBA
        };
        // SAFETY: `rgba` holds `height` rows of `stride` bytes and is only read during the call.
        if unsafe { import(&mut picture.0, image.rgba().as_ptr(), stride) } == 0 {
            return Err(picture.error());
        }
        Ok(picture)
    }

    pub(super) fn encode(&mut self, config: &ffi::WebPConfig) -> Result<Vec<u8>, CodecError> {
        let mut writer = MaybeUninit::<ffi::WebPMemoryWriter>::uninit();
        // SAFETY: the initialiser writes the whole struct.
        let mut writer = unsafe {
            ffi::WebPMemoryWriterInit(writer.as_mut_ptr());
            writer.assume_init()
        };
        self.0.writer = Some(ffi::WebPMemoryWrite);
        self.0.custom_ptr = (&raw mut writer).cast();
        // SAFETY: configuration and picture are initialised; the writer outlives the call.
        let done = unsafe { ffi::WebPEncode(config, &mut self.0) } != 0;
        let file = if done {
            // SAFETY: after success the writer holds `size` bytes at `mem`.
            Ok(unsafe { std::slice::from_raw_parts(writer.mem, writer.size) }.to_vec())
        } else {
            Err(self.error())
        };
        // SAFETY: frees what the writer allocated, once.
        unsafe { ffi::WebPMemoryWriterClear(&mut writer) };
        file
    }

    fn error(&self) -> CodecError {
        CodecError::failed(format!("libwebp: {:?}", self.0.error_code))
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // SAFETY: frees what the picture itself owns; it is not used afterwards.
        unsafe { ffi::WebPPictureFree(&mut self.0) };
    }
}
