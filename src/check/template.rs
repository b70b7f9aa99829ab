//! The configuration that `imgbench init` writes: a manual, and budgets for the images that are there. Pure.

use std::collections::BTreeMap;

/// An image that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Relative to the configuration, with `/`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// Budgets written at most; where there would be more, one is about everything.
const MOST: usize = 8;

const MANUAL: &str = include_str!("template.toml");

/// A configuration with a budget for every folder of `images`, a tenth above what they are today.
pub fn template(images: &[Image]) -> String {
    let mut text = MANUAL.to_owned();
    if images.is_empty() {
        text += "\n# No image was found here: uncomment the budget above and say which files it is about.\n";
    }
    for (folder, images) in groups(images) {
        text += &budget(&folder, &images);
    }
    text
}

/// A folder, with `/**` where all below it is meant, and what is in it.
type Group<'a> = (String, Vec<&'a Image>);

/// Images by the folders below the one that they all share.
fn groups(images: &[Image]) -> Vec<Group<'_>> {
    let Some(first) = images.first() else {
        return Vec::new();
    };
    let folders = images.iter().map(|image| folder(&image.path));
    let shared = folders.fold(folder(&first.path), shared);
    let mut groups = BTreeMap::<String, Vec<&Image>>::new();
    for image in images {
        let below = image.path[shared.len()..].split_once('/');
        let glob = match below {
            Some((child, _)) => format!("{shared}{child}/**"),
            None => format!("{shared}*"),
        };
        groups.entry(glob).or_default().push(image);
    }
    if groups.len() > MOST {
        return vec![(format!("{shared}**"), images.iter().collect())];
    }
    groups.into_iter().collect()
}

/// The folder of a file, with its last `/`; empty at the top.
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}

/// The folder that two folders share.
fn shared<'a>(a: &'a str, b: &str) -> &'a str {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let end = a.as_bytes()[..same].iter().rposition(|byte| *byte == b'/');
    end.map_or("", |at| &a[..=at])
}

fn budget(glob: &str, images: &[&Image]) -> String {
    let largest = images.iter().map(|image| image.bytes).max().unwrap_or(0);
    let total: u64 = images.iter().map(|image| image.bytes).sum();
    let count = match images.len() {
        1 => "the only one is".to_owned(),
        n => format!("the {n} of them are"),
    };
    let name = glob.trim_end_matches(['*', '/']);
    // What lies at the top is in no folder, and no folder is called so.
    let name = if name.is_empty() { glob } else { name };
    let literal = glob_of(glob);
    format!(
        "\n[[budget]]\nname      = {}\nfiles     = [{}]\nmax-size  = \"{}\"  # today the largest is {}\nmax-total = \"{}\"  # today {count} {}\n",
        quoted(name),
        quoted(&literal),
        limit(largest),
        size(largest),
        limit(total),
        size(total),
    )
}

/// `glob` with any character for what is special in its folder's name; the stars at its end stay.
fn glob_of(glob: &str) -> String {
    let name = glob.trim_end_matches('*');
    let name = name.replace(['*', '?', '[', ']', '{', '}', '\\'], "?");
    // A leading exclamation mark would take out.
    let plain = if name.starts_with('!') { "./" } else { "" };
    format!("{plain}{name}{}", &glob[name.len()..])
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.into()).to_string()
}

fn size(bytes: u64) -> String {
    crate::size::Units::Decimal.show(bytes)
}

/// A tenth above `bytes`, rounded up to three digits.
fn limit(bytes: u64) -> String {
    let wanted = bytes + bytes.div_ceil(10);
    let mut step = 1;
    while wanted.div_ceil(step) > 999 {
        step *= 10;
    }
    let rounded = wanted.div_ceil(step) * step;
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let unit = units.iter().find(|(size, _)| rounded >= *size);
    unit.map_or_else(
        || format!("{rounded} B"),
        |(size, unit)| format!("{} {unit}", rounded as f64 / *size as f64),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::RULES;
    use crate::config;

    fn image(path: &str, bytes: u64) -> Image {
        let path = path.into();
        Image { path, bytes }
    }

    #[test]
    fn limits_are_a_tenth_above_and_round() {
        for (bytes, text) in [
            (0, "0 B"),
            (100, "110 B"),
            (297_279, "328 kB"),
            (992_157, "1.1 MB"),
            (1_000_000, "1.1 MB"),
            (2_295_278, "2.53 MB"),
            (12_345, "13.6 kB"),
        ] {
            assert_eq!(limit(bytes), text);
            let read = crate::size::parse_bytes(text).unwrap();
            assert!(read * 10 >= bytes * 11, "{text}");
        }
    }

    #[test]
    fn every_folder_has_its_budget() {
        let images = [
            image("public/img/blog/a.jpg", 1000),
            image("public/img/blog/x/b.jpg", 2000),
            image("public/img/h[e]ro!/c.png", 500),
            image("public/img/logo.png", 50),
            image("public/img/b{c}*d/e.png", 50),
        ];
        let text = template(&images);
        let budgets = config::parse(&text).unwrap().budgets;
        let about = |path: &str| {
            let path = std::path::Path::new(path);
            let own = budgets.iter().filter(|b| b.files.matches(path));
            own.map(|b| b.name.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(about("public/img/blog/x/b.jpg"), ["public/img/blog"]);
        assert_eq!(about("public/img/h[e]ro!/c.png"), ["public/img/h[e]ro!"]);
        assert_eq!(about("public/img/b{c}*d/e.png"), ["public/img/b{c}*d"]);
        assert_eq!(about("public/img/logo.png"), ["public/img"]);
        assert!(
            text.contains("max-total = \"3.3 kB\"  # today the 2 of them are 3 kB"),
            "{text}"
        );
    }

    #[test]
    fn no_two_budgets_share_a_name() {
        let images = ["logo.png", "images/a.png", "img/b.png"].map(|path| image(path, 10));
        let budgets = config::parse(&template(&images)).unwrap().budgets;
        let names: Vec<&str> = budgets.iter().map(|b| b.name.as_str()).collect();
        assert_eq!(names, ["*", "images", "img"]);
    }

    #[test]
    fn what_lies_everywhere_has_one_budget() {
        let images: Vec<Image> = (0..20).map(|n| image(&format!("{n}/a.png"), 10)).collect();
        let budgets = config::parse(&template(&images)).unwrap().budgets;
        assert_eq!(budgets.len(), 1);
        assert!(
            images
                .iter()
                .all(|i| budgets[0].files.matches(std::path::Path::new(&i.path)))
        );
        assert!(config::parse(&template(&[])).unwrap().budgets.is_empty());
    }

    #[test]
    fn the_manual_is_right_and_knows_every_key() {
        let lines = MANUAL.lines().skip_while(|line| *line != "# [compare]");
        let example: Vec<&str> = lines.filter_map(|line| line.strip_prefix("# ")).collect();
        let config = config::parse(&example.join("\n")).unwrap();
        let rules: Vec<&str> = config.budgets[0]
            .rules
            .iter()
            .map(|r| r.limit.id())
            .collect();
        let all: Vec<&str> = RULES.iter().map(|(id, _)| *id).collect();
        assert_eq!(rules, all);
        let schema = serde_json::to_value(config::schema()).unwrap();
        for table in ["Table", "Exempt", "MaxSaving", "MaxGrowth"] {
            for key in schema["$defs"][table]["properties"]
                .as_object()
                .unwrap()
                .keys()
            {
                assert!(MANUAL.contains(key.as_str()), "{key} is not explained");
            }
        }
    }
}
