//! Stories of a store, and what they share.

mod copies;
mod refusals;

use super::{
    CACHE_BYTES, SET_ASIDE, meta,
    meta::{FORMAT, Meta},
    migrate::{self, Step},
    store_file, transaction,
};
use crate::{
    Opened, Store, StoreError,
    rows::{self, Kind, Table},
    stored::samples::{Ingredients, samples},
};
use anyon_model::*;
use proptest::prelude::*;
use redb::{Builder, Database, ReadableDatabase, ReadableTable};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

const NOW: Timestamp = Timestamp::from_ms(1_763_800_000_000);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn new_id() -> StoreId {
    StoreId::from_bytes([7; 16])
}

fn open(folder: &Path) -> Opened {
    Store::open(folder, NOW, new_id()).unwrap()
}

fn problem(folder: &Path) -> Problem {
    Store::open(folder, NOW, new_id()).unwrap_err().into()
}

fn label(n: u8, name: &str) -> Label {
    Label {
        id: LabelId::from_bytes([n; 16]),
        project_id: ProjectId::from_bytes([1; 16]),
        name: name.to_string(),
        color: "#000000".into(),
    }
}

fn put_labels(store: &Store, labels: impl IntoIterator<Item = Label>) {
    let changes: Vec<Change> = labels.into_iter().map(Change::from).collect();
    store.commit(&changes).unwrap();
}

/// Entities by key, so that order does not matter.
fn by_key(entities: impl IntoIterator<Item = Entity>) -> BTreeMap<EntityKey, Entity> {
    entities
        .into_iter()
        .map(|entity| (entity.key(), entity))
        .collect()
}

fn raw_database(folder: &Path) -> Database {
    Builder::new()
        .set_cache_size(CACHE_BYTES)
        .open(store_file(folder))
        .unwrap()
}

/// A store with some labels, closed.
fn filled(folder: &Path) -> BTreeMap<EntityKey, Entity> {
    let opened = open(folder);
    put_labels(&opened.store, (0..200).map(|n| label(n, &"text ".repeat(50))));
    opened.store.close().unwrap();
    let opened = open(folder);
    opened.store.close().unwrap();
    by_key(opened.entities)
}

fn files_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_was_committed_is_there_after_opening_again() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("new/data");
    let opened = open(&folder);
    assert_eq!(opened.store_id, new_id());
    assert!(opened.entities.is_empty());
    let entities = by_key(
        samples(&Ingredients::fixed())
            .into_iter()
            .map(|(_, entity)| entity),
    );
    let changes: Vec<_> = entities.values().cloned().map(Change::Put).collect();
    opened.store.commit(&changes).unwrap();
    opened.store.close().unwrap();

    let again = Store::open(&folder, NOW, StoreId::from_bytes([9; 16])).unwrap();
    assert_eq!(again.store_id, new_id(), "a store keeps its identity");
    assert!(matches!(again.entities[0], Entity::Project(_)), "projects first");
    assert_eq!(by_key(again.entities), entities);
    assert_eq!(again.notices, []);
}

#[test]
fn the_last_change_of_a_commit_wins_and_removed_is_gone() {
    let home = tempfile::tempdir().unwrap();
    let opened = open(home.path());
    let kept = label(1, "second");
    opened
        .store
        .commit(&[
            label(1, "first").into(),
            label(2, "gone").into(),
            kept.clone().into(),
            Change::Remove(EntityKey::Label(label(2, "").id)),
            Change::Remove(EntityKey::Label(label(3, "").id)),
        ])
        .unwrap();
    opened.store.close().unwrap();
    assert_eq!(open(home.path()).entities, [Entity::Label(Arc::new(kept))]);
}

#[test]
fn live_changes_are_not_stored() {
    let home = tempfile::tempdir().unwrap();
    let opened = open(home.path());
    let live = Change::Live {
        execution_id: ExecutionId::from_bytes([1; 16]),
        live: Some(Arc::default()),
    };
    opened.store.commit(&[live]).unwrap();
    opened.store.close().unwrap();
    assert!(open(home.path()).entities.is_empty());
}

#[test]
fn a_row_too_long_is_refused_and_nothing_of_its_commit_is_there() {
    let home = tempfile::tempdir().unwrap();
    let opened = open(home.path());
    let long = label(2, &"x".repeat(9 << 20));
    let error = opened
        .store
        .commit(&[label(1, "fine").into(), long.into()])
        .unwrap_err();
    let problem = Problem::from(error);
    assert_eq!(problem.code, ProblemCode::InvalidRequest);
    assert!(problem.detail.len() < 300, "the text is not repeated");
    opened.store.close().unwrap();
    assert!(open(home.path()).entities.is_empty());
}

#[test]
#[cfg(unix)]
fn only_the_owner_reads_the_store() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data");
    let opened = open(&folder);
    put_labels(&opened.store, [label(1, "a")]);
    opened.store.close().unwrap();
    let _opened = open(&folder);
    let mode = |path: &str| fs::metadata(folder.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(""), 0o700);
    assert_eq!(mode("anyon.redb"), 0o600);
    assert_eq!(mode("host.json"), 0o600);
    assert_eq!(mode("backups"), 0o700);
    let backup = &files_in(&folder.join("backups"))[0];
    assert_eq!(mode(&format!("backups/{backup}")), 0o600);
}

#[test]
fn a_row_that_cannot_be_read_is_left_out_told_and_kept() {
    let home = tempfile::tempdir().unwrap();
    let opened = open(home.path());
    put_labels(&opened.store, [label(1, "fine"), label(2, "to be damaged")]);
    opened.store.commit(&[Settings::default().into()]).unwrap();
    opened.store.close().unwrap();
    let (kind, key) = rows::place(&EntityKey::Settings(SettingsKey));
    let database = raw_database(home.path());
    transaction(&database, |txn| {
        txn.open_table(kind.table())?
            .insert(key.as_slice(), b"old settings".as_slice())?;
        txn.open_table(Kind::Label.table())?
            .insert([2; 16].as_slice(), b"old label".as_slice())?;
        Ok(())
    })
    .unwrap();
    database.close().unwrap();

    let opened = open(home.path());
    assert_eq!(opened.entities, [Entity::Label(Arc::new(label(1, "fine")))]);
    let told: Vec<_> = opened
        .notices
        .iter()
        .map(|notice| notice.title.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "The label 02020202-0202-0202-0202-020202020202 in the store cannot be read",
            "The settings settings in the store cannot be read"
        ]
    );

    // New settings do not destroy what could not be read.
    opened.store.commit(&[Settings::default().into()]).unwrap();
    opened.store.commit(&[Settings::default().into()]).unwrap();
    opened.store.close().unwrap();
    let database = raw_database(home.path());
    let txn = database.begin_read().unwrap();
    let labels = txn.open_table(Kind::Label.table()).unwrap();
    let left = labels.get([2; 16].as_slice()).unwrap().unwrap();
    assert_eq!(left.value(), b"old label");
    let aside = txn.open_table(SET_ASIDE).unwrap();
    let kept: Vec<_> = aside
        .iter()
        .unwrap()
        .map(|row| row.unwrap().1.value().to_vec())
        .collect();
    assert_eq!(kept, [b"\x10\x08\0\0\0settingsold settings".to_vec()]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_store_is_a_map_of_its_changes(
        commits in prop::collection::vec(prop::collection::vec((0u8..6, prop::option::of(".{0,8}")), 0..5), 1..6)
    ) {
        let home = tempfile::tempdir().unwrap();
        let mut expected = BTreeMap::new();
        let opened = open(home.path());
        for commit in commits {
            let changes: Vec<Change> = commit.iter().map(|(n, name)| match name {
                Some(name) => label(*n, name).into(),
                None => Change::Remove(EntityKey::Label(label(*n, "").id)),
            }).collect();
            for (n, name) in commit {
                match name {
                    Some(name) => expected.insert(n, label(n, &name)),
                    None => expected.remove(&n),
                };
            }
            opened.store.commit(&changes).unwrap();
        }
        opened.store.close().unwrap();
        let found = open(home.path()).entities;
        let expected: Vec<_> = expected.into_values().map(|label| Entity::Label(Arc::new(label))).collect();
        prop_assert_eq!(found, expected);
    }
}
