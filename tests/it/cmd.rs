//! Whole commands and all they say. `TRYCMD=overwrite cargo test cmd` writes the cases anew.
#![cfg(all(feature = "cli", unix))]

#[test]
fn the_command_says_what_it_always_said() {
    trycmd::TestCases::new()
        .env("IMGBENCH_CACHE", "")
        .case("tests/cmd/*.md");
}
