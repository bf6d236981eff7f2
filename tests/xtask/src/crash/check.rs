//! What has to be true after a kill.

use super::{
    plan::{self, Plan},
    writer,
};
use anyhow::{Context, bail, ensure};
use anyon_model::{Change, Entity, EntityKey, LogLengths, PageRange, StoreId};
use anyon_storage::{
    Store,
    logs::{self, LogFolder},
};
use std::{collections::BTreeMap, path::Path};

/// What a writer said before it was killed.
#[derive(Default)]
pub(crate) struct Acknowledged {
    /// Its last durable commit.
    pub(crate) last_commit: Option<u64>,
    /// So much of its log is durable.
    pub(crate) log_bytes: u64,
}

impl Acknowledged {
    /// How many commits of this round.
    pub(crate) fn commits(&self, plan: &Plan) -> u64 {
        self.last_commit.map_or(0, |last| last + 1 - plan.first_commit)
    }
}

/// Checks store and log; gives the number of the next commit.
pub(crate) fn check(folder: &Path, plan: &Plan, acknowledged: &Acknowledged) -> anyhow::Result<u64> {
    let next_commit = check_store(folder, plan, acknowledged)?;
    check_log(folder, plan, acknowledged.log_bytes).context("the log")?;
    Ok(next_commit)
}

fn check_store(folder: &Path, plan: &Plan, acknowledged: &Acknowledged) -> anyhow::Result<u64> {
    let opened = Store::open(folder, plan.now(), StoreId(uuid::Uuid::nil())).context("opening the store")?;
    ensure!(opened.notices.is_empty(), "notices: {:?}", opened.notices);
    let found: BTreeMap<_, _> = opened
        .entities
        .into_iter()
        .map(|entity| (entity.key(), entity))
        .collect();
    opened.store.close().context("closing the store")?;
    let at_least = acknowledged
        .last_commit
        .map_or(plan.first_commit, |last| last + 1);
    // One more may have become durable without a word.
    for commits in at_least..=at_least + 1 {
        if found == content_after(plan.seed, commits) {
            return Ok(commits);
        }
    }
    bail!("{at_least} commits were acknowledged, and the store holds something else");
}

/// What the store holds after so many commits.
fn content_after(seed: u64, commits: u64) -> BTreeMap<EntityKey, Entity> {
    let mut content = BTreeMap::new();
    for change in (0..commits).flat_map(|number| plan::changes(seed, number)) {
        match change {
            Change::Put(entity) => {
                content.insert(entity.key(), entity);
            }
            Change::Remove(key) => {
                content.remove(&key);
            }
            Change::Live { .. }
            | Change::Clone { .. }
            | Change::Confirmation { .. }
            | Change::Conflicts { .. } => {}
        }
    }
    content
}

fn check_log(folder: &Path, plan: &Plan, acknowledged: u64) -> anyhow::Result<()> {
    let logs = LogFolder::new(folder.join("logs"));
    let durable = LogLengths {
        raw: acknowledged,
        ..LogLengths::default()
    };
    let mut number = 0;
    let mut differs = None;
    let lengths = logs::recover(&logs, plan.execution_id(), durable, &mut |line, changes| {
        if line.bytes != plan.line(number) || line.after_ms != number {
            differs.get_or_insert(number);
        }
        changes.push(writer::entry(number, &line.bytes));
        number += 1;
    })?;
    if let Some(line) = differs {
        bail!("line {line} is not what was written");
    }
    ensure!(
        lengths.raw >= acknowledged,
        "{acknowledged} bytes were acknowledged, {} are there",
        lengths.raw
    );
    ensure!(lengths.entry_count == number, "not every line has an entry");
    let page = logs::open(&logs, plan.execution_id())?.entries(PageRange::Last { count: 10 })?;
    ensure!(
        page.total == number && page.entries.len() as u64 == number.min(10),
        "the last page is not whole"
    );
    Ok(())
}
