//! Rows as released versions wrote them: `tests/golden/v1/*.bin` and, for what has changed since, `v2`
//! and `v3`; never edited.
//!
//! A new sample's file is written by running these tests with `ANYON_WRITE_GOLDEN=1`; files that exist stay.

use super::samples::{Ingredients, samples};
use crate::rows::{self, Kind};
use anyon_model::{Draft, Entity, Execution, Recipient, Session, Settings};
use proptest::prelude::*;
use std::{collections::BTreeSet, fs, path::PathBuf, sync::Arc};

fn folder(schema: u16) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/v{schema}"))
}

/// The newest schema that any entity is written in.
const NEWEST: u16 = 3;

/// The schema that rows of an entity are written in.
fn newest(entity: &Entity) -> u16 {
    match entity {
        Entity::Settings(_) => NEWEST,
        Entity::Session(_) | Entity::Draft(_) | Entity::Execution(_) => 2,
        _ => 1,
    }
}

/// The first schema that rows of a sample were written in: what came to be later, no older version has written.
fn oldest(name: &str) -> u16 {
    match name {
        "execution-state-22" => 2,
        _ => 1,
    }
}

/// An entity as an older version could tell it.
fn as_of(entity: &Entity, schema: u16) -> Entity {
    match entity {
        Entity::Session(session) => Entity::Session(Arc::new(Session {
            model: None,
            ..Session::clone(session)
        })),
        Entity::Draft(draft) => Entity::Draft(Arc::new(Draft {
            to: Recipient::default(),
            ..Draft::clone(draft)
        })),
        Entity::Execution(execution) => Entity::Execution(Arc::new(Execution {
            turn_stopped: false,
            ..Execution::clone(execution)
        })),
        Entity::Settings(settings) => {
            let usual = Settings::default();
            let mut settings = Settings {
                mcp_in_attempts: usual.mcp_in_attempts,
                ..Settings::clone(settings)
            };
            if schema == 1 {
                settings.agent_depth = usual.agent_depth;
                settings.agent_starts = usual.agent_starts;
                settings.confirm_mcp = usual.confirm_mcp;
            }
            Entity::Settings(Arc::new(settings))
        }
        entity => entity.clone(),
    }
}

fn files_of(schema: u16) -> BTreeSet<PathBuf> {
    let files = fs::read_dir(folder(schema)).unwrap();
    files.map(|entry| entry.unwrap().path()).collect()
}

fn read_back(entity: &Entity, row: &[u8]) -> Entity {
    let (kind, key) = rows::place(&entity.key());
    rows::decode(kind, &key, row).unwrap()
}

#[test]
fn rows_of_older_versions_are_read_as_they_were() {
    for (name, entity) in samples(&Ingredients::fixed()) {
        for schema in oldest(&name)..newest(&entity) {
            let golden = fs::read(folder(schema).join(format!("{name}.bin"))).unwrap();
            let read = read_back(&entity, &golden);
            assert_eq!(read, as_of(&entity, schema), "{name} of version {schema}");
        }
    }
}

#[test]
fn rows_are_read_and_written_as_they_were() {
    for (name, entity) in samples(&Ingredients::fixed()) {
        let file = folder(newest(&entity)).join(format!("{name}.bin"));
        if std::env::var_os("ANYON_WRITE_GOLDEN").is_some() && !file.exists() {
            fs::create_dir_all(folder(newest(&entity))).unwrap();
            fs::write(&file, rows::encode(&entity).unwrap()).unwrap();
        }
        let golden = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(read_back(&entity, &golden), entity, "{name}");
        assert_eq!(rows::encode(&entity).unwrap(), golden, "{name}");
    }
}

#[test]
fn every_golden_file_belongs_to_a_sample() {
    for schema in 1..=NEWEST {
        let samples = samples(&Ingredients::fixed());
        let written = samples
            .iter()
            .filter(|(name, entity)| (oldest(name)..=newest(entity)).contains(&schema));
        let expected = written.map(|(name, _)| folder(schema).join(format!("{name}.bin")));
        assert_eq!(
            files_of(schema),
            expected.collect::<BTreeSet<_>>(),
            "version {schema}"
        );
    }
}

#[test]
fn there_is_a_sample_of_every_kind() {
    let sampled: BTreeSet<Kind> = samples(&Ingredients::fixed())
        .iter()
        .map(|(_, entity)| rows::place(&entity.key()).0)
        .collect();
    assert_eq!(sampled, BTreeSet::from(Kind::ALL));
}

#[test]
fn a_row_of_a_newer_schema_is_not_read_as_an_older_one() {
    let row = crate::codec::seal(Kind::Label, 2, &"later").unwrap();
    let error = rows::decode(Kind::Label, &[0; 16], &row).unwrap_err();
    assert_eq!(error, crate::codec::CodecError::UnknownSchema(2));
}

#[test]
fn a_row_under_a_foreign_key_is_not_believed() {
    let (_, entity) = samples(&Ingredients::fixed()).swap_remove(0);
    let row = rows::encode(&entity).unwrap();
    let error = rows::decode(Kind::Project, &[9; 16], &row).unwrap_err();
    assert_eq!(error, crate::codec::CodecError::OtherKey);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_stored_comes_back(of in Ingredients::any()) {
        for (name, entity) in samples(&of) {
            let row = rows::encode(&entity).unwrap();
            prop_assert_eq!(read_back(&entity, &row), entity, "{}", name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn arbitrary_bytes_are_an_error_or_an_entity(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for kind in Kind::ALL {
            let _ = rows::decode(kind, &[1; 16], &bytes);
            // In a right envelope, so that it reaches the payload.
            let row = envelope(kind, &bytes);
            let _ = rows::decode(kind, &[1; 16], &row);
        }
    }

    #[test]
    fn a_damaged_payload_is_an_error_or_an_entity(
        which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()
    ) {
        let all = samples(&Ingredients::fixed());
        let (_, entity) = &all[which.index(all.len())];
        let (kind, key) = rows::place(&entity.key());
        let row = rows::encode(entity).unwrap();
        let mut payload = row[8..].to_vec();
        let at = at.index(payload.len());
        payload[at] = byte;
        if cut {
            payload.truncate(at);
        }
        let _ = rows::decode(kind, &key, &envelope(kind, &payload));
    }
}

fn envelope(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let sum = xxhash_rust::xxh3::xxh3_64_with_seed(payload, (kind as u64) << 16 | 1) as u32;
    let mut row = vec![0xA7, kind as u8, 1, 0];
    row.extend_from_slice(&sum.to_le_bytes());
    row.extend_from_slice(payload);
    row
}
