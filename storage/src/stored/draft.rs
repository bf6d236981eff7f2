//! Stored drafts.

use super::{keep::Id, shared::ImageV1};
use anyon_model::*;

stored_struct! {
    /// A draft.
    DraftV1 for Draft {
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
}
stored_enum! {
    /// What a draft will become.
    DraftKindV1 for DraftKind {
        FollowUp,
        Retry { execution_id: Id },
    }
}
