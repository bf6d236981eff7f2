//! Stored drafts.

use super::{
    keep::{Id, Keep},
    shared::{ExecutorProfileIdV1, ImageV1},
};
use anyon_model::*;
use serde::{Deserialize, Serialize};

/// A draft, before it could go to a chosen agent.
#[derive(Serialize, Deserialize)]
pub(crate) struct DraftV1 {
    id: Id,
    project_id: Id,
    attempt_id: Id,
    kind: DraftKindV1,
    text: String,
    images: Vec<ImageV1>,
    queued: bool,
    order: u32,
    created_at: i64,
    updated_at: i64,
}
impl From<DraftV1> for Draft {
    fn from(stored: DraftV1) -> Self {
        Self {
            id: Keep::give(stored.id),
            project_id: Keep::give(stored.project_id),
            attempt_id: Keep::give(stored.attempt_id),
            kind: Keep::give(stored.kind),
            to: Recipient::default(),
            text: stored.text,
            images: Keep::give(stored.images),
            queued: stored.queued,
            order: stored.order,
            created_at: Keep::give(stored.created_at),
            updated_at: Keep::give(stored.updated_at),
        }
    }
}

stored_struct! {
    /// A draft.
    DraftV2 for Draft {
        id: Id,
        project_id: Id,
        attempt_id: Id,
        kind: DraftKindV1,
        to: RecipientV1,
        text: String,
        images: Vec<ImageV1>,
        queued: bool,
        order: u32,
        created_at: i64,
        updated_at: i64,
    }
}
stored_struct! {
    /// Whom a draft goes to.
    RecipientV1 for Recipient {
        profile: Option<ExecutorProfileIdV1>,
        model: Option<String>,
    }
}
stored_enum! {
    /// What a draft will become.
    DraftKindV1 for DraftKind {
        FollowUp,
        Retry { execution_id: Id },
    }
}
