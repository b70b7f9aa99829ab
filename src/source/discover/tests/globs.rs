use super::*;

#[test]
fn a_star_stays_within_a_directory_and_two_stars_do_not() {
    let tree = tree(&["a.png", "b.jpg", "img/c.png", "img/sub/d.png", "img/e.txt"]);
    assert_eq!(tree.lines(&["*.png"]), ["a.png"]);
    assert_eq!(
        tree.lines(&["**/*.png"]),
        ["a.png", "img/c.png", "img/sub/d.png"]
    );
    assert_eq!(
        tree.lines(&["img/**/*.png"]),
        ["img/c.png", "img/sub/d.png"]
    );
    assert_eq!(tree.lines(&["./*.{png,jpg}"]), ["a.png", "b.jpg"]);
    assert_eq!(tree.lines(&["{a,img/c}.png"]), ["a.png", "img/c.png"]);
    assert_eq!(tree.lines(&["?.[jp]*g"]), ["a.png", "b.jpg"]);
    assert_eq!(tree.lines(&["*/e.*"]), ["img/e.txt: skipped: not an image"]);
}

#[test]
fn globs_may_be_absolute_or_start_above() {
    let mut tree = tree(&["a/b.png", "c.png"]);
    let absolute = format!("{}/*.png", tree.walk.cwd.display());
    tree.walk.cwd = tree.walk.cwd.join("a");
    assert_eq!(tree.lines(&["../*.png"]), ["../c.png"]);
    assert_eq!(tree.lines(&[&absolute]), ["../c.png"]);
}

#[test]
fn no_match_is_an_error_under_the_glob_itself() {
    let tree = tree(&["img/a.png"]);
    let lost = |glob: &str| tree.lines(&[glob]);
    assert_eq!(lost("*.gif"), ["*.gif: find: glob matches no file"]);
    assert_eq!(
        lost("gone/*.png"),
        ["gone/*.png: find: glob matches no file"]
    );
    assert_eq!(
        lost("img/a.png/*.png"),
        ["img/a.png/*.png: find: glob matches no file"]
    );
    let only = "i*: find: glob matches no file, only directories: end it in /** to search them";
    assert_eq!(lost("i*"), [only]);
    let bad = lost("a[z-x].png");
    assert!(
        bad[0].starts_with("a[z-x].png: find: no such file or directory, and not a valid glob: ")
    );
    let long = "*".repeat(300);
    assert_eq!(lost(&long).len(), 1);
}

#[test]
fn a_file_whose_name_looks_like_a_glob_is_that_file() {
    if cfg!(windows) {
        return; // no such names
    }
    let tree = tree(&["star*?[x].png", "starry-x.png", "{a,b}.png", "a.png"]);
    assert_eq!(tree.lines(&["star*?[x].png"]), ["star*?[x].png"]);
    assert_eq!(tree.lines(&["{a,b}.png"]), ["{a,b}.png"]);
    assert_eq!(tree.find(&["{a,b}.png"])[0].origin, Origin::Named);
    assert_eq!(tree.lines(&["star\\**.png"]), ["star*?[x].png"]);
}

#[test]
fn names_from_a_list_are_never_globs() {
    let tree = tree(&["a.png", "-"]);
    let inputs = ["*.png", "-", "a.png"].map(|path| Input::Listed(path.into()));
    let found = discover(&inputs, &tree.walk);
    let lines: Vec<String> = found.iter().map(line).collect();
    assert_eq!(
        lines,
        ["*.png: find: no such file or directory", "./-", "a.png"]
    );
}

#[test]
fn hidden_files_match_only_a_pattern_that_says_so() {
    let mut tree = tree(&["a.png", ".b.png", ".dir/c.png", ".dir/.d.png", "e/.f/g.png"]);
    assert_eq!(tree.files(&["**/*.png"]), ["a.png"]);
    assert_eq!(tree.files(&[".*.png"]), [".b.png"]);
    assert_eq!(tree.files(&[".dir/*.png"]), [".dir/c.png"]);
    assert_eq!(tree.files(&[".*/*.png"]), [".dir/c.png"]);
    assert_eq!(tree.files(&["**/.f/*.png"]), ["e/.f/g.png"]);
    tree.walk.hidden = Hidden::Take;
    assert_eq!(tree.files(&["**/*.png"]).len(), 5);
}

#[test]
fn ignore_files_do_not_count_for_globs() {
    let tree = tree(&["a.png", "out/b.png"]);
    tree.write(".gitignore", b"out/\n*.png\n");
    assert_eq!(tree.files(&["**/*.png"]), ["a.png", "out/b.png"]);
}

#[cfg(unix)]
#[test]
fn links_to_directories_are_entered_only_in_the_literal_part() {
    let tree = tree(&["real/a.png"]);
    tree.link("real", "link");
    assert_eq!(tree.files(&["**/*.png"]), ["real/a.png"]);
    assert_eq!(tree.files(&["link/*.png"]), ["link/a.png"]);
    assert_eq!(
        tree.lines(&["lin*"]),
        ["link: skipped: a link to a directory"]
    );
}
