//! The glossary in code: ids, entities, entries, commands, queries, inputs, effects, changes, events and state.
//!
//! Plain types only. This crate does no I/O, starts nothing, reads no clock and makes no random numbers; every
//! other crate of the workspace may depend on it and it depends on none of them.

pub mod agent;
pub mod agent_file;
pub mod approval;
pub mod attempt;
mod bytes;
pub mod change;
pub mod client;
pub mod command;
pub mod diff;
pub mod effect;
pub mod entry;
pub mod event;
pub mod event_queue;
pub mod execution;
pub mod ids;
pub mod input;
pub mod look;
pub mod path;
pub mod problem;
pub mod project;
pub mod query;
pub mod record;
pub mod remote;
pub mod setting;
pub mod state;
pub mod styled;
pub mod task;
pub mod time;

pub use agent::*;
pub use agent_file::*;
pub use approval::*;
pub use attempt::*;
pub use change::*;
pub use client::*;
pub use command::*;
pub use diff::*;
pub use effect::*;
pub use entry::*;
pub use event::*;
pub use event_queue::{EventQueue, Wake, coalesce, lock};
pub use execution::*;
pub use ids::*;
pub use input::*;
pub use look::*;
pub use path::*;
pub use problem::*;
pub use project::*;
pub use query::*;
pub use record::*;
pub use remote::*;
pub use setting::*;
pub use state::*;
pub use styled::*;
pub use task::*;
pub use time::*;
