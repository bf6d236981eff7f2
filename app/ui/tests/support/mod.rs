//! A window without a desktop: a client that records and answers as told, worlds, and the harness around them.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may stop, and pictures are files"
)]

pub mod diffs;
pub mod setups;

use anyon_model::*;
use anyon_ui::{Kept, Place, Request, Shell, ShellOptions};
use egui_kittest::Harness;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
};

pub use anyon_testkit::{World, fixed};

/// The time of every test: three hours after the worlds were made.
pub const NOW: Timestamp = Timestamp::from_ms(1_767_000_000_000 + 3 * 3_600_000);

type Reply = Box<dyn Fn(&Query) -> Option<QueryResult> + Send>;

/// A client that records commands and queries, and answers queries by a function.
#[derive(Default)]
pub struct FakeClient {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    state: Arc<State>,
    commands: Vec<(CommandId, Command)>,
    queries: Vec<Query>,
    /// Queries without an answer.
    open: Vec<(QueryId, Query)>,
    events: VecDeque<Event>,
    reply: Option<Reply>,
    next: u128,
}

impl FakeClient {
    pub fn new(state: State) -> Arc<Self> {
        let client = Self::default();
        client.lock().state = Arc::new(state);
        Arc::new(client)
    }
    /// Answers queries, also those that were asked before; what gives `None` stays without an answer.
    pub fn reply(&self, reply: impl Fn(&Query) -> Option<QueryResult> + Send + 'static) {
        let mut inner = self.lock();
        for (query_id, query) in std::mem::take(&mut inner.open) {
            match reply(&query) {
                Some(result) => inner.events.push_back(Event::Answered { query_id, result }),
                None => inner.open.push((query_id, query)),
            }
        }
        inner.reply = Some(Box::new(reply));
    }
    /// The commands sent so far.
    pub fn commands(&self) -> Vec<Command> {
        self.lock()
            .commands
            .iter()
            .map(|(_, command)| command.clone())
            .collect()
    }
    /// The queries asked so far.
    pub fn queries(&self) -> Vec<Query> {
        self.lock().queries.clone()
    }
    /// The next event for the window.
    pub fn event(&self, event: Event) {
        self.lock().events.push_back(event);
    }
    /// The last command ends like this.
    pub fn finish(&self, result: CommandResult) {
        let mut inner = self.lock();
        let (command_id, _) = *inner
            .commands
            .last()
            .map(|(id, command)| (*id, command))
            .as_ref()
            .expect("a command was sent");
        inner.events.push_back(Event::CommandDone {
            command_id,
            actor: Actor::Person,
            result,
        });
    }
    /// Changes the state that the next frame sees.
    pub fn change(&self, change: impl FnOnce(&mut State)) {
        let mut inner = self.lock();
        change(Arc::make_mut(&mut inner.state));
        Arc::make_mut(&mut inner.state).revision += 1;
    }
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }
}

impl Client for FakeClient {
    fn state(&self) -> Arc<State> {
        self.lock().state.clone()
    }
    fn send(&self, command: Command) -> CommandId {
        let mut inner = self.lock();
        inner.next += 1;
        let id = CommandId::from_bytes(inner.next.to_be_bytes());
        inner.commands.push((id, command));
        id
    }
    fn query(&self, query: Query) -> QueryId {
        let mut inner = self.lock();
        inner.next += 1;
        let query_id = QueryId::from_bytes(inner.next.to_be_bytes());
        let result = inner.reply.as_ref().and_then(|reply| reply(&query));
        inner.queries.push(query.clone());
        match result {
            Some(result) => inner.events.push_back(Event::Answered { query_id, result }),
            None => inner.open.push((query_id, query)),
        }
        query_id
    }
    fn drain(&self) -> Vec<Event> {
        self.lock().events.drain(..).collect()
    }
}

/// A window in a test.
pub struct Window {
    pub harness: Harness<'static, Inside>,
    pub client: Arc<FakeClient>,
}

/// What the harness carries.
pub struct Inside {
    pub shell: Shell,
    pub requests: Vec<Request>,
    /// The time; [`NOW`] at first.
    pub now: Timestamp,
    client: Arc<FakeClient>,
    /// There is no host yet.
    opening: bool,
}

impl Inside {
    /// Starts again, and stays without a host.
    pub fn wait_for_host(&mut self, look: Look) {
        let options = ShellOptions {
            locale: look.language.into(),
            reduced_motion: true,
            ..ShellOptions::default()
        };
        self.shell = Shell::new(options);
        self.opening = true;
    }
}

/// How a window looks in a test.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub dark: bool,
    pub language: &'static str,
    pub size: [f32; 2],
}

impl Default for Look {
    fn default() -> Self {
        Self {
            dark: true,
            language: "en",
            size: [1440.0, 900.0],
        }
    }
}

impl Look {
    /// {dark, light} × {en, ko} × {1024×700, 1440×900}.
    pub fn all() -> impl Iterator<Item = Self> {
        [true, false].into_iter().flat_map(|dark| {
            ["en", "ko"].into_iter().flat_map(move |language| {
                [[1024.0, 700.0], [1440.0, 900.0]]
                    .into_iter()
                    .map(move |size| Self { dark, language, size })
            })
        })
    }
    /// A short name for files.
    pub fn name(self) -> String {
        let theme = if self.dark { "dark" } else { "light" };
        format!("{theme}-{}-{}", self.language, self.size[0])
    }
}

impl Window {
    /// A window at a place, with the state of a world.
    pub fn at(place: Place, state: State) -> Self {
        Self::looking(place, state, Look::default())
    }
    /// The same with a look.
    pub fn looking(place: Place, state: State, look: Look) -> Self {
        Self::keeping(place, state, look, &[])
    }
    /// The same with notes of a window before.
    pub fn keeping(place: Place, mut state: State, look: Look, notes: &[(&str, &str)]) -> Self {
        let settings = Settings {
            theme: Some(if look.dark { "dark" } else { "light" }.into()),
            language: Some(look.language.into()),
            ..(*state.settings).clone()
        };
        state.settings = Arc::new(settings);
        let client = FakeClient::new(state);
        let mut kept = Kept::at(place);
        kept.set_note(anyon_ui::shell::FIRST_START_DONE, "1");
        for (key, text) in notes {
            kept.set_note(key, text);
        }
        let options = ShellOptions {
            locale: look.language.into(),
            reduced_motion: true,
            kept,
            ..ShellOptions::default()
        };
        let inside = Inside {
            shell: Shell::new(options),
            requests: Vec::new(),
            now: NOW,
            client: client.clone(),
            opening: false,
        };
        let mut builder = Harness::builder()
            .with_size(look.size)
            .with_max_steps(12)
            .with_context_setup(anyon_ui::Theme::install_fonts);
        if render_wanted() {
            builder = builder.wgpu();
        }
        let harness = builder.build_ui_state(
            |ui, inside: &mut Inside| {
                let client = inside.client.clone();
                let client = (!inside.opening).then_some(&*client as &dyn Client);
                inside
                    .requests
                    .extend(inside.shell.logic(client, ui.ctx(), inside.now));
                inside.requests.extend(inside.shell.ui(client, ui));
            },
            inside,
        );
        let mut window = Self { harness, client };
        window.run();
        window
    }
    /// Frames until nothing changes any more.
    pub fn run(&mut self) {
        // Something that turns never settles: the frames until then are enough.
        self.harness.run_ok();
    }
    /// Where the window is.
    pub fn place(&self) -> Place {
        self.harness.state().shell.place().clone()
    }
    /// Writes a picture to `ANYON_SHOTS` when that is set: to be looked at, not compared.
    pub fn picture(&mut self, name: &str) {
        if let Some(folder) = std::env::var_os("ANYON_SHOTS") {
            let folder = std::path::PathBuf::from(folder);
            std::fs::create_dir_all(&folder).unwrap();
            let image = self.harness.render().expect("a renderer for pictures");
            image.save(folder.join(format!("{name}.png"))).unwrap();
        }
    }
}

fn render_wanted() -> bool {
    ["ANYON_SHOTS", "ANYON_PICTURES"]
        .iter()
        .any(|name| std::env::var_os(name).is_some())
}

/// Nothing but one project.
pub fn empty_world() -> World {
    World::new()
}

/// A day of work: tasks in all columns, attempts in all states.
pub fn typical_world() -> World {
    use ExecutionState as E;
    let column = |status| move |task: &mut Task| task.status = status;
    World::new()
        .task("Check for conflicts before a worktree is merged", "")
        .task("로그 뷰: 백만 줄 가상 스크롤", "")
        .task_with(
            "fix: rebase aborts when index.lock is stale",
            column(TaskStatus::InProgress),
        )
        .task_with(
            "칸반 보드 드래그 앤 드롭 접근성 개선 ♿",
            column(TaskStatus::InProgress),
        )
        .task_with(
            "refactor(storage): move redb tables to v2 schema",
            column(TaskStatus::InReview),
        )
        .task_with(
            "Claude Code 스트림 JSON 파서의 부분 청크 처리",
            column(TaskStatus::InReview),
        )
        .task_with(
            "feat: approval prompts with diff preview 🚀",
            column(TaskStatus::Done),
        )
        .task_with(
            "PR 본문 자동 생성 템플릿 한국어 지원",
            column(TaskStatus::Cancelled),
        )
        .attempt(31, 3, |_| {})
        .execution(
            41,
            31,
            E::Running {
                activity: Activity::Turn,
            },
        )
        .attempt(32, 4, |_| {})
        .execution(
            42,
            32,
            E::Running {
                activity: Activity::Waiting { approvals: 1 },
            },
        )
        .with(Entity::Approval(Arc::new(approval(
            51,
            32,
            42,
            "npm test -- --watch=false",
        ))))
        .attempt(33, 5, |_| {})
        .execution(43, 33, E::Completed)
        .attempt(34, 6, |_| {})
        .execution(
            44,
            34,
            E::Failed {
                kind: FailureKind::Auth,
                message: "Not logged in".into(),
            },
        )
        .attempt(35, 7, |_| {})
        .execution(45, 35, E::Completed)
        .with(Entity::Merge(Arc::new(Merge {
            id: fixed(61),
            project_id: fixed(1),
            attempt_id: fixed(35),
            target: "main".into(),
            kind: MergeKind::Direct {
                commit: anyon_testkit::COMMIT.into(),
                before: anyon_testkit::COMMIT.into(),
            },
            created_at: NOW,
        })))
}

/// Long names and many of everything.
pub fn overflowing_world() -> World {
    let long = "아주 긴 제목이 카드의 두 줄을 넘어가면 말줄임표로 끝나야 하고 결코 옆 카드 위로 흘러넘치지 않아야 합니다 and then it goes on in English with averyveryverylongidentifier_without_any_break_in_it";
    let mut world = World::new()
        .project(|project| project.name = "a-project-with-a-really-long-name-that-does-not-fit".into());
    for number in 0..60u8 {
        world = world.task_with(long, |task| {
            task.status = TaskStatus::ALL[usize::from(number % 5)];
            task.priority = Priority::Urgent;
        });
    }
    for number in 0..12u8 {
        world = world
            .attempt(100 + number, 2, |attempt| attempt.number = u32::from(number) + 1)
            .execution(
                150 + number,
                100 + number,
                ExecutionState::Running {
                    activity: Activity::Turn,
                },
            );
    }
    world
}

/// A question of an agent to run a command.
pub fn approval(number: u8, attempt: u8, execution: u8, command: &str) -> Approval {
    Approval {
        id: fixed(number),
        project_id: fixed(1),
        attempt_id: fixed(attempt),
        execution_id: fixed(execution),
        request: anyon_testkit::asks_command("q", command),
        state: ApprovalState::Pending,
        created_at: NOW.plus_ms(-5_000),
        resolved_at: None,
    }
}

/// What was kept of an attempt's files.
pub fn snapshot(number: u32, reason: SnapshotReason) -> Entity {
    Entity::Snapshot(Arc::new(Snapshot {
        id: fixed(70 + number as u8),
        project_id: fixed(1),
        attempt_id: fixed(33),
        number,
        commit: anyon_testkit::COMMIT.into(),
        head: anyon_testkit::COMMIT.into(),
        trash: None,
        reason,
        created_at: NOW.plus_ms(-60_000),
    }))
}

/// A program over MCP, as it named itself.
pub fn editor() -> Actor {
    Actor::Mcp {
        client: "claude-code".into(),
    }
}

/// What an actor did with a task or its attempt, as the history has it.
pub fn done_by(number: u8, actor: Actor, (task, attempt): (u8, Option<u8>), deed: Deed) -> Change {
    HistoryEntry {
        id: fixed(number),
        project_id: fixed(1),
        task_id: Some(fixed(task)),
        attempt_id: attempt.map(fixed),
        actor,
        what: deed.of("anyon/3f2a-x → main"),
        refs: Vec::new(),
        at: NOW.plus_ms(-60_000 * i64::from(number)),
    }
    .into()
}

/// Another program did everything with a task that landed.
pub fn landed_by_others(state: &mut State) {
    let done = |number, attempt, deed| done_by(number, editor(), (7, attempt), deed);
    state.apply(&[
        done(93, None, Deed::Create),
        done(92, Some(35), Deed::Start),
        done(91, Some(35), Deed::Merge),
        done_by(94, editor(), (1, None), Deed::Create),
    ]);
}

/// Another program wants to land an attempt and waits for a person's yes.
pub fn asked_by_editor() -> Change {
    let confirmation = Confirmation {
        actor: Actor::Mcp {
            client: "Editor".into(),
        },
        command: Command::MergeAttempt {
            attempt_id: fixed(33),
            message: None,
            keep_worktree: false,
        },
        at: NOW,
    };
    Change::Confirmation {
        command_id: CommandId::from_bytes([9; 16]),
        confirmation: Some(Arc::new(confirmation)),
    }
}
