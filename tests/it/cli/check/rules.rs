//! Limits that a file's size and header tell of, and exit codes.

use super::*;

#[test]
fn a_limit_itself_is_allowed_and_a_byte_more_is_not() {
    let desk = desk("");
    let most = bytes(&desk, "img/a.png").max(bytes(&desk, "img/b.png"));
    desk.write("imgbench.toml", budget(&format!("max-size = \"{most} B\"")));
    let out = desk.done("check");
    assert!(out.contains("Passed: 2 files within budget."), "{out}");
    let less = most - 1;
    desk.write("imgbench.toml", budget(&format!("max-size = \"{less} B\"")));
    let Said { code, out, err } = desk.run("check");
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    let sentence = format!("is {most} B, 1 B over the {less} B budget “all” (imgbench.toml:4)");
    assert!(out.contains(&sentence), "{out}");
    assert!(
        out.contains("Failed: 1 error and 0 warnings in 2 files."),
        "{out}"
    );
    assert!(out.contains("imgbench compare img/"), "{out}");
}

#[test]
fn every_cheap_rule_finds_what_breaks_it() {
    for (rules, path, actual) in [
        ("max-size = \"1 B\"", Some("img/a.png"), None),
        ("max-total = \"1 kB\"", None, None),
        ("max-bpp = 0.01", Some("img/a.png"), None),
        ("max-width = 59", Some("img/b.png"), Some("60")),
        ("max-height = 29", Some("img/a.png"), Some("30")),
        (
            "formats = [\"webp\", \"jpeg\"]",
            Some("img/a.png"),
            Some("\"png\""),
        ),
    ] {
        let desk = desk(&budget(rules));
        let (code, check) = checked(&desk, "");
        assert_eq!(code, 1, "{rules}");
        let rule = rules.split(' ').next().unwrap();
        let finding = check.findings.iter().find(|f| f.path.as_deref() == path);
        let finding = finding.unwrap_or_else(|| panic!("{rules}: {:?}", check.findings));
        assert_eq!((finding.rule.as_str(), finding.line), (rule, 4));
        let shown = serde_json::to_string(&finding.actual).unwrap();
        assert!(
            actual.is_none_or(|actual| actual == shown),
            "{rules}: {shown}"
        );
    }
    let fine = "max-size = \"1 MB\"\nmax-total = \"1 MB\"\nmax-bpp = 100\nmax-width = 60\nmax-height = 30\nformats = [\"png\"]";
    assert_eq!(checked(&desk(&budget(fine)), "").0, 0);
}

#[test]
fn the_sum_of_a_budget_is_that_of_its_files() {
    let desk = desk("");
    let sum = bytes(&desk, "img/a.png") + bytes(&desk, "img/b.png");
    for (limit, code) in [(sum, 0), (sum - 1, 1)] {
        desk.write(
            "imgbench.toml",
            budget(&format!("max-total = \"{limit} B\"")),
        );
        assert_eq!(checked(&desk, "").0, code);
    }
}

#[test]
fn warnings_pass_up_to_a_number() {
    let desk = desk(&budget("max-size = \"1 B\"\nlevel = \"warn\""));
    let out = desk.done("check");
    assert!(out.contains("0 errors and 2 warnings in 2 files"), "{out}");
    assert_eq!(desk.run("check --max-warnings 2").code, 0);
    let said = desk.run("check --max-warnings 1");
    assert!(
        said.code == 1 && said.out.contains("more than the 1 of --max-warnings"),
        "{}",
        said.out
    );
}

#[test]
fn a_budget_that_is_off_is_not_looked_at() {
    let desk = desk(&budget("max-size = \"1 B\"\nlevel = \"off\""));
    let out = desk.done("check");
    assert!(out.contains("every budget is off"), "{out}");
}

#[test]
fn a_budget_that_matches_nothing_is_2_unless_it_may() {
    let nothing = "[[budget]]\nname = \"none\"\nfiles = [\"nowhere/**\"]\nmax-size = \"1 MB\"\n";
    let desk = desk(&(budget("max-size = \"1 MB\"") + nothing));
    let said = desk.run("check");
    assert_eq!(said.code, 2, "{}", said.out);
    assert!(
        said.out
            .contains("“none” matches no file (imgbench.toml:5)"),
        "{}",
        said.out
    );
    // A violation beside it changes nothing of that.
    assert_eq!(desk.run("check img/a.png").code, 2);
    let allowed = format!(
        "{}{nothing}allow-empty = true\n",
        budget("max-size = \"1 MB\"")
    );
    desk.write("imgbench.toml", allowed);
    assert_eq!(desk.run("check").code, 0);
}

#[test]
fn naming_some_files_leaves_other_budgets_alone() {
    let other = "[[budget]]\nname = \"b\"\nfiles = [\"img/b.png\"]\nmax-size = \"1 B\"\n";
    let desk = desk(&(budget("max-size = \"1 MB\"") + other));
    let (code, check) = checked(&desk, "img/a.png");
    assert_eq!((code, check.counts.files), (0, 1), "{check:?}");
    assert_eq!(checked(&desk, "img").0, 1);
    desk.write("list", "img/a.png\n");
    assert_eq!(checked(&desk, "--files-from list").0, 0);
}

#[test]
fn files_that_no_budget_is_about_are_told_and_are_no_check_alone() {
    let desk = desk(&budget("max-size = \"1 MB\""));
    desk.save("docs/x.png", &photo(20, 10, 1));
    desk.save("docs/y.png", &photo(20, 10, 1));
    let told = "no budget is about docs/x.png and 1 more";
    for (paths, code) in [
        ("docs/x.png docs/y.png", 2),
        ("img/a.png docs/x.png docs/y.png", 0),
    ] {
        let said = desk.run(&format!("check {paths}"));
        assert_eq!(said.code, code, "{}", said.out);
        assert!(said.out.contains(told), "{}", said.out);
    }
    let said = desk.run("check docs");
    assert!(
        said.code == 2 && said.out.contains("Incomplete: 0 files checked."),
        "{}",
        said.out
    );
    // Unless there need not be any.
    desk.write(
        "imgbench.toml",
        budget("max-size = \"1 MB\"\nallow-empty = true"),
    );
    assert_eq!(desk.run("check docs").code, 0);
}

#[test]
fn what_cannot_be_read_is_2_and_the_rest_is_checked() {
    let desk = desk(&budget("max-width = 50"));
    let whole = png(&photo(30, 20, 2));
    desk.write("img/cut.png", &whole[..20]);
    let (code, check) = checked(&desk, "");
    assert_eq!(
        (code, check.counts.failures, check.counts.errors),
        (2, 1, 1)
    );
    assert_eq!(check.failures[0].path, "img/cut.png");
    // Findings still count where failures are forgiven.
    assert_eq!(checked(&desk, "--allow-failures").0, 1);
    desk.write("imgbench.toml", budget("max-width = 60"));
    assert_eq!(checked(&desk, "--allow-failures").0, 0);
    assert_eq!(checked(&desk, "").0, 2);
    // Bytes can be counted of anything that begins like an image, and of nothing that does not.
    desk.write("imgbench.toml", budget("max-size = \"1 MB\""));
    assert_eq!(checked(&desk, "").0, 0);
    desk.write(
        "img/text.png",
        "version https://git-lfs.github.com/spec/v1\nsize 1\n",
    );
    assert_eq!(checked(&desk, "").0, 2);
    let said = desk.run("check img/a.png missing.png");
    assert!(
        said.code == 2 && said.out.contains("missing.png"),
        "{}",
        said.out
    );
}

#[test]
fn nothing_to_check_never_passes() {
    let desk = Desk::new();
    for (config, hint) in [
        (None, "imgbench init"),
        (Some(""), "no [[budget]]"),
        (Some("[compare]\n"), "no [[budget]]"),
        (
            Some("[[budget]]\nfiles = [\"**\"]\nmax-size = \"1 B\"\nallow-empty = true\n"),
            "no image found",
        ),
    ] {
        config
            .iter()
            .for_each(|text| desk.write("imgbench.toml", text));
        let said = desk.run("check");
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{config:?}");
        assert!(said.err.contains(hint), "{config:?}: {}", said.err);
    }
}

#[test]
fn mistakes_are_2_and_told_all_at_once() {
    let desk = desk(
        "[[budget]]\nfiles = [\"img/**\"]\nmax-size = 200\nmax-siez = \"1 kB\"\nmax-bpp = nan\n[[budgit]]\n",
    );
    let said = desk.run("check");
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    for hint in [
        "imgbench.toml: 4 mistakes",
        "line 3, column 12",
        "“200” is not a size",
        "^^^",
        "line 4, column 1",
        "max-siez",
        "`max-size`",
        "line 5, column 11",
        "line 6",
        "budgit",
    ] {
        assert!(said.err.contains(hint), "{hint} is not in {}", said.err);
    }
    // `compare` reads the same file.
    assert_eq!(desk.run("compare img/a.png").code, 2);
}

#[test]
fn an_exemption_holds_until_its_last_day() {
    let exempt = |until: &str| {
        budget(&format!(
            "max-size = \"1 B\"\nexempt = [{{ files = [\"img/a.png\"], reason = \"for print\"{until} }}]"
        ))
    };
    let desk = desk(&exempt(""));
    desk.write("list", "img/a.png\n");
    let out = desk.done("check img/a.png -v");
    assert!(out.contains("exempt: for print"), "{out}");
    assert_eq!(checked(&desk, "").1.counts.exempt, 1);
    desk.write("imgbench.toml", exempt(", until = 2999-12-31"));
    assert_eq!(checked(&desk, "img/a.png").0, 0);
    desk.write("imgbench.toml", exempt(", until = \"2020-02-29\""));
    let said = desk.run("check img/a.png");
    assert_eq!(said.code, 1);
    assert!(
        said.out.contains("its exemption ended on 2020-02-29"),
        "{}",
        said.out
    );
    // Neither is an exempt file part of the sum.
    let sum = exempt("").replace("max-size = \"1 B\"", "max-total = \"1 B\"");
    desk.write("imgbench.toml", sum);
    assert_eq!(checked(&desk, "img/a.png").0, 0);
    assert_eq!(checked(&desk, "").0, 1);
}

#[test]
fn drawings_are_counted_and_have_no_pixels() {
    let desk = desk(&budget(
        "max-size = \"1 MB\"\nmax-width = 60\nformats = [\"png\", \"svg\"]",
    ));
    desk.write("img/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    let (code, check) = checked(&desk, "");
    assert_eq!((code, check.counts.files), (0, 3), "{check:?}");
    desk.write(
        "imgbench.toml",
        budget("max-size = \"1 MB\"").replace("img/**\"", "img/**\", \"!**/*.svg\""),
    );
    assert_eq!(checked(&desk, "").1.counts.files, 2);
}

#[test]
fn globs_are_relative_to_the_configuration_wherever_it_is_run() {
    let desk = desk(&budget("max-size = \"1 B\""));
    let said = said(
        desk.command()
            .current_dir(desk.path("img"))
            .args(["check", "--format", "json"]),
    );
    let check: Check = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, check.counts.files), (1, 2));
    assert_eq!(
        (check.files[0].path.as_str(), check.config.as_str()),
        ("a.png", "../imgbench.toml")
    );
}
