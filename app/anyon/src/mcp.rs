//! `anyon --mcp`: the MCP server on standard input and output, always a client of a host in another process.
//!
//! Standard output carries the protocol and nothing else; what goes wrong goes to standard error, as everywhere.

use crate::host;
use anyon_mcp::{Server, Session};
use anyon_model::{Problem, ProblemCode};
use anyon_remote::ClientKind;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Serves one MCP client until it leaves. Blocks.
pub fn serve(data_folder: PathBuf) -> Result<(), Problem> {
    let connect = Arc::new(move |client: &str| attach(&data_folder, client));
    let server = Server::new(connect, env!("CARGO_PKG_VERSION"));
    let served = runtime()?.block_on(server.serve_stdio());
    served.map_err(|error| {
        Problem::new(ProblemCode::InvalidRequest, "The MCP session could not go on")
            .detail(error.to_string())
            .hint("anyon --mcp is started by MCP clients and speaks JSON-RPC, one message a line")
    })
}

/// A client of the host in the name of an MCP client.
fn attach(data_folder: &Path, client: &str) -> Result<Session, Problem> {
    let kind = ClientKind::Mcp {
        client: client.to_owned(),
    };
    let (client, actor) = host::attach(data_folder, &kind)?;
    Ok(Session {
        client: Arc::new(client),
        actor,
    })
}

/// One thread does: calls wait for the host most of the time.
fn runtime() -> Result<tokio::runtime::Runtime, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| {
        Problem::new(ProblemCode::Internal, "The MCP server could not be started").detail(error.to_string())
    })
}
