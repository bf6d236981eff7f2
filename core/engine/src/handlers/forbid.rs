//! What an agent may not do through Anyon's own doors: decide over itself, or give itself more than it was given.

use crate::{cx::Cx, problems};
use anyon_model::*;

/// Refuses what the actor may not do. Only agents are limited.
pub fn check(cx: &Cx<'_>, actor: &Actor, command: &Command) -> Result<(), Problem> {
    let Actor::Agent { attempt_id: own } = actor else {
        return Ok(());
    };
    match command {
        Command::AnswerApproval { .. } => Err(problems::forbidden(
            "An agent may not answer the questions of agents",
        )),
        Command::MergeAttempt { attempt_id, .. } if attempt_id == own => {
            Err(problems::forbidden("An agent may not merge its own attempt"))
        }
        Command::DropAttempt { attempt_id } if attempt_id == own => {
            Err(problems::forbidden("An agent may not drop its own attempt"))
        }
        Command::UndoMerge { merge_id } if is_of(cx, *merge_id, *own) => {
            Err(problems::forbidden("An agent may not undo its own merge"))
        }
        Command::StartAttempt { approve, .. } if rank(*approve) > rank_of(cx, *own) => {
            let title = "An agent may not start an attempt that is asked less than its own";
            Err(problems::forbidden(title))
        }
        Command::FollowUp { attempt_id, .. }
        | Command::SendTo { attempt_id, .. }
        | Command::ResumeAttempt { attempt_id, .. }
            if rank_of(cx, *attempt_id) > rank_of(cx, *own) =>
        {
            Err(problems::forbidden(
                "An agent may not instruct an attempt that is asked less than its own",
            ))
        }
        Command::UpdateProject { patch, .. } if sets_scripts(patch) => Err(problems::forbidden(
            "An agent may not change scripts that run without being asked",
        )),
        Command::SetApproveMode { .. } | Command::PutRule { .. } | Command::RemoveRule { .. } => {
            Err(problems::forbidden("An agent may not change what is asked"))
        }
        // It would write where nobody asked for, with what logs the person in.
        Command::CloneProject { .. } | Command::CancelClone { .. } => {
            Err(problems::forbidden("An agent may not clone repositories"))
        }
        // Agents would start what the file says, outside of every attempt.
        Command::SetUpMcp { .. } => Err(problems::forbidden(
            "An agent may not change the configuration of agents",
        )),
        Command::SetSettings { .. } | Command::RemoveProject { .. } | Command::Shutdown => {
            Err(problems::forbidden("An agent may not do this"))
        }
        _ => Ok(()),
    }
}

fn is_of(cx: &Cx<'_>, merge_id: MergeId, attempt_id: AttemptId) -> bool {
    let mut merges = cx
        .state
        .projects
        .values()
        .filter_map(|shard| shard.merges.get(&merge_id));
    merges.any(|merge| merge.attempt_id == attempt_id)
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

fn sets_scripts(patch: &ProjectPatch) -> bool {
    patch.setup_script.is_some()
        || patch.cleanup_script.is_some()
        || patch.dev_script.is_some()
        || patch.copy_files.is_some()
}
