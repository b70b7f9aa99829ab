use super::*;

#[test]
fn gitignore_counts_without_a_repository() {
    let tree = tree(&[
        "a.png",
        "out/b.png",
        "img/out/c.png",
        "img/d.png",
        "img/keep.png",
    ]);
    tree.write(".gitignore", b"out/\n");
    tree.write("img/.gitignore", b"*.png\n!keep.png\n");
    assert_eq!(tree.files(&["."]), ["a.png", "img/keep.png"]);
}

#[test]
fn ignored_files_come_back_when_ignore_files_are_skipped() {
    let mut tree = tree(&["a.png", "b.png"]);
    tree.write(".gitignore", b"a.png\n");
    tree.write(".imgbenchignore", b"b.png\n");
    assert_eq!(tree.files(&["."]), [""; 0]);
    tree.walk.ignore_files = IgnoreFiles::Skip;
    assert_eq!(tree.files(&["."]), ["a.png", "b.png"]);
}

#[test]
fn the_own_ignore_file_overrides_git() {
    let tree = tree(&["a.png", "b.png", "c.png"]);
    tree.write(".gitignore", b"a.png\n");
    tree.write(".imgbenchignore", b"\xef\xbb\xbfb.png\r\n!a.png\r\n");
    assert_eq!(tree.files(&["."]), ["a.png", "c.png"]);
}

#[test]
fn ignore_files_above_a_named_directory_count_up_to_the_repository() {
    let tree = tree(&[
        "repo/img/a.png",
        "repo/img/b.png",
        "repo/img/c.png",
        "repo/img/d.png",
    ]);
    tree.write(".gitignore", b"a.png\n");
    tree.write(".imgbenchignore", b"b.png\n");
    tree.write("repo/.gitignore", b"/img/c.png\n");
    assert_eq!(tree.files(&["repo/img"]), ["repo/img/d.png"]);
    std::fs::create_dir(tree.at("repo/.git")).unwrap();
    assert_eq!(
        tree.files(&["repo/img"]),
        ["repo/img/a.png", "repo/img/d.png"]
    );
    assert_eq!(tree.files(&["."]), ["repo/img/a.png", "repo/img/d.png"]);
}

#[test]
fn the_exclude_file_of_a_repository_counts() {
    let tree = tree(&["a.png", "b.png", "sub/a.png"]);
    tree.write(".git/info/exclude", b"a.png\n");
    assert_eq!(tree.files(&["."]), ["b.png"]);
}

#[test]
fn the_exclude_file_of_a_linked_working_tree_is_found() {
    let tree = tree(&["work/a.png", "work/b.png"]);
    tree.write("main/.git/info/exclude", b"a.png\n");
    tree.write("main/.git/worktrees/work/commondir", b"../..\n");
    tree.write("work/.git", b"gitdir: ../main/.git/worktrees/work\n");
    assert_eq!(tree.files(&["work"]), ["work/b.png"]);
}

#[test]
fn an_ignored_or_hidden_directory_is_searched_when_named() {
    let tree = tree(&["build/a.png", ".cache/b.png"]);
    tree.write(".gitignore", b"build/\n");
    assert_eq!(tree.files(&["."]), [""; 0]);
    assert_eq!(
        tree.files(&["build", ".cache"]),
        [".cache/b.png", "build/a.png"]
    );
}

#[test]
fn hidden_files_are_taken_on_request_or_when_let_in() {
    let mut tree = tree(&[
        "a.png",
        ".b.png",
        ".dir/c.png",
        "..png",
        "...png",
        "sub/.d.png",
    ]);
    assert_eq!(tree.files(&["."]), ["a.png"]);
    tree.write("sub/.gitignore", b"!.d.png\n");
    assert_eq!(tree.files(&["."]), ["a.png", "sub/.d.png"]);
    tree.walk.hidden = Hidden::Take;
    tree.write(".git/e.png", PNG);
    let expected = [
        "...png",
        "..png",
        ".b.png",
        ".dir/c.png",
        "a.png",
        "sub/.d.png",
    ];
    assert_eq!(tree.files(&["."]), expected);
}

#[test]
fn trouble_with_an_ignore_file_is_told_and_the_rest_of_it_applies() {
    let tree = tree(&["a.png", "b.png", "c/d.png"]);
    tree.write(".gitignore", b"a[z-x].png\na.png\n");
    let long = [b"!a.png\n".as_slice(), &[b'{'; 5000], b"\nd.png\n"].concat();
    tree.write("c/.imgbenchignore", &long);
    let lines = tree.lines(&["."]);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(
        lines[0].starts_with(".gitignore: skipped: ignore file: line 1: "),
        "{lines:?}"
    );
    assert!(!lines[0].contains("z-x"));
    assert_eq!(lines[1], "b.png");
    assert_eq!(
        lines[2],
        "c/.imgbenchignore: skipped: ignore file: line 2: pattern is too long"
    );
}

#[test]
fn deeply_nested_patterns_do_not_exhaust_the_stack() {
    let tree = tree(&["a.png"]);
    let nested = ["{".repeat(500), "a".into(), "}".repeat(500)].concat();
    tree.write(".gitignore", nested.as_bytes());
    assert!(tree.files(&["."]).len() <= 1);
    assert_eq!(tree.files(&[&nested]), [""; 0]);
    assert!(Exclude::new(Path::new("/"), &[&nested, &"{".repeat(1 << 20)]).is_err());
}

#[cfg(unix)]
#[test]
fn ignore_files_that_are_not_files_neither_block_nor_count() {
    let tree = tree(&["a.png", "b/c.png"]);
    let fifo = tree.at(".gitignore");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(fifo)
            .status()
            .unwrap()
            .success()
    );
    tree.link("/dev/zero", ".imgbenchignore");
    tree.link("/dev/zero", "b/.git");
    let expected = [
        ".gitignore: skipped: ignore file: a named pipe, not a regular file, not applied",
        ".imgbenchignore: skipped: ignore file: a device, not a regular file, not applied",
        "a.png",
        "b/.git: skipped: ignore file: not a directory, not applied",
        "b/c.png",
    ];
    assert_eq!(tree.lines(&["."]), expected);
    // From above, too.
    assert_eq!(tree.files(&["b"]), ["b/c.png"]);
}
