//! What an agent is told that takes over from others: a compact summary of what was asked and done, read from the
//! logs. Whatever cannot be read is left out; the agent has the files.

use super::Shared;
use crate::recovery::Readable;
use anyon_model::{EarlierExecution, Entry, EntryKind, Handover, PageRange, ToolDetail, ToolStatus};
use std::{collections::BTreeSet, fmt::Write};

/// Entries read at once.
const PAGE: u32 = 256;
/// Bytes kept of what was asked, and of what was answered.
const ASKED_BYTES: usize = 2_000;
const SAID_BYTES: usize = 1_200;
/// Turns that are told, the newest ones.
const TURNS: usize = 12;
/// Files of a turn that are named.
const FILES: usize = 20;

/// A prompt and what came of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Turn {
    agent: String,
    asked: String,
    /// The last thing that was said.
    said: String,
    changed: BTreeSet<String>,
    ran: u32,
}

/// The prompt with the summary after it. Blocks: it reads logs.
pub fn prompt(shared: &Shared, prompt: &str, handover: &Handover) -> String {
    let mut turns = Vec::new();
    for earlier in &handover.earlier {
        let mut told = Turns::of(&earlier.agent_name);
        read(shared, earlier, &mut |entry| told.take(entry));
        turns.append(&mut told.turns);
    }
    summarised(prompt, handover, &turns)
}

fn read(shared: &Shared, earlier: &EarlierExecution, take: &mut impl FnMut(&Entry)) {
    let EarlierExecution {
        execution_id,
        executor,
        began,
        log,
        ..
    } = earlier;
    let readable = Readable::of_agent(*execution_id, executor.clone(), *began, *log);
    let Ok(Some(log)) = shared.entry_log(&readable) else {
        return;
    };
    let mut first = 0;
    while let Ok(page) = log.entries(PageRange::From { first, count: PAGE }) {
        page.entries.iter().for_each(|entry| take(entry));
        first += page.entries.len() as u64;
        if page.entries.is_empty() || first >= page.total {
            return;
        }
    }
}

/// The turns of one execution.
struct Turns<'a> {
    agent: &'a str,
    turns: Vec<Turn>,
}

impl<'a> Turns<'a> {
    fn of(agent: &'a str) -> Self {
        Self {
            agent,
            turns: Vec::new(),
        }
    }

    /// Entries of sub-agents are part of a call that is told already.
    fn take(&mut self, entry: &Entry) {
        if entry.parent.is_some() {
            return;
        }
        if let EntryKind::UserMessage { text } = &entry.kind {
            let own = Handover::split(text).map_or(text.as_str(), |(own, _)| own);
            self.turns.push(Turn {
                agent: self.agent.to_owned(),
                asked: cut(own, ASKED_BYTES),
                ..Turn::default()
            });
        }
        let Some(turn) = self.turns.last_mut() else {
            return;
        };
        match &entry.kind {
            EntryKind::AssistantMessage { text } if !text.trim().is_empty() => {
                turn.said = cut(text, SAID_BYTES);
            }
            EntryKind::ToolUse(tool) if tool.status == ToolStatus::Success => match &tool.detail {
                ToolDetail::FileEdit { changes } => {
                    turn.changed
                        .extend(changes.iter().map(|change| change.path.to_string()));
                }
                ToolDetail::Command { .. } => turn.ran += 1,
                _ => {}
            },
            _ => {}
        }
    }
}

fn summarised(prompt: &str, handover: &Handover, turns: &[Turn]) -> String {
    let mut names: Vec<&str> = handover
        .earlier
        .iter()
        .map(|earlier| earlier.agent_name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let whom = match handover.lost {
        true => format!(
            "an earlier session of {} that cannot be resumed",
            names.join(" and ")
        ),
        false => names.join(" and "),
    };
    let mut text = format!(
        "{prompt}{}{whom}, in the same folder. What was asked and done so far:\n\n## Task\n{}\n",
        Handover::MARK,
        cut(&handover.task, ASKED_BYTES)
    );
    let left_out = turns.len().saturating_sub(TURNS);
    if left_out > 0 {
        let _ = write!(text, "\n({left_out} earlier prompts are left out.)\n");
    }
    for turn in &turns[left_out..] {
        tell(&mut text, turn, &handover.task);
    }
    let _ = write!(
        text,
        "\nThe files are as they were left. `git diff {}` shows everything that was changed; look before you change \
         more.",
        handover.base_commit
    );
    text
}

fn tell(text: &mut String, turn: &Turn, task: &str) {
    // The first prompt of all is the task itself.
    let asked = if turn.asked == cut(task, ASKED_BYTES) {
        "the task"
    } else {
        &turn.asked
    };
    let _ = write!(text, "\n## Asked of {}\n{asked}\n", turn.agent);
    if !turn.said.is_empty() {
        let _ = write!(text, "\n{} answered:\n{}\n", turn.agent, turn.said);
    }
    if !turn.changed.is_empty() {
        let files: Vec<&str> = turn.changed.iter().take(FILES).map(String::as_str).collect();
        let more = turn.changed.len().saturating_sub(FILES);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let _ = writeln!(text, "Changed: {}{more}", files.join(", "));
    }
    if turn.ran > 0 {
        let _ = writeln!(text, "Commands run: {}", turn.ran);
    }
}

fn cut(text: &str, bytes: usize) -> String {
    let text = text.trim();
    if text.len() <= bytes {
        return text.to_owned();
    }
    format!("{} …", &text[..text.floor_char_boundary(bytes)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::{
        EntryIndex, ExecutionId, FileChange, FilePath, LogLengths, Timestamp, ToolKind, ToolUse,
    };

    fn entry(kind: EntryKind) -> Entry {
        Entry {
            index: EntryIndex(0),
            at: Timestamp::from_ms(0),
            parent: None,
            done: true,
            kind,
        }
    }

    fn asked(text: &str) -> Entry {
        entry(EntryKind::UserMessage { text: text.into() })
    }

    fn said(text: &str) -> Entry {
        entry(EntryKind::AssistantMessage { text: text.into() })
    }

    fn used(status: ToolStatus, detail: ToolDetail) -> Entry {
        entry(EntryKind::ToolUse(Box::new(ToolUse {
            call_id: "c".into(),
            tool: "t".into(),
            tool_kind: ToolKind::Other,
            title: String::new(),
            status,
            detail,
            output: None,
            ended_at: None,
        })))
    }

    fn edit(path: &str) -> ToolDetail {
        ToolDetail::FileEdit {
            changes: vec![FileChange {
                path: FilePath::from(path),
                old_text: None,
                new_text: None,
                partial: false,
            }],
        }
    }

    fn handover(names: &[&str]) -> Handover {
        let earlier = |name: &&str| EarlierExecution {
            execution_id: ExecutionId::from_bytes([1; 16]),
            executor: "X".into(),
            agent_name: (*name).into(),
            began: Timestamp::from_ms(0),
            log: LogLengths::default(),
        };
        Handover {
            task: "Fix login\n\nIt says 500.".into(),
            base_commit: "1111".into(),
            earlier: names.iter().map(earlier).collect(),
            lost: false,
        }
    }

    fn turns(agent: &str, entries: &[Entry]) -> Vec<Turn> {
        let mut turns = Turns::of(agent);
        entries.iter().for_each(|entry| turns.take(entry));
        turns.turns
    }

    #[test]
    fn what_was_asked_answered_and_changed_comes_after_the_prompt() {
        let run = ToolDetail::Command {
            command: "make".into(),
            description: None,
        };
        let told = turns(
            "Claude Code",
            &[
                asked("Fix login\n\nIt says 500."),
                said("I look."),
                used(ToolStatus::Success, edit("src/login.rs")),
                used(ToolStatus::Denied { reason: None }, edit("src/secret.rs")),
                used(ToolStatus::Success, run),
                said("Fixed: a typo."),
                asked("And a test"),
                used(ToolStatus::Success, edit("tests/login.rs")),
            ],
        );
        let text = summarised(
            "Write the docs",
            &handover(&["Claude Code", "Claude Code"]),
            &told,
        );
        assert_eq!(
            text,
            "Write the docs\n\n---\nYou take over this work from Claude Code, in the same folder. What was asked and \
             done so far:\n\n## Task\nFix login\n\nIt says 500.\n\n## Asked of Claude Code\nthe task\n\n\
             Claude Code answered:\nFixed: a typo.\nChanged: src/login.rs\nCommands run: 1\n\n\
             ## Asked of Claude Code\nAnd a test\nChanged: tests/login.rs\n\n\
             The files are as they were left. `git diff 1111` shows everything that was changed; look before you \
             change more."
        );
    }

    #[test]
    fn an_agent_is_told_that_the_session_that_it_lost_was_its_own() {
        let lost = Handover {
            lost: true,
            ..handover(&["A"])
        };
        let text = summarised("Go on", &lost, &[]);
        let (own, told) = Handover::split(&text).unwrap();
        assert_eq!(own, "Go on");
        assert!(
            told.starts_with(
                "You take over this work from an earlier session of A that cannot be resumed, in"
            )
        );
    }

    #[test]
    fn a_summary_is_not_summarised_again() {
        let first = summarised("Go on", &handover(&["A"]), &[]);
        let told = turns("B", &[asked(&first)]);
        assert_eq!(told[0].asked, "Go on");
    }

    #[test]
    fn long_work_stays_short() {
        let long = "가".repeat(10_000);
        let entries: Vec<Entry> = (0..100).flat_map(|_| [asked(&long), said(&long)]).collect();
        let text = summarised("Go on", &handover(&["A", "B"]), &turns("A", &entries));
        assert!(text.len() < 48 * 1024, "{}", text.len());
        assert!(text.contains("You take over this work from A and B"));
        assert!(text.contains("(88 earlier prompts are left out.)"));
    }
}
