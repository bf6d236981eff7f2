//! A clock that stands still until it is told to go on, and seeds that count.

use anyon_model::{Input, Stamped, Timestamp};

/// Stamps inputs.
#[derive(Debug, Clone)]
pub struct Clock {
    now: Timestamp,
    seed: u64,
}

impl Default for Clock {
    /// 2026-01-01 00:00 UTC.
    fn default() -> Self {
        Self {
            now: Timestamp::from_ms(1_767_225_600_000),
            seed: 0,
        }
    }
}

impl Clock {
    /// The time.
    pub fn now(&self) -> Timestamp {
        self.now
    }
    /// Lets time pass.
    pub fn advance_ms(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }
    /// Goes to a time, never back.
    pub fn advance_to(&mut self, at: Timestamp) {
        self.now = self.now.max(at);
    }
    /// The input with the time and the next seed. A millisecond passes, so that later ids sort behind earlier ones.
    pub fn stamp(&mut self, input: Input) -> Stamped {
        self.advance_ms(1);
        self.seed += 1;
        Stamped {
            now: self.now,
            id_seed: self.seed,
            input,
        }
    }
}
