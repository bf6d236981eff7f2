//! The cases, one row or a few of the table each.

mod burst;
mod diff;
mod latency;
mod open;
mod start;
mod stop;

use crate::{Figure, bench::Bench};
use anyhow::Result;

/// A case.
type Case = fn(&Bench) -> Result<Vec<Figure>>;

/// All cases by name.
pub const ALL: [(&str, Case); 11] = [
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
];
