//! Ends a turn; without a turn it stops the process.

use super::{Handled, Order, stop};
use crate::{
    cx::Cx,
    life::{approvals, stop::times, turn},
};
use anyon_model::*;

/// Asks the agent to end its turn. The command is answered when the turn is over, or when the agent took too long.
pub fn run(cx: &mut Cx<'_>, order: &Order, attempt_id: AttemptId) -> Handled {
    cx.find_attempt(attempt_id)?;
    let live = cx
        .book
        .live_agent(attempt_id)
        .and_then(|execution_id| cx.execution(execution_id));
    // An agent that has not reacted to its prompt has no turn to end: the prompt must not reach it afterwards. One that
    // ends with its turn has nothing to go on with, and is stopped.
    let in_turn = |execution: &Execution| {
        matches!(execution.state, ExecutionState::Running { .. })
            && turn::stays(cx, execution)
            && !turn::rests(cx, execution)
            && turn::is_heard(cx, execution.id)
    };
    let Some(execution) = live.filter(|execution| in_turn(execution)) else {
        return stop::run(cx, order, attempt_id);
    };
    approvals::void_all(cx, execution.id);
    approvals::count_pending(cx, execution.id);
    cx.effect(Effect::Send {
        execution_id: execution.id,
        request: AgentRequest::Interrupt,
    });
    let key = TimerKey::StopStep {
        execution_id: execution.id,
        step: StopStep::Interrupt,
    };
    let at = cx.now.plus_ms(i64::from(times(cx, execution.id).interrupt_ms));
    cx.effect(Effect::SetTimer { key, at });
    cx.book.interrupt_waiters.push((execution.id, order.command_id));
    Ok(None)
}

/// The agent did not end its turn in time.
pub fn timed_out(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let problem = Problem::new(ProblemCode::AgentFailed, "The agent has not ended its turn yet")
        .hint("Stop the attempt to end its process");
    turn::answer_interrupts(cx, execution_id, &Err(problem));
}
