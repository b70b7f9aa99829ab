//! The README shows what the binary prints. `TRYCMD=overwrite cargo test readme` writes it anew.

#[test]
fn the_readme_shows_what_the_binary_prints() {
    trycmd::TestCases::new()
        .env("IMGBENCH_CACHE", "")
        // Where this runs there, annotations would come beside.
        .env("GITHUB_ACTIONS", "false")
        .case("README.md");
}
