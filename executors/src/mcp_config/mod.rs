//! Anyon's MCP server in the configuration files of agents: where the file is, what is to stand in it, how it gets
//! there.
//!
//! The files are the person's. What is not ours (other servers, unknown keys, comments) stays as it is, to the byte.
//! Editing is text in, text out; only [`file`] reads and writes.

mod edit;
mod entry;
mod fault;
pub mod file;
#[cfg(test)]
#[cfg(unix)]
mod file_tests;
mod json;
mod place;
mod preview;
#[cfg(test)]
mod tests;
mod toml;

pub use edit::{Edited, Standing};
pub use entry::Server;
pub use fault::{Fault, FileError, Syntax};

use anyon_model::{Problem, ProblemCode};
use entry::Form;
use place::Place;

/// The name that the server has in every file.
pub const NAME: &str = "anyon";

/// An agent with a configuration file for MCP servers.
#[derive(Debug)]
pub struct McpAgent {
    /// Its id, such as `CLAUDE_CODE`.
    pub id: &'static str,
    /// Its name, such as `Claude Code`.
    pub name: &'static str,
    place: fn(&Place<'_>) -> Option<std::path::PathBuf>,
    section: &'static str,
    form: Form,
}

static AGENTS: [McpAgent; 9] = [
    McpAgent {
        id: "CLAUDE_CODE",
        name: "Claude Code",
        place: place::claude,
        section: "mcpServers",
        form: Form::Stdio,
    },
    McpAgent {
        id: "CODEX",
        name: "Codex",
        place: place::codex,
        section: "mcp_servers",
        form: Form::Toml,
    },
    McpAgent {
        id: "GEMINI",
        name: "Gemini CLI",
        place: place::gemini,
        section: "mcpServers",
        form: Form::Plain,
    },
    McpAgent {
        id: "QWEN_CODE",
        name: "Qwen Code",
        place: place::qwen,
        section: "mcpServers",
        form: Form::Plain,
    },
    McpAgent {
        id: "COPILOT",
        name: "GitHub Copilot CLI",
        place: place::copilot,
        section: "mcpServers",
        form: Form::Copilot,
    },
    McpAgent {
        id: "OPENCODE",
        name: "OpenCode",
        place: place::opencode,
        section: "mcp",
        form: Form::OpenCode,
    },
    McpAgent {
        id: "CURSOR_AGENT",
        name: "Cursor Agent",
        place: place::cursor,
        section: "mcpServers",
        form: Form::Plain,
    },
    McpAgent {
        id: "CURSOR",
        name: "Cursor",
        place: place::cursor,
        section: "mcpServers",
        form: Form::Plain,
    },
    McpAgent {
        id: "AMP",
        name: "Amp",
        place: place::amp,
        section: "amp.mcpServers",
        form: Form::Plain,
    },
];

/// All of them.
pub fn agents() -> &'static [McpAgent] {
    &AGENTS
}

/// The agent with this id, however it is written.
pub fn agent(text: &str) -> Result<&'static McpAgent, Problem> {
    let same = text.replace('-', "_");
    let known = AGENTS.iter().find(|agent| agent.id.eq_ignore_ascii_case(&same));
    known.ok_or_else(|| {
        let ids: Vec<&str> = AGENTS.iter().map(|agent| agent.id).collect();
        Problem::new(
            ProblemCode::NotFound,
            format!("There is no agent “{text}” with a configuration file for MCP servers"),
        )
        .hint(format!("those that have one: {}", ids.join(", ")))
    })
}

impl McpAgent {
    /// What is to stand in the file, for somebody who puts it there by hand.
    pub fn snippet(&self, server: &Server) -> String {
        match self.form {
            Form::Toml => toml::snippet(self.section, &self.form.entry(server)),
            _ => json::snippet(self.section, &self.form.entry(server)),
        }
    }

    /// The file's text with the server in it.
    pub fn edit(&self, server: &Server, text: &str) -> Result<Edited, Fault> {
        edit::edit(self.section, &self.form, &self.form.entry(server), text)
    }
}
