//! Lines of the agent's program about itself.

use super::{ClaudeStream, tools, wire::Line};
use crate::protocols::{LineUse, Step, json};
use anyon_model::{AgentEvent, EntryKind, Timestamp, ToolStatus};
use serde_json::Value;

/// Types of lines that are known and have nothing to show.
pub(super) const SILENT: [&str; 8] = [
    "keep_alive",
    "command_lifecycle",
    "ui_invalidate",
    "tool_progress",
    "tool_use_summary",
    "prompt_suggestion",
    "auth_status",
    "conversation_reset",
];

/// Subtypes of system lines that are known and have nothing to show.
const SILENT_SYSTEM: [&str; 16] = [
    "thinking_tokens",
    "task_started",
    "task_updated",
    "background_tasks_changed",
    "hook_started",
    "hook_progress",
    "hook_response",
    "ui_invalidate",
    "session_title_changed",
    "session_state_changed",
    "command_lifecycle",
    "conversation_reset",
    "files_persisted",
    "elicitation_complete",
    "prompt_suggestion",
    "keep_alive",
];

impl ClaudeStream {
    pub(super) fn system(&mut self, line: &Line, bytes: &[u8], step: &mut Step) -> Option<LineUse> {
        if SILENT_SYSTEM.contains(&&*line.subtype) {
            return Some(LineUse::Control);
        }
        let value: Value = serde_json::from_slice(bytes).ok()?;
        match &*line.subtype {
            "init" => self.init(&value, step),
            "status" => return Some(self.status(&value, step)),
            "api_retry" => retrying(&value, step),
            "compact_boundary" => self.note(&compacted(&value), step),
            "permission_denied" => self.permission_denied(&value, step),
            "task_progress" => return Some(self.task_progress(&value, step)),
            "task_notification" => return Some(self.task_notification(&value, step)),
            "notification" | "informational" | "local_command" => {
                let text = json::first_text(&value, &["text", "message", "content", "title"]);
                if text.is_empty() {
                    return None;
                }
                self.note(text, step);
            }
            _ => return None,
        }
        Some(LineUse::Used)
    }

    /// A message of the agent's program.
    pub(super) fn note(&mut self, text: &str, step: &mut Step) {
        let text = text.to_owned();
        self.book.add(EntryKind::SystemMessage { text }, None, step);
    }

    /// Comes at the start of every turn, also of those that the agent begins by itself.
    fn init(&mut self, value: &Value, step: &mut Step) {
        if self.options.worktree.is_none() {
            self.options.worktree = json::some(json::text(value, "cwd")).map(Into::into);
        }
        if let Some(agent_session) = news(&mut self.said.session, json::text(value, "session_id")) {
            step.event(AgentEvent::Session { agent_session });
        }
        if let Some(model) = news(&mut self.said.model, json::text(value, "model")) {
            step.event(AgentEvent::Model { model });
        }
        self.mode(json::text(value, "permissionMode"), step);
        self.servers(json::items(value, "mcp_servers"), step);
        self.begin_turn(step);
    }

    fn mode(&mut self, mode: &str, step: &mut Step) {
        if let Some(mode) = news(&mut self.said.mode, mode) {
            step.event(AgentEvent::Mode { mode });
        }
    }

    /// The MCP servers that do not work, each told once, all in one line.
    fn servers(&mut self, servers: &[Value], step: &mut Step) {
        let mut told = Vec::new();
        for server in servers {
            let name = json::text(server, "name");
            let what = match json::text(server, "status") {
                "failed" => "did not start",
                "needs-auth" => "needs a login",
                _ => continue,
            };
            if self.said.failed_servers.insert(name.to_owned()) {
                told.push(format!("“{name}” {what}"));
            }
        }
        match told.as_slice() {
            [] => {}
            [one] => self.note(&format!("MCP server {one}"), step),
            several => self.note(&format!("MCP servers: {}", several.join(", ")), step),
        }
    }

    fn status(&mut self, value: &Value, step: &mut Step) -> LineUse {
        self.mode(json::text(value, "permissionMode"), step);
        if json::text(value, "status") == "compacting" {
            self.book.activity("compacting the conversation", step);
            return LineUse::Used;
        }
        let error = json::text(value, "compact_error");
        if !error.is_empty() {
            self.note(&format!("The conversation could not be compacted: {error}"), step);
            return LineUse::Used;
        }
        match json::text(value, "permissionMode") {
            "" => LineUse::Control,
            _ => LineUse::Used,
        }
    }

    fn permission_denied(&mut self, value: &Value, step: &mut Step) {
        let (call_id, said) = (json::text(value, "tool_use_id"), json::text(value, "message"));
        if self.book.is_open(call_id) {
            return self.book.end_tool(call_id, tools::denied(said), None, step);
        }
        self.note(
            &format!("{} was refused: {said}", json::text(value, "tool_name")),
            step,
        );
    }

    fn task_progress(&mut self, value: &Value, step: &mut Step) -> LineUse {
        let text = json::first_text(value, &["summary", "description"]);
        if text.is_empty() {
            return LineUse::Control;
        }
        self.book.activity(&crate::protocols::words::one_line(text), step);
        LineUse::Used
    }

    /// A task in the background ended. One in the foreground tells its end in its tool call's result.
    fn task_notification(&mut self, value: &Value, step: &mut Step) -> LineUse {
        if self.book.is_open(json::text(value, "tool_use_id")) {
            return LineUse::Control;
        }
        let what = json::first_text(value, &["summary", "description", "task_id"]);
        let status = match json::text(value, "status") {
            "" => "ended",
            status => status,
        };
        self.note(&format!("Background task {status}: {what}"), step);
        LineUse::Used
    }

    /// A limit of the subscription, or how much of it is left.
    pub(super) fn rate_limit(&mut self, bytes: &[u8], step: &mut Step) -> Option<LineUse> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let told = value.get("rate_limit_info")?;
        let resets_at = told.get("resetsAt").and_then(Value::as_i64);
        self.resets_at = resets_at.map(|seconds| Timestamp::from_ms(seconds.saturating_mul(1000)));
        match json::text(told, "status") {
            "" | "allowed" => Some(LineUse::Control),
            status => {
                let kind = json::text(told, "rateLimitType");
                self.note(&format!("Rate limit {kind}: {status}"), step);
                Some(LineUse::Used)
            }
        }
    }
}

/// The new value, if it is one, remembered.
fn news(known: &mut String, told: &str) -> Option<String> {
    if told.is_empty() || known == told {
        return None;
    }
    told.clone_into(known);
    Some(told.to_owned())
}

fn retrying(value: &Value, step: &mut Step) {
    let count = |key: &str| u32::try_from(json::number(value, key)).unwrap_or(u32::MAX);
    let status = json::number(value, "error_status");
    let word = json::text(value, "error");
    let delay = value.get("retry_delay_ms").and_then(Value::as_f64).unwrap_or(0.0);
    step.event(AgentEvent::Retrying {
        attempt: count("attempt"),
        max: count("max_retries"),
        // Saturates; a delay below zero or not a number is 0.
        delay_ms: delay as u64,
        why: match status {
            0 => word.to_owned(),
            status => format!("{status} {word}"),
        },
    });
}

fn compacted(value: &Value) -> String {
    let meta = value.get("compact_metadata").unwrap_or(&Value::Null);
    let (before, after) = (
        json::number(meta, "pre_tokens"),
        json::number(meta, "post_tokens"),
    );
    match (before, after) {
        (0, _) => "Conversation compacted".to_owned(),
        (before, 0) => format!("Conversation compacted, {before} tokens before"),
        (before, after) => format!("Conversation compacted from {before} to {after} tokens"),
    }
}

/// The status of a call that nobody finished.
pub(super) const LEFT_OPEN: ToolStatus = ToolStatus::Failed;
