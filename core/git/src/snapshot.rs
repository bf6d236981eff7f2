//! Snapshots: the files of a worktree as a commit under `refs/anyon/snapshots/<attempt>/<n>`, whose parent is `HEAD`.
//! Taking one changes neither the index nor a branch.

use crate::{
    Git, GitError,
    command::Checkout,
    link::Link,
    names::full_name,
    plain,
    refs::{self, Identity},
    work,
};
use anyon_model::{AttemptId, AttemptPlace, SnapshotMade, SnapshotReason};
use std::path::Path;

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

    /// The snapshots of an attempt that are in the repository, whether they were recorded or not, the oldest first.
    /// Where ignored files went is not told. No program runs where the library can read: after a crash it is asked of
    /// every attempt.
    pub fn snapshots(&self, repo: &Path, attempt_id: AttemptId) -> Result<Vec<SnapshotMade>, GitError> {
        plain::check(repo)?;
        match work::open(repo).map(|repo| read(&repo, attempt_id)) {
            Ok(Ok(found)) => Ok(found),
            _ => list(&self.open(repo)?, attempt_id),
        }
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
    let head = head_or_start(checkout, place)?;
    if tree == refs::tree_of(checkout, &head)? {
        return Ok(None);
    }
    of_tree(checkout, place, attempt_id, reason, &tree, &head).map(Some)
}

/// `HEAD`; where it has no commit yet, what the attempt's branch has, else what the attempt started from.
pub(crate) fn head_or_start(checkout: &Checkout<'_>, place: &AttemptPlace) -> Result<String, GitError> {
    let missing = match head(checkout) {
        Err(error @ GitError::NoCommits { .. }) => error,
        other => return other,
    };
    for name in [full_name(&place.branch), place.base_commit.clone()] {
        if let Some(commit) = refs::resolve(checkout, &name)? {
            return Ok(commit);
        }
    }
    Err(missing)
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
    with_parents(checkout, place, attempt_id, reason, tree, &[head])
}

/// The same; it keeps all these commits reachable. The first is where the checkout stands.
pub(crate) fn with_parents(
    checkout: &Checkout<'_>,
    place: &AttemptPlace,
    attempt_id: AttemptId,
    reason: SnapshotReason,
    tree: &str,
    parents: &[&str],
) -> Result<SnapshotMade, GitError> {
    let message = format!("{}{}\n", before(attempt_id), word(reason));
    let commit = refs::write_commit(checkout, tree, parents, &message, Identity::Anyon)?;
    let number = claim(checkout, attempt_id, place.next_snapshot.max(1), &commit)?;
    Ok(SnapshotMade {
        number,
        commit,
        head: parents.first().copied().unwrap_or_default().to_owned(),
        trash: None,
        reason,
    })
}

/// The snapshots of an attempt that the repository has, the oldest first.
pub(crate) fn list(checkout: &Checkout<'_>, attempt_id: AttemptId) -> Result<Vec<SnapshotMade>, GitError> {
    let listing = checkout
        .command("list the snapshots")
        .args([
            "for-each-ref",
            "--format=%(refname) %(objectname) %(parent)%00%(contents:subject)",
        ])
        .arg(folder(attempt_id))
        .run()?;
    let text = String::from_utf8_lossy(&listing.stdout);
    let mut found: Vec<SnapshotMade> = text.lines().filter_map(|line| listed(attempt_id, line)).collect();
    found.sort_by_key(|made| made.number);
    Ok(found)
}

/// The same, read by the library.
fn read(repo: &git2::Repository, attempt_id: AttemptId) -> Result<Vec<SnapshotMade>, git2::Error> {
    let mut found = Vec::new();
    for reference in repo.references_glob(&format!("{}*", folder(attempt_id)))? {
        let reference = reference?;
        let commit = reference.peel_to_commit()?;
        let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
        let subject = String::from_utf8_lossy(commit.summary_bytes().unwrap_or_default()).into_owned();
        let parent = commit.parent_ids().next().map(|id| id.to_string());
        let line = format!("{name} {} {}\0{subject}", commit.id(), parent.unwrap_or_default());
        found.extend(listed(attempt_id, &line));
    }
    found.sort_by_key(|made| made.number);
    Ok(found)
}

/// One line of the listing. What is not as we write it is not ours.
fn listed(attempt_id: AttemptId, line: &str) -> Option<SnapshotMade> {
    let (names, subject) = line.split_once('\0')?;
    let mut names = names.split(' ');
    let number = names.next()?.strip_prefix(&folder(attempt_id))?.parse().ok()?;
    let (commit, head) = (names.next()?.to_owned(), names.next()?.to_owned());
    let told = subject.strip_prefix(&before(attempt_id))?;
    let reason = REASONS.into_iter().find(|reason| word(*reason) == told)?;
    Some(SnapshotMade {
        number,
        commit,
        head,
        trash: None,
        reason,
    })
}

const REASONS: [SnapshotReason; 5] = [
    SnapshotReason::Commit,
    SnapshotReason::Merge,
    SnapshotReason::Drop,
    SnapshotReason::Cleanup,
    SnapshotReason::Restore,
];

/// The refs of an attempt's snapshots, but for their numbers.
fn folder(attempt_id: AttemptId) -> String {
    format!("refs/anyon/snapshots/{attempt_id}/")
}

/// How the message of a snapshot begins.
fn before(attempt_id: AttemptId) -> String {
    format!("Snapshot of attempt {attempt_id} before: ")
}

/// Names the commit by the first number that is free.
fn claim(checkout: &Checkout<'_>, attempt_id: AttemptId, first: u32, commit: &str) -> Result<u32, GitError> {
    for number in first..first.saturating_add(MAX_TAKEN) {
        let name = format!("{}{number}", folder(attempt_id));
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
