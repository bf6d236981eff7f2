//! What no agent should do: being deaf to signals, leaving children, ending in the middle of a line, speaking to the
//! socket of whoever started it.

use serde_json::Value;
use std::{
    ffi::OsStr,
    fs,
    io::{self, Read, Write},
    os::unix::{net::UnixStream, process::CommandExt},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
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

/// Says these messages to a socket, each with its length before it, and writes all that comes back into a file.
pub fn overhear(socket: &Path, messages: &[Value], listen: Duration, into: &Path) -> io::Result<()> {
    let mut stream = UnixStream::connect(socket)?;
    for message in messages {
        let text = message.to_string();
        let length = u32::try_from(text.len()).map_err(io::Error::other)?;
        stream.write_all(&length.to_le_bytes())?;
        stream.write_all(text.as_bytes())?;
    }
    stream.set_read_timeout(Some(Duration::from_millis(50)))?;
    let (mut told, mut piece) = (Vec::new(), [0; 65_536]);
    let until = Instant::now() + listen;
    while Instant::now() < until {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => told.extend_from_slice(&piece[..length]),
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
            Err(error) => return Err(error),
        }
    }
    fs::write(into, told)
}

/// Ends this process by a signal.
pub fn die(signal: i32) -> io::Result<()> {
    let signal = rustix::process::Signal::from_named_raw(signal)
        .ok_or_else(|| io::Error::other("not the number of a signal"))?;
    rustix::process::kill_process(rustix::process::getpid(), signal)?;
    Ok(())
}
