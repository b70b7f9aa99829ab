//! A configuration to begin with.

use super::*;

#[test]
fn what_init_writes_is_passed_and_growth_by_a_tenth_is_not() {
    let desk = Desk::new();
    desk.save("img/hero/a.png", &photo(40, 30, 1));
    desk.save("img/hero/b.png", &photo(60, 20, 2));
    desk.save("img/blog/c.png", &photo(50, 50, 3));
    let said = desk.run("init");
    assert_eq!((said.code, said.out.as_str()), (0, ""));
    assert!(said.err.contains("budgets for 3 images"), "{}", said.err);
    let out = desk.done("check");
    assert!(out.contains("Passed: 3 files within budget."), "{out}");
    desk.save("img/blog/c.png", &photo(55, 52, 3));
    assert_eq!(desk.run("check").code, 1);
}

#[test]
fn globs_of_init_are_relative_to_the_file_it_writes() {
    let desk = Desk::new();
    desk.save("logo.png", &photo(20, 10, 1));
    desk.save("web/img/a.png", &photo(40, 30, 1));
    for (output, files) in [("web/imgbench.toml", 1), (".config/imgbench.toml", 2)] {
        fs::create_dir_all(desk.path(output).parent().unwrap()).unwrap();
        assert_eq!(desk.run(&format!("init -o {output}")).code, 0);
        let (code, check) = checked(&desk, &format!("--config {output}"));
        assert_eq!(
            (code, check.counts.files),
            (0, files),
            "{output}: {check:?}"
        );
    }
    // What lies elsewhere is no budget of it.
    assert_eq!(
        desk.run("init logo.png -o web/imgbench.toml --force").code,
        0
    );
    assert!(!desk.read("web/imgbench.toml").contains("\n[[budget]]"));
    assert_eq!(desk.run("init ./missing -o -").code, 2);
}

#[test]
fn init_replaces_nothing_unless_it_is_told_to() {
    let desk = Desk::with_photo();
    desk.write("imgbench.toml", "mine");
    let said = desk.run("init");
    assert!(
        said.code == 2 && said.err.contains("--force"),
        "{}",
        said.err
    );
    assert_eq!(desk.read("imgbench.toml"), "mine");
    let out = desk.done("init -o -");
    assert_eq!(desk.run("init --force").code, 0);
    assert_eq!(desk.read("imgbench.toml"), out);
    assert_eq!(desk.run("init missing -o -").code, 2);
    // Where there is no image, there is the manual, and no budget that would pass.
    let empty = Desk::new();
    assert_eq!(empty.run("init").code, 0);
    assert_eq!(empty.run("check").code, 2);
}
