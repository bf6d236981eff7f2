//! What a writer writes: a function of seed and number, so that the checker knows it without being told.

use anyon_model::{Change, ExecutionId, Label, LabelId, ProjectId, Timestamp};
use uuid::Uuid;

/// What is written in a round.
pub(crate) struct Plan {
    /// Where everything random comes from.
    pub(crate) seed: u64,
    /// Number of the round.
    pub(crate) round: u32,
    /// Number of the round's first commit; those before are in the store.
    pub(crate) first_commit: u64,
}

impl Plan {
    /// For a store without commits.
    pub(crate) fn new(seed: u64, round: u32) -> Self {
        Self {
            seed,
            round,
            first_commit: 0,
        }
    }

    /// The execution whose log is written in this round.
    pub(crate) fn execution_id(&self) -> ExecutionId {
        ExecutionId(Uuid::from_u128(0x7000 << 64 | u128::from(self.round)))
    }

    /// The time of this round: a day after the last one, so that a backup is made at each start.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_ms(1_763_800_000_000).plus_ms(i64::from(self.round) * 86_400_000)
    }

    /// A random number for a purpose.
    pub(crate) fn random(&self, purpose: u64) -> u64 {
        mix(self.seed ^ mix(u64::from(self.round) ^ mix(purpose)))
    }

    /// Line `number` of this round's log, without its newline.
    pub(crate) fn line(&self, number: u64) -> Vec<u8> {
        let random = self.random(number);
        let mut line = format!("{number} ").into_bytes();
        line.resize(
            line.len() + (random % 600) as usize,
            b'a' + (random >> 32) as u8 % 26,
        );
        line
    }
}

/// The changes of commit `number`: some labels come, some change, some go, sometimes many.
pub(crate) fn changes(seed: u64, number: u64) -> Vec<Change> {
    let random = mix(seed ^ mix(number));
    let count = if random.is_multiple_of(16) {
        200
    } else {
        1 + random % 4
    };
    (0..count).map(|n| change(number, mix(random ^ n))).collect()
}

fn change(number: u64, random: u64) -> Change {
    let id = LabelId(Uuid::from_u128(u128::from(random % 300)));
    if random >> 32 & 3 == 0 {
        return Change::Remove(anyon_model::EntityKey::Label(id));
    }
    let label = Label {
        id,
        project_id: ProjectId(Uuid::nil()),
        name: format!("{number} {}", "text ".repeat((random >> 40) as usize % 100)),
        color: String::new(),
    };
    label.into()
}

/// SplitMix64's finaliser.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
