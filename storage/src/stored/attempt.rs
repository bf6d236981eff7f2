//! Stored attempts.

use super::keep::Id;
use anyon_model::*;

stored_struct! {
    /// An attempt.
    AttemptV1 for Attempt {
        id: Id,
        project_id: Id,
        task_id: Id,
        number: u32,
        branch: String,
        base: String,
        base_commit: String,
        target: String,
        worktree: WorktreeV1,
        approve: ApproveModeV1,
        dropped: bool,
        created_at: i64,
        updated_at: i64,
    }
}
stored_struct! {
    /// The checkout of an attempt.
    WorktreeV1 for Worktree {
        path: Vec<u8>,
        state: WorktreeStateV1,
        keep: bool,
    }
}
stored_enum! {
    /// What is at the place of a worktree.
    WorktreeStateV1 for WorktreeState {
        Planned,
        Creating,
        Ready,
        Removed,
    }
}
stored_enum! {
    /// What an agent may do without asking.
    ApproveModeV1 for ApproveMode {
        Ask,
        Edits,
        All,
    }
}
