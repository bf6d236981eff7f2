//! What host and client say to each other.

use anyon_model::{Actor, Change, Command, CommandId, Event, Problem, Query, QueryId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The version of what is said here. Two programs with different numbers do not talk; unknown fields are ignored.
pub const PROTOCOL: u32 = 2;

/// First frame of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`PROTOCOL`] of the client.
    pub protocol: u32,
    /// Its version of Anyon.
    pub version: String,
    /// What it is.
    pub client: ClientKind,
}

/// What a client is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// A window.
    Window,
    /// A verb of the command line.
    Terminal,
    /// An MCP server.
    Mcp {
        /// The name of the program that it serves, as that introduced itself.
        client: String,
    },
}

/// First frame of the host.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Greeting {
    /// Come in.
    Welcome(Welcome),
    /// Stay out.
    Refused(Problem),
}

/// What a client learns of its host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// [`PROTOCOL`] of the host.
    pub protocol: u32,
    /// Its version of Anyon.
    pub version: String,
    /// Its process id.
    pub pid: u32,
    /// As whom the client acts.
    pub actor: Actor,
}

/// What a client says after its greeting.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToHost {
    /// A command.
    Command {
        /// Its name.
        command_id: CommandId,
        /// The command; one that the host does not know still has a name to be answered under.
        command: Box<RawValue>,
    },
    /// A query.
    Query {
        /// Its name.
        query_id: QueryId,
        /// The query.
        query: Box<RawValue>,
    },
    /// That was all.
    Bye,
}

impl ToHost {
    pub(crate) fn command(command_id: CommandId, command: &Command) -> serde_json::Result<Self> {
        let command = serde_json::value::to_raw_value(command)?;
        Ok(Self::Command { command_id, command })
    }

    pub(crate) fn query(query_id: QueryId, query: &Query) -> serde_json::Result<Self> {
        let query = serde_json::value::to_raw_value(query)?;
        Ok(Self::Query { query_id, query })
    }
}

/// What the host says after its greeting.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToClient {
    /// A piece of the snapshot that the client begins with.
    Snapshot {
        /// Revision of the whole.
        revision: u64,
        /// What makes it, in order.
        changes: Vec<Change>,
        /// Nothing of it is missing now.
        last: bool,
    },
    /// What changed since.
    Changes {
        /// Revision after them.
        revision: u64,
        /// The changes, in order.
        changes: Vec<Change>,
        /// Together with the pieces before it they are one step.
        last: bool,
    },
    /// An event.
    Event(Event),
}
