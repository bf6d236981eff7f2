//! Stores that are not opened: held, damaged, newer, in a place that cannot be written.

use super::*;

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
