//! One writer per repository, among the threads of this process and among all processes of Anyon.

use crate::{GitError, error::io_at, link::common_dir};
use std::{
    fs::{File, OpenOptions},
    path::Path,
};

/// Held while refs, worktrees and configuration of one repository change. Dropping it lets the next one in; so does
/// the death of the process.
pub(crate) struct RepositoryLock {
    _file: File,
}

impl RepositoryLock {
    /// Waits for its turn.
    pub fn take(repo: &Path) -> Result<Self, GitError> {
        let path = common_dir(repo)?.join("anyon.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(io_at("opened", &path))?;
        file.lock().map_err(io_at("locked", &path))?;
        Ok(Self { _file: file })
    }
}
