//! The `meta` table: what kind of file this is, who wrote it, whose it is.

use crate::{StoreError, rows::Table};
use anyon_model::StoreId;
use redb::{ReadTransaction, WriteTransaction};
use std::path::Path;

/// The format that this version writes. Another one means other tables, not other fields: those have their own
/// version in each row.
pub(crate) const FORMAT: u16 = 1;
/// The oldest Anyon that reads this format.
const NEEDS: &str = "0.1.0";
const TABLE: Table<'static> = Table::new("meta");

/// What the file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meta {
    /// Format of the tables.
    pub(crate) format: u16,
    /// The version that wrote this format.
    pub(crate) app_version: String,
    /// The oldest version that reads this format.
    pub(crate) min_reader: String,
    /// Whose worktrees are this store's.
    pub(crate) store_id: StoreId,
}

impl Meta {
    /// Of a store that this version makes.
    pub(crate) fn current(store_id: StoreId) -> Self {
        Self {
            format: FORMAT,
            app_version: env!("CARGO_PKG_VERSION").to_string(),
            min_reader: NEEDS.to_string(),
            store_id,
        }
    }

    /// An error when a newer version wrote it.
    pub(crate) fn must_be_known(&self, file: &Path) -> Result<(), StoreError> {
        if self.format <= FORMAT {
            return Ok(());
        }
        Err(StoreError::Newer {
            file: file.to_path_buf(),
            format: self.format,
            needs: self.min_reader.clone(),
        })
    }
}

/// Writes it.
pub(crate) fn write(txn: &WriteTransaction, meta: &Meta) -> Result<(), redb::Error> {
    let mut table = txn.open_table(TABLE)?;
    table.insert(b"format".as_slice(), meta.format.to_le_bytes().as_slice())?;
    table.insert(b"app_version".as_slice(), meta.app_version.as_bytes())?;
    table.insert(b"min_reader".as_slice(), meta.min_reader.as_bytes())?;
    table.insert(b"store_id".as_slice(), meta.store_id.as_bytes().as_slice())?;
    Ok(())
}

/// Reads it; the error says what is missing.
pub(crate) fn read(txn: &ReadTransaction) -> Result<Meta, String> {
    let table = txn
        .open_table(TABLE)
        .map_err(|_| "the file is not a store of Anyon".to_string())?;
    let field = |name: &str| match table.get(name.as_bytes()) {
        Ok(Some(value)) => Ok(value.value().to_vec()),
        Ok(None) => Err(format!("the store does not say its {name}")),
        Err(error) => Err(error.to_string()),
    };
    let text = |name: &str| field(name).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let format = <[u8; 2]>::try_from(field("format")?).map_err(|_| "the store's format is not a number")?;
    let store_id = <[u8; 16]>::try_from(field("store_id")?).map_err(|_| "the store's id is not an id")?;
    Ok(Meta {
        format: u16::from_le_bytes(format),
        app_version: text("app_version")?,
        min_reader: text("min_reader")?,
        store_id: StoreId::from_bytes(store_id),
    })
}
