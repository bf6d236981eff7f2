//! What happened in an attempt since the person last looked.

use super::rows::{Part, RowKey};
use crate::ViewContext;
use anyon_model::*;
use std::collections::HashMap;

/// Entries that are looked through for the summary.
const LOOKED: u32 = 512;
/// Milliseconds between two writes of what was seen.
pub const WRITE_MS: i64 = 2_000;
/// Milliseconds after which a person was away: a glance at another place or window is none.
const AWAY_MS: i64 = 15_000;

/// How far a person saw an attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Number of the last execution.
    execution: u32,
    /// Its entries.
    entries: u64,
    /// Lines added and removed in all.
    lines: (u64, u64),
    /// When.
    at: Timestamp,
}

/// What was seen of attempts, in this start and before.
#[derive(Default)]
pub struct SeenBook {
    seen: HashMap<AttemptId, Seen>,
    written: HashMap<AttemptId, Timestamp>,
}

/// The begin of what is new, and its summary once it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Since {
    /// The first new row.
    pub row: RowKey,
    seen: Seen,
    /// `3 edits, +85 −12, 1 question`.
    pub words: Option<String>,
}

impl Seen {
    /// How it stands now.
    pub fn now(cx: &ViewContext<'_>, parts: &[Part], attempt_id: AttemptId) -> Self {
        let last = parts.last();
        Self {
            execution: last.map_or(0, |part| part.execution.number),
            entries: last.map_or(0, |part| part.entries),
            lines: lines(cx, attempt_id).unwrap_or_default(),
            at: cx.now,
        }
    }
    fn read(kept: &str) -> Option<Self> {
        let mut numbers = kept.split(':');
        Some(Self {
            execution: numbers.next()?.parse().ok()?,
            entries: numbers.next()?.parse().ok()?,
            lines: (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?),
            at: Timestamp::from_ms(numbers.next()?.parse().ok()?),
        })
    }
    fn written(&self) -> String {
        let (added, removed) = self.lines;
        format!(
            "{}:{}:{added}:{removed}:{}",
            self.execution,
            self.entries,
            self.at.as_ms()
        )
    }
}

impl SeenBook {
    /// What is new for a person who comes to an attempt.
    pub fn arrive(&self, cx: &ViewContext<'_>, parts: &[Part], attempt_id: AttemptId) -> Option<Since> {
        let kept = || cx.note(&note(attempt_id)).as_deref().and_then(Seen::read);
        let seen = self.seen.get(&attempt_id).copied().or_else(kept)?;
        if cx.now.ms_since(seen.at) < AWAY_MS {
            return None;
        }
        let new = |part: &&Part| {
            part.execution.number > seen.execution
                || (part.execution.number == seen.execution && part.entries > seen.entries)
        };
        let part = parts.iter().find(new)?;
        let same = part.execution.number == seen.execution;
        let first = if same { seen.entries } else { 0 };
        (part.entries > first).then(|| Since {
            row: (part.execution.id, first),
            seen,
            words: None,
        })
    }
    /// The person sees it as it is now. Written now and then only: true when that is still to be done.
    pub fn see(&mut self, cx: &ViewContext<'_>, parts: &[Part], attempt_id: AttemptId) -> bool {
        if parts.is_empty() {
            return false;
        }
        let seen = Seen::now(cx, parts, attempt_id);
        self.seen.insert(attempt_id, seen);
        let kept = cx.note(&note(attempt_id)).as_deref().and_then(Seen::read);
        let is_news =
            kept.is_none_or(|kept| (kept.execution, kept.entries) != (seen.execution, seen.entries));
        let due = self
            .written
            .get(&attempt_id)
            .is_none_or(|at| cx.now.ms_since(*at) >= WRITE_MS);
        if is_news && due {
            self.written.insert(attempt_id, cx.now);
            cx.set_note(&note(attempt_id), &seen.written());
        }
        is_news && !due
    }
}

impl Since {
    /// Counts what is new, once its pages are there.
    pub fn summarise(&mut self, cx: &ViewContext<'_>, attempt_id: AttemptId) {
        if self.words.is_some() {
            return;
        }
        let range = PageRange::From {
            first: self.row.1,
            count: LOOKED,
        };
        let execution_id = self.row.0;
        let page = cx.page(Query::Entries { execution_id, range });
        if let Some(Answer::Entries(page)) = page.ready() {
            let edits = page.entries.iter().filter(|entry| is_edit(entry)).count();
            self.words = Some(self.words(cx, attempt_id, edits));
        }
    }

    fn words(&self, cx: &ViewContext<'_>, attempt_id: AttemptId, edits: usize) -> String {
        let shard = cx.state.shard_of_attempt(attempt_id);
        let asked = shard.map_or(0, |shard| {
            let new = |approval: &&std::sync::Arc<Approval>| {
                approval.attempt_id == attempt_id && approval.created_at > self.seen.at
            };
            shard.approvals.values().filter(new).count()
        });
        let mut parts = Vec::new();
        if edits > 0 {
            parts.push(cx.text.with("conversation-since-edits", &[("n", edits.into())]));
        }
        let (added, removed) = lines(cx, attempt_id).unwrap_or(self.seen.lines);
        let (added, removed) = (
            added.saturating_sub(self.seen.lines.0),
            removed.saturating_sub(self.seen.lines.1),
        );
        if added + removed > 0 {
            parts.push(format!("+{added} −{removed}"));
        }
        if asked > 0 {
            parts.push(
                cx.text
                    .with("conversation-since-questions", &[("n", asked.into())]),
            );
        }
        if parts.is_empty() {
            return cx.text.get("conversation-since").to_owned();
        }
        cx.text
            .with("conversation-since-what", &[("what", parts.join(", ").into())])
    }
}

fn note(attempt_id: AttemptId) -> String {
    format!("seen/{attempt_id}")
}

fn is_edit(entry: &Entry) -> bool {
    matches!(&entry.kind, EntryKind::ToolUse(tool) if tool.tool_kind == ToolKind::Edit)
}

/// Lines added and removed in all, if they are known.
fn lines(cx: &ViewContext<'_>, attempt_id: AttemptId) -> Option<(u64, u64)> {
    match cx
        .page(Query::DiffSummary {
            attempt_id,
            watch: true,
        })
        .ready()
    {
        Some(Answer::DiffSummary(summary)) => Some((summary.additions(), summary.deletions())),
        _ => None,
    }
}
