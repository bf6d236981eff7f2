//! What a window does in its first moments: opening runs nothing that nobody asked for, and a new task lives at once.
//!
//! The window's part runs in a process of its own, which is this test again with the environment of the world.

use anyon_e2e::{
    fake_agent::{Script, Step},
    world::{Repository, World, anyon_program},
};
use anyon_model::{
    Actor, Answer, ApproveMode, AttemptStatus, Client, Command, CommandId, Event, ExecutorProfileId, Outcome,
    ProjectId, Query, QueryResult, State, TaskId, WaitingClient,
};
use anyon_runtime::{EnvironmentSource, Host, HostOptions, LocalClient};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    time::{Duration, Instant},
};

const LIMIT: Duration = Duration::from_secs(60);
/// The window's part of a story is one of this test's own.
const DATA_FOLDER: &str = "ANYON_DATA_DIR";

/// A host with the one client that a window is.
struct Window {
    host: Host,
    client: LocalClient,
}

impl Window {
    /// Opens the store of the world that this process runs in.
    fn open() -> Self {
        let host = Host::start(HostOptions {
            data_folder: std::env::var_os(DATA_FOLDER).map(PathBuf::from).unwrap(),
            exe: anyon_program().to_owned(),
            environment: EnvironmentSource::Inherit,
            mcp_arguments: Vec::new(),
        })
        .unwrap();
        let client = host.client(Actor::Person);
        Self { host, client }
    }

    fn wait<T>(&self, mut found: impl FnMut(Event) -> Option<T>) -> T {
        let began = Instant::now();
        while began.elapsed() < LIMIT {
            if let Some(found) = self.client.drain().into_iter().find_map(&mut found) {
                return found;
            }
            self.client.wait(Duration::from_millis(100));
        }
        panic!("nothing came");
    }

    fn ask(&self, query: Query) -> QueryResult {
        let asked = self.client.query(query);
        self.wait(|event| match event {
            Event::Answered { query_id, result } if query_id == asked => Some(result),
            _ => None,
        })
    }

    fn end_of(&self, sent: CommandId) -> Outcome {
        self.wait(|event| match event {
            Event::CommandDone {
                command_id, result, ..
            } if command_id == sent => Some(result.unwrap()),
            _ => None,
        })
    }

    fn wait_for_state(&self, holds: impl Fn(&State) -> bool) {
        let began = Instant::now();
        while !holds(&self.client.state()) {
            assert!(began.elapsed() < LIMIT, "the state never came");
            self.client.wait(Duration::from_millis(100));
            self.client.drain();
        }
    }
}

/// This test again, as the window of a world.
fn open_in(world: &World, part: &str) {
    let this = std::env::current_exe().unwrap();
    let name = format!("opening::{part}");
    let arguments = ["--exact", &name, "--ignored", "--nocapture"].map(str::to_owned);
    let program = anyon_program().as_os_str();
    let window = world.program(this, arguments).with("ANYON_E2E_PROGRAM", program);
    window.finish().expect(0);
}

/// Programs in front of PATH that write down what was asked of them, and do it.
fn write_down_programs(world: &World) -> PathBuf {
    let log = world.path("programs.log");
    for name in ["git", "sh", "node", "claude"] {
        let real = ["/usr/bin", "/bin"].map(|folder| PathBuf::from(folder).join(name));
        let real = real.into_iter().find(|path| path.is_file());
        let real = real.unwrap_or_else(|| "/bin/true".into());
        let shim = world.path("bin").join(name);
        let _ = fs::remove_file(&shim);
        let script = format!(
            "#!/bin/sh\necho {name} \"$@\" >> {}\nexec {} \"$@\"\n",
            log.display(),
            real.display()
        );
        fs::write(&shim, script).unwrap();
        fs::set_permissions(&shim, fs::Permissions::from_mode(0o755)).unwrap();
    }
    log
}

fn three_attempts(world: &World, repository: &Repository) {
    for file in ["one", "two", "three"] {
        world.script(&Script::of([vec![
            Step::write(format!("{file}.txt"), "new\n"),
            Step::say("done"),
        ]]));
        let run = world.run(repository, &["--approve", "edits"], file);
        let name = run.finish().expect(0).attempt_name();
        if file == "three" {
            world.attempt("commit", &name, &[]).finish().expect(0);
        }
    }
}

#[test]
fn a_window_that_opens_runs_no_program_that_nobody_asked_for() {
    let world = World::with_agent(&Script::default());
    let repository = world.repository("shop");
    let gone = world.repository("gone");
    three_attempts(&world, &repository);
    three_attempts(&world, &gone);
    // The target went on, so that there is something to merge in memory.
    repository.write("one.txt", "mine\n");
    repository.commit("mine");
    let worktrees = repository.worktrees();
    let without_conflict = worktrees
        .iter()
        .find(|path| path.to_string_lossy().ends_with("two"));
    fs::remove_dir_all(without_conflict.unwrap()).unwrap();
    fs::remove_dir_all(gone.folder()).unwrap();

    let log = write_down_programs(&world);
    let open = || {
        open_in(&world, "shows_all_cards");
        let run = fs::read_to_string(&log).unwrap_or_default();
        assert_eq!(run, "", "programs were run");
    };
    open();
    // As after a crash: what was not recorded then is looked for.
    fs::write(world.data_folder().join("host.json"), "{}").unwrap();
    open();
}

#[test]
#[ignore = "the window of the story above, in a process of its own"]
fn shows_all_cards() {
    let window = Window::open();
    let state = window.client.state();
    let attempts: Vec<_> = state
        .projects
        .values()
        .flat_map(|shard| shard.attempts.keys().copied())
        .collect();
    assert_eq!(attempts.len(), 6);
    // As the board does, for the lines on its cards.
    let summaries = attempts.iter().map(|attempt_id| {
        window.ask(Query::DiffSummary {
            attempt_id: *attempt_id,
            watch: false,
        })
    });
    let shown = summaries.filter(|answer| matches!(answer, Ok(Answer::DiffSummary(_))));
    assert_eq!(shown.count(), 2, "those whose worktree is there");
    // What conflicts with its target was found out meanwhile: nothing is skipped, it only runs no program.
    window.wait_for_state(|state| state.projects.values().any(|shard| !shard.conflicts.is_empty()));
    window.host.shutdown();
}

/// How long a person may wait for the card, and how often it is tried: the best counts, others work here too.
const AT_ONCE: Duration = Duration::from_millis(100);
const ROUNDS: usize = 8;

#[test]
fn ctrl_enter_makes_a_live_card_at_once() {
    let world = World::with_agent(&Script::of([vec![Step::say("here")]]));
    let repository = world.repository("shop");
    for number in 0..1_000 {
        repository.write(&format!("src/{}/{number}.rs", number % 20), "fn main() {}\n");
    }
    repository.commit("a thousand files");
    let folder = repository.folder().to_str().unwrap();
    world.anyon(["project", "add", folder]).finish().expect(0);
    open_in(&world, "creates_and_starts");
}

#[test]
#[ignore = "the window of the story above, in a process of its own"]
fn creates_and_starts() {
    let window = Window::open();
    let project_id = *window.client.state().projects.keys().next().unwrap();
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| create_and_start(&window, project_id))
        .collect();
    times.sort_unstable();
    assert!(times[0] <= AT_ONCE, "from Ctrl+Enter to a live card: {times:?}");
    window.host.shutdown();
}

/// What the window sends on Ctrl+Enter: the task, and when it is there, its start.
fn create_and_start(window: &Window, project_id: ProjectId) -> Duration {
    let began = Instant::now();
    let created = window.client.send(Command::CreateTask {
        project_id,
        title: "Fix it".into(),
        description: String::new(),
    });
    let Outcome::Task { task_id } = window.end_of(created) else {
        panic!("no task");
    };
    window.client.send(Command::StartAttempt {
        task_id,
        profile: ExecutorProfileId::new("CLAUDE_CODE"),
        base: None,
        target: None,
        approve: ApproveMode::default(),
    });
    window.wait_for_state(|state| is_live(state, task_id));
    let took = began.elapsed();
    window.wait_for_state(|state| status(state, task_id) == Some(AttemptStatus::Idle));
    took
}

fn status(state: &State, task_id: TaskId) -> Option<AttemptStatus> {
    let shard = state.shard_of_task(task_id)?;
    let attempt = shard.attempts_of(task_id).last()?;
    shard.attempt_status(attempt.id)
}

fn is_live(state: &State, task_id: TaskId) -> bool {
    use AttemptStatus::{Queued, Running, Starting};
    matches!(status(state, task_id), Some(Queued | Starting | Running))
}
