//! Processes on macOS and the BSDs: `ps` and `sysctl`. Best effort: there is no subreaper, so what leaves its parent is
//! found by its session and by the mark in its environment only. Not compiled or tested here yet.

use super::Seen;
use rustix::process::{Pid, Signal};
use std::{
    io,
    process::{Command, Stdio},
};

/// All processes.
pub(in crate::process) fn processes() -> Vec<Seen> {
    ask("/bin/ps", &["-axo", "pid=,ppid=,sess=,stat=,lstart="])
        .lines()
        .filter_map(parse)
        .collect()
}

/// The process with this pid.
pub(in crate::process) fn find(pid: i32) -> Option<Seen> {
    parse(
        ask(
            "/bin/ps",
            &["-o", "pid=,ppid=,sess=,stat=,lstart=", "-p", &pid.to_string()],
        )
        .lines()
        .next()?,
    )
}

fn parse(line: &str) -> Option<Seen> {
    let mut words = line.split_ascii_whitespace();
    let pid = words.next()?.parse().ok()?;
    let parent = words.next()?.parse().ok()?;
    let session = words.next()?.parse().unwrap_or(0);
    let ended = words.next()?.starts_with('Z');
    let start_time = seconds(&words.collect::<Vec<_>>())?;
    Some(Seen {
        pid,
        parent,
        session,
        start_time,
        ended,
    })
}

/// `Sun Nov 22 15:23:03 2026` as a number that grows with time, one a second.
fn seconds(words: &[&str]) -> Option<u64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let [_, month, day, clock, year] = words else {
        return None;
    };
    let month = u64::try_from(MONTHS.find(month)? / 3).ok()?;
    let mut days = (year.parse::<u64>().ok()? * 12 + month) * 31 + day.parse::<u64>().ok()?;
    for part in clock.split(':').take(3) {
        days = days * 60 + part.parse::<u64>().ok()?;
    }
    Some(days)
}

/// The value of a variable in the environment that a process was started with. None where it may not be read.
pub(in crate::process) fn variable(pid: i32, name: &str) -> Option<Vec<u8>> {
    ask("/bin/ps", &["-Eww", "-o", "command=", "-p", &pid.to_string()])
        .split_ascii_whitespace()
        .find_map(|word| Some(word.strip_prefix(name)?.strip_prefix('=')?.as_bytes().to_vec()))
}

/// The boot that start times belong to. Empty where the system does not tell.
pub(in crate::process) fn boot() -> String {
    ask("/usr/sbin/sysctl", &["-n", "kern.bootsessionuuid"])
        .trim()
        .to_owned()
}

/// Signals the process that was seen: never pid 1 or a whole group.
pub(in crate::process) fn signal(seen: &Seen, signal: Signal) -> io::Result<()> {
    let same = find(seen.pid).is_some_and(|now| now.start_time == seen.start_time);
    let pid = Pid::from_raw(seen.pid).filter(|pid| same && pid.as_raw_nonzero().get() > 1);
    let pid = pid.ok_or_else(|| io::Error::from(rustix::io::Errno::SRCH))?;
    Ok(rustix::process::kill_process(pid, signal)?)
}

/// There is nothing like it here.
pub(in crate::process) fn adopt_orphans() {}

fn ask(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output();
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default()
}
