//! What an execution's entries tell of its newest turn: when it began and when the last thing was done.

use super::rows::PAGE;
use crate::{Page, ViewContext};
use anyon_model::*;
use std::sync::Arc;

/// Pages before the last one in which the prompt of the newest turn is looked for.
const BEFORE: usize = 8;

/// The newest turn of an execution.
pub struct Turn {
    /// When its prompt was given; none is found: when the process started.
    pub began: Option<Timestamp>,
    /// When the last thing was done in it.
    pub last: Option<Timestamp>,
}

/// The newest turn, once its entries are read. A process that stays has several, with idle times between them.
pub fn last_turn(cx: &ViewContext<'_>, execution: &Execution) -> Option<Turn> {
    let mut turn = Turn {
        began: execution.started_at,
        last: None,
    };
    let mut range = PageRange::Last { count: PAGE as u32 };
    for _ in 0..=BEFORE {
        let page = cx.page(Query::Entries {
            execution_id: execution.id,
            range,
        });
        if matches!(page, Page::Loading) {
            return None;
        }
        let Some(Answer::Entries(page)) = page.ready() else {
            break;
        };
        turn.last = turn.last.or(page.entries.iter().map(|entry| end(entry)).max());
        if let Some(prompt) = page.entries.iter().rfind(|entry| is_prompt(entry)) {
            turn.began = Some(prompt.at);
            break;
        }
        let Some(before) = page.first.checked_sub(1) else {
            break;
        };
        range = PageRange::From {
            first: before / PAGE * PAGE,
            count: PAGE as u32,
        };
    }
    Some(turn)
}

/// What the agent said last before it asked, in the same turn and not longer ago than so many entries; nothing, if it
/// asked something else since.
pub fn said_before(cx: &ViewContext<'_>, approval: &Approval, most: usize) -> Option<Arc<Entry>> {
    let range = PageRange::Last { count: PAGE as u32 };
    let execution_id = approval.execution_id;
    let page = cx.page(Query::Entries { execution_id, range });
    let Some(Answer::Entries(page)) = page.ready() else {
        return None;
    };
    let tool = approval.request.entry?;
    let is_before = |entry: &&Arc<Entry>| entry.at <= approval.created_at || entry.index < tool;
    let before = page.entries.iter().rev().filter(is_before);
    let said = before
        .take(most)
        .take_while(|entry| !is_prompt(entry))
        .find(|entry| matches!(entry.kind, EntryKind::AssistantMessage { .. }))?;
    (!asked_between(cx, approval, said.index, tool)).then(|| said.clone())
}

/// Another question came after these words and before this one: the words belong to that one.
fn asked_between(cx: &ViewContext<'_>, approval: &Approval, said: EntryIndex, tool: EntryIndex) -> bool {
    let Some(shard) = cx.state.shard_of_attempt(approval.attempt_id) else {
        return false;
    };
    shard.approvals.values().any(|other| {
        let between = |entry: EntryIndex| said < entry && entry < tool;
        other.execution_id == approval.execution_id && other.request.entry.is_some_and(between)
    })
}

fn is_prompt(entry: &Entry) -> bool {
    entry.parent.is_none() && matches!(entry.kind, EntryKind::UserMessage { .. })
}

fn end(entry: &Entry) -> Timestamp {
    match &entry.kind {
        EntryKind::ToolUse(tool) => tool.ended_at.map_or(entry.at, |ended| ended.max(entry.at)),
        _ => entry.at,
    }
}
