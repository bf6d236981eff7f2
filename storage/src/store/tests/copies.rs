//! Copies of a store: on demand, by the day, before a migration, and put back.

use super::*;

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
