//! The book of a conversation's entries: numbers them, keeps the open ones, and says each change once.
//!
//! It keeps only what can still change, so memory does not grow with the conversation. It knows no protocol.

use super::Step;
use anyon_model::{
    AgentEvent, ApprovalRequest, Entry, EntryChange, EntryIndex, EntryKind, LogStream, Timestamp, ToolOutput,
    ToolStatus, ToolUse,
};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Finished tool calls that a late line may still change.
const KEPT_FINISHED: usize = 32;
/// Bytes of unknown lines that are shown in one entry.
const RAW_GROUP_BYTES: usize = 16 * 1024;

/// The entries of one conversation.
#[derive(Debug, Default)]
pub(super) struct EntryBook {
    next: u64,
    open: BTreeMap<EntryIndex, Entry>,
    calls: HashMap<String, EntryIndex>,
    finished: VecDeque<Entry>,
    raw: Option<(LogStream, EntryIndex)>,
    plan: Option<EntryIndex>,
    activity: String,
}

impl EntryBook {
    /// A new entry that more text may be added to.
    pub(super) fn open(
        &mut self,
        kind: EntryKind,
        parent: Option<EntryIndex>,
        step: &mut Step,
    ) -> EntryIndex {
        self.settle_raw(step);
        let entry = self.make(kind, parent, false, step.now);
        let index = entry.index;
        self.open.insert(index, entry.clone());
        put(entry, step);
        index
    }

    /// A new entry that is complete.
    pub(super) fn add(&mut self, kind: EntryKind, parent: Option<EntryIndex>, step: &mut Step) -> EntryIndex {
        self.settle_raw(step);
        let entry = self.make(kind, parent, true, step.now);
        let index = entry.index;
        put(entry, step);
        index
    }

    fn make(&mut self, kind: EntryKind, parent: Option<EntryIndex>, done: bool, at: Timestamp) -> Entry {
        let index = EntryIndex(self.next);
        self.next += 1;
        Entry {
            index,
            at,
            parent,
            done,
            kind,
        }
    }

    /// More text at the end of an open entry.
    pub(super) fn append(&mut self, index: EntryIndex, text: &str, step: &mut Step) {
        let Some(grown) = self.open.get_mut(&index).and_then(Entry::growing_text) else {
            return;
        };
        grown.push_str(text);
        let text = text.to_owned();
        step.event(AgentEvent::Entry(EntryChange::Append { index, text }));
    }

    /// The text of an open entry so far.
    pub(super) fn text(&mut self, index: EntryIndex) -> Option<&str> {
        self.open
            .get_mut(&index)
            .and_then(Entry::growing_text)
            .map(|text| text.as_str())
    }

    /// Completes an open entry, with another text or as another kind where the agent says so.
    pub(super) fn settle(&mut self, index: EntryIndex, kind: Option<EntryKind>, step: &mut Step) {
        let Some(mut entry) = self.open.remove(&index) else {
            return;
        };
        entry.done = true;
        if let Some(kind) = kind {
            entry.kind = kind;
        }
        put(entry, step);
    }

    /// Completes every open entry that is not a tool call.
    pub(super) fn settle_texts(&mut self, step: &mut Step) {
        let texts: Vec<EntryIndex> = self
            .open
            .values()
            .filter(|entry| !matches!(entry.kind, EntryKind::ToolUse(_)))
            .map(|entry| entry.index)
            .collect();
        self.raw = None;
        for index in texts {
            self.settle(index, None, step);
        }
    }

    /// Shows the plan: one entry a turn, in its newest version.
    pub(super) fn plan(&mut self, items: Vec<anyon_model::PlanItem>, step: &mut Step) {
        let kind = EntryKind::Plan { items };
        match self.plan.and_then(|index| self.open.get_mut(&index)) {
            Some(entry) if entry.kind == kind => {}
            Some(entry) => {
                entry.kind = kind;
                put(entry.clone(), step);
            }
            None => self.plan = Some(self.open(kind, None, step)),
        }
    }

    /// A line that nobody understands. Neighbours of the same stream share an entry.
    pub(super) fn raw_line(&mut self, stream: LogStream, line: &[u8], step: &mut Step) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end_matches('\r');
        if let Some((of, index)) = self.raw
            && of == stream
            && self
                .text(index)
                .is_some_and(|shown| shown.len() + text.len() < RAW_GROUP_BYTES)
        {
            return self.append(index, &format!("\n{text}"), step);
        }
        let text = ToolOutput::cut(text.to_owned(), None).text;
        let index = self.open(EntryKind::Raw { stream, text }, None, step);
        self.raw = Some((stream, index));
    }

    fn settle_raw(&mut self, step: &mut Step) {
        if let Some((_, index)) = self.raw.take() {
            self.settle(index, None, step);
        }
    }

    /// Says what the agent does now, if that is news.
    pub(super) fn activity(&mut self, text: &str, step: &mut Step) {
        if self.activity != text {
            text.clone_into(&mut self.activity);
            step.event(AgentEvent::Activity(text.to_owned()));
        }
    }

    /// Says a question of the agent; its tool call waits.
    pub(super) fn ask(&mut self, call_id: &str, mut request: ApprovalRequest, step: &mut Step) {
        request.entry = self.call(call_id);
        self.change_tool(call_id, step, |tool| tool.status = ToolStatus::PendingApproval);
        step.event(AgentEvent::Approval(request));
    }

    /// A question of the agent needs no answer any more.
    pub(super) fn unask(&mut self, call_id: &str, step: &mut Step) {
        self.change_tool(call_id, step, |tool| {
            if tool.status == ToolStatus::PendingApproval {
                tool.status = ToolStatus::Created;
            }
        });
    }

    /// Ends a turn: what is still open is closed.
    pub(super) fn end_turn(&mut self, left: &ToolStatus, step: &mut Step) {
        self.settle_texts(step);
        let calls: Vec<String> = self.open.values().filter_map(call_id_of).collect();
        for call_id in calls {
            self.end_tool(&call_id, left.clone(), None, step);
        }
        self.plan = None;
        self.activity.clear();
    }
}

/// Tool calls, by the agent's name for the call.
impl EntryBook {
    /// The entry of a tool call.
    pub(super) fn call(&self, call_id: &str) -> Option<EntryIndex> {
        self.calls.get(call_id).copied()
    }

    /// A tool call that is open or has just ended.
    pub(super) fn tool(&self, call_id: &str) -> Option<&ToolUse> {
        let index = self.call(call_id)?;
        let entry = self
            .open
            .get(&index)
            .or_else(|| self.finished.iter().find(|entry| entry.index == index))?;
        match &entry.kind {
            EntryKind::ToolUse(tool) => Some(tool),
            _ => None,
        }
    }

    /// The call has not ended.
    pub(super) fn is_open(&self, call_id: &str) -> bool {
        self.call(call_id)
            .is_some_and(|index| self.open.contains_key(&index))
    }

    /// A new tool call.
    pub(super) fn open_tool(&mut self, tool: ToolUse, parent: Option<EntryIndex>, step: &mut Step) {
        let call_id = tool.call_id.clone();
        let index = self.open(EntryKind::ToolUse(Box::new(tool)), parent, step);
        self.calls.insert(call_id, index);
    }

    /// Changes a tool call; said only if something differs.
    pub(super) fn change_tool(&mut self, call_id: &str, step: &mut Step, change: impl FnOnce(&mut ToolUse)) {
        let Some(index) = self.call(call_id) else { return };
        let entry = match self.open.get_mut(&index) {
            Some(entry) => Some(entry),
            None => self.finished.iter_mut().find(|entry| entry.index == index),
        };
        let Some(entry) = entry else { return };
        let EntryKind::ToolUse(tool) = &mut entry.kind else {
            return;
        };
        let before = tool.clone();
        change(tool);
        if before != *tool {
            put(entry.clone(), step);
        }
    }

    /// Ends a tool call. A refusal stays a refusal, whatever the agent says about it afterwards.
    pub(super) fn end_tool(
        &mut self,
        call_id: &str,
        status: ToolStatus,
        result: Option<ToolOutput>,
        step: &mut Step,
    ) {
        let Some(mut entry) = self.call(call_id).and_then(|index| self.open.remove(&index)) else {
            return;
        };
        entry.done = true;
        if let EntryKind::ToolUse(tool) = &mut entry.kind {
            if !matches!(tool.status, ToolStatus::Denied { .. }) {
                tool.status = status;
                tool.output = result.or(tool.output.take());
            }
            tool.ended_at = Some(step.now);
        }
        if self.finished.len() == KEPT_FINISHED {
            self.finished.pop_front();
        }
        self.finished.push_back(entry.clone());
        put(entry, step);
    }
}

fn call_id_of(entry: &Entry) -> Option<String> {
    match &entry.kind {
        EntryKind::ToolUse(tool) => Some(tool.call_id.clone()),
        _ => None,
    }
}

fn put(entry: Entry, step: &mut Step) {
    step.event(AgentEvent::Entry(EntryChange::Put(entry)));
}
