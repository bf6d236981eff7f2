//! Stored sessions.

use super::{keep::Id, shared::ExecutorProfileIdV1};
use anyon_model::*;

stored_struct! {
    /// A session.
    SessionV1 for Session {
        id: Id,
        project_id: Id,
        attempt_id: Id,
        profile: ExecutorProfileIdV1,
        agent_session: Option<String>,
        resume_point: Option<String>,
        created_at: i64,
    }
}
