//! Agents, the protocols they speak, and the processes they are.
//!
//! `agents` and `protocols` are free of I/O: lines in, [`anyon_model::AgentEvent`]s and bytes out. Processes of agents
//! and scripts start only in `process`. `mcp_config` writes Anyon's MCP server into the configuration files of agents; `profiles` reads and
//! writes `agents.toml`, the person's own agents and profiles.
//! Nothing here decides what happens to an attempt: that is the engine's.

pub mod agents;
pub mod files;
pub mod mcp_config;
pub mod process;
pub mod profiles;
pub mod protocols;
