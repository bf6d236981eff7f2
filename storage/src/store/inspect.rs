//! Looks at a store's file without changing it: whole or not, whose format.

use super::{
    builder,
    meta::{self, Meta},
    overlay::Overlay,
};
use redb::{DatabaseError, ReadableDatabase, StorageError, backends::FileBackend};
use std::{
    fs::File,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

/// Why a file is not opened as a store.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Another process holds it.
    Locked,
    /// It is not what was written: in words.
    Damaged(String),
    /// The operating system does not let us.
    Unusable(io::Error),
}

/// Whether a file is locked while it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Locking {
    /// The store: nobody else may have it open.
    Exclusive,
    /// A copy that nobody writes.
    None,
}

/// Checks every page of a file and says what it is. The file is not written.
pub(crate) fn inspect(file: &Path, locking: Locking) -> Result<Meta, Refused> {
    let open = File::options()
        .read(true)
        .write(locking == Locking::Exclusive)
        .open(file)
        .map_err(Refused::Unusable)?;
    // redb takes an empty file for a new one; ours are never empty, see `whole`.
    if open.metadata().map_err(Refused::Unusable)?.len() == 0 {
        return Err(Refused::Damaged("the file is empty".into()));
    }
    // Damage can get redb to panic. Nothing outlives this call that a panic could leave half done.
    catch_unwind(AssertUnwindSafe(|| check(open, locking)))
        .unwrap_or_else(|_| Err(Refused::Damaged("the file cannot be made sense of".into())))
}

fn check(file: File, locking: Locking) -> Result<Meta, Refused> {
    let backend = FileBackend::new(file)?;
    let overlay = Overlay::new(backend, locking == Locking::Exclusive).map_err(Refused::Unusable)?;
    let database = builder()
        .set_check_integrity_on_open(true)
        .create_with_backend(overlay)?;
    let txn = database
        .begin_read()
        .map_err(|error| Refused::Damaged(error.to_string()))?;
    meta::read(&txn).map_err(Refused::Damaged)
}

impl From<DatabaseError> for Refused {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => Self::Locked,
            DatabaseError::Storage(StorageError::Io(error)) if !is_damage(&error) => Self::Unusable(error),
            error => Self::Damaged(error.to_string()),
        }
    }
}

/// redb's words for “not a redb file” and “shorter than it should be”.
fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}
