//! Landing: an attempt's work becomes one commit on its target, without a checkout. Everything that can refuse does
//! so before anything moves.

use crate::{
    Git, GitError,
    command::Checkout,
    commit::OpenWork,
    follow::Followers,
    landed, large,
    lock::RepositoryLock,
    names::{check_branch, check_commit, full_name},
    predict,
    refs::{self, Identity},
    work::{self, Merged},
};
use anyon_model::{
    AttemptId, AttemptPlace, FilePath, LandReport, LandingCheck, RefMove, SnapshotReason, WorkCommit,
};
use std::path::Path;

impl Git {
    /// How a landing would go. Nothing changes.
    pub fn landing_check(&self, place: &AttemptPlace, message: &str) -> Result<LandingCheck, GitError> {
        let work = OpenWork::read(self, place)?;
        let repo = self.open(place.repo.as_path())?;
        let target = refs::tip(&repo, &place.target)?;
        let (ahead, behind) = refs::ahead_behind(&repo, &work.head, &target)?;
        let open = work::tree_changes(&work.checkout, &work.head_tree, &work.tree)?;
        let mut check = LandingCheck {
            conflicts: Vec::new(),
            open_files: u32::try_from(open.paths().len()).unwrap_or(u32::MAX),
            behind,
            ahead,
            dirty_checkout: None,
            message: message.to_owned(),
            large_files: Vec::new(),
            nothing_new: false,
        };
        if let Some(base) = refs::merge_base(&repo, &target, &work.head)? {
            check.large_files = large::new_between(&repo, &refs::tree_of(&repo, &base)?, &work.tree)?;
        }
        match work::merge(&repo, place.git_reads, &target, &work.head, &work.tree)? {
            Merged::Conflicts(files) => {
                check.conflicts = files.into_iter().map(FilePath::from).collect();
            }
            Merged::Clean(tree) => {
                let from = refs::tree_of(&repo, &target)?;
                check.nothing_new = tree == from;
                match Followers::prepare(&repo, &place.target, &from, &tree) {
                    Err(GitError::DirtyTarget { path, .. } | GitError::InProgress { path, .. }) => {
                        check.dirty_checkout = Some(FilePath::from(path));
                    }
                    other => other.map(drop)?,
                }
            }
        }
        Ok(check)
    }

    /// The files that both the attempt, with its open work, and its target changed in the same place. Nothing changes,
    /// and no program runs where the library can read.
    pub fn predict_conflicts(&self, place: &AttemptPlace) -> Result<Vec<FilePath>, GitError> {
        let merged = match predict::by_library(place)? {
            Some(merged) => merged,
            None => {
                let work = OpenWork::read(self, place)?;
                let repo = self.open(place.repo.as_path())?;
                let target = refs::tip(&repo, &place.target)?;
                work::merge(&repo, place.git_reads, &target, &work.head, &work.tree)?
            }
        };
        Ok(match merged {
            Merged::Clean(_) => Vec::new(),
            Merged::Conflicts(files) => files.into_iter().map(FilePath::from).collect(),
        })
    }

    /// Commits the open work with `work_message`, then puts all of the attempt's work on the target as one commit.
    pub fn land(
        &self,
        place: &AttemptPlace,
        attempt_id: AttemptId,
        message: &str,
        work_message: &str,
    ) -> Result<LandReport, GitError> {
        check_branch("a target branch", &place.target)?;
        let repo = self.open(place.repo.as_path())?;
        let _lock = RepositoryLock::take(&repo)?;
        let work = OpenWork::read(self, place)?;
        let target = refs::tip(&repo, &place.target)?;
        let tree = match work::merge(&repo, place.git_reads, &target, &work.head, &work.tree)? {
            Merged::Clean(tree) => tree,
            Merged::Conflicts(files) => return Err(GitError::Conflicts { files }),
        };
        let before = refs::tree_of(&repo, &target)?;
        if tree == before {
            return landed_already(&repo, place, attempt_id, &target, &before);
        }
        refs::check_identity(&repo)?;
        let followers = Followers::prepare(&repo, &place.target, &before, &tree)?;
        let commit = refs::write_commit(&repo, &tree, &[&target], message, Identity::User)?;
        let work = work.commit(place, attempt_id, work_message, SnapshotReason::Merge)?;
        let why = format!("anyon: merge {}", place.branch);
        let moved =
            followers.follow(|| landed::record(&repo, attempt_id, &place.target, &target, &commit, &why))?;
        Ok(LandReport {
            work,
            commit,
            moved,
            followed: followers.first().map(FilePath::from),
        })
    }

    /// Moves the target of a merge back. It must still stand at the merge's commit.
    pub fn undo_merge(
        &self,
        repo: &Path,
        target: &str,
        commit: &str,
        before: &str,
    ) -> Result<RefMove, GitError> {
        check_branch("a target branch", target)?;
        check_commit(commit)?;
        check_commit(before)?;
        let checkout = self.open(repo)?;
        let _lock = RepositoryLock::take(&checkout)?;
        let moved = RefMove {
            name: full_name(target),
            before: Some(commit.to_owned()),
            after: Some(before.to_owned()),
        };
        let tip = refs::tip(&checkout, target)?;
        if tip == before {
            // Done before, but whoever asked did not hear of it.
            return landed::forget(&checkout, commit).map(|()| moved);
        }
        if tip != commit {
            return Err(cannot_undo(&checkout, target, commit, &tip));
        }
        let (from, to) = (
            refs::tree_of(&checkout, commit)?,
            refs::tree_of(&checkout, before)?,
        );
        let followers = Followers::prepare(&checkout, target, &from, &to)?;
        followers.follow(|| landed::take_back(&checkout, target, commit, before))?;
        Ok(moved)
    }
}

/// Why a landing is not taken back by moving its target: later commits would go with it, or it is not there any more.
fn cannot_undo(checkout: &Checkout<'_>, target: &str, commit: &str, tip: &str) -> GitError {
    match refs::ahead_behind(checkout, tip, commit) {
        Ok((on_top, 0)) => GitError::Covered {
            target: target.into(),
            commit: commit.into(),
            on_top,
        },
        _ => GitError::Moved { name: target.into() },
    }
}

/// Nothing is left to land: either it landed and whoever asked did not hear of it, or there was nothing.
fn landed_already(
    repo: &Checkout<'_>,
    place: &AttemptPlace,
    attempt_id: AttemptId,
    tip: &str,
    tree: &str,
) -> Result<LandReport, GitError> {
    let landed = landed::find(repo, attempt_id, &place.target, tip)?;
    let Some((moved, commit)) = landed.and_then(|moved| moved.after.clone().map(|commit| (moved, commit)))
    else {
        return Err(GitError::NothingToDo { what: "merge" });
    };
    let followers = Followers::prepare(repo, &place.target, tree, tree)?;
    Ok(LandReport {
        work: WorkCommit {
            snapshot: None,
            commit: None,
            moved: None,
        },
        commit,
        moved,
        followed: followers.first().map(FilePath::from),
    })
}
