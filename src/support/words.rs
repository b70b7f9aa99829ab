//! The words of a query.

/// Lower-case words, signs apart from what stands beside them.
pub(super) fn words(part: &str) -> Vec<String> {
    let sign = |c: char| "<>=".contains(c);
    let mut spaced = String::new();
    for c in part.chars().flat_map(char::to_lowercase) {
        let last = spaced.chars().last();
        if last.is_some_and(|last| sign(last) != sign(c)) {
            spaced.push(' ');
        }
        spaced.push(c);
    }
    spaced.split_whitespace().map(String::from).collect()
}

/// Whether it is browserslist's language, but about what the snapshot has not.
pub(super) fn is_foreign(words: &[&str]) -> bool {
    let first = words.first().copied().unwrap_or("");
    let begins = [
        "current",
        "maintained",
        "baseline",
        "extends",
        "browserslist",
    ];
    let mut words = words.iter();
    begins.contains(&first) || words.any(|word| ["in", "node", "electron"].contains(word))
}
