use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use super::*;

#[test]
fn pipes_sockets_and_devices_in_a_tree_are_skipped() {
    let tree = tree(&["a.png"]);
    let fifo = tree.at("fifo.png");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(fifo)
            .status()
            .unwrap()
            .success()
    );
    let _listener = std::os::unix::net::UnixListener::bind(tree.at("socket.png")).unwrap();
    tree.link("/dev/zero", "zero.png");
    tree.link("fifo.png", "to-fifo.png");
    let expected = [
        "a.png",
        "fifo.png: skipped: a named pipe, not a regular file",
        "socket.png: skipped: a socket, not a regular file",
        "to-fifo.png: skipped: a link to a named pipe",
        "zero.png: skipped: a link to a device",
    ];
    assert_eq!(tree.lines(&["."]), expected);
}

#[test]
fn links_are_followed_to_files_and_nowhere_else() {
    let tree = tree(&["a.png", "sub/b.png", "t.txt"]);
    for (target, link) in [
        ("a.png", "copy.png"),
        ("a.png", "copy"),
        (".", "sub/up"),
        ("sub", "dir.png"),
        ("gone.png", "dangling.png"),
        ("gone", "dangling"),
        ("self.png", "self.png"),
        ("t.txt", "secret.png"),
    ] {
        tree.link(target, link);
    }
    let expected = [
        "a.png",
        "copy",
        "copy.png",
        "dangling: skipped: dangling symbolic link: its target does not exist",
        "dangling.png: find: dangling symbolic link: its target does not exist",
        "dir.png: skipped: a link to a directory",
        "secret.png: identify: not an image: looks like text",
        "self.png: find: broken symbolic link: too many levels of symbolic links",
        "sub/b.png",
        "sub/up: skipped: a link to a directory",
        "t.txt: skipped: not an image",
    ];
    assert_eq!(tree.lines(&["."]), expected);
}

#[test]
fn ignore_files_apply_by_where_a_linked_directory_is() {
    let tree = tree(&["real/img/a.png", "real/img/b.png", "other/c.png"]);
    tree.write("real/.gitignore", b"/img/a.png\n");
    tree.write("other/.gitignore", b"b.png\n");
    tree.link("../real/img", "other/link");
    assert_eq!(tree.files(&["other/link"]), ["other/link/b.png"]);
}

#[test]
fn names_that_are_not_utf8_or_break_terminals_are_files_like_any_other() {
    let tree = tree(&[
        "new\nline.png",
        "\x1b[31mred.png",
        "back\\slash.png",
        " .png",
    ]);
    for name in [b"same-\xfe.png".as_slice(), b"same-\xff.png"] {
        std::fs::write(tree.dir.path().join(OsStr::from_bytes(name)), PNG).unwrap();
    }
    let found = tree.find(&["."]);
    assert_eq!(found.len(), 6);
    assert!(
        found
            .iter()
            .all(|candidate| matches!(candidate.found, Found::File { .. }))
    );
    let twins: Vec<_> = found
        .iter()
        .filter_map(|candidate| candidate.path.raw())
        .collect();
    assert_eq!(twins, ["c2FtZS3+LnBuZw==", "c2FtZS3/LnBuZw=="]);
    assert_eq!(tree.files(&["same*"]), ["same-\\xFE.png", "same-\\xFF.png"]);
}

#[test]
fn a_path_that_is_too_long_is_lost_and_the_rest_goes_on() {
    let tree = tree(&["z.png"]);
    let name = "L".repeat(200);
    // Only relative steps can make such a tree.
    let script = format!(
        "for i in $(seq 24); do mkdir {name} && cd -P {name} || exit 1; done; : > deep.png"
    );
    let mut shell = std::process::Command::new("bash");
    if !shell
        .arg("-c")
        .arg(script)
        .current_dir(tree.dir.path())
        .status()
        .unwrap()
        .success()
    {
        return;
    }
    let lines = tree.lines(&["."]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].ends_with("LLL: find: the path is too long"),
        "{lines:?}"
    );
    assert_eq!(lines[1], "z.png");
}

#[test]
fn what_may_not_be_read_is_lost_and_the_rest_goes_on() {
    let tree = tree(&["closed.png", "locked/a.png", "listable/b.png", "z.png"]);
    let modes = [("closed.png", 0), ("locked", 0), ("listable", 0o444)];
    let chmod = |path: &str, mode: u32| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(tree.at(path), mode).unwrap();
    };
    modes.iter().for_each(|(path, mode)| chmod(path, *mode));
    let root = std::fs::read(tree.at("closed.png")).is_ok();
    let lines = tree.lines(&["."]);
    let named = tree.lines(&["locked", "locked/*.png", "z.png"]);
    modes.iter().for_each(|(path, _)| chmod(path, 0o755));
    if root {
        return assert_eq!(
            lines,
            ["closed.png", "listable/b.png", "locked/a.png", "z.png"]
        );
    }
    let expected = [
        "closed.png: read: permission denied",
        "listable/b.png: read: permission denied",
        "locked: find: permission denied",
        "z.png",
    ];
    assert_eq!(lines, expected);
    assert_eq!(named, ["locked: find: permission denied", "z.png"]);
}

#[cfg(target_os = "linux")]
#[test]
fn files_in_proc_are_not_opened_through_links() {
    let tree = tree(&["a.png"]);
    tree.link("/proc/self/mem", "proc.png");
    let expected = ["a.png", "proc.png: identify: not an image: empty file"];
    assert_eq!(tree.lines(&["."]), expected);
}
