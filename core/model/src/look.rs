//! What a look around the computer finds: folders, repositories, agents. Answers to queries, never part of the state.

use crate::{FilePath, Hunk, Problem, Timestamp};
use serde::{Deserialize, Serialize};

/// What is in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryList {
    /// The folder, absolute.
    pub path: FilePath,
    /// The folder above; `None`: this is the top.
    pub parent: Option<FilePath>,
    /// The person's own folder, if known.
    pub home: Option<FilePath>,
    /// The folder itself is a git repository.
    pub is_repository: bool,
    /// Folders first, each sorted by name as a person would.
    pub entries: Vec<DirectoryEntry>,
    /// There are more than were listed.
    pub more: bool,
}

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryEntry {
    /// Its name, for showing: bytes that are not UTF-8 are replaced.
    pub name: String,
    /// Where it is.
    pub path: FilePath,
    /// It is a folder, or a link to one.
    pub is_folder: bool,
    /// It is hidden.
    pub is_hidden: bool,
    /// It is a git repository.
    pub is_repository: bool,
}

/// What a quick scan for repositories found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRepositories {
    /// The repositories, the one last worked in first.
    pub repositories: Vec<FoundRepository>,
    /// All was looked at; `false`: the time was over first.
    pub complete: bool,
}

/// A repository that a scan found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRepository {
    /// Its folder.
    pub path: FilePath,
    /// Its folder's name, for showing.
    pub name: String,
    /// When git last wrote to it, as far as files tell.
    pub used_at: Option<Timestamp>,
}

/// What there is of an agent on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentFinding {
    /// Its id, such as `CLAUDE_CODE`.
    pub agent_id: String,
    /// Its name.
    pub name: String,
    /// Its variants by name, `DEFAULT` first, the user's included.
    pub variants: Vec<String>,
    /// It can be started.
    pub found: bool,
    /// Its program; `None`: not found, or part of Anyon.
    pub program: Option<FilePath>,
    /// Its version, if it was asked and told.
    pub version: Option<String>,
    /// What to know of this version, one line.
    pub notice: Option<String>,
    /// Whether it is logged in.
    pub login: AgentLogin,
    /// How to install it, one line.
    pub install_hint: String,
    /// How to log in, one line. Empty: it has no login.
    pub login_hint: String,
    /// Names of the secrets in the environment that it is not given.
    pub withheld: Vec<String>,
}

/// Whether an agent is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "login")]
pub enum AgentLogin {
    /// It has no login.
    NotNeeded,
    /// It is.
    LoggedIn {
        /// By which method, in its words; may be empty. Never a name or an address.
        method: String,
    },
    /// It is not.
    LoggedOut,
    /// It was not asked, or did not tell.
    Unknown,
}

/// How the configuration file of an agent stands to Anyon's MCP server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct McpSetup {
    /// The agent's id, such as `CLAUDE_CODE`.
    pub agent_id: String,
    /// Its name.
    pub name: String,
    /// Its file, which may not be there yet. `None`: nobody knows where it would be.
    pub file: Option<FilePath>,
    /// How the file stands.
    pub state: McpState,
    /// What is to stand in the file, for somebody who puts it there by hand.
    pub snippet: String,
    /// What would change in the file. `None`: nothing.
    pub change: Option<Hunk>,
}

/// How a configuration file stands to Anyon's MCP server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum McpState {
    /// It starts this server.
    Present,
    /// It does not name it.
    Absent,
    /// Under its name it starts something else: another program, or one of another data folder.
    Other,
    /// It cannot be read.
    Faulty {
        /// Why.
        problem: Problem,
    },
}
