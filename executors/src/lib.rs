//! Agents, the protocols they speak, and the processes they are.
//!
//! `agents` and `protocols` are free of I/O: lines in, [`anyon_model::AgentEvent`]s and bytes out. Processes of agents
//! and scripts start only in `process`. Nothing here decides what happens to an attempt: that is the engine's.

pub mod agents;
pub mod process;
pub mod protocols;
