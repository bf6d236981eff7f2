//! An attempt's work: committed, landed, given up.

use super::{
    Nature, Verb,
    attempts::{Stands, stands},
    status::OfAttempt,
};
use crate::call::{Call, unexpected};
use anyon_model::{Command, Outcome, Problem};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Commits open work.
pub struct CommitAttempt;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct CommitWish {
    attempt_id: String,
    /// Default: made from the task
    message: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Committed {
    attempt_id: String,
    /// Absent: there was nothing to commit
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
}

impl Verb for CommitAttempt {
    type Input = CommitWish;
    type Output = Committed;
    const NAME: &'static str = "commit_attempt";
    const ABOUT: &'static str =
        "Commit the attempt's open work to its branch; merge_attempt does it by itself";
    const NATURE: Nature = Nature::Adds;

    async fn run(wish: CommitWish, call: &Call) -> Result<Committed, Problem> {
        let attempt_id = call.attempt_id(&wish.attempt_id).await?;
        let command = Command::CommitAttempt {
            attempt_id,
            message: wish.message,
        };
        let Outcome::Committed { commit } = call.command(command).await? else {
            return Err(unexpected());
        };
        Ok(Committed {
            attempt_id: attempt_id.to_string(),
            commit,
        })
    }
}

/// Lands an attempt.
pub struct MergeAttempt;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct MergeWish {
    #[serde(flatten)]
    commit: CommitWish,
    keep_worktree: Option<bool>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Merged {
    attempt_id: String,
    commit: String,
    target_branch: String,
}

impl Verb for MergeAttempt {
    type Input = MergeWish;
    type Output = Merged;
    const NAME: &'static str = "merge_attempt";
    const ABOUT: &'static str = "Land the attempt on its target branch as one commit; the task is done then";
    const NATURE: Nature = Nature::Destroys;

    async fn run(wish: MergeWish, call: &Call) -> Result<Merged, Problem> {
        let attempt_id = call.attempt_id(&wish.commit.attempt_id).await?;
        let command = Command::MergeAttempt {
            attempt_id,
            message: wish.commit.message,
            keep_worktree: wish.keep_worktree.unwrap_or(false),
        };
        let Outcome::Landed { commit, target, .. } = call.command(command).await? else {
            return Err(unexpected());
        };
        Ok(Merged {
            attempt_id: attempt_id.to_string(),
            commit,
            target_branch: target,
        })
    }
}

/// Gives an attempt up.
pub struct DropAttempt;

impl Verb for DropAttempt {
    type Input = OfAttempt;
    type Output = Stands;
    const NAME: &'static str = "drop_attempt";
    const ABOUT: &'static str =
        "Give the attempt up: stop it, remove worktree and branch. A snapshot is kept";
    const NATURE: Nature = Nature::Destroys;

    async fn run(asked: OfAttempt, call: &Call) -> Result<Stands, Problem> {
        let attempt_id = call.attempt_id(&asked.attempt_id).await?;
        call.command(Command::DropAttempt { attempt_id }).await?;
        stands(attempt_id, call).await
    }
}
