//! Items: what is said and done in a turn, from its start over its deltas to its completion.

use super::{Codex, patch, tools};
use crate::protocols::{LineUse, Step, json, words};
use anyon_model::{EntryIndex, EntryKind, FilePath, ToolDetail, ToolOutput, ToolStatus};
use serde_json::Value;

/// Bytes of a running command's output that are kept; its completion tells the whole.
const KEPT_BYTES: usize = 1024 * 1024;

/// A call that has not completed.
#[derive(Debug, Default)]
pub(super) struct OpenCall {
    said: String,
    /// Bytes of what it said that were told already.
    told: usize,
    /// The files that it touches.
    pub(super) paths: Vec<FilePath>,
    /// Server and tool of a call of an MCP server.
    pub(super) mcp: Option<(String, String)>,
    /// Its turn is over, and it runs on.
    left: bool,
    /// Where its output goes since then.
    tail: Option<EntryIndex>,
}

impl Codex {
    pub(super) fn item_started(&mut self, params: &Value, step: &mut Step) -> Option<LineUse> {
        let item = params.get("item")?;
        let (call_id, kind) = (json::text(item, "id"), json::text(item, "type"));
        match kind {
            "" => return None,
            "userMessage" => return Some(LineUse::Control),
            "agentMessage" | "reasoning" => {
                let parent = self.parent(params, step);
                self.text_started(call_id, kind, item, parent, step);
            }
            _ if tools::is_remark(kind) => return Some(LineUse::Control),
            _ => {
                let parent = self.parent(params, step);
                self.call_started(item, parent, step);
            }
        }
        Some(LineUse::Used)
    }

    pub(super) fn item_completed(&mut self, params: &Value, step: &mut Step) -> Option<LineUse> {
        let item = params.get("item")?;
        match json::text(item, "type") {
            "" => None,
            "userMessage" if !self.is_own(params) => Some(LineUse::Control),
            "userMessage" => Some(self.user_message(item, step)),
            "agentMessage" => {
                let text = json::text(item, "text").to_owned();
                self.text_completed(params, EntryKind::AssistantMessage { text }, step);
                Some(LineUse::Used)
            }
            "reasoning" => {
                let text = tools::thoughts(item);
                self.text_completed(params, EntryKind::Thinking { text }, step);
                Some(LineUse::Used)
            }
            kind if tools::is_remark(kind) => {
                let text = tools::remark(item);
                self.note(&text, step);
                Some(LineUse::Used)
            }
            _ => {
                self.call_completed(params, item, step);
                Some(LineUse::Used)
            }
        }
    }

    fn text_started(
        &mut self,
        item_id: &str,
        kind: &str,
        item: &Value,
        parent: Option<EntryIndex>,
        step: &mut Step,
    ) {
        let (text, activity) = match kind {
            "reasoning" => (tools::thoughts(item), "thinking"),
            _ => (json::text(item, "text").to_owned(), "writing"),
        };
        self.book.activity(activity, step);
        if !text.is_empty() {
            let kind = text_kind(kind == "reasoning", text);
            let entry = self.book.open(kind, parent, step);
            self.texts.insert(item_id.to_owned(), entry);
        }
    }

    /// More of a message or a thought.
    pub(super) fn text_delta(&mut self, params: &Value, thinks: bool, step: &mut Step) -> Option<LineUse> {
        let delta = params.get("delta").and_then(Value::as_str)?;
        let item_id = json::text(params, "itemId");
        match self.texts.get(item_id) {
            Some(entry) => self.book.append(*entry, delta, step),
            None if delta.is_empty() => {}
            None => {
                let parent = self.parent(params, step);
                let kind = text_kind(thinks, delta.to_owned());
                let entry = self.book.open(kind, parent, step);
                self.texts.insert(item_id.to_owned(), entry);
            }
        }
        Some(LineUse::Used)
    }

    /// A further part of a thought begins.
    pub(super) fn thought_part(&mut self, params: &Value, step: &mut Step) -> LineUse {
        if let Some(entry) = self.texts.get(json::text(params, "itemId")) {
            self.book.append(*entry, "\n\n", step);
        }
        LineUse::Used
    }

    fn text_completed(&mut self, params: &Value, kind: EntryKind, step: &mut Step) {
        let item_id = params.pointer("/item/id").and_then(Value::as_str).unwrap_or("");
        let (EntryKind::AssistantMessage { text } | EntryKind::Thinking { text }) = &kind else {
            return;
        };
        match self.texts.remove(item_id) {
            Some(entry) => {
                let differs = !text.is_empty() && self.book.text(entry).is_some_and(|grown| grown != text);
                self.book.settle(entry, differs.then_some(kind), step);
            }
            None if text.is_empty() => {}
            None => {
                let parent = self.parent(params, step);
                self.book.add(kind, parent, step);
            }
        }
    }

    fn call_started(&mut self, item: &Value, parent: Option<EntryIndex>, step: &mut Step) {
        let tool = tools::tool_use(item, self.options.worktree.as_deref());
        let call_id = tool.call_id.clone();
        if self.book.is_open(&call_id) {
            return;
        }
        self.book
            .activity(&words::activity(tool.tool_kind, &tool.tool, &tool.title), step);
        self.book.open_tool(tool, parent, step);
        self.helpers.called(item, &call_id);
        let open = OpenCall {
            paths: patch::paths(item),
            mcp: tools::mcp_names(item),
            ..OpenCall::default()
        };
        self.calls.insert(call_id, open);
    }

    fn call_completed(&mut self, params: &Value, item: &Value, step: &mut Step) {
        let call_id = json::text(item, "id");
        if self.book.call(call_id).is_none() {
            let parent = self.parent(params, step);
            self.call_started(item, parent, step);
        }
        self.overtaken(call_id, step);
        let open = self.calls.remove(call_id).unwrap_or_default();
        let told = tools::tool_use(item, self.options.worktree.as_deref());
        let (status, output) = tools::ended(item, &open.said);
        let ended_at = Some(step.now);
        if let Some(tail) = open.tail {
            self.book.settle(tail, None, step);
        }
        self.book
            .change_tool(call_id, step, |tool| tool.detail = told.detail);
        if self.book.is_open(call_id) {
            return self.book.end_tool(call_id, status, output, step);
        }
        // Its turn is over, or it was refused: what came of it is still told.
        self.book.change_tool(call_id, step, |tool| {
            if !matches!(tool.status, ToolStatus::Denied { .. }) {
                tool.status = status;
                tool.output = output.or(tool.output.take());
                tool.ended_at = ended_at;
            }
        });
    }

    /// More output of a command.
    pub(super) fn output_delta(&mut self, params: &Value, step: &mut Step) -> Option<LineUse> {
        let delta = params.get("delta").and_then(Value::as_str)?;
        let call_id = json::text(params, "itemId");
        let is_open = self.book.is_open(call_id);
        let call = self.calls.get_mut(call_id)?;
        keep(&mut call.said, delta);
        if !is_open {
            return Some(self.background_output(call_id, delta, step));
        }
        // The entry is told anew with all it has, so the more it has, the rarer.
        let grown = call.said.len().abs_diff(call.told);
        if grown > call.said.len() / 8 {
            call.told = call.said.len();
            let output = ToolOutput::cut(call.said.clone(), None);
            self.book
                .change_tool(call_id, step, |tool| tool.output = Some(output));
        }
        Some(LineUse::Used)
    }

    /// What a command says after its turn.
    fn background_output(&mut self, call_id: &str, delta: &str, step: &mut Step) -> LineUse {
        let Some(call) = self.calls.get_mut(call_id).filter(|call| call.left) else {
            return LineUse::Control;
        };
        if let Some(tail) = call.tail
            && self.book.text(tail).is_some_and(|said| said.len() < KEPT_BYTES)
        {
            self.book.append(tail, delta, step);
            return LineUse::Used;
        }
        let title = self
            .book
            .tool(call_id)
            .map_or("A command", |tool| tool.title.as_str());
        let text = format!("In the background, {title}:\n{delta}");
        call.tail = Some(self.book.open(EntryKind::SystemMessage { text }, None, step));
        LineUse::Used
    }

    /// The changes of files that a call is about to make are others now.
    pub(super) fn patch_updated(&mut self, params: &Value, step: &mut Step) -> LineUse {
        let call_id = json::text(params, "itemId");
        if let Some(call) = self.calls.get_mut(call_id) {
            call.paths = patch::paths(params);
        }
        let changes = patch::changes(params);
        self.book.change_tool(call_id, step, |tool| {
            tool.detail = ToolDetail::FileEdit { changes };
        });
        LineUse::Used
    }

    /// More of a plan that is being written.
    pub(super) fn plan_delta(&mut self, params: &Value, step: &mut Step) -> Option<LineUse> {
        let delta = params.get("delta").and_then(Value::as_str)?;
        let call_id = json::text(params, "itemId");
        self.book.change_tool(call_id, step, |tool| {
            if let ToolDetail::Plan { plan } = &mut tool.detail {
                plan.push_str(delta);
            }
        });
        Some(LineUse::Used)
    }

    /// The turn is over. Calls that did not complete may still say something.
    pub(super) fn leave_calls(&mut self, step: &mut Step) {
        let left: Vec<String> = self.calls.keys().cloned().collect();
        for call_id in left {
            if let Some(call) = self.calls.get_mut(&call_id) {
                call.left = true;
                let output = ToolOutput::cut(call.said.clone(), None);
                if call.told < call.said.len() {
                    self.book
                        .change_tool(&call_id, step, |tool| tool.output = Some(output));
                }
            }
        }
    }
}

fn text_kind(thinks: bool, text: String) -> EntryKind {
    match thinks {
        true => EntryKind::Thinking { text },
        false => EntryKind::AssistantMessage { text },
    }
}

/// Adds to an output; what is older than the newest megabyte goes.
fn keep(said: &mut String, delta: &str) {
    said.push_str(delta);
    if said.len() > KEPT_BYTES {
        let mut from = said.len() - KEPT_BYTES / 2;
        while !said.is_char_boundary(from) {
            from += 1;
        }
        said.drain(..from);
    }
}
