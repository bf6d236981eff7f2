//! Stored history entries.

use super::{keep::Id, shared::ActorV1};
use anyon_model::*;

stored_struct! {
    /// A history entry.
    HistoryEntryV1 for HistoryEntry {
        id: Id,
        project_id: Id,
        task_id: Option<Id>,
        attempt_id: Option<Id>,
        actor: ActorV1,
        what: String,
        refs: Vec<RefMoveV1>,
        at: i64,
    }
}
stored_struct! {
    /// A ref before and after.
    RefMoveV1 for RefMove {
        name: String,
        before: Option<String>,
        after: Option<String>,
    }
}
