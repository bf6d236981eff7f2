//! A further prompt: sent, queued as a draft, or the start of a new process.

use super::Handled;
use crate::{
    cx::Cx,
    life::{operation, recipient, turn},
    problems, prompt, queue,
};
use anyon_model::*;

/// Sends the text as soon as the agent can take it, or the other one that is chosen.
pub fn run(cx: &mut Cx<'_>, attempt_id: AttemptId, text: &str, to: Recipient) -> Handled {
    let attempt = cx.find_attempt(attempt_id)?;
    let text = Some(text).filter(|text| !text.trim().is_empty());
    if text.is_none() && to == Recipient::default() {
        return Err(problems::invalid("A follow-up needs a text"));
    }
    check_can_work(cx, &attempt)?;
    recipient::check(cx, &to)?;
    match cx.book.live_agent(attempt_id) {
        None => {
            recipient::enqueue(cx, &attempt, text, &to)?;
            Ok(Some(Outcome::Attempt { attempt_id }))
        }
        Some(execution_id) if takes_prompt(cx, execution_id) => {
            send(cx, &attempt, execution_id, text.unwrap_or(prompt::CONTINUE), to);
            Ok(Some(Outcome::Attempt { attempt_id }))
        }
        Some(execution_id) => {
            let draft_id = put_draft(cx, &attempt, text.unwrap_or(prompt::CONTINUE), to, Place::Last).id;
            release_drafts(cx, execution_id);
            Ok(Some(Outcome::Queued { draft_id }))
        }
    }
}

/// Sends a prompt to an idle agent. It is a draft, the first of all, until the agent reacted, or the one that it is
/// for.
pub fn send(cx: &mut Cx<'_>, attempt: &Attempt, execution_id: ExecutionId, text: &str, to: Recipient) {
    let draft = put_draft(cx, attempt, text, to, Place::First);
    turn::send_draft(cx, execution_id, &draft);
}

/// A person goes on after an interrupt: an idle agent takes the drafts when there is room for it.
fn release_drafts(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let is_idle = cx
        .execution(execution_id)
        .is_some_and(|execution| turn::is_idle(&execution));
    if let Some(run) = cx.book.runs.get_mut(&execution_id).filter(|_| is_idle) {
        run.holds_drafts = false;
    }
}

/// It is idle, and one more agent may work.
pub fn takes_prompt(cx: &Cx<'_>, execution_id: ExecutionId) -> bool {
    let is_idle = cx
        .execution(execution_id)
        .is_some_and(|execution| turn::is_idle(&execution));
    is_idle && queue::has_room(cx)
}

/// The attempt has, or will have, a worktree to work in, and nothing else is done to it.
pub fn check_can_work(cx: &Cx<'_>, attempt: &Attempt) -> Result<(), Problem> {
    if turn::is_barred(cx, attempt.id) {
        operation::check_free(cx, attempt.id)?;
    }
    let shard = cx.find_shard(attempt.project_id)?;
    if attempt.dropped {
        let title = "The attempt was dropped";
        return Err(problems::wrong_state(title).hint("Restore its last snapshot, or start another attempt"));
    }
    if shard.is_landed(attempt.id) {
        return Err(
            problems::wrong_state("The attempt has landed").hint("Start another attempt, or undo the merge")
        );
    }
    if cx.book.unswept.contains(&attempt.id) {
        let title = "A half-made worktree of the attempt is in the way and could not be taken back";
        return Err(problems::wrong_state(title)
            .detail(attempt.worktree.path.to_string())
            .hint("Drop the attempt and start another, or start Anyon again to have it tried again"));
    }
    if attempt.worktree.state == WorktreeState::Removed {
        let title = "The worktree of the attempt is gone";
        return Err(problems::wrong_state(title).hint("Restore its last snapshot, or start another attempt"));
    }
    Ok(())
}

/// Where a draft goes among those of its attempt.
#[derive(Clone, Copy)]
enum Place {
    First,
    Last,
}

fn put_draft(cx: &mut Cx<'_>, attempt: &Attempt, text: &str, to: Recipient, place: Place) -> Draft {
    let shard = cx.shard(attempt.project_id);
    let orders = shard
        .iter()
        .flat_map(|shard| shard.drafts_of(attempt.id))
        .map(|draft| draft.order);
    let order = match place {
        Place::First => orders.min().unwrap_or(1).saturating_sub(1),
        Place::Last => orders.max().unwrap_or(0).saturating_add(1),
    };
    let draft = Draft {
        id: cx.ids.make(),
        project_id: attempt.project_id,
        attempt_id: attempt.id,
        kind: DraftKind::FollowUp,
        to,
        text: text.to_owned(),
        images: Vec::new(),
        queued: true,
        order,
        created_at: cx.now,
        updated_at: cx.now,
    };
    cx.put(draft.clone());
    draft
}
