//! The name an input has in reports: relative, `/`-separated, lossless.

use std::cmp::Ordering;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Component, Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A path for reports: relative to the working directory (`..` allowed, never absolute), `/` between components.
///
/// Ordered by raw bytes, so the order of a report does not depend on locale or platform. Standard input is named `-`,
/// and a file in the working directory that is really called `-` is named `./-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RelPath {
    name: OsString,
}

impl RelPath {
    /// The name of standard input, `-`.
    pub fn stdin() -> Self {
        Self { name: "-".into() }
    }

    /// The name of `path` as seen from the directory `base`. Both are resolved first, see [`resolve`].
    pub fn new(path: &Path, base: &Path) -> Self {
        let base = resolve(Path::new(""), base);
        Self::between(&resolve(path, &base), &base)
    }

    /// The name that [`text`](Self::text) and [`raw`](Self::raw) were taken from; `None` if they are not such a pair.
    pub fn from_parts(text: &str, raw: Option<&str>) -> Option<Self> {
        let name = match raw {
            None => OsString::from(text),
            Some(raw) => os_string(&STANDARD.decode(raw).ok()?),
        };
        let path = Self { name };
        (path.text() == text).then_some(path)
    }

    /// From one resolved absolute path to another, by comparing components only.
    pub(super) fn between(path: &Path, base: &Path) -> Self {
        let mut path_rest = path.components();
        let mut base_rest = base.components();
        while path_rest.clone().next() == base_rest.clone().next() && path_rest.next().is_some() {
            base_rest.next();
        }
        let mut relative = Self { name: ".".into() };
        for _ in base_rest {
            relative = relative.child(OsStr::new(".."));
        }
        for component in path_rest {
            match component {
                Component::Prefix(prefix) => {
                    let drive = prefix.as_os_str().to_string_lossy();
                    let drive = drive.replace(['\\', ':'], "");
                    relative = relative.child(OsStr::new(&drive));
                }
                Component::RootDir | Component::CurDir => {}
                Component::ParentDir | Component::Normal(_) => {
                    relative = relative.child(component.as_os_str());
                }
            }
        }
        relative
    }

    /// The name of the entry `name` of the directory that `self` names.
    pub(super) fn child(&self, name: &OsStr) -> Self {
        if self.name != "." {
            let mut path = OsString::with_capacity(self.name.len() + 1 + name.len());
            path.push(&self.name);
            path.push("/");
            path.push(name);
            Self { name: path }
        } else if name == "-" {
            Self { name: "./-".into() }
        } else {
            Self { name: name.into() }
        }
    }

    /// Whether this is a directory by `..` and nothing after it.
    pub(super) fn is_above(&self) -> bool {
        self.as_path().components().next_back() == Some(Component::ParentDir)
    }

    /// The name as text. A name that is not UTF-8 has its stray bytes as `\xFF`; only [`raw`](Self::raw) is then exact.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.name.len());
        for chunk in self.bytes().utf8_chunks() {
            text.push_str(chunk.valid());
            for byte in chunk.invalid() {
                text.push_str(&format!("\\x{byte:02X}"));
            }
        }
        text
    }

    /// The exact bytes of the name in base64, only for a name that is not UTF-8.
    pub fn raw(&self) -> Option<String> {
        match self.name.to_str() {
            Some(_) => None,
            None => Some(STANDARD.encode(self.bytes())),
        }
    }

    /// The bytes that names are ordered by.
    pub fn bytes(&self) -> &[u8] {
        self.name.as_encoded_bytes()
    }

    /// The name as a relative path of this platform.
    pub fn as_path(&self) -> &Path {
        Path::new(&self.name)
    }
}

impl Ord for RelPath {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl PartialOrd for RelPath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// The absolute path that `path` means when the working directory is `cwd`, without `.` and, where that is safe, `..`.
///
/// `dir/..` is dropped only where `dir` is a real directory: after a symbolic link, `..` leads elsewhere and stays.
pub fn resolve(path: &Path, cwd: &Path) -> PathBuf {
    let joined = cwd.join(path);
    let absolute = std::path::absolute(&joined).unwrap_or(joined);
    let mut resolved = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match resolved.components().next_back() {
                Some(Component::Normal(_)) if is_real_directory(&resolved) => {
                    resolved.pop();
                }
                Some(Component::RootDir) => {}
                _ => resolved.push(component),
            },
            other => resolved.push(other),
        }
    }
    resolved
}

fn is_real_directory(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|meta| meta.is_dir())
}

/// Any bytes are a name on Unix. Elsewhere names are text, and stray bytes become `\u{FFFD}`.
#[cfg(unix)]
pub(crate) fn os_string(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).to_os_string()
}

/// Any bytes are a name on Unix. Elsewhere names are text, and stray bytes become `\u{FFFD}`.
#[cfg(not(unix))]
pub(crate) fn os_string(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(path: &str, base: &str) -> String {
        RelPath::new(Path::new(path), Path::new(base)).text()
    }

    #[test]
    fn names_are_relative_to_the_working_directory() {
        assert_eq!(name("x.png", "/nowhere/b"), "x.png");
        assert_eq!(name("./img/./x.png", "/nowhere/b"), "img/x.png");
        assert_eq!(name("/nowhere/b/img/x.png", "/nowhere/b"), "img/x.png");
        assert_eq!(name("/nowhere/c/x.png", "/nowhere/b"), "../c/x.png");
        assert_eq!(name("/", "/nowhere/b"), "../..");
        assert_eq!(name(".", "/nowhere/b"), ".");
        assert_eq!(name("", "/nowhere/b"), ".");
    }

    #[test]
    fn dot_dot_is_dropped_after_a_directory() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("a")).unwrap();
        let path = RelPath::new(Path::new("a/../x.png"), dir.path());
        assert_eq!(path.text(), "x.png");
        let gone = RelPath::new(Path::new("gone/../x.png"), dir.path());
        assert_eq!(gone.text(), "gone/../x.png");
    }

    #[cfg(unix)]
    #[test]
    fn dot_dot_is_kept_after_a_link() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("real/sub")).unwrap();
        std::os::unix::fs::symlink("real/sub", dir.path().join("link")).unwrap();
        let path = RelPath::new(Path::new("link/../x.png"), dir.path());
        assert_eq!(path.text(), "link/../x.png");
    }

    #[test]
    fn a_file_called_dash_is_not_standard_input() {
        assert_eq!(RelPath::stdin().text(), "-");
        assert_eq!(name("-", "/nowhere"), "./-");
        assert_eq!(name("a/-", "/nowhere"), "a/-");
        assert_eq!(name("../-", "/nowhere"), "../-");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_stay_distinct_and_come_back() {
        use std::os::unix::ffi::OsStrExt;
        let twin = |bytes: &[u8]| RelPath::new(Path::new(OsStr::from_bytes(bytes)), Path::new("/"));
        let (fe, ff) = (twin(b"same-\xfe.png"), twin(b"same-\xff.png"));
        assert_eq!(fe.text(), "same-\\xFE.png");
        assert_eq!(fe.raw().as_deref(), Some("c2FtZS3+LnBuZw=="));
        assert!(fe < ff);
        for path in [fe, ff, twin("café \\xFF.png".as_bytes())] {
            let again = RelPath::from_parts(&path.text(), path.raw().as_deref());
            assert_eq!(again, Some(path));
        }
        assert_eq!(RelPath::from_parts("x.png", Some("c2FtZS3+LnBuZw==")), None);
        assert_eq!(RelPath::from_parts("x.png", Some("?")), None);
    }

    #[test]
    fn order_is_by_bytes_of_the_whole_name() {
        let mut names = ["b", "a/z", "a.png", "a", "a/b", "B"].map(|n| RelPath { name: n.into() });
        names.sort();
        let text: Vec<String> = names.iter().map(RelPath::text).collect();
        assert_eq!(text, ["B", "a", "a.png", "a/b", "a/z", "b"]);
    }
}
