//! Diffs of work whose worktree is gone or of no matter any more: what landed, and what a snapshot holds. Read from
//! commits alone; nothing changes.

use super::{Compared, patch_between};
use crate::{
    CancelToken, Git, GitError,
    work::{self, CommandReader, Content, LibraryReader, Side, WorkReader},
};
use anyon_model::{DiffSummary, FileDiff, FilePath, GitReads};
use std::path::Path;

/// A commit that holds work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The repository.
    pub repo: FilePath,
    /// How git is read there.
    pub git_reads: GitReads,
    /// The commit, in hexadecimal.
    pub commit: String,
    /// What it is compared with.
    pub since: Since,
}

/// What kept work is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// This commit, in hexadecimal.
    Commit(String),
    /// The merge base, as if the worktree still stood there.
    Start {
        /// Where the branch stood, in hexadecimal.
        head: String,
        /// The target branch.
        target: String,
        /// The commit that the attempt started from, which counts when the target is gone.
        base_commit: String,
    },
}

impl Git {
    /// The files of kept work that differ, with their counts.
    pub fn kept_summary(&self, kept: &Kept, cancel: &CancelToken) -> Result<DiffSummary, GitError> {
        Compared::of_kept(self, kept, cancel)?.summary(cancel)
    }

    /// The lines of one file of kept work that differ. Files above 2 MiB have none unless `whole` is set.
    pub fn kept_file(&self, kept: &Kept, path: &Path, whole: bool) -> Result<FileDiff, GitError> {
        Compared::of_kept(self, kept, &CancelToken::default())?.file(path, whole)
    }

    /// The lines of all files of kept work that differ; files above 2 MiB have none.
    pub fn kept_all(&self, kept: &Kept, cancel: &CancelToken) -> Result<Vec<FileDiff>, GitError> {
        Compared::of_kept(self, kept, cancel)?.all(cancel)
    }

    /// All that differs of kept work, as a patch that `git apply` takes.
    pub fn kept_patch(&self, kept: &Kept) -> Result<Vec<u8>, GitError> {
        let base = base_of(&*reader(self, kept)?, kept)?;
        patch_between(&self.open(kept.repo.as_path())?, &base, &kept.commit)
    }

    /// The content of a file of kept work, if it is no larger than this.
    pub fn kept_content(&self, kept: &Kept, path: &Path, limit_bytes: u64) -> Result<Vec<u8>, GitError> {
        let reader = reader(self, kept)?;
        let side = reader.side_at(&kept.commit, path)?;
        let is_readable =
            |side: &Side| side.size <= limit_bytes && matches!(side.content, Content::Object(_));
        match side.filter(is_readable) {
            Some(side) => reader.contents()?.read(&side),
            None => Err(GitError::PathMissing {
                path: path.to_path_buf(),
            }),
        }
    }
}

impl<'g> Compared<'g> {
    fn of_kept(git: &'g Git, kept: &Kept, cancel: &CancelToken) -> Result<Self, GitError> {
        let reader = reader(git, kept)?;
        let base = base_of(&*reader, kept)?;
        let changes = reader.changes_between(&base, &kept.commit, cancel)?;
        Self::of(reader, base, kept.commit.clone(), changes, cancel)
    }
}

fn base_of(reader: &dyn WorkReader, kept: &Kept) -> Result<String, GitError> {
    match &kept.since {
        Since::Commit(commit) => Ok(commit.clone()),
        Since::Start {
            head,
            target,
            base_commit,
        } => reader.base_of(head, target, base_commit),
    }
}

fn reader<'g>(git: &'g Git, kept: &Kept) -> Result<Box<dyn WorkReader + 'g>, GitError> {
    let repo = kept.repo.as_path();
    if work::by_library(kept.git_reads, repo) {
        Ok(Box::new(LibraryReader::new(repo)))
    } else {
        Ok(Box::new(CommandReader::new(git.open(repo)?)?))
    }
}
