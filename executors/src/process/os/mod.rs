//! What differs between operating systems, one small file each behind the same functions:
//! `processes`, `find`, `variable`, `boot`, `signal` and `adopt_orphans`. Windows needs none of them: there a job
//! object does all of it, and its file holds `start` itself.
//!
//! Only Linux is compiled and tested here so far; macOS and Windows are written to the same contract and say so.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(super) use linux::*;

#[cfg(all(unix, not(target_os = "linux")))]
mod macos;
#[cfg(all(unix, not(target_os = "linux")))]
pub(super) use macos::*;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::start;

/// A process as it was seen. The pid alone names nothing, since pids are given anew; with the start time it does.
#[cfg(unix)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) pid: i32,
    pub(super) parent: i32,
    /// The session it is in: the pid of the process that made it.
    pub(super) session: i32,
    /// As [`anyon_model::ProcessRecord::start_time`].
    pub(super) start_time: u64,
    /// It has ended, and only waits to be collected by its parent.
    pub(super) ended: bool,
}
