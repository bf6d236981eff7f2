//! Hosts that outlive what started them: one that is started for the process which needs it, with a session of its own
//! and nothing of what it inherits open; and one that outlives the terminal of its window.

use super::this_program;
use anyon_model::{Problem, ProblemCode};
use serde::Deserialize;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// How long a host may take to open the store.
const PATIENCE: Duration = Duration::from_secs(30);

/// The one line that a host says.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
enum Said {
    /// It listens.
    Host {},
    /// It could not become one.
    Problem(Problem),
}

/// Starts a host and waits until it listens, or says why it does not.
pub fn start(data_folder: &Path) -> Result<(), Problem> {
    let mut command = Command::new(this_program()?);
    command
        .arg("--host")
        .arg("--data-dir")
        .arg(data_folder)
        // The folder that this process was started in may go.
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    detach(&mut command);
    let mut child = command.spawn().map_err(|error| not_started(error.to_string()))?;
    let stdout = child.stdout.take();
    let (tell, told) = mpsc::channel();
    let listener = thread::Builder::new().name("anyon-host-start".into());
    let spawned = listener.spawn(move || {
        // Nobody waits any more where the receiver is gone.
        let _ = tell.send(first_line(stdout));
        collect(child);
    });
    spawned.map_err(|error| not_started(error.to_string()))?;
    match told.recv_timeout(PATIENCE) {
        Ok(Some(Said::Host {})) => Ok(()),
        Ok(Some(Said::Problem(problem))) => Err(problem),
        Ok(None) => Err(not_started("it ended without a word".to_owned())),
        Err(_) => Err(not_started(format!("nothing after {} s", PATIENCE.as_secs()))),
    }
}

fn first_line(stdout: Option<ChildStdout>) -> Option<Said> {
    let mut line = String::new();
    BufReader::new(stdout?).read_line(&mut line).ok()?;
    serde_json::from_str(&line).ok()
}

/// A child that ended is kept by the system until its parent has asked how.
fn collect(mut child: Child) {
    if let Err(error) = child.wait() {
        tracing::debug!(%error, "the host that was started");
    }
}

fn not_started(detail: String) -> Problem {
    Problem::new(ProblemCode::HostGone, "The host of Anyon could not be started")
        .detail(detail)
        .hint("see host.log in the folder of Anyon's logs, then try again")
}

/// The child leaves the session by itself: see [`leave_session`].
#[cfg(unix)]
fn detach(_command: &mut Command) {}

#[cfg(windows)]
fn detach(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    const DETACHED_PROCESS: u32 = 0x0000_0008;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
    command.creation_flags(DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
}

/// Begins a session of its own, so that the end of a terminal is not this process's. One that leads a group already was
/// started by hand, and stays with its terminal.
pub fn leave_session() {
    #[cfg(unix)]
    if let Err(error) = rustix::process::setsid() {
        tracing::debug!(%error, "no session of its own");
    }
}

/// Lets go of a terminal that may be closed from now on: who writes to one that is gone is told so as an error, at which
/// a printed line would end the process. The session stays, so that Ctrl+C still reaches this process while somebody
/// looks at the terminal that it was started from. What leads to a file stays too.
pub fn let_go_of_terminal() {
    #[cfg(unix)]
    if let Err(error) = unix::silence_terminals() {
        tracing::debug!(%error, "the terminal is not let go of");
    }
}

#[cfg(unix)]
mod unix {
    use rustix::{
        stdio::{dup2_stderr, dup2_stdin, dup2_stdout},
        termios::isatty,
    };
    use std::{fs::File, io};

    pub(super) fn silence_terminals() -> io::Result<()> {
        let nothing = File::options().read(true).write(true).open("/dev/null")?;
        if isatty(io::stdin()) {
            dup2_stdin(&nothing)?;
        }
        if isatty(io::stdout()) {
            dup2_stdout(&nothing)?;
        }
        if isatty(io::stderr()) {
            dup2_stderr(&nothing)?;
        }
        Ok(())
    }
}
