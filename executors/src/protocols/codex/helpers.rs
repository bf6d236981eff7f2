//! Sub-agents: threads beside ours in the same process. What they say and do belongs to the call that started them.

use super::Codex;
use crate::protocols::{LineUse, Step, json};
use anyon_model::{EntryIndex, EntryKind, ToolDetail, ToolKind, ToolStatus, ToolUse};
use serde_json::Value;
use std::collections::BTreeMap;

/// The calls that other threads belong to, by thread.
#[derive(Debug, Default)]
pub(super) struct Helpers(BTreeMap<String, String>);

impl Helpers {
    /// A call that talks to other threads; the first one that does started them.
    pub(super) fn called(&mut self, item: &Value, call_id: &str) {
        let threads = json::items(item, "receiverThreadIds").iter();
        for thread in threads.filter_map(Value::as_str) {
            self.0
                .entry(thread.to_owned())
                .or_insert_with(|| call_id.to_owned());
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Codex {
    /// It is about our own thread.
    pub(super) fn is_own(&self, params: &Value) -> bool {
        let thread = json::text(params, "threadId");
        thread.is_empty() || self.thread.name.is_empty() || thread == self.thread.name
    }

    /// The entry that something of another thread belongs to.
    pub(super) fn parent(&mut self, params: &Value, step: &mut Step) -> Option<EntryIndex> {
        if self.is_own(params) {
            return None;
        }
        let thread = json::text(params, "threadId");
        let known = self
            .helpers
            .0
            .get(thread)
            .and_then(|call_id| self.book.call(call_id));
        known.or_else(|| self.introduced(thread, step))
    }

    /// A thread that no call told of.
    fn introduced(&mut self, thread: &str, step: &mut Step) -> Option<EntryIndex> {
        let call_id = format!("thread {thread}");
        let tool = ToolUse {
            call_id: call_id.clone(),
            tool: "sub_agent".into(),
            tool_kind: ToolKind::Task,
            title: "sub-agent".into(),
            status: ToolStatus::Created,
            detail: ToolDetail::Task {
                description: String::new(),
            },
            output: None,
            ended_at: None,
        };
        self.book.open_tool(tool, None, step);
        self.helpers.0.insert(thread.to_owned(), call_id.clone());
        self.book.call(&call_id)
    }

    /// What another thread reports about itself.
    pub(super) fn other_thread(&mut self, method: &str, params: &Value, step: &mut Step) -> LineUse {
        let call_id = self.helpers.0.get(json::text(params, "threadId")).cloned();
        match (method, call_id) {
            ("turn/completed", Some(call_id)) if call_id.starts_with("thread ") => {
                self.book.end_tool(&call_id, ToolStatus::Success, None, step);
                LineUse::Used
            }
            ("error", _) if params.get("willRetry") != Some(&Value::Bool(true)) => {
                let text = params.pointer("/error/message").and_then(Value::as_str);
                let text = text.unwrap_or("A sub-agent failed").to_owned();
                let parent = self.parent(params, step);
                let kind = EntryKind::ErrorMessage { text, failure: None };
                self.book.add(kind, parent, step);
                LineUse::Used
            }
            _ => LineUse::Control,
        }
    }
}
