//! A host for the screens: worlds that fill them or overflow them, and answers to every query.

#![allow(dead_code, reason = "each test file uses its part")]

use super::{
    support::{diffs, setups, *},
    talk,
};
use anyon_model::*;
use std::sync::Arc;

/// Longer than anything has room for, in both scripts and with a word that cannot be broken.
pub const LONG: &str = "아주 긴 이름이 정해진 자리를 넘어가면 말줄임표로 끝나야 합니다 and then it goes on in English with averyveryverylongidentifier_without_any_break_in_it ";

/// How the host answers.
pub struct Host {
    /// The files of every diff.
    pub files: Vec<FileStat>,
    /// The checks before landing.
    pub check: LandingCheck,
    /// The last entry is minutes old.
    pub silent: bool,
    /// It answers nothing.
    pub mute: bool,
    /// It answers with a problem.
    pub broken: bool,
    /// Neither agents nor repositories are found.
    pub nothing: bool,
    /// Long names and many of everything.
    pub full: bool,
}

impl Default for Host {
    fn default() -> Self {
        Self {
            files: files(),
            check: LandingCheck {
                conflicts: Vec::new(),
                open_files: 2,
                behind: 1,
                ahead: 3,
                dirty_checkout: None,
                message: "Move redb tables to v2 schema\n\nThe old tables stay readable.".into(),
                large_files: Vec::new(),
                nothing_new: false,
            },
            silent: false,
            mute: false,
            broken: false,
            nothing: false,
            full: false,
        }
    }
}

impl Host {
    /// Long names and many of everything.
    pub fn full() -> Self {
        let folder = "packages/a-package-with-a-long-name/src/아주/깊은/폴더";
        let one = |n: u32| {
            stat(
                &format!("{folder}/{}/file_with_a_very_long_name_number_{n}.rs", n / 9),
                (n * 977, n * 13),
            )
        };
        let mut files: Vec<_> = (0..180).map(one).collect();
        files.push(FileStat {
            old_path: Some(format!("{folder}/before.rs").as_str().into()),
            status: FileStatus::Renamed,
            ..stat(
                &format!("{folder}/after-it-was-renamed-to-something-much-longer.rs"),
                (1, 1),
            )
        });
        files.push(FileStat {
            before: Some(FileKind::Plain),
            after: Some(FileKind::Link {
                target: format!("../../../../../{folder}/{folder}").as_str().into(),
                outside: true,
            }),
            status: FileStatus::TypeChanged,
            ..stat("a file that became a link.md", (1, 4_000))
        });
        let large = LargeFile {
            path: format!("{folder}/{folder}/dump.sql").as_str().into(),
            bytes: 4 << 30,
        };
        Self {
            check: LandingCheck {
                conflicts: files.iter().take(40).map(|file| file.path.clone()).collect(),
                open_files: 1_234,
                behind: 4_567,
                ahead: 890,
                dirty_checkout: Some(format!("/home/mina/{folder}/{folder}").as_str().into()),
                message: LONG.repeat(12),
                large_files: vec![large; 40],
                nothing_new: false,
            },
            files,
            full: true,
            ..Self::default()
        }
    }
}

fn stat(path: &str, (additions, deletions): (u32, u32)) -> FileStat {
    FileStat {
        path: path.into(),
        old_path: None,
        status: FileStatus::Modified,
        additions,
        deletions,
        omitted: None,
        before: None,
        after: None,
    }
}

fn files() -> Vec<FileStat> {
    vec![
        stat("core/model/src/merge.rs", (3, 2)),
        FileStat {
            status: FileStatus::Added,
            ..stat("core/model/src/undo.rs", (185, 0))
        },
        FileStat {
            status: FileStatus::Added,
            omitted: Some(Omitted::Binary),
            ..stat("docs/logo.png", (0, 0))
        },
        FileStat {
            omitted: Some(Omitted::TooLarge { bytes: 3 << 20 }),
            ..stat("docs/table.csv", (90_000, 10))
        },
        FileStat {
            old_path: Some("docs/old-name.md".into()),
            status: FileStatus::Renamed,
            ..stat("docs/읽어보기.md", (4, 1))
        },
        FileStat {
            status: FileStatus::Deleted,
            ..stat("Cargo.toml", (0, 4))
        },
    ]
}

/// What went wrong, at length.
pub fn problem() -> Problem {
    Problem::new(ProblemCode::Git, "git could not read the repository")
        .detail("fatal: unable to read tree 1111111111111111111111111111111111111111 in /home/mina/code/any-on/.git/objects/pack/pack-0a1b2c3d4e5f.pack")
        .hint("Run “git fsck” in the repository and try again")
}

/// A queued message.
pub fn draft(number: u8, text: &str) -> Draft {
    Draft {
        id: fixed(number),
        project_id: fixed(1),
        attempt_id: fixed(31),
        kind: DraftKind::FollowUp,
        text: text.into(),
        to: Recipient::default(),
        images: Vec::new(),
        queued: true,
        order: u32::from(number),
        created_at: NOW,
        updated_at: NOW,
    }
}

fn label(number: u8, name: &str) -> Entity {
    Entity::Label(Arc::new(Label {
        id: fixed(number),
        project_id: fixed(1),
        name: name.into(),
        color: "violet".into(),
    }))
}

fn ago(minutes: i64) -> Timestamp {
    NOW.plus_ms(-minutes * 60_000)
}

/// A day of work with labels, priorities, ages, a failure of every kind of look, rules and templates.
pub fn day() -> World {
    use ExecutionState as E;
    let status =
        |status, minutes| move |task: &mut Task| (task.status, task.updated_at) = (status, ago(minutes));
    typical_world()
        .task_with(
            "Windows에서 ConPTY 자식 프로세스 정리",
            status(TaskStatus::InProgress, 2),
        )
        .task_with(
            "Write the benchmark of the search index",
            status(TaskStatus::InProgress, 600),
        )
        .task_with("Close files that nobody reads", |task| {
            (task.status, task.updated_at) = (TaskStatus::Todo, ago(3 * 24 * 60));
            (task.priority, task.unread) = (Priority::High, true);
            task.labels = vec![fixed(91), fixed(92)];
            task.description = "Handles stay open after a crash.\n\n- find them\n- close them".into();
        })
        .with(label(91, "core"))
        .with(label(92, "버그"))
        .attempt(36, 8, |attempt| attempt.dropped = true)
        .execution(46, 36, E::Completed)
        .attempt(37, 9, |attempt| attempt.worktree.state = WorktreeState::Creating)
        .execution(
            47,
            37,
            E::Queued {
                why: Some(QueueReason::Worktree),
            },
        )
        .attempt(38, 10, |attempt| attempt.worktree.state = WorktreeState::Planned)
        .execution(
            48,
            38,
            E::Queued {
                why: Some(QueueReason::Cap { limit: 4 }),
            },
        )
        .with(snapshot(1, SnapshotReason::Commit))
        .with(snapshot(2, SnapshotReason::Merge))
        .with(rule(93, "npm test"))
        .with(rule(94, "cargo"))
        .with(template(95, "review"))
        .with(template(96, "테스트"))
}

/// Long names and many of everything: also to review, to land, to answer.
pub fn full() -> World {
    use ExecutionState as E;
    let mut world = overflowing_world()
        .attempt(120, 3, |attempt| {
            attempt.branch = format!("anyon/{}", "a-branch-name-that-does-not-end-".repeat(4));
            attempt.target = "release/a-target-branch-with-a-very-long-name-2026".into();
        })
        .execution(170, 120, E::Completed)
        .attempt(121, 4, |_| {})
        .execution(
            171,
            121,
            E::Running {
                activity: Activity::Waiting { approvals: 3 },
            },
        )
        .attempt(122, 5, |_| {})
        .execution(
            172,
            122,
            E::Failed {
                kind: FailureKind::Other,
                message: LONG.repeat(3),
            },
        );
    for number in 0..3 {
        let asked = approval(180 + number, 121, 171, &LONG.repeat(1 + usize::from(number)));
        world = world.with(Entity::Approval(Arc::new(asked)));
    }
    for number in 0..14 {
        let long = "npm run a-script-with-a-name-that-goes-on-and-on --and -a --lot --of --arguments --to --it --and --more";
        world = world
            .with(rule(
                190 + number,
                if number % 3 == 0 { long } else { "npm test" },
            ))
            .with(template(
                210 + number,
                &format!("a-template-with-a-long-name-{number}"),
            ));
    }
    world
}

fn rule(number: u8, pattern: &str) -> Entity {
    Entity::Rule(Arc::new(Rule {
        id: fixed(number),
        project_id: Some(fixed(1)),
        executor: Some("CLAUDE_CODE".into()),
        kind: Some(ToolKind::Command),
        pattern: Some(pattern.into()),
        allow: number.is_multiple_of(2),
        created_at: NOW,
    }))
}

fn template(number: u8, name: &str) -> Entity {
    Entity::Template(Arc::new(Template {
        id: fixed(number),
        name: name.into(),
        text: "Look for 누락된 tests\nand say so".into(),
        updated_at: NOW,
    }))
}

fn agents(full: bool) -> Vec<AgentFinding> {
    let agent = |agent_id: &str, name: &str, found, login| AgentFinding {
        agent_id: agent_id.into(),
        name: name.into(),
        variants: vec!["DEFAULT".into(), "PLAN".into(), "APPROVALS".into()],
        found,
        program: None,
        version: found.then(|| "2.1.330".into()),
        notice: full.then(|| LONG.into()),
        login,
        install_hint: "Install it with `npm install -g @example/agent` (Node 22 or newer)".into(),
        login_hint: "Run `agent auth login` in a terminal, or set AGENT_API_KEY".into(),
        withheld: if full {
            vec![
                "GH_TOKEN".into(),
                "AWS_SECRET_ACCESS_KEY".into(),
                "A_RATHER_LONG_NAME_OF_A_SECRET".into(),
            ]
        } else {
            Vec::new()
        },
    };
    let subscription = || AgentLogin::LoggedIn {
        method: "subscription".into(),
    };
    let mut all = vec![
        agent("CLAUDE_CODE", "Claude Code", true, subscription()),
        agent("CODEX", "Codex", true, AgentLogin::LoggedOut),
        agent("GEMINI", "Gemini CLI", false, AgentLogin::Unknown),
    ];
    if full {
        all.push(agent(
            "my-own-agent",
            "An agent of one's own with a really long name",
            true,
            AgentLogin::Unknown,
        ));
        for name in ["Qwen Code", "Copilot", "opencode", "Cursor Agent", "Amp"] {
            all.push(agent(name, name, true, subscription()));
        }
    }
    all
}

fn repositories(count: u8) -> FoundRepositories {
    let one = |n: u8| FoundRepository {
        path: format!("/home/mina/code/저장소-{n}").as_str().into(),
        name: format!("저장소-{n}"),
        used_at: Some(NOW.plus_ms(-i64::from(n) * 3_600_000)),
    };
    FoundRepositories {
        repositories: (1..=count).map(one).collect(),
        complete: count < 20,
    }
}

fn directory(path: Option<&FilePath>, full: bool) -> DirectoryList {
    let folder = path.map_or("/home/mina".to_owned(), ToString::to_string);
    let entry = |name: &str, is_folder, is_repository| DirectoryEntry {
        name: name.into(),
        path: format!("{folder}/{name}").as_str().into(),
        is_folder,
        is_hidden: name.starts_with('.'),
        is_repository,
    };
    let mut entries = vec![
        entry("code", true, false),
        entry("문서", true, false),
        entry("any-on", true, true),
        entry("notes.txt", false, false),
    ];
    if full {
        entries.extend((0..80).map(|n| entry(&format!("{LONG}{n}"), true, n % 4 == 0)));
    }
    DirectoryList {
        path: folder.as_str().into(),
        parent: Some("/home".into()),
        home: Some("/home/mina".into()),
        entries,
        ..DirectoryList::default()
    }
}

fn code(full: bool) -> Vec<DiffLine> {
    use DiffLineKind::{Added as A, Context as C, Removed as R};
    let mut lines = diffs::code();
    if full {
        let long = format!("    // {}", LONG.repeat(5));
        for n in 0..60 {
            lines.push(diffs::line(if n % 3 == 0 { R } else { A }, &long));
            lines.push(diffs::line(C, "\tlet x = 1;"));
        }
    }
    lines
}

fn styled(stat: FileStat, full: bool) -> StyledDiff {
    diffs::styled(stat, code(full), 0)
}

/// A conversation in which everything is too long.
fn long_entries() -> Vec<Arc<Entry>> {
    let command = || ToolDetail::Command {
        command: LONG.repeat(2),
        description: None,
    };
    let mut all = vec![talk::entry(
        0,
        900,
        EntryKind::UserMessage { text: LONG.repeat(6) },
    )];
    for n in 1..12 {
        let kind = match n % 4 {
            0 => EntryKind::AssistantMessage { text: LONG.repeat(4) },
            1 => talk::tool(
                ToolKind::Command,
                &LONG.repeat(2),
                command(),
                Some(LONG),
                800 - n as i64,
            ),
            2 => EntryKind::Thinking { text: LONG.repeat(3) },
            _ => EntryKind::ErrorMessage {
                text: LONG.repeat(2),
                failure: None,
            },
        };
        all.push(talk::entry(n, 900 - n as i64 * 10, kind));
    }
    all
}

/// The answer to a query.
pub fn answer(host: &Host, query: &Query) -> Option<QueryResult> {
    if host.mute {
        return None;
    }
    if host.broken {
        return Some(Err(problem()));
    }
    let of = |path: &FilePath| host.files.iter().find(|file| file.path == *path).cloned();
    Some(Ok(match query {
        Query::DiffSummary { .. } => Answer::DiffSummary(Arc::new(DiffSummary {
            files: host.files.clone(),
            ..DiffSummary::default()
        })),
        Query::DiffSpans { path, .. } => Answer::DiffSpans(Arc::new(styled(of(path)?, host.full))),
        Query::DiffFile { path, .. } => Answer::DiffFile(Arc::new(styled(of(path)?, host.full).diff)),
        Query::FileLines { range, .. } => {
            let PageRange::From { first, count } = *range else {
                return None;
            };
            let line = |n: u64| CodeLine::plain(format!("line {n} of the file"));
            Answer::FileLines(Arc::new(FileLines {
                first,
                total: 400,
                lines: (first..(first + u64::from(count)).min(400)).map(line).collect(),
            }))
        }
        Query::LandingCheck { .. } => Answer::LandingCheck(host.check.clone()),
        Query::Agents { .. } if host.nothing => Answer::Agents(Arc::default()),
        Query::Agents { .. } => Answer::Agents(Arc::new(agents(host.full))),
        Query::McpSetups => Answer::McpSetups(Arc::new(setups::mcp_setups(host.full, LONG))),
        Query::AgentFile => Answer::AgentFile(Arc::new(setups::agent_file(host.full))),
        Query::CheckAgentFile { .. } => Answer::AgentFileFault(None),
        Query::FindRepositories { .. } if host.nothing => Answer::Repositories(Arc::default()),
        Query::FindRepositories { .. } => {
            Answer::Repositories(Arc::new(repositories(if host.full { 40 } else { 4 })))
        }
        Query::ListDirectory { path, .. } => Answer::Directory(Arc::new(directory(path.as_ref(), host.full))),
        Query::Branches { .. } if host.full => Answer::Branches(
            (0..40)
                .map(|n| format!("{n}/{}", "a-long-branch-".repeat(8)))
                .collect(),
        ),
        Query::Entries { .. } | Query::Blocks { .. } if host.full => {
            return talk::answer(&long_entries(), query);
        }
        Query::Entries { .. } if host.silent => {
            let entries: Vec<_> = talk::entries().into_iter().take(5).collect();
            return talk::answer(&entries, query);
        }
        _ => return talk::answer(&talk::entries(), query),
    }))
}
