//! Changes or removes a draft.

use super::Handled;
use crate::{cx::Cx, problems};
use anyon_model::*;

/// Empty text removes it.
pub fn run(cx: &mut Cx<'_>, draft_id: DraftId, text: &str) -> Handled {
    let mut drafts = cx
        .state
        .projects
        .values()
        .filter_map(|shard| shard.drafts.get(&draft_id));
    let draft = drafts.next().cloned().ok_or_else(|| {
        problems::not_found("draft").hint("It may have been sent: look at the conversation")
    })?;
    let mut runs = cx.book.runs.values();
    if runs.any(|run| run.prompt.draft_id() == Some(draft_id)) {
        return Err(problems::wrong_state("The draft is being sent").hint("Send another follow-up"));
    }
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
