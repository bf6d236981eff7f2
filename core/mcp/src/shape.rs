//! What answers are made of: the predecessors' field names where they had them.
//!
//! Fields have no descriptions of their own where their names say it: a schema is read by an agent, word for word.
#![allow(
    missing_docs,
    reason = "the names are the wire's; the types are private to the crate"
)]

use crate::text;
use anyon_model::{
    Approval, Attempt, AttemptStatus, ChoiceQuestion, Execution, ExecutionState, Priority, Project,
    ProjectShard, Question, QueueReason, Task, TaskStatus, WorktreeState,
};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Characters of what an agent said last.
const LAST_MESSAGE: usize = 2_000;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct ProjectCard {
    pub id: String,
    pub name: String,
    pub short_prefix: String,
    pub git_repo_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_branch: Option<String>,
    pub setup_script: String,
    pub cleanup_script: String,
    pub dev_script: String,
    pub created_at: String,
    pub updated_at: String,
}

impl ProjectCard {
    pub fn of(project: &Project) -> Self {
        Self {
            id: project.id.to_string(),
            name: project.name.clone(),
            short_prefix: project.short_prefix.clone(),
            git_repo_path: project.repo_path.to_string(),
            default_branch: project.default_target.clone(),
            setup_script: project.setup_script.clone(),
            cleanup_script: project.cleanup_script.clone(),
            dev_script: project.dev_script.clone(),
            created_at: text::time(project.created_at),
            updated_at: text::time(project.updated_at),
        }
    }
}

/// The columns of the board, in the predecessors' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "lowercase")]
pub enum StatusWord {
    Todo,
    InProgress,
    InReview,
    Done,
    Cancelled,
}

impl From<StatusWord> for TaskStatus {
    fn from(word: StatusWord) -> Self {
        match word {
            StatusWord::Todo => Self::Todo,
            StatusWord::InProgress => Self::InProgress,
            StatusWord::InReview => Self::InReview,
            StatusWord::Done => Self::Done,
            StatusWord::Cancelled => Self::Cancelled,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct TaskLine {
    pub id: String,
    pub short_id: String,
    pub title: String,
    pub status: String,
    pub has_in_progress_attempt: bool,
    pub has_merged_attempt: bool,
    pub last_attempt_failed: bool,
    pub created_at: String,
    pub updated_at: String,
}

impl TaskLine {
    pub fn of(shard: &ProjectShard, task: &Task) -> Self {
        let statuses: Vec<AttemptStatus> = shard
            .attempts_of(task.id)
            .filter_map(|attempt| shard.attempt_status(attempt.id))
            .collect();
        Self {
            id: task.id.to_string(),
            short_id: task_name(shard, task),
            title: task.title.clone(),
            status: task.status.as_str().into(),
            has_in_progress_attempt: statuses.iter().any(|status| status.is_active()),
            has_merged_attempt: statuses.contains(&AttemptStatus::Landed),
            last_attempt_failed: statuses.last() == Some(&AttemptStatus::Failed),
            created_at: text::time(task.created_at),
            updated_at: text::time(task.updated_at),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct TaskCard {
    pub id: String,
    pub short_id: String,
    pub project_id: String,
    pub title: String,
    pub description: String,
    pub status: String,
    pub priority: String,
    pub created_at: String,
    pub updated_at: String,
    pub attempts: Vec<AttemptLine>,
}

impl TaskCard {
    pub fn of(shard: &ProjectShard, task: &Task) -> Self {
        Self {
            id: task.id.to_string(),
            short_id: task_name(shard, task),
            project_id: task.project_id.to_string(),
            title: task.title.clone(),
            description: task.description.clone(),
            status: task.status.as_str().into(),
            priority: priority(task.priority).into(),
            created_at: text::time(task.created_at),
            updated_at: text::time(task.updated_at),
            attempts: shard
                .attempts_of(task.id)
                .map(|attempt| AttemptLine::of(shard, attempt))
                .collect(),
        }
    }
}

fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::None => "none",
        Priority::Low => "low",
        Priority::Medium => "medium",
        Priority::High => "high",
        Priority::Urgent => "urgent",
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct AttemptLine {
    pub attempt_id: String,
    pub short_id: String,
    pub status: String,
    pub executor: String,
}

impl AttemptLine {
    pub fn of(shard: &ProjectShard, attempt: &Attempt) -> Self {
        Self {
            attempt_id: attempt.id.to_string(),
            short_id: attempt_name(shard, attempt),
            status: status_word(shard, attempt).into(),
            executor: executor(shard, attempt),
        }
    }
}

/// How an attempt stands, with all that a caller needs for its next step.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct AttemptCard {
    pub attempt_id: String,
    pub short_id: String,
    pub task_id: String,
    pub status: String,
    pub executor: String,
    pub branch: String,
    pub base_branch: String,
    pub target_branch: String,
    /// Folder with the files
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worktree: Option<String>,
    /// What it does now, or why it waits or failed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub queued_follow_ups: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<ApprovalCard>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<LogSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<DiffTotals>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct LogSummary {
    pub entries: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_message: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct DiffTotals {
    pub files: usize,
    pub additions: u64,
    pub deletions: u64,
}

impl LogSummary {
    pub fn of(entries: u64, last_message: Option<&str>) -> Self {
        Self {
            entries,
            last_message: last_message.map(|message| text::cut(message, LAST_MESSAGE)),
        }
    }
}

impl AttemptCard {
    /// Without log and diff, which are not in the state.
    pub fn of(state: &anyon_model::State, shard: &ProjectShard, attempt: &Attempt) -> Self {
        let last = shard.last_agent_execution(attempt.id);
        let activity = last
            .and_then(|execution| state.live.get(&execution.id))
            .map(|live| live.activity.clone())
            .filter(|activity| !activity.is_empty());
        let is_there = attempt.worktree.state == WorktreeState::Ready;
        let conflicts = shard.conflicts.get(&attempt.id);
        let files = conflicts.iter().flat_map(|conflicts| &conflicts.files);
        Self {
            attempt_id: attempt.id.to_string(),
            short_id: attempt_name(shard, attempt),
            task_id: attempt.task_id.to_string(),
            status: status_word(shard, attempt).into(),
            executor: executor(shard, attempt),
            branch: attempt.branch.clone(),
            base_branch: attempt.base.clone(),
            target_branch: attempt.target.clone(),
            worktree: is_there.then(|| attempt.worktree.path.to_string()),
            detail: last.and_then(|execution| why(execution)).or(activity),
            queued_follow_ups: shard
                .drafts_of(attempt.id)
                .iter()
                .filter(|draft| draft.queued)
                .count(),
            approvals: shard
                .pending_approvals(attempt.id)
                .map(|approval| ApprovalCard::of(shard, approval))
                .collect(),
            conflicts: files.map(|file| file.quoted()).collect(),
            log: None,
            diff: None,
        }
    }
}

/// Why an execution waits, failed or ended early.
fn why(execution: &Execution) -> Option<String> {
    match &execution.state {
        ExecutionState::Queued { why } => Some(queued(*why)),
        ExecutionState::Failed { message, .. } => Some(message.clone()),
        ExecutionState::Stopping { .. } => Some("it is being stopped".into()),
        ExecutionState::Killed { .. } => None,
        ExecutionState::Starting | ExecutionState::Running { .. } | ExecutionState::Completed => None,
    }
}

fn queued(why: Option<QueueReason>) -> String {
    match why {
        None => "waits for its turn".into(),
        Some(QueueReason::Cap { limit }) => format!("waits: {limit} agents run, as many as may run at once"),
        Some(QueueReason::Memory { free_mib, floor_mib }) => {
            format!("waits: {free_mib} MiB of memory are free, {floor_mib} are needed")
        }
        Some(QueueReason::Disk { free_mib, floor_mib }) => {
            format!("waits: {free_mib} MiB of disk are free, {floor_mib} are needed")
        }
        Some(QueueReason::Worktree) => "its worktree is being made".into(),
        Some(QueueReason::RateLimit { until }) => format!(
            "waits: the agent has reached a limit of its service, which ends at {} ms after 1970; it goes on by itself then",
            until.as_ms()
        ),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct ApprovalCard {
    pub approval_id: String,
    pub attempt_id: String,
    /// Short id of the attempt
    pub attempt: String,
    pub tool: String,
    pub question: String,
    /// Questions to choose from; empty: approve or deny
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    pub asked_at: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Choice {
    pub question: String,
    pub options: Vec<String>,
    pub multi_select: bool,
}

impl ApprovalCard {
    pub fn of(shard: &ProjectShard, approval: &Approval) -> Self {
        let attempt = shard.attempts.get(&approval.attempt_id);
        let choices = match &approval.request.question {
            Question::Choice { questions } => questions.iter().map(Choice::of).collect(),
            _ => Vec::new(),
        };
        Self {
            approval_id: approval.id.to_string(),
            attempt_id: approval.attempt_id.to_string(),
            attempt: attempt
                .map(|attempt| attempt_name(shard, attempt))
                .unwrap_or_default(),
            tool: approval.request.tool.clone(),
            question: text::question(&approval.request.question),
            choices,
            asked_at: text::time(approval.created_at),
        }
    }
}

impl Choice {
    fn of(asked: &ChoiceQuestion) -> Self {
        Self {
            question: asked.question.clone(),
            options: asked.options.iter().map(|option| option.label.clone()).collect(),
            multi_select: asked.multi_select,
        }
    }
}

/// `ANY-12`.
pub fn task_name(shard: &ProjectShard, task: &Task) -> String {
    format!("{}-{}", shard.project.short_prefix, task.number)
}

/// `ANY-12.1`.
pub fn attempt_name(shard: &ProjectShard, attempt: &Attempt) -> String {
    match shard.tasks.get(&attempt.task_id) {
        Some(task) => format!("{}.{}", task_name(shard, task), attempt.number),
        None => attempt.id.to_string(),
    }
}

/// Agent and variant of the newest session.
pub fn executor(shard: &ProjectShard, attempt: &Attempt) -> String {
    let session = shard.last_session(attempt.id);
    session
        .map(|session| session.profile.to_string())
        .unwrap_or_default()
}

/// How an attempt stands, as a word.
pub fn status_word(shard: &ProjectShard, attempt: &Attempt) -> &'static str {
    shard
        .attempt_status(attempt.id)
        .map_or("queued", AttemptStatus::as_str)
}
