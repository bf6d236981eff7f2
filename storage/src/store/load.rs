//! Reads everything that is in the store. A row that cannot be decoded is left where it is and told.

use super::Place;
use crate::rows::{self, Kind};
use anyon_model::{Entity, Problem, ProblemCode};
use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTable, TableError};
use std::collections::BTreeSet;

/// What is in the store.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// What could be decoded.
    pub(crate) entities: Vec<Entity>,
    /// Where rows lie that could not.
    pub(crate) unreadable: BTreeSet<Place>,
    /// The same for a person.
    pub(crate) notices: Vec<Problem>,
    /// All rows, readable or not.
    pub(crate) row_count: usize,
}

/// Reads everything, projects first.
pub(crate) fn load(database: &Database) -> Result<Loaded, redb::Error> {
    let txn = database.begin_read()?;
    let mut loaded = Loaded::default();
    for kind in Kind::ALL {
        load_kind(&txn, kind, &mut loaded)?;
    }
    Ok(loaded)
}

fn load_kind(txn: &ReadTransaction, kind: Kind, loaded: &mut Loaded) -> Result<(), redb::Error> {
    let table = match txn.open_table(kind.table()) {
        Ok(table) => table,
        Err(TableError::TableDoesNotExist(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for row in table.iter()? {
        let (key, bytes) = row?;
        loaded.row_count += 1;
        match rows::decode(kind, key.value(), bytes.value()) {
            Ok(entity) => loaded.entities.push(entity),
            Err(cause) => {
                loaded.notices.push(notice(kind, key.value(), &cause.to_string()));
                loaded.unreadable.insert((kind, key.value().to_vec()));
            }
        }
    }
    Ok(())
}

fn notice(kind: Kind, key: &[u8], cause: &str) -> Problem {
    Problem::new(
        ProblemCode::StoreDamaged,
        format!(
            "The {} {} in the store cannot be read",
            kind.table_name(),
            rows::key_text(key)
        ),
    )
    .detail(cause)
    .hint("It is left out and its bytes are kept. A backup may still have it: `anyon restore FILE`.")
}
