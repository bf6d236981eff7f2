//! Anyon for other programs: an MCP server whose tools are commands and queries.
//!
//! It sees what every client sees (snapshots, answers, events) and decides nothing: who may do what is the engine's
//! to say. It opens no file and starts no process; how a client is got is told by whoever starts it. Nothing but this
//! crate names the library that speaks the protocol.

mod call;
mod link;
mod name;
mod page;
mod prompts;
mod resources;
mod schema;
mod server;
mod shape;
mod subscriptions;
mod text;
mod tools;

pub use link::{Connect, Session};
pub use server::{ServeError, Server};
