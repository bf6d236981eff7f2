//! A conversation to test with: what was said and done in an execution, and the answers to queries about it.

#![allow(dead_code, reason = "each test file uses its part")]

use super::support::NOW;
use anyon_model::*;
use std::sync::Arc;

/// An entry, `seconds` before now.
pub fn entry(index: u64, seconds: i64, kind: EntryKind) -> Arc<Entry> {
    Arc::new(Entry {
        index: EntryIndex(index),
        at: NOW.plus_ms(-seconds * 1_000),
        parent: None,
        done: true,
        kind,
    })
}

/// A tool call that worked and took four seconds.
pub fn tool(
    kind: ToolKind,
    title: &str,
    detail: ToolDetail,
    output: Option<&str>,
    seconds: i64,
) -> EntryKind {
    EntryKind::ToolUse(Box::new(ToolUse {
        call_id: title.into(),
        tool: "Tool".into(),
        tool_kind: kind,
        title: title.into(),
        status: ToolStatus::Success,
        detail,
        output: output.map(|text| ToolOutput::cut(text.into(), Some(0))),
        ended_at: Some(NOW.plus_ms(-seconds * 1_000 + 4_000)),
    }))
}

fn plan() -> Vec<PlanItem> {
    let step = |text: &str, status| PlanItem {
        text: text.into(),
        status,
    };
    vec![
        step(
            "Reproduce the abort with a stale index.lock",
            PlanStatus::Completed,
        ),
        step(
            "Retry while the lock is younger than a second",
            PlanStatus::InProgress,
        ),
        step(
            "잠금 파일이 오래되었으면 설명과 함께 실패 처리",
            PlanStatus::Pending,
        ),
    ]
}

/// A working day of an agent.
pub fn entries() -> Vec<Arc<Entry>> {
    let command = |command: &str| ToolDetail::Command {
        command: command.into(),
        description: None,
    };
    let edit = ToolDetail::FileEdit {
        changes: vec![FileChange {
            path: "src/rebase.rs".into(),
            old_text: None,
            new_text: None,
            partial: true,
        }],
    };
    let plan = plan();
    let kinds = vec![
        EntryKind::UserMessage {
            text: "fix: rebase aborts when index.lock is stale".into(),
        },
        EntryKind::Thinking {
            text: "The lock may be left over from a crash.\nI should look at who takes it.".into(),
        },
        EntryKind::AssistantMessage {
            text: "I will look at where the lock is taken.".into(),
        },
        tool(
            ToolKind::Read,
            "src/rebase.rs",
            ToolDetail::FileRead {
                path: "src/rebase.rs".into(),
            },
            None,
            100,
        ),
        tool(
            ToolKind::Search,
            "index.lock",
            ToolDetail::Search {
                query: "index.lock".into(),
            },
            Some("src/rebase.rs:12"),
            90,
        ),
        EntryKind::Plan { items: plan },
        tool(ToolKind::Edit, "src/rebase.rs", edit, None, 60),
        tool(
            ToolKind::Command,
            "cargo test rebase",
            command("cargo test rebase"),
            Some("ok"),
            40,
        ),
        EntryKind::AssistantMessage {
            text: "Done so far".into(),
        },
        EntryKind::SystemMessage {
            text: "Context was compacted".into(),
        },
        EntryKind::ErrorMessage {
            text: "The model is overloaded, trying again in 4 s".into(),
            failure: None,
        },
    ];
    let all = kinds.into_iter().enumerate();
    all.map(|(at, kind)| entry(at as u64, 120 - at as i64 * 10, kind))
        .collect()
}

fn rich(text: &str) -> RichText {
    RichText {
        line: StyledLine::plain(text),
        links: Vec::new(),
    }
}

fn span<C>(len: usize, class: C) -> Span<C> {
    Span {
        len: len as u32,
        class,
    }
}

fn linked() -> RichText {
    RichText {
        line: StyledLine {
            text: "The lock is taken in src/rebase.rs, see the git documentation for why.".into(),
            spans: vec![
                span(21, InlineStyle::default()),
                span(
                    13,
                    InlineStyle {
                        code: true,
                        link: Some(0),
                        ..InlineStyle::default()
                    },
                ),
                span(10, InlineStyle::default()),
                span(
                    17,
                    InlineStyle {
                        link: Some(1),
                        ..InlineStyle::default()
                    },
                ),
                span(
                    9,
                    InlineStyle {
                        strong: true,
                        ..InlineStyle::default()
                    },
                ),
            ],
        },
        links: vec![
            LinkTarget::File {
                path: "src/rebase.rs".into(),
                line: Some(12),
            },
            LinkTarget::Web {
                url: "https://git-scm.com/docs/api-lockfile".into(),
            },
        ],
    }
}

/// Markdown with everything in it.
pub fn blocks() -> Vec<Block> {
    let link = linked();
    let item = |text: &str, checked| ListItem {
        checked,
        blocks: vec![Block::Paragraph { text: rich(text) }],
    };
    vec![
        Block::Heading {
            level: 2,
            text: rich("What was wrong"),
        },
        Block::Paragraph { text: link },
        Block::List {
            start: None,
            items: vec![
                item("A stale lock is younger than the process that reads it", None),
                item("오래된 잠금 파일은 다시 시도해도 사라지지 않음", Some(true)),
            ],
        },
        Block::Code {
            language: "rust".into(),
            lines: vec![
                CodeLine {
                    text: "fn is_stale(lock: &Path) -> bool {".into(),
                    spans: vec![
                        span(2, SpanClass::Keyword),
                        span(1, SpanClass::Plain),
                        span(8, SpanClass::Function),
                    ],
                },
                CodeLine {
                    text: "    age(lock) > LIMIT // a second".into(),
                    spans: vec![span(22, SpanClass::Plain), span(11, SpanClass::Comment)],
                },
                CodeLine::plain("}"),
            ],
        },
        Block::Table {
            columns: vec![ColumnAlign::Start, ColumnAlign::End],
            header: vec![rich("Case"), rich("Before")],
            rows: vec![
                vec![rich("Fresh lock"), rich("abort")],
                vec![rich("Stale lock"), rich("abort")],
            ],
        },
        Block::Quote {
            blocks: vec![Block::Paragraph {
                text: rich("The lock file is created with O_EXCL."),
            }],
        },
    ]
}

/// A change of three lines.
pub fn edits() -> Vec<StyledDiff> {
    let line = |kind, text: &str| DiffLine {
        kind,
        text: text.into(),
        no_newline: false,
    };
    let lines = vec![
        line(DiffLineKind::Context, "fn rebase() -> Result<(), Problem> {"),
        line(DiffLineKind::Removed, "    lock()?;"),
        line(DiffLineKind::Added, "    retry(LIMIT, lock)?;"),
        line(DiffLineKind::Context, "    replay()"),
    ];
    let hunk = Hunk {
        old_start: 10,
        old_lines: 3,
        new_start: 10,
        new_lines: 3,
        lines,
    };
    let stat = FileStat {
        path: "src/rebase.rs".into(),
        old_path: None,
        status: FileStatus::Modified,
        additions: 1,
        deletions: 1,
        omitted: None,
        before: None,
        after: None,
    };
    vec![StyledDiff {
        diff: FileDiff {
            stat,
            hunks: vec![hunk],
        },
        hunks: vec![vec![LineSpans::default(); 4]],
    }]
}

/// Forty lines of output, the first of them green.
pub fn output() -> Vec<AnsiLine> {
    let green = AnsiStyle {
        color: Some(AnsiColor::Green),
        ..AnsiStyle::default()
    };
    (0..40)
        .map(|n| StyledLine {
            text: format!("test rebase::case_{n} ... ok"),
            spans: vec![span(5, green)],
        })
        .collect()
}

/// The agents of a test.
pub fn agents() -> Vec<AgentFinding> {
    let agent = |agent_id: &str, name: &str, found| AgentFinding {
        agent_id: agent_id.into(),
        name: name.into(),
        variants: vec!["DEFAULT".into(), "PLAN".into()],
        found,
        program: None,
        version: None,
        notice: None,
        login: AgentLogin::Unknown,
        install_hint: format!("Install {name} with npm"),
        login_hint: String::new(),
        withheld: Vec::new(),
    };
    vec![
        agent("CLAUDE_CODE", "Claude Code", true),
        agent("CODEX", "Codex", true),
        agent("GEMINI", "Gemini CLI", false),
    ]
}

/// A page of entries.
pub fn page_of(entries: &[Arc<Entry>], range: PageRange) -> EntryPage {
    let total = entries.len() as u64;
    let (first, count) = match range {
        PageRange::From { first, count } => (first.min(total), u64::from(count)),
        PageRange::Last { count } => (total.saturating_sub(u64::from(count)), u64::from(count)),
    };
    let end = (first + count).min(total);
    EntryPage {
        first,
        total,
        entries: entries[first as usize..end as usize].to_vec(),
    }
}

/// Answers as a host with this conversation would.
pub fn answer(entries: &[Arc<Entry>], query: &Query) -> Option<QueryResult> {
    let answer = match query {
        Query::Entries { range, .. } => Answer::Entries(page_of(entries, *range)),
        Query::Blocks { index, .. } => {
            let found = entries.get(index.0 as usize);
            let blocks = match found.map(|entry| &entry.kind) {
                Some(EntryKind::AssistantMessage { text }) if text.starts_with("Done") => blocks(),
                Some(
                    EntryKind::AssistantMessage { text }
                    | EntryKind::UserMessage { text }
                    | EntryKind::Thinking { text },
                ) => vec![Block::Paragraph { text: rich(text) }],
                _ => vec![Block::Code {
                    language: "sh".into(),
                    lines: vec![CodeLine::plain("cargo test rebase")],
                }],
            };
            Answer::Blocks(Arc::new(blocks))
        }
        Query::Markdown { .. } => Answer::Blocks(Arc::new(blocks())),
        Query::Edits { .. } => Answer::Edits(Arc::new(edits())),
        Query::Ansi { .. } => Answer::Ansi(Arc::new(output())),
        Query::AnsiLog { .. } => Answer::AnsiLog(Arc::new(log())),
        Query::FindInLog { text, streams, .. } => Answer::FoundInLog(Arc::new(found(text, streams))),
        Query::RawLog { range, .. } => Answer::RawLog(raw(*range)),
        Query::DiffSummary { .. } => Answer::DiffSummary(Arc::new(DiffSummary {
            files: edits().into_iter().map(|diff| diff.diff.stat).collect(),
            ..DiffSummary::default()
        })),
        Query::Files { typed, .. } => {
            let files = ["README.md", "src/rebase.rs", "src/remote.rs", "문서/설계.md"];
            let fits = files.iter().filter(|path| path.contains(typed.as_str()));
            Answer::Files(Arc::new(fits.map(|path| (*path).to_owned()).collect()))
        }
        Query::Branches { .. } => Answer::Branches(vec!["main".into(), "release/2".into()]),
        Query::Agents { .. } => Answer::Agents(Arc::new(agents())),
        _ => return None,
    };
    Some(Ok(answer))
}

/// The lines of the log that hold a text, as the host tells them.
fn found(text: &str, streams: &[LogStream]) -> FoundInLog {
    let lines = log().lines;
    let holds = |line: &AnsiLogLine| {
        (streams.is_empty() || streams.contains(&line.stream))
            && line.line.text.to_lowercase().contains(&text.to_lowercase())
    };
    FoundInLog {
        seen: lines.len() as u32,
        lines: (0..)
            .zip(&lines)
            .filter(|(_, line)| holds(line))
            .map(|(at, _)| at)
            .collect(),
    }
}

fn raw(range: PageRange) -> RawPage {
    let PageRange::From { first, count } = range else {
        return RawPage {
            first: 0,
            total: 0,
            lines: Vec::new(),
        };
    };
    let log = log();
    let lines = log.lines.iter().skip(first as usize).take(count as usize);
    RawPage {
        first,
        total: log.total,
        lines: lines
            .map(|line| LogLine {
                stream: line.stream,
                after_ms: line.after_ms,
                bytes: line.line.text.clone().into_bytes(),
            })
            .collect(),
    }
}

/// A log whose last line is an error.
pub fn log() -> AnsiPage {
    let line = |n: u64, stream, text: &str| AnsiLogLine {
        stream,
        after_ms: n * 900,
        line: StyledLine::plain(text),
    };
    let mut lines: Vec<_> = (0..30)
        .map(|n| line(n, LogStream::Out, "{\"type\":\"assistant\",\"message\":\"…\"}"))
        .collect();
    lines.push(line(30, LogStream::Err, "warning: the proxy does not answer"));
    AnsiPage {
        first: 0,
        total: lines.len() as u64,
        lines,
    }
}
