//! Templates, profiles and settings.

use crate::{TemplateId, Timestamp};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// A text that `@name` in a description or a follow-up expands to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its identity.
    pub id: TemplateId,
    /// Its name, without the `@` and without spaces.
    pub name: String,
    /// The text.
    pub text: String,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A named configuration of an agent: `CLAUDE_CODE` or `CLAUDE_CODE:PLAN`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExecutorProfileId {
    /// The agent's id.
    pub executor: String,
    /// The variant; `None` means `DEFAULT`.
    pub variant: Option<String>,
}

impl ExecutorProfileId {
    /// The default variant of an agent.
    pub fn new(executor: impl Into<String>) -> Self {
        Self {
            executor: executor.into(),
            variant: None,
        }
    }
    /// The variant's name, `DEFAULT` if none is named.
    pub fn variant_name(&self) -> &str {
        self.variant.as_deref().unwrap_or("DEFAULT")
    }
}
impl fmt::Display for ExecutorProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.variant {
            Some(variant) => write!(f, "{}:{variant}", self.executor),
            None => f.write_str(&self.executor),
        }
    }
}
impl FromStr for ExecutorProfileId {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.split_once(':') {
            Some((executor, variant)) => Self {
                executor: executor.into(),
                variant: Some(variant.into()),
            },
            None => Self::new(text),
        })
    }
}

/// A user's configuration of an agent under a variant's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Agent and variant.
    pub id: ExecutorProfileId,
    /// What it changes.
    pub config: ProfileConfig,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a variant changes of an agent's start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileConfig {
    /// Program (absolute or looked up in PATH) instead of the agent's own.
    pub program: Option<String>,
    /// Arguments after the adapter's.
    pub extra_args: Vec<String>,
    /// Environment on top; an empty value removes the variable.
    pub env: BTreeMap<String, String>,
    /// The user's secrets that this agent may see although the deny-list names them.
    pub pass_env: Vec<String>,
    /// Model.
    pub model: Option<String>,
    /// Effort, in the agent's words.
    pub effort: Option<String>,
    /// The agent only plans; writes are refused by us.
    pub plan: bool,
    /// Text after every prompt.
    pub append_prompt: Option<String>,
}

/// Settings. Each is one row of the store, named by its field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Agents that may run at once, 1 to 64.
    pub max_running: u32,
    /// MiB of memory that have to be free for a start.
    pub memory_floor_mib: u64,
    /// MiB of disk space that have to be free for a start.
    pub disk_floor_mib: u64,
    /// Minutes that an idle agent's process is kept for cheap follow-ups.
    pub idle_limit_minutes: u32,
    /// First part of branch names, before the `/`.
    pub branch_prefix: String,
    /// Agent and variant that the start dialogs offer first.
    pub default_profile: Option<ExecutorProfileId>,
    /// Language, as `en` or `ko`. `None`: the system's.
    pub language: Option<String>,
    /// `dark`, `light` or `None` for the system's.
    pub theme: Option<String>,
    /// MiB that the trash folder may hold.
    pub trash_cap_mib: u64,
    /// Days that something stays in the trash folder.
    pub trash_days: u32,
    /// How deep attempts that agents start may go: 1, an attempt that a person started may start others, and those
    /// none; 0, agents start nothing.
    pub agent_depth: u32,
    /// Attempts that the agent of one attempt may start.
    pub agent_starts: u32,
    /// What an MCP client cannot take back is asked in the window, where one is open.
    pub confirm_mcp: bool,
    /// Agents of attempts get Anyon's MCP server for their session, where their protocol allows.
    pub mcp_in_attempts: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_running: 4,
            memory_floor_mib: 512,
            disk_floor_mib: 1024,
            idle_limit_minutes: 10,
            branch_prefix: "anyon".into(),
            default_profile: None,
            language: None,
            theme: None,
            trash_cap_mib: 2048,
            trash_days: 30,
            agent_depth: 1,
            agent_starts: 3,
            confirm_mcp: true,
            mcp_in_attempts: true,
        }
    }
}
