//! Stories of a store: opened, held, damaged, newer, copied, put back.

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
fn a_second_opener_is_told_who_holds_the_store() {
    let home = tempfile::tempdir().unwrap();
    let first = open(home.path());
    put_labels(&first.store, [label(1, "before")]);
    let told = problem(home.path());
    assert_eq!(told.code, ProblemCode::StoreLocked);
    let pid = std::process::id().to_string();
    assert!(told.detail.contains(&pid) && told.hint.contains(&pid), "{told}");
    put_labels(&first.store, [label(2, "still the holder's")]);

    fs::remove_file(home.path().join("host.json")).unwrap();
    let told = problem(home.path());
    assert_eq!(told.code, ProblemCode::StoreLocked);
    assert!(told.detail.contains("another process"), "{told}");

    first.store.close().unwrap();
    assert!(!home.path().join("host.json").exists());
    assert_eq!(open(home.path()).entities.len(), 2);
}

#[test]
fn a_file_in_the_folders_place_is_told() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data");
    fs::write(&folder, "a file").unwrap();
    let told = problem(&folder);
    assert_eq!(told.code, ProblemCode::StoreUnwritable);
    assert!(told.hint.contains("--data-dir"), "{told}");
    assert_eq!(fs::read(&folder).unwrap(), b"a file");
}

#[test]
fn a_folder_in_the_files_place_is_told() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(store_file(home.path())).unwrap();
    assert_eq!(problem(home.path()).code, ProblemCode::StoreUnwritable);
}

#[test]
#[cfg(unix)]
fn a_folder_that_may_not_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::geteuid().is_root() {
        // Root may write anywhere.
        return;
    }
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o500)).unwrap();
    assert_eq!(problem(home.path()).code, ProblemCode::StoreUnwritable);
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
}

/// The store is refused as damaged, and the folder is as it was.
fn assert_refused_as_damaged(folder: &Path) -> Problem {
    let before = fs::read(store_file(folder)).unwrap();
    let names = files_in(folder);
    let told = problem(folder);
    assert_eq!(told.code, ProblemCode::StoreDamaged, "{told}");
    assert!(
        fs::read(store_file(folder)).unwrap() == before,
        "the file was changed"
    );
    assert_eq!(files_in(folder), names);
    told
}

#[test]
fn a_damaged_store_is_told_with_its_newest_backup() {
    let home = tempfile::tempdir().unwrap();
    filled(home.path());
    for bytes in [b"".as_slice(), b"not a store", &[0; 5000]] {
        fs::write(store_file(home.path()), bytes).unwrap();
        let told = assert_refused_as_damaged(home.path());
        assert!(
            told.hint.contains("anyon restore") && told.hint.contains("backups/anyon-2025"),
            "{told}"
        );
    }
}

#[test]
fn another_programs_redb_file_is_not_taken_for_a_store() {
    let home = tempfile::tempdir().unwrap();
    let foreign = Database::create(store_file(home.path())).unwrap();
    let txn = foreign.begin_write().unwrap();
    txn.open_table(redb::TableDefinition::<u64, u64>::new("theirs"))
        .unwrap()
        .insert(1, 2)
        .unwrap();
    txn.commit().unwrap();
    foreign.close().unwrap();
    let told = assert_refused_as_damaged(home.path());
    assert!(told.detail.contains("not a store of Anyon"), "{told}");
}

#[test]
fn a_truncated_store_is_refused_whatever_is_left() {
    let home = tempfile::tempdir().unwrap();
    filled(home.path());
    let whole = fs::read(store_file(home.path())).unwrap();
    for part in 0..16 {
        fs::write(store_file(home.path()), &whole[..whole.len() * part / 16]).unwrap();
        assert_refused_as_damaged(home.path());
    }
}

#[test]
fn a_store_with_flipped_bytes_is_whole_or_refused() {
    let home = tempfile::tempdir().unwrap();
    let entities = filled(home.path());
    let whole = fs::read(store_file(home.path())).unwrap();
    let mut refused = 0;
    for at in (0..512).chain((512..whole.len()).step_by(997)) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        fs::write(store_file(home.path()), &bytes).unwrap();
        match Store::open(home.path(), NOW, new_id()) {
            Ok(opened) => {
                assert!(
                    by_key(opened.entities) == entities,
                    "flipped at {at}: rows are missing"
                );
                assert_eq!(opened.notices, [], "flipped at {at}");
            }
            Err(StoreError::Damaged { .. }) => {
                refused += 1;
                assert!(
                    fs::read(store_file(home.path())).unwrap() == bytes,
                    "flipped at {at}: changed"
                );
            }
            Err(error) => panic!("flipped at {at}: {error}"),
        }
    }
    assert!(refused > 10, "{refused} were noticed");
}

#[test]
fn a_newer_store_is_refused_with_the_version_it_needs_and_not_written() {
    let home = tempfile::tempdir().unwrap();
    filled(home.path());
    let database = raw_database(home.path());
    let newer = Meta {
        format: FORMAT + 1,
        min_reader: "3.2.1".into(),
        ..Meta::current(new_id())
    };
    transaction(&database, |txn| meta::write(txn, &newer)).unwrap();
    database.close().unwrap();
    let before = fs::read(store_file(home.path())).unwrap();
    let told = problem(home.path());
    assert_eq!(told.code, ProblemCode::StoreNewer);
    assert!(
        told.detail.contains("3.2.1") && told.hint.contains("3.2.1"),
        "{told}"
    );
    assert!(
        fs::read(store_file(home.path())).unwrap() == before,
        "it was written"
    );
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

#[test]
fn a_migration_copies_first_and_happens_whole() {
    const GREETING: Table<'static> = Table::new("greeting");
    fn greet(txn: &redb::WriteTransaction) -> Result<(), redb::Error> {
        txn.open_table(GREETING)?
            .insert(b"a".as_slice(), b"hello".as_slice())?;
        Ok(())
    }
    fn fail(txn: &redb::WriteTransaction) -> Result<(), redb::Error> {
        greet(txn)?;
        Err(redb::Error::Corrupted("on purpose".into()))
    }
    let home = tempfile::tempdir().unwrap();
    filled(home.path());
    let file = store_file(home.path());
    let database = raw_database(home.path());
    let old = Meta::current(new_id());
    let new = Meta {
        format: FORMAT + 1,
        app_version: "9.0.0".into(),
        ..old.clone()
    };
    let migrate = |run: fn(&redb::WriteTransaction) -> Result<(), redb::Error>| {
        let steps = [Step { from: FORMAT, run }];
        migrate::migrate(&database, &file, &old, &new, &steps, NOW)
    };
    let meta_now = || meta::read(&database.begin_read().unwrap()).unwrap();

    assert!(matches!(
        migrate::migrate(&database, &file, &old, &new, &[], NOW),
        Err(StoreError::Damaged { .. })
    ));
    assert!(migrate(fail).is_err());
    assert_eq!(meta_now(), old);
    assert!(database.begin_read().unwrap().open_table(GREETING).is_err());

    migrate(greet).unwrap();
    assert_eq!(meta_now(), new);
    let copies: Vec<_> = files_in(home.path())
        .into_iter()
        .filter(|name| name.contains(".pre-"))
        .collect();
    assert_eq!(
        copies,
        ["anyon.redb.pre-9.0.0", "anyon.redb.pre-9.0.0-20251122-082640"]
    );
    let copy = Database::open(home.path().join(&copies[1])).unwrap();
    assert_eq!(meta::read(&copy.begin_read().unwrap()).unwrap(), old);
}

#[test]
fn a_backup_holds_what_the_store_holds_and_overwrites_nothing() {
    let home = tempfile::tempdir().unwrap();
    let entities = filled(home.path());
    let opened = open(home.path());
    let file = home.path().join("copy.redb");
    opened.store.backup(&file).unwrap();
    put_labels(&opened.store, [label(250, "later")]);
    let told = Problem::from(opened.store.backup(&file).unwrap_err());
    assert_eq!(told.code, ProblemCode::AlreadyExists);
    let nowhere = home.path().join("no/such/folder.redb");
    let told = Problem::from(opened.store.backup(&nowhere).unwrap_err());
    assert_eq!(told.code, ProblemCode::StoreUnwritable);

    let other = home.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::copy(&file, store_file(&other)).unwrap();
    let copied = open(&other);
    assert_eq!(copied.store_id, new_id());
    assert!(by_key(copied.entities) == entities);
}

#[test]
fn a_backup_is_made_once_a_day_and_seven_are_kept() {
    let home = tempfile::tempdir().unwrap();
    let backups = home.path().join("backups");
    let open_on = |day: i64, hour: i64| {
        let now = NOW.plus_ms(day * DAY_MS + hour * 60 * 60 * 1000);
        let opened = Store::open(home.path(), now, new_id()).unwrap();
        assert_eq!(opened.notices, []);
        put_labels(&opened.store, [label(1, &format!("day {day}"))]);
        opened.store.close().unwrap();
    };
    open_on(0, 0);
    assert!(!backups.exists(), "there was nothing to keep");
    open_on(0, 1);
    open_on(0, 2);
    assert_eq!(files_in(&backups), ["anyon-20251122-092640.redb"]);
    for day in 1..10 {
        open_on(day, 3);
        open_on(day, 4);
    }
    let names = files_in(&backups);
    assert_eq!(names.len(), 7);
    assert_eq!(names[0], "anyon-20251125-112640.redb");
    assert_eq!(names[6], "anyon-20251201-112640.redb");
}

#[test]
fn a_daily_backup_that_fails_is_told_and_the_store_opens() {
    let home = tempfile::tempdir().unwrap();
    let opened = open(home.path());
    put_labels(&opened.store, [label(1, "a")]);
    opened.store.close().unwrap();
    fs::write(home.path().join("backups"), "in the way").unwrap();
    let opened = open(home.path());
    assert_eq!(opened.entities.len(), 1);
    assert_eq!(opened.notices.len(), 1);
    assert!(
        opened.notices[0].title.contains("daily backup"),
        "{}",
        opened.notices[0]
    );
}

/// A store with one label, and a backup of an earlier state.
fn with_backup(folder: &Path) -> PathBuf {
    let opened = open(folder);
    put_labels(&opened.store, [label(1, "earlier")]);
    let file = folder.join("kept.redb");
    opened.store.backup(&file).unwrap();
    put_labels(&opened.store, [label(1, "later")]);
    opened.store.close().unwrap();
    file
}

fn label_names(folder: &Path) -> Vec<String> {
    let opened = open(folder);
    opened
        .entities
        .iter()
        .map(|entity| match entity {
            Entity::Label(label) => label.name.clone(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_backup_is_put_back_and_the_replaced_store_kept() {
    let home = tempfile::tempdir().unwrap();
    let backup = with_backup(home.path());
    let replaced = Store::restore(home.path(), &backup, NOW).unwrap();
    assert_eq!(label_names(home.path()), ["earlier"]);
    assert_eq!(replaced, home.path().join("anyon.redb.replaced-20251122-082640"));
    let again = Store::restore(home.path(), &replaced, NOW).unwrap();
    assert_eq!(label_names(home.path()), ["later"]);
    assert_ne!(again, replaced);
    assert!(backup.exists());
}

#[test]
fn a_damaged_store_can_be_replaced() {
    let home = tempfile::tempdir().unwrap();
    let backup = with_backup(home.path());
    fs::write(store_file(home.path()), "damage").unwrap();
    let replaced = Store::restore(home.path(), &backup, NOW).unwrap();
    assert_eq!(label_names(home.path()), ["earlier"]);
    assert_eq!(fs::read(replaced).unwrap(), b"damage");
}

#[test]
fn a_backup_is_put_where_no_store_is() {
    let home = tempfile::tempdir().unwrap();
    let backup = with_backup(home.path());
    let fresh = home.path().join("fresh");
    let replaced = Store::restore(&fresh, &backup, NOW).unwrap();
    assert!(!replaced.exists());
    assert_eq!(label_names(&fresh), ["earlier"]);
}

#[test]
fn nothing_is_replaced_by_a_backup_that_is_not_whole_or_while_the_store_is_open() {
    let home = tempfile::tempdir().unwrap();
    let backup = with_backup(home.path());
    let code = |file: &Path| Problem::from(Store::restore(home.path(), file, NOW).unwrap_err()).code;
    let names = files_in(home.path());
    let torn = home.path().join("kept.redb");
    assert_eq!(code(&home.path().join("none.redb")), ProblemCode::NotFound);
    let opened = open(home.path());
    assert_eq!(code(&backup), ProblemCode::StoreLocked);
    opened.store.close().unwrap();
    let bytes = fs::read(&backup).unwrap();
    fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(code(&torn), ProblemCode::StoreDamaged);
    fs::remove_dir_all(home.path().join("backups")).unwrap();
    assert_eq!(files_in(home.path()), names);
    assert_eq!(label_names(home.path()), ["later"]);
}

#[test]
fn a_creation_that_was_interrupted_is_done_again() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("anyon.redb.new"), "half of a st").unwrap();
    let opened = open(home.path());
    opened.store.close().unwrap();
    assert_eq!(files_in(home.path()), ["anyon.redb"]);
}

#[test]
fn many_that_open_at_once_make_one_store_with_one_holder() {
    for _ in 0..5 {
        let home = tempfile::tempdir().unwrap();
        let results: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6u8)
                .map(|n| {
                    let folder = home.path();
                    scope.spawn(move || Store::open(folder, NOW, StoreId::from_bytes([n; 16])))
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let holders = results.iter().filter(|result| result.is_ok()).count();
        for result in &results {
            assert!(
                matches!(result, Ok(_) | Err(StoreError::Locked { .. })),
                "{result:?}"
            );
        }
        assert!(holders <= 1);
        drop(results);
        open(home.path()).store.close().unwrap();
    }
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
