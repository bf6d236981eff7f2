//! Changes the settings.

use super::Handled;
use crate::{
    cx::Cx,
    life::{operation, turn},
    names, problems,
};
use anyon_model::*;
use std::sync::Arc;

/// Checks them and keeps them all at once.
pub fn run(cx: &mut Cx<'_>, settings: Settings) -> Handled {
    if !(1..=64).contains(&settings.max_running) {
        let title = format!("{} agents cannot run at once", settings.max_running);
        return Err(problems::invalid(title).hint("Choose 1 to 64"));
    }
    if settings.agent_depth > 8 || settings.agent_starts > 64 {
        return Err(
            problems::invalid("So many attempts started by agents would never end")
                .hint("Choose a depth of at most 8 and at most 64 starts"),
        );
    }
    let prefix = settings.branch_prefix.trim_matches('/');
    if let Some(fault) = names::branch_fault(prefix).filter(|_| !prefix.is_empty()) {
        return Err(problems::invalid(format!("“{prefix}” cannot begin a branch name")).detail(fault));
    }
    // Lower floors shall be felt at once.
    cx.book.short = None;
    let old = cx.state.settings.clone();
    cx.put(Change::Put(Entity::Settings(Arc::new(settings))));
    take_effect(cx, &old);
    Ok(Some(Outcome::Done))
}

/// What is not read anew whenever it is needed has its effect now.
fn take_effect(cx: &mut Cx<'_>, old: &Settings) {
    let now = cx.state.settings.clone();
    if (now.trash_cap_mib, now.trash_days) != (old.trash_cap_mib, old.trash_days) {
        operation::prune_trash(cx);
    }
    if now.idle_limit_minutes != old.idle_limit_minutes {
        turn::renew_idle_timers(cx);
    }
}
