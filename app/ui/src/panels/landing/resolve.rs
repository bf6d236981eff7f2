//! The way out of conflicts: the agent is asked to bring in the target and to resolve them.

use crate::{Place, Tab, ViewContext};
use anyon_model::{Attempt, Command, FilePath};

/// Tells the agent which files conflict and goes to its conversation.
pub fn ask_agent(cx: &ViewContext<'_>, attempt: &Attempt, conflicts: &[FilePath]) {
    let paths: Vec<String> = conflicts.iter().map(|path| format!("- {path}")).collect();
    let values = [
        ("target", attempt.target.as_str().into()),
        ("files", paths.join("\n").into()),
    ];
    let attempt_id = attempt.id;
    let text = cx.text.with("landing-ask-agent-prompt", &values);
    cx.send(Command::FollowUp { attempt_id, text });
    cx.go(Place::Task {
        task_id: attempt.task_id,
        attempt_id: Some(attempt_id),
        tab: Tab::Auto,
    });
}
