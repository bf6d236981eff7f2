//! Changes what an attempt may do without asking.

use super::Handled;
use crate::{cx::Cx, life::approvals};
use anyon_model::*;

/// Sets the mode and asks the policy again about what is pending.
pub fn run(cx: &mut Cx<'_>, attempt_id: AttemptId, approve: ApproveMode) -> Handled {
    cx.find_attempt(attempt_id)?;
    cx.edit_attempt(attempt_id, |attempt| attempt.approve = approve);
    approvals::decide_again(cx, |approval| approval.attempt_id == attempt_id);
    Ok(Some(Outcome::Done))
}
