//! The place a case runs in: folders, programs, a host and a client that waits.

use anyhow::{Context, Result, anyhow, bail};
use anyon_e2e::fake_agent::script::Script;
use anyon_model::{
    Actor, Answer, ApproveMode, AttemptId, AttemptStatus, Client, Command as Intent, CommandId, Event,
    ExecutionId, ExecutorProfileId, Outcome, ProjectId, Query, WaitingClient,
};
use anyon_runtime::{EnvironmentSource, Host, HostOptions, LocalClient};
use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// Folder and programs of a case.
pub struct Bench {
    /// Everything is below it.
    pub folder: PathBuf,
    /// The `anyon` program.
    pub anyon: PathBuf,
}

/// Names the folder to the process of a case.
const FOLDER: &str = "ANYON_BENCH_FOLDER";

impl Bench {
    /// Makes the folders and puts the fake agent where `claude` is looked for.
    pub fn prepare(folder: &Path) -> Result<Self> {
        let bench = Self {
            folder: folder.canonicalize()?,
            anyon: program("anyon")?,
        };
        for name in ["home", "bin"] {
            std::fs::create_dir_all(bench.folder.join(name))?;
        }
        std::os::unix::fs::symlink(program("fake-agent")?, bench.folder.join("bin/claude"))?;
        std::fs::write(
            bench.folder.join("home/.gitconfig"),
            "[user]\n\tname = Bench\n\temail = bench@example.invalid\n[init]\n\tdefaultBranch = main\n",
        )?;
        Ok(bench)
    }

    /// The place that [`Self::environment`] told this process.
    pub fn of_this_process() -> Result<Self> {
        let folder = std::env::var_os(FOLDER).context("a case is run by its number's parent only")?;
        Ok(Self {
            folder: folder.into(),
            anyon: program("anyon")?,
        })
    }

    /// The command with nothing but the place in its environment.
    pub fn environment(&self, mut command: Command) -> Command {
        let tools = std::env::var_os("PATH").unwrap_or_default();
        let mut path = vec![self.folder.join("bin")];
        path.extend(std::env::split_paths(&tools));
        command.env_clear();
        command.env("PATH", std::env::join_paths(path).unwrap_or_default());
        command.env("HOME", self.folder.join("home"));
        command.env("FAKE_AGENT_SCRIPT", self.script_file());
        command.env(FOLDER, &self.folder);
        command
    }

    fn script_file(&self) -> PathBuf {
        self.folder.join("script.json")
    }

    /// What the fake agent does from now on.
    pub fn script(&self, script: &Script) -> Result<()> {
        Ok(script.write(&self.script_file())?)
    }

    /// Folder of the store.
    pub fn data_folder(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A host in this process, with a client.
    pub fn host(&self) -> Result<Desk> {
        let host = Host::start(HostOptions {
            data_folder: self.data_folder(),
            exe: self.anyon.clone(),
            environment: EnvironmentSource::Inherit,
            mcp_arguments: vec!["--mcp".into()],
        })?;
        let client = host.client(Actor::Person);
        Ok(Desk {
            host,
            client,
            events: RefCell::default(),
        })
    }
}

/// A program that was built beside this one.
pub fn program(name: &str) -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    if !path.exists() {
        bail!(
            "{} is not built: cargo build --release -p anyon -p anyon-e2e",
            path.display()
        );
    }
    Ok(path)
}

/// How long anything may take before a case is given up.
const LIMIT: Duration = Duration::from_secs(120);

/// A host and a client that waits.
pub struct Desk {
    /// The host.
    pub host: Host,
    /// The client.
    pub client: LocalClient,
    events: RefCell<Vec<Event>>,
}

impl Desk {
    /// Sends a command and waits for its end.
    pub fn run(&self, command: Intent) -> Result<Outcome> {
        let wanted: CommandId = self.client.send(command);
        self.until(|event| match event {
            Event::CommandDone {
                command_id, result, ..
            } if *command_id == wanted => Some(result.clone()),
            _ => None,
        })?
        .map_err(|problem| anyhow!("{problem}"))
    }

    /// Asks and waits for the answer.
    pub fn ask(&self, query: Query) -> Result<Answer> {
        let wanted = self.client.query(query);
        self.until(|event| match event {
            Event::Answered { query_id, result } if *query_id == wanted => Some(result.clone()),
            _ => None,
        })?
        .map_err(|problem| anyhow!("{problem}"))
    }

    /// Waits for an event; those before it are forgotten.
    pub fn until<T>(&self, mut wanted: impl FnMut(&Event) -> Option<T>) -> Result<T> {
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            let mut events = self.events.borrow_mut();
            events.extend(self.client.drain());
            while !events.is_empty() {
                if let Some(found) = wanted(&events.remove(0)) {
                    return Ok(found);
                }
            }
            drop(events);
            self.client.wait(Duration::from_millis(100));
        }
        bail!("what was waited for did not happen in {LIMIT:?}")
    }

    /// Waits until the state is as wanted.
    pub fn until_state<T>(&self, wanted: impl Fn(&anyon_model::State) -> Option<T>) -> Result<T> {
        if let Some(found) = wanted(&self.client.state()) {
            return Ok(found);
        }
        self.until(|event| match event {
            Event::StateChanged { .. } => wanted(&self.client.state()),
            _ => None,
        })
    }

    /// Registers a repository.
    pub fn add_project(&self, repo: &Path) -> Result<ProjectId> {
        let command = Intent::AddProject {
            path: repo.into(),
            name: None,
            initial_commit: false,
        };
        match self.run(command)? {
            Outcome::Project { project_id } => Ok(project_id),
            other => bail!("a project became {other:?}"),
        }
    }

    /// A new task with an attempt of the fake agent.
    pub fn start(&self, project_id: ProjectId) -> Result<AttemptId> {
        let create = Intent::CreateTask {
            project_id,
            title: "Bench".into(),
            description: String::new(),
        };
        let Outcome::Task { task_id } = self.run(create)? else {
            bail!("no task")
        };
        let profile = ExecutorProfileId::new("CLAUDE_CODE");
        let approve = ApproveMode::All;
        let start = Intent::StartAttempt {
            task_id,
            profile,
            base: None,
            target: None,
            approve,
        };
        match self.run(start)? {
            Outcome::Attempt { attempt_id } => Ok(attempt_id),
            other => bail!("an attempt became {other:?}"),
        }
    }

    /// Waits until the agent is done with its turn.
    pub fn until_idle(&self, attempt_id: AttemptId) -> Result<()> {
        self.until_state(|state| {
            let status = state.shard_of_attempt(attempt_id)?.attempt_status(attempt_id)?;
            (!status.is_active()).then_some(status)
        })
        .and_then(|status| match status {
            AttemptStatus::Idle => Ok(()),
            other => bail!("the attempt is {}", other.as_str()),
        })
    }

    /// The newest execution of an attempt.
    pub fn execution(&self, attempt_id: AttemptId) -> Result<ExecutionId> {
        let state = self.client.state();
        let execution = state
            .shard_of_attempt(attempt_id)
            .and_then(|shard| shard.last_agent_execution(attempt_id));
        Ok(execution.context("no execution")?.id)
    }

    /// How many agents may run at once.
    pub fn allow_running(&self, max_running: u32) -> Result<()> {
        let mut settings = (*self.client.state().settings).clone();
        settings.max_running = max_running;
        settings.memory_floor_mib = 0;
        settings.disk_floor_mib = 0;
        self.run(Intent::SetSettings { settings }).map(|_| ())
    }
}
