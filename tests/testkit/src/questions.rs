//! Questions of agents.

use anyon_model::{ApprovalRequest, ChoiceOption, ChoiceQuestion, Question, ToolKind};

fn asks(key: &str, tool: &str, kind: ToolKind, question: Question) -> ApprovalRequest {
    ApprovalRequest {
        key: key.into(),
        entry: None,
        tool: tool.into(),
        kind,
        question,
        reason: None,
        takes_reason: true,
    }
}

/// May this command run?
pub fn asks_command(key: &str, command: &str) -> ApprovalRequest {
    asks(
        key,
        "Bash",
        ToolKind::Command,
        Question::Command {
            command: command.into(),
            cwd: None,
        },
    )
}

/// May this file change?
pub fn asks_edit(key: &str, path: &str) -> ApprovalRequest {
    asks(
        key,
        "Edit",
        ToolKind::Edit,
        Question::Edit {
            paths: vec![path.into()],
        },
    )
}

/// May this file be read?
pub fn asks_read(key: &str, path: &str) -> ApprovalRequest {
    asks(
        key,
        "Read",
        ToolKind::Read,
        Question::Read {
            paths: vec![path.into()],
        },
    )
}

/// Shall this plan be carried out?
pub fn asks_plan(key: &str, plan: &str) -> ApprovalRequest {
    asks(
        key,
        "ExitPlanMode",
        ToolKind::Plan,
        Question::Plan { plan: plan.into() },
    )
}

/// Which of these?
pub fn asks_choice(key: &str, question: &str, options: &[&str]) -> ApprovalRequest {
    let option = |label: &&str| ChoiceOption {
        label: (*label).into(),
        description: String::new(),
    };
    let choice = ChoiceQuestion {
        question: question.into(),
        header: String::new(),
        options: options.iter().map(option).collect(),
        multi_select: false,
    };
    asks(
        key,
        "AskUserQuestion",
        ToolKind::Question,
        Question::Choice {
            questions: vec![choice],
        },
    )
}
