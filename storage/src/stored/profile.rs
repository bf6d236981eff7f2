//! Stored profiles.

use super::shared::ExecutorProfileIdV1;
use anyon_model::*;
use std::collections::BTreeMap;

stored_struct! {
    /// A user's profile.
    ProfileV1 for Profile {
        id: ExecutorProfileIdV1,
        config: ProfileConfigV1,
        updated_at: i64,
    }
}
stored_struct! {
    /// What a variant changes of an agent's start.
    ProfileConfigV1 for ProfileConfig {
        program: Option<String>,
        extra_args: Vec<String>,
        env: BTreeMap<String, String>,
        pass_env: Vec<String>,
        model: Option<String>,
        effort: Option<String>,
        plan: bool,
        append_prompt: Option<String>,
    }
}
