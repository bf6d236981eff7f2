//! The store: one redb file with a table per kind of entity.
//!
//! One process holds it at a time; redb's lock decides which. Opening never changes a file that it refuses: a
//! damaged, newer or locked store is found out without writing a byte.

mod backup;
mod inspect;
mod load;
mod meta;
mod migrate;
mod overlay;
mod restore;
mod whole;

#[cfg(test)]
mod crash_consistency;
#[cfg(test)]
mod tests;

use crate::{
    StoreError,
    codec::CodecError,
    host::{self, HostFile},
    private,
    rows::{self, Kind, Table},
};
use anyon_model::{Change, Entity, Problem, StoreId, Timestamp};
use inspect::{Locking, Refused};
use meta::Meta;
use redb::{Builder, Database, Durability, ReadableTable, WriteTransaction};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// Memory for pages. Everything is loaded once at the start, so reads hardly matter afterwards.
const CACHE_BYTES: usize = 8 << 20;

/// Rows that could not be decoded and that a newer version of the entity replaced: number to kind, key and bytes.
const SET_ASIDE: Table<'static> = Table::new("set_aside");

/// A kind and a key: the place of a row.
type Place = (Kind, Vec<u8>);

/// The store, open. Holds the lock until it is closed or dropped.
#[derive(Debug)]
pub struct Store {
    /// Dropped before the database: the hint must not outlive the lock.
    host: HostFile,
    database: Database,
    /// Rows that could not be decoded when the store was opened; kept, also when their key is written.
    unreadable: Mutex<BTreeSet<Place>>,
}

/// A store that was opened, with what is in it.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Its identity, given when it was created.
    pub store_id: StoreId,
    /// Everything in it, projects first.
    pub entities: Vec<Entity>,
    /// What a person should know: rows that could not be read, a daily backup that failed.
    pub notices: Vec<Problem>,
}

impl Store {
    /// Opens or creates `<folder>/anyon.redb`. `new_store_id` is used only when it is created; `now` names and dates
    /// the daily backup.
    pub fn open(folder: &Path, now: Timestamp, new_store_id: StoreId) -> Result<Opened, StoreError> {
        private::create_folder(folder).map_err(|source| StoreError::unwritable(folder, source))?;
        let file = store_file(folder);
        if !file.exists() {
            create(folder, &file, &Meta::current(new_store_id))?;
        }
        let meta = inspect::inspect(&file, Locking::Exclusive).map_err(|why| why.of_store(folder))?;
        meta.must_be_known(&file)?;
        let database = builder()
            .open(&file)
            .map_err(|error| Refused::from(error).of_store(folder))?;
        migrate::bring_up_to_date(&database, &file, &meta, now)?;
        let loaded =
            load::load(&database).map_err(|error| Refused::Damaged(error.to_string()).of_store(folder))?;
        let mut notices = loaded.notices;
        if loaded.row_count > 0 {
            notices.extend(backup::daily(&database, folder, now).err());
        }
        Ok(Opened {
            store: Self {
                host: HostFile::write(folder),
                database,
                unreadable: Mutex::new(loaded.unreadable),
            },
            store_id: meta.store_id,
            entities: loaded.entities,
            notices,
        })
    }

    /// Makes the changes in one transaction and returns when it is durable. Changes that are not durable are left
    /// out. After an error nothing of it is there.
    pub fn commit(&self, changes: &[Change]) -> Result<(), StoreError> {
        if !changes.iter().any(Change::is_durable) {
            return Ok(());
        }
        let rows = changes.iter().filter_map(row_of).collect::<Result<Vec<_>, _>>()?;
        let mut unreadable = self.unreadable.lock().unwrap_or_else(PoisonError::into_inner);
        let replaced: Vec<Place> = rows
            .iter()
            .filter_map(|row| unreadable.get(&row.place).cloned())
            .collect();
        transaction(&self.database, |txn| {
            for place in &replaced {
                set_aside(txn, place)?;
            }
            rows.iter().try_for_each(|row| write_row(txn, row))
        })
        .map_err(StoreError::failed("writing changes"))?;
        for place in replaced {
            unreadable.remove(&place);
        }
        Ok(())
    }

    /// Copies the store as it is now into a new redb file and checks the copy. The file must not exist; it appears
    /// whole or not at all.
    pub fn backup(&self, file: &Path) -> Result<(), StoreError> {
        backup::copy(&self.database, file)
    }

    /// Gives up the lock and closes the file, telling errors that dropping would swallow.
    pub fn close(self) -> Result<(), StoreError> {
        drop(self.host);
        self.database
            .close()
            .map_err(StoreError::failed("closing the store"))
    }

    /// Puts a backup in the store's place and returns where the replaced store is now (no file is there when there
    /// was no store). The backup is checked first; the store must not be open anywhere.
    pub fn restore(folder: &Path, backup_file: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
        restore::restore(folder, backup_file, now)
    }
}

/// A row to be written, or removed where there are no bytes.
struct Row {
    place: Place,
    bytes: Option<Vec<u8>>,
}

/// `None` for what is never stored.
fn row_of(change: &Change) -> Option<Result<Row, StoreError>> {
    match change {
        Change::Put(entity) => {
            let place = rows::place(&entity.key());
            Some(match rows::encode(entity) {
                Ok(bytes) => Ok(Row {
                    place,
                    bytes: Some(bytes),
                }),
                Err(cause) => Err(row_error(&place, &cause)),
            })
        }
        Change::Remove(key) => Some(Ok(Row {
            place: rows::place(key),
            bytes: None,
        })),
        Change::Live { .. }
        | Change::Clone { .. }
        | Change::Confirmation { .. }
        | Change::Conflicts { .. } => None,
    }
}

fn row_error((kind, key): &Place, cause: &CodecError) -> StoreError {
    StoreError::Row {
        kind: kind.table_name(),
        key: rows::key_text(key),
        cause: cause.to_string(),
    }
}

fn write_row(txn: &WriteTransaction, row: &Row) -> Result<(), redb::Error> {
    let (kind, key) = &row.place;
    let mut table = txn.open_table(kind.table())?;
    match &row.bytes {
        Some(bytes) => table.insert(key.as_slice(), bytes.as_slice())?,
        None => table.remove(key.as_slice())?,
    };
    Ok(())
}

/// Copies a row that this version cannot read to where nothing overwrites it.
fn set_aside(txn: &WriteTransaction, (kind, key): &Place) -> Result<(), redb::Error> {
    let table = txn.open_table(kind.table())?;
    let Some(bytes) = table.get(key.as_slice())?.map(|row| row.value().to_vec()) else {
        return Ok(());
    };
    let mut aside = txn.open_table(SET_ASIDE)?;
    let number = match aside.last()? {
        Some((last, _)) => last.value().try_into().map_or(0, u64::from_be_bytes) + 1,
        None => 1,
    };
    let mut record = vec![*kind as u8];
    record.extend_from_slice(&(key.len() as u32).to_le_bytes());
    record.extend_from_slice(key);
    record.extend_from_slice(&bytes);
    aside.insert(number.to_be_bytes().as_slice(), record.as_slice())?;
    Ok(())
}

/// Runs `work` in one transaction that is durable when this returns.
fn transaction(
    database: &Database,
    work: impl FnOnce(&WriteTransaction) -> Result<(), redb::Error>,
) -> Result<(), redb::Error> {
    let mut txn = database.begin_write()?;
    txn.set_durability(Durability::Immediate)?;
    // Without it, opening after a crash walks the whole file.
    txn.set_quick_repair(true);
    work(&txn)?;
    txn.commit()?;
    Ok(())
}

fn create(folder: &Path, file: &Path, meta: &Meta) -> Result<(), StoreError> {
    match whole::make(file, |database| {
        transaction(database, |txn| meta::write(txn, meta))
    }) {
        Ok(()) => Ok(()),
        // Another process was faster: open what it made.
        Err(whole::WholeError::Exists) => Ok(()),
        Err(whole::WholeError::Locked) => Err(Refused::Locked.of_store(folder)),
        Err(whole::WholeError::Io(source)) => Err(StoreError::unwritable(file, source)),
        Err(whole::WholeError::Redb(source)) => Err(StoreError::failed("creating the store")(source)),
    }
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

fn store_file(folder: &Path) -> PathBuf {
    folder.join("anyon.redb")
}

impl Refused {
    /// The same, told of the store in `folder`.
    fn of_store(self, folder: &Path) -> StoreError {
        let file = store_file(folder);
        match self {
            Self::Locked => StoreError::Locked {
                folder: folder.to_path_buf(),
                holder: host::read(folder),
            },
            Self::Damaged(cause) => StoreError::Damaged {
                file,
                cause,
                newest_backup: backup::newest(folder),
            },
            Self::Unusable(source) => StoreError::unwritable(&file, source),
        }
    }
}
