//! The only place that reads the clock and draws seeds for ids.

use anyon_model::{CommandId, ExecutionId, IdSource, Input, QueryId, Stamped, StoreId, Timestamp};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::{SystemTime, UNIX_EPOCH},
};

/// The time of the system's clock.
pub fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_ms(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// An input with the time and a fresh seed.
pub fn stamp(input: Input) -> Stamped {
    Stamped {
        now: now(),
        id_seed: seed(),
        input,
    }
}

/// A fresh name for a command.
pub fn command_id() -> CommandId {
    IdSource::new(now(), seed()).make()
}

/// A fresh name for a query.
pub fn query_id() -> QueryId {
    IdSource::new(now(), seed()).make()
}

/// A fresh name for a process that asks something and belongs to no attempt.
pub fn probe_id() -> ExecutionId {
    IdSource::new(now(), seed()).make()
}

/// A fresh name for a store.
pub fn store_id() -> StoreId {
    IdSource::new(now(), seed()).make()
}

/// 64 bits that nobody can guess: the standard library keys its hash maps with the system's random numbers.
fn seed() -> u64 {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u64(0);
    hasher.finish()
}
