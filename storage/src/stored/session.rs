//! Stored sessions.

use super::{keep::Id, keep::Keep, shared::ExecutorProfileIdV1};
use anyon_model::*;
use serde::{Deserialize, Serialize};

/// A session, before its model could be chosen.
#[derive(Serialize, Deserialize)]
pub(crate) struct SessionV1 {
    id: Id,
    project_id: Id,
    attempt_id: Id,
    profile: ExecutorProfileIdV1,
    agent_session: Option<String>,
    resume_point: Option<String>,
    created_at: i64,
}
impl From<SessionV1> for Session {
    fn from(stored: SessionV1) -> Self {
        Self {
            id: Keep::give(stored.id),
            project_id: Keep::give(stored.project_id),
            attempt_id: Keep::give(stored.attempt_id),
            profile: Keep::give(stored.profile),
            model: None,
            agent_session: stored.agent_session,
            resume_point: stored.resume_point,
            created_at: Keep::give(stored.created_at),
        }
    }
}

stored_struct! {
    /// A session.
    SessionV2 for Session {
        id: Id,
        project_id: Id,
        attempt_id: Id,
        profile: ExecutorProfileIdV1,
        model: Option<String>,
        agent_session: Option<String>,
        resume_point: Option<String>,
        created_at: i64,
    }
}
