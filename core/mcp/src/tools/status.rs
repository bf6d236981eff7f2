//! How an attempt stands, with a summary of its log and its diff.

use super::{Nature, Verb, diffs, logs};
use crate::{
    call::{Call, unexpected},
    shape::{AttemptCard, DiffTotals, LogSummary},
};
use anyon_model::{Answer, AttemptId, DiffSummary, EntryKind, ExecutionId, PageRange, Patch, Problem, Query};
use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// Entries at the end of a conversation among which the agent's last words are looked for.
const TAIL: u32 = 30;

/// Tells how an attempt stands.
pub struct GetAttemptStatus;

/// An attempt.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct OfAttempt {
    /// Id or short id (ANY-12.1)
    pub attempt_id: String,
}

impl Verb for GetAttemptStatus {
    type Input = OfAttempt;
    type Output = AttemptCard;
    const NAME: &'static str = "get_attempt_status";
    const ABOUT: &'static str = "How an attempt stands: queued, starting, running, waiting (for an approval), idle (to \
                                 review), failed, stopped, conflicted, landed or dropped; with sums of log and diff";
    const NATURE: Nature = Nature::Reads;

    async fn run(asked: OfAttempt, call: &Call) -> Result<AttemptCard, Problem> {
        card_with_summaries(&asked.attempt_id, call).await
    }
}

/// The card of an attempt with the summaries of its log and its diff, where there are any.
pub async fn card_with_summaries(named: &str, call: &Call) -> Result<AttemptCard, Problem> {
    let sight = call.sight().await?;
    let (shard, attempt) = sight.attempt(named)?;
    let mut card = AttemptCard::of(&sight.state, shard, attempt);
    if let Some(execution) = shard.last_agent_execution(attempt.id) {
        card.log = log_summary(execution.id, call).await;
    }
    if !attempt.base_commit.is_empty() {
        // Before there is a worktree there is no diff, and the rest is worth telling without it.
        card.diff = diff_summary(attempt.id, false, call)
            .await
            .ok()
            .map(|diff| DiffTotals {
                files: diff.files.len(),
                additions: diff.additions(),
                deletions: diff.deletions(),
            });
    }
    Ok(card)
}

/// A log that cannot be read must not hide how the attempt stands.
async fn log_summary(execution_id: ExecutionId, call: &Call) -> Option<LogSummary> {
    let range = PageRange::Last { count: TAIL };
    let Ok(Answer::Entries(page)) = call.query(Query::Entries { execution_id, range }).await else {
        return None;
    };
    let message = page.entries.iter().rev().find_map(|entry| match &entry.kind {
        EntryKind::AssistantMessage { text } => Some(text.as_str()),
        _ => None,
    });
    Some(LogSummary::of(page.total, message))
}

/// The files of an attempt that differ.
pub async fn diff_summary(
    attempt_id: AttemptId,
    watch: bool,
    call: &Call,
) -> Result<Arc<DiffSummary>, Problem> {
    match call.query(Query::DiffSummary { attempt_id, watch }).await? {
        Answer::DiffSummary(summary) => Ok(summary),
        _ => Err(unexpected()),
    }
}

/// All that differs, as a patch.
pub async fn patch(attempt_id: AttemptId, call: &Call) -> Result<Arc<Patch>, Problem> {
    match call.query(Query::Patch { attempt_id }).await? {
        Answer::Patch(patch) => Ok(patch),
        _ => Err(unexpected()),
    }
}

/// An attempt's whole diff as text, for a resource.
pub async fn diff_text(named: &str, call: &Call) -> Result<String, Problem> {
    let attempt_id = call.attempt_id(named).await?;
    let patch = patch(attempt_id, call).await?;
    Ok(diffs::shown(&String::from_utf8_lossy(&patch.bytes)))
}

/// The newest part of an attempt's log as text, for a resource.
pub async fn log_text(named: &str, call: &Call) -> Result<String, Problem> {
    let page = logs::newest(named, call).await?;
    Ok(page.join("\n\n"))
}
