//! `anyon mcp-config`: Anyon's MCP server in the configuration files of agents, printed or written.
//!
//! Works without a host: what it touches is the agents', not the store.

use super::{ending::Ending, out::Out};
use crate::host::{mcp_arguments, this_program};
use anyon_executors::{
    mcp_config::{self, FileError, McpAgent, Server, Standing, file},
    process::Environment,
};
use anyon_model::{McpSetup, McpState, Problem};
use clap::Args;
use serde_json::{Value, json};
use std::path::Path;

/// Print what makes Anyon's MCP server known to an agent, or write it into the agent's configuration file
#[derive(Debug, Args)]
pub struct McpConfigArgs {
    /// The agent: claude-code, codex, gemini, qwen-code, copilot, opencode, cursor-agent, cursor or amp; without it, how all of their files stand
    agent: Option<String>,
    /// Write it into the file; the old text is kept beside it
    #[arg(long, requires = "agent")]
    write: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Runs it.
pub fn run(args: &McpConfigArgs, data_folder: &Path, out: &mut Out) -> Result<Ending, Problem> {
    let server = Server::new(&this_program()?, &mcp_arguments(data_folder)).map_err(FileError::Server)?;
    let environment = Environment::of_this_process();
    match &args.agent {
        None => {
            for agent in mcp_config::agents() {
                finding(&file::look(agent, &server, &environment), out);
            }
        }
        Some(name) => {
            let agent = mcp_config::agent(name)?;
            match args.write {
                true => write(agent, &server, &environment, out)?,
                false => print(&file::look(agent, &server, &environment), out),
            }
        }
    }
    Ok(Ending::Done)
}

fn write(agent: &McpAgent, server: &Server, environment: &Environment, out: &mut Out) -> Result<(), Problem> {
    let written = file::write(agent, server, environment)?;
    let path = written.path.display();
    if out.is_json() {
        out.object(&json!({
            "event": "mcp_config", "agent": agent.id, "file": written.path, "written": written.standing != Standing::Present,
            "backup": written.backup,
        }));
        return Ok(());
    }
    let said = match written.standing {
        Standing::Present => format!("{} knows Anyon already: {path}", agent.name),
        Standing::Absent => format!("{} knows Anyon now: {path}", agent.name),
        Standing::Other => format!("{} knows this Anyon now: {path}", agent.name),
    };
    out.done("mcp_config", &said);
    if let Some(backup) = &written.backup {
        out.note(&format!("what was there before: {}", backup.display()));
    }
    Ok(())
}

/// What to put where: the text alone on standard output, the rest beside it.
fn print(setup: &McpSetup, out: &mut Out) {
    if out.is_json() {
        let mut object = facts(setup);
        object["event"] = json!("mcp_config");
        object["snippet"] = json!(setup.snippet);
        return out.object(&object);
    }
    if let Some(file) = &setup.file {
        out.note(&format!("{}: {}", file.as_path().display(), words(&setup.state)));
    }
    if let McpState::Faulty { problem } = &setup.state {
        out.problem(problem);
    }
    out.done("mcp_config", setup.snippet.trim_end());
}

fn finding(setup: &McpSetup, out: &mut Out) {
    let level = match setup.state {
        McpState::Present => "ok",
        McpState::Absent | McpState::Other => "note",
        McpState::Faulty { .. } => "problem",
    };
    let mut text = words(&setup.state).to_owned();
    match (&setup.state, &setup.file) {
        (McpState::Faulty { problem }, _) => text = problem.to_string(),
        (_, Some(file)) => text.push_str(&format!(": {}", file.as_path().display())),
        (_, None) => {}
    }
    out.finding(level, &setup.agent_id, &text, &facts(setup));
}

fn facts(setup: &McpSetup) -> Value {
    let (state, problem) = match &setup.state {
        McpState::Present => ("present", None),
        McpState::Absent => ("absent", None),
        McpState::Other => ("other", None),
        McpState::Faulty { problem } => ("faulty", Some(problem)),
    };
    json!({"agent": setup.agent_id, "file": setup.file, "state": state, "problem": problem})
}

fn words(state: &McpState) -> &'static str {
    match state {
        McpState::Present => "starts this Anyon",
        McpState::Absent => "does not name Anyon yet",
        McpState::Other => "names another Anyon",
        McpState::Faulty { .. } => "cannot be read",
    }
}
