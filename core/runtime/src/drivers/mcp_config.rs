//! The driver for the configuration files of agents: how they stand to Anyon's MCP server, and the server put into
//! them. Which file and what stands in it is the executors' knowledge.

use super::process::Shared;
use anyon_executors::mcp_config::{self, FileError, Server, file};
use anyon_model::{Answer, CommandId, FilePath, Input, Problem, QueryResult};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;

/// What writes.
pub struct McpConfig {
    processes: Arc<Shared>,
    inputs: mpsc::Sender<Input>,
    /// Two agents may share a file.
    turn: Arc<Mutex<()>>,
}

impl McpConfig {
    /// A driver that knows the agents' environment.
    pub fn new(processes: Arc<Shared>, inputs: mpsc::Sender<Input>) -> Self {
        let turn = Arc::default();
        Self {
            processes,
            inputs,
            turn,
        }
    }

    /// Puts the server into an agent's file, on a thread of its own.
    pub fn write(&self, command_id: CommandId, agent_id: String) {
        let (processes, inputs, turn) = (self.processes.clone(), self.inputs.clone(), self.turn.clone());
        tokio::task::spawn_blocking(move || {
            let turn = turn.lock();
            let result = write(&processes, &agent_id);
            drop(turn);
            let _ = inputs.blocking_send(Input::McpSetUp { command_id, result });
        });
    }
}

fn write(processes: &Shared, agent_id: &str) -> Result<(FilePath, Option<FilePath>), Problem> {
    let agent = mcp_config::agent(agent_id)?;
    let written = file::write(agent, &server(processes)?, processes.environment())?;
    let backup = written.backup.as_deref().map(FilePath::from);
    Ok((written.path.as_path().into(), backup))
}

/// How all the files stand. The first to ask for the environment waits for the login shell.
pub fn look(processes: &Shared) -> QueryResult {
    let server = server(processes)?;
    let agents = mcp_config::agents().iter();
    let setups = agents.map(|agent| file::look(agent, &server, processes.environment()));
    Ok(Answer::McpSetups(Arc::new(setups.collect())))
}

fn server(processes: &Shared) -> Result<Server, Problem> {
    let server = Server::new(&processes.exe, &processes.mcp_arguments);
    server.map_err(|fault| FileError::Server(fault).into())
}
