//! Attempts: started, spoken to, stopped.

use super::{Nature, Verb, agents, status::OfAttempt};
use crate::{
    call::{Call, unexpected},
    shape, text,
};
use anyon_model::{
    Actor, ApproveMode, Command, ExecutorProfileId, Outcome, Problem, ProblemCode, Recipient, State,
};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Starts an attempt.
pub struct CreateTaskAttempt;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Wish {
    task_id: String,
    /// As list_agents names it, such as CLAUDE_CODE
    executor: String,
    variant: Option<String>,
    /// Default: the project's default branch
    base_branch: Option<String>,
    /// Branch to land on; default: base_branch
    target_branch: Option<String>,
    /// What passes unasked; default edits (in its worktree)
    approve: Option<ApproveWord>,
}

/// What an agent may do without asking.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "lowercase")]
pub enum ApproveWord {
    Ask,
    Edits,
    All,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Started {
    task_id: String,
    attempt_id: String,
    short_id: String,
    branch: String,
}

impl Verb for CreateTaskAttempt {
    type Input = Wish;
    type Output = Started;
    const NAME: &'static str = "create_task_attempt";
    const ABOUT: &'static str =
        "Start an agent on a task, in a git worktree of its own. Then call wait_for_attempt";
    const NATURE: Nature = Nature::Adds;

    async fn run(wish: Wish, call: &Call) -> Result<Started, Problem> {
        let sight = call.sight().await?;
        let task_id = sight.task(&wish.task_id)?.1.id;
        let profile = profile(&wish.executor, wish.variant, call).await?;
        let command = Command::StartAttempt {
            task_id,
            profile,
            base: wish.base_branch.filter(|branch| !branch.is_empty()),
            target: wish.target_branch.filter(|branch| !branch.is_empty()),
            approve: approve(wish.approve, &sight.state, &sight.actor),
        };
        let Outcome::Attempt { attempt_id } = call.command(command).await? else {
            return Err(unexpected());
        };
        let sight = call.sight().await?;
        let (shard, attempt) = sight.attempt(&attempt_id.to_string())?;
        Ok(Started {
            task_id: task_id.to_string(),
            attempt_id: attempt_id.to_string(),
            short_id: shape::attempt_name(shard, attempt),
            branch: attempt.branch.clone(),
        })
    }
}

/// What was asked for, else the usual; an agent gives no more than it has.
fn approve(asked: Option<ApproveWord>, state: &State, actor: &Actor) -> ApproveMode {
    match (asked, actor) {
        (Some(ApproveWord::Ask), _) => ApproveMode::Ask,
        (Some(ApproveWord::Edits), _) => ApproveMode::Edits,
        (Some(ApproveWord::All), _) => ApproveMode::All,
        (None, Actor::Agent { attempt_id }) => {
            let shard = state.shard_of_attempt(*attempt_id);
            let own = shard.and_then(|shard| shard.attempts.get(attempt_id));
            match own.map(|attempt| attempt.approve) {
                Some(ApproveMode::Ask) => ApproveMode::Ask,
                _ => ApproveMode::Edits,
            }
        }
        (None, _) => ApproveMode::Edits,
    }
}

/// The agent that is meant, however the predecessors' clients write it: `claude-code`, `CURSOR`.
pub async fn profile(
    executor: &str,
    variant: Option<String>,
    call: &Call,
) -> Result<ExecutorProfileId, Problem> {
    let agents = agents::findings(call).await?;
    let (executor, in_name) = match executor.trim().split_once(':') {
        Some((executor, variant)) => (executor, Some(variant.to_owned())),
        None => (executor.trim(), None),
    };
    let wire = executor.replace(['-', ' '], "_").to_uppercase();
    let wire = if wire == "CURSOR" {
        "CURSOR_AGENT"
    } else {
        wire.as_str()
    };
    let known = |name: &str| agents.iter().any(|agent| agent.agent_id == name);
    let executor = [executor, wire].into_iter().find(|name| known(name));
    let Some(executor) = executor else {
        let names: Vec<_> = agents.iter().map(|agent| agent.agent_id.as_str()).collect();
        let title = format!("There is no executor “{}”", text::quoted(wire));
        return Err(
            Problem::new(ProblemCode::NotFound, title).hint(format!("There are: {}", names.join(", ")))
        );
    };
    Ok(ExecutorProfileId {
        executor: executor.to_owned(),
        variant: variant.or(in_name).filter(|variant| !variant.is_empty()),
    })
}

/// Sends a further prompt.
pub struct SendFollowUp;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Prompt {
    attempt_id: String,
    prompt: String,
    /// Hand over to another agent
    executor: Option<String>,
    variant: Option<String>,
    model: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Sent {
    #[serde(flatten)]
    attempt: Stands,
    /// It waits until the agent is idle
    queued: bool,
}

impl Verb for SendFollowUp {
    type Input = Prompt;
    type Output = Sent;
    const NAME: &'static str = "send_follow_up";
    const ABOUT: &'static str =
        "Send the agent a further prompt; queued while it works. Resumes an agent that ended";
    const NATURE: Nature = Nature::Adds;

    async fn run(wish: Prompt, call: &Call) -> Result<Sent, Problem> {
        let attempt_id = call.attempt_id(&wish.attempt_id).await?;
        let profile = match (&wish.executor, wish.variant) {
            (Some(executor), variant) => Some(profile(executor, variant, call).await?),
            (None, Some(_)) => {
                let title = "A variant needs its executor";
                return Err(Problem::new(ProblemCode::InvalidRequest, title).hint("Give executor too"));
            }
            (None, None) => None,
        };
        let text = wish.prompt;
        let command = if profile.is_none() && wish.model.is_none() {
            Command::FollowUp { attempt_id, text }
        } else {
            let model = wish.model;
            Command::SendTo {
                attempt_id,
                to: Recipient { profile, model },
                text,
            }
        };
        let queued = matches!(call.command(command).await?, Outcome::Queued { .. });
        let attempt = stands(attempt_id, call).await?;
        Ok(Sent { attempt, queued })
    }
}

/// Stops an attempt.
pub struct StopAttempt;

/// An attempt and how it stands now.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Stands {
    attempt_id: String,
    status: String,
}

/// How an attempt stands after something was done to it.
pub async fn stands(attempt_id: anyon_model::AttemptId, call: &Call) -> Result<Stands, Problem> {
    let sight = call.sight().await?;
    let (shard, attempt) = sight.attempt(&attempt_id.to_string())?;
    Ok(Stands {
        attempt_id: attempt_id.to_string(),
        status: shape::status_word(shard, attempt).into(),
    })
}

impl Verb for StopAttempt {
    type Input = OfAttempt;
    type Output = Stands;
    const NAME: &'static str = "stop_attempt";
    const ABOUT: &'static str = "Stop the agent and all it started; its files stay";
    const NATURE: Nature = Nature::Sets;

    async fn run(asked: OfAttempt, call: &Call) -> Result<Stands, Problem> {
        let attempt_id = call.attempt_id(&asked.attempt_id).await?;
        call.command(Command::StopAttempt { attempt_id }).await?;
        stands(attempt_id, call).await
    }
}
