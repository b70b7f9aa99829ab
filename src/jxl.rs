//! JPEG XL pictures, read by jxl-oxide on the calling thread. The codec reads back what it wrote; inputs are read with it.

use jxl_oxide::color::{ColourEncoding, WhitePoint};
use jxl_oxide::image::BitDepth;
use jxl_oxide::{
    AllocTracker, EnumColourEncoding, ExtraChannelType, HdrType, ImageHeader,
    JpegReconstructionStatus, JxlImage, JxlThreadPool, RenderingIntent, frame,
};

/// What jxl-oxide says.
pub(crate) type JxlError = Box<dyn std::error::Error + Send + Sync>;

/// As many bytes as it takes.
pub(crate) const NO_LIMIT: usize = usize::MAX;

/// A picture whose headers are read.
pub(crate) struct Picture(JxlImage);

/// Reads the headers of `file`; nothing that follows may allocate more than `memory` bytes.
///
/// # Errors
/// When it is damaged or ends too early.
pub(crate) fn open(file: &[u8], memory: usize) -> Result<Picture, JxlError> {
    let builder = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(memory));
    let mut picture = Picture(builder.read(file)?);
    if picture.is_xyb() {
        // Colours that no display has as they are.
        picture.ask_for_srgb();
    }
    Ok(picture)
}

impl Picture {
    /// Has the colours made sRGB, whatever profile they are stored in.
    pub(crate) fn ask_for_srgb(&mut self) {
        let srgb = match self.0.pixel_format().is_grayscale() {
            true => EnumColourEncoding::gray_srgb,
            false => EnumColourEncoding::srgb,
        };
        self.0
            .request_color_encoding(srgb(RenderingIntent::Relative));
    }

    /// Columns and rows, upright.
    pub(crate) fn sides(&self) -> [u32; 2] {
        [self.0.width(), self.0.height()]
    }

    pub(crate) fn pixels(&self) -> usize {
        self.0.width() as usize * self.0.height() as usize
    }

    /// Grey or three colours, and alpha: 1 to 4.
    pub(crate) fn channels(&self) -> usize {
        self.0.pixel_format().channels()
    }

    fn header(&self) -> &ImageHeader {
        self.0.image_header()
    }

    /// Whether all of the file is there.
    pub(crate) fn is_whole(&self) -> bool {
        self.0.is_loading_done()
    }

    /// Bits of a sample.
    pub(crate) fn depth(&self) -> u16 {
        let depth = match self.header().metadata.bit_depth {
            BitDepth::IntegerSample { bits_per_sample } => bits_per_sample,
            BitDepth::FloatSample {
                bits_per_sample, ..
            } => bits_per_sample,
        };
        depth as u16
    }

    /// Pictures of an animation; 1 for a still.
    pub(crate) fn frames(&self) -> u32 {
        self.0.num_loaded_keyframes() as u32
    }

    /// The kind of high dynamic range.
    pub(crate) fn hdr(&self) -> Option<&'static str> {
        self.0.hdr_type().map(|kind| match kind {
            HdrType::Pq => "PQ",
            HdrType::Hlg => "HLG",
        })
    }

    /// Whether colours are in libjxl's own perceptual space, which is lossy.
    pub(crate) fn is_xyb(&self) -> bool {
        self.header().metadata.xyb_encoded
    }

    /// Whether the picture is coded as frequencies, as a JPEG is.
    pub(crate) fn is_transformed(&self) -> bool {
        let header = self.0.frame_header(0);
        header.is_some_and(|header| header.encoding == frame::Encoding::VarDct)
    }

    pub(crate) fn is_cmyk(&self) -> bool {
        self.0.pixel_format().has_black()
    }

    pub(crate) fn is_premultiplied(&self) -> bool {
        let mut channels = self.header().metadata.ec_info.iter();
        channels.any(|c| {
            matches!(
                c.ty,
                ExtraChannelType::Alpha {
                    alpha_associated: true
                }
            )
        })
    }

    /// The turn that the decoder undoes, as EXIF counts them.
    pub(crate) fn orientation(&self) -> u32 {
        self.header().metadata.orientation
    }

    /// Whether a JPEG can be had back.
    pub(crate) fn is_jpeg(&self) -> bool {
        self.0.jpeg_reconstruction_status() == JpegReconstructionStatus::Available
    }

    /// Primaries, transfer function, matrix and range (H.273), where colours are stated by these; as RGB of full range.
    pub(crate) fn cicp(&self) -> Option<[u8; 4]> {
        match &self.header().metadata.colour_encoding {
            ColourEncoding::Enum(colours) if colours.white_point == WhitePoint::D65 => {
                let cicp = self.0.rendered_cicp();
                // jxl-oxide calls all of P3 11, which has the white point of cinemas; with that of displays it is 12.
                cicp.map(|[primaries, rest @ ..]| {
                    let primaries = if primaries == 11 { 12 } else { primaries };
                    [primaries, rest[0], rest[1], rest[2]]
                })
            }
            _ => None,
        }
    }

    /// An ICC profile of the colours.
    pub(crate) fn profile(&self) -> Vec<u8> {
        self.0.rendered_icc()
    }

    /// Decodes, and gives each pixel to `put`: its index, and a value from 0 to 1 a channel.
    ///
    /// # Errors
    /// When the data are damaged or end too early.
    pub(crate) fn render(&self, mut put: impl FnMut(usize, &[f32])) -> Result<(), JxlError> {
        let frame = self.0.render_frame(0)?;
        let mut stream = frame.stream();
        let channels = stream.channels() as usize;
        let mut row = vec![0_f32; stream.width() as usize * channels];
        let mut at = 0;
        while stream.write_to_buffer(&mut row) > 0 {
            for pixel in row.chunks_exact(channels) {
                put(at, pixel);
                at += 1;
            }
        }
        Ok(())
    }
}
