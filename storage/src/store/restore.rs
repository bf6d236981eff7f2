//! Puts a backup in the store's place. The replaced store is kept beside it.

use super::{
    inspect::{self, Locking, Refused},
    store_file,
};
use crate::{StoreError, private, stamp::stamp};
use anyon_model::Timestamp;
use redb::{StorageBackend, backends::FileBackend};
use std::{
    fs::{self, File},
    io,
    ops::Bound,
    path::{Path, PathBuf},
};

/// See [`crate::Store::restore`].
pub(crate) fn restore(folder: &Path, backup_file: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    check_backup(backup_file)?;
    private::create_folder(folder).map_err(|source| StoreError::unwritable(folder, source))?;
    let file = store_file(folder);
    let unwritable = |source| StoreError::unwritable(&file, source);
    // Held until the end: nobody opens the store while it is replaced.
    let _lock = match file.exists() {
        true => Some(lock(&file).map_err(|why| why.of_store(folder))?),
        false => None,
    };
    let coming = named(&file, ".restored");
    copy(backup_file, &coming).map_err(unwritable)?;
    let replaced = free_name(&file, now);
    if file.exists() {
        keep(&file, &replaced).map_err(unwritable)?;
    }
    fs::rename(&coming, &file).map_err(unwritable)?;
    private::sync_folder(folder).map_err(unwritable)?;
    Ok(replaced)
}

fn check_backup(backup_file: &Path) -> Result<(), StoreError> {
    let file = backup_file.to_path_buf();
    match inspect::inspect(backup_file, Locking::None) {
        Ok(meta) => meta.must_be_known(backup_file),
        Err(Refused::Damaged(cause)) => Err(StoreError::BackupDamaged { file, cause }),
        Err(Refused::Unusable(source)) => Err(StoreError::BackupUnreadable { file, source }),
        Err(Refused::Locked) => Err(StoreError::BackupUnreadable {
            file,
            source: io::ErrorKind::WouldBlock.into(),
        }),
    }
}

/// redb's lock, taken without opening: a damaged store can be replaced too.
fn lock(file: &Path) -> Result<FileBackend, Refused> {
    let open = File::options()
        .read(true)
        .write(true)
        .open(file)
        .map_err(Refused::Unusable)?;
    let backend = FileBackend::new(open)?;
    match backend.try_lock_range(Bound::Unbounded, Bound::Unbounded) {
        Ok(true) => Ok(backend),
        Ok(false) => Err(Refused::Locked),
        Err(error) => Err(Refused::Unusable(error.into())),
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut target = private::file_options().create(true).truncate(true).open(to)?;
    io::copy(&mut File::open(from)?, &mut target)?;
    target.sync_all()
}

/// Gives the store a second name, so that there is no moment without a store under its own. Where the file system
/// has no second names, a copy.
fn keep(file: &Path, replaced: &Path) -> io::Result<()> {
    fs::hard_link(file, replaced).or_else(|_| copy(file, replaced))
}

fn free_name(file: &Path, now: Timestamp) -> PathBuf {
    let first = named(file, &format!(".replaced-{}", stamp(now)));
    let numbered = (2..).map(|n| named(&first, &format!("-{n}")));
    std::iter::once(first.clone())
        .chain(numbered)
        .find(|path| !path.exists())
        .unwrap_or(first)
}

fn named(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}
