//! What is in a worktree: its files compared with a commit, and its files as a tree.
//!
//! Two readers with one meaning. The library reads in this process, runs nothing, and is the usual one; the command
//! reads what the library cannot. Neither touches the index of the worktree but [`stage_all`].

mod between;
mod broken;
mod command;
mod library;
mod rows;

use crate::{CancelToken, GitError, command::Checkout};
use anyon_model::{FileStatus, GitReads};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

pub(crate) use command::{CommandReader, embedded_and_ignored};
pub(crate) use library::{LibraryReader, merge as library_merge, open, write_tree as library_tree};

/// A file that differs, before renames are looked for.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub path: PathBuf,
    pub old_path: Option<PathBuf>,
    pub status: FileStatus,
    pub old: Option<Side>,
    pub new: Option<Side>,
    /// An attribute says that its lines are not to be compared.
    pub binary: bool,
}

/// One side of a change.
#[derive(Debug, Clone)]
pub(crate) struct Side {
    /// git's file mode.
    pub mode: u32,
    /// Where the content is.
    pub content: Content,
    /// Its size.
    pub size: u64,
}

/// Where content is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// An object of the repository.
    Object(String),
    /// A file of the worktree, by its path in it.
    File(PathBuf),
    /// The commit of a submodule.
    Submodule(String),
}

/// The type bits of git's file modes.
pub(crate) const MODE_TYPE: u32 = 0o170_000;
/// A symbolic link.
pub(crate) const MODE_LINK: u32 = 0o120_000;
/// A submodule.
pub(crate) const MODE_SUBMODULE: u32 = 0o160_000;

/// Reads the content of sides. Every thread has its own.
pub(crate) trait Contents {
    /// The bytes as git compares them: line endings as in the repository, a link's target, a submodule's commit.
    fn read(&mut self, side: &Side) -> Result<Vec<u8>, GitError>;
}

/// Compares a worktree.
pub(crate) trait WorkReader: Sync {
    /// `HEAD`.
    fn head(&self) -> Result<String, GitError>;
    /// The commit that work is compared with: its merge base with the target branch, or with the commit that it
    /// `started` from where the target is gone.
    fn base_of(&self, head: &str, target: &str, started: &str) -> Result<String, GitError>;
    /// What differs from the commit, sorted by path, without renames. `only` limits it to these files; a reader that
    /// cannot be limited gives more.
    fn changes(
        &self,
        base: &str,
        only: Option<&BTreeSet<PathBuf>>,
        cancel: &CancelToken,
    ) -> Result<Vec<Change>, GitError>;
    /// What differs between two commits, sorted by path, without renames.
    fn changes_between(&self, old: &str, new: &str, cancel: &CancelToken) -> Result<Vec<Change>, GitError>;
    /// What a commit has at a path.
    fn side_at(&self, commit: &str, path: &Path) -> Result<Option<Side>, GitError>;
    /// A reader of contents for one thread.
    fn contents(&self) -> Result<Box<dyn Contents + '_>, GitError>;
}

/// Whether the library can read this worktree. What was found at registration may have changed since.
pub(crate) fn by_library(reads: GitReads, worktree: &Path) -> bool {
    reads == GitReads::Library && library::can_read(worktree)
}

/// The files of a worktree as a tree in the repository. The index is not touched.
pub(crate) fn write_tree(checkout: &Checkout<'_>, reads: GitReads) -> Result<String, GitError> {
    if by_library(reads, &checkout.path) {
        library::write_tree(&checkout.path)
    } else {
        command::write_tree(checkout)
    }
}

/// The same, without the files that git cannot store: names that it refuses, or what it may not read.
pub(crate) fn write_storable_tree(checkout: &Checkout<'_>, reads: GitReads) -> Result<String, GitError> {
    if by_library(reads, &checkout.path) {
        library::write_storable_tree(&checkout.path)
    } else {
        command::write_storable_tree(checkout)
    }
}

/// Makes the index hold all files of the worktree, as `git add -A` would, but for repositories inside it.
pub(crate) fn stage_all(checkout: &Checkout<'_>, reads: GitReads) -> Result<String, GitError> {
    if by_library(reads, &checkout.path) {
        library::stage_all(&checkout.path)
    } else {
        command::stage_all(checkout)
    }
}

/// What becomes of a file that git cannot store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unstorable {
    /// The whole fails.
    Fails,
    /// It is left out.
    IsLeftOut,
}

/// The outcome of a merge in memory.
pub(crate) enum Merged {
    /// The tree.
    Clean(String),
    /// The files in conflict.
    Conflicts(Vec<PathBuf>),
}

/// Merges a tree, made of work on `head`, with the target. Nothing moves.
pub(crate) fn merge(
    checkout: &Checkout<'_>,
    reads: GitReads,
    target: &str,
    head: &str,
    tree: &str,
) -> Result<Merged, GitError> {
    if by_library(reads, &checkout.path) {
        library::merge(&checkout.path, target, head, tree)
    } else {
        command::merge(checkout, target, head, tree)
    }
}

/// The paths that differ between two trees, those that are gone in the second apart.
pub(crate) struct TreeChanges {
    /// Gone in the second.
    pub removed: BTreeSet<PathBuf>,
    /// Only in the second.
    pub added: BTreeSet<PathBuf>,
    /// In both, different.
    pub changed: BTreeSet<PathBuf>,
    /// Submodules in the first that are none in the second.
    pub unlinked: BTreeSet<PathBuf>,
}

impl TreeChanges {
    /// All of them.
    pub fn paths(&self) -> BTreeSet<&Path> {
        let sets = [&self.removed, &self.added, &self.changed];
        sets.into_iter().flatten().map(PathBuf::as_path).collect()
    }
}

pub(crate) use rows::{RawRow, between_trees, tree_changes};
