//! Snapshots: the files of a worktree as a commit under `refs/anyon/snapshots/<attempt>/<n>`, whose parent is `HEAD`.
//! Taking one changes neither the index nor a branch.

use crate::{
    Git, GitError,
    command::Checkout,
    link::Link,
    refs::{self, Identity},
    work,
};
use anyon_model::{AttemptId, AttemptPlace, SnapshotMade, SnapshotReason};

/// How many taken numbers are stepped over.
const MAX_TAKEN: u32 = 10_000;

impl Git {
    /// Keeps the files of a worktree. `None`: they are those of its `HEAD`.
    pub fn snapshot(
        &self,
        place: &AttemptPlace,
        attempt_id: AttemptId,
        reason: SnapshotReason,
    ) -> Result<Option<SnapshotMade>, GitError> {
        let link = Link::read(place.repo.as_path(), place.worktree.as_path())?;
        let checkout = self.open(&link.worktree)?;
        if_open(&checkout, place, attempt_id, reason)
    }
}

/// A snapshot unless the files are those of `HEAD`.
pub(crate) fn if_open(
    checkout: &Checkout<'_>,
    place: &AttemptPlace,
    attempt_id: AttemptId,
    reason: SnapshotReason,
) -> Result<Option<SnapshotMade>, GitError> {
    let tree = work::write_tree(checkout, place.git_reads)?;
    let head = head(checkout)?;
    if tree == refs::tree_of(checkout, &head)? {
        return Ok(None);
    }
    of_tree(checkout, place, attempt_id, reason, &tree, &head).map(Some)
}

/// A snapshot of this tree, whatever it is; it also keeps `head` reachable.
pub(crate) fn of_tree(
    checkout: &Checkout<'_>,
    place: &AttemptPlace,
    attempt_id: AttemptId,
    reason: SnapshotReason,
    tree: &str,
    head: &str,
) -> Result<SnapshotMade, GitError> {
    let message = format!("Snapshot of attempt {attempt_id} before: {}\n", word(reason));
    let commit = refs::write_commit(checkout, tree, &[head], &message, Identity::Anyon)?;
    let number = claim(checkout, attempt_id, place.next_snapshot.max(1), &commit)?;
    Ok(SnapshotMade {
        number,
        commit,
        head: head.to_owned(),
        trash: None,
        reason,
    })
}

/// Names the commit by the first number that is free.
fn claim(checkout: &Checkout<'_>, attempt_id: AttemptId, first: u32, commit: &str) -> Result<u32, GitError> {
    for number in first..first.saturating_add(MAX_TAKEN) {
        let name = format!("refs/anyon/snapshots/{attempt_id}/{number}");
        match refs::move_ref(checkout, &name, None, commit, "anyon: snapshot") {
            Err(GitError::Moved { .. }) => {}
            other => return other.map(|_| number),
        }
    }
    Err(GitError::Moved {
        name: format!("refs/anyon/snapshots/{attempt_id}"),
    })
}

/// The commit that a checkout stands on.
pub(crate) fn head(checkout: &Checkout<'_>) -> Result<String, GitError> {
    refs::resolve(checkout, "HEAD")?.ok_or_else(|| GitError::NoCommits {
        path: checkout.path.clone(),
    })
}

fn word(reason: SnapshotReason) -> &'static str {
    match reason {
        SnapshotReason::Commit => "commit",
        SnapshotReason::Merge => "merge",
        SnapshotReason::Drop => "drop",
        SnapshotReason::Cleanup => "cleanup",
        SnapshotReason::Restore => "restore",
    }
}
