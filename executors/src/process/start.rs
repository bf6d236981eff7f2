//! Starting a process: makes its pipes, starts its supervisor, hands it the order, and waits until the program runs.
//! Never blocks and never forks by hand: the app may be large, and a fork copies its page tables.

use super::{
    Control, ExitWatch, ProcessPlan, Started,
    control::handles,
    environment::with_mark,
    failure, os,
    survivors::SUPERVISES,
    watch::{Link, watch},
    wire::{Order, Report},
};
use anyon_model::{LaunchFailure, ProcessRecord};
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use std::{
    ffi::OsString,
    io::{self, IoSlice},
    mem::MaybeUninit,
    os::fd::{AsFd, OwnedFd},
    path::Path,
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncWriteExt, Interest},
    net::UnixStream,
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command},
};

/// How long a supervisor may take to start its program. Generous: a cold disk, a loaded machine.
const START_LIMIT: Duration = Duration::from_secs(20);

/// Starts a process under a supervisor of its own: `exe --supervise <execution>`. Returns once the program runs.
///
/// # Errors
/// When the program does not run, with the reason: not installed, not executable, for another machine, its folder
/// missing.
pub async fn start(exe: &Path, plan: ProcessPlan) -> Result<Started, LaunchFailure> {
    let plan = failure::with_found_program(plan)?;
    let (ours, theirs) = pipes().map_err(|error| failure::no_supervisor(&error.to_string()))?;
    let (supervisor, mut link) = spawn(exe, &plan).map_err(|error| no_supervisor(exe, &error))?;
    let told = tokio::time::timeout(START_LIMIT, order(&mut link, &plan, theirs)).await;
    // Dropping the link tells the supervisor to end whatever it may have started.
    let report = told
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        .map_err(|error| no_supervisor(exe, &error))?;
    match report {
        Report::Started { pid, start_time } => {
            let supervisor_pid = supervisor.id().unwrap_or(0);
            let record = ProcessRecord {
                supervisor_pid,
                pid,
                start_time,
                boot_id: os::boot(),
            };
            let (control, exit) = watched(&plan, record.clone(), supervisor, link);
            let (stdin, stdout, stderr) = ours;
            Ok(Started {
                record,
                stdin,
                stdout,
                stderr,
                control,
                exit,
            })
        }
        Report::Refused { errno } => Err(failure::not_started(&plan, &io::Error::from_raw_os_error(errno))),
        Report::Exited(_) | Report::Gone { .. } => Err(failure::no_supervisor("it spoke out of turn")),
    }
}

fn no_supervisor(exe: &Path, error: &io::Error) -> LaunchFailure {
    failure::no_supervisor(&format!("{}: {error}", exe.display()))
}

fn watched(plan: &ProcessPlan, record: ProcessRecord, supervisor: Child, link: Link) -> (Control, ExitWatch) {
    let (control, exit, ends) = handles();
    tokio::spawn(watch(link, supervisor, plan.execution_id, record, ends));
    (control, exit)
}

type Ours = (ChildStdin, ChildStdout, ChildStderr);

/// Our ends and the agent's ends of its three pipes.
fn pipes() -> io::Result<(Ours, [OwnedFd; 3])> {
    let (stdin, to_agent) = io::pipe()?;
    let (from_agent, stdout) = io::pipe()?;
    let (from_agent_error, stderr) = io::pipe()?;
    let ours = (
        ChildStdin::from_std(OwnedFd::from(to_agent).into())?,
        ChildStdout::from_std(OwnedFd::from(from_agent).into())?,
        ChildStderr::from_std(OwnedFd::from(from_agent_error).into())?,
    );
    Ok((ours, [stdin.into(), stdout.into(), stderr.into()]))
}

/// Starts a supervisor whose standard input is the socket. It gets nothing of the app's environment: the agent could
/// read there what is withheld from it.
fn spawn(exe: &Path, plan: &ProcessPlan) -> io::Result<(Child, Link)> {
    let (app, supervisor) = UnixStream::pair()?;
    let supervisor = supervisor.into_std()?;
    // The flag belongs to the socket's end, which is the supervisor's alone.
    supervisor.set_nonblocking(false)?;
    let child = Command::new(exe)
        .arg("--supervise")
        .arg(plan.execution_id.to_string())
        .env_clear()
        .envs(loader_environment())
        .env(SUPERVISES, plan.execution_id.to_string())
        .current_dir("/")
        .stdin(Stdio::from(OwnedFd::from(supervisor)))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok((child, Link::new(app)))
}

/// Where the system's loader finds libraries: the executable may not start without.
fn loader_environment() -> impl Iterator<Item = (OsString, OsString)> {
    let names = [
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "DYLD_FALLBACK_LIBRARY_PATH",
    ];
    names
        .into_iter()
        .filter_map(|name| Some((name.into(), std::env::var_os(name)?)))
}

/// Sends the order with the agent's ends of the pipes and waits for the first report.
async fn order(link: &mut Link, plan: &ProcessPlan, pipes: [OwnedFd; 3]) -> io::Result<Report> {
    let order = Order {
        execution: plan.execution_id.to_string().into(),
        program: plan.program.clone().into(),
        folder: plan.folder.clone().into(),
        args: plan.args.clone(),
        environment: with_mark(plan),
    };
    let bytes = order.encode();
    let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    send_head(&link.socket, &length.to_le_bytes(), &pipes).await?;
    drop(pipes);
    link.socket.write_all(&bytes).await?;
    link.report().await
}

async fn send_head(socket: &UnixStream, head: &[u8], pipes: &[OwnedFd; 3]) -> io::Result<()> {
    let borrowed = pipes.each_ref().map(|pipe| pipe.as_fd());
    let send = || {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        control.push(SendAncillaryMessage::ScmRights(&borrowed));
        Ok(sendmsg(
            socket,
            &[IoSlice::new(head)],
            &mut control,
            SendFlags::empty(),
        )?)
    };
    let sent = socket.async_io(Interest::WRITABLE, send).await?;
    // Four bytes into an empty socket go in one piece; if ever not, the order would be misread.
    if sent == head.len() {
        Ok(())
    } else {
        Err(io::ErrorKind::WriteZero.into())
    }
}
