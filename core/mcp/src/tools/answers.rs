//! Questions of agents and their answers.

use super::{Nature, Verb};
use crate::{
    call::Call,
    page,
    shape::{self, ApprovalCard},
};
use anyon_model::{ApprovalAnswer, ApprovalScope, Command, Problem, ProblemCode};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Lists open questions.
pub struct ListApprovals;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Which {
    /// Only of this attempt
    attempt_id: Option<String>,
    #[serde(flatten)]
    wanted: page::Wanted,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Approvals {
    approvals: Vec<ApprovalCard>,
    #[serde(flatten)]
    page: page::Shown,
}

impl Verb for ListApprovals {
    type Input = Which;
    type Output = Approvals;
    const NAME: &'static str = "list_approvals";
    const ABOUT: &'static str = "List what agents ask and nobody has answered";
    const NATURE: Nature = Nature::Reads;

    async fn run(asked: Which, call: &Call) -> Result<Approvals, Problem> {
        let sight = call.sight().await?;
        let only = match &asked.attempt_id {
            Some(named) => Some(sight.attempt(named)?.1.id),
            None => None,
        };
        let open = sight.projects().flat_map(|shard| {
            let attempts = shard
                .attempts
                .keys()
                .filter(move |id| only.is_none_or(|only| only == **id));
            let approvals = attempts.flat_map(|attempt_id| shard.pending_approvals(*attempt_id));
            approvals.map(move |approval| (approval.id.to_string(), ApprovalCard::of(shard, approval)))
        });
        let page = page::of(open.collect(), &asked.wanted)?;
        Ok(Approvals {
            page: page.shown(),
            approvals: page.items,
        })
    }
}

/// Answers a question.
pub struct AnswerApproval;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Answer {
    approval_id: String,
    /// answered: with answers, where it has choices
    status: Word,
    /// Why it is denied; told to the agent
    reason: Option<String>,
    /// Question to chosen option (several: joined by ", ")
    answers: Option<BTreeMap<String, String>>,
    /// How long approved holds; default once
    scope: Option<Scope>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "lowercase")]
pub enum Word {
    Approved,
    Denied,
    Answered,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    Once,
    Session,
    Always,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Answered {
    approval_id: String,
    attempt_id: String,
    attempt_status: String,
}

impl Verb for AnswerApproval {
    type Input = Answer;
    type Output = Answered;
    const NAME: &'static str = "answer_approval";
    const ABOUT: &'static str = "Answer what an agent asks";
    const NATURE: Nature = Nature::Adds;

    async fn run(asked: Answer, call: &Call) -> Result<Answered, Problem> {
        let sight = call.sight().await?;
        let (shard, approval) = sight.approval(&asked.approval_id)?;
        let attempt_id = approval.attempt_id;
        let approval_id = approval.id;
        check_used(&asked)?;
        let answer = match asked.status {
            Word::Approved => ApprovalAnswer::Approved {
                scope: match asked.scope {
                    None | Some(Scope::Once) => ApprovalScope::Once,
                    Some(Scope::Session) => ApprovalScope::Session,
                    Some(Scope::Always) => ApprovalScope::Always,
                },
            },
            Word::Denied => ApprovalAnswer::Denied { reason: asked.reason },
            Word::Answered => ApprovalAnswer::Answered {
                answers: asked.answers.unwrap_or_default(),
            },
        };
        let project = shard.project.id;
        call.command(Command::AnswerApproval { approval_id, answer })
            .await?;
        let sight = call.sight().await?;
        let shard = sight.project(&project.to_string())?;
        let attempt = shard.attempts.get(&attempt_id);
        Ok(Answered {
            approval_id: approval_id.to_string(),
            attempt_id: attempt_id.to_string(),
            attempt_status: attempt
                .map_or("dropped", |attempt| shape::status_word(shard, attempt))
                .into(),
        })
    }
}

/// What would be lost without a word is refused.
fn check_used(asked: &Answer) -> Result<(), Problem> {
    let unused = match asked.status {
        Word::Approved if asked.reason.is_some() || asked.answers.is_some() => "reason and answers",
        Word::Denied if asked.answers.is_some() || asked.scope.is_some() => "answers and scope",
        Word::Answered if asked.reason.is_some() || asked.scope.is_some() => "reason and scope",
        _ => return Ok(()),
    };
    let title = format!("This status takes no {unused}");
    Err(Problem::new(ProblemCode::InvalidRequest, title)
        .hint("reason goes with denied, answers with answered, scope with approved"))
}
