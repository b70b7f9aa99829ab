//! The gate: what passes, what fails, and what is said of it.

mod base;
mod init;
mod measured;
mod outputs;
mod rules;

use std::fs;

use imgbench::check::Check;

use super::{Desk, Said, said};
use crate::pictures::{photo, png};

/// A desk with `img/a.png` (40×30), `img/b.png` (60×20) and this configuration.
fn desk(config: &str) -> Desk {
    let desk = Desk::new();
    desk.save("img/a.png", &photo(40, 30, 1));
    desk.save("img/b.png", &photo(60, 20, 2));
    desk.write("imgbench.toml", config);
    desk
}

/// A budget about everything in `img`.
fn budget(rules: &str) -> String {
    format!("[[budget]]\nname = \"all\"\nfiles = [\"img/**\"]\n{rules}\n")
}

/// The exit code and the outcome in full.
fn checked(desk: &Desk, flags: &str) -> (i32, Check) {
    let said = desk.run(&format!("check {flags} --format json"));
    let check = serde_json::from_str(&said.out);
    let check = check.unwrap_or_else(|e| panic!("{flags}: {e}\n{}\n{}", said.out, said.err));
    (said.code, check)
}

fn bytes(desk: &Desk, name: &str) -> u64 {
    fs::metadata(desk.path(name)).unwrap().len()
}
