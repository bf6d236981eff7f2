//! Stored review comments.

use super::keep::Id;
use anyon_model::*;

stored_struct! {
    /// A review comment.
    ReviewCommentV1 for ReviewComment {
        id: Id,
        project_id: Id,
        attempt_id: Id,
        path: Vec<u8>,
        lines: (u32, u32),
        side: DiffSideV1,
        text: String,
        sent_at: Option<i64>,
        created_at: i64,
    }
}
stored_enum! {
    /// A side of a diff.
    DiffSideV1 for DiffSide {
        Old,
        New,
    }
}
