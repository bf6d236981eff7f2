//! The cases, one row or a few of the table each.

mod beside;
mod burst;
mod diff;
mod frames;
mod latency;
mod open;
mod real_window;
mod start;
mod stop;
mod typing;

use crate::{Figure, bench::Bench};
use anyhow::Result;

/// A case.
type Case = fn(&Bench) -> Result<Vec<Figure>>;

/// All cases by name.
pub const ALL: [(&str, Case); 20] = [
    ("attempt-start", start::attempt_start),
    ("exit-shown", latency::exit_shown),
    ("burst", burst::one_agent),
    ("ten-agents", burst::ten_agents),
    ("line-latency", latency::line_to_event),
    ("open-finished", open::finished_run),
    ("diff", diff::five_hundred_files),
    ("edit-after-open", diff::edit_after_open),
    ("kill-host", stop::kill_host),
    ("stop", stop::worst_case),
    ("programs-at-start", start::programs_at_start),
    ("window-board", frames::board_drag),
    ("window-conversation", frames::conversation_scroll),
    ("window-log", frames::log_jump),
    ("window-diff", frames::diff_jump),
    ("window-typing", typing::while_ten_stream),
    ("window-mcp", beside::typing_beside_mcp_clients),
    ("window-first-frame", real_window::first_frame),
    ("window-idle", real_window::idle),
    ("window-running", real_window::one_agent),
];
