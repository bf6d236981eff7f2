//! What an agent may not do through Anyon's own doors: decide over itself, reach beyond its own work, or give itself
//! more than it was given. An agent's own work is its attempt, its task, the tasks that it wrote and the attempts that
//! it started.

use crate::{cx::Cx, handlers::witness, problems};
use anyon_model::*;

type Check = Result<(), Problem>;

/// Refuses what the actor may not do. Only agents are limited.
pub fn check(cx: &Cx<'_>, actor: &Actor, command: &Command) -> Check {
    let Actor::Agent { attempt_id: own } = actor else {
        return Ok(());
    };
    let own = *own;
    match command {
        Command::CreateTask { project_id, .. } => own_project(cx, own, *project_id),
        Command::UpdateTask { task_id, .. } => own_task(cx, own, *task_id),
        Command::DeleteTask { task_id } => unused_task(cx, own, *task_id),
        Command::StartAttempt { task_id, approve, .. } => may_start(cx, own, *task_id, *approve),
        Command::FollowUp { attempt_id, .. }
        | Command::SendTo { attempt_id, .. }
        | Command::StartNow { attempt_id }
        | Command::ResumeAttempt { attempt_id, .. } => may_instruct(cx, own, *attempt_id),
        Command::InterruptAttempt { attempt_id }
        | Command::StopAttempt { attempt_id }
        | Command::CommitAttempt { attempt_id, .. } => own_or_started(cx, own, *attempt_id),
        Command::MergeAttempt { attempt_id, .. } => may_merge(cx, own, *attempt_id),
        Command::DropAttempt { attempt_id } => started(cx, own, *attempt_id, "drop"),
        Command::UndoMerge { merge_id } => match merged(cx, *merge_id) {
            Some(attempt_id) => started(cx, own, attempt_id, "undo the merge of"),
            None => Ok(()),
        },
        Command::RestoreSnapshot { snapshot_id } => match kept(cx, *snapshot_id) {
            Some(attempt_id) => own_or_started(cx, own, attempt_id),
            None => Ok(()),
        },
        command => Err(problems::forbidden(never(command))),
    }
}

/// What no agent may do, whatever it names.
fn never(command: &Command) -> &'static str {
    match command {
        Command::AnswerApproval { .. } => "An agent may not answer the questions of agents",
        Command::SetApproveMode { .. } | Command::PutRule { .. } | Command::RemoveRule { .. } => {
            "An agent may not change what is asked"
        }
        // They run without being asked, and others land where it says.
        Command::UpdateProject { .. } => "An agent may not change a project's scripts and settings",
        Command::Confirm { .. } => "An agent may not answer for a person",
        Command::Focus { .. } => "An agent may not bring the window to the front",
        // It would write where nobody asked for, with what logs the person in.
        Command::CloneProject { .. } | Command::CancelClone { .. } => "An agent may not clone repositories",
        Command::AddProject { .. } | Command::RemoveProject { .. } => {
            "An agent may not add or remove projects"
        }
        // They go into the prompts of all.
        Command::PutTemplate { .. } | Command::RemoveTemplate { .. } => "An agent may not change templates",
        // Agents would start what the file says, outside of every attempt.
        Command::SetUpMcp { .. } | Command::EditAgentFile { .. } => {
            "An agent may not change the configuration of agents"
        }
        Command::EditDraft { .. } | Command::MoveDraft { .. } => "An agent may not change queued follow-ups",
        _ => "An agent may not do this",
    }
}

/// Foreign things are refused as such; what is not there is left to the handler to tell.
fn own_project(cx: &Cx<'_>, own: AttemptId, project_id: ProjectId) -> Check {
    match cx.attempt(own) {
        Some(attempt) if attempt.project_id == project_id => Ok(()),
        _ => Err(foreign("project")),
    }
}

fn foreign(what: &str) -> Problem {
    problems::forbidden(format!("This {what} is none of this agent's")).detail(
        "an agent that Anyon started works on its own attempt and task, and on what it made from there",
    )
}

fn own_task(cx: &Cx<'_>, own: AttemptId, task_id: TaskId) -> Check {
    let Some(task) = cx.task(task_id) else {
        return Ok(());
    };
    let is_its = cx.attempt(own).is_some_and(|attempt| attempt.task_id == task_id);
    match is_its || task.parent_attempt == Some(own) {
        true => Ok(()),
        false => Err(foreign("task")),
    }
}

fn unused_task(cx: &Cx<'_>, own: AttemptId, task_id: TaskId) -> Check {
    let Some(task) = cx.task(task_id) else {
        return Ok(());
    };
    let shard = cx.shard(task.project_id);
    let is_used = shard.is_some_and(|shard| shard.attempts_of(task_id).next().is_some());
    match task.parent_attempt == Some(own) && !is_used {
        true => Ok(()),
        false => Err(problems::forbidden(
            "An agent may only delete tasks that it wrote itself and that nobody has worked on",
        )),
    }
}

fn own_or_started(cx: &Cx<'_>, own: AttemptId, attempt_id: AttemptId) -> Check {
    let is_there = cx.attempt(attempt_id).is_some();
    match attempt_id == own || !is_there || witness::starter(cx.state, attempt_id) == Some(own) {
        true => Ok(()),
        false => Err(foreign("attempt")),
    }
}

fn started(cx: &Cx<'_>, own: AttemptId, attempt_id: AttemptId, verb: &str) -> Check {
    if attempt_id == own {
        let title = format!("An agent may not {verb} its own attempt");
        return Err(problems::forbidden(title));
    }
    own_or_started(cx, own, attempt_id)
}

/// What it started comes home to its own branch, where a person reviews it with the rest.
fn may_merge(cx: &Cx<'_>, own: AttemptId, attempt_id: AttemptId) -> Check {
    started(cx, own, attempt_id, "merge")?;
    let branch = cx.attempt(own).map(|attempt| attempt.branch.clone());
    match cx.attempt(attempt_id) {
        Some(attempt) if Some(&attempt.target) != branch.as_ref() => {
            let title = "An agent may only merge into the branch of its own attempt";
            Err(problems::forbidden(title).detail(format!("this one lands on {}", attempt.target)))
        }
        _ => Ok(()),
    }
}

fn may_instruct(cx: &Cx<'_>, own: AttemptId, attempt_id: AttemptId) -> Check {
    own_or_started(cx, own, attempt_id)?;
    match rank_of(cx, attempt_id) > rank_of(cx, own) {
        true => Err(problems::forbidden(
            "An agent may not instruct an attempt that is asked less than its own",
        )),
        false => Ok(()),
    }
}

fn may_start(cx: &Cx<'_>, own: AttemptId, task_id: TaskId, approve: ApproveMode) -> Check {
    let Some(task) = cx.task(task_id) else {
        return Ok(());
    };
    own_project(cx, own, task.project_id)?;
    if rank(approve) > rank_of(cx, own) {
        let title = "An agent may not start an attempt that is asked less than its own";
        return Err(problems::forbidden(title));
    }
    let settings = &cx.state.settings;
    let depth = witness::depth(cx.state, own);
    if depth >= settings.agent_depth {
        return Err(problems::forbidden("This agent may not start attempts")
            .detail(format!(
                "it is {depth} deep in attempts that agents started, and {} is the limit",
                settings.agent_depth
            ))
            .hint("Ask the person; the setting agent_depth allows more"));
    }
    let so_far = witness::started_by(cx.state, own);
    if so_far >= settings.agent_starts {
        return Err(problems::forbidden("This agent may not start more attempts")
            .detail(format!(
                "it has started {so_far}, and {} is the limit",
                settings.agent_starts
            ))
            .hint(
                "Use send_follow_up on one of them, or ask the person; the setting agent_starts allows more",
            ));
    }
    Ok(())
}

fn merged(cx: &Cx<'_>, merge_id: MergeId) -> Option<AttemptId> {
    let mut shards = cx.state.projects.values();
    shards.find_map(|shard| shard.merges.get(&merge_id).map(|merge| merge.attempt_id))
}

fn kept(cx: &Cx<'_>, snapshot_id: SnapshotId) -> Option<AttemptId> {
    let mut shards = cx.state.projects.values();
    shards.find_map(|shard| shard.snapshots.get(&snapshot_id).map(|kept| kept.attempt_id))
}

fn rank_of(cx: &Cx<'_>, attempt_id: AttemptId) -> u8 {
    cx.attempt(attempt_id).map_or(0, |attempt| rank(attempt.approve))
}

fn rank(approve: ApproveMode) -> u8 {
    match approve {
        ApproveMode::Ask => 0,
        ApproveMode::Edits => 1,
        ApproveMode::All => 2,
    }
}
