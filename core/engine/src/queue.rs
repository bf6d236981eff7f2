//! The queue: the cap of running agents and the floors of free memory and disk. One start at a time, oldest first.

use crate::{cx::Cx, life};
use anyon_model::*;

/// How long the queue rests when memory or disk is short.
const RETRY_MS: i64 = 5_000;

/// Goes on with what waits. Called after every input; does nothing when nothing can go on.
pub fn pump(cx: &mut Cx<'_>) {
    if cx.book.is_halted() {
        return;
    }
    life::turn::send_held_back(cx);
    let limit = limit(cx);
    let ready = ready(cx);
    if ready.is_empty() {
        return;
    }
    if active(cx) >= limit {
        mark(cx, &ready, QueueReason::Cap { limit });
    } else if let Some(why) = cx.book.short {
        mark(cx, &ready, why);
    } else if !cx.book.measuring {
        cx.book.measuring = true;
        cx.effect(Effect::MeasureResources);
    }
}

/// Those that may start, oldest first. The others say that they wait for a limit of their agent's service to end.
fn ready(cx: &mut Cx<'_>) -> Vec<ExecutionId> {
    let mut ready = Vec::new();
    for execution_id in cx.book.queue.clone() {
        match life::pause::until(cx, execution_id) {
            Some(until) => life::pause::mark(cx, execution_id, until),
            None => ready.push(execution_id),
        }
    }
    for execution_id in &ready {
        cx.edit_execution(*execution_id, |execution| {
            if let ExecutionState::Queued { why } = &mut execution.state {
                *why = why.filter(|why| !matches!(why, QueueReason::RateLimit { .. }));
            }
        });
    }
    ready
}

/// Starts the oldest that waits if there is room for it.
pub fn measured(cx: &mut Cx<'_>, memory_mib: u64, disk_mib: u64) {
    cx.book.measuring = false;
    if cx.book.is_halted() || active(cx) >= limit(cx) {
        return;
    }
    let Some(execution_id) = ready(cx).first().copied() else {
        return;
    };
    cx.book.short = shortage(&cx.state.settings, memory_mib, disk_mib);
    if cx.book.short.is_some() {
        let at = cx.now.plus_ms(RETRY_MS);
        cx.effect(Effect::SetTimer {
            key: TimerKey::Queue,
            at,
        });
    } else {
        cx.book.queue.retain(|queued| *queued != execution_id);
        life::start::begin(cx, execution_id);
    }
}

/// The rest after a shortage is over.
pub fn rested(cx: &mut Cx<'_>) {
    cx.book.short = None;
}

/// There is room for one more agent at work.
pub fn has_room(cx: &Cx<'_>) -> bool {
    active(cx) < limit(cx)
}

fn limit(cx: &Cx<'_>) -> u32 {
    cx.state.settings.max_running.max(1)
}

/// How many agents work: idle ones do not count, and scripts count with the agent that waits for them.
fn active(cx: &Cx<'_>) -> u32 {
    let runs = cx.book.runs.iter();
    let agents = runs.filter(|(_, run)| run.run_reason == RunReason::CodingAgent);
    let working = agents.filter(|(execution_id, _)| {
        cx.execution(**execution_id)
            .is_some_and(|execution| is_active(&execution.state))
    });
    u32::try_from(working.count()).unwrap_or(u32::MAX)
}

fn is_active(state: &ExecutionState) -> bool {
    match state {
        ExecutionState::Queued { why } => *why == Some(QueueReason::Worktree),
        ExecutionState::Running { activity } => !matches!(activity, Activity::Idle { .. }),
        state => state.has_process(),
    }
}

fn shortage(settings: &Settings, memory_mib: u64, disk_mib: u64) -> Option<QueueReason> {
    let (memory_floor, disk_floor) = (settings.memory_floor_mib, settings.disk_floor_mib);
    if memory_mib < memory_floor {
        Some(QueueReason::Memory {
            free_mib: memory_mib,
            floor_mib: memory_floor,
        })
    } else if disk_mib < disk_floor {
        Some(QueueReason::Disk {
            free_mib: disk_mib,
            floor_mib: disk_floor,
        })
    } else {
        None
    }
}

/// Says of all that could start why they do not.
fn mark(cx: &mut Cx<'_>, ready: &[ExecutionId], why: QueueReason) {
    for execution_id in ready {
        cx.edit_execution(*execution_id, |execution| {
            execution.state = ExecutionState::Queued { why: Some(why) }
        });
    }
}
