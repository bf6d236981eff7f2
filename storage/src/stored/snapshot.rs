//! Stored snapshots.

use super::keep::Id;
use anyon_model::*;

stored_struct! {
    /// A snapshot.
    SnapshotV1 for Snapshot {
        id: Id,
        project_id: Id,
        attempt_id: Id,
        number: u32,
        commit: String,
        head: String,
        trash: Option<Vec<u8>>,
        reason: SnapshotReasonV1,
        created_at: i64,
    }
}
stored_enum! {
    /// Why a snapshot was taken.
    SnapshotReasonV1 for SnapshotReason {
        Commit,
        Merge,
        Drop,
        Cleanup,
        Restore,
    }
}
