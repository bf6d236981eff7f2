//! Answers a question of an agent.

use super::{Handled, Order};
use crate::{book::SessionRule, cx::Cx, life::approvals, policy, problems};
use anyon_model::*;

/// Passes the answer on, to identical questions too, and keeps it where it is to hold longer.
pub fn run(cx: &mut Cx<'_>, order: &Order, approval_id: ApprovalId, answer: ApprovalAnswer) -> Handled {
    let approval = cx
        .approval(approval_id)
        .ok_or_else(|| problems::not_found("question"))?;
    let pending = approvals::pending(cx, approval.execution_id);
    if !pending.iter().any(|pending| pending.id == approval_id) {
        return Err(no_longer(&approval.state));
    }
    check_fits(&approval.request.question, &answer)?;
    let is_cut = |approval: &Approval| approvals::is_cut(cx, approval);
    if is_cut(&approval) {
        check_for_once(&answer)?;
    }
    let by = AnsweredBy::Actor {
        actor: order.actor.clone(),
    };
    let is_same = |other: &ApprovalRequest| {
        let asked = &approval.request;
        (&other.question, other.kind, &other.tool) == (&asked.question, asked.kind, &asked.tool)
    };
    // Of two cut questions nobody can see whether they are the same.
    let is_meant = |other: &Approval| other.id == approval_id || (is_same(&other.request) && !is_cut(other));
    let meant: Vec<_> = pending.iter().filter(|pending| is_meant(pending)).collect();
    for same in meant {
        approvals::answer(cx, same, answer.clone(), by.clone());
    }
    match answer {
        ApprovalAnswer::Approved {
            scope: ApprovalScope::Session,
        } => keep_for_session(cx, &approval),
        ApprovalAnswer::Approved {
            scope: ApprovalScope::Always,
        } => keep_for_good(cx, &approval),
        _ => {}
    }
    Ok(Some(Outcome::Done))
}

fn no_longer(state: &ApprovalState) -> Problem {
    let detail = match state {
        ApprovalState::Answered { .. } => "It is answered already",
        ApprovalState::TimedOut => "Nobody answered in time",
        ApprovalState::Pending | ApprovalState::Void => "The agent does not ask any more",
    };
    problems::wrong_state("The question is not open any more").detail(detail)
}

/// A standing answer needs the whole question.
fn check_for_once(answer: &ApprovalAnswer) -> Result<(), Problem> {
    match answer {
        ApprovalAnswer::Approved {
            scope: ApprovalScope::Session | ApprovalScope::Always,
        } => Err(problems::invalid(
            "A question that was too long to be shown whole can only be allowed once",
        )
        .hint("Allow it once, or say no")),
        _ => Ok(()),
    }
}

/// Questions with options get chosen options, all others yes or no.
fn check_fits(question: &Question, answer: &ApprovalAnswer) -> Result<(), Problem> {
    match (question, answer) {
        (_, ApprovalAnswer::Denied { .. }) => Ok(()),
        (Question::Choice { questions }, ApprovalAnswer::Answered { answers }) => {
            let missing = questions
                .iter()
                .find(|choice| !answers.contains_key(&choice.question));
            missing.map_or(Ok(()), |choice| {
                Err(problems::invalid("A question has no answer").detail(choice.question.clone()))
            })
        }
        (Question::Choice { .. }, ApprovalAnswer::Approved { .. }) => {
            Err(problems::invalid("This question wants a choice, not a yes")
                .hint("Choose one of its options"))
        }
        (_, ApprovalAnswer::Answered { .. }) => Err(problems::invalid(
            "This question wants a yes or a no, not a choice",
        )),
        (_, ApprovalAnswer::Approved { .. }) => Ok(()),
    }
}

fn keep_for_session(cx: &mut Cx<'_>, approval: &Approval) {
    let execution = cx.execution(approval.execution_id);
    let Some(session_id) = execution.and_then(|execution| execution.session_id) else {
        return;
    };
    let rule = SessionRule {
        rule_id: cx.ids.make(),
        session_id,
        tool: approval.request.tool.clone(),
        kind: approval.request.kind,
        question: approval.request.question.clone(),
    };
    cx.book.session_rules.push(rule);
}

fn keep_for_good(cx: &mut Cx<'_>, approval: &Approval) {
    let execution = cx.execution(approval.execution_id);
    let session = execution.and_then(|execution| cx.session_of(&execution));
    let executor = session.map(|session| session.profile.executor.clone());
    for pattern in policy::lasting_patterns(&approval.request) {
        let rule = Rule {
            id: cx.ids.make(),
            project_id: Some(approval.project_id),
            executor: executor.clone(),
            kind: Some(approval.request.kind),
            pattern: Some(pattern),
            allow: true,
            created_at: cx.now,
        };
        cx.put(rule);
    }
    approvals::decide_again(cx, |other| other.project_id == approval.project_id);
}
