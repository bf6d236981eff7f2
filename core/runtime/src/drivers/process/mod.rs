//! The process driver: one task for each execution. It starts the process, reads and answers it through its
//! protocol, writes its log and tells the engine what matters.

mod conversation;
mod handover;
mod launch;
mod lines;
mod links;
mod run;
mod script;

pub use script::ScriptOutput;

use crate::{
    drivers::own_agents::{self, OwnAgents},
    publish::{Publisher, lock},
    recovery::{self, Readable},
};
use anyon_executors::process::Environment;
use anyon_git::Git;
use anyon_model::{AgentFileEdit, AgentRequest, CommandId, ExecutionId, Input, LaunchRequest, StopStep};
use anyon_storage::logs::{self, LogFolder, LogHandle};
use std::{
    collections::HashMap,
    ffi::OsString,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};
use tokio::sync::mpsc::{self, UnboundedSender};

/// Where the environment of agents comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvironmentSource {
    /// From this process: it was started from a terminal.
    Inherit,
    /// From the login shell, asked when the first agent starts: this process was started by a double click.
    LoginShell,
}

/// How long a login shell may take to tell its environment.
const LOGIN_SHELL_LIMIT: Duration = Duration::from_secs(5);

/// What all executions share.
pub struct Shared {
    /// This program, for `--supervise` and the demo agent.
    pub exe: PathBuf,
    /// Where logs are.
    pub logs: LogFolder,
    /// To the engine.
    pub inputs: mpsc::Sender<Input>,
    /// To clients.
    pub publisher: Arc<Publisher>,
    /// For `HEAD` of a worktree after an execution.
    pub git: Git,
    /// Where the environment of agents comes from.
    pub source: EnvironmentSource,
    /// What makes this program an MCP server of this data folder.
    pub mcp_arguments: Vec<OsString>,
    /// The person's own agents and profiles.
    pub own_agents: OwnAgents,
    environment: OnceLock<Environment>,
    live_logs: Mutex<HashMap<ExecutionId, LogHandle>>,
    rebuilding: Mutex<()>,
}

impl Shared {
    /// What all executions share.
    #[expect(clippy::too_many_arguments, reason = "each is one part of the host")]
    pub fn new(
        exe: PathBuf,
        logs: LogFolder,
        inputs: mpsc::Sender<Input>,
        publisher: Arc<Publisher>,
        git: Git,
        source: EnvironmentSource,
        mcp_arguments: Vec<OsString>,
        own_agents: OwnAgents,
    ) -> Self {
        let (environment, live_logs, rebuilding) = (OnceLock::new(), Mutex::default(), Mutex::default());
        Self {
            exe,
            logs,
            inputs,
            publisher,
            git,
            source,
            mcp_arguments,
            own_agents,
            environment,
            live_logs,
            rebuilding,
        }
    }

    /// The environment of agents. Blocks for the login shell the first time.
    pub fn environment(&self) -> &Environment {
        self.environment.get_or_init(|| match self.source {
            EnvironmentSource::Inherit => Environment::of_this_process(),
            EnvironmentSource::LoginShell => Environment::of_login_shell(LOGIN_SHELL_LIMIT),
        })
    }

    /// The log of an execution, for its raw lines. `None`: it never had one, because nothing was started.
    pub fn raw_log(&self, execution_id: ExecutionId) -> io::Result<Option<LogHandle>> {
        let live = lock(&self.live_logs).get(&execution_id).cloned();
        let log = live.map_or_else(|| logs::open(&self.logs, execution_id), Ok);
        match log {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            log => log.map(Some),
        }
    }

    /// The log of an execution, for its entries. Those that another version wrote, or that are damaged, are made again
    /// from the raw lines first, by one reader at a time.
    pub fn entry_log(&self, execution: &Readable) -> io::Result<Option<LogHandle>> {
        let log = self.raw_log(execution.id)?;
        if log.as_ref().is_none_or(LogHandle::entries_known) {
            return Ok(log);
        }
        let _alone = lock(&self.rebuilding);
        if let Some(log) = self.raw_log(execution.id)?
            && !log.entries_known()
        {
            recovery::recover_log(execution, &self.logs)?;
        }
        self.raw_log(execution.id)
    }
}

/// What the task of an execution is told.
enum Order {
    /// The process is recorded: listen to it.
    Attach,
    /// Tell the agent something.
    Send(AgentRequest),
    /// A rung of the stop ladder.
    Stop(StopStep),
}

/// The tasks by execution.
pub struct ProcessDriver {
    shared: Arc<Shared>,
    tasks: HashMap<ExecutionId, UnboundedSender<Order>>,
}

impl ProcessDriver {
    /// No execution yet.
    pub fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            tasks: HashMap::new(),
        }
    }

    /// Removes the logs of executions that are no longer known. What cannot be removed is only in the way.
    pub fn remove_logs(&self, executions: Vec<ExecutionId>) {
        let shared = self.shared.clone();
        tokio::task::spawn_blocking(move || {
            for execution_id in executions {
                if let Err(error) = logs::remove(&shared.logs, execution_id) {
                    tracing::warn!(%error, execution = %execution_id, "a log was left where it is");
                }
            }
        });
    }

    /// Changes the person's own agents and profiles; the answer is [`Input::AgentFileEdited`].
    pub fn edit_agents(&self, command_id: CommandId, edit: AgentFileEdit) {
        own_agents::edit(&self.shared, command_id, edit);
    }

    /// The engine knows the agents that were read.
    pub fn agents_taken(&self, reading: u64) {
        self.shared.own_agents.taken(reading);
    }

    /// Starts a process; the answer is [`Input::Spawned`].
    pub fn spawn(&mut self, request: LaunchRequest) {
        self.tasks.retain(|_, orders| !orders.is_closed());
        let (orders, inbox) = mpsc::unbounded_channel();
        self.tasks.insert(request.execution_id, orders);
        tokio::spawn(run::run(self.shared.clone(), request, inbox));
    }

    /// Listens to a process that is recorded.
    pub fn attach(&self, execution_id: ExecutionId) {
        self.order(execution_id, Order::Attach);
    }

    /// Tells an agent something.
    pub fn send(&self, execution_id: ExecutionId, request: AgentRequest) {
        self.order(execution_id, Order::Send(request));
    }

    /// Does a rung of the stop ladder.
    pub fn stop(&self, execution_id: ExecutionId, step: StopStep) {
        self.order(execution_id, Order::Stop(step));
    }

    fn order(&self, execution_id: ExecutionId, order: Order) {
        // A task that is gone has told the engine that the process ended.
        if let Some(task) = self.tasks.get(&execution_id) {
            let _ = task.send(order);
        }
    }
}
