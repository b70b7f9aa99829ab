//! The most memory that one call held, where the system tells it: Linux does.

use std::fs;

/// Runs `call` and tells by how many bytes the program's resident memory grew at its peak, to about 0.1 MB: C libraries'
/// memory and all threads' count. `None` where the system does not tell.
pub(super) fn peak<T>(call: impl FnOnce() -> T) -> (T, Option<u64>) {
    let before = restart();
    let value = call();
    // The system counts in lumps: where nothing grew, the later count can be the smaller.
    let growth = before.and_then(|before| Some(highest()?.saturating_sub(before)));
    (value, growth)
}

/// Makes the present the peak, and tells it in bytes: `proc(5)`, `clear_refs`.
fn restart() -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    highest()
}

/// The peak of resident memory since it was restarted, bytes: `VmHWM` of `proc(5)`.
fn highest() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;
    use std::process::Command;

    /// Memory that other tests give back meanwhile would be missing: this one runs in a process of its own.
    #[test]
    #[cfg(target_os = "linux")]
    fn what_a_call_holds_and_lets_go_is_its_peak() {
        const NAME: &str = "run::peak::tests::what_a_call_holds_and_lets_go_is_its_peak";
        const ALONE: &str = "IMGBENCH_TEST_ALONE";
        if env::var_os(ALONE).is_some() {
            return grows_by_what_it_holds();
        }
        let mut again = Command::new(env::current_exe().unwrap());
        let output = again.args([NAME, "--exact"]).env(ALONE, "1").output();
        let said = String::from_utf8(output.unwrap().stdout).unwrap();
        assert!(said.contains("1 passed; 0 failed"), "{said}");
    }

    fn grows_by_what_it_holds() {
        const BYTES: usize = 200 << 20;
        let (sum, growth) = peak(|| {
            let held = vec![1_u8; BYTES];
            held.iter().map(|&byte| u64::from(byte)).sum::<u64>()
        });
        assert_eq!(sum, BYTES as u64);
        let growth = growth.unwrap();
        let expected = BYTES as u64 * 99 / 100..BYTES as u64 * 101 / 100;
        assert!(expected.contains(&growth), "{growth}");
    }
}
