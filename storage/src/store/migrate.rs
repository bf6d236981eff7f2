//! From an older format to this one: a copy first, then all steps in one transaction.

use super::{
    backup, meta,
    meta::{FORMAT, Meta},
    transaction,
};
use crate::{StoreError, stamp::stamp};
use anyon_model::Timestamp;
use redb::{Database, WriteTransaction};
use std::path::{Path, PathBuf};

/// Brings the tables of one format to the next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// The format it starts from; it ends with the next one.
    pub(crate) from: u16,
    /// What it does.
    pub(crate) run: fn(&WriteTransaction) -> Result<(), redb::Error>,
}

/// All steps there are. Format 1 is the first.
const STEPS: &[Step] = &[];

/// Does what is needed to have this version's format.
pub(crate) fn bring_up_to_date(
    database: &Database,
    file: &Path,
    meta: &Meta,
    now: Timestamp,
) -> Result<(), StoreError> {
    migrate(
        database,
        file,
        meta,
        &Meta {
            format: FORMAT,
            ..Meta::current(meta.store_id)
        },
        STEPS,
        now,
    )
}

/// Brings a store from what `old` says to what `new` says.
pub(crate) fn migrate(
    database: &Database,
    file: &Path,
    old: &Meta,
    new: &Meta,
    steps: &[Step],
    now: Timestamp,
) -> Result<(), StoreError> {
    if old.format == new.format {
        return Ok(());
    }
    let way: Option<Vec<Step>> = (old.format..new.format)
        .map(|format| steps.iter().find(|step| step.from == format).copied())
        .collect();
    let Some(way) = way else {
        return Err(StoreError::Damaged {
            file: file.to_path_buf(),
            cause: format!("there is no way from format {} to {}", old.format, new.format),
            newest_backup: file.parent().and_then(backup::newest),
        });
    };
    backup::copy(database, &copy_name(file, &new.app_version, now))?;
    transaction(database, |txn| {
        way.iter().try_for_each(|step| (step.run)(txn))?;
        meta::write(txn, new)
    })
    .map_err(StoreError::failed("bringing the store to this version"))
}

/// `anyon.redb.pre-<version>`, with the time where an earlier migration left one.
fn copy_name(file: &Path, version: &str, now: Timestamp) -> PathBuf {
    let named = |suffix: &str| {
        let mut name = file.as_os_str().to_os_string();
        name.push(format!(".pre-{version}{suffix}"));
        PathBuf::from(name)
    };
    let first = named("");
    match first.exists() {
        false => first,
        true => named(&format!("-{}", stamp(now))),
    }
}
