//! Stored rules.

use super::{keep::Id, shared::ToolKindV1};
use anyon_model::*;

stored_struct! {
    /// A rule.
    RuleV1 for Rule {
        id: Id,
        project_id: Option<Id>,
        executor: Option<String>,
        kind: Option<ToolKindV1>,
        pattern: Option<String>,
        allow: bool,
        created_at: i64,
    }
}
