//! A host in memory: the real engine, with a world around it in which everything works at once.

use anyon_engine::{AgentSight, Engine};
use anyon_model::*;
use anyon_testkit::{COMMIT, Clock, World, agents, asks_command, fixed};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

/// A client of a host that is nothing but the engine.
pub struct Desk {
    inner: Mutex<Inner>,
    queue: EventQueue,
    actor: Actor,
}

struct Inner {
    engine: Engine,
    clock: Clock,
    state: Arc<State>,
    sent: u64,
    ended: bool,
    /// Commands that were sent, for tests that look at them.
    commands: Vec<Command>,
}

impl Desk {
    /// Over a world, acting as the editor `Ed`.
    pub fn over(world: &World) -> Arc<Self> {
        let client = "Ed".into();
        Self::acting_as(world, Actor::Mcp { client })
    }

    /// Over a world, acting as somebody.
    pub fn acting_as(world: &World, actor: Actor) -> Arc<Self> {
        let desk = Self {
            inner: Mutex::new(Inner {
                engine: Engine::new(world.entities(), agents()),
                clock: Clock::default(),
                state: Arc::default(),
                sent: 0,
                ended: false,
                commands: Vec::new(),
            }),
            queue: EventQueue::default(),
            actor,
        };
        desk.input(Input::Started {
            recovered: Vec::new(),
            unswept: Vec::new(),
        });
        Arc::new(desk)
    }

    /// What a host limits an agent's sight with.
    fn sight(&self, state: &State) -> Option<AgentSight> {
        match self.actor {
            Actor::Agent { attempt_id } => Some(AgentSight::new(attempt_id, state)),
            _ => None,
        }
    }

    /// Who it acts as.
    pub fn actor(&self) -> Actor {
        self.actor.clone()
    }

    /// Something happens in the world.
    pub fn input(&self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        let mut inner = lock(&self.inner);
        while let Some(input) = inputs.pop_front() {
            let stamped = inner.clock.stamp(input);
            let step = inner.engine.handle(stamped);
            let mut state = inner.engine.state().clone();
            state.revision = inner.state.revision + 1;
            inner.state = Arc::new(state);
            let revision = inner.state.revision;
            self.queue.push(Event::StateChanged { revision });
            for effect in step.effects {
                self.done(effect, &mut inputs);
            }
        }
    }

    /// The agent of the newest execution says something.
    pub fn agent_says(&self, events: Vec<AgentEvent>) {
        let execution_id = self.newest_execution();
        self.input(Input::Agent { execution_id, events });
    }

    /// A conversation grew.
    pub fn log_grows(&self) {
        let execution_id = self.newest_execution();
        self.queue.push(Event::EntriesChanged {
            execution_id,
            from: 0,
            total: 1,
        });
    }

    /// The host is gone.
    pub fn ends(&self) {
        lock(&self.inner).ended = true;
        self.queue.push(Event::Ended);
    }

    /// The commands so far.
    pub fn commands(&self) -> Vec<Command> {
        lock(&self.inner).commands.clone()
    }

    fn newest_execution(&self) -> ExecutionId {
        let state = self.state();
        let executions = state
            .projects
            .values()
            .flat_map(|shard| shard.executions.values());
        executions
            .map(|execution| execution.id)
            .max()
            .expect("an execution")
    }

    /// What drivers would do, done at once.
    fn done(&self, effect: Effect, inputs: &mut VecDeque<Input>) {
        if let Some(found) = agent_does(&effect) {
            inputs.extend(found);
            return;
        }
        let input = match effect {
            Effect::Reply { command_id, result } => {
                let actor = self.actor.clone();
                self.queue.push(Event::CommandDone {
                    command_id,
                    actor,
                    result,
                });
                return;
            }
            Effect::MeasureResources => Input::Resources {
                free_memory_mib: 8_000,
                free_disk_mib: 90_000,
            },
            Effect::InspectRepository { command_id, path, .. } => Input::RepositoryInspected {
                command_id,
                result: inspected(path),
            },
            Effect::CreateWorktree { attempt_id, plan } => Input::WorktreeCreated {
                attempt_id,
                result: Ok(WorktreeMade {
                    path: FilePath::from(format!("/data/worktrees/{}", plan.path).as_str()),
                    base_commit: COMMIT.into(),
                }),
            },
            Effect::Stop { execution_id, .. } => Input::Exited {
                execution_id,
                status: ExitStatus::Signal { signal: 15 },
                left: 0,
                log: LogLengths::default(),
                stderr_tail: String::new(),
                head: None,
            },
            Effect::FindWindow { command_id } => Input::WindowFound {
                command_id,
                found: false,
            },
            Effect::Focus { command_id, on } => Input::Focused {
                command_id,
                told: on.is_some(),
            },
            Effect::CommitWork {
                command_id,
                attempt_id,
                ..
            } => Input::WorkCommitted {
                command_id,
                attempt_id,
                result: Ok(WorkCommit {
                    snapshot: None,
                    commit: Some(COMMIT.into()),
                    moved: None,
                }),
            },
            Effect::Land {
                command_id,
                attempt_id,
                ..
            } => Input::Landed {
                command_id,
                attempt_id,
                result: Ok(landed()),
            },
            Effect::RemoveWorktree { attempt_id, .. } => Input::WorktreeRemoved {
                attempt_id,
                result: Ok(RemoveReport { snapshot: None }),
            },
            _ => return,
        };
        inputs.push_back(input);
    }

    fn answer(&self, query: &Query) -> QueryResult {
        match query {
            Query::Entries { range, .. } => Ok(Answer::Entries(entries(*range))),
            Query::RawLog { range, .. } => Ok(Answer::RawLog(raw(*range))),
            Query::DiffSummary { .. } => Ok(Answer::DiffSummary(Arc::new(summary()))),
            Query::DiffFile { path, .. } => Ok(Answer::DiffFile(Arc::new(file_diff(path)))),
            Query::Patch { .. } => Ok(Answer::Patch(Arc::new(Patch {
                bytes: b"diff --git a/src/main.rs b/src/main.rs\n+a line\n".to_vec(),
            }))),
            Query::Files { typed, limit, .. } => {
                let all = ["README.md", "src/main.rs", "src/lib.rs"];
                let found = all.iter().filter(|path| path.contains(typed.as_str()));
                let found = found.take(*limit as usize).map(|path| (*path).to_owned());
                Ok(Answer::Files(Arc::new(found.collect())))
            }
            Query::Branches { .. } => Ok(Answer::Branches(vec!["main".into(), "next".into()])),
            Query::Agents { .. } => Ok(Answer::Agents(Arc::new(vec![
                finding("CLAUDE_CODE", true),
                finding("AMP", false),
            ]))),
            _ => Err(Problem::new(ProblemCode::Internal, "nobody asks this here")),
        }
    }
}

/// An agent asks at once, and is done with its turn once it is answered.
fn agent_does(effect: &Effect) -> Option<Vec<Input>> {
    match effect {
        Effect::Spawn(launch) => {
            let execution_id = launch.execution_id;
            let process = ProcessRecord {
                supervisor_pid: 1,
                pid: 2,
                start_time: 3,
                boot_id: "boot".into(),
            };
            let question = asks_command("q1", "npm test");
            let spawned = Input::Spawned {
                execution_id,
                result: Ok(process),
            };
            let events = vec![AgentEvent::TurnStarted, AgentEvent::Approval(question)];
            Some(vec![spawned, Input::Agent { execution_id, events }])
        }
        Effect::Send {
            execution_id,
            request: AgentRequest::Answer { .. },
        } => Some(vec![Input::Agent {
            execution_id: *execution_id,
            events: vec![AgentEvent::TurnEnded(TurnOutcome::Completed)],
        }]),
        _ => None,
    }
}

fn inspected(path: FilePath) -> Result<RepositoryInfo, Problem> {
    match path.as_path().starts_with("/repositories") {
        true => Ok(RepositoryInfo {
            path,
            head_branch: Some("main".into()),
            git_reads: GitReads::Library,
        }),
        false => {
            Err(Problem::new(ProblemCode::NotARepository, "This is not a git repository").hint("git init"))
        }
    }
}

fn landed() -> LandReport {
    LandReport {
        work: WorkCommit {
            snapshot: None,
            commit: None,
            moved: None,
        },
        commit: "3333333333333333333333333333333333333333".into(),
        moved: RefMove {
            name: "refs/heads/main".into(),
            before: Some(COMMIT.into()),
            after: None,
        },
        followed: None,
    }
}

const SAID: usize = 7;

fn entries(range: PageRange) -> EntryPage {
    let all: Vec<Arc<Entry>> = (0..SAID as u64)
        .map(|index| {
            Arc::new(Entry {
                index: EntryIndex(index),
                at: Timestamp::from_ms(0),
                parent: None,
                done: true,
                kind: EntryKind::AssistantMessage {
                    text: format!("message {index}"),
                },
            })
        })
        .collect();
    let (first, count) = part(range, all.len());
    EntryPage {
        first: first as u64,
        total: all.len() as u64,
        entries: all.into_iter().skip(first).take(count).collect(),
    }
}

fn raw(range: PageRange) -> RawPage {
    let lines = vec![LogLine {
        stream: LogStream::Out,
        after_ms: 0,
        bytes: b"{}".to_vec(),
    }];
    let (first, count) = part(range, lines.len());
    RawPage {
        first: first as u64,
        total: lines.len() as u64,
        lines: lines.into_iter().skip(first).take(count).collect(),
    }
}

fn part(range: PageRange, total: usize) -> (usize, usize) {
    match range {
        PageRange::From { first, count } => (usize::try_from(first).unwrap_or(total), count as usize),
        PageRange::Last { count } => (total.saturating_sub(count as usize), count as usize),
    }
}

fn stat(path: &str) -> FileStat {
    FileStat {
        path: path.into(),
        old_path: None,
        status: FileStatus::Modified,
        additions: 2,
        deletions: 1,
        omitted: None,
        before: None,
        after: None,
    }
}

fn summary() -> DiffSummary {
    DiffSummary {
        base_commit: COMMIT.into(),
        head: COMMIT.into(),
        files: vec![stat("src/main.rs"), stat("a\nb")],
    }
}

fn file_diff(path: &FilePath) -> FileDiff {
    let line = |kind, text: &str| DiffLine {
        kind,
        text: text.into(),
        no_newline: false,
    };
    FileDiff {
        stat: stat(&path.to_string()),
        hunks: vec![Hunk {
            old_start: 1,
            old_lines: 1,
            new_start: 1,
            new_lines: 1,
            lines: vec![
                line(DiffLineKind::Removed, "old"),
                line(DiffLineKind::Added, "new"),
            ],
        }],
    }
}

fn finding(agent_id: &str, found: bool) -> AgentFinding {
    AgentFinding {
        agent_id: agent_id.into(),
        name: agent_id.into(),
        variants: vec!["DEFAULT".into(), "PLAN".into()],
        found,
        program: None,
        version: None,
        notice: None,
        login: AgentLogin::Unknown,
        install_hint: "Install it".into(),
        login_hint: "Log in".into(),
        withheld: Vec::new(),
    }
}

impl Client for Desk {
    fn state(&self) -> Arc<State> {
        let state = lock(&self.inner).state.clone();
        match self.sight(&state) {
            Some(sight) => Arc::new(sight.state(&state)),
            None => state,
        }
    }
    fn send(&self, command: Command) -> CommandId {
        let command_id = {
            let mut inner = lock(&self.inner);
            inner.sent += 1;
            inner.commands.push(command.clone());
            let mut ids = IdSource::new(Timestamp::from_ms(1), inner.sent);
            ids.make()
        };
        self.input(Input::Command {
            command_id,
            actor: self.actor.clone(),
            command,
        });
        command_id
    }
    fn query(&self, query: Query) -> QueryId {
        let query_id = {
            let mut inner = lock(&self.inner);
            inner.sent += 1;
            IdSource::new(Timestamp::from_ms(2), inner.sent).make()
        };
        let state = lock(&self.inner).state.clone();
        let may = self
            .sight(&state)
            .map_or(Ok(()), |sight| sight.check(&state, &query));
        self.queue
            .answer(query_id, may.and_then(|()| self.answer(&query)));
        query_id
    }
    fn drain(&self) -> Vec<Event> {
        self.queue.drain()
    }
}

impl WaitingClient for Desk {
    fn wait(&self, limit: Duration) {
        self.queue.wait(limit);
    }
}

/// Two projects: `any-on` with two tasks and a template, and `other` with one task that has a short id of its own.
pub fn world() -> World {
    let at = Timestamp::from_ms(1_767_000_000_000);
    let template = Template {
        id: fixed(50),
        name: "tests".into(),
        text: "Write tests first.".into(),
        updated_at: at,
    };
    let base = World::new();
    let own = base.entities();
    let Some(Entity::Project(project)) = own
        .into_iter()
        .find(|entity| matches!(entity, Entity::Project(_)))
    else {
        panic!("a world has a project")
    };
    let other = Project {
        id: fixed(60),
        name: "other".into(),
        repo_path: "/other".into(),
        short_prefix: "OTH".into(),
        next_task_number: 2,
        ..Project::clone(&project)
    };
    let foreign = Task {
        id: fixed(61),
        project_id: other.id,
        number: 1,
        title: "Foreign".into(),
        description: "secret plans".into(),
        status: TaskStatus::Todo,
        priority: Priority::None,
        order: BoardOrder(1.0),
        labels: Vec::new(),
        parent_attempt: None,
        depends_on: Vec::new(),
        images: Vec::new(),
        unread: false,
        created_at: at,
        updated_at: at,
    };
    base.task("Fix login", "It says 500. @tests")
        .task("Add dark mode", "")
        .with(Entity::Template(Arc::new(template)))
        .with(Entity::Project(Arc::new(other)))
        .with(Entity::Task(Arc::new(foreign)))
}
