//! Goes on with an attempt that was interrupted, stopped or failed.

use super::{Handled, follow_up};
use crate::{
    cx::Cx,
    life::{recipient, turn},
    problems, prompt,
};
use anyon_model::*;

/// Starts a process for the attempt's session, or sends a prompt to the idle one. Without a text, the first queued
/// draft is what it goes on with.
pub fn run(cx: &mut Cx<'_>, attempt_id: AttemptId, text: Option<&str>) -> Handled {
    let attempt = cx.find_attempt(attempt_id)?;
    let text = text.filter(|text| !text.trim().is_empty());
    follow_up::check_can_work(cx, &attempt)?;
    let draft = text.is_none().then(|| turn::next_draft(cx, &attempt)).flatten();
    match (cx.book.live_agent(attempt_id), draft) {
        (None, Some(draft)) => turn::launch_draft(cx, &attempt, &draft)?,
        (Some(execution_id), Some(draft)) if follow_up::takes_prompt(cx, execution_id) => {
            turn::send_draft(cx, execution_id, &draft);
        }
        (None, None) => {
            recipient::enqueue(cx, &attempt, text, &Recipient::default())?;
        }
        (Some(execution_id), None) if follow_up::takes_prompt(cx, execution_id) => {
            let text = text.unwrap_or(prompt::CONTINUE);
            follow_up::send(cx, &attempt, execution_id, text, Recipient::default());
        }
        (Some(_), _) => {
            let title = "The attempt is at work already, or waits for its turn";
            return Err(problems::wrong_state(title).hint("Send a follow-up: it is queued"));
        }
    }
    Ok(Some(Outcome::Attempt { attempt_id }))
}
