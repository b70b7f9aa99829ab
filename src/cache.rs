//! What was measured before, kept in a folder between runs.
//!
//! One small file a result, named by the digest of everything it depends on, in 256 folders. Nothing is ever changed: a file
//! is written beside its place and renamed into it, so that any number of processes can share the folder without a lock, and
//! begins with a digest of what it holds, so that whatever happened to it is seen. Losing a file costs measuring again, never
//! a wrong figure.
//!
//! Why not a database: two threads that keep 4,000 results of 700 bytes, each safe at once, and then read them, took 150 to
//! 310 µs a result to keep and 7 to 10 to read in files; 56 to 88 and 5 in SQLite (WAL, `synchronous` normal); 390 to 440
//! and 2 in redb, which a second process cannot open at all. Beside milliseconds of encoding and scoring that is nothing, so
//! what decides is that files need no C library, no lock that a network folder may lack, and no repair. They cost a block of
//! the disk each, four times what SQLite takes.

mod upkeep;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

pub use self::upkeep::{Soundness, Stats};

/// The folder's layout.
const LAYOUT: &str = "results-1";

/// Hexadecimal digits of a digest.
const DIGITS: usize = 64;

/// A file that was read is only noted as used when it was not within this time: notes are writes.
const USED_LATELY: Duration = Duration::from_secs(60 * 60);

/// Tells backup programs to leave the folder out (<https://bford.info/cachedir/>).
const TAG: &str =
    "Signature: 8a477f597d28d172789f06886806bc55\n# Results of imgbench; safe to delete.\n";

/// Everything a result depends on, as a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(blake3::Hash);

impl Key {
    /// The key of `parts`, whose number, order and borders count.
    pub fn of<T: AsRef<str>>(parts: impl IntoIterator<Item = T>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            let part = part.as_ref().as_bytes();
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize())
    }
}

/// A folder of results.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    /// Why nothing more is kept.
    trouble: OnceLock<String>,
    kept: AtomicU64,
}

impl Cache {
    /// The results in `folder`, which is made when the first one is kept.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            trouble: OnceLock::new(),
            kept: AtomicU64::new(0),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What was kept under `key`; `None` when nothing is there, or not what was written.
    pub fn get(&self, key: Key) -> Option<Vec<u8>> {
        let path = self.path(key);
        let value = sound(fs::read(&path).ok()?);
        match &value {
            Some(_) => note_use(&path),
            // Damaged: out of the way, so that it is kept anew.
            None => drop(fs::remove_file(&path)),
        }
        value
    }

    /// Keeps `value` under `key`. Where that fails nothing more is kept, and [`Cache::trouble`] says why.
    pub fn put(&self, key: Key, value: &[u8]) {
        if self.trouble.get().is_some() {
            return;
        }
        match self.write(&self.path(key), value) {
            Ok(()) => drop(self.kept.fetch_add(1, Ordering::Relaxed)),
            Err(error) => drop(self.trouble.set(error.to_string())),
        }
    }

    /// Why results are no longer kept, if so.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.get().map(String::as_str)
    }

    /// Results that were kept since this was made.
    pub fn kept(&self) -> u64 {
        self.kept.load(Ordering::Relaxed)
    }

    fn path(&self, Key(hash): Key) -> PathBuf {
        let name = hash.to_hex();
        let (shard, name) = name.split_at(2);
        self.results().join(shard).join(name)
    }

    fn results(&self) -> PathBuf {
        self.folder.join(LAYOUT)
    }

    fn write(&self, path: &Path, value: &[u8]) -> io::Result<()> {
        let shard = path.parent().unwrap_or(&self.folder);
        if !shard.is_dir() {
            fs::create_dir_all(shard)?;
            let tag = self.folder.join("CACHEDIR.TAG");
            if !tag.exists() {
                fs::write(tag, TAG)?;
            }
        }
        let mut file = tempfile::NamedTempFile::new_in(shard)?;
        file.write_all(blake3::hash(value).to_hex().as_bytes())?;
        file.write_all(value)?;
        file.persist(path)?;
        Ok(())
    }
}

/// What a file holds after its digest, if it is what was written.
fn sound(mut file: Vec<u8>) -> Option<Vec<u8>> {
    let value = file.split_off(file.len().min(DIGITS));
    (file == blake3::hash(&value).to_hex().as_bytes()).then_some(value)
}

/// The files used last are kept longest. Where that cannot be noted, nothing is lost.
fn note_use(path: &Path) {
    let Ok(file) = File::open(path) else {
        return;
    };
    let now = SystemTime::now();
    let used = file.metadata().and_then(|m| m.modified());
    let lately = used.is_ok_and(|used| now.duration_since(used).is_ok_and(|t| t < USED_LATELY));
    if !lately {
        let _ = file.set_modified(now);
    }
}

#[cfg(test)]
mod tests;
