//! One writer per repository, among the threads of this process and among all processes of Anyon that share a data
//! folder. The lock's file lies there: what lies in a repository its agents can hold, too.

use crate::{CancelToken, GitError, command::Checkout, command::path_bytes, error::io_at, link::common_dir};
use std::{
    fs::{File, TryLockError},
    path::Path,
    time::{Duration, Instant},
};

/// How long another writer may take.
const MAX_WAIT: Duration = Duration::from_secs(30);
/// How often a held lock is tried again.
const POLL: Duration = Duration::from_millis(10);

/// Held while refs, worktrees and configuration of one repository change. Dropping it lets the next one in; so does
/// the death of the process.
#[derive(Debug)]
pub(crate) struct RepositoryLock {
    _file: File,
}

impl RepositoryLock {
    /// Waits for its turn, but not for ever.
    pub fn take(repo: &Checkout<'_>) -> Result<Self, GitError> {
        Self::take_unless(repo, &CancelToken::default())
    }

    /// The same, until it is cancelled.
    pub fn take_unless(repo: &Checkout<'_>, cancel: &CancelToken) -> Result<Self, GitError> {
        let shared = common_dir(&repo.path)?;
        let name = git2::Oid::hash_object(git2::ObjectType::Blob, &path_bytes(&shared));
        let name = name.map_err(crate::error::library("name a lock"))?;
        Self::wait(
            &repo.git.locks().join(name.to_string()),
            &repo.path,
            cancel,
            MAX_WAIT,
        )
    }

    fn wait(file: &Path, repo: &Path, cancel: &CancelToken, at_most: Duration) -> Result<Self, GitError> {
        let opened = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(file);
        let opened = opened.map_err(io_at("opened", file))?;
        let deadline = Instant::now() + at_most;
        loop {
            match opened.try_lock() {
                Ok(()) => return Ok(Self { _file: opened }),
                Err(TryLockError::Error(source)) => return Err(io_at("locked", file)(source)),
                Err(TryLockError::WouldBlock) => {}
            }
            cancel.check()?;
            if Instant::now() >= deadline {
                return Err(GitError::Busy {
                    path: repo.to_path_buf(),
                });
            }
            std::thread::sleep(POLL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_held_is_waited_for_until_it_is_given_back_cancelled_or_too_late() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lock");
        let cancel = CancelToken::default();
        let wait = |at_most_ms| {
            let at_most = Duration::from_millis(at_most_ms);
            RepositoryLock::wait(&file, Path::new("/repo"), &cancel, at_most)
        };
        let held = wait(0).unwrap();
        assert!(matches!(wait(30), Err(GitError::Busy { .. })));
        std::thread::scope(|scope| {
            let next = scope.spawn(|| wait(10_000));
            std::thread::sleep(Duration::from_millis(30));
            drop(held);
            let next = next.join().unwrap().unwrap();
            cancel.cancel();
            assert!(matches!(wait(10_000), Err(GitError::Cancelled)));
            drop(next);
        });
    }
}
