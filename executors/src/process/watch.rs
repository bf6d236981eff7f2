//! The task in the app that stands behind one process's handles: passes requests to the supervisor, hears its reports,
//! and does its work itself when the supervisor is dead or stuck.

use super::{
    Exit,
    control::{Ask, Watched},
    os::Seen,
    supervisor::KILL_LIMIT,
    tree::{Scan, end_all},
    wire::{KILL, REPORT_LENGTH, Report, TERM},
};
use anyon_model::{ExecutionId, ExitStatus, ProcessRecord};
use std::{io, time::Duration};
use tokio::{io::AsyncReadExt, net::UnixStream, process::Child, time::Instant};

/// How much longer than it should take a supervisor may take to end everything, before the app does it.
const PATIENCE: Duration = Duration::from_millis(300);

/// How long a supervisor may take to end once it said that everything is gone.
const LEAVE_LIMIT: Duration = Duration::from_millis(300);

/// The app's end of the socket to a supervisor.
pub(super) struct Link {
    pub(super) socket: UnixStream,
    buffer: Vec<u8>,
}

impl Link {
    pub(super) fn new(socket: UnixStream) -> Self {
        Self {
            socket,
            buffer: Vec::with_capacity(2 * REPORT_LENGTH),
        }
    }

    /// The next report. Loses nothing when it is cancelled.
    pub(super) async fn report(&mut self) -> io::Result<Report> {
        loop {
            if let Some((first, _)) = self.buffer.split_first_chunk() {
                let report = Report::decode(first).ok_or(io::ErrorKind::InvalidData)?;
                self.buffer.drain(..REPORT_LENGTH);
                return Ok(report);
            }
            if self.socket.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// Never waits: one byte always finds room, unless the supervisor is stuck, and then the app does it itself.
    fn ask(&self, byte: u8) {
        let _ = self.socket.try_write(&[byte]);
    }
}

/// How it came that there is nothing more to watch.
enum Outcome {
    /// The supervisor ended everything, but so many.
    Gone { left: u32 },
    /// The supervisor is dead or stuck, or nobody shall rely on it.
    OnOurOwn,
}

pub(super) async fn watch(
    mut link: Link,
    mut supervisor: Child,
    execution_id: ExecutionId,
    record: ProcessRecord,
    mut ends: Watched,
) {
    let outcome = hear(&mut link, &mut ends).await;
    let left = match outcome {
        Outcome::Gone { left } => left,
        Outcome::OnOurOwn => sweep(execution_id, record).await,
    };
    let leave = async {
        hear_out(&mut link, &ends).await;
        supervisor.wait().await
    };
    if tokio::time::timeout(LEAVE_LIMIT, leave).await.is_err() {
        let _ = supervisor.kill().await;
    }
    let status = ends.agent.borrow().unwrap_or(ExitStatus::Unknown);
    ends.agent.send_replace(Some(status));
    // Nobody may be waiting for it any more.
    let _ = ends.gone.send(Exit { status, left });
}

/// Passes requests on and hears reports until everything is gone or the supervisor is of no use any more.
async fn hear(link: &mut Link, ends: &mut Watched) -> Outcome {
    let mut deadline: Option<Instant> = None;
    loop {
        tokio::select! {
            report = link.report() => match report {
                Ok(Report::Exited(status)) => {
                    ends.agent.send_replace(Some(status));
                    deadline = sooner(deadline, 2 * KILL_LIMIT + PATIENCE);
                }
                Ok(Report::Gone { left }) => return Outcome::Gone { left },
                Ok(Report::Started { .. } | Report::Refused { .. }) | Err(_) => return Outcome::OnOurOwn,
            },
            ask = ends.asks.recv(), if !ends.asks.is_closed() || !ends.asks.is_empty() => match ask {
                Some(Ask::Term) => link.ask(TERM),
                Some(Ask::Kill) | None => {
                    link.ask(KILL);
                    deadline = sooner(deadline, KILL_LIMIT + PATIENCE);
                }
                Some(Ask::Sweep) => {
                    link.ask(KILL);
                    return Outcome::OnOurOwn;
                }
            },
            () = sleep_until(deadline) => return Outcome::OnOurOwn,
        }
    }
}

/// What the supervisor still says before it ends, above all how the agent ended.
async fn hear_out(link: &mut Link, ends: &Watched) {
    while let Ok(report) = link.report().await {
        if let Report::Exited(status) = report {
            ends.agent.send_replace(Some(status));
        }
    }
}

fn sooner(deadline: Option<Instant>, after: Duration) -> Option<Instant> {
    let at = Instant::now() + after;
    Some(deadline.map_or(at, |deadline| deadline.min(at)))
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Ends everything that is the execution's without the supervisor's help, and at last the supervisor.
async fn sweep(execution_id: ExecutionId, record: ProcessRecord) -> u32 {
    let execution = execution_id.to_string();
    let ended = tokio::task::spawn_blocking(move || {
        end_all(KILL_LIMIT, || {
            everything_of(&Scan::now(), &record, execution.as_bytes())
        })
    });
    ended.await.unwrap_or(0)
}

/// What descends from the supervisor or the agent, is in the supervisor's session, or carries the mark.
fn everything_of(scan: &Scan, record: &ProcessRecord, execution: &[u8]) -> Vec<Seen> {
    let pid = |pid: u32| i32::try_from(pid).unwrap_or(0);
    let (supervisor, agent) = (pid(record.supervisor_pid), pid(record.pid));
    let mut found = scan.below(&[supervisor, agent]);
    found.extend(scan.same(agent, record.start_time));
    // While a member lives, its session's number is not given to another process.
    found.extend(scan.in_session(supervisor).filter(|seen| seen.pid != supervisor));
    found.extend(scan.marked(execution, record.start_time));
    // Nothing of the execution is older than its agent: a younger process may have got one of the pids.
    found.retain(|seen| seen.start_time >= record.start_time);
    found.sort_by_key(|seen| seen.pid);
    found.dedup();
    found
}
