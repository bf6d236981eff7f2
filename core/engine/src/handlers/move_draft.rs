//! Changes the place of a draft.

use super::Handled;
use crate::{cx::Cx, handlers::edit_draft, problems};
use anyon_model::*;
use std::sync::Arc;

/// Puts it right before another one, or last. A draft that is being sent stays the first.
pub fn run(cx: &mut Cx<'_>, draft_id: DraftId, before: Option<DraftId>) -> Handled {
    let draft = edit_draft::find(cx, draft_id)?;
    edit_draft::check_waits(cx, draft_id)?;
    let shard = cx.find_shard(draft.project_id)?;
    let mut drafts: Vec<Arc<Draft>> = shard.drafts_of(draft.attempt_id).into_iter().cloned().collect();
    drafts.retain(|other| other.id != draft_id);
    let at = match before {
        None => drafts.len(),
        Some(before) => {
            let place = drafts.iter().position(|other| other.id == before);
            place.ok_or_else(|| problems::not_found("draft of this attempt"))?
        }
    };
    let first = drafts
        .iter()
        .take_while(|other| edit_draft::is_being_sent(cx, other.id))
        .count();
    drafts.insert(at.max(first), draft);
    for (order, draft) in (1..).zip(drafts) {
        if draft.order != order {
            cx.put(Draft {
                order,
                ..Draft::clone(&draft)
            });
        }
    }
    Ok(Some(Outcome::Done))
}
