//! What an item does, and what came of it.

use super::{command_line, patch};
use crate::protocols::{json, words};
use anyon_model::{PlanItem, PlanStatus, ToolDetail, ToolKind, ToolOutput, ToolStatus, ToolUse};
use serde_json::Value;
use std::path::Path;

/// The item is a remark of the agent's program and no call.
pub(super) fn is_remark(kind: &str) -> bool {
    matches!(
        kind,
        "contextCompaction" | "enteredReviewMode" | "exitedReviewMode" | "hookPrompt" | "subAgentActivity"
    )
}

/// A remark in words.
pub(super) fn remark(item: &Value) -> String {
    match json::text(item, "type") {
        "contextCompaction" => "Conversation compacted".into(),
        "enteredReviewMode" => format!("Review of {}", json::text(item, "review")),
        // What was found follows as a message.
        "exitedReviewMode" => "The review is done".into(),
        "subAgentActivity" => format!("{} {}", json::text(item, "agentPath"), json::text(item, "kind")),
        _ => {
            let fragments = json::items(item, "fragments").iter();
            let texts: Vec<&str> = fragments.map(|fragment| json::text(fragment, "text")).collect();
            texts.join("\n")
        }
    }
}

/// What the agent thinks: its summary, or else the thoughts themselves.
pub(super) fn thoughts(item: &Value) -> String {
    let of = |key: &str| -> String {
        let parts: Vec<&str> = json::items(item, key).iter().filter_map(Value::as_str).collect();
        parts.join("\n\n")
    };
    match of("summary") {
        summary if summary.is_empty() => of("content"),
        summary => summary,
    }
}

/// Server and tool of a call of an MCP server.
pub(super) fn mcp_names(item: &Value) -> Option<(String, String)> {
    let is_mcp = json::text(item, "type") == "mcpToolCall";
    is_mcp.then(|| (json::text(item, "server").into(), json::text(item, "tool").into()))
}

/// The name that stands for a tool of an MCP server, in questions and rules.
pub(super) fn mcp_tool(server: &str, tool: &str) -> String {
    format!("mcp__{server}__{tool}")
}

/// The entry of a call.
pub(super) fn tool_use(item: &Value, worktree: Option<&Path>) -> ToolUse {
    let kind = kind(item);
    let tool = tool_name(item);
    let title = words::one_line(&title(item, kind, worktree));
    ToolUse {
        call_id: json::text(item, "id").to_owned(),
        title: if title.is_empty() { tool.clone() } else { title },
        tool,
        tool_kind: kind,
        status: ToolStatus::Created,
        detail: detail(item),
        output: None,
        ended_at: None,
    }
}

fn kind(item: &Value) -> ToolKind {
    match json::text(item, "type") {
        "commandExecution" => ToolKind::Command,
        "fileChange" if patch::all_are(item, "delete") => ToolKind::Delete,
        "fileChange" if patch::all_move(item) => ToolKind::Move,
        "fileChange" => ToolKind::Edit,
        "mcpToolCall" => ToolKind::Mcp,
        "webSearch" => ToolKind::Fetch,
        "imageView" => ToolKind::Read,
        "plan" => ToolKind::Plan,
        "collabAgentToolCall" => ToolKind::Task,
        _ => ToolKind::Other,
    }
}

fn tool_name(item: &Value) -> String {
    let tool = json::text(item, "tool");
    match json::text(item, "type") {
        "commandExecution" => "exec_command".into(),
        "fileChange" => "apply_patch".into(),
        "mcpToolCall" => mcp_tool(json::text(item, "server"), tool),
        "webSearch" => "web_search".into(),
        "imageView" => "view_image".into(),
        "functionCallOutput" => json::text(item, "name").into(),
        other if tool.is_empty() => other.into(),
        _ => tool.into(),
    }
}

fn title(item: &Value, kind: ToolKind, worktree: Option<&Path>) -> String {
    match kind {
        ToolKind::Command => command_line::inner(json::text(item, "command")),
        ToolKind::Edit | ToolKind::Delete | ToolKind::Move => {
            let paths = patch::paths(item);
            let first = paths.first().map(ToString::to_string).unwrap_or_default();
            let shown = words::shown_path(&first, worktree);
            match json::items(item, "changes").len() {
                0 | 1 => shown,
                several => format!("{shown} (+{})", several - 1),
            }
        }
        ToolKind::Mcp => format!("{}: {}", json::text(item, "server"), json::text(item, "tool")),
        ToolKind::Fetch => target(item).to_owned(),
        ToolKind::Read => words::shown_path(json::text(item, "path"), worktree),
        ToolKind::Task => json::text(item, "prompt").to_owned(),
        ToolKind::Plan => "plan".into(),
        _ => String::new(),
    }
}

fn detail(item: &Value) -> ToolDetail {
    match json::text(item, "type") {
        "commandExecution" => ToolDetail::Command {
            command: command_line::inner(json::text(item, "command")),
            description: None,
        },
        "fileChange" => ToolDetail::FileEdit {
            changes: patch::changes(item),
        },
        "webSearch" => ToolDetail::Fetch {
            target: target(item).to_owned(),
        },
        "imageView" => ToolDetail::FileRead {
            path: json::text(item, "path").into(),
        },
        "plan" => ToolDetail::Plan {
            plan: json::text(item, "text").to_owned(),
        },
        "collabAgentToolCall" => ToolDetail::Task {
            description: json::text(item, "prompt").to_owned(),
        },
        "mcpToolCall" | "dynamicToolCall" => other(item.get("arguments").unwrap_or(&Value::Null)),
        _ => other(item),
    }
}

fn other(input: &Value) -> ToolDetail {
    let input = match input {
        Value::Null => String::new(),
        input => input.to_string(),
    };
    ToolDetail::Other {
        input: ToolOutput::cut(input, None).text,
    }
}

fn target(item: &Value) -> &str {
    let action = item.get("action").unwrap_or(&Value::Null);
    match json::first_text(action, &["url", "query"]) {
        "" => json::text(item, "query"),
        target => target,
    }
}

/// How a call ended, and what it said.
pub(super) fn ended(item: &Value, said: &str) -> (ToolStatus, Option<ToolOutput>) {
    let code = item.get("exitCode").and_then(Value::as_i64);
    let code = code.and_then(|code| i32::try_from(code).ok());
    let text = match json::text(item, "type") {
        "commandExecution" => match json::text(item, "aggregatedOutput") {
            "" => said.to_owned(),
            whole => whole.to_owned(),
        },
        "fileChange" => said.to_owned(),
        "mcpToolCall" => mcp_result(item),
        "dynamicToolCall" => content_texts(item, "contentItems"),
        "functionCallOutput" => json::text(item, "output").to_owned(),
        _ => String::new(),
    };
    let output = (!text.is_empty() || code.is_some()).then(|| ToolOutput::cut(text, code));
    (status(item), output)
}

fn status(item: &Value) -> ToolStatus {
    let failed = item.get("success") == Some(&Value::Bool(false));
    match json::text(item, "status") {
        "declined" => ToolStatus::Denied { reason: None },
        "failed" | "interrupted" => ToolStatus::Failed,
        _ if failed => ToolStatus::Failed,
        _ => ToolStatus::Success,
    }
}

fn mcp_result(item: &Value) -> String {
    let error = item.get("error").map_or("", |error| json::text(error, "message"));
    match error {
        "" => item
            .get("result")
            .map(|result| content_texts(result, "content"))
            .unwrap_or_default(),
        error => error.to_owned(),
    }
}

fn content_texts(holder: &Value, key: &str) -> String {
    let parts = json::items(holder, key).iter();
    let texts: Vec<String> = parts
        .map(|part| match json::text(part, "text") {
            "" => format!("[{}]", json::text(part, "type")),
            text => text.to_owned(),
        })
        .collect();
    texts.join("\n")
}

/// The to-do list.
pub(super) fn steps(params: &Value) -> Vec<PlanItem> {
    let steps = json::items(params, "plan").iter();
    steps
        .map(|step| PlanItem {
            text: json::text(step, "step").to_owned(),
            status: match json::text(step, "status") {
                "inProgress" => PlanStatus::InProgress,
                "completed" => PlanStatus::Completed,
                _ => PlanStatus::Pending,
            },
        })
        .collect()
}
