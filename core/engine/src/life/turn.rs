//! Turns: prompts to a living agent, the end of a turn, queued drafts.

use crate::{
    book::{Prompt, TurnEnd},
    cx::Cx,
    life::{
        approvals, conflicts, pause,
        recipient::{self, Route},
        stop,
    },
    prompt, queue, wording,
};
use anyon_model::*;

/// Sends a draft to an idle agent. It stays until the agent reacted. A draft for another agent, or for one that has to
/// be started anew, ends this process and goes to the next.
pub fn send_draft(cx: &mut Cx<'_>, execution_id: ExecutionId, draft: &Draft) {
    let Some(execution) = cx.execution(execution_id) else {
        return;
    };
    if let Some(run) = cx.book.runs.get_mut(&execution_id) {
        run.holds_drafts = false;
    }
    match recipient::route(cx, &execution, &draft.to) {
        Route::Here => {}
        Route::Switched(to) => recipient::switch(cx, execution_id, *to),
        Route::Elsewhere => return stop::close_after_turn(cx, execution_id, TurnEnd::Completed),
    }
    send_prompt(cx, execution_id, draft);
}

fn send_prompt(cx: &mut Cx<'_>, execution_id: ExecutionId, draft: &Draft) {
    let Some(execution) = cx.execution(execution_id) else {
        return;
    };
    let session = cx.session_of(&execution);
    let config = session
        .and_then(|session| cx.config_of(&session.profile))
        .unwrap_or_default();
    let text = prompt::finished(cx, &draft.text, &config);
    let images = draft.images.clone();
    cx.effect(Effect::Send {
        execution_id,
        request: AgentRequest::Prompt { text, images },
    });
    if let Some(run) = cx.book.runs.get_mut(&execution_id) {
        run.prompt = Prompt::Sent { draft_id: draft.id };
    }
    work(cx, &execution);
}

/// Shows that the agent took its prompt. What may trail after the turn before does not.
pub fn is_reaction(event: &AgentEvent) -> bool {
    matches!(
        event,
        AgentEvent::TurnStarted
            | AgentEvent::TurnEnded(_)
            | AgentEvent::Approval(_)
            | AgentEvent::Activity(_)
            | AgentEvent::Retrying { .. }
    )
}

/// The agent reacted to its prompt: the draft that it was has done its part.
pub fn heard(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let Some(run) = cx.book.runs.get_mut(&execution_id) else {
        return;
    };
    let prompt = std::mem::replace(&mut run.prompt, Prompt::Heard);
    if let Some(draft_id) = prompt.draft_id() {
        cx.remove(EntityKey::Draft(draft_id));
    }
}

/// The agent reacted to its last prompt.
pub fn is_heard(cx: &Cx<'_>, execution_id: ExecutionId) -> bool {
    let run = cx.book.runs.get(&execution_id);
    run.is_none_or(|run| run.prompt == Prompt::Heard)
}

/// The agent began a turn by itself.
pub fn started(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    rests_no_more(cx, execution_id);
    if let Some(execution) = cx.execution(execution_id)
        && is_idle(&execution)
    {
        work(cx, &execution);
    }
}

fn work(cx: &mut Cx<'_>, execution: &Execution) {
    cx.edit_execution(execution.id, |execution| {
        execution.turn_stopped = false;
        execution.state = ExecutionState::Running {
            activity: Activity::Turn,
        };
    });
    begins(cx, execution.id);
    conflicts::forget(cx, execution.attempt_id);
    if let Some(attempt) = cx.attempt(execution.attempt_id) {
        cx.move_task(attempt.task_id, TaskStatus::InProgress);
    }
}

/// A turn begins now: its time counts from here.
pub fn begins(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let now = cx.now;
    cx.edit_live(execution_id, |live| live.turn_since = Some(now));
}

/// A turn is over.
pub fn ended(cx: &mut Cx<'_>, execution_id: ExecutionId, outcome: TurnOutcome) {
    let Some(execution) = cx.execution(execution_id) else {
        return;
    };
    answer_interrupts(cx, execution_id, &Ok(Outcome::Done));
    rests_no_more(cx, execution_id);
    match execution.state {
        ExecutionState::Running {
            activity: Activity::Turn | Activity::Waiting { .. },
        } => {}
        ExecutionState::Running { .. } if matches!(outcome, TurnOutcome::Failed { .. }) => {}
        _ => return stop::turn_ended(cx, execution_id),
    }
    approvals::void_all(cx, execution_id);
    cx.edit_live(execution_id, |live| {
        live.activity.clear();
        live.retrying = None;
    });
    match outcome {
        TurnOutcome::Completed => completed(cx, &execution),
        TurnOutcome::Interrupted => interrupted(cx, &execution),
        TurnOutcome::Failed { kind, message } => {
            stop::close_after_turn(cx, execution_id, TurnEnd::Failed { kind, message });
        }
    }
}

fn completed(cx: &mut Cx<'_>, execution: &Execution) {
    pause::lifted(cx, execution);
    let Some(attempt) = cx.attempt(execution.attempt_id) else {
        return;
    };
    if stays(cx, execution) {
        idle(cx, execution.id);
        if send_next_draft(cx, execution) {
            return;
        }
    } else {
        stop::close_after_turn(cx, execution.id, TurnEnd::Completed);
    }
    cx.move_task(attempt.task_id, TaskStatus::InReview);
    cx.mark_unread(attempt.task_id);
    conflicts::predict(cx, attempt.id);
    wording::notify(cx, &attempt, "is done");
}

fn interrupted(cx: &mut Cx<'_>, execution: &Execution) {
    cx.edit_execution(execution.id, |execution| execution.turn_stopped = true);
    if let Some(run) = cx.book.runs.get_mut(&execution.id) {
        run.holds_drafts = true;
    }
    if stays(cx, execution) {
        idle(cx, execution.id);
    } else {
        stop::close_after_turn(cx, execution.id, TurnEnd::Completed);
    }
    conflicts::predict(cx, execution.attempt_id);
    if let Some(attempt) = cx.attempt(execution.attempt_id) {
        cx.move_task(attempt.task_id, TaskStatus::InReview);
    }
}

/// From now on the agent waits for a prompt.
pub fn idle(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let since = cx.now;
    rests_no_more(cx, execution_id);
    cx.edit_execution(execution_id, |execution| {
        execution.state = ExecutionState::Running {
            activity: Activity::Idle { since },
        };
    });
    set_idle_timer(cx, execution_id, since);
}

fn rests_no_more(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    if let Some(run) = cx.book.runs.get_mut(&execution_id) {
        run.rests = false;
    }
}

fn set_idle_timer(cx: &mut Cx<'_>, execution_id: ExecutionId, since: Timestamp) {
    let key = TimerKey::Idle { execution_id };
    let at = since.plus_ms(idle_limit_ms(cx));
    cx.effect(Effect::SetTimer { key, at });
}

/// The limit is another one now: whoever is idle is looked at when that one is over.
pub fn renew_idle_timers(cx: &mut Cx<'_>) {
    let executions: Vec<ExecutionId> = cx.book.runs.keys().copied().collect();
    for execution_id in executions {
        let state = cx
            .execution(execution_id)
            .map(|execution| execution.state.clone());
        if let Some(ExecutionState::Running {
            activity: Activity::Idle { since },
        }) = state
        {
            set_idle_timer(cx, execution_id, since);
        }
    }
}

fn idle_limit_ms(cx: &Cx<'_>) -> i64 {
    i64::from(cx.state.settings.idle_limit_minutes) * 60_000
}

/// The idle timer fired: the process goes, unless it worked meanwhile or the limit was raised.
pub fn idle_for_long(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let state = cx
        .execution(execution_id)
        .map(|execution| execution.state.clone());
    let Some(ExecutionState::Running {
        activity: Activity::Idle { since },
    }) = state
    else {
        return;
    };
    if cx.now.ms_since(since) >= idle_limit_ms(cx) {
        stop::stop(cx, execution_id, StopReason::IdleLimit);
    } else {
        set_idle_timer(cx, execution_id, since);
    }
}

/// Sends the first queued draft to an idle agent, if it may be sent.
fn send_next_draft(cx: &mut Cx<'_>, execution: &Execution) -> bool {
    let may_send = cx
        .book
        .runs
        .get(&execution.id)
        .is_some_and(|run| !run.holds_drafts);
    let is_barred = is_barred(cx, execution.attempt_id);
    let attempt = cx.attempt(execution.attempt_id);
    let Some(draft) = attempt.and_then(|attempt| next_draft(cx, &attempt)) else {
        return false;
    };
    if !may_send || is_barred || cx.book.is_halted() || !queue::has_room(cx) {
        return false;
    }
    send_draft(cx, execution.id, &draft);
    true
}

/// Sends queued drafts that waited for room under the cap.
pub fn send_held_back(cx: &mut Cx<'_>) {
    let agents = cx
        .book
        .runs
        .iter()
        .filter(|(_, run)| run.run_reason == RunReason::CodingAgent);
    let agents: Vec<_> = agents.map(|(execution_id, _)| *execution_id).collect();
    for execution_id in agents {
        if let Some(execution) = cx.execution(execution_id)
            && is_idle(&execution)
        {
            send_next_draft(cx, &execution);
        }
    }
}

/// Goes on with the first queued draft of an attempt whose process is gone.
pub fn resume_with_draft(cx: &mut Cx<'_>, attempt: &Attempt) {
    if cx.book.is_halted() || !has_worktree_for_agents(cx, attempt) {
        return;
    }
    if let Some(draft) = next_draft(cx, attempt) {
        // An agent that is no longer there leaves the draft for a person.
        let _ = launch_draft(cx, attempt, &draft);
    }
}

/// Starts a process with a draft as its prompt. The draft goes when the agent took it.
pub fn launch_draft(cx: &mut Cx<'_>, attempt: &Attempt, draft: &Draft) -> Result<(), Problem> {
    let execution_id = recipient::enqueue(cx, attempt, Some(&draft.text), &draft.to)?;
    if let Some(run) = cx.book.runs.get_mut(&execution_id) {
        let draft_id = Some(draft.id);
        run.prompt = Prompt::Launched { draft_id };
    }
    Ok(())
}

/// The first queued draft of an attempt.
pub fn next_draft(cx: &Cx<'_>, attempt: &Attempt) -> Option<std::sync::Arc<Draft>> {
    let shard = cx.shard(attempt.project_id)?;
    let drafts = shard.drafts_of(attempt.id);
    drafts
        .into_iter()
        .find(|draft| draft.queued && draft.kind == DraftKind::FollowUp)
        .cloned()
}

/// Answers the commands that wait for the end of a turn.
pub fn answer_interrupts(cx: &mut Cx<'_>, execution_id: ExecutionId, result: &CommandResult) {
    let waiters = std::mem::take(&mut cx.book.interrupt_waiters);
    let (over, others) = waiters
        .into_iter()
        .partition::<Vec<_>, _>(|(waited, _)| *waited == execution_id);
    cx.book.interrupt_waiters = others;
    for (_, command_id) in over {
        cx.reply(command_id, result.clone());
    }
}

/// It waits for a prompt.
pub fn is_idle(execution: &Execution) -> bool {
    matches!(
        execution.state,
        ExecutionState::Running {
            activity: Activity::Idle { .. }
        }
    )
}

/// It waits for a prompt, or asks something meanwhile.
pub fn rests(cx: &Cx<'_>, execution: &Execution) -> bool {
    let run = cx.book.runs.get(&execution.id);
    is_idle(execution) || run.is_some_and(|run| run.rests)
}

/// Its turn is done and no further one has begun: a prompt on its way to it has not arrived.
pub fn has_done(cx: &Cx<'_>, execution: &Execution) -> bool {
    let run = cx.book.runs.get(&execution.id);
    rests(cx, execution) || run.is_some_and(|run| matches!(run.prompt, Prompt::Sent { .. }))
}

/// Something is done to the attempt that an agent must not work beside.
pub fn is_barred(cx: &Cx<'_>, attempt_id: AttemptId) -> bool {
    cx.book
        .operations
        .get(&attempt_id)
        .is_some_and(|operation| operation.kind.bars_agents())
}

fn has_worktree_for_agents(cx: &Cx<'_>, attempt: &Attempt) -> bool {
    let landed = cx
        .shard(attempt.project_id)
        .is_some_and(|shard| shard.is_landed(attempt.id));
    !landed && !attempt.dropped && attempt.worktree.state != WorktreeState::Removed
}

/// Its process lives on after a turn.
pub fn stays(cx: &Cx<'_>, execution: &Execution) -> bool {
    let session = cx.session_of(execution);
    let agent = session.and_then(|session| cx.agents.get(&session.profile.executor));
    agent.is_some_and(|agent| agent.capabilities.stays)
}
