use super::*;

#[test]
fn a_named_file_is_attempted_whatever_it_is() {
    let mut tree = tree(&["a.txt", ".b.png", "c"]);
    tree.write(".gitignore", b"*\n");
    tree.write("empty.png", b"");
    tree.walk.exclude = Exclude::new(&tree.walk.cwd, &["**"]).unwrap();
    let found = tree.find(&["a.txt", ".b.png", "c", "empty.png"]);
    assert_eq!(found.len(), 4);
    for candidate in found {
        assert_eq!(candidate.origin, Origin::Named);
        assert!(
            matches!(candidate.found, Found::File { .. }),
            "{candidate:?}"
        );
    }
}

#[test]
fn a_named_file_that_is_missing_is_lost() {
    let tree = tree(&["a.png"]);
    let expected = [
        "a.png",
        "gone.png: find: no such file or directory",
        "gone/x.png: find: no such file or directory",
    ];
    assert_eq!(
        tree.lines(&["gone.png", "a.png", "gone/x.png", "gone.png"]),
        expected
    );
    assert_eq!(tree.lines(&[""]), [".: find: an empty path names no file"]);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_a_path_is_lost() {
    let tree = tree(&["a.png"]);
    assert_eq!(
        tree.lines(&["a.png/b.png"]),
        ["a.png/b.png: find: not a directory"]
    );
    let long = "x".repeat(300);
    assert_eq!(
        tree.lines(&[&long]),
        [format!("{long}: find: the path is too long")]
    );
    let lines = tree.lines(&["nul\0.png"]);
    assert!(lines[0].starts_with("nul\0.png: find: "), "{lines:?}");
}

#[test]
fn standard_input_is_a_candidate_once() {
    let tree = tree(&["-"]);
    let inputs = [Input::Stdin, Input::Path("./-".into()), Input::Stdin];
    let found = discover(&inputs, &tree.walk);
    let lines: Vec<String> = found.iter().map(line).collect();
    assert_eq!(lines, ["-: standard input", "./-"]);
}

#[cfg(unix)]
#[test]
fn named_pipes_sockets_and_devices_are_lost_not_opened() {
    let tree = tree(&[]);
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
    let hint = "pipe into standard input instead and name it -";
    let expected = [
        format!("fifo.png: read: a named pipe, not a regular file: {hint}"),
        "socket.png: read: a socket, not a regular file".into(),
        "zero.png: read: a device, not a regular file".into(),
    ];
    assert_eq!(
        tree.lines(&["fifo.png", "socket.png", "zero.png"]),
        expected
    );
}

#[cfg(unix)]
#[test]
fn named_links_lead_to_files_and_directories() {
    let tree = tree(&["real/a.png"]);
    tree.link("real", "dir");
    tree.link("real/a.png", "file.png");
    tree.link("gone", "dangling.png");
    tree.link("gone", "star*.png");
    tree.link("loop.png", "loop.png");
    assert_eq!(tree.lines(&["dir", "file.png"]), ["dir/a.png", "file.png"]);
    let dangling = "find: dangling symbolic link: its target does not exist";
    assert_eq!(
        tree.lines(&["dangling.png"]),
        [format!("dangling.png: {dangling}")]
    );
    assert_eq!(
        tree.lines(&["star*.png"]),
        [format!("star*.png: {dangling}")]
    );
    assert_eq!(
        tree.lines(&["loop.png"]),
        ["loop.png: find: too many levels of symbolic links"]
    );
}
