//! The supervisor: a small process between the app and one agent. It starts what it is told to, adopts whatever that
//! starts, and ends all of it when the agent has ended, when it is asked to, when somebody ends the supervisor itself,
//! or when its socket to the app says that the app is gone. It reads none of the agent's bytes, keeps no files, and
//! uses neither threads nor an async runtime.

use super::{
    give_way::OF_AGENTS,
    os,
    tree::{Scan, end_all},
    wire::{HEAD_LENGTH, KILL, MAX_PLAN, Order, REPORT_LENGTH, Report, TERM},
};
use anyon_model::ExitStatus;
use command_group::CommandGroup;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg},
    process::{Pid, Signal, WaitOptions, WaitStatus, setpriority_process},
};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM};
use std::{
    env::ArgsOs,
    io::{self, IoSliceMut, Read, Write},
    mem::MaybeUninit,
    os::{
        fd::{AsFd, OwnedFd},
        unix::{ffi::OsStrExt, net::UnixStream},
    },
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// How long what an agent left behind has between SIGTERM and SIGKILL.
const GRACE: Duration = Duration::from_millis(300);

/// How long SIGKILL is repeated before what is left is called left.
pub(super) const KILL_LIMIT: Duration = Duration::from_millis(1200);

/// Runs a supervisor whose standard input is the socket to the app.
pub(super) fn run(_args: ArgsOs) -> i32 {
    match Supervisor::begin() {
        Ok(Some(mut supervisor)) => supervisor.watch(),
        Ok(None) => 1,
        // Somebody typed `--supervise` at a shell, or the app is gone already.
        Err(_) => 2,
    }
}

struct Supervisor {
    app: UnixStream,
    wake: UnixStream,
    told_to_end: Arc<AtomicBool>,
    execution: Vec<u8>,
    agent: Pid,
    start_time: u64,
    exited: Option<ExitStatus>,
    childless: bool,
}

impl Supervisor {
    /// Takes the order and carries it out. `None`: the program does not run, and the app was told.
    fn begin() -> io::Result<Option<Self>> {
        // Fails only for a leader of a process group, who is out of the terminal's reach already.
        let _ = rustix::process::setsid();
        os::adopt_orphans();
        let (wake, told_to_end) = catch_signals()?;
        let mut app = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
        let (order, pipes) = receive(&mut app)?;
        let execution = order.execution.as_bytes().to_vec();
        let agent = match spawn(order, pipes) {
            Ok(agent) => agent,
            Err(error) => {
                let errno = error
                    .raw_os_error()
                    .unwrap_or(rustix::io::Errno::INVAL.raw_os_error());
                app.write_all(&Report::Refused { errno }.encode())?;
                return Ok(None);
            }
        };
        // It cannot be gone: nobody has collected it yet, so its pid still names it.
        let start_time = os::find(agent.as_raw_nonzero().get()).map_or(0, |seen| seen.start_time);
        let pid = agent.as_raw_nonzero().get().cast_unsigned();
        let supervisor = Self {
            app,
            wake,
            told_to_end,
            execution,
            agent,
            start_time,
            exited: None,
            childless: false,
        };
        supervisor.tell(Report::Started { pid, start_time });
        Ok(Some(supervisor))
    }

    fn tell(&self, report: Report) {
        const { assert!(REPORT_LENGTH < 4096, "a report is written in one piece") };
        // When nobody listens the app is dead, which the next look at the socket says.
        let _ = (&self.app).write_all(&report.encode());
    }

    /// Waits until there is a reason to end everything, ends it, and tells.
    fn watch(&mut self) -> i32 {
        let mut kill_at = None;
        loop {
            if self.told_to_end.load(Ordering::Relaxed) || !self.heed_app() {
                break;
            }
            self.collect();
            if self.exited.is_some() && kill_at.is_none() {
                self.term_what_is_left();
                kill_at = Some(Instant::now() + GRACE);
            }
            if self.childless || kill_at.is_some_and(|at| Instant::now() >= at) {
                break;
            }
            self.sleep(kill_at);
        }
        let left = self.end_everything();
        self.tell(Report::Gone { left });
        i32::from(left > 0)
    }

    /// Sleeps until the app says something, a signal arrives or the time comes.
    fn sleep(&mut self, until: Option<Instant>) {
        let limit =
            until.and_then(|at| Timespec::try_from(at.saturating_duration_since(Instant::now())).ok());
        let mut ends = [
            PollFd::new(&self.app, PollFlags::IN),
            PollFd::new(&self.wake, PollFlags::IN),
        ];
        // Interrupted by a signal: then the next look around sees why.
        let _ = poll(&mut ends, limit.as_ref());
        let mut signals = [0; 64];
        let _ = self.wake.read(&mut signals);
    }

    /// Does what the app asks. False: end everything.
    fn heed_app(&mut self) -> bool {
        let mut asked = [0; 64];
        match rustix::net::recv(&self.app, &mut asked, RecvFlags::DONTWAIT) {
            // The end of the socket is the end of the app.
            Ok((_, 0)) => return false,
            Ok((_, length)) => {
                let asked = asked.get(..length).unwrap_or_default();
                if asked.contains(&KILL) {
                    return false;
                }
                if asked.contains(&TERM) && self.exited.is_none() {
                    // Its group is its own, and exists as long as we have not collected it.
                    let _ = rustix::process::kill_process_group(self.agent, Signal::TERM);
                }
            }
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
        true
    }

    /// Collects children that have ended, adopted ones too, and tells when the agent is among them.
    fn collect(&mut self) {
        loop {
            match rustix::process::wait(WaitOptions::NOHANG) {
                Ok(Some((pid, status))) if pid == self.agent => {
                    let status = exit_status(status);
                    self.exited = Some(status);
                    self.tell(Report::Exited(status));
                }
                Ok(Some(_)) | Err(rustix::io::Errno::INTR) => {}
                Ok(None) => return,
                Err(_) => {
                    self.childless = true;
                    return;
                }
            }
        }
    }

    fn term_what_is_left(&self) {
        for seen in Scan::now().below(&[own_pid()]) {
            let _ = os::signal(&seen, Signal::TERM);
        }
    }

    /// First what descends from us, which after adoption is nearly everything, then what only the mark finds.
    fn end_everything(&mut self) -> u32 {
        let (execution, since) = (self.execution.clone(), self.start_time);
        let left = end_all(KILL_LIMIT, || {
            self.collect();
            let scan = Scan::now();
            let below = scan.below(&[own_pid()]);
            if below.iter().any(|seen| !seen.ended) {
                return below;
            }
            scan.marked(&execution, since)
                .filter(|seen| seen.pid != own_pid())
                .collect()
        });
        self.collect();
        left
    }
}

fn own_pid() -> i32 {
    rustix::process::getpid().as_raw_nonzero().get()
}

fn exit_status(status: WaitStatus) -> ExitStatus {
    if let Some(code) = status.exit_status() {
        return ExitStatus::Code { code };
    }
    match status.terminating_signal() {
        Some(signal) => ExitStatus::Signal { signal },
        None => ExitStatus::Unknown,
    }
}

/// A socket that becomes readable at each signal that concerns us, and a flag that says to end.
fn catch_signals() -> io::Result<(UnixStream, Arc<AtomicBool>)> {
    let (wake, signals) = UnixStream::pair()?;
    wake.set_nonblocking(true)?;
    let told_to_end = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGINT, SIGHUP] {
        signal_hook::flag::register(signal, told_to_end.clone())?;
    }
    // After the flags: who is woken has to see them.
    for signal in [SIGCHLD, SIGTERM, SIGINT, SIGHUP] {
        signal_hook::low_level::pipe::register(signal, signals.try_clone()?)?;
    }
    Ok((wake, told_to_end))
}

/// The order, and the agent's ends of its standard input, output and error.
fn receive(app: &mut UnixStream) -> io::Result<(Order, [OwnedFd; 3])> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let (head, pipes) = receive_head(app)?;
    let pipes: [OwnedFd; 3] = pipes.try_into().map_err(|_| damaged())?;
    let length = usize::try_from(u32::from_le_bytes(head)).map_err(|_| damaged())?;
    if length > MAX_PLAN {
        return Err(damaged());
    }
    let mut bytes = vec![0; length];
    app.read_exact(&mut bytes)?;
    Ok((Order::decode(&bytes).ok_or_else(damaged)?, pipes))
}

fn receive_head(app: &mut UnixStream) -> io::Result<([u8; HEAD_LENGTH], Vec<OwnedFd>)> {
    let mut head = [0; HEAD_LENGTH];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = recvmsg(
        &*app,
        &mut [IoSliceMut::new(&mut head)],
        &mut control,
        close_on_exec(),
    )?;
    let pipes = control
        .drain()
        .filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(pipes) => Some(pipes),
            _ => None,
        })
        .flatten()
        .collect();
    if let Some(rest) = head.get_mut(received.bytes..) {
        app.read_exact(rest)?;
    }
    Ok((head, pipes))
}

#[cfg(target_os = "linux")]
fn close_on_exec() -> RecvFlags {
    RecvFlags::CMSG_CLOEXEC
}
/// The received ends are handed to the agent and closed here before anything else is started.
#[cfg(not(target_os = "linux"))]
fn close_on_exec() -> RecvFlags {
    RecvFlags::empty()
}

/// Starts the program in a process group of its own, and closes our copies of its pipes so that their ends are seen.
fn spawn(order: Order, [stdin, stdout, stderr]: [OwnedFd; 3]) -> io::Result<Pid> {
    let child = Command::new(&order.program)
        .args(&order.args)
        .current_dir(&order.folder)
        .env_clear()
        .envs(order.environment)
        .stdin(Stdio::from(stdin))
        .stdout(Stdio::from(stdout))
        .stderr(Stdio::from(stderr))
        .group()
        .spawn()?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or(io::ErrorKind::InvalidData)?;
    // One that is gone already has no priority any more.
    let _ = setpriority_process(Some(pid), OF_AGENTS);
    Ok(pid)
}
