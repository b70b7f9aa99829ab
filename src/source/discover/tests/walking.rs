use super::*;

#[test]
fn a_directory_is_searched_all_the_way_down_and_sorted_by_bytes() {
    let tree = tree(&["b.png", "a/z.png", "a/b/c/d.png", "a.png", "B.png", "é.png"]);
    let expected = ["B.png", "a.png", "a/b/c/d.png", "a/z.png", "b.png", "é.png"];
    assert_eq!(tree.lines(&["."]), expected);
}

#[test]
fn content_decides_in_a_directory() {
    let tree = tree(&["image", "wrong.txt.jpg", "readme.txt"]);
    tree.write("empty.png", b"");
    tree.write("text.png", b"hello\n");
    tree.write("page.webp", b"\n<!DOCTYPE html><p>404");
    tree.write(
        "pointer.jpg",
        b"version https://git-lfs.github.com/spec/v1\n",
    );
    tree.write("icon.png", b"<?xml version=\"1.0\"?><svg/>");
    tree.write("noise.png", b"\x00\x01\xfe\xff");
    tree.write("zeros.png", &[0; 100]);
    let expected = [
        "empty.png: identify: not an image: empty file",
        "icon.png: identify: not an image: looks like SVG or XML text",
        "image",
        "noise.png: identify: not an image: unknown content",
        "page.webp: identify: not an image: looks like HTML text",
        "pointer.jpg: identify: not an image: a Git LFS pointer (run `git lfs pull`)",
        "readme.txt: skipped: not an image",
        "text.png: identify: not an image: looks like text",
        "wrong.txt.jpg",
        "zeros.png: identify: not an image: nothing but zeros",
    ];
    assert_eq!(tree.lines(&["."]), expected);
}

#[test]
fn drawings_and_documents_beside_images_are_no_failures() {
    let tree = tree(&["a.png"]);
    tree.write("logo.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    tree.write("broken.svg", b"");
    tree.write("paper.pdf", b"%PDF-1.7\n");
    tree.write("photo.avif", b"\0\0\0\x1cftypavif\0\0\0\0mif1avif");
    let expected = [
        "a.png",
        "broken.svg: skipped: not an image",
        "logo.svg: skipped: not an image",
        "paper.pdf: skipped: not an image",
        "photo.avif",
    ];
    assert_eq!(tree.lines(&["."]), expected);
    assert_eq!(tree.files(&["logo.svg"]), ["logo.svg"]);
}

#[test]
fn the_size_and_the_place_of_a_file_are_known() {
    let tree = tree(&["img/a.png"]);
    let found = tree.find(&["img"]);
    let at = tree.walk.cwd.join("img").join("a.png");
    let bytes = PNG.len() as u64;
    assert_eq!(found[0].found, Found::File { at, bytes });
    assert_eq!(found[0].origin, Origin::Walked);
}

#[test]
fn a_path_met_twice_is_listed_once_and_named_wins() {
    let tree = tree(&["a/b.png", "a/c.png"]);
    let found = tree.find(&["a", "a/b.png", "./a/../a/b.png", "a/*.png", "a", "."]);
    let origins: Vec<_> = found.iter().map(|c| (c.path.text(), c.origin)).collect();
    let expected = [
        ("a/b.png".into(), Origin::Named),
        ("a/c.png".into(), Origin::Walked),
    ];
    assert_eq!(origins, expected);
}

#[test]
fn the_order_of_the_inputs_does_not_matter() {
    let tree = tree(&["a/b.png", "c.png", "d/e.txt"]);
    assert_eq!(
        tree.lines(&["a", "c.png", "d"]),
        tree.lines(&["d", "c.png", "a"])
    );
}

#[test]
fn a_named_directory_without_images_is_answered_for() {
    let tree = tree(&["docs/a.txt", "dots/.a.png", "broken/a.txt", "full/a.png"]);
    tree.write("empty/.gitignore", b"*\n");
    tree.write("broken/b.png", b"");
    let expected = [
        "broken/a.txt: skipped: not an image",
        "broken/b.png: identify: not an image: empty file",
        "docs: skipped: directory holds no image",
        "docs/a.txt: skipped: not an image",
        "dots: skipped: directory holds no image (1 hidden or ignored: --hidden, --no-ignore)",
        "empty: skipped: directory holds no image",
        "full/a.png",
    ];
    assert_eq!(
        tree.lines(&["docs", "dots", "empty", "broken", "full"]),
        expected
    );
}

#[test]
fn directories_may_lie_above_or_elsewhere() {
    let mut tree = tree(&["a/b/x.png", "a/y.png", "z.png"]);
    tree.walk.cwd = tree.walk.cwd.join("a").join("b");
    assert_eq!(tree.files(&["../.."]), ["../../z.png", "../y.png", "x.png"]);
    assert_eq!(tree.files(&["..", "."]), ["../y.png", "x.png"]);
    assert_eq!(tree.files(&["../**/*.png", "x.png"]), ["../y.png", "x.png"]);
    let absolute = tree.walk.cwd.join("..");
    assert_eq!(
        tree.files(&[absolute.to_str().unwrap()]),
        ["../y.png", "x.png"]
    );
}

#[test]
fn large_files_are_lost_only_where_they_are_images() {
    let mut tree = tree(&["a.png", "dump.txt"]);
    for (name, size) in [("a.png", 6 << 30), ("dump.txt", 6 << 30)] {
        let file = std::fs::File::options()
            .write(true)
            .open(tree.at(name))
            .unwrap();
        if file.set_len(size).is_err() {
            return; // this file system has no sparse files
        }
    }
    let error = "limit: 6.4 GB is over the limit of 256 MiB: raise --max-file-size";
    let expected = [
        format!("a.png: {error}"),
        "dump.txt: skipped: not an image".into(),
    ];
    assert_eq!(tree.lines(&["."]), expected);
    assert_eq!(tree.lines(&["a.png"]), [format!("a.png: {error}")]);
    tree.walk.max_file_size = 6 << 30;
    assert_eq!(tree.files(&["."]), ["a.png"]);
}

#[test]
fn excluded_files_are_skipped_unless_named() {
    let mut tree = tree(&["a/x.png", "a/fixtures/y.png", "a/z.gif", "b.png"]);
    let globs = ["**/fixtures/**", "a/*.gif"];
    tree.walk.exclude = Exclude::new(&tree.walk.cwd, &globs).unwrap();
    let expected = [
        "a/fixtures: skipped: excluded by configuration",
        "a/x.png",
        "a/z.gif: skipped: excluded by configuration",
        "b.png",
    ];
    assert_eq!(tree.lines(&["."]), expected);
    assert_eq!(tree.files(&["a/z.gif"]), ["a/z.gif"]);
    let expected = ["a/x.png", "a/z.gif: skipped: excluded by configuration"];
    assert_eq!(tree.lines(&["a/**"]), expected);
}

#[test]
fn excludes_count_from_the_configuration_not_from_the_working_directory() {
    let mut tree = tree(&["web/img/a.png", "web/img/b.png"]);
    tree.walk.exclude = Exclude::new(&tree.walk.cwd, &["web/img/a.*"]).unwrap();
    tree.walk.cwd = tree.walk.cwd.join("web");
    assert_eq!(tree.files(&["."]), ["img/b.png"]);
}
