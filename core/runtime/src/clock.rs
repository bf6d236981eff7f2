//! The only place that reads the clock and draws seeds for ids.
//!
//! A development build takes both from `ANYON_TEST_CLOCK` where it is set, so that a test of the whole program meets
//! the same times and ids again: `<milliseconds since 1970> <seed>`. The clock then starts there and goes on as fast
//! as time does.

use anyon_model::{CommandId, ExecutionId, IdSource, Input, QueryId, Stamped, StoreId, Timestamp};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::{SystemTime, UNIX_EPOCH},
};

/// The time of the system's clock.
pub fn now() -> Timestamp {
    #[cfg(debug_assertions)]
    if let Some(tests) = tests::clock() {
        return tests.now();
    }
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

/// A source of fresh ids for a client in another process than the host's.
pub fn ids() -> IdSource {
    IdSource::new(now(), seed())
}

/// A fresh name for a command.
pub fn command_id() -> CommandId {
    ids().make()
}

/// A fresh name for a query.
pub fn query_id() -> QueryId {
    ids().make()
}

/// A fresh name for a process that asks something and belongs to no attempt.
pub fn probe_id() -> ExecutionId {
    ids().make()
}

/// A fresh name for a store.
pub fn store_id() -> StoreId {
    ids().make()
}

/// 64 bits that nobody can guess: the standard library keys its hash maps with the system's random numbers.
fn seed() -> u64 {
    #[cfg(debug_assertions)]
    if let Some(tests) = tests::clock() {
        return tests.seed();
    }
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u64(0);
    hasher.finish()
}

#[cfg(debug_assertions)]
mod tests {
    use anyon_model::Timestamp;
    use std::{
        sync::{
            LazyLock,
            atomic::{AtomicU64, Ordering},
        },
        time::Instant,
    };

    /// The clock of a test.
    pub struct Clock {
        start_ms: i64,
        began: Instant,
        next_seed: AtomicU64,
    }

    pub fn clock() -> Option<&'static Clock> {
        static CLOCK: LazyLock<Option<Clock>> = LazyLock::new(|| {
            let text = std::env::var("ANYON_TEST_CLOCK").ok()?;
            let (start_ms, seed) = text.split_once(' ')?;
            Some(Clock {
                start_ms: start_ms.parse().ok()?,
                began: Instant::now(),
                next_seed: AtomicU64::new(seed.parse().ok()?),
            })
        });
        CLOCK.as_ref()
    }

    impl Clock {
        pub fn now(&self) -> Timestamp {
            let passed = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
            Timestamp::from_ms(self.start_ms.saturating_add(passed))
        }

        /// Neighbouring numbers, spread over all bits (the finaliser of SplitMix64).
        pub fn seed(&self) -> u64 {
            let number = self.next_seed.fetch_add(1, Ordering::Relaxed);
            let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        }
    }
}
