//! Stored settings: one row.

use super::{keep::Keep, shared::ExecutorProfileIdV1};
use anyon_model::*;
use serde::{Deserialize, Serialize};

/// The settings, before agents and MCP clients had any of their own.
#[derive(Serialize, Deserialize)]
pub(crate) struct SettingsV1 {
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
impl From<SettingsV1> for Settings {
    fn from(stored: SettingsV1) -> Self {
        Self {
            max_running: stored.max_running,
            memory_floor_mib: stored.memory_floor_mib,
            disk_floor_mib: stored.disk_floor_mib,
            idle_limit_minutes: stored.idle_limit_minutes,
            branch_prefix: stored.branch_prefix,
            default_profile: Keep::give(stored.default_profile),
            language: stored.language,
            theme: stored.theme,
            trash_cap_mib: stored.trash_cap_mib,
            trash_days: stored.trash_days,
            ..Self::default()
        }
    }
}

/// The settings, before attempts could be without Anyon's own MCP server.
#[derive(Serialize, Deserialize)]
pub(crate) struct SettingsV2 {
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
    agent_depth: u32,
    agent_starts: u32,
    confirm_mcp: bool,
}
impl From<SettingsV2> for Settings {
    fn from(stored: SettingsV2) -> Self {
        Self {
            max_running: stored.max_running,
            memory_floor_mib: stored.memory_floor_mib,
            disk_floor_mib: stored.disk_floor_mib,
            idle_limit_minutes: stored.idle_limit_minutes,
            branch_prefix: stored.branch_prefix,
            default_profile: Keep::give(stored.default_profile),
            language: stored.language,
            theme: stored.theme,
            trash_cap_mib: stored.trash_cap_mib,
            trash_days: stored.trash_days,
            agent_depth: stored.agent_depth,
            agent_starts: stored.agent_starts,
            confirm_mcp: stored.confirm_mcp,
            ..Self::default()
        }
    }
}

stored_struct! {
    /// The settings.
    SettingsV3 for Settings {
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
        agent_depth: u32,
        agent_starts: u32,
        confirm_mcp: bool,
        mcp_in_attempts: bool,
    }
}
