//! Amp's tools: what a call does, and what came of it.

use crate::protocols::{json, words};
use anyon_model::{FileChange, PlanItem, PlanStatus, ToolDetail, ToolKind, ToolOutput, ToolStatus, ToolUse};
use serde_json::Value;
use std::path::Path;

const PATH_KEYS: [&str; 4] = ["path", "file_path", "filePath", "filename"];
const COMMAND_KEYS: [&str; 3] = ["cmd", "command", "script"];
const QUERY_KEYS: [&str; 4] = ["url", "query", "pattern", "objective"];

fn kind(tool: &str) -> ToolKind {
    match tool {
        "Bash" | "shell_command" | "shell_command_status" | "shell_command_kill" => ToolKind::Command,
        "Read" | "read_file" | "look_at" | "view_media" => ToolKind::Read,
        "apply_patch" | "edit_file" | "create_file" | "write_file" | "undo_edit" | "format_file" => {
            ToolKind::Edit
        }
        "Grep" | "glob" | "Glob" | "finder" | "librarian" => ToolKind::Search,
        "web_search" | "read_web_page" => ToolKind::Fetch,
        "Task" | "oracle" | "handoff" => ToolKind::Task,
        "todo_write" | "todo_read" | "task_list" => ToolKind::Todo,
        tool if tool.starts_with("mcp__") => ToolKind::Mcp,
        _ => ToolKind::Other,
    }
}

/// The entry of a call.
pub(super) fn tool_use(block: &Value, worktree: Option<&Path>) -> ToolUse {
    let tool = json::text(block, "name");
    let input = block.get("input").unwrap_or(&Value::Null);
    let kind = kind(tool);
    let title = words::one_line(&title(kind, input, worktree));
    ToolUse {
        call_id: json::text(block, "id").to_owned(),
        tool: tool.to_owned(),
        tool_kind: kind,
        title: if title.is_empty() { tool.to_owned() } else { title },
        status: ToolStatus::Created,
        detail: detail(kind, input, block),
        output: None,
        ended_at: None,
    }
}

fn title(kind: ToolKind, input: &Value, worktree: Option<&Path>) -> String {
    match kind {
        ToolKind::Command => json::first_text(input, &COMMAND_KEYS).to_owned(),
        ToolKind::Read | ToolKind::Edit => {
            let path = match json::first_text(input, &PATH_KEYS) {
                "" => patched(input).next().unwrap_or_default(),
                path => path,
            };
            words::shown_path(path, worktree)
        }
        ToolKind::Search | ToolKind::Fetch => json::first_text(input, &QUERY_KEYS).to_owned(),
        ToolKind::Task => json::first_text(input, &["description", "task", "prompt"]).to_owned(),
        _ => String::new(),
    }
}

fn detail(kind: ToolKind, input: &Value, block: &Value) -> ToolDetail {
    match kind {
        ToolKind::Command => ToolDetail::Command {
            command: json::first_text(input, &COMMAND_KEYS).to_owned(),
            description: None,
        },
        ToolKind::Read => ToolDetail::FileRead {
            path: json::first_text(input, &PATH_KEYS).into(),
        },
        ToolKind::Edit => ToolDetail::FileEdit {
            changes: changes(input),
        },
        ToolKind::Search => ToolDetail::Search {
            query: json::first_text(input, &QUERY_KEYS).to_owned(),
        },
        ToolKind::Fetch => ToolDetail::Fetch {
            target: json::first_text(input, &QUERY_KEYS).to_owned(),
        },
        ToolKind::Task => ToolDetail::Task {
            description: json::first_text(input, &["prompt", "task", "description"]).to_owned(),
        },
        ToolKind::Todo => ToolDetail::Todo { items: todos(block) },
        _ => ToolDetail::Other {
            input: ToolOutput::cut(input.to_string(), None).text,
        },
    }
}

fn changes(input: &Value) -> Vec<FileChange> {
    let text = |keys: &[&str]| words::kept_text(json::some(json::first_text(input, keys)).as_deref());
    let path = json::first_text(input, &PATH_KEYS);
    if path.is_empty() {
        let named = |path: &str| FileChange {
            path: path.into(),
            old_text: None,
            new_text: None,
            partial: true,
        };
        return patched(input).map(named).collect();
    }
    let whole = text(&["content"]);
    vec![FileChange {
        path: path.into(),
        old_text: text(&["old_str", "old_string"]),
        partial: whole.is_none(),
        new_text: whole.or_else(|| text(&["new_str", "new_string"])),
    }]
}

/// The files that a patch names.
fn patched(input: &Value) -> impl Iterator<Item = &str> {
    const HEADS: [&str; 4] = [
        "*** Update File: ",
        "*** Add File: ",
        "*** Delete File: ",
        "*** Move to: ",
    ];
    let text = match input {
        Value::String(text) => text.as_str(),
        input => json::first_text(input, &["patchText", "patch", "input"]),
    };
    text.lines()
        .filter_map(|line| HEADS.iter().find_map(|head| line.strip_prefix(head)))
}

/// The to-do list that a call carries.
pub(super) fn todos(block: &Value) -> Vec<PlanItem> {
    let input = block.get("input").unwrap_or(&Value::Null);
    let todos = json::items(input, "todos").iter();
    todos
        .map(|todo| PlanItem {
            text: json::first_text(todo, &["content", "text", "title"]).to_owned(),
            status: match json::text(todo, "status") {
                "in-progress" | "in_progress" => PlanStatus::InProgress,
                "completed" | "done" => PlanStatus::Completed,
                _ => PlanStatus::Pending,
            },
        })
        .collect()
}

/// How a call ended, and what it said.
pub(super) fn ended(block: &Value, kind: Option<ToolKind>) -> (ToolStatus, Option<ToolOutput>) {
    let said = match block.get("content") {
        Some(Value::String(text)) => text.clone(),
        _ => {
            let parts = json::items(block, "content").iter();
            let texts: Vec<&str> = parts.map(|part| json::text(part, "text")).collect();
            texts.join("\n")
        }
    };
    let is_error = block.get("is_error") == Some(&Value::Bool(true));
    let (text, code) = match kind {
        Some(ToolKind::Command) => command(said),
        _ => (said, None),
    };
    let status = match is_error || code.is_some_and(|code| code != 0) {
        true => ToolStatus::Failed,
        false => ToolStatus::Success,
    };
    // What was changed stands in the entry already.
    let is_told = status == ToolStatus::Success && matches!(kind, Some(ToolKind::Edit | ToolKind::Todo));
    let output = (!is_told && (!text.is_empty() || code.is_some())).then(|| ToolOutput::cut(text, code));
    (status, output)
}

/// A command's output may be JSON of its text and its exit status.
fn command(said: String) -> (String, Option<i32>) {
    let told: Option<Value> = json::object(&said);
    let Some(told) = told.filter(|told| told.get("output").is_some()) else {
        return (said, None);
    };
    let code = told.get("exitCode").and_then(Value::as_i64);
    let code = code.and_then(|code| i32::try_from(code).ok());
    (json::text(&told, "output").to_owned(), code)
}
