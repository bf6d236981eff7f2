//! Committing the open work of an attempt to its branch, by plumbing: no hook runs, nobody is invented.

use crate::{
    Git, GitError,
    command::Checkout,
    filters,
    link::Link,
    names::full_name,
    refs::{self, Identity},
    snapshot, work,
};
use anyon_model::{AttemptId, AttemptPlace, GitReads, SnapshotReason, WorkCommit};

impl Git {
    /// Commits everything that is not ignored, after a snapshot. Nothing to commit is a success without a commit.
    pub fn commit_work(
        &self,
        place: &AttemptPlace,
        attempt_id: AttemptId,
        message: &str,
        reason: SnapshotReason,
    ) -> Result<WorkCommit, GitError> {
        let work = OpenWork::read(self, place)?;
        work.commit(place, attempt_id, message, reason)
    }

    /// `HEAD` of a worktree.
    pub fn head(&self, worktree: &std::path::Path) -> Result<String, GitError> {
        let read = git2::Repository::open(worktree).and_then(|repo| {
            let head = repo.head()?.peel_to_commit()?.id();
            Ok(head.to_string())
        });
        // What the library cannot open the command may.
        read.or_else(|_| snapshot::head(&self.open(worktree)?))
    }
}

/// A worktree that stands on its attempt's branch with nothing half done in it, and its files as a tree.
pub(crate) struct OpenWork<'g> {
    pub checkout: Checkout<'g>,
    pub head: String,
    pub head_tree: String,
    pub tree: String,
    reads: GitReads,
}

impl<'g> OpenWork<'g> {
    pub fn read(git: &'g Git, place: &AttemptPlace) -> Result<Self, GitError> {
        let link = Link::read(place.repo.as_path(), place.worktree.as_path())?;
        let checkout = git.open(&link.worktree)?;
        if let Some(what) = refs::in_progress(&link.git_dir) {
            return Err(GitError::InProgress {
                what,
                path: link.worktree,
            });
        }
        let found = refs::current_branch(&checkout)?;
        if found.as_deref() != Some(&place.branch) {
            return Err(GitError::NotOnBranch {
                expected: place.branch.clone(),
                found: found.map_or_else(|| "no branch".into(), |branch| format!("“{branch}”")),
            });
        }
        let head = snapshot::head(&checkout)?;
        let head_tree = refs::tree_of(&checkout, &head)?;
        let (mut tree, mut reads) = (work::write_tree(&checkout, place.git_reads)?, place.git_reads);
        if tree != head_tree && reads == GitReads::Library {
            let changes = work::tree_changes(&checkout, &head_tree, &tree)?;
            if filters::need_command(&checkout, &changes)? {
                reads = GitReads::Command;
                tree = work::write_tree(&checkout, reads)?;
            }
        }
        Ok(Self {
            checkout,
            head,
            head_tree,
            tree,
            reads,
        })
    }

    /// Commits it, if there is anything.
    pub fn commit(
        &self,
        place: &AttemptPlace,
        attempt_id: AttemptId,
        message: &str,
        reason: SnapshotReason,
    ) -> Result<WorkCommit, GitError> {
        if self.tree == self.head_tree {
            return Ok(WorkCommit {
                snapshot: None,
                commit: None,
                moved: None,
            });
        }
        let changes = work::tree_changes(&self.checkout, &self.head_tree, &self.tree)?;
        filters::check_kept(&self.checkout, &changes)?;
        refs::check_identity(&self.checkout)?;
        let snapshot = snapshot::of_tree(&self.checkout, place, attempt_id, reason, &self.tree, &self.head)?;
        // The index first: if the branch then cannot move, everything is merely staged.
        let tree = work::stage_all(&self.checkout, self.reads)?;
        let commit = refs::write_commit(&self.checkout, &tree, &[&self.head], message, Identity::User)?;
        let name = full_name(&place.branch);
        let moved = refs::move_ref(&self.checkout, &name, Some(&self.head), &commit, "commit (anyon)")?;
        Ok(WorkCommit {
            snapshot: Some(snapshot),
            commit: Some(commit),
            moved: Some(moved),
        })
    }
}
