//! Stored merges.

use super::keep::Id;
use anyon_model::*;

stored_struct! {
    /// A merge.
    MergeV1 for Merge {
        id: Id,
        project_id: Id,
        attempt_id: Id,
        target: String,
        kind: MergeKindV1,
        created_at: i64,
    }
}
stored_enum! {
    /// The two ways home.
    MergeKindV1 for MergeKind {
        Direct { commit: String, before: String },
        PullRequest { number: u64, url: String, status: PullRequestStatusV1 },
    }
}
stored_enum! {
    /// How a pull request stands.
    PullRequestStatusV1 for PullRequestStatus {
        Open,
        Merged,
        Closed,
    }
}
