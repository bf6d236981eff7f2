//! What a loss of power leaves of the store: everything after some sync is gone, or some of it is there.
//!
//! A list of commits is recorded on a disk in memory, write by write. Then for every sync the disk is set to what
//! was durable then, with and without pieces of what was written after it, and opened again.

use super::{builder, load, meta, meta::Meta, transaction};
use crate::{
    rows,
    store::{row_of, write_row},
};
use anyon_model::*;
use redb::{Database, StorageBackend};
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
};

const COMMITS: u32 = 30;

#[derive(Debug, Clone)]
enum Write {
    Bytes(u64, Vec<u8>),
    Len(u64),
}

#[derive(Debug, Default)]
struct Recorded {
    live: Vec<u8>,
    /// What was written before the first sync, between it and the second, and so on.
    between_syncs: Vec<Vec<Write>>,
}

/// A disk that remembers how it was written.
#[derive(Debug, Clone)]
struct Disk(Arc<Mutex<Recorded>>);

impl Disk {
    fn holding(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(Recorded {
            live: bytes,
            between_syncs: vec![vec![]],
        })))
    }
    fn syncs(&self) -> usize {
        self.0.lock().unwrap().between_syncs.len() - 1
    }
}

fn make(live: &mut Vec<u8>, write: &Write) {
    match write {
        Write::Bytes(at, bytes) => {
            let at = *at as usize;
            live.resize(live.len().max(at + bytes.len()), 0);
            live[at..at + bytes.len()].copy_from_slice(bytes);
        }
        Write::Len(len) => live.resize(*len as usize, 0),
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().live.len() as u64)
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let recorded = self.0.lock().unwrap();
        let bytes = recorded.live.get(offset as usize..offset as usize + out.len());
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.record(Write::Len(len));
        Ok(())
    }
    fn sync_data(&self) -> io::Result<()> {
        self.0.lock().unwrap().between_syncs.push(vec![]);
        Ok(())
    }
    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.record(Write::Bytes(offset, bytes.to_vec()));
        Ok(())
    }
}
impl Disk {
    fn record(&self, write: Write) {
        let mut recorded = self.0.lock().unwrap();
        make(&mut recorded.live, &write);
        recorded.between_syncs.last_mut().unwrap().push(write);
    }
}

/// The changes of a commit: some labels come, some change, some go; now and then many, so that the file grows.
fn changes(commit: u32) -> Vec<Change> {
    let count = if commit % 7 == 6 { 60 } else { 3 };
    (0..count)
        .map(|n| {
            let id = LabelId::from_bytes([((commit * 5 + n) % 90) as u8; 16]);
            if (commit + n) % 4 == 3 {
                return Change::Remove(EntityKey::Label(id));
            }
            Change::from(Label {
                id,
                project_id: ProjectId::from_bytes([1; 16]),
                name: format!("{commit} {}", "text ".repeat((n as usize % 5) * 60)),
                color: String::new(),
            })
        })
        .collect()
}

type Content = BTreeMap<EntityKey, Entity>;

fn apply(content: &mut Content, changes: &[Change]) {
    for change in changes {
        match change {
            Change::Put(entity) => {
                content.insert(entity.key(), entity.clone());
            }
            Change::Remove(key) => {
                content.remove(key);
            }
            Change::Live { .. }
            | Change::Clone { .. }
            | Change::Confirmation { .. }
            | Change::Conflicts { .. } => unreachable!(),
        }
    }
}

/// What the store held after each commit, and how many syncs there had been when it was acknowledged.
struct Story {
    disk: Disk,
    contents: Vec<Content>,
    acknowledged: Vec<usize>,
}

fn record() -> Story {
    let disk = Disk::holding(vec![]);
    let database = builder().create_with_backend(disk.clone()).unwrap();
    let store_id = StoreId::from_bytes([1; 16]);
    transaction(&database, |txn| meta::write(txn, &Meta::current(store_id))).unwrap();
    let mut contents = vec![Content::new()];
    let mut acknowledged = vec![disk.syncs()];
    for commit in 0..COMMITS {
        let changes = changes(commit);
        transaction(&database, |txn| {
            changes
                .iter()
                .filter_map(row_of)
                .try_for_each(|row| write_row(txn, &row.unwrap()))
        })
        .unwrap();
        let mut content = contents.last().unwrap().clone();
        apply(&mut content, &changes);
        contents.push(content);
        acknowledged.push(disk.syncs());
    }
    // Let the recording end here, without a clean shutdown.
    let kept = Disk::holding(vec![]);
    std::mem::swap(&mut *kept.0.lock().unwrap(), &mut *disk.0.lock().unwrap());
    std::mem::forget(database);
    Story {
        disk: kept,
        contents,
        acknowledged,
    }
}

fn open(bytes: Vec<u8>) -> (Database, Content) {
    let database = builder().create_with_backend(Disk::holding(bytes)).unwrap();
    let loaded = load::load(&database).unwrap();
    assert!(loaded.notices.is_empty());
    let content = loaded
        .entities
        .into_iter()
        .map(|entity| (entity.key(), entity))
        .collect();
    (database, content)
}

#[test]
fn a_commit_that_was_acknowledged_survives_a_loss_of_power_at_every_moment() {
    let story = record();
    let recorded = story.disk.0.lock().unwrap();
    let mut durable = Vec::new();
    let mut seed = 1u64;
    let mut opened = 0;
    for (syncs, writes) in recorded.between_syncs.iter().enumerate() {
        let acknowledged = story.acknowledged.iter().rposition(|at| *at <= syncs);
        // Before the store exists there is nothing to lose: it is made under another name.
        if let Some(acknowledged) = acknowledged {
            for torn in 0..4 {
                let mut bytes = durable.clone();
                for write in writes {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    if torn > 0 && (seed >> 33) % 4 < torn {
                        make(&mut bytes, write);
                    }
                }
                let (database, content) = open(bytes);
                let found = story.contents[acknowledged..]
                    .iter()
                    .position(|expected| *expected == content);
                assert!(
                    found.is_some(),
                    "after sync {syncs}, torn {torn}: not what any commit left"
                );
                still_works(&database);
                opened += 1;
            }
        }
        for write in writes {
            make(&mut durable, write);
        }
    }
    assert!(opened > 4 * COMMITS as usize, "{opened} images");
}

fn still_works(database: &Database) {
    let label = &changes(0)[0];
    transaction(database, |txn| write_row(txn, &row_of(label).unwrap().unwrap())).unwrap();
    let loaded = load::load(database).unwrap();
    let Change::Put(entity) = label else {
        unreachable!()
    };
    assert!(loaded.entities.contains(entity));
    assert!(rows::encode(entity).is_ok());
}
