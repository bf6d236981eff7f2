//! Snapshots that are in the repository: those without a row get one, so that all that was kept can be restored.

use crate::cx::Cx;
use anyon_model::{AttemptId, SnapshotMade};
use std::collections::BTreeSet;

/// Adds rows for the numbers that have none.
pub fn run(cx: &mut Cx<'_>, attempt_id: AttemptId, found: Vec<SnapshotMade>) {
    let Some(attempt) = cx.attempt(attempt_id) else {
        return;
    };
    let Some(shard) = cx.shard(attempt.project_id) else {
        return;
    };
    let known: BTreeSet<u32> = shard
        .snapshots_of(attempt_id)
        .map(|snapshot| snapshot.number)
        .collect();
    for made in found.into_iter().filter(|made| !known.contains(&made.number)) {
        cx.keep_snapshot(&attempt, Some(made));
    }
}
