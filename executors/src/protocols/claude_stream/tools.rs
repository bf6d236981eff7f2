//! Claude Code's tools: what a call does, and what came out of it.

use super::wire::{self, Block};
use crate::protocols::{json, words};
use anyon_model::{
    ChoiceOption, ChoiceQuestion, FileChange, FilePath, Question, ToolDetail, ToolKind, ToolOutput,
    ToolStatus, ToolUse,
};
use serde_json::{Value, value::RawValue};
use std::{collections::BTreeMap, path::Path};

/// A tool call as the agent says it.
pub(super) struct Call {
    pub(super) call_id: String,
    pub(super) tool: String,
    pub(super) input: Value,
    /// The input as it came, for showing.
    pub(super) shown: String,
}

impl Call {
    /// A call whose input is still being written.
    pub(super) fn announced(block: &Block) -> Self {
        Self::new(&block.id, &block.name, None)
    }
    /// A call with its input.
    pub(super) fn complete(block: &Block) -> Self {
        Self::new(&block.id, &block.name, block.input)
    }
    /// A call from its parts.
    pub(super) fn new(call_id: &str, tool: &str, input: Option<&RawValue>) -> Self {
        Self {
            call_id: call_id.to_owned(),
            tool: tool.to_owned(),
            input: json::value(input),
            shown: input.map(|input| input.get().to_owned()).unwrap_or_default(),
        }
    }
}

/// What a tool does, by its name.
pub(super) fn tool_kind(tool: &str) -> ToolKind {
    match tool {
        "Bash" => ToolKind::Command,
        "Read" | "NotebookRead" => ToolKind::Read,
        "Write" | "Edit" | "MultiEdit" | "NotebookEdit" => ToolKind::Edit,
        "Glob" | "Grep" | "LS" | "ToolSearch" => ToolKind::Search,
        "WebFetch" | "WebSearch" => ToolKind::Fetch,
        "Agent" | "Task" => ToolKind::Task,
        "TodoWrite" | "TaskCreate" | "TaskUpdate" | "TaskList" | "TaskGet" => ToolKind::Todo,
        "ExitPlanMode" => ToolKind::Plan,
        "AskUserQuestion" => ToolKind::Question,
        _ if tool.starts_with("mcp__") => ToolKind::Mcp,
        _ => ToolKind::Other,
    }
}

/// The entry of a call that has just begun.
pub(super) fn tool_use(call: &Call, worktree: Option<&Path>) -> ToolUse {
    let kind = tool_kind(&call.tool);
    ToolUse {
        call_id: call.call_id.clone(),
        tool: call.tool.clone(),
        tool_kind: kind,
        title: title(kind, call, worktree),
        status: ToolStatus::Created,
        detail: detail(kind, call),
        output: None,
        ended_at: None,
    }
}

fn title(kind: ToolKind, call: &Call, worktree: Option<&Path>) -> String {
    let input = &call.input;
    let text = match kind {
        ToolKind::Command => json::text(input, "command").to_owned(),
        ToolKind::Read | ToolKind::Edit => words::shown_path(path_of(input), worktree),
        ToolKind::Search => json::first_text(input, &["pattern", "query", "path"]).to_owned(),
        ToolKind::Fetch => json::first_text(input, &["url", "query"]).to_owned(),
        ToolKind::Task => json::first_text(input, &["description", "prompt"]).to_owned(),
        ToolKind::Todo => super::todo::title(&call.tool, input),
        ToolKind::Question => {
            let first = json::items(input, "questions").first();
            first
                .map(|question| json::text(question, "question").to_owned())
                .unwrap_or_default()
        }
        ToolKind::Plan => json::text(input, "plan")
            .trim_start_matches(['#', ' '])
            .to_owned(),
        ToolKind::Mcp => call.tool.trim_start_matches("mcp__").replacen("__", ": ", 1),
        _ => json::first_text(input, &["skill", "command", "description", "name", "prompt"]).to_owned(),
    };
    let line = words::one_line(&text);
    if line.is_empty() { call.tool.clone() } else { line }
}

fn path_of(input: &Value) -> &str {
    json::first_text(input, &["file_path", "notebook_path", "path"])
}

fn detail(kind: ToolKind, call: &Call) -> ToolDetail {
    let input = &call.input;
    match kind {
        ToolKind::Command => ToolDetail::Command {
            command: json::text(input, "command").into(),
            description: json::some(json::text(input, "description")),
        },
        ToolKind::Read => ToolDetail::FileRead {
            path: path_of(input).into(),
        },
        ToolKind::Edit => ToolDetail::FileEdit {
            changes: changes(input),
        },
        ToolKind::Search => ToolDetail::Search {
            query: json::first_text(input, &["pattern", "query", "path"]).into(),
        },
        ToolKind::Fetch => ToolDetail::Fetch {
            target: json::first_text(input, &["url", "query"]).into(),
        },
        ToolKind::Task => ToolDetail::Task {
            description: json::first_text(input, &["prompt", "description"]).into(),
        },
        ToolKind::Plan => ToolDetail::Plan {
            plan: json::text(input, "plan").into(),
        },
        ToolKind::Todo => ToolDetail::Todo {
            items: super::todo::whole_list(input),
        },
        ToolKind::Question => ToolDetail::Questions {
            questions: questions(input),
            answers: answers(input),
        },
        _ => ToolDetail::Other {
            input: ToolOutput::cut(call.shown.clone(), None).text,
        },
    }
}

fn changes(input: &Value) -> Vec<FileChange> {
    let path = path_of(input);
    if path.is_empty() {
        return Vec::new();
    }
    let edits = json::items(input, "edits");
    if !edits.is_empty() {
        return edits.iter().map(|edit| change(path, edit)).collect();
    }
    vec![change(path, input)]
}

fn change(path: &str, edit: &Value) -> FileChange {
    let kept = |key: &str| words::kept_text(edit.get(key).and_then(Value::as_str));
    match edit.get("content") {
        Some(_) => FileChange {
            path: path.into(),
            old_text: None,
            new_text: kept("content"),
            partial: false,
        },
        None => FileChange {
            path: path.into(),
            old_text: kept("old_string"),
            new_text: kept("new_string").or_else(|| kept("new_source")),
            partial: true,
        },
    }
}

fn questions(input: &Value) -> Vec<ChoiceQuestion> {
    json::items(input, "questions")
        .iter()
        .map(|question| ChoiceQuestion {
            question: json::text(question, "question").into(),
            header: json::text(question, "header").into(),
            options: json::items(question, "options")
                .iter()
                .map(|option| ChoiceOption {
                    label: json::text(option, "label").into(),
                    description: json::text(option, "description").into(),
                })
                .collect(),
            multi_select: question.get("multiSelect").and_then(Value::as_bool) == Some(true),
        })
        .collect()
}

/// The answers that an input or a result carries.
pub(super) fn answers(value: &Value) -> BTreeMap<String, String> {
    let answers = value.get("answers").and_then(Value::as_object);
    answers
        .into_iter()
        .flatten()
        .filter_map(|(question, answer)| Some((question.clone(), answer.as_str()?.to_owned())))
        .collect()
}

/// What is to be decided about a call.
pub(super) fn question(call: &Call, plan: Option<&str>) -> Question {
    let input = &call.input;
    let as_tool = || Question::Tool {
        input: call.shown.clone(),
    };
    let paths = |text: &str| vec![FilePath::from(text)];
    match tool_kind(&call.tool) {
        ToolKind::Command => Question::Command {
            command: json::text(input, "command").into(),
            cwd: None,
        },
        ToolKind::Edit if !path_of(input).is_empty() => Question::Edit {
            paths: paths(path_of(input)),
        },
        ToolKind::Read | ToolKind::Search if !path_of(input).is_empty() => Question::Read {
            paths: paths(path_of(input)),
        },
        ToolKind::Fetch => Question::Fetch {
            target: json::first_text(input, &["url", "query"]).into(),
        },
        ToolKind::Plan => Question::Plan {
            plan: json::some(json::text(input, "plan"))
                .or_else(|| plan.map(str::to_owned))
                .unwrap_or_default(),
        },
        ToolKind::Question => Question::Choice {
            questions: questions(input),
        },
        _ => as_tool(),
    }
}

/// How a call ended.
pub(super) struct Ended {
    pub(super) call_id: String,
    pub(super) status: ToolStatus,
    pub(super) output: Option<ToolOutput>,
    /// The structured result.
    pub(super) result: Value,
}

/// The end of a call from the line that has its result.
pub(super) fn ended(block: &Block, kind: ToolKind, result: Value, meta: &Value) -> Ended {
    let said = wire::content_text(block.content);
    let said = wire::unwrapped(&said);
    let is_error = json::yes(block.is_error);
    let refused = refusal(&block.tool_use_id, meta);
    let (status, output) = match (is_error, refused) {
        (true, true) => (denied(said), None),
        (true, false) => (ToolStatus::Failed, Some(failed_output(kind, said))),
        (false, _) => (ToolStatus::Success, good_output(kind, said, &result)),
    };
    Ended {
        call_id: block.tool_use_id.to_string(),
        status,
        output: output.filter(|output| !output.text.is_empty() || output.exit_code.is_some()),
        result,
    }
}

/// A refusal with what was said about it.
pub(super) fn denied(said: &str) -> ToolStatus {
    ToolStatus::Denied {
        reason: json::some(said),
    }
}

fn refusal(call_id: &str, meta: &Value) -> bool {
    let of_call = meta.as_array().into_iter().flatten();
    of_call
        .filter(|meta| json::text(meta, "id") == call_id)
        .filter_map(|meta| meta.get("permission_decision"))
        .any(|decision| json::text(decision, "decision") == "reject")
}

fn failed_output(kind: ToolKind, said: &str) -> ToolOutput {
    let (code, rest) = words::exit_code(said);
    match kind {
        ToolKind::Command => ToolOutput::cut(rest.to_owned(), code),
        _ => ToolOutput::cut(said.to_owned(), None),
    }
}

fn good_output(kind: ToolKind, said: &str, result: &Value) -> Option<ToolOutput> {
    match kind {
        ToolKind::Command => Some(command_output(said, result)),
        // What was read, written or asked stands in the entry already.
        ToolKind::Edit | ToolKind::Todo | ToolKind::Question | ToolKind::Plan => None,
        _ => Some(ToolOutput::cut(said.to_owned(), None)),
    }
}

fn command_output(said: &str, result: &Value) -> ToolOutput {
    let flag = |key: &str| result.get(key).and_then(Value::as_bool) == Some(true);
    let in_background = result.get("backgroundTaskId").is_some_and(|task| !task.is_null());
    if in_background || !result.is_object() {
        return ToolOutput::cut(said.to_owned(), None);
    }
    let (stdout, stderr) = (json::text(result, "stdout"), json::text(result, "stderr"));
    let text = match (stdout.is_empty(), stderr.is_empty()) {
        (false, false) => format!("{stdout}\n{stderr}"),
        (true, _) => stderr.to_owned(),
        (_, true) => stdout.to_owned(),
    };
    ToolOutput::cut(text, (!flag("interrupted")).then_some(0))
}

/// Adds what a good result tells: the text a file had before, the answers to questions.
pub(super) fn add_result(tool: &mut ToolUse, result: &Value) {
    match &mut tool.detail {
        ToolDetail::FileEdit { changes } => {
            let before = json::text(result, "originalFile");
            if let [change] = changes.as_mut_slice()
                && !change.partial
            {
                change.old_text = words::kept_text(json::some(before).as_deref());
            }
        }
        ToolDetail::Questions { answers: given, .. } => *given = answers(result),
        _ => {}
    }
}
