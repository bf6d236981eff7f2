//! Who holds the store: this process as the host, or another one that this process then is a client of.
//!
//! The store's lock is the election. Whoever gets it listens for the others; whoever does not connects. A program that
//! must not be the host, because nothing may end with it, starts one beside it: [`attach`].

mod attached;
mod candidate;
mod detached;
mod door;
mod focus;
mod headless;
mod herald;
mod hosted;

pub use candidate::Candidate;
pub use detached::let_go_of_terminal;
pub use focus::focus_open_window;
pub use headless::{grace, serve};
pub use hosted::Hosted;

use crate::cli::{exchange::Exchange, out::Out};
use anyon_model::{Actor, Problem, ProblemCode};
use anyon_remote::{Address, ClientKind, ConnectError, ElectingClient, SocketClient};
use anyon_runtime::{EnvironmentSource, Host, HostOptions};
use anyon_storage::Holder;
use attached::Attached;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// Between two looks for a host.
const PAUSE: Duration = Duration::from_millis(25);

/// What this process has become.
enum Joined {
    /// It holds the store.
    Host(Box<Hosted>),
    /// Another process does.
    Client(SocketClient),
}

/// Becomes the host, or a client of the one that there is. Blocks.
fn join(options: &HostOptions, kind: &ClientKind, patience: Duration) -> Result<Joined, Problem> {
    let deadline = Instant::now() + patience;
    loop {
        let locked = match Host::start(options.clone()) {
            Ok(host) => return Ok(Joined::Host(Box::new(Hosted::open(host, &options.data_folder)))),
            Err(problem) if problem.code == ProblemCode::StoreLocked => problem,
            Err(problem) => return Err(problem),
        };
        let error = match connect(&options.data_folder, kind) {
            Ok(client) => return Ok(Joined::Client(client)),
            Err(ConnectError::Refused(problem)) => return Err(problem),
            Err(ConnectError::Unreachable(error)) => error,
        };
        if Instant::now() >= deadline || holder_is_alone(&options.data_folder) {
            return Err(with_cause(locked, &error));
        }
        std::thread::sleep(PAUSE);
    }
}

/// A client, always: of the host that there is, or of one without a window that is started for it and outlives it. When
/// the host is gone, it goes on with another one. Blocks until there is a host. Also tells as whom it acts.
pub fn attach(data_folder: &Path, kind: &ClientKind) -> Result<(ElectingClient, Actor), Problem> {
    let election = Arc::new(Attached::new(data_folder, kind));
    let client = ElectingClient::start(election.clone(), Box::new(anyon_runtime::ids), None)?;
    Ok((client, election.actor()))
}

/// Whoever holds the store says that nobody can work through it.
fn holder_is_alone(data_folder: &Path) -> bool {
    Holder::of(data_folder).is_some_and(|holder| holder.alone)
}

fn with_cause(locked: Problem, error: &std::io::Error) -> Problem {
    let detail = format!("{}; it cannot be reached: {error}", locked.detail);
    locked.detail(detail)
}

fn unreachable(error: &std::io::Error) -> Problem {
    Problem::new(ProblemCode::HostGone, "The host of Anyon cannot be reached")
        .detail(error.to_string())
        .hint("try again")
}

fn connect(data_folder: &Path, kind: &ClientKind) -> Result<SocketClient, ConnectError> {
    let address = match Holder::of(data_folder).and_then(|holder| holder.socket) {
        Some(socket) => Address::told(socket),
        None => address(data_folder),
    };
    SocketClient::connect(
        &address,
        env!("CARGO_PKG_VERSION"),
        kind.clone(),
        Box::new(anyon_runtime::ids),
        None,
    )
}

fn address(data_folder: &Path) -> Address {
    let runtime_folder = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    // The same folder by another name has the same socket.
    let data_folder = data_folder.canonicalize().unwrap_or_else(|_| data_folder.into());
    Address::of(&data_folder, runtime_folder.as_deref())
}

/// Does some work with a client: of the host that there is, or of one that lives as long as the work.
pub fn with_host<T>(
    data_folder: &Path,
    out: &mut Out,
    work: impl FnOnce(&mut Exchange<'_>, &mut Out) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let options = options(data_folder, EnvironmentSource::Inherit)?;
    let candidate = Candidate::new(options, ClientKind::Terminal);
    let client = candidate.client(None)?;
    for notice in candidate.notices() {
        out.problem(&notice);
    }
    let done = work(&mut Exchange::new(&client), out);
    drop(client);
    if let Some(hosted) = candidate.take() {
        hosted.end_when_nobody_needs_it(&mut || {
            out.note("agents that others started run in this process: it ends after them");
        });
    }
    done
}

fn options(data_folder: &Path, environment: EnvironmentSource) -> Result<HostOptions, Problem> {
    Ok(HostOptions {
        data_folder: data_folder.to_path_buf(),
        exe: this_program()?,
        environment,
        mcp_arguments: mcp_arguments(data_folder),
    })
}

/// This program, to be started again as supervisor or demo agent.
pub fn this_program() -> Result<PathBuf, Problem> {
    std::env::current_exe().map_err(|error| {
        Problem::new(ProblemCode::Internal, "Anyon cannot find its own program").detail(error.to_string())
    })
}

/// What makes this program an MCP server that works with a data folder. The usual one needs not be named.
pub fn mcp_arguments(data_folder: &Path) -> Vec<OsString> {
    let mut arguments = vec![OsString::from("--mcp")];
    if default_data_folder().ok().as_deref() != Some(data_folder) {
        arguments.extend(["--data-dir".into(), data_folder.into()]);
    }
    arguments
}

/// Where data lives unless somebody says otherwise.
pub fn default_data_folder() -> Result<PathBuf, Problem> {
    match directories::ProjectDirs::from("", "", "anyon") {
        Some(folders) => Ok(folders.data_dir().to_path_buf()),
        None => Err(
            Problem::new(ProblemCode::InvalidRequest, "There is no home folder")
                .hint("name a folder with --data-dir or ANYON_DATA_DIR"),
        ),
    }
}
