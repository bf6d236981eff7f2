//! What the system says of processes (proc(5)).

use anyhow::{Context, Result};
use std::{collections::BTreeMap, time::Duration};

/// CPU time of this process, in all its threads.
pub fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let nanos = u32::try_from(time.tv_nsec).unwrap_or(0);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), nanos)
}

/// A figure in KiB of `/proc/<pid>/status`, in bytes.
fn status_bytes(pid: u32, field: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim_start_matches(':')
        .trim()
        .trim_end_matches("kB")
        .trim()
        .parse::<u64>()
        .ok()
        .map(|kib| kib * 1024)
}

/// The most memory that a process held at once.
pub fn peak_memory(pid: u32) -> u64 {
    status_bytes(pid, "VmHWM").unwrap_or(0)
}

/// The memory that a process holds.
pub fn memory(pid: u32) -> u64 {
    status_bytes(pid, "VmRSS").unwrap_or(0)
}

/// Starts this process's peak anew (proc_pid_clear_refs(5)).
pub fn forget_peak() -> Result<()> {
    std::fs::write("/proc/self/clear_refs", "5").context("the peak cannot be started anew")
}

/// Bytes that this process has written to files, from the lengths below a folder and the rewrites it cannot see
/// otherwise: `wchar` counts every `write` call, also those to pipes.
pub fn written() -> Result<u64> {
    let io = std::fs::read_to_string("/proc/self/io")?;
    let line = io
        .lines()
        .find_map(|line| line.strip_prefix("wchar:"))
        .context("no wchar")?;
    Ok(line.trim().parse()?)
}

/// The children of a process, theirs, and so on.
pub fn descendants(root: u32) -> Vec<u32> {
    let mut found = vec![root];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        at += 1;
        let tasks = std::fs::read_dir(format!("/proc/{parent}/task"));
        for task in tasks.into_iter().flatten().flatten() {
            let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
            found.extend(
                children
                    .split_whitespace()
                    .filter_map(|pid| pid.parse::<u32>().ok()),
            );
        }
    }
    found.remove(0);
    found
}

/// The name of a process's program.
pub fn name(pid: u32) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/comm"))
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// The value that 99 of 100 do not exceed.
pub fn p99(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * 99).div_ceil(100).saturating_sub(1);
    values.get(at).copied().unwrap_or(f64::NAN)
}

/// The middle value.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Processor time of a process's threads, by their number, with their names.
pub fn cpu_by_thread(pid: u32) -> BTreeMap<u32, (String, Duration)> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task"));
    let thread = |task: std::fs::DirEntry| {
        let number = task.file_name().to_str()?.parse().ok()?;
        let name = std::fs::read_to_string(task.path().join("comm")).ok()?;
        let used = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        let nanos = used.split_whitespace().next()?.parse().ok()?;
        Some((number, (name.trim().to_owned(), Duration::from_nanos(nanos))))
    };
    tasks.into_iter().flatten().flatten().filter_map(thread).collect()
}

/// The memory that a process holds, and how much of that are mapped files of the graphics driver.
pub fn memory_with_driver(pid: u32) -> (u64, u64) {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/smaps")).unwrap_or_default();
    let (mut all, mut driver, mut in_driver) = (0, 0, false);
    for line in maps.lines() {
        if let Some(kib) = line.strip_prefix("Rss:") {
            let bytes = kib
                .trim()
                .trim_end_matches("kB")
                .trim()
                .parse::<u64>()
                .unwrap_or(0)
                * 1024;
            all += bytes;
            driver += if in_driver { bytes } else { 0 };
        } else if line.contains('-') && !line.contains("kB") {
            in_driver = ["libLLVM", "_dri.so", "libgallium", "libvulkan"]
                .iter()
                .any(|name| line.contains(name));
        }
    }
    (all, driver)
}

/// Processor time of this thread: what a frame costs, also where other programs keep the cores busy.
pub fn cpu_of_thread() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let nanos = u32::try_from(time.tv_nsec).unwrap_or(0);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), nanos)
}
