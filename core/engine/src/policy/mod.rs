//! The policy: which questions of an agent are answered without a person. It only reads what it is given, and what
//! it does not understand is asked.

mod paths;
mod programs;
mod rules;
mod safe_list;
mod shell;

use crate::book::SessionRule;
use anyon_model::*;
use std::path::Path;

/// Why a planning agent's writes are refused; the words reach its model.
const PLAN_FIRST: &str = "Nothing may be changed yet: present the plan and wait until it is approved.";

/// What a decision rests on.
pub struct View<'a> {
    /// What the attempt may do without asking.
    pub mode: ApproveMode,
    /// The attempt's worktree, absolute.
    pub worktree: &'a Path,
    /// The variant only plans, and no plan was approved yet.
    pub planning: bool,
    /// What the question names lies elsewhere, behind a link.
    pub misleading: bool,
    /// The project.
    pub project_id: ProjectId,
    /// The agent.
    pub executor: &'a str,
    /// All standing answers.
    pub rules: Vec<&'a Rule>,
    /// Answers that hold for this session.
    pub session_rules: Vec<&'a SessionRule>,
}

/// What comes of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is answered.
    Answer {
        /// With what.
        answer: ApprovalAnswer,
        /// By what.
        by: AnsweredBy,
    },
    /// A person answers.
    Ask,
}

/// Decides a question. Refusals come first, then what only a person can know, then standing answers, then the mode.
pub fn decide(request: &ApprovalRequest, view: &View<'_>) -> Verdict {
    if let Some(rule) = rules::denying(request, view) {
        return no(Some("A rule forbids this.".to_owned()), AnsweredBy::Rule { rule });
    }
    match request.question {
        Question::Choice { .. } => return Verdict::Ask,
        Question::Plan { .. } if view.mode != ApproveMode::All => return Verdict::Ask,
        _ if view.planning && writes(request, view) => {
            return no(Some(PLAN_FIRST.to_owned()), AnsweredBy::Mode);
        }
        _ => {}
    }
    if view.mode == ApproveMode::All {
        return yes(AnsweredBy::Mode);
    }
    if view.misleading {
        return Verdict::Ask;
    }
    if let Some(rule) = rules::allowing(request, view) {
        return yes(AnsweredBy::Rule { rule });
    }
    if view.mode == ApproveMode::Edits && passes_by_itself(&request.question, view.worktree) {
        return yes(AnsweredBy::Mode);
    }
    Verdict::Ask
}

/// Harmless inside an isolated worktree.
fn passes_by_itself(question: &Question, worktree: &Path) -> bool {
    match question {
        Question::Read { paths } => {
            !paths.is_empty() && paths.iter().all(|path| paths::may_read(path, worktree))
        }
        Question::Edit { paths } => {
            !paths.is_empty() && paths.iter().all(|path| paths::may_edit(path, worktree))
        }
        Question::Command { command, cwd } => {
            cwd.as_ref().is_none_or(|cwd| paths::is_inside(cwd, worktree))
                && is_safe_command(command, worktree)
        }
        _ => false,
    }
}

/// Every simple command of a command line is on the shipped list, with safe flags and inside the worktree.
fn is_safe_command(command: &str, worktree: &Path) -> bool {
    shell::parse(command)
        .is_some_and(|commands| commands.iter().all(|words| programs::is_safe(words, worktree)))
}

/// Would change something, as far as anybody can tell.
fn writes(request: &ApprovalRequest, view: &View<'_>) -> bool {
    match &request.question {
        Question::Edit { .. } => true,
        Question::Command { command, .. } => !is_safe_command(command, view.worktree),
        Question::Tool { .. } => {
            // What nobody knows may write.
            !matches!(
                request.kind,
                ToolKind::Read
                    | ToolKind::Search
                    | ToolKind::Todo
                    | ToolKind::Think
                    | ToolKind::Question
                    | ToolKind::Plan
            )
        }
        _ => false,
    }
}

fn yes(by: AnsweredBy) -> Verdict {
    let answer = ApprovalAnswer::Approved {
        scope: ApprovalScope::Once,
    };
    Verdict::Answer { answer, by }
}

fn no(reason: Option<String>, by: AnsweredBy) -> Verdict {
    Verdict::Answer {
        answer: ApprovalAnswer::Denied { reason },
        by,
    }
}

/// The standing answers that a yes for good makes: one per path, command, address or tool.
pub fn lasting_patterns(request: &ApprovalRequest) -> Vec<String> {
    let paths = |paths: &[FilePath]| paths.iter().map(ToString::to_string).collect();
    match &request.question {
        Question::Command { command, .. } => vec![command.trim().to_owned()],
        Question::Edit { paths: files } | Question::Read { paths: files } => paths(files),
        Question::Fetch { target } => vec![target.clone()],
        Question::Tool { .. } => vec![request.tool.clone()],
        Question::Plan { .. } | Question::Choice { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
