//! Which processes live, by a mark in their environment.

use rustix::process::{Pid, Signal, kill_process};
use std::{fs, time::Duration};

/// A living process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Living {
    /// Its number.
    pub process: i32,
    /// Its command line.
    pub command_line: String,
}

/// The processes whose environment has `name=value`. Zombies do not count: they have no environment.
pub fn living_with(name: &str, value: &str) -> Vec<Living> {
    let mark = format!("{name}={value}").into_bytes();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter(|process| {
            fs::read(format!("/proc/{process}/environ"))
                .is_ok_and(|environment| environment.split(|byte| *byte == 0).any(|one| one == mark))
        })
        .map(|process| Living {
            process,
            command_line: command_line(process),
        })
        .collect()
}

fn command_line(process: i32) -> String {
    let raw = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&raw)
        .replace('\0', " ")
        .trim_end()
        .to_owned()
}

/// Ends the processes with this mark, also those that they start meanwhile.
pub(super) fn end_all_with(name: &str, value: &str) {
    for _ in 0..100 {
        let living = living_with(name, value);
        if living.is_empty() {
            return;
        }
        for one in living {
            if let Some(process) = Pid::from_raw(one.process) {
                let _ = kill_process(process, Signal::KILL);
            }
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
