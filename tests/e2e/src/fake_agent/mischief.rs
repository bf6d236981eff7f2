//! What no agent should do: being deaf to signals, leaving children, ending in the middle of a line.

use std::{
    ffi::OsStr,
    io,
    os::unix::process::CommandExt,
    process::{Command, Stdio},
};

const DEAF: &str = "FAKE_AGENT_IS_DEAF";

/// Starts this program again in the same process with SIGTERM, SIGINT and SIGHUP ignored; ignored signals stay ignored
/// across `exec`, and the shell is the portable way to ignore them. Returns once that is done.
pub fn restart_deaf_to_signals() -> io::Result<()> {
    if std::env::var_os(DEAF).is_some() {
        return Ok(());
    }
    let failed = Command::new("/bin/sh")
        .args([
            OsStr::new("-c"),
            OsStr::new(r#"trap "" TERM INT HUP; exec "$0" "$@""#),
        ])
        .arg(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .env(DEAF, "1")
        .exec();
    Err(failed)
}

/// Leaves a plain child, one in its own session, and one there that has another below it. They keep the standard
/// output open, as children do that nobody thought of.
pub fn leave_children() -> io::Result<()> {
    for command in [
        "exec sleep 600",
        "exec setsid sleep 600",
        "exec setsid sh -c 'setsid sleep 600 & exec sleep 600'",
    ] {
        Command::new("/bin/sh")
            .args(["-c", command])
            .stdin(Stdio::null())
            .spawn()?;
    }
    Ok(())
}

/// Ends this process by a signal.
pub fn die(signal: i32) -> io::Result<()> {
    let signal = rustix::process::Signal::from_named_raw(signal)
        .ok_or_else(|| io::Error::other("not the number of a signal"))?;
    rustix::process::kill_process(rustix::process::getpid(), signal)?;
    Ok(())
}
