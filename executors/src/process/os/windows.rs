//! Processes on Windows: no supervisor. The process starts in a job object that ends everything in it when its last
//! handle closes, which the system does however the app dies. Not compiled or tested here yet.

use crate::process::{
    Exit, ProcessPlan, Started,
    control::{Ask, Watched, handles},
    environment::with_mark,
    failure,
};
use anyon_model::{ExitStatus, LaunchFailure, ProcessRecord};
use command_group::{AsyncCommandGroup, AsyncGroupChild};
use std::{path::Path, process::Stdio};
use tokio::process::Command;

/// Starts a process. `exe` is not needed here.
///
/// # Errors
/// When the program does not run, with the reason.
pub async fn start(_exe: &Path, plan: ProcessPlan) -> Result<Started, LaunchFailure> {
    let plan = failure::with_found_program(plan)?;
    let mut child = Command::new(&plan.program)
        .args(&plan.args)
        .current_dir(&plan.folder)
        .env_clear()
        .envs(with_mark(&plan))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .group()
        // Without it the job object would let its processes live.
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failure::not_started(&plan, &error))?;
    let (control, exit, watched) = handles();
    let pid = child.id().unwrap_or(0);
    let record = ProcessRecord {
        supervisor_pid: 0,
        pid,
        start_time: 0,
        boot_id: String::new(),
    };
    let inner = child.inner();
    let pipes = (inner.stdin.take(), inner.stdout.take(), inner.stderr.take());
    let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
        return Err(failure::no_supervisor("its pipes are missing"));
    };
    tokio::spawn(watch(child, watched));
    Ok(Started {
        record,
        stdin,
        stdout,
        stderr,
        control,
        exit,
    })
}

async fn watch(mut child: AsyncGroupChild, mut watched: Watched) {
    let status = loop {
        tokio::select! {
            status = child.inner().wait() => break status.ok(),
            // There is no SIGTERM: the ladder's gentle rungs are the protocol's interrupt and the closed input.
            ask = watched.asks.recv() => if ask != Some(Ask::Term) {
                let _ = child.start_kill();
            },
        }
    };
    let code = status.and_then(|status| status.code());
    let status = code.map_or(ExitStatus::Unknown, |code| ExitStatus::Code { code });
    let _ = watched.agent.send(Some(status));
    let _ = child.kill().await;
    let _ = watched.gone.send(Exit { status, left: 0 });
}
