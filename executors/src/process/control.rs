//! The app's handles to a running process. They only pass requests on and never block; the work is done by the task
//! behind them.

use anyon_model::{ExecutionId, ExitStatus, ProcessRecord};
use std::{ffi::OsString, path::PathBuf};
use tokio::{
    process::{ChildStderr, ChildStdin, ChildStdout},
    sync::{mpsc, oneshot, watch},
};

/// What to start.
pub struct ProcessPlan {
    /// The execution it is for; becomes the mark in its environment.
    pub execution_id: ExecutionId,
    /// The program: an absolute path, or a name to be found in the `PATH` of `environment`.
    pub program: PathBuf,
    /// Its arguments. They are on the process list: never a secret.
    pub args: Vec<OsString>,
    /// The folder it runs in.
    pub folder: PathBuf,
    /// Its whole environment; nothing is inherited.
    pub environment: Vec<(OsString, OsString)>,
}

/// A process that runs.
pub struct Started {
    /// What finds it again after a restart.
    pub record: ProcessRecord,
    /// Its standard input.
    pub stdin: ChildStdin,
    /// Its standard output.
    pub stdout: ChildStdout,
    /// Its standard error.
    pub stderr: ChildStderr,
    /// Ends it.
    pub control: Control,
    /// Tells when it is gone.
    pub exit: ExitWatch,
}

/// How an execution's process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// The agent's own end.
    pub status: ExitStatus,
    /// Processes of it that could not be ended. 0 is right.
    pub left: u32,
}

/// A request to the task that watches a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Term,
    Kill,
    Sweep,
}

/// Ends a process. Cheap to clone, never blocks, does nothing once the process is gone.
#[derive(Debug, Clone)]
pub struct Control {
    asks: mpsc::UnboundedSender<Ask>,
}

impl Control {
    /// Asks the agent's process group to end (SIGTERM).
    pub fn term(&self) {
        self.ask(Ask::Term);
    }
    /// Ends the agent and everything it started (SIGKILL), again and again until nothing is left.
    pub fn kill(&self) {
        self.ask(Ask::Kill);
    }
    /// As [`Self::kill`], and the app looks for what is left itself instead of relying on the supervisor.
    pub fn sweep(&self) {
        self.ask(Ask::Sweep);
    }

    fn ask(&self, ask: Ask) {
        // An error means that the process is gone, which is what was asked for.
        let _ = self.asks.send(ask);
    }
}

/// Tells when a process is gone. When this and every [`Control`] is dropped, the process is ended: nothing runs that
/// nobody watches.
#[derive(Debug)]
pub struct ExitWatch {
    agent: watch::Receiver<Option<ExitStatus>>,
    gone: oneshot::Receiver<Exit>,
    _keeps_running: Control,
}

impl ExitWatch {
    /// Resolves at once when the agent itself has ended; what it left behind may still be there.
    pub async fn agent_exited(&mut self) -> ExitStatus {
        match self.agent.wait_for(Option::is_some).await {
            Ok(status) => status.unwrap_or(ExitStatus::Unknown),
            Err(_) => ExitStatus::Unknown,
        }
    }

    /// Resolves when the agent and everything it started is gone, or cannot be ended.
    pub async fn wait(self) -> Exit {
        let unknown = Exit {
            status: ExitStatus::Unknown,
            left: 0,
        };
        self.gone.await.unwrap_or(unknown)
    }
}

/// The other ends of [`Control`] and [`ExitWatch`], for the task that does the work.
pub(super) struct Watched {
    pub(super) asks: mpsc::UnboundedReceiver<Ask>,
    pub(super) agent: watch::Sender<Option<ExitStatus>>,
    pub(super) gone: oneshot::Sender<Exit>,
}

pub(super) fn handles() -> (Control, ExitWatch, Watched) {
    let (asks, asks_end) = mpsc::unbounded_channel();
    let (agent_end, agent) = watch::channel(None);
    let (gone_end, gone) = oneshot::channel();
    let control = Control { asks };
    let exit = ExitWatch {
        agent,
        gone,
        _keeps_running: control.clone(),
    };
    let watched = Watched {
        asks: asks_end,
        agent: agent_end,
        gone: gone_end,
    };
    (control, exit, watched)
}
