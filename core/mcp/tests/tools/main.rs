//! The MCP server from the outside: JSON-RPC lines in, JSON-RPC lines out, the real engine behind it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on ends here and says why"
)]

mod desk;
mod hostile;
mod listed;
mod main_job;
mod news;
mod session;
