//! The rows of a conversation: the executions of an attempt one below the other, each with its entries, asked for by
//! page.

use super::entry::{self, Source};
use crate::{ViewContext, phrase};
use anyon_model::*;
use std::{collections::HashSet, sync::Arc};

/// Entries of a page.
pub(super) const PAGE: u64 = 64;

/// A row by its execution and its place there.
pub type RowKey = (ExecutionId, u64);

/// An execution's part of the rows: a heading, its entries, its end.
pub struct Part {
    /// Whose.
    pub execution: Arc<Execution>,
    /// Its first row.
    pub first: u64,
    /// How many entries it has.
    pub entries: u64,
}

/// What a row is.
pub enum Row<'a> {
    /// The begin of an execution.
    Head(&'a Part),
    /// An entry.
    Entry(&'a Part, u64),
    /// The end of an execution.
    End(&'a Part),
}

/// The parts of an attempt's conversation, and how many rows they have.
pub fn parts(cx: &ViewContext<'_>, attempt_id: AttemptId) -> (Vec<Part>, u64) {
    let Some(shard) = cx.state.shard_of_attempt(attempt_id) else {
        return (Vec::new(), 0);
    };
    let mut executions: Vec<_> = shard
        .executions_of(attempt_id)
        .filter(|execution| !execution.dropped && execution.run_reason != RunReason::DevServer)
        .collect();
    executions.sort_by_key(|execution| execution.number);
    let (mut parts, mut first) = (Vec::new(), 0);
    for execution in executions {
        let entries = entry_count(cx, execution);
        parts.push(Part {
            execution: execution.clone(),
            first,
            entries,
        });
        first += entries + 2;
    }
    (parts, first)
}

/// What a row is.
pub fn row(parts: &[Part], row: u64) -> Option<Row<'_>> {
    let at = parts.partition_point(|part| part.first <= row).checked_sub(1)?;
    let part = parts.get(at)?;
    match row - part.first {
        0 => Some(Row::Head(part)),
        inside if inside <= part.entries => Some(Row::Entry(part, inside - 1)),
        inside if inside == part.entries + 1 => Some(Row::End(part)),
        _ => None,
    }
}

/// An ended execution tells its count itself; one that runs is asked.
fn entry_count(cx: &ViewContext<'_>, execution: &Execution) -> u64 {
    if execution.state.is_final() && execution.log.entry_count > 0 {
        return execution.log.entry_count;
    }
    if matches!(execution.state, ExecutionState::Queued { .. }) {
        return 0;
    }
    tail(cx, execution.id, |page| page.total).unwrap_or(execution.log.entry_count)
}

fn tail<R>(cx: &ViewContext<'_>, execution_id: ExecutionId, read: impl FnOnce(&EntryPage) -> R) -> Option<R> {
    let range = PageRange::Last { count: PAGE as u32 };
    match cx.page(Query::Entries { execution_id, range }).ready() {
        Some(Answer::Entries(page)) => Some(read(page)),
        _ => None,
    }
}

/// An entry, if its page is there.
pub fn entry_at(cx: &ViewContext<'_>, execution: &Execution, index: u64) -> Option<Arc<Entry>> {
    let of = |page: &EntryPage| {
        let at = index.checked_sub(page.first)?;
        page.entries.get(usize::try_from(at).ok()?).cloned()
    };
    if !execution.state.is_final() || execution.log.entry_count == 0 {
        let found = tail(cx, execution.id, of).flatten();
        if found.is_some() {
            return found;
        }
    }
    let range = PageRange::From {
        first: index / PAGE * PAGE,
        count: PAGE as u32,
    };
    let execution_id = execution.id;
    match cx.page(Query::Entries { execution_id, range }).ready() {
        Some(Answer::Entries(page)) => of(page),
        _ => None,
    }
}

/// Everything that an entry's layout depends on.
pub fn source(
    cx: &ViewContext<'_>,
    part: &Part,
    found: Arc<Entry>,
    (toggled, all): (&HashSet<RowKey>, &HashSet<RowKey>),
) -> Source {
    let key = (part.execution.id, found.index.0);
    let execution = &part.execution;
    let script = (execution.run_reason != RunReason::CodingAgent).then(|| execution.prompt.clone());
    // What a script says is looked at while it runs, and where it went wrong.
    let tells = script.is_some() && execution.state != ExecutionState::Completed;
    let open = (tells || entry::opens_by_itself(&found.kind)) != toggled.contains(&key);
    let (execution_id, index) = (part.execution.id, found.index);
    let shard = cx.state.shard_of_execution(execution_id);
    let asked = shard.map_or(0, |shard| {
        asked_ms(shard.approvals.values(), execution_id, &found)
    });
    let mut source = Source {
        over: part.execution.state.is_final(),
        open,
        all: all.contains(&key),
        script,
        blocks: None,
        edits: None,
        output: None,
        divider: None,
        asked_ms: asked,
        answered: shard.and_then(|shard| answered(cx, shard, execution_id, &found)),
        entry: found,
    };
    let wants_blocks = match &source.entry.kind {
        EntryKind::UserMessage { .. } | EntryKind::AssistantMessage { .. } => true,
        EntryKind::Thinking { .. } => open,
        EntryKind::ToolUse(tool) => open && !changes_files(tool),
        _ => false,
    };
    if wants_blocks {
        source.blocks = blocks(cx, execution_id, index);
    }
    if open && source.script.is_some() && matches!(source.entry.kind, EntryKind::SystemMessage { .. }) {
        source.output = output(cx, execution_id, index);
    }
    if let EntryKind::ToolUse(tool) = &source.entry.kind
        && open
    {
        if changes_files(tool) {
            source.edits = edits(cx, execution_id, index);
        }
        if tool.output.is_some() {
            source.output = output(cx, execution_id, index);
        }
    }
    source
}

/// Who answered the question about a tool call last. Answers of others than the person are told also while it is folded.
fn answered(
    cx: &ViewContext<'_>,
    shard: &ProjectShard,
    execution_id: ExecutionId,
    entry: &Entry,
) -> Option<(String, bool)> {
    if !matches!(entry.kind, EntryKind::ToolUse(_)) {
        return None;
    }
    let is_about = |approval: &&Arc<Approval>| {
        approval.execution_id == execution_id && approval.request.entry == Some(entry.index)
    };
    let approval = shard.approvals.values().rfind(is_about)?;
    let others = matches!(
        &approval.state,
        ApprovalState::Answered {
            by: AnsweredBy::Actor {
                actor: Actor::Mcp { .. } | Actor::Agent { .. }
            },
            ..
        }
    );
    phrase::answered(cx.text, cx.state, &approval.state).map(|words| (words, others))
}

/// How long a tool call waited for a person's answer.
fn asked_ms<'a>(
    approvals: impl Iterator<Item = &'a Arc<Approval>>,
    execution_id: ExecutionId,
    entry: &Entry,
) -> i64 {
    let EntryKind::ToolUse(tool) = &entry.kind else {
        return 0;
    };
    let Some(ended) = tool.ended_at else {
        return 0;
    };
    let about = approvals.filter(|approval| {
        approval.execution_id == execution_id && approval.request.entry == Some(entry.index)
    });
    let waits = about.map(|approval| {
        let answered = approval.resolved_at.map_or(ended, |resolved| resolved.min(ended));
        answered.ms_since(approval.created_at.max(entry.at)).max(0)
    });
    waits.sum()
}

fn changes_files(tool: &ToolUse) -> bool {
    matches!(tool.detail, ToolDetail::FileEdit { .. })
}

/// The text of an entry as blocks.
pub fn blocks(cx: &ViewContext<'_>, execution_id: ExecutionId, index: EntryIndex) -> Option<Arc<Vec<Block>>> {
    match cx.page(Query::Blocks { execution_id, index }).ready() {
        Some(Answer::Blocks(blocks)) => Some(blocks.clone()),
        _ => None,
    }
}

/// The changes of a tool call.
pub fn edits(
    cx: &ViewContext<'_>,
    execution_id: ExecutionId,
    index: EntryIndex,
) -> Option<Arc<Vec<StyledDiff>>> {
    match cx.page(Query::Edits { execution_id, index }).ready() {
        Some(Answer::Edits(edits)) => Some(edits.clone()),
        _ => None,
    }
}

fn output(cx: &ViewContext<'_>, execution_id: ExecutionId, index: EntryIndex) -> Option<Arc<Vec<AnsiLine>>> {
    match cx.page(Query::Ansi { execution_id, index }).ready() {
        Some(Answer::Ansi(lines)) => Some(lines.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_tool_leaves_out_what_a_person_thought() {
        let at = Timestamp::from_ms;
        let entry = Entry {
            index: EntryIndex(2),
            at: at(1_000),
            parent: None,
            done: true,
            kind: EntryKind::ToolUse(Box::new(ToolUse {
                call_id: String::new(),
                tool: String::new(),
                tool_kind: ToolKind::Command,
                title: String::new(),
                status: ToolStatus::Success,
                detail: ToolDetail::Command {
                    command: String::new(),
                    description: None,
                },
                output: None,
                ended_at: Some(at(13_000)),
            })),
        };
        let execution_id = anyon_testkit::fixed(1);
        let approval = |index, created, resolved: Option<i64>| {
            Arc::new(Approval {
                id: anyon_testkit::fixed(1),
                project_id: anyon_testkit::fixed(1),
                attempt_id: anyon_testkit::fixed(1),
                execution_id,
                request: ApprovalRequest {
                    entry: Some(EntryIndex(index)),
                    ..anyon_testkit::asks_command("q", "sh check.sh")
                },
                state: ApprovalState::Void,
                created_at: at(created),
                resolved_at: resolved.map(at),
            })
        };
        let asked = |approvals: &[Arc<Approval>]| asked_ms(approvals.iter(), execution_id, &entry);
        assert_eq!(asked(&[approval(2, 2_000, Some(11_000))]), 9_000);
        // It was asked before the agent told of the call, and answered in two steps.
        let two = [approval(2, 500, Some(2_000)), approval(2, 3_000, Some(4_000))];
        assert_eq!(asked(&two), 2_000);
        assert_eq!(asked(&[approval(2, 12_000, None)]), 1_000);
        assert_eq!(asked(&[approval(1, 2_000, Some(11_000))]), 0);
    }
}
