//! Whom a further prompt goes to, from the names that were given.

use anyon_model::{AttemptId, ExecutorProfileId, Recipient, State};

/// The names that were given; what was not stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The agent's id.
    pub agent: Option<String>,
    /// The variant; alone it is one of the agent that is there.
    pub variant: Option<String>,
    /// The model.
    pub model: Option<String>,
}

impl Names {
    /// Whom they mean in an attempt.
    pub fn recipient(&self, state: &State, attempt_id: AttemptId) -> Recipient {
        Recipient {
            profile: self.profile(state, attempt_id),
            model: self.model.clone(),
        }
    }

    fn profile(&self, state: &State, attempt_id: AttemptId) -> Option<ExecutorProfileId> {
        let last = || {
            let shard = state.shard_of_attempt(attempt_id)?;
            Some(shard.last_session(attempt_id)?.profile.executor.clone())
        };
        let executor = match (&self.agent, &self.variant) {
            (None, None) => return None,
            (Some(agent), _) => super::agent::named(agent),
            (None, Some(_)) => last()?,
        };
        let variant = self.variant.clone();
        Some(ExecutorProfileId { executor, variant })
    }
}
