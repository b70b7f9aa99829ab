//! Numbers for people: SI sizes, changes in percent, times. One space before the unit, U+2212 for minus.

/// A file size: `940 B`, `812.0 kB`, `1.2 MB`.
pub(super) fn bytes(count: u64) -> String {
    let mut value = count as f64;
    if count < 1000 {
        return format!("{count} B");
    }
    let mut unit = "B";
    for next in ["kB", "MB", "GB", "TB"] {
        // What rounds to 1000.0 belongs to the next unit.
        if value < 999.95 {
            break;
        }
        value /= 1e3;
        unit = next;
    }
    format!("{value:.1} {unit}")
}

/// What `ratio` changes, in percent: `−50.4 %`, `+6.3 %`, `0.0 %`.
pub(super) fn change(ratio: f64) -> String {
    format!("{} %", points(ratio))
}

/// As [`change`] without the unit.
pub(super) fn points(ratio: f64) -> String {
    let percent = (ratio - 1.0) * 100.0;
    let plus = if (percent * 10.0).round() > 0.0 {
        "+"
    } else {
        ""
    };
    let decimals = if percent.abs() < 999.95 { 1 } else { 0 };
    format!("{plus}{}", fixed(percent, decimals))
}

/// `value` with so many decimals, U+2212 for minus and no minus before zero.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let negative = value < 0.0 && text.contains(|c: char| ('1'..='9').contains(&c));
    if negative { format!("−{text}") } else { text }
}

/// A time: `0.4 ms`, `41 ms`, `1.2 s`, `12 min 5 s`.
pub(super) fn time(ms: f64) -> String {
    let seconds = ms / 1e3;
    if ms < 9.95 {
        format!("{ms:.1} ms")
    } else if ms < 999.5 {
        format!("{ms:.0} ms")
    } else if seconds < 99.95 {
        format!("{seconds:.1} s")
    } else if seconds < 599.5 {
        format!("{seconds:.0} s")
    } else {
        let whole = seconds.round() as u64;
        format!("{} min {} s", whole / 60, whole % 60)
    }
}

/// A speed in its unit: more digits the smaller it is.
pub(super) fn rate(value: f64) -> String {
    let decimals = match value {
        v if v >= 99.95 => 0,
        v if v >= 0.995 => 1,
        _ => 2,
    };
    fixed(value, decimals)
}

/// `1 image`, `2 images`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (count, text) in [
            (0, "0 B"),
            (940, "940 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (812_000, "812.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (1_234_567, "1.2 MB"),
            (7_700_000_000, "7.7 GB"),
        ] {
            assert_eq!(bytes(count), text);
        }
    }

    #[test]
    fn changes() {
        for (ratio, text) in [
            (0.496, "−50.4 %"),
            (1.063, "+6.3 %"),
            (1.0, "0.0 %"),
            (1.0004, "0.0 %"),
            (0.9996, "0.0 %"),
            (6.58, "+558.0 %"),
            (56.8, "+5580 %"),
        ] {
            assert_eq!(change(ratio), text, "{ratio}");
        }
    }

    #[test]
    fn times() {
        for (ms, text) in [
            (0.04, "0.0 ms"),
            (4.14, "4.1 ms"),
            (41.2, "41 ms"),
            (999.6, "1.0 s"),
            (41_200.0, "41.2 s"),
            (312_000.0, "312 s"),
            (725_000.0, "12 min 5 s"),
        ] {
            assert_eq!(time(ms), text);
        }
    }

    #[test]
    fn no_minus_before_zero() {
        assert_eq!(fixed(-0.04, 1), "0.0");
        assert_eq!(fixed(-12.34, 1), "−12.3");
    }

    #[test]
    fn lists() {
        let items = ["a", "b", "c"].map(String::from);
        assert_eq!(list(&items[..1]), "a");
        assert_eq!(list(&items[..2]), "a and b");
        assert_eq!(list(&items), "a, b and c");
    }
}
