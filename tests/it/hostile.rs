//! A tree of names and file-system objects made to break batch tools, where its generator is at hand.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use base64::Engine as _;
use imgbench::source::discover::{Candidate, Found, Hidden, Input, Walk, discover};
use imgbench::source::path::RelPath;
use imgbench::source::read::read;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";

/// The tree, made readable again before it is removed.
struct Tree {
    _dir: tempfile::TempDir,
    root: PathBuf,
}

impl Drop for Tree {
    fn drop(&mut self) {
        for name in ["locked", "noexec-dir", "unreadable.png"] {
            let mode = std::fs::Permissions::from_mode(0o755);
            let _ = std::fs::set_permissions(self.root.join(name), mode);
        }
    }
}

struct Expectation {
    name: Vec<u8>,
    kind: String,
    expect: String,
}

fn hostile_tree() -> Option<(Tree, Vec<Expectation>)> {
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/tools/hostile_tree.py");
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap().join("tree");
    let (png, jpeg) = (dir.path().join("seed.png"), dir.path().join("seed.jpg"));
    std::fs::write(&png, PNG).unwrap();
    std::fs::write(&jpeg, JPEG).unwrap();
    if !script.exists() {
        return None;
    }
    let output = Command::new("python3")
        .arg(script)
        .arg(&root)
        .args([png, jpeg])
        .output()
        .ok()?;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let expectations = std::fs::read_to_string(dir.path().join("tree.expect.jsonl")).unwrap();
    let expectations = expectations.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| line[key].as_str().unwrap().to_owned();
        let name = base64::engine::general_purpose::STANDARD
            .decode(text("name_b64"))
            .unwrap();
        Expectation {
            name,
            kind: text("kind"),
            expect: text("expect"),
        }
    });
    let expectations = expectations.collect();
    Some((Tree { _dir: dir, root }, expectations))
}

fn find(walk: &Walk) -> BTreeMap<RelPath, Candidate> {
    let (send, receive) = mpsc::channel();
    let walk = walk.clone();
    std::thread::spawn(move || send.send(discover(&[Input::Path(".".into())], &walk)));
    let found = receive
        .recv_timeout(Duration::from_secs(60))
        .expect("the search must end");
    let count = found.len();
    let found: BTreeMap<_, _> = found.into_iter().map(|c| (c.path.clone(), c)).collect();
    assert_eq!(found.len(), count, "every name once");
    found
}

/// What became of one line of the tree's list, as a complaint if it is not what it should be.
fn complaint(
    line: &Expectation,
    found: Option<&Found>,
    root: &Path,
    privileged: bool,
) -> Option<String> {
    let is_file = matches!(found, Some(Found::File { .. }));
    let answered = matches!(found, Some(Found::Lost { .. } | Found::Skipped { .. }));
    let fine = match (line.expect.as_str(), line.kind.as_str()) {
        ("measure" | "measure-or-skip", _) => match found {
            Some(Found::File { at, bytes }) => {
                read(at, 1 << 20).is_ok_and(|content| content.len() as u64 == *bytes)
            }
            _ => false,
        },
        // Without an extension, but its content is an image, and that decides.
        ("error", "name") => is_file,
        ("error", "mode 000" | "in a r-- directory (listable, not enterable)") if privileged => {
            is_file
        }
        ("error", "in a mode-000 directory") if privileged => is_file,
        // What is in a closed directory cannot be known; the directory is answered for.
        ("error", "in a mode-000 directory") => {
            let locked = Walk::new(root);
            let directory = discover(&[Input::Path("locked".into())], &locked);
            matches!(
                &directory[..],
                [Candidate {
                    found: Found::Lost { .. },
                    ..
                }]
            )
        }
        // The list abbreviates its name, see the test.
        ("error", "path > PATH_MAX") => true,
        ("error", _) => answered,
        ("skip", _) => !is_file,
        _ => false,
    };
    let name = String::from_utf8_lossy(&line.name);
    (!fine).then(|| {
        format!(
            "{name:?} ({}): should be {}, is {found:?}",
            line.kind, line.expect
        )
    })
}

#[test]
fn a_hostile_tree_is_answered_for_line_by_line() {
    let Some((tree, expectations)) = hostile_tree() else {
        return;
    };
    let mut walk = Walk::new(&tree.root);
    walk.hidden = Hidden::Take;
    let found = find(&walk);
    let privileged = std::fs::read(tree.root.join("unreadable.png")).is_ok();
    let mut complaints = Vec::new();
    for line in &expectations {
        let name = RelPath::new(Path::new(OsStr::from_bytes(&line.name)), &tree.root);
        let found = found.get(&name).map(|candidate| &candidate.found);
        complaints.extend(complaint(line, found, &tree.root, privileged));
    }
    let too_long = found
        .iter()
        .filter(|(name, _)| name.bytes().starts_with(&[b'L'; 200]));
    let too_long: Vec<_> = too_long.map(|(_, candidate)| &candidate.found).collect();
    assert!(matches!(too_long[..], [Found::Lost { .. }]), "{too_long:?}");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    // Twice the same, and without hidden files only they are gone.
    assert_eq!(find(&walk), found);
    walk.hidden = Hidden::Skip;
    let shown = find(&walk);
    let hidden = found.keys().filter(|name| name.bytes().starts_with(b"."));
    assert_eq!(shown.len() + hidden.count(), found.len());
}
