//! Copies of the store: on demand, and one a day by itself, of which seven are kept.

use super::{
    transaction,
    whole::{self, WholeError},
};
use crate::{StoreError, private, rows::Table, stamp::stamp};
use anyon_model::{Problem, Timestamp};
use redb::{Database, ReadableDatabase, ReadableTable, TableHandle, WriteTransaction};
use std::{
    fs,
    path::{Path, PathBuf},
};

const KEPT: usize = 7;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Copies what the store holds now into the new file `file`, checked.
pub(crate) fn copy(database: &Database, file: &Path) -> Result<(), StoreError> {
    whole::make(file, |target| {
        let source = database.begin_read()?;
        transaction(target, |txn| copy_tables(&source, txn))
    })
    .map_err(|error| match error {
        WholeError::Exists | WholeError::Locked => StoreError::Exists {
            file: file.to_path_buf(),
        },
        WholeError::Io(source) => StoreError::unwritable(file, source),
        WholeError::Redb(source) => StoreError::failed("copying the store")(source),
    })
}

fn copy_tables(source: &redb::ReadTransaction, target: &WriteTransaction) -> Result<(), redb::Error> {
    for table in source.list_tables()? {
        let definition = Table::new(table.name());
        let from = source.open_table(definition)?;
        let mut to = target.open_table(definition)?;
        for row in from.iter()? {
            let (key, bytes) = row?;
            to.insert(key.value(), bytes.value())?;
        }
    }
    Ok(())
}

/// Makes the day's backup if there is none yet, and removes the oldest.
pub(crate) fn daily(database: &Database, folder: &Path, now: Timestamp) -> Result<(), Problem> {
    let day_ago = name(now.plus_ms(-DAY_MS));
    let newest_name = name(now);
    // One that a wrong clock dated in the future does not count.
    let is_recent = |file: &PathBuf| {
        file.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name > day_ago.as_str() && name <= newest_name.as_str())
    };
    if all(folder).iter().any(is_recent) {
        return Ok(());
    }
    make(database, folder, &newest_name).map_err(|error| {
        let mut problem = Problem::from(error);
        problem.title = "The daily backup of the store could not be made".into();
        problem
    })
}

fn make(database: &Database, folder: &Path, name: &str) -> Result<(), StoreError> {
    let backups = place(folder);
    private::create_folder(&backups).map_err(|source| StoreError::unwritable(&backups, source))?;
    copy(database, &backups.join(name))?;
    let files = all(folder);
    for old in &files[..files.len().saturating_sub(KEPT)] {
        fs::remove_file(old).map_err(|source| StoreError::unwritable(old, source))?;
    }
    Ok(())
}

/// The newest backup made by itself.
pub(crate) fn newest(folder: &Path) -> Option<PathBuf> {
    all(folder).pop()
}

/// The backups made by themselves, oldest first.
fn all(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(place(folder)) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| is_backup(path))
        .collect();
    files.sort();
    files
}

fn is_backup(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    name.starts_with("anyon-") && name.ends_with(".redb")
}

fn name(time: Timestamp) -> String {
    format!("anyon-{}.redb", stamp(time))
}

fn place(folder: &Path) -> PathBuf {
    folder.join("backups")
}
