//! The pictures behind a report, for those who want to see for themselves: each original as it went to the encoders, and
//! what its files decode to, as PNG, for the reader's browser may not show the format.
//!
//! They come from the inputs and the kept files, one at a time: no more is in memory than one original, one decoded file,
//! and the PNGs that are to be shown.

mod open;
mod window;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::bitmap::{Bitmap, Rgb};
use crate::report::{Entry, ImageReport, Measurement, Report};

use self::open::Lost;
use self::window::Window;

/// A picture gets at least this many bytes; where there is less, fewer images are shown.
const LEAST_BYTES: u64 = 100_000;
/// Bytes a pixel that a PNG rarely needs more of: where to begin looking for what fits.
const BYTES_PER_PIXEL: f64 = 2.0;
/// No crop is narrower or lower.
const LEAST_SIDE: u32 = 48;

/// Where the pictures of a report come from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// What paths of inputs are relative to.
    pub inputs: PathBuf,
    /// What paths of kept files are relative to.
    pub files: PathBuf,
    /// What came by standard input.
    pub stdin: Option<Arc<[u8]>>,
}

/// Where the pictures go.
#[derive(Debug, Clone)]
pub enum Place {
    /// Into the page, up to so many bytes of PNG in all: crops where whole pictures are more.
    Page {
        /// Bytes.
        most: u64,
    },
    /// Whole into a folder, as files.
    Folder {
        /// The folder, which exists.
        path: PathBuf,
        /// What it is called on the page, without a `/` at the end.
        url: String,
    },
}

/// The pictures of a report.
#[derive(Debug, Default)]
pub struct Gallery {
    /// One an image that is shown.
    pub exhibits: Vec<Exhibit>,
    /// Why others are not.
    pub notes: Vec<String>,
}

/// The pictures of one image.
#[derive(Debug)]
pub struct Exhibit {
    /// Its place in the report.
    pub image: usize,
    /// Left, top, width and height of the part that is shown, where it is not the whole.
    pub crop: Option<[u32; 4]>,
    /// The original first.
    pub pictures: Vec<Picture>,
}

/// A picture.
#[derive(Debug)]
pub struct Picture {
    /// Its place among the image's results; `None` is the original.
    pub result: Option<usize>,
    /// Where it is.
    pub png: Png,
}

/// A PNG.
#[derive(Debug)]
pub enum Png {
    /// Here.
    Bytes(Vec<u8>),
    /// In a file of this relative URL.
    Url(String),
}

/// Puts up the pictures of `report`: of those images whose inputs are still what they were and whose files were kept.
///
/// # Errors
/// When a picture cannot be written into the folder.
pub fn hang(report: &Report, origin: &Origin, place: &Place) -> io::Result<Gallery> {
    let images = report.images.iter().enumerate();
    let images: Vec<(usize, &ImageReport)> = images.filter(|(_, i)| pictures(i) > 1).collect();
    let pictures = images.iter().map(|(_, image)| pictures(image)).max();
    let shown = match place {
        Place::Page { most } => images.len().min(fitting(*most, pictures.unwrap_or(1))),
        Place::Folder { .. } => images.len(),
    };
    let mut gallery = Gallery::default();
    for nth in 0..shown {
        // Evenly over all, where not all are shown.
        let (index, image) = images[nth * images.len() / shown];
        let hanging = Hanging {
            image,
            index,
            origin,
            max_pixels: report.options.max_pixels,
            background: background(report),
        };
        match hanging.exhibit(place, shown as u64)? {
            Ok(exhibit) => gallery.exhibits.push(exhibit),
            Err(Lost(why)) => gallery.notes.push(format!("{}: {why}", image.path)),
        }
    }
    if shown < images.len() {
        gallery.notes.push(format!(
            "{shown} of {} images are shown; a folder (--html-assets) holds all",
            images.len()
        ));
    }
    Ok(gallery)
}

/// Images of so many `pictures` that are worth a look in `most` bytes.
fn fitting(most: u64, pictures: u64) -> usize {
    (most / LEAST_BYTES / pictures).max(1) as usize
}

/// White, unless `report` says otherwise: `#123456`.
fn background(report: &Report) -> Rgb {
    let hex = report.options.background.trim_start_matches('#');
    u32::from_str_radix(hex, 16).map_or(Rgb::WHITE, |rgb| {
        let [_, r, g, b] = rgb.to_be_bytes();
        Rgb([r, g, b])
    })
}

/// The original of `image`, and its kept files.
fn pictures(image: &ImageReport) -> u64 {
    1 + image.results.iter().filter(|e| file(e).is_some()).count() as u64
}

/// Where the file of `entry` was kept.
fn file(entry: &Entry) -> Option<(&Measurement, &str)> {
    let measurement = entry.measurement()?;
    Some((measurement, measurement.file.as_deref()?))
}

/// An image whose pictures are being put up.
struct Hanging<'a> {
    image: &'a ImageReport,
    index: usize,
    origin: &'a Origin,
    max_pixels: u64,
    /// What transparent pixels became where a format has none.
    background: Rgb,
}

/// Something, or why it cannot be shown; outside, what ends everything.
type Shown<T> = io::Result<Result<T, Lost>>;

impl Hanging<'_> {
    fn exhibit(&self, place: &Place, shown: u64) -> Shown<Exhibit> {
        let original = match open::original(self.image, self.origin, self.max_pixels) {
            Ok(original) => original,
            Err(lost) => return Ok(Err(lost)),
        };
        match place {
            Place::Page { most } => Ok(self.in_page(&original, most / shown)),
            Place::Folder { path, url } => {
                let mut pictures = Vec::new();
                let mut hang = |result: Option<usize>, picture: &Bitmap| -> io::Result<()> {
                    let name = self.name(result);
                    std::fs::write(path.join(&name), encode(picture)?)?;
                    let png = Png::Url(format!("{url}/{name}"));
                    pictures.push(Picture { result, png });
                    Ok(())
                };
                hang(None, &original)?;
                for (result, decoded) in self.decoded() {
                    match decoded {
                        Ok(decoded) => hang(Some(result), &decoded)?,
                        Err(lost) => return Ok(Err(lost)),
                    }
                }
                Ok(Ok(self.with(None, pictures)))
            }
        }
    }

    /// Whole, or the part where the files differ most from the original, in at most `room` bytes.
    fn in_page(&self, original: &Bitmap, room: u64) -> Result<Exhibit, Lost> {
        let pixels = room as f64 / BYTES_PER_PIXEL / pictures(self.image) as f64;
        let mut window = Window::whole(original);
        if original.pixels() as f64 > pixels {
            let mut errors = window::Errors::new(original, self.background);
            for (_, decoded) in self.decoded() {
                errors.add(&decoded?);
            }
            window = errors.worst(pixels);
        }
        let mut crops = vec![(None, window.cut(original))];
        for (result, decoded) in self.decoded() {
            crops.push((Some(result), window.cut(&decoded?)));
        }
        loop {
            let pictures = crops.iter().map(|(result, crop)| {
                let png = Png::Bytes(encode(crop)?);
                Ok(Picture {
                    result: *result,
                    png,
                })
            });
            let pictures: io::Result<Vec<Picture>> = pictures.collect();
            let pictures = pictures.map_err(|e| Lost(e.to_string()))?;
            let bytes: u64 = pictures.iter().map(Picture::bytes).sum();
            let Some(smaller) = window.shrunk(room as f64 / bytes as f64) else {
                let crop = window.crop(original);
                return Ok(self.with(crop, pictures));
            };
            let inside = smaller.inside(&window);
            crops = crops
                .iter()
                .map(|(result, crop)| (*result, inside.cut(crop)))
                .collect();
            window = smaller;
        }
    }

    fn with(&self, crop: Option<[u32; 4]>, pictures: Vec<Picture>) -> Exhibit {
        Exhibit {
            image: self.index,
            crop,
            pictures,
        }
    }

    /// What the kept files decode to, one at a time.
    fn decoded(&self) -> impl Iterator<Item = (usize, Result<Bitmap, Lost>)> {
        let results = self.image.results.iter().enumerate();
        results.filter_map(|(nth, entry)| {
            let (measurement, path) = file(entry)?;
            let path = self.origin.files.join(path);
            Some((nth, open::decoded(&path, entry, measurement.bytes)))
        })
    }

    /// `0003-02.png`: the image's and the result's place, for names of images come from anywhere.
    fn name(&self, result: Option<usize>) -> String {
        let result = result.map_or("original".into(), |nth| format!("{:02}", nth + 1));
        format!("{:04}-{result}.png", self.index + 1)
    }
}

impl Picture {
    fn bytes(&self) -> u64 {
        match &self.png {
            Png::Bytes(bytes) => bytes.len() as u64,
            Png::Url(_) => 0,
        }
    }
}

/// `picture` as PNG, without its transparency where it has none.
fn encode(picture: &Bitmap) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let opaque = picture.is_opaque();
    encoder.set_color(if opaque {
        png::ColorType::Rgb
    } else {
        png::ColorType::Rgba
    });
    let mut writer = encoder.write_header()?;
    if opaque {
        let rgb: Vec<u8> = picture
            .rgba()
            .chunks_exact(4)
            .flat_map(|p| [p[0], p[1], p[2]])
            .collect();
        writer.write_image_data(&rgb)?;
    } else {
        writer.write_image_data(picture.rgba())?;
    }
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
