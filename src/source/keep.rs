//! Names for encoded files that are kept: one safe relative path for every input and variant, never the same twice.

use std::ffi::{OsStr, OsString};
use std::path::{Component, PathBuf};

use super::path::RelPath;

/// The longest file name in bytes that common file systems hold.
const NAME_MAX: usize = 255;
/// The longest variant text in a name; longer ones are cut and told apart by a hash.
const VARIANT_MAX: usize = 120;

/// Where below the `--keep` directory the encoding of `path` in `variant` goes.
///
/// `img/a.png` in `mozjpeg:q60,subsampling=444` becomes `img/a.png.mozjpeg_q60_subsampling=444.jpg`. A `..` becomes
/// `_up`, so nothing is written outside the directory. What cannot be kept as it is (a name that would be too long, a
/// variant with unusual characters) ends in `~` and eight hexadecimal digits of a hash.
pub fn kept_name(path: &RelPath, variant: &str, extension: &str) -> PathBuf {
    let mut parts: Vec<OsString> = path.as_path().components().filter_map(part).collect();
    let file = parts.pop().unwrap_or_else(|| "_here".into());
    let mut kept: PathBuf = parts.iter().map(|dir| fit(dir, "")).collect();
    let extension: String = extension
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(16)
        .collect();
    kept.push(fit(&file, &format!(".{}.{extension}", file_safe(variant))));
    kept
}

/// A component as a name that is safe to create. Real names that look like the stand-ins get one more `_`.
fn part(component: Component<'_>) -> Option<OsString> {
    match component {
        Component::ParentDir => Some("_up".into()),
        Component::CurDir => Some("_here".into()),
        Component::RootDir | Component::Prefix(_) => None,
        Component::Normal(name) => {
            let bytes = name.as_encoded_bytes();
            let marks = bytes.iter().take_while(|byte| **byte == b'_').count();
            let stands_in = marks > 0 && matches!(&bytes[marks..], b"up" | b"here");
            let mut part = OsString::from(if stands_in { "_" } else { "" });
            part.push(name);
            Some(part)
        }
    }
}

/// `name` and `suffix` in at most [`NAME_MAX`] bytes. A name that already ends like a hashed one is hashed too, so no
/// real name can pass for a shortened one.
fn fit(name: &OsStr, suffix: &str) -> OsString {
    let whole = name.len() + suffix.len() <= NAME_MAX && !ends_in_hash(name.as_encoded_bytes());
    let mut fitted = if whole {
        name.to_os_string()
    } else {
        let tag = hash(name.as_encoded_bytes());
        let mut cut = cut(name, NAME_MAX.saturating_sub(suffix.len() + tag.len()));
        cut.push(tag);
        cut
    };
    fitted.push(suffix);
    fitted
}

fn hash(bytes: &[u8]) -> String {
    let hex = blake3::hash(bytes).to_hex();
    format!("~{}", &hex[..8])
}

fn ends_in_hash(bytes: &[u8]) -> bool {
    let hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    match bytes.split_last_chunk::<9>() {
        Some((_, [b'~', digits @ ..])) => digits.iter().all(hex),
        _ => false,
    }
}

/// The longest beginning of `name` of at most `max` bytes that cuts no character in two.
fn cut(name: &OsStr, max: usize) -> OsString {
    match name.to_str() {
        Some(text) => cut_text(text, max).into(),
        None => cut_bytes(name, max),
    }
}

fn cut_text(text: &str, max: usize) -> &str {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    &text[..ends.take_while(|end| *end <= max).last().unwrap_or(0)]
}

#[cfg(unix)]
fn cut_bytes(name: &OsStr, max: usize) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    let bytes = name.as_bytes();
    OsStr::from_bytes(&bytes[..max.min(bytes.len())]).into()
}

#[cfg(not(unix))]
fn cut_bytes(name: &OsStr, max: usize) -> OsString {
    cut_text(&name.to_string_lossy(), max).into()
}

/// The variant with `:` and `,` as `_`, hashed wherever that could not be read back.
///
/// Read back means: the first `_` was the only `:`, every other one a `,`, and the last `.` before a letter is where the
/// variant begins. Canonical variants (`libwebp:ssimulacra2=70.5,effort=6`) pass as they are.
fn file_safe(variant: &str) -> String {
    let mut safe = String::new();
    let mut plain = variant.len() <= VARIANT_MAX;
    let mut separators = 0;
    let mut chars = variant.chars().peekable();
    while let Some(c) = chars.next() {
        let digit_follows = chars.peek().is_some_and(char::is_ascii_digit);
        let kept = match c {
            ':' | ',' => {
                plain &= (c == ':') == (separators == 0);
                separators += 1;
                false
            }
            '.' if digit_follows => true,
            '=' | '+' | '-' => true,
            c if c.is_ascii_alphanumeric() => true,
            _ => {
                plain = false;
                false
            }
        };
        safe.push(if kept { c } else { '_' });
    }
    if !safe.starts_with(|c: char| c.is_ascii_alphabetic()) {
        safe.insert(0, 'v');
        plain = false;
    }
    if !plain {
        safe.truncate(VARIANT_MAX);
        safe.push_str(&hash(variant.as_bytes()));
    }
    safe
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    fn kept(path: &str, variant: &str) -> String {
        let path = RelPath::new(Path::new(path), Path::new("/nowhere/b"));
        kept_name(&path, variant, "jpg")
            .to_string_lossy()
            .replace('\\', "/")
    }

    #[test]
    fn the_name_says_input_variant_and_format() {
        let name = kept("img/a.png", "mozjpeg:q60,subsampling=444");
        assert_eq!(name, "img/a.png.mozjpeg_q60_subsampling=444.jpg");
        let name = kept("a.png", "libwebp:ssimulacra2=70.5");
        assert_eq!(name, "a.png.libwebp_ssimulacra2=70.5.jpg");
    }

    #[test]
    fn nothing_is_written_outside_the_directory() {
        assert_eq!(kept("../../x/a.png", "v:1"), "_up/_up/x/a.png.v_1.jpg");
        assert_eq!(kept("/etc/a.png", "v:1"), "_up/_up/etc/a.png.v_1.jpg");
        assert_eq!(kept("_up/a.png", "v:1"), "__up/a.png.v_1.jpg");
        assert_eq!(kept("__up/_here", "v:1"), "___up/__here.v_1.jpg");
        assert!(!kept("a.png", "../../x:1").contains('/'));
        assert!(!kept("a.png", "..\\x:1").contains('\\'));
    }

    #[test]
    fn standard_input_and_a_file_called_dash_differ() {
        let stdin = kept_name(&RelPath::stdin(), "v:1", "jpg");
        assert_eq!(stdin, Path::new("-.v_1.jpg"));
        assert_eq!(kept("./-", "v:1"), "_here/-.v_1.jpg");
    }

    #[test]
    fn long_names_are_cut_to_fit_and_stay_distinct() {
        let long = "é".repeat(123);
        let (a, b) = (
            kept(&format!("{long}a.png"), "v:1"),
            kept(&format!("{long}b.png"), "v:1"),
        );
        assert!(a.len() <= 255 && b.len() <= 255 && a != b, "{a}\n{b}");
        let forged = a.strip_suffix(".v_1.jpg").unwrap();
        assert_ne!(kept(forged, "v:1"), a);
        let wordy = format!("v:{}", "x".repeat(4000));
        assert!(kept(&long, &wordy).len() <= 255);
        assert_ne!(kept("a", &wordy), kept("a", &format!("{wordy}x")));
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_utf8_are_kept() {
        use std::os::unix::ffi::OsStrExt;
        let path = |bytes: &[u8]| RelPath::new(Path::new(OsStr::from_bytes(bytes)), Path::new("/"));
        let name = kept_name(&path(b"same-\xfe.png"), "v:1", "jpg");
        assert_eq!(name.as_os_str().as_bytes(), b"same-\xfe.png.v_1.jpg");
        let long = kept_name(&path(&[0xff; 255]), "v:1", "jpg");
        assert_eq!(long.as_os_str().len(), 255);
    }

    #[test]
    fn variants_that_would_look_alike_are_hashed_apart() {
        let names = [
            "a:b,c", "a,b:c", "a_b:c", "a:b_c", "a:b/c", "a:b\\c", "a:b:c", "v_a", "_a",
        ]
        .map(|variant| kept("x", variant));
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{names:?}");
        assert_ne!(kept("x", "a.b"), kept("x.a", "b"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_two_inputs_share_a_name(
            inputs in prop::collection::vec(("[ab_.~/up0]{1,6}", "[ab]?[ab:,_.0~]{0,5}"), 300)
        ) {
            let mut seen: HashMap<PathBuf, (RelPath, String)> = HashMap::new();
            for (path, variant) in inputs {
                let input = (RelPath::new(Path::new(&path), Path::new("/w/w")), variant);
                let name = kept_name(&input.0, &input.1, "png");
                let first = seen.entry(name).or_insert_with(|| input.clone());
                prop_assert_eq!(first, &input);
            }
        }
    }
}
