//! Who gives way to whom: agents to the host that reads them, and both to the window and whoever works at the computer.

/// Agents and what they build.
#[cfg(unix)]
pub(super) const OF_AGENTS: i32 = 5;
/// The host beside a window.
#[cfg(target_os = "linux")]
const OF_THE_HOST: i32 = 3;

/// The calling thread and all that it starts from now on give way to the window's: while ten agents stream, a key gets
/// its glyph first. Only Linux has a priority of its own for each thread; elsewhere nothing changes.
pub fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, OF_THE_HOST) {
        tracing::debug!(%error, "the host's threads keep their priority");
    }
}
