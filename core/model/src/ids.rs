//! Identities. An id is a function of a time, a seed and a counter (an [`IdSource`]): nothing here is random, so
//! replaying the same inputs names the same things.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Makes the ids of one step. Two sources with the same time and seed make the same ids in the same order.
#[derive(Debug, Clone)]
pub struct IdSource {
    now: Timestamp,
    seed: u64,
    counter: u64,
}

impl IdSource {
    /// A source for one step: the step's time and a seed that the caller drew (random in the app, fixed in tests).
    pub fn new(now: Timestamp, seed: u64) -> Self {
        Self {
            now,
            seed,
            counter: 0,
        }
    }

    /// The next id: a version 7 UUID, so ids sort by the time they were made at.
    pub fn make<I: From<Uuid>>(&mut self) -> I {
        self.counter += 1;
        let high = mix(self.seed ^ mix(self.counter));
        let low = mix(high ^ self.seed.rotate_left(32));
        let mut random = [0u8; 10];
        random[..8].copy_from_slice(&high.to_be_bytes());
        random[8..].copy_from_slice(&low.to_be_bytes()[..2]);
        let millis = u64::try_from(self.now.as_ms()).unwrap_or(0);
        I::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// Four hexadecimal digits for a branch name, not an identity.
    pub fn next_short_hex(&mut self) -> String {
        self.counter += 1;
        format!("{:04x}", mix(self.seed ^ mix(self.counter)) & 0xffff)
    }
}

/// SplitMix64's finaliser: spreads neighbouring seeds over the whole range.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The 16 bytes in RFC 4122 order.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
            /// The id with these 16 bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }
        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A project.
    ProjectId,
    /// A task.
    TaskId,
    /// An attempt.
    AttemptId,
    /// Our record of an agent's conversation (the agent's own name for it is [`crate::Session::agent_session`]).
    SessionId,
    /// An execution.
    ExecutionId,
    /// An approval.
    ApprovalId,
    /// A draft.
    DraftId,
    /// A merge.
    MergeId,
    /// A review comment.
    CommentId,
    /// A label.
    LabelId,
    /// A template.
    TemplateId,
    /// A rule.
    RuleId,
    /// A history entry.
    HistoryId,
    /// A snapshot of an attempt's files.
    SnapshotId,
    /// A command: names the [`crate::Event::CommandDone`] that answers it.
    CommandId,
    /// A query: names the [`crate::Event::Answered`] that answers it.
    QueryId,
    /// A store: written into the marker of each worktree that belongs to it.
    StoreId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_names_the_same_things() {
        let make = || {
            let mut source = IdSource::new(Timestamp::from_ms(1_700_000_000_000), 7);
            (source.make::<TaskId>(), source.make::<TaskId>())
        };
        assert_eq!(make(), make());
        let (first, second) = make();
        assert_ne!(first, second);
        assert_eq!(first.to_string().parse::<TaskId>().unwrap(), first);
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let early: TaskId = IdSource::new(Timestamp::from_ms(1_700_000_000_000), 9).make();
        let late: TaskId = IdSource::new(Timestamp::from_ms(1_700_000_000_001), 1).make();
        assert!(early < late);
    }
}
