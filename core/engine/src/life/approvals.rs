//! Approvals: what an agent asks, what the policy or a person answers.

use crate::{
    cx::Cx,
    life::{cut, turn},
    policy::{self, Verdict, View},
    wording,
};
use anyon_model::*;
use std::sync::Arc;

/// An agent asks. The policy answers what it can, the rest is a person's.
pub fn asked(cx: &mut Cx<'_>, execution_id: ExecutionId, request: ApprovalRequest) {
    let Some(execution) = cx.execution(execution_id) else {
        return;
    };
    let ExecutionState::Running { .. } = execution.state else {
        put(cx, &execution, cut::for_record(request).0, ApprovalState::Void);
        return;
    };
    if find_pending(cx, execution_id, &request.key).is_some() {
        return;
    }
    let verdict = match cut::can_be_shown(&request.question) {
        true => verdict(cx, &execution, &request),
        false => too_long(),
    };
    // Decided is on the whole request; kept is what fits.
    let (request, is_cut) = cut::for_record(request);
    match verdict {
        Verdict::Ask => ask(cx, &execution, request, is_cut),
        Verdict::Answer { answer, by } => {
            let key = request.key.clone();
            put(
                cx,
                &execution,
                request,
                ApprovalState::Answered {
                    answer: answer.clone(),
                    by,
                },
            );
            cx.effect(Effect::Send {
                execution_id,
                request: AgentRequest::Answer { key, answer },
            });
        }
    }
}

/// The question with this key names something else than it seems to: only a person may answer it.
pub fn misleads(cx: &mut Cx<'_>, execution_id: ExecutionId, key: String) {
    if let Some(run) = cx.book.runs.get_mut(&execution_id) {
        run.misleading.insert(key);
    }
}

fn too_long() -> Verdict {
    Verdict::Answer {
        answer: ApprovalAnswer::Denied {
            reason: Some("The questions are too long to be shown to a person".into()),
        },
        by: AnsweredBy::Actor { actor: Actor::System },
    }
}

fn ask(cx: &mut Cx<'_>, execution: &Execution, request: ApprovalRequest, is_cut: bool) {
    let line = wording::question_line(&request.question, &request.tool);
    let approval_id = put(cx, execution, request, ApprovalState::Pending);
    if let Some(run) = cx.book.runs.get_mut(&execution.id) {
        run.pending.push(approval_id);
        run.cut.extend(is_cut.then_some(approval_id));
        run.rests |= turn::is_idle(execution);
    }
    count_pending(cx, execution.id);
    if let Some(attempt) = cx.attempt(execution.attempt_id) {
        cx.move_task(attempt.task_id, TaskStatus::InReview);
        cx.mark_unread(attempt.task_id);
        wording::notify(cx, &attempt, &format!("asks: {line}"));
    }
}

fn put(cx: &mut Cx<'_>, execution: &Execution, request: ApprovalRequest, state: ApprovalState) -> ApprovalId {
    let approval = Approval {
        id: cx.ids.make(),
        project_id: execution.project_id,
        attempt_id: execution.attempt_id,
        execution_id: execution.id,
        request,
        resolved_at: (state != ApprovalState::Pending).then_some(cx.now),
        state,
        created_at: cx.now,
    };
    let approval_id = approval.id;
    cx.put(approval);
    approval_id
}

fn verdict(cx: &Cx<'_>, execution: &Execution, request: &ApprovalRequest) -> Verdict {
    let (Some(attempt), Some(session)) = (cx.attempt(execution.attempt_id), cx.session_of(execution)) else {
        return Verdict::Ask;
    };
    let plans = cx.config_of(&session.profile).is_some_and(|config| config.plan);
    let view = View {
        mode: attempt.approve,
        worktree: attempt.worktree.path.as_path(),
        planning: plans && !plan_is_approved(cx, &session),
        misleading: cx
            .book
            .runs
            .get(&execution.id)
            .is_some_and(|run| run.misleading.contains(&request.key)),
        project_id: execution.project_id,
        executor: &session.profile.executor,
        rules: cx.state.rules.values().map(Arc::as_ref).collect(),
        session_rules: cx
            .book
            .session_rules
            .iter()
            .filter(|rule| rule.session_id == session.id)
            .collect(),
    };
    policy::decide(request, &view)
}

/// A plan of this session was approved: from then on it may do what its mode allows. What a process asked before it
/// was switched to this session does not count.
fn plan_is_approved(cx: &Cx<'_>, session: &Session) -> bool {
    let Some(shard) = cx.shard(session.project_id) else {
        return false;
    };
    shard.approvals.values().any(|approval| {
        let of_session = || shard.executions.get(&approval.execution_id)?.session_id;
        matches!(approval.request.question, Question::Plan { .. })
            && is_yes(&approval.state)
            && approval.created_at >= session.created_at
            && of_session() == Some(session.id)
    })
}

fn is_yes(state: &ApprovalState) -> bool {
    matches!(
        state,
        ApprovalState::Answered {
            answer: ApprovalAnswer::Approved { .. },
            ..
        }
    )
}

/// Answers a pending question and tells the agent.
pub fn answer(cx: &mut Cx<'_>, approval: &Approval, answer: ApprovalAnswer, by: AnsweredBy) {
    let key = approval.request.key.clone();
    resolve(
        cx,
        approval,
        ApprovalState::Answered {
            answer: answer.clone(),
            by,
        },
    );
    cx.effect(Effect::Send {
        execution_id: approval.execution_id,
        request: AgentRequest::Answer { key, answer },
    });
    go_on(cx, approval.execution_id);
}

/// The agent takes a question back.
pub fn void(cx: &mut Cx<'_>, execution_id: ExecutionId, key: &str) {
    if let Some(approval) = find_pending(cx, execution_id, key) {
        resolve(cx, &approval, ApprovalState::Void);
        go_on(cx, execution_id);
    }
}

/// Nobody can answer the questions of an execution any more. Its activity is for the caller to set.
pub fn void_all(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    for approval in pending(cx, execution_id) {
        resolve(cx, &approval, ApprovalState::Void);
    }
}

/// Asks the policy again about what is pending, after a mode or a rule changed.
pub fn decide_again(cx: &mut Cx<'_>, concerns: impl Fn(&Approval) -> bool) {
    let executions: Vec<_> = cx.book.runs.keys().copied().collect();
    for execution_id in executions {
        for approval in pending(cx, execution_id)
            .into_iter()
            .filter(|approval| concerns(approval))
        {
            if is_cut(cx, &approval) {
                continue;
            }
            let Some(execution) = cx.execution(execution_id) else {
                continue;
            };
            if let Verdict::Answer { answer: found, by } = verdict(cx, &execution, &approval.request) {
                answer(cx, &approval, found, by);
            }
        }
    }
}

/// What is kept of a question does not say all that is to be decided.
pub fn is_cut(cx: &Cx<'_>, approval: &Approval) -> bool {
    let run = cx.book.runs.get(&approval.execution_id);
    run.is_some_and(|run| run.cut.contains(&approval.id))
}

/// The unanswered questions of an execution, oldest first.
pub fn pending(cx: &Cx<'_>, execution_id: ExecutionId) -> Vec<Arc<Approval>> {
    let run = cx.book.runs.get(&execution_id);
    let pending = run.into_iter().flat_map(|run| &run.pending);
    pending
        .filter_map(|approval_id| cx.approval(*approval_id))
        .collect()
}

fn find_pending(cx: &Cx<'_>, execution_id: ExecutionId, key: &str) -> Option<Arc<Approval>> {
    pending(cx, execution_id)
        .into_iter()
        .find(|approval| approval.request.key == key)
}

fn resolve(cx: &mut Cx<'_>, approval: &Approval, state: ApprovalState) {
    if let Some(run) = cx.book.runs.get_mut(&approval.execution_id) {
        run.pending.retain(|approval_id| *approval_id != approval.id);
    }
    let resolved_at = Some(cx.now);
    cx.put(Approval {
        state,
        resolved_at,
        ..approval.clone()
    });
}

/// Counts what is left to answer; with nothing left the agent goes on with what it did.
fn go_on(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    count_pending(cx, execution_id);
    let Some(execution) = cx.execution(execution_id) else {
        return;
    };
    if let ExecutionState::Running {
        activity: Activity::Turn,
    } = execution.state
        && let Some(attempt) = cx.attempt(execution.attempt_id)
    {
        cx.move_task(attempt.task_id, TaskStatus::InProgress);
    }
}

/// Brings the count in the execution's activity up to date.
pub fn count_pending(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let pending = cx.book.runs.get(&execution_id).map_or(0, |run| run.pending.len());
    let approvals = u32::try_from(pending).unwrap_or(u32::MAX);
    let rests = cx.book.runs.get(&execution_id).is_some_and(|run| run.rests);
    if approvals == 0 && rests {
        return turn::idle(cx, execution_id);
    }
    cx.edit_execution(execution_id, |execution| {
        if let ExecutionState::Running { activity } = &mut execution.state {
            *activity = if approvals == 0 {
                Activity::Turn
            } else {
                Activity::Waiting { approvals }
            };
        }
    });
}
