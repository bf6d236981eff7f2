//! A timer fired.

use super::{confirm, interrupt};
use crate::{
    cx::Cx,
    life::{stop, turn},
    queue,
};
use anyon_model::{StopStep, TimerKey};

/// Wakes what set it. A timer whose reason is gone does nothing.
pub fn fired(cx: &mut Cx<'_>, key: TimerKey) {
    match key {
        TimerKey::StopStep { execution_id, step } => {
            if step == StopStep::Interrupt {
                interrupt::timed_out(cx, execution_id);
            }
            stop::step_over(cx, execution_id, step);
        }
        TimerKey::Idle { execution_id } => turn::idle_for_long(cx, execution_id),
        TimerKey::Confirmation { command_id } => confirm::look_again(cx, command_id),
        TimerKey::Queue => queue::rested(cx),
        // The queue is looked at after every input.
        TimerKey::Limit { .. } => {}
    }
}
