//! Stored settings: one row.

use super::shared::ExecutorProfileIdV1;
use anyon_model::*;

stored_struct! {
    /// The settings.
    SettingsV1 for Settings {
        max_running: u32,
        memory_floor_mib: u64,
        disk_floor_mib: u64,
        idle_limit_minutes: u32,
        branch_prefix: String,
        default_profile: Option<ExecutorProfileIdV1>,
        language: Option<String>,
        theme: Option<String>,
        trash_cap_mib: u64,
        trash_days: u32,
    }
}
