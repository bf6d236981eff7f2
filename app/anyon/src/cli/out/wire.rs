//! Entities as JSON objects: the schema of `docs/cli.md`. Fields are added, never renamed.

use crate::cli::cards::{AttemptCard, RuleCard, TaskCard};
use anyon_model::{
    Approval, DiffSummary, Entry, EntryKind, ExecutionId, LogLine, ProjectShard, WorktreeState,
};
use serde_json::{Map, Value, json};

/// A project.
pub fn project(shard: &ProjectShard) -> Value {
    let project = &shard.project;
    json!({
        "event": "project", "id": project.id, "name": project.name, "prefix": project.short_prefix,
        "repo": project.repo_path, "target": project.default_target, "setup": project.setup_script,
        "cleanup": project.cleanup_script, "dev": project.dev_script, "copy": project.copy_files,
        "tasks": shard.tasks.len(), "attempts": shard.attempts.len(), "created_at": project.created_at,
    })
}

/// A task.
pub fn task(card: &TaskCard) -> Value {
    let task = &card.task;
    json!({
        "event": "task", "id": task.id, "name": card.name, "project": card.project, "title": task.title,
        "description": task.description, "status": task.status, "priority": task.priority,
        "labels": card.labels, "unread": task.unread,
        "attempts": card.attempts.iter().map(|attempt| &attempt.name).collect::<Vec<_>>(),
        "created_at": task.created_at, "updated_at": task.updated_at, "created_by": card.created_by,
    })
}

/// An attempt.
pub fn attempt(card: &AttemptCard) -> Value {
    let attempt = &card.attempt;
    let worktree = (attempt.worktree.state == WorktreeState::Ready).then_some(&attempt.worktree.path);
    json!({
        "event": "attempt", "id": attempt.id, "name": card.name, "project": card.project, "title": card.title,
        "task_id": attempt.task_id, "agent": card.agent, "status": card.status.as_str(), "branch": attempt.branch,
        "base": attempt.base, "base_commit": attempt.base_commit, "target": attempt.target, "worktree": worktree,
        "approve": attempt.approve, "approvals": card.approvals.iter().map(|approval| approval.id).collect::<Vec<_>>(),
        "created_at": attempt.created_at, "updated_at": attempt.updated_at,
        "started_by": card.started_by, "landed_by": card.landed_by,
    })
}

/// A patch: `text`, or `bytes` when it is not UTF-8.
pub fn patch(attempt: &str, patch: &[u8]) -> Value {
    let mut object = json!({"event": "patch", "attempt": attempt});
    match std::str::from_utf8(patch) {
        Ok(text) => object["text"] = json!(text),
        Err(_) => object["bytes"] = json!(patch),
    }
    object
}

/// A standing answer.
pub fn rule(card: &RuleCard) -> Value {
    let rule = &card.rule;
    json!({
        "event": "rule", "id": rule.id, "name": card.name, "allow": rule.allow, "project": card.project,
        "agent": rule.executor, "kind": rule.kind, "pattern": rule.pattern, "created_at": rule.created_at,
    })
}

/// An entry, flat. Kinds without a text of their own get a short one.
pub fn entry(entry: &Entry) -> Map<String, Value> {
    let mut object = match serde_json::to_value(entry) {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    };
    let text = match &entry.kind {
        EntryKind::ToolUse(tool) => tool.title.clone(),
        EntryKind::Plan { items } => items
            .iter()
            .map(|item| item.text.as_str())
            .collect::<Vec<_>>()
            .join("\n"),
        EntryKind::TokenUsage { usage } => format!("{} in, {} out", usage.input, usage.output),
        _ => return object,
    };
    object.insert("text".to_owned(), Value::String(text));
    object
}

/// A line of a raw log: `text`, or `bytes` when it is not UTF-8.
pub fn raw_line(execution_id: ExecutionId, line: &LogLine) -> Value {
    let mut object = json!({
        "event": "raw", "execution": execution_id, "stream": line.stream, "after_ms": line.after_ms,
    });
    match std::str::from_utf8(&line.bytes) {
        Ok(text) => object["text"] = json!(text),
        Err(_) => object["bytes"] = json!(line.bytes),
    }
    object
}

/// A question of an agent.
pub fn approval(attempt: &str, approval: &Approval) -> Value {
    let request = &approval.request;
    json!({
        "id": approval.id, "attempt": attempt, "execution": approval.execution_id, "tool": request.tool,
        "kind": request.kind, "question": request.question, "reason": request.reason,
        "takes_reason": request.takes_reason, "entry": request.entry, "state": approval.state,
    })
}

/// Files that differ.
pub fn diff(attempt: &str, summary: &DiffSummary) -> Value {
    json!({
        "event": "diff", "attempt": attempt, "base_commit": summary.base_commit, "head": summary.head,
        "additions": summary.additions(), "deletions": summary.deletions(), "files": summary.files,
    })
}
