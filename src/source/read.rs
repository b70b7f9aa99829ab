//! Reading one file that may be anything: never blocks, never opens a device, never reads more than asked.

use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use crate::source::format::Format;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The system refused.
    #[error("{}", describe(.0))]
    Io(io::Error),
    /// Not a regular file: what it is instead, as in "a named pipe".
    #[error("{0}, not a regular file")]
    Special(&'static str),
    /// Larger than the limit.
    #[error("{}", over_limit(*.bytes, *.max))]
    TooLarge {
        /// The size of the file, or what had been read of a growing one.
        bytes: u64,
        /// The limit, which itself is allowed.
        max: u64,
    },
}

impl ReadError {
    /// The stage for the report's list of failures: `limit` or `read`.
    pub fn stage(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "limit",
            Self::Io(_) | Self::Special(_) => "read",
        }
    }
}

/// Reads the regular file at `at`, up to and including `max` bytes.
///
/// The target is looked at before it is opened, opened without blocking, and looked at again: a pipe, socket or device
/// that takes the place of a file in between is still turned away.
pub fn read(at: &Path, max: u64) -> Result<Vec<u8>, ReadError> {
    let meta = std::fs::metadata(at).map_err(ReadError::Io)?;
    if let Some(kind) = special(meta.file_type()) {
        return Err(ReadError::Special(kind));
    }
    let (file, meta) = open(at)?;
    if meta.len() > max {
        let bytes = meta.len();
        return Err(ReadError::TooLarge { bytes, max });
    }
    let mut bytes = Vec::new();
    let expected = usize::try_from(meta.len()).unwrap_or(usize::MAX);
    bytes
        .try_reserve_exact(expected)
        .map_err(|_| ReadError::Io(io::ErrorKind::OutOfMemory.into()))?;
    // A file can grow while it is read, and some, as in /proc, do not say how long they are.
    file.take(max.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(ReadError::Io)?;
    match bytes.len() as u64 {
        length if length > max => Err(ReadError::TooLarge { bytes: length, max }),
        _ => Ok(bytes),
    }
}

/// Reads the first bytes of the regular file at `at`, as many as tell its format.
///
/// # Errors
/// As [`read`].
pub fn head(at: &Path) -> Result<Vec<u8>, ReadError> {
    let meta = std::fs::metadata(at).map_err(ReadError::Io)?;
    if let Some(kind) = special(meta.file_type()) {
        return Err(ReadError::Special(kind));
    }
    let (file, _) = open(at)?;
    let mut bytes = Vec::new();
    file.take(Format::SNIFF_BYTES as u64)
        .read_to_end(&mut bytes)
        .map_err(ReadError::Io)?;
    Ok(bytes)
}

/// Opens what should be a regular file. The caller has looked at the path and seen no device there.
pub(super) fn open(at: &Path) -> Result<(File, Metadata), ReadError> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    }
    let file = options.open(at).map_err(ReadError::Io)?;
    let meta = file.metadata().map_err(ReadError::Io)?;
    match special(meta.file_type()) {
        Some(kind) => Err(ReadError::Special(kind)),
        None => Ok((file, meta)),
    }
}

/// What a thing is that is not a regular file; `None` for a regular file.
pub(super) fn special(kind: FileType) -> Option<&'static str> {
    if kind.is_file() {
        return None;
    }
    if kind.is_dir() {
        return Some("a directory");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Some("a named pipe");
        } else if kind.is_socket() {
            return Some("a socket");
        } else if kind.is_char_device() || kind.is_block_device() {
            return Some("a device");
        }
    }
    Some("a special file")
}

/// An operating system's error as this program words errors: lower case, without the number.
pub(super) fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => return "no such file or directory".into(),
        io::ErrorKind::PermissionDenied => return "permission denied".into(),
        io::ErrorKind::InvalidFilename => return "the path is too long".into(),
        _ => {}
    }
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => "unknown error".into(),
    }
}

/// The message for a file over the limit; sizes too close to tell apart are printed in bytes.
pub(super) fn over_limit(bytes: u64, max: u64) -> String {
    let (bytes, max) = if bytes.saturating_sub(max) <= max / 50 {
        (format!("{bytes} bytes"), format!("{max} bytes"))
    } else {
        (decimal(bytes), binary(max))
    };
    format!("{bytes} is over the limit of {max}: raise --max-file-size")
}

fn decimal(bytes: u64) -> String {
    let units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    match units.iter().find(|(size, _)| bytes as f64 >= *size) {
        Some((size, unit)) => format!("{:.1} {unit}", bytes as f64 / size),
        None => format!("{bytes} B"),
    }
}

/// A limit is mostly given in whole KiB, MiB or GiB, and then shown so.
fn binary(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    match units
        .iter()
        .find(|(shift, _)| bytes > 0 && bytes.trailing_zeros() >= *shift)
    {
        Some((shift, unit)) => format!("{} {unit}", bytes >> shift),
        None => decimal(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_allowed() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x");
        std::fs::write(&file, b"12345").unwrap();
        assert_eq!(read(&file, 5).unwrap(), b"12345");
        let error = read(&file, 4).unwrap_err();
        assert_eq!(error.stage(), "limit");
        assert_eq!(
            error.to_string(),
            "5 B is over the limit of 4 B: raise --max-file-size"
        );
    }

    #[test]
    fn a_missing_file_and_a_directory_say_so() {
        let dir = tempfile::tempdir().unwrap();
        let error = read(&dir.path().join("x"), 9).unwrap_err();
        assert_eq!(error.to_string(), "no such file or directory");
        let error = read(dir.path(), 9).unwrap_err();
        assert_eq!(error.to_string(), "a directory, not a regular file");
        assert_eq!(error.stage(), "read");
    }

    #[cfg(unix)]
    #[test]
    fn pipes_sockets_and_devices_are_never_read() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("fifo.png");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&fifo)
                .status()
                .unwrap()
                .success()
        );
        let error = read(&fifo, 9).unwrap_err();
        assert_eq!(error.to_string(), "a named pipe, not a regular file");
        // Past the first look, as after a race: opening does not block either.
        assert!(matches!(
            open(&fifo),
            Err(ReadError::Special("a named pipe"))
        ));
        let socket = dir.path().join("socket.png");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(matches!(
            read(&socket, 9),
            Err(ReadError::Special("a socket"))
        ));
        let zero = read(Path::new("/dev/zero"), 9);
        assert!(matches!(zero, Err(ReadError::Special("a device"))));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_hides_its_length_is_still_capped() {
        let error = read(Path::new("/proc/self/status"), 8).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { bytes: 9, max: 8 }));
    }

    #[test]
    fn limits_are_worded_so_that_the_numbers_differ() {
        let mib = 256 << 20;
        assert_eq!(
            over_limit(6_442_450_944, mib),
            "6.4 GB is over the limit of 256 MiB: raise --max-file-size"
        );
        let text = over_limit(mib + 1, mib);
        assert_eq!(
            text,
            "268435457 bytes is over the limit of 268435456 bytes: raise --max-file-size"
        );
        assert_eq!(
            over_limit(5_000, 2_000),
            "5.0 kB is over the limit of 2.0 kB: raise --max-file-size"
        );
    }

    #[test]
    fn system_errors_are_lower_case_without_numbers() {
        let text = describe(&io::Error::from_raw_os_error(5));
        assert!(
            !text.contains("os error") && text.starts_with(char::is_lowercase),
            "{text}"
        );
    }
}
