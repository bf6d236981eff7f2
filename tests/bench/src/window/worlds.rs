//! What the window is given: many cards, long conversations, logs and diffs.

use anyon_model::*;
use anyon_testkit::World;
use anyon_text::{DiffStyler, ansi, edit_diffs, markdown};
use std::sync::Arc;

/// An id by a number.
pub fn numbered<I: From<uuid::Uuid>>(number: u128) -> I {
    I::from(uuid::Uuid::from_u128(number | 7 << 76 | 2 << 62))
}

/// So many projects with tasks, some of them with attempts.
pub struct Board {
    /// How many.
    pub projects: u32,
    /// In all of them.
    pub tasks: u32,
    /// In all of them.
    pub attempts: u32,
}

/// What every fourth attempt is at.
const STATES: [ExecutionState; 4] = [
    ExecutionState::Completed,
    ExecutionState::Killed {
        reason: StopReason::User,
    },
    ExecutionState::Completed,
    ExecutionState::Failed {
        kind: FailureKind::Auth,
        message: String::new(),
    },
];

/// The entities of a board, each as in the tests' worlds.
pub fn entities(board: &Board) -> Vec<Entity> {
    let world = World::new()
        .task("", "")
        .attempt(11, 1, |_| {})
        .execution(21, 11, ExecutionState::Completed);
    let mut all = Vec::new();
    for entity in world.entities() {
        match entity {
            Entity::Project(project) => {
                all.extend((0..board.projects).map(|n| self::project(&project, n, board)))
            }
            Entity::Task(task) => all.extend((0..board.tasks).map(|n| self::task(&task, n, board))),
            Entity::Attempt(attempt) => {
                all.extend((0..board.attempts).map(|n| self::attempt(&attempt, n, board)));
            }
            Entity::Session(session) => {
                all.extend((0..board.attempts).map(|n| self::session(&session, n, board)));
            }
            Entity::Execution(execution) => {
                all.extend((0..board.attempts).map(|n| self::execution(&execution, n, board)));
            }
            _ => {}
        }
    }
    all.sort_by_key(|entity| !matches!(entity, Entity::Project(_)));
    all
}

/// The same as a state.
pub fn board(board: &Board) -> State {
    let changes: Vec<Change> = entities(board).into_iter().map(Change::Put).collect();
    let mut state = State::default();
    state.apply(&changes);
    state
}

fn project(like: &Project, number: u32, board: &Board) -> Entity {
    Entity::Project(Arc::new(Project {
        id: numbered(u128::from(number) + 1),
        name: format!("project-{number}"),
        short_prefix: format!("P{number}"),
        next_task_number: board.tasks / board.projects + 1,
        ..like.clone()
    }))
}

fn project_of(task: u32, board: &Board) -> ProjectId {
    numbered(u128::from(task % board.projects) + 1)
}

fn task(like: &Task, number: u32, board: &Board) -> Entity {
    const TITLES: [&str; 4] = [
        "fix: rebase aborts when index.lock is stale",
        "칸반 보드 드래그 앤 드롭 접근성 개선 ♿",
        "refactor(storage): move redb tables to the second schema, and keep what old versions wrote readable",
        "feat: approval prompts with a preview of the diff 🚀",
    ];
    Entity::Task(Arc::new(Task {
        id: numbered(u128::from(number) + 0x1_0000),
        project_id: project_of(number, board),
        number: number / board.projects + 1,
        title: format!("{} ({number})", TITLES[number as usize % TITLES.len()]),
        status: TaskStatus::ALL[(number / board.projects) as usize % TaskStatus::ALL.len()],
        priority: if number.is_multiple_of(3) {
            Priority::High
        } else {
            Priority::None
        },
        order: BoardOrder(f64::from(number)),
        ..like.clone()
    }))
}

/// Attempts belong to the first tasks, one each.
fn attempt(like: &Attempt, number: u32, board: &Board) -> Entity {
    Entity::Attempt(Arc::new(Attempt {
        id: numbered(u128::from(number) + 0x2_0000),
        project_id: project_of(number, board),
        task_id: numbered(u128::from(number) + 0x1_0000),
        branch: format!("anyon/{number}-work"),
        ..like.clone()
    }))
}

fn session(like: &Session, number: u32, board: &Board) -> Entity {
    Entity::Session(Arc::new(Session {
        id: numbered(u128::from(number) + 0x3_0000),
        project_id: project_of(number, board),
        attempt_id: numbered(u128::from(number) + 0x2_0000),
        ..like.clone()
    }))
}

fn execution(like: &Execution, number: u32, board: &Board) -> Entity {
    Entity::Execution(Arc::new(Execution {
        id: numbered(u128::from(number) + 0x4_0000),
        project_id: project_of(number, board),
        attempt_id: numbered(u128::from(number) + 0x2_0000),
        session_id: Some(numbered(u128::from(number) + 0x3_0000)),
        number: 1,
        state: STATES[number as usize % STATES.len()].clone(),
        ..like.clone()
    }))
}

/// A conversation of any length.
pub struct Conversation {
    total: u64,
    blocks: Arc<Vec<Block>>,
    edits: Arc<Vec<StyledDiff>>,
    output: Arc<Vec<AnsiLine>>,
}

const SAID: &str = "The lock is taken in `src/rebase.rs`, see [the documentation](https://git-scm.com/docs) for **why** \
it may be left over. What I am going to do:\n\n- look at who takes it\n- remove it when its owner is gone\n\n```rust\n\
fn stale(lock: &Path) -> bool {\n    // A crash leaves the file behind.\n    owner(lock).is_none_or(|pid| !alive(pid))\n}\n```\n";

impl Conversation {
    /// So many entries: words, thoughts, commands, edits.
    pub fn of(total: u64) -> Self {
        let change = FileChange {
            path: "src/rebase.rs".into(),
            old_text: Some("fn stale() -> bool {\n    false\n}\n".into()),
            new_text: Some("fn stale(lock: &Path) -> bool {\n    owner(lock).is_none()\n}\n".into()),
            partial: true,
        };
        Self {
            total,
            blocks: Arc::new(markdown(SAID, &|| false)),
            edits: Arc::new(edit_diffs(&[change], &|| false)),
            output: Arc::new(ansi("\u{1b}[32mok\u{1b}[0m 212 tests\nall passed\n")),
        }
    }
    /// Answers a question about it.
    pub fn answer(&self, query: &Query) -> Answer {
        match query {
            Query::Entries { range, .. } => Answer::Entries(self.page(*range)),
            Query::Blocks { .. } => Answer::Blocks(self.blocks.clone()),
            Query::Edits { .. } => Answer::Edits(self.edits.clone()),
            Query::Ansi { .. } => Answer::Ansi(self.output.clone()),
            other => nothing(other),
        }
    }
    fn page(&self, range: PageRange) -> EntryPage {
        let (first, end) = bounds(range, self.total);
        EntryPage {
            first,
            total: self.total,
            entries: (first..end).map(|index| Arc::new(self.entry(index))).collect(),
        }
    }
    fn entry(&self, index: u64) -> Entry {
        let kind = match index % 5 {
            0 => EntryKind::AssistantMessage { text: SAID.into() },
            1 => EntryKind::Thinking {
                text: format!("The lock may be left over from a crash.\nThought {index}."),
            },
            2 => tool(
                ToolKind::Read,
                "src/rebase.rs",
                ToolDetail::FileRead {
                    path: "src/rebase.rs".into(),
                },
            ),
            3 => tool(
                ToolKind::Edit,
                "src/rebase.rs",
                ToolDetail::FileEdit { changes: Vec::new() },
            ),
            _ => tool(
                ToolKind::Command,
                "cargo test rebase",
                ToolDetail::Command {
                    command: "cargo test rebase".into(),
                    description: None,
                },
            ),
        };
        Entry {
            index: EntryIndex(index),
            at: Timestamp::from_ms(1_767_000_000_000),
            parent: None,
            done: true,
            kind,
        }
    }
}

fn tool(tool_kind: ToolKind, title: &str, detail: ToolDetail) -> EntryKind {
    EntryKind::ToolUse(Box::new(ToolUse {
        call_id: "call".into(),
        tool: "tool".into(),
        tool_kind,
        title: title.into(),
        status: ToolStatus::Success,
        detail,
        output: None,
        ended_at: Some(Timestamp::from_ms(1_767_000_002_000)),
    }))
}

/// A raw log of any length.
pub struct Log(pub u64);

impl Log {
    /// Answers a question about it.
    pub fn answer(&self, query: &Query) -> Answer {
        match query {
            Query::AnsiLog { range, .. } => {
                let (first, end) = bounds(*range, self.0);
                Answer::AnsiLog(Arc::new(AnsiPage {
                    first,
                    total: self.0,
                    lines: (first..end).map(log_line).collect(),
                }))
            }
            other => nothing(other),
        }
    }
}

fn log_line(number: u64) -> AnsiLogLine {
    let text = format!(
        "\u{1b}[2m2026-11-22T18:00:00Z\u{1b}[0m \u{1b}[32mINFO\u{1b}[0m line {number}: compiling \u{1b}[1manyon-{}\u{1b}[0m v0.1.{number} (/work/anyon/core/part{})",
        number % 17,
        number % 97,
    );
    AnsiLogLine {
        stream: if number.is_multiple_of(9) {
            LogStream::Err
        } else {
            LogStream::Out
        },
        after_ms: number * 3,
        line: ansi(&text).pop().unwrap_or_default(),
    }
}

/// The diff of one large file.
pub struct SplitDiff {
    summary: Arc<DiffSummary>,
    styled: Arc<StyledDiff>,
}

impl SplitDiff {
    /// So many rows side by side; every fifth line differs. `changed`: one line more is changed at the very end.
    pub fn of(rows: u32, changed: bool) -> Self {
        let stat = FileStat {
            path: "src/generated.rs".into(),
            old_path: None,
            status: FileStatus::Modified,
            additions: rows / 5,
            deletions: rows / 5,
            omitted: None,
            before: None,
            after: None,
        };
        let mut lines = Vec::new();
        let mut text = String::new();
        let mut add = |kind, line: String| {
            if kind != DiffLineKind::Removed {
                text.push_str(&line);
                text.push('\n');
            }
            lines.push(DiffLine {
                kind,
                text: line,
                no_newline: false,
            });
        };
        for row in 0..rows {
            let line = |word: &str| {
                format!("    let value_{row} = {word}(\"text {row}\", &mut list, {row}); // why")
            };
            if row % 5 == 0 {
                let word = if changed && row == rows / 5 * 5 - 5 {
                    "again"
                } else {
                    "after"
                };
                add(DiffLineKind::Removed, line("before"));
                add(DiffLineKind::Added, line(word));
            } else {
                add(DiffLineKind::Context, line("same"));
            }
        }
        let hunk = Hunk {
            old_start: 1,
            old_lines: rows,
            new_start: 1,
            new_lines: rows,
            lines,
        };
        let diff = FileDiff {
            stat: stat.clone(),
            hunks: vec![hunk],
        };
        Self {
            summary: Arc::new(DiffSummary {
                files: vec![stat],
                ..DiffSummary::default()
            }),
            styled: Arc::new(DiffStyler::new().style(diff, Some(&text), &|| false)),
        }
    }
    /// Answers a question about it.
    pub fn answer(&self, query: &Query) -> Answer {
        match query {
            Query::DiffSummary { .. } => Answer::DiffSummary(self.summary.clone()),
            Query::DiffSpans { .. } => Answer::DiffSpans(self.styled.clone()),
            Query::DiffFile { .. } => Answer::DiffFile(Arc::new(self.styled.diff.clone())),
            Query::FileLines { .. } => Answer::FileLines(Arc::new(FileLines {
                first: 0,
                total: self
                    .styled
                    .diff
                    .hunks
                    .iter()
                    .map(|hunk| u64::from(hunk.new_lines))
                    .sum(),
                lines: Vec::new(),
            })),
            other => nothing(other),
        }
    }
}

/// What the other questions of a window are answered with.
fn nothing(query: &Query) -> Answer {
    match query {
        Query::Entries { .. } => Answer::Entries(EntryPage {
            first: 0,
            total: 0,
            entries: Vec::new(),
        }),
        Query::DiffSummary { .. } => Answer::DiffSummary(Arc::default()),
        Query::LandingCheck { .. } => Answer::LandingCheck(LandingCheck {
            conflicts: Vec::new(),
            open_files: 0,
            behind: 0,
            ahead: 1,
            dirty_checkout: None,
            message: "Work".into(),
            large_files: Vec::new(),
            nothing_new: false,
        }),
        Query::Agents { .. } => Answer::Agents(Arc::default()),
        Query::Branches { .. } => Answer::Branches(vec!["main".into()]),
        _ => Answer::Done,
    }
}

fn bounds(range: PageRange, total: u64) -> (u64, u64) {
    match range {
        PageRange::From { first, count } => (first.min(total), (first + u64::from(count)).min(total)),
        PageRange::Last { count } => (total.saturating_sub(u64::from(count)), total),
    }
}
