//! What a tool call does and what came out of it, from the many places where agents tell it.

use super::{Quirks, calls::OpenCall};
use crate::protocols::{json, words};
use agent_client_protocol_schema::v1::{ToolCallContent, ToolCallUpdateFields, ToolKind as AcpKind};
use anyon_model::{
    FileChange, FilePath, PlanItem, PlanStatus, Question, ToolDetail, ToolKind, ToolOutput, ToolStatus,
    ToolUse,
};
use serde_json::Value;
use std::path::Path;

/// The tool's name, wherever the agent puts it.
pub(super) fn name(
    call_id: &str,
    fields: &ToolCallUpdateFields,
    meta: Option<&Value>,
    quirks: Quirks,
) -> Option<String> {
    let at = |path: &str| meta.and_then(|meta| meta.pointer(path)).and_then(Value::as_str);
    let before = quirks.name_before.and_then(|mark| call_id.split_once(mark));
    at("/claudeCode/toolName")
        .or_else(|| at("/toolName"))
        .or(fields.name.as_deref())
        .or(before.map(|(name, _)| name))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

/// What the tool does.
pub(super) fn kind(call: &OpenCall) -> ToolKind {
    let tool = call.tool.to_lowercase();
    if tool.starts_with("mcp_") {
        return ToolKind::Mcp;
    }
    if !todos(call).is_empty() || matches!(tool.as_str(), "todowrite" | "todo_write" | "write_todos") {
        return ToolKind::Todo;
    }
    if matches!(tool.as_str(), "task" | "agent") {
        return ToolKind::Task;
    }
    match call.fields.kind.unwrap_or_default() {
        AcpKind::Read => ToolKind::Read,
        AcpKind::Edit => ToolKind::Edit,
        AcpKind::Delete => ToolKind::Delete,
        AcpKind::Move => ToolKind::Move,
        AcpKind::Search => ToolKind::Search,
        AcpKind::Execute => ToolKind::Command,
        AcpKind::Think => ToolKind::Think,
        AcpKind::Fetch => ToolKind::Fetch,
        AcpKind::SwitchMode => ToolKind::Plan,
        _ => ToolKind::Other,
    }
}

/// The entry of a call as it is known now.
pub(super) fn tool_use(call_id: &str, call: &OpenCall, worktree: Option<&Path>) -> ToolUse {
    let kind = kind(call);
    let title = title(kind, call, worktree);
    let tool = tool_name(call);
    ToolUse {
        call_id: call_id.to_owned(),
        tool_kind: kind,
        title: if title.is_empty() { tool.clone() } else { title },
        tool,
        status: ToolStatus::Created,
        detail: detail(kind, call),
        output: json::some(&call.said)
            .filter(|_| !tells_itself(kind))
            .map(|said| ToolOutput::cut(said, None)),
        ended_at: None,
    }
}

/// The tool has entries that say all there is to say when it works.
pub(super) fn tells_itself(kind: ToolKind) -> bool {
    use ToolKind::{Delete, Edit, Move, Plan, Todo};
    matches!(kind, Delete | Edit | Move | Plan | Todo)
}

/// The tool's name, or a word for one without a name.
pub(super) fn tool_name(call: &OpenCall) -> String {
    match call.tool.as_str() {
        "" => unnamed(kind(call), call),
        tool => tool.to_owned(),
    }
}

fn unnamed(kind: ToolKind, call: &OpenCall) -> String {
    match kind {
        ToolKind::Read => "read".into(),
        ToolKind::Edit => "edit".into(),
        ToolKind::Delete => "delete".into(),
        ToolKind::Move => "move".into(),
        ToolKind::Search => "search".into(),
        ToolKind::Command => "execute".into(),
        ToolKind::Fetch => "fetch".into(),
        ToolKind::Think => "think".into(),
        _ => call.fields.title.clone().unwrap_or_else(|| "tool".into()),
    }
}

fn told_title(call: &OpenCall) -> &str {
    call.fields.title.as_deref().unwrap_or("")
}

fn title(kind: ToolKind, call: &OpenCall, worktree: Option<&Path>) -> String {
    let text = match kind {
        ToolKind::Command => command(call),
        ToolKind::Read | ToolKind::Edit | ToolKind::Delete | ToolKind::Move => match paths(call).first() {
            Some(path) => words::shown_path(&path.to_string(), worktree),
            None => told_title(call).to_owned(),
        },
        _ => told_title(call).to_owned(),
    };
    words::one_line(&text)
}

fn input(call: &OpenCall) -> &Value {
    call.fields.raw_input.as_ref().unwrap_or(&Value::Null)
}

fn command(call: &OpenCall) -> String {
    match input(call).get("command") {
        Some(Value::String(command)) => command.clone(),
        Some(Value::Array(words)) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            words.join(" ")
        }
        _ => told_title(call).to_owned(),
    }
}

const PATH_KEYS: [&str; 6] = [
    "file_path",
    "filePath",
    "path",
    "fileName",
    "absolute_path",
    "notebook_path",
];

/// The files of a call, without repetition.
fn paths(call: &OpenCall) -> Vec<FilePath> {
    let mut paths: Vec<FilePath> = Vec::new();
    let diffs = diffs(call).map(|diff| diff.path.as_path().into());
    let places = call
        .fields
        .locations
        .iter()
        .flatten()
        .map(|place| place.path.as_path().into());
    let told = json::some(json::first_text(input(call), &PATH_KEYS)).map(|path| path.as_str().into());
    for path in diffs.chain(places).chain(told) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

fn diffs(call: &OpenCall) -> impl Iterator<Item = &agent_client_protocol_schema::v1::Diff> {
    let content = call.fields.content.iter().flatten();
    content.filter_map(|part| match part {
        ToolCallContent::Diff(diff) => Some(diff),
        _ => None,
    })
}

fn detail(kind: ToolKind, call: &OpenCall) -> ToolDetail {
    match kind {
        ToolKind::Command => ToolDetail::Command {
            command: command(call),
            description: json::some(json::text(input(call), "description")),
        },
        ToolKind::Read => match paths(call).into_iter().next() {
            Some(path) => ToolDetail::FileRead { path },
            None => other(call),
        },
        ToolKind::Edit | ToolKind::Delete | ToolKind::Move => ToolDetail::FileEdit {
            changes: changes(call),
        },
        ToolKind::Search => ToolDetail::Search {
            query: match json::first_text(input(call), &["pattern", "query"]) {
                "" => told_title(call).to_owned(),
                query => query.to_owned(),
            },
        },
        ToolKind::Fetch => ToolDetail::Fetch {
            target: fetch_target(call),
        },
        ToolKind::Task => ToolDetail::Task {
            description: match json::first_text(input(call), &["prompt", "description"]) {
                "" => told_title(call).to_owned(),
                description => description.to_owned(),
            },
        },
        ToolKind::Plan => ToolDetail::Plan { plan: plan(call) },
        ToolKind::Todo => ToolDetail::Todo { items: todos(call) },
        ToolKind::Think | ToolKind::Question | ToolKind::Mcp | ToolKind::Other => other(call),
    }
}

fn other(call: &OpenCall) -> ToolDetail {
    let shown = call.fields.raw_input.as_ref().map(Value::to_string);
    ToolDetail::Other {
        input: ToolOutput::cut(shown.unwrap_or_default(), None).text,
    }
}

fn fetch_target(call: &OpenCall) -> String {
    match json::first_text(input(call), &["url", "query"]) {
        "" => told_title(call).to_owned(),
        target => target.to_owned(),
    }
}

fn plan(call: &OpenCall) -> String {
    match json::text(input(call), "plan") {
        "" => super::calls::content_text(&call.fields).unwrap_or_default(),
        plan => plan.to_owned(),
    }
}

fn changes(call: &OpenCall) -> Vec<FileChange> {
    let told: Vec<FileChange> = diffs(call)
        .map(|diff| {
            let before = diff.old_text.as_deref().filter(|before| !before.is_empty());
            FileChange {
                path: diff.path.as_path().into(),
                old_text: words::kept_text(before),
                new_text: words::kept_text(Some(&diff.new_text)),
                partial: before.is_some(),
            }
        })
        .collect();
    if !told.is_empty() {
        return told;
    }
    let unknown = |path| FileChange {
        path,
        old_text: None,
        new_text: None,
        partial: true,
    };
    paths(call).into_iter().map(unknown).collect()
}

/// The to-do list that an input carries.
pub(super) fn todos(call: &OpenCall) -> Vec<PlanItem> {
    let todos = json::items(input(call), "todos").iter();
    todos
        .filter(|todo| !json::first_text(todo, &["content", "description"]).is_empty())
        .map(|todo| PlanItem {
            text: json::first_text(todo, &["content", "description"]).to_owned(),
            status: match json::text(todo, "status") {
                "in_progress" => PlanStatus::InProgress,
                "completed" => PlanStatus::Completed,
                _ => PlanStatus::Pending,
            },
        })
        .collect()
}

/// What is to be decided about a call.
pub(super) fn question(call: &OpenCall) -> Question {
    let paths = paths(call);
    match kind(call) {
        ToolKind::Command => Question::Command {
            command: command(call),
            cwd: json::some(json::text(input(call), "cwd")).map(|cwd| cwd.as_str().into()),
        },
        ToolKind::Edit | ToolKind::Delete | ToolKind::Move if !paths.is_empty() => Question::Edit { paths },
        ToolKind::Read | ToolKind::Search if !paths.is_empty() => Question::Read { paths },
        ToolKind::Fetch => Question::Fetch {
            target: fetch_target(call),
        },
        ToolKind::Plan => Question::Plan { plan: plan(call) },
        _ => Question::Tool {
            input: match &call.fields.raw_input {
                Some(input) => input.to_string(),
                None => told_title(call).to_owned(),
            },
        },
    }
}

/// What came out of a call that has ended.
pub(super) fn output(call: &OpenCall) -> Option<ToolOutput> {
    let raw = call.fields.raw_output.as_ref().unwrap_or(&Value::Null);
    let of_command = kind(call) == ToolKind::Command;
    if let (true, Value::String(said)) = (of_command, raw) {
        let (code, rest) = words::exit_code(said);
        return Some(ToolOutput::cut(rest.to_owned(), code));
    }
    let told = if of_command { json::text(raw, "output") } else { "" };
    let text = match (told, call.said.as_str()) {
        ("", "") => match raw {
            Value::String(said) => said.as_str(),
            raw => json::first_text(raw, &["output", "content", "error", "message"]),
        },
        ("", said) => said,
        (told, _) => told,
    };
    let code = raw_exit_code(raw);
    let text = without_trailer(text);
    (!text.is_empty() || code.is_some()).then(|| ToolOutput::cut(text.to_owned(), code))
}

/// The exit status in the three places where agents tell it.
fn raw_exit_code(raw: &Value) -> Option<i32> {
    let told = raw
        .get("exitCode")
        .or_else(|| raw.pointer("/metadata/exit"))
        .or_else(|| {
            json::items(raw, "contents")
                .iter()
                .find_map(|part| part.get("exitCode"))
        })?;
    told.as_i64().and_then(|code| i32::try_from(code).ok())
}

/// The output without the line about the shell that one agent adds.
fn without_trailer(text: &str) -> &str {
    match text.trim_end().rsplit_once('\n') {
        Some((output, last)) if last.starts_with("<shellId:") => output,
        _ => text,
    }
}
