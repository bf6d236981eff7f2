//! Measures what a start needs: free memory and disk space.

use anyon_model::Input;
use std::path::Path;

/// Free memory, and free disk space where worktrees are. What cannot be measured counts as plenty, so that it stops
/// nobody.
pub fn measure(worktrees: &Path) -> Input {
    Input::Resources {
        free_memory_mib: free_memory_mib(),
        free_disk_mib: free_disk_mib(worktrees),
    }
}

#[cfg(target_os = "linux")]
fn free_memory_mib() -> u64 {
    std::fs::read_to_string("/proc/meminfo")
        .ok()
        .as_deref()
        .and_then(available_mib)
        .unwrap_or(u64::MAX)
}
#[cfg(not(target_os = "linux"))]
fn free_memory_mib() -> u64 {
    u64::MAX
}

/// `MemAvailable` of `/proc/meminfo` (proc(5): kB that can be had without swapping).
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "only Linux has /proc/meminfo")
)]
fn available_mib(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / 1024)
}

#[cfg(unix)]
fn free_disk_mib(folder: &Path) -> u64 {
    rustix::fs::statvfs(folder).map_or(u64::MAX, |fs| fs.f_bavail.saturating_mul(fs.f_frsize) >> 20)
}
#[cfg(not(unix))]
fn free_disk_mib(_: &Path) -> u64 {
    u64::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn available_memory_is_read_and_nonsense_is_not() {
        let meminfo = "MemTotal:       24000000 kB\nMemFree: 1 kB\nMemAvailable:    2048000 kB\n";
        assert_eq!(available_mib(meminfo), Some(2000));
        assert_eq!(available_mib("MemAvailable: lots"), None);
        assert_eq!(available_mib(""), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_not_there_stops_nobody() {
        assert_eq!(free_disk_mib(Path::new("/no/such/folder")), u64::MAX);
        assert!(free_disk_mib(Path::new("/")) < u64::MAX);
    }
}
