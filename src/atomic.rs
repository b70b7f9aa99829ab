//! Files that are there whole or not at all: written beside their place, then renamed.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// An empty file in `folder`, to be written and then persisted under its name. It has the rights of any new file, and is
/// gone when it is dropped.
///
/// # Errors
/// When `folder` cannot be written.
pub fn begin(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".imgbench-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any file: the umask takes what it takes.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    // The error as the system gives it: the temporary name is nobody's business.
    builder.tempfile_in(folder).map_err(|e| e.kind().into())
}

/// Makes `content` the file at `path`, whatever was there.
///
/// # Errors
/// When its folder cannot be written.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    let mut file = begin(folder.unwrap_or(Path::new(".")))?;
    file.write_all(content)?;
    file.persist(path)?;
    Ok(())
}
