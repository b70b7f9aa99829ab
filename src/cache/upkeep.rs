//! Looking after the folder: its size, its limits, its health.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::{Cache, sound};

/// Part of the limit that is left when it has been overrun, so that this is not done again at once.
const LEFT: f64 = 0.8;

/// An unfinished file of this age belongs to no process that still runs.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// What the folder holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Results.
    pub results: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// How the results are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Soundness {
    /// Results that are what was written.
    pub sound: u64,
    /// Others, which were removed.
    pub damaged: u64,
}

/// A file in the folder.
struct Kept {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
    is_whole: bool,
}

impl Cache {
    /// Counts the results.
    ///
    /// # Errors
    /// When a folder that is there cannot be read.
    pub fn stats(&self) -> io::Result<Stats> {
        let mut stats = Stats::default();
        for file in self.files()?.iter().filter(|file| file.is_whole) {
            stats.results += 1;
            stats.bytes += file.bytes;
        }
        Ok(stats)
    }

    /// Removes all results; how many there were.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn clear(&self) -> io::Result<Stats> {
        let stats = self.stats()?;
        for file in self.files()? {
            remove(&file)?;
        }
        Ok(stats)
    }

    /// Reads every result and removes what is damaged.
    ///
    /// # Errors
    /// When one cannot be read or removed.
    pub fn verify(&self) -> io::Result<Soundness> {
        let mut found = Soundness::default();
        for file in self.files()?.iter().filter(|file| file.is_whole) {
            match sound(fs::read(&file.path)?) {
                Some(_) => found.sound += 1,
                None => {
                    remove(file)?;
                    found.damaged += 1;
                }
            }
        }
        Ok(found)
    }

    /// Where the results have more than `limit` bytes, removes those that were not used for longest, and in any case what
    /// other processes left unfinished.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn trim(&self, limit: u64) -> io::Result<()> {
        let mut files = self.files()?;
        let now = SystemTime::now();
        let abandoned = |file: &Kept| {
            let age = now.duration_since(file.used);
            !file.is_whole && age.is_ok_and(|age| age > ABANDONED)
        };
        for file in files.iter().filter(|file| abandoned(file)) {
            remove(file)?;
        }
        files.retain(|file| file.is_whole);
        let mut bytes: u64 = files.iter().map(|file| file.bytes).sum();
        if bytes <= limit {
            return Ok(());
        }
        files.sort_by_key(|file| file.used);
        for file in &files {
            if bytes as f64 <= limit as f64 * LEFT {
                break;
            }
            remove(file)?;
            bytes -= file.bytes;
        }
        Ok(())
    }

    /// The files that can only be this program's own: whatever else lies there is left alone.
    fn files(&self) -> io::Result<Vec<Kept>> {
        let mut files = Vec::new();
        for shard in entries(self.results())? {
            if !is_hex(&shard.file_name(), 2) {
                continue;
            }
            for entry in entries(shard.path())? {
                let name = entry.file_name();
                let is_whole = is_hex(&name, super::DIGITS - 2);
                let is_begun = name.to_string_lossy().starts_with(".tmp");
                // Gone by now: another process trims, too.
                let Ok(meta) = entry.metadata() else { continue };
                if meta.is_file() && (is_whole || is_begun) {
                    files.push(Kept {
                        path: entry.path(),
                        bytes: meta.len(),
                        used: meta.modified()?,
                        is_whole,
                    });
                }
            }
        }
        Ok(files)
    }
}

fn entries(folder: PathBuf) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn remove(file: &Kept) -> io::Result<()> {
    match fs::remove_file(&file.path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn is_hex(name: &std::ffi::OsStr, digits: usize) -> bool {
    let name = name.as_encoded_bytes();
    name.len() == digits && name.iter().all(u8::is_ascii_hexdigit)
}
