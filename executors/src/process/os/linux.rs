//! Processes on Linux: `/proc`, pidfds and the subreaper.

use super::Seen;
use rustix::process::{Pid, PidfdFlags, Signal};
use std::{fs, io};

/// All processes.
pub(in crate::process) fn processes() -> Vec<Seen> {
    let Ok(folder) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    folder
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(find)
        .collect()
}

/// The process with this pid.
pub(in crate::process) fn find(pid: i32) -> Option<Seen> {
    parse_stat(&fs::read(format!("/proc/{pid}/stat")).ok()?)
}

/// Reads a `/proc/<pid>/stat` line. The name in parentheses may hold anything, parentheses and spaces included.
fn parse_stat(line: &[u8]) -> Option<Seen> {
    let open = line.iter().position(|byte| *byte == b'(')?;
    let close = line.iter().rposition(|byte| *byte == b')')?;
    let pid = std::str::from_utf8(line.get(..open)?).ok()?.trim().parse().ok()?;
    let rest = std::str::from_utf8(line.get(close + 1..)?).ok()?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    Some(Seen {
        pid,
        parent: fields.get(1)?.parse().ok()?,
        session: fields.get(3)?.parse().ok()?,
        start_time: fields.get(19)?.parse().ok()?,
        ended: matches!(*fields.first()?, "Z" | "X"),
    })
}

/// The value of a variable in the environment that a process was started with. None where it may not be read.
pub(in crate::process) fn variable(pid: i32, name: &str) -> Option<Vec<u8>> {
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    let mut pairs = environment.split(|byte| *byte == 0);
    pairs.find_map(|pair| Some(pair.strip_prefix(name.as_bytes())?.strip_prefix(b"=")?.to_vec()))
}

/// The boot that start times belong to. Empty where the system does not tell.
pub(in crate::process) fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|text| text.trim().to_owned())
        .unwrap_or_default()
}

/// Signals exactly the process that was seen: never one that got its pid since, never pid 1 or a whole group.
pub(in crate::process) fn signal(seen: &Seen, signal: Signal) -> io::Result<()> {
    let gone = || io::Error::from(rustix::io::Errno::SRCH);
    let pid = Pid::from_raw(seen.pid).filter(|pid| pid.as_raw_nonzero().get() > 1);
    let pid = pid.ok_or_else(gone)?;
    let handle = rustix::process::pidfd_open(pid, PidfdFlags::empty());
    // Asked for after the handle was opened: when it is still the one that was seen, so is the handle's.
    if find(seen.pid).is_none_or(|now| now.start_time != seen.start_time) {
        return Err(gone());
    }
    match handle {
        Ok(handle) => rustix::process::pidfd_send_signal(handle, signal)?,
        Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => {
            rustix::process::kill_process(pid, signal)?
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// From now on whatever descends from this process and loses its parent becomes its child.
pub(in crate::process) fn adopt_orphans() {
    // Cannot fail on any kernel that is still maintained; without it the mark still finds the orphans.
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_full_of_parentheses_does_not_confuse_the_reading() {
        let line = b"42 (a) R (b) Z 7 42 9 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2\n";
        let seen = parse_stat(line).unwrap();
        assert_eq!(
            (seen.pid, seen.parent, seen.session, seen.start_time),
            (42, 7, 9, 987_654)
        );
        assert!(seen.ended);
        assert_eq!(parse_stat(b"42 (a"), None);
        assert_eq!(parse_stat(b"42 (a) R 1"), None);
        assert_eq!(parse_stat(b""), None);
    }

    #[test]
    fn this_process_is_among_all_and_is_never_taken_for_another() {
        let own = i32::try_from(std::process::id()).unwrap();
        let seen = processes().into_iter().find(|seen| seen.pid == own).unwrap();
        assert!(!seen.ended);
        let older = Seen {
            start_time: seen.start_time - 1,
            ..seen
        };
        let refusal = signal(&older, Signal::KILL).unwrap_err();
        assert_eq!(
            refusal.raw_os_error(),
            Some(rustix::io::Errno::SRCH.raw_os_error())
        );
        let init = find(1).unwrap();
        assert!(signal(&init, Signal::CONT).is_err(), "pid 1 is never signalled");
        assert!(!boot().is_empty());
    }
}
