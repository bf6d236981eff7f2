//! Diffs of an attempt's working tree against the merge base: committed, staged, open and untracked work together.

mod kept;
mod kind;
mod patch;
mod rename;
mod trim;
mod update;

use crate::{
    CancelToken, Git, GitError,
    command::Checkout,
    plain,
    work::{self, Change, CommandReader, Contents, LibraryReader, WorkReader},
};
use anyon_model::{AttemptPlace, DiffSummary, FileDiff, FilePath, FileStat};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

pub use kept::{Kept, Since};

/// Files above this size are not shown unless asked for by themselves.
pub(crate) const LARGE_FILE_BYTES: u64 = 2 * 1024 * 1024;
/// Threads that compare files.
const MAX_THREADS: usize = 4;
/// Fewer files than this are not worth a second thread.
const FILES_PER_THREAD: usize = 16;

impl Git {
    /// The files of an attempt that differ, with their counts.
    pub fn diff_summary(&self, place: &AttemptPlace, cancel: &CancelToken) -> Result<DiffSummary, GitError> {
        Compared::read(self, place, cancel)?.summary(cancel)
    }

    /// The lines of one file that differ. Files above 2 MiB have none unless `whole` is set.
    pub fn diff_file(&self, place: &AttemptPlace, path: &Path, whole: bool) -> Result<FileDiff, GitError> {
        Compared::read(self, place, &CancelToken::default())?.file(path, whole)
    }

    /// The lines of all files that differ; files above 2 MiB have none.
    pub fn diff_all(&self, place: &AttemptPlace, cancel: &CancelToken) -> Result<Vec<FileDiff>, GitError> {
        Compared::read(self, place, cancel)?.all(cancel)
    }
}

impl Git {
    /// All that differs as a patch that `git apply` takes: modes, links and binary files too. Its files are written
    /// as objects that nothing names; no ref and no index changes.
    pub fn diff_patch(&self, place: &AttemptPlace) -> Result<Vec<u8>, GitError> {
        let reader = reader_of(self, place)?;
        let base = reader.base_of(&reader.head()?, &place.target, &place.base_commit)?;
        let checkout = self.open(place.worktree.as_path())?;
        let tree = work::write_tree(&checkout, place.git_reads)?;
        patch_between(&checkout, &base, &tree)
    }
}

/// The way from one tree or commit to another, as `git apply` takes it.
fn patch_between(checkout: &Checkout<'_>, old: &str, new: &str) -> Result<Vec<u8>, GitError> {
    let patch = checkout
        .command("write a patch")
        .args(["diff-tree", "-r", "-p", "--binary", "--full-index"])
        .args(["--no-ext-diff", "--no-textconv", "--end-of-options"])
        .args([old, new])
        .run()?;
    Ok(patch.stdout)
}

/// What reads this worktree right.
fn reader_of<'g>(git: &'g Git, place: &AttemptPlace) -> Result<Box<dyn WorkReader + 'g>, GitError> {
    let worktree = place.worktree.as_path();
    if !worktree.is_dir() {
        return Err(GitError::PathMissing {
            path: worktree.to_path_buf(),
        });
    }
    plain::check(worktree)?;
    Ok(if work::by_library(place.git_reads, worktree) {
        Box::new(LibraryReader::new(worktree))
    } else {
        Box::new(CommandReader::new(git.open(worktree)?)?)
    })
}

/// A worktree or a commit, compared with another commit.
struct Compared<'g> {
    reader: Box<dyn WorkReader + 'g>,
    base: String,
    head: String,
    changes: Vec<Change>,
}

impl<'g> Compared<'g> {
    fn read(git: &'g Git, place: &AttemptPlace, cancel: &CancelToken) -> Result<Self, GitError> {
        Self::read_only(git, place, None, cancel)
    }

    /// Limited to these files where the reader can do so.
    fn read_only(
        git: &'g Git,
        place: &AttemptPlace,
        only: Option<&BTreeSet<PathBuf>>,
        cancel: &CancelToken,
    ) -> Result<Self, GitError> {
        let reader = reader_of(git, place)?;
        let head = reader.head()?;
        let base = reader.base_of(&head, &place.target, &place.base_commit)?;
        let changes = reader.changes(&base, only, cancel)?;
        Self::of(reader, base, head, changes, cancel)
    }

    /// Changes as they were read, with their renames.
    fn of(
        reader: Box<dyn WorkReader + 'g>,
        base: String,
        head: String,
        changes: Vec<Change>,
        cancel: &CancelToken,
    ) -> Result<Self, GitError> {
        let changes = rename::detect(changes, &*reader, cancel)?;
        Ok(Self {
            reader,
            base,
            head,
            changes,
        })
    }

    fn summary(self, cancel: &CancelToken) -> Result<DiffSummary, GitError> {
        let files = self.each(cancel, |change, contents| patch::stat(change, contents))?;
        Ok(DiffSummary {
            base_commit: self.base,
            head: self.head,
            files: files.into_iter().flatten().collect(),
        })
    }

    fn file(mut self, path: &Path, whole: bool) -> Result<FileDiff, GitError> {
        self.changes.retain(|change| change.path == path);
        let limit = if whole { u64::MAX } else { LARGE_FILE_BYTES };
        let files = self.each(&CancelToken::default(), |change, contents| {
            patch::file(change, contents, limit)
        })?;
        files
            .into_iter()
            .flatten()
            .next()
            .ok_or_else(|| GitError::NoDifference {
                path: path.to_path_buf(),
            })
    }

    fn all(&self, cancel: &CancelToken) -> Result<Vec<FileDiff>, GitError> {
        let files = self.each(cancel, |change, contents| {
            patch::file(change, contents, LARGE_FILE_BYTES)
        })?;
        Ok(files.into_iter().flatten().collect())
    }

    /// Does something with each file, on several threads, and keeps the order.
    fn each<T: Send>(
        &self,
        cancel: &CancelToken,
        work: impl Fn(&Change, &mut dyn Contents) -> Result<T, GitError> + Sync,
    ) -> Result<Vec<T>, GitError> {
        on_threads(&*self.reader, &self.changes, cancel, work)
    }
}

/// Does something with each item on as many threads as are worth it. The results are in the items' order.
fn on_threads<I: Sync, T: Send>(
    reader: &dyn WorkReader,
    items: &[I],
    cancel: &CancelToken,
    work: impl Fn(&I, &mut dyn Contents) -> Result<T, GitError> + Sync,
) -> Result<Vec<T>, GitError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = (items.len() / FILES_PER_THREAD).clamp(1, cores.min(MAX_THREADS));
    let next = AtomicUsize::new(0);
    let worker = || -> Result<Vec<(usize, T)>, GitError> {
        let mut contents = reader.contents()?;
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(place) else {
                return Ok(done);
            };
            cancel.check()?;
            done.push((place, work(item, &mut *contents)?));
        }
    };
    let parts = if threads == 1 {
        vec![worker()]
    } else {
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
            running
                .into_iter()
                .filter_map(|thread| thread.join().ok())
                .collect()
        })
    };
    let mut results = Vec::with_capacity(items.len());
    for part in parts {
        results.extend(part?);
    }
    results.sort_unstable_by_key(|(place, _)| *place);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// The part of a change that needs no content.
fn bare_stat(change: &Change) -> FileStat {
    FileStat {
        path: FilePath::from(change.path.as_path()),
        old_path: change.old_path.as_deref().map(FilePath::from),
        status: change.status,
        additions: 0,
        deletions: 0,
        omitted: None,
        before: None,
        after: None,
    }
}
