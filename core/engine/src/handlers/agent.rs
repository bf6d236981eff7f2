//! What an agent said, and what is known of its progress.

use crate::{
    cx::Cx,
    life::{approvals, turn},
};
use anyon_model::*;

/// Takes an agent's events in order. Those of an execution that is over are late and mean nothing.
pub fn said(cx: &mut Cx<'_>, execution_id: ExecutionId, events: Vec<AgentEvent>) {
    for event in events {
        if cx
            .execution(execution_id)
            .is_some_and(|execution| execution.state.has_process())
        {
            if turn::is_reaction(&event) {
                turn::heard(cx, execution_id);
            }
            one(cx, execution_id, event);
        }
    }
    if cx.book.runs.contains_key(&execution_id) {
        let now = cx.now;
        cx.edit_live(execution_id, |live| live.last_output_at = Some(now));
    }
}

fn one(cx: &mut Cx<'_>, execution_id: ExecutionId, event: AgentEvent) {
    match event {
        AgentEvent::Session { agent_session } => {
            edit_session(cx, execution_id, |session| {
                session.agent_session = Some(agent_session)
            });
        }
        AgentEvent::ResumePoint { message } => {
            edit_session(cx, execution_id, |session| session.resume_point = Some(message));
        }
        AgentEvent::Model { model } => {
            cx.edit_execution(execution_id, |execution| execution.model = Some(model))
        }
        AgentEvent::Usage(usage) => cx.edit_execution(execution_id, |execution| execution.usage = usage),
        AgentEvent::TurnStarted => turn::started(cx, execution_id),
        AgentEvent::TurnEnded(outcome) => turn::ended(cx, execution_id, outcome),
        AgentEvent::Approval(request) => approvals::asked(cx, execution_id, request),
        AgentEvent::Misleading { key } => approvals::misleads(cx, execution_id, key),
        AgentEvent::ApprovalVoid { key } => approvals::void(cx, execution_id, &key),
        AgentEvent::Activity(activity) => cx.edit_live(execution_id, |live| {
            live.activity = activity;
            live.retrying = None;
        }),
        AgentEvent::Retrying {
            attempt,
            max,
            delay_ms,
            why,
        } => {
            let line = retry_line(attempt, max, delay_ms, &why);
            cx.edit_live(execution_id, |live| live.retrying = Some(line));
        }
        // The log has them; nothing is decided by them.
        AgentEvent::Entry(_) | AgentEvent::Mode { .. } => {}
    }
}

fn edit_session(cx: &mut Cx<'_>, execution_id: ExecutionId, edit: impl FnOnce(&mut Session)) {
    let execution = cx.execution(execution_id);
    if let Some(old) = execution.and_then(|execution| cx.session_of(&execution)) {
        let mut new = Session::clone(&old);
        edit(&mut new);
        if new != *old {
            cx.put(new);
        }
    }
}

fn retry_line(attempt: u32, max: u32, delay_ms: u64, why: &str) -> String {
    let seconds = delay_ms.div_ceil(1000);
    match max {
        0 => format!("try {attempt} in {seconds} s: {why}"),
        max => format!("try {attempt} of {max} in {seconds} s: {why}"),
    }
}

/// More of a log is durable.
pub fn log_grew(cx: &mut Cx<'_>, execution_id: ExecutionId, log: LogLengths) {
    if cx.book.runs.contains_key(&execution_id) {
        cx.edit_execution(execution_id, |execution| execution.log = log);
    }
}

/// A worktree is being made.
pub fn worktree_progress(cx: &mut Cx<'_>, attempt_id: AttemptId, percent: u8) {
    let is_creating = |attempt: &Attempt| attempt.worktree.state == WorktreeState::Creating;
    if cx
        .attempt(attempt_id)
        .is_some_and(|attempt| is_creating(&attempt))
        && let Some(execution_id) = cx.book.live_agent(attempt_id)
    {
        cx.edit_live(execution_id, |live| {
            live.worktree_percent = Some(percent.min(100))
        });
    }
}
