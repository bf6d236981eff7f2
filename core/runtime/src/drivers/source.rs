//! Where the work of an attempt is read from: its worktree while it works there, afterwards the commits that are left
//! of it. Reads only.

use super::{
    git::{GitShared, guarded},
    text::worktree_text,
};
use anyon_git::{CancelToken, Git, Kept, Since};
use anyon_model::{
    Attempt, AttemptId, AttemptPlace, DiffSummary, FileDiff, MergeKind, Problem, ProjectShard, State,
    WorktreeState,
};
use std::path::Path;

/// Larger files are not read.
pub const LARGE_FILE_BYTES: u64 = 32 * 1024 * 1024;

/// Where work is read from.
#[derive(Clone)]
pub enum Source {
    /// The worktree, absolute.
    Worktree(AttemptPlace),
    /// What landed, or the last snapshot of what is gone.
    Kept(Kept),
}

impl Source {
    /// Of an attempt.
    pub fn of(state: &State, attempt_id: AttemptId, git: &GitShared) -> Option<Self> {
        let shard = state.shard_of_attempt(attempt_id)?;
        let attempt = shard.attempts.get(&attempt_id)?;
        let kept = landed(shard, attempt).or_else(|| last_snapshot(shard, attempt));
        Some(match kept {
            Some(kept) => Self::Kept(kept),
            None => Self::Worktree(git.absolute(state.attempt_place(attempt_id)?)),
        })
    }

    /// The files that differ.
    pub fn summary(&self, git: &Git, cancel: &CancelToken) -> Result<DiffSummary, Problem> {
        guarded(|| match self {
            Self::Worktree(place) => git.diff_summary(place, cancel),
            Self::Kept(kept) => git.kept_summary(kept, cancel),
        })
    }

    /// The lines of one file that differ.
    pub fn file(&self, git: &Git, path: &Path, whole: bool) -> Result<FileDiff, Problem> {
        guarded(|| match self {
            Self::Worktree(place) => git.diff_file(place, path, whole),
            Self::Kept(kept) => git.kept_file(kept, path, whole),
        })
    }

    /// The lines of all files that differ.
    pub fn all(&self, git: &Git, cancel: &CancelToken) -> Result<Vec<FileDiff>, Problem> {
        guarded(|| match self {
            Self::Worktree(place) => git.diff_all(place, cancel),
            Self::Kept(kept) => git.kept_all(kept, cancel),
        })
    }

    /// All that differs, as a patch.
    pub fn patch(&self, git: &Git) -> Result<Vec<u8>, Problem> {
        guarded(|| match self {
            Self::Worktree(place) => git.diff_patch(place),
            Self::Kept(kept) => git.kept_patch(kept),
        })
    }

    /// The text of a file as it is after the work; bytes that are not UTF-8 are replaced.
    pub fn text(&self, git: &Git, path: &Path) -> Result<String, Problem> {
        match self {
            Self::Worktree(place) => worktree_text(place.worktree.as_path(), path),
            Self::Kept(kept) => {
                let bytes = guarded(|| git.kept_content(kept, path, LARGE_FILE_BYTES))?;
                Ok(String::from_utf8_lossy(&bytes).into_owned())
            }
        }
    }
}

/// Of an attempt that landed counts what landed, whatever became of its worktree.
fn landed(shard: &ProjectShard, attempt: &Attempt) -> Option<Kept> {
    match &shard.merge_of(attempt.id)?.kind {
        MergeKind::Direct { commit, before } => {
            Some(kept(shard, commit.clone(), Since::Commit(before.clone())))
        }
        MergeKind::PullRequest { .. } => None,
    }
}

fn last_snapshot(shard: &ProjectShard, attempt: &Attempt) -> Option<Kept> {
    if attempt.worktree.state != WorktreeState::Removed {
        return None;
    }
    let snapshots = shard.snapshots_of(attempt.id);
    let last = snapshots.max_by_key(|snapshot| snapshot.number)?;
    let since = Since::Start {
        head: last.head.clone(),
        target: attempt.target.clone(),
        base_commit: attempt.base_commit.clone(),
    };
    Some(kept(shard, last.commit.clone(), since))
}

fn kept(shard: &ProjectShard, commit: String, since: Since) -> Kept {
    Kept {
        repo: shard.project.repo_path.clone(),
        git_reads: shard.project.git_reads,
        commit,
        since,
    }
}
