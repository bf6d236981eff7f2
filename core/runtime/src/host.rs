//! The host: opens the store, recovers, and runs the dispatcher until it is shut down.

pub use crate::drivers::process::EnvironmentSource;
use crate::{
    clock,
    dispatcher::{Dispatcher, Inboxes, Request},
    drivers::{
        Drivers,
        conflicts::Predictions,
        git::{GitDriver, GitShared},
        mcp_config::McpConfig,
        own_agents::OwnAgents,
        process::{ProcessDriver, Shared},
        query::QueryDriver,
        store::StoreDriver,
        targets::Targets,
        timer::Timers,
    },
    local_client::LocalClient,
    publish::{Publisher, Wake},
    recovery,
};
use anyon_engine::Engine;
use anyon_git::Git;
use anyon_model::{
    Actor, AttemptId, Client, Command, Event, FilePath, Problem, ProblemCode, Published, State, WaitingClient,
};
use anyon_storage::{Opened, Store, logs::LogFolder};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    sync::{Arc, mpsc::Receiver},
    time::Duration,
};
use tokio::sync::mpsc::{self, UnboundedSender};

/// Inputs that may wait before their source is slowed down.
const INPUTS: usize = 1024;

/// Where a host lives.
#[derive(Debug, Clone)]
pub struct HostOptions {
    /// Folder of the store, logs and worktrees.
    pub data_folder: PathBuf,
    /// This program: it supervises agents and is the demo agent.
    pub exe: PathBuf,
    /// Where the environment of agents comes from.
    pub environment: EnvironmentSource,
    /// What makes this program an MCP server that works with this data folder.
    pub mcp_arguments: Vec<OsString>,
}

/// The process that holds the store.
pub struct Host {
    requests: UnboundedSender<Request>,
    publisher: Arc<Publisher>,
    notices: Vec<Problem>,
    runtime: Option<tokio::runtime::Runtime>,
    dispatcher: Option<tokio::task::JoinHandle<()>>,
}

impl Host {
    /// Opens the store, ends what earlier runs left behind, and starts. Blocks.
    pub fn start(options: HostOptions) -> Result<Self, Problem> {
        // The file goes with an orderly end: that it is there tells of one that was none.
        let ended_badly = options.data_folder.join("host.json").exists();
        let Opened {
            store,
            store_id,
            entities,
            notices,
        } = Store::open(&options.data_folder, clock::now(), clock::store_id())?;
        let folders = Folders::make(&options.data_folder)?;
        let git = Git::find(&folders.private).map_err(Problem::from)?;
        let git_shared = Arc::new(GitShared::new(
            git.clone(),
            store_id,
            folders.worktrees.clone(),
            folders.trash.clone(),
        ));
        let logs = LogFolder::new(folders.logs.clone());
        let first = recovery::recover(&entities, &logs, &git_shared);
        let to_look_for = if ended_badly {
            recovery::snapshots_to_look_for(&entities)
        } else {
            Vec::new()
        };
        let own_agents = OwnAgents::of_folder(&options.data_folder);
        let engine = Engine::new(entities, own_agents.catalogue());
        let settings = &engine.state().settings;
        recovery::prune_trash(&git_shared, settings.trash_cap_mib, settings.trash_days);

        let runtime = runtime()?;
        let _entered = runtime.enter();
        let publisher = Arc::new(Publisher::default());
        let (requests, request_inbox) = mpsc::unbounded_channel();
        let (inputs, input_inbox) = mpsc::channel(INPUTS);
        let (committed, committed_inbox) = mpsc::unbounded_channel();
        let shared = Shared::new(
            options.exe,
            logs,
            inputs.clone(),
            publisher.clone(),
            git,
            options.environment,
            options.mcp_arguments,
            own_agents,
        );
        let shared = Arc::new(shared);
        let drivers = Drivers {
            store: StoreDriver::start(store, committed, inputs.clone()).map_err(|error| no_thread(&error))?,
            processes: ProcessDriver::new(shared.clone()),
            git: GitDriver::new(git_shared.clone(), inputs.clone()),
            queries: QueryDriver::new(shared.clone(), git_shared.clone(), inputs.clone()),
            predictions: Predictions::new(git_shared.clone(), inputs.clone()),
            targets: Targets::new(inputs.clone()),
            timers: Timers::new(inputs.clone()),
            mcp_config: McpConfig::new(shared.clone(), inputs.clone()),
            git_shared,
            worktrees: folders.worktrees,
            inputs,
        };
        let inboxes = Inboxes {
            requests: request_inbox,
            inputs: input_inbox,
            committed: committed_inbox,
        };
        look_for_snapshots(to_look_for, &drivers);
        let mut dispatcher = Dispatcher::new(engine, drivers, publisher.clone());
        dispatcher.begin(first);
        let dispatcher = runtime.spawn(watched(dispatcher, inboxes, publisher.clone()));
        Ok(Self {
            requests,
            publisher,
            notices,
            runtime: Some(runtime),
            dispatcher: Some(dispatcher),
        })
    }

    /// A client for this actor.
    pub fn client(&self, actor: Actor) -> LocalClient {
        self.client_with_wake(actor, None)
    }

    /// A client that is told when there are events: `wake` must return at once.
    pub fn client_with_wake(&self, actor: Actor, wake: Option<Wake>) -> LocalClient {
        let queue = self.publisher.join(wake);
        LocalClient::new(actor, self.requests.clone(), self.publisher.clone(), queue)
    }

    /// The client of a window.
    pub fn window_client(&self) -> LocalClient {
        let queue = self.publisher.join_window(None);
        LocalClient::new(
            Actor::Person,
            self.requests.clone(),
            self.publisher.clone(),
            queue,
        )
    }

    /// What lets others join from another thread, for as long as the host lives.
    pub fn entrance(&self) -> Entrance {
        Entrance {
            requests: self.requests.clone(),
            publisher: self.publisher.clone(),
        }
    }

    /// What went wrong while opening without stopping it: rows that could not be read, a failed backup.
    pub fn notices(&self) -> &[Problem] {
        &self.notices
    }

    /// Stops everything that runs, makes everything durable and closes the store. Blocks for as long as the slowest
    /// agent takes to stop.
    pub fn shutdown(mut self) {
        let client = self.client(Actor::System);
        client.send(Command::Shutdown);
        // The stop ladder ends within seconds; the limit is for faults of ours.
        let deadline = std::time::Instant::now() + SHUTDOWN_LIMIT;
        while !client.drain().contains(&Event::Ended) && std::time::Instant::now() < deadline {
            client.wait(Duration::from_millis(200));
        }
        self.end();
    }

    fn end(&mut self) {
        if let (Some(runtime), Some(dispatcher)) = (self.runtime.take(), self.dispatcher.take()) {
            // Without Shutdown before it (a panic, an early return) agents are ended by their supervisors.
            if !dispatcher.is_finished() {
                let waited = runtime.block_on(async { tokio::time::timeout(END_LIMIT, dispatcher).await });
                if waited.is_err() {
                    tracing::error!("the dispatcher did not end in time");
                }
            }
            runtime.shutdown_timeout(END_LIMIT);
        }
    }
}

/// Where clients of other processes come in.
#[derive(Clone)]
pub struct Entrance {
    requests: UnboundedSender<Request>,
    publisher: Arc<Publisher>,
}

impl Entrance {
    /// A client for this actor, the newest snapshot, and every change after it: of an agent's, what it may see. A window
    /// is told of what concerns windows.
    pub fn join(&self, actor: Actor, window: bool) -> (LocalClient, Arc<State>, Receiver<Published>) {
        let queue = match window {
            true => self.publisher.join_window(None),
            false => self.publisher.join(None),
        };
        let (state, changes) = self.publisher.follow(&actor);
        let client = LocalClient::new(actor, self.requests.clone(), self.publisher.clone(), queue);
        (client, state, changes)
    }

    /// The newest snapshot.
    pub fn state(&self) -> Arc<State> {
        self.publisher.state()
    }

    /// A window is open, in whatever process.
    pub fn has_a_window(&self) -> bool {
        self.publisher.has_a_window()
    }
}

/// In the background: nothing waits for it.
fn look_for_snapshots(attempts: Vec<(AttemptId, FilePath)>, drivers: &Drivers) {
    let (git, inputs) = (drivers.git_shared.clone(), drivers.inputs.clone());
    tokio::task::spawn_blocking(move || {
        for (attempt_id, repo) in attempts {
            let found = git.snapshots(attempt_id, repo.as_path());
            if found.is_some_and(|found| inputs.blocking_send(found).is_err()) {
                return;
            }
        }
    });
}

/// Clients learn the end of the dispatcher also when a fault of ours ends it.
async fn watched(dispatcher: Dispatcher, inboxes: Inboxes, publisher: Arc<Publisher>) {
    let mut work = AbortOnDrop(tokio::spawn(dispatcher.run(inboxes)));
    if let Err(error) = (&mut work.0).await
        && error.is_panic()
    {
        let problem = Problem::new(ProblemCode::Internal, "Anyon broke off")
            .detail("a fault in Anyon")
            .hint("start it again; nothing that was confirmed is lost, and please report it");
        publisher.tell(&Event::Failed(problem));
        publisher.tell(&Event::Ended);
    }
}

struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How long a shutdown may take: the stop ladders of all agents run side by side.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(15);
/// How long the threads may take to end after that.
const END_LIMIT: Duration = Duration::from_secs(2);

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(dispatcher) = &self.dispatcher {
            dispatcher.abort();
        }
        self.end();
    }
}

/// Two threads carry all agents: their work is reading pipes. Blocking work has its own.
fn runtime() -> Result<tokio::runtime::Runtime, Problem> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(16)
        .thread_name("anyon")
        .enable_all()
        .build()
        .map_err(|error| no_thread(&error))
}

fn no_thread(error: &std::io::Error) -> Problem {
    Problem::new(ProblemCode::Internal, "Anyon cannot start its threads").detail(error.to_string())
}

/// The folders below the data folder.
struct Folders {
    logs: PathBuf,
    worktrees: PathBuf,
    trash: PathBuf,
    private: PathBuf,
}

impl Folders {
    fn make(data: &Path) -> Result<Self, Problem> {
        // Agents get the canonical path: what a tool prints for its folder then equals what we compare it with.
        let data = data.canonicalize().map_err(|error| unwritable(data, &error))?;
        let make = |name: &str| {
            let folder = data.join(name);
            std::fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
            Ok::<_, Problem>(folder)
        };
        Ok(Self {
            logs: make("logs")?,
            worktrees: make("worktrees")?,
            trash: make("trash")?,
            private: make("private")?,
        })
    }
}

fn unwritable(folder: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        ProblemCode::StoreUnwritable,
        format!("The folder {} cannot be used", folder.display()),
    )
    .detail(error.to_string())
    .hint("choose another one with --data-dir, or free the name")
}
