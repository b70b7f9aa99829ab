//! Results that are kept between runs.

use super::Desk;

const LINE: &str = "compare a.png -f jpeg,webp -q 60";

#[test]
fn the_second_run_says_that_it_measured_nothing_and_where_results_are() {
    let desk = Desk::with_photo();
    assert!(
        !desk
            .done(&format!("{LINE} --cache kept"))
            .contains("cached")
    );
    let warm = desk.done(&format!("{LINE} --cache kept"));
    assert_eq!(warm.matches("cached").count(), 2, "{warm}");
    assert!(
        warm.contains("2 of 2 results measured in earlier runs"),
        "{warm}"
    );
    let anew = desk.done(&format!("{LINE} --no-cache"));
    assert!(!anew.contains("cached"), "{anew}");
    let stats = desk.done("cache stats --cache kept");
    assert!(stats.starts_with("kept\n3 results, 0.0 MB of "), "{stats}");
    assert_eq!(
        desk.done("cache clear --cache kept"),
        "removed 3 results, 0.0 MB\n"
    );
    let stats = desk.done("cache --cache kept stats");
    assert!(stats.contains("\n0 results"), "{stats}");
}

#[test]
fn the_environment_names_the_folder_or_none() {
    let desk = Desk::with_photo();
    let run = |folder: &str| {
        let mut command = desk.command();
        command.env("IMGBENCH_CACHE", folder);
        command.args(LINE.split(' ')).assert().success();
    };
    run("");
    assert_eq!(desk.names(), ["a.png"]);
    run("there");
    assert_eq!(desk.names(), ["a.png", "there"]);
    let mut command = desk.command();
    command
        .env_remove("IMGBENCH_CACHE")
        .env("XDG_CACHE_HOME", desk.path("user"));
    command.args(LINE.split(' ')).assert().success();
    assert!(desk.path("user/imgbench/CACHEDIR.TAG").exists());
    let said = desk.run("cache stats");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--cache"), "{}", said.err);
}

#[test]
fn damage_is_found_and_told() {
    let desk = Desk::with_photo();
    desk.done(&format!("{LINE} --cache kept"));
    assert_eq!(
        desk.done("cache verify --cache kept"),
        "3 sound, 0 damaged and removed\n"
    );
    let shards = desk.path("kept/results-1").read_dir().unwrap();
    let shard = shards.map(|s| s.unwrap().path()).next().unwrap();
    let file = shard.read_dir().unwrap().next().unwrap().unwrap().path();
    std::fs::write(file, "nonsense").unwrap();
    let said = desk.run("cache verify --cache kept");
    assert_eq!(
        (said.code, said.out.as_str()),
        (1, "2 sound, 1 damaged and removed\n")
    );
}

#[test]
fn a_folder_that_cannot_be_written_costs_one_warning() {
    let desk = Desk::with_photo();
    desk.write("file", "in the way");
    let said = desk.run(&format!("{LINE} --cache file"));
    assert_eq!(said.code, 0);
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    assert!(
        said.err.contains("results are not kept in file"),
        "{}",
        said.err
    );
    assert!(
        desk.run(&format!("{LINE} --cache file --quiet"))
            .err
            .is_empty()
    );
}

#[test]
fn without_timings_both_runs_write_the_same() {
    let desk = Desk::with_photo();
    for name in ["cold.json", "warm.json"] {
        desk.done(&format!("{LINE} --cache kept --no-timings -o {name}"));
    }
    assert_eq!(desk.read("cold.json"), desk.read("warm.json"));
}

#[test]
fn the_gate_takes_what_was_measured_and_warns_once_too() {
    let desk = Desk::with_photo();
    let budget =
        "[[budget]]\nfiles = [\"*.png\"]\nmax-saving = { percent = 90, at = \"ssimulacra2=70\" }\n";
    desk.write("imgbench.toml", budget);
    let cold = desk.run("check --cache kept --format json");
    assert!(desk.path("kept/CACHEDIR.TAG").exists());
    let warm = desk.run("check --cache kept --format json");
    assert_eq!((cold.code, cold.out), (warm.code, warm.out));
    desk.write("file", "in the way");
    let said = desk.run("check --cache file");
    assert_eq!(
        said.err.matches("results are not kept in file").count(),
        1,
        "{}",
        said.err
    );
}
