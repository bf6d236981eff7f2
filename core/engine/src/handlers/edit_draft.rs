//! Changes or removes a draft.

use super::Handled;
use crate::{cx::Cx, problems};
use anyon_model::*;
use std::sync::Arc;

/// Empty text removes it.
pub fn run(cx: &mut Cx<'_>, draft_id: DraftId, text: &str) -> Handled {
    let draft = find(cx, draft_id)?;
    check_waits(cx, draft_id)?;
    if text.trim().is_empty() {
        cx.remove(EntityKey::Draft(draft_id));
    } else {
        cx.put(Draft {
            text: text.to_owned(),
            updated_at: cx.now,
            ..Draft::clone(&draft)
        });
    }
    Ok(Some(Outcome::Done))
}

/// A draft.
pub fn find(cx: &Cx<'_>, draft_id: DraftId) -> Result<Arc<Draft>, Problem> {
    let mut drafts = cx
        .state
        .projects
        .values()
        .filter_map(|shard| shard.drafts.get(&draft_id));
    drafts
        .next()
        .cloned()
        .ok_or_else(|| problems::not_found("draft").hint("It may have been sent: look at the conversation"))
}

/// Refuses a draft that is on its way.
pub fn check_waits(cx: &Cx<'_>, draft_id: DraftId) -> Result<(), Problem> {
    if is_being_sent(cx, draft_id) {
        return Err(problems::wrong_state("The draft is being sent").hint("Send another follow-up"));
    }
    Ok(())
}

/// It was sent, and the agent has not reacted.
pub fn is_being_sent(cx: &Cx<'_>, draft_id: DraftId) -> bool {
    let mut runs = cx.book.runs.values();
    runs.any(|run| run.prompt.draft_id() == Some(draft_id))
}
