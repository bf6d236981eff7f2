//! Files that appear whole or not at all: made under another name, checked, then renamed.

use super::builder;
use crate::private;
use redb::{Database, backends::FileBackend};
use std::{
    fs::{self, TryLockError},
    io,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// Why a file was not made.
#[derive(Debug, Error)]
pub(crate) enum WholeError {
    /// Another process makes it at this moment.
    #[error("another process is making it")]
    Locked,
    /// It is there already.
    #[error("it exists already")]
    Exists,
    /// In the operating system's words.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// In redb's words.
    #[error(transparent)]
    Redb(#[from] redb::Error),
}

/// Makes the redb file `file` of what `fill` writes into it.
pub(crate) fn make(
    file: &Path,
    fill: impl FnOnce(&Database) -> Result<(), redb::Error>,
) -> Result<(), WholeError> {
    let aside = name_aside(file);
    let result = make_aside(file, &aside, fill);
    if !matches!(result, Ok(()) | Err(WholeError::Locked)) {
        // What a failed try leaves is only in the way.
        let _ = fs::remove_file(&aside);
    }
    result
}

fn make_aside(
    file: &Path,
    aside: &Path,
    fill: impl FnOnce(&Database) -> Result<(), redb::Error>,
) -> Result<(), WholeError> {
    let open = private::file_options().create(true).truncate(false).open(aside)?;
    match open.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(WholeError::Locked),
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    // Only under the lock is this certain: whoever made the file renamed it before letting go of its lock.
    if file.symlink_metadata().is_ok() {
        return Err(WholeError::Exists);
    }
    open.set_len(0)?;
    let mut database = builder()
        .create_with_backend(FileBackend::new(open).map_err(redb::Error::from)?)
        .map_err(redb::Error::from)?;
    fill(&database)?;
    if !database.check_integrity().map_err(redb::Error::from)? {
        return Err(io::Error::other("the new file does not hold what was written").into());
    }
    fs::rename(aside, file)?;
    database.close().map_err(redb::Error::from)?;
    Ok(private::sync_folder(folder_of(file))?)
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn name_aside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_os_string();
    name.push(".new");
    PathBuf::from(name)
}
