//! Messages made from tasks: of commits and of notifications.

use crate::{cx::Cx, prompt};
use anyon_model::{Attempt, Effect, Execution, ExitStatus, FailureKind, Question, Task};

/// Characters of a commit's first line: what tools of git show of it.
const SUBJECT: usize = 72;

/// Message of the commit on the target: the task's title and description. A title too long for a first line is cut
/// there at a word and stands whole below it.
pub fn landing_message(task: &Task) -> String {
    let whole = whole_title(task);
    if whole.chars().count() <= SUBJECT {
        let rest = task.description.trim();
        let rest = if whole == task.title.trim() {
            rest
        } else {
            rest.strip_prefix(whole).unwrap_or(rest)
        };
        return prompt::joined(whole, rest);
    }
    let body = match task.description.trim() {
        said if said.starts_with(whole) => said.to_owned(),
        said => prompt::joined(whole, said),
    };
    prompt::joined(&subject(whole), &body)
}

/// The title. One that was cut from the first line of its description, which says so by its last sign, is that line.
fn whole_title(task: &Task) -> &str {
    let title = task.title.trim();
    let cut = title.strip_suffix('…').map(str::trim_end);
    let first = task.description.trim().lines().next().unwrap_or("").trim_end();
    match cut {
        Some(cut) if !cut.is_empty() && first.starts_with(cut) => first,
        _ => title,
    }
}

/// As many whole words of a title as a first line takes.
fn subject(title: &str) -> String {
    let most = SUBJECT - 1;
    let end = title.char_indices().nth(most).map_or(title.len(), |(at, _)| at);
    let (kept, rest) = title.split_at(end);
    let kept = match (
        rest.starts_with(char::is_whitespace),
        kept.rfind(char::is_whitespace),
    ) {
        (false, Some(word)) => &kept[..word],
        _ => kept,
    };
    format!("{}…", kept.trim_end())
}

/// Message of the commit of open work.
pub fn work_message(task: &Task, agent_name: &str) -> String {
    format!("{}: work of {agent_name}", task.title)
}

/// The name of the agent that works in an attempt.
pub fn agent_name(cx: &Cx<'_>, attempt: &Attempt) -> String {
    let shard = cx.shard(attempt.project_id);
    let session = shard.as_ref().and_then(|shard| shard.last_session(attempt.id));
    let executor = session
        .map(|session| session.profile.executor.clone())
        .unwrap_or_default();
    cx.agents
        .get(&executor)
        .map_or(executor, |agent| agent.name.clone())
}

/// Tells the person on the desktop something about an attempt.
pub fn notify(cx: &mut Cx<'_>, attempt: &Attempt, what: &str) {
    let short_id = cx.state.short_id(attempt.task_id).unwrap_or_default();
    let title = cx
        .task(attempt.task_id)
        .map(|task| task.title.clone())
        .unwrap_or_default();
    let body = format!("{} {what}", agent_name(cx, attempt));
    cx.effect(Effect::Notify {
        title: format!("{short_id} {title}"),
        body,
        attempt_id: attempt.id,
    });
}

/// A question in one line.
pub fn question_line(question: &Question, tool: &str) -> String {
    match question {
        Question::Command { command, .. } => one_line(command),
        Question::Edit { paths } => format!("change {}", file_list(paths)),
        Question::Read { paths } => format!("read {}", file_list(paths)),
        Question::Fetch { target } => format!("fetch {}", one_line(target)),
        Question::Tool { .. } => format!("use {tool}"),
        Question::Plan { .. } => "carry out the plan".into(),
        Question::Choice { questions } => questions
            .first()
            .map_or_else(|| tool.to_owned(), |choice| one_line(&choice.question)),
    }
}

fn file_list(paths: &[anyon_model::FilePath]) -> String {
    match paths {
        [] => "files".into(),
        [path] => path.to_string(),
        [path, others @ ..] => format!("{path} and {} more", others.len()),
    }
}

fn one_line(text: &str) -> String {
    const MAX: usize = 120;
    let mut line: String = text.lines().next().unwrap_or("").chars().take(MAX).collect();
    if line.len() < text.trim_end().len() {
        line.push('…');
    }
    line
}

/// In which way a process failed that nobody had told to end, in a kind and in words.
pub fn exit_failure(execution: &Execution, status: ExitStatus, stderr_tail: &str) -> (FailureKind, String) {
    let is_agent = execution.run_reason == anyon_model::RunReason::CodingAgent;
    let (kind, message) = match status {
        ExitStatus::Code { code: 0 } if is_agent => (
            FailureKind::Protocol,
            "The process ended in the middle of a turn".to_owned(),
        ),
        ExitStatus::Code { code } => (
            FailureKind::Exit { code },
            format!("The process ended with status {code}"),
        ),
        ExitStatus::Signal { signal } => (
            FailureKind::Signal { signal },
            format!("The process was ended by signal {signal}"),
        ),
        ExitStatus::Unknown => (
            FailureKind::Other,
            "The process is gone, and with it its supervisor".to_owned(),
        ),
    };
    (kind, with_tail(message, stderr_tail))
}

/// A message with the last lines of standard error below it.
pub fn with_tail(message: String, stderr_tail: &str) -> String {
    match stderr_tail.trim() {
        "" => message,
        tail => format!("{message}\n{tail}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyon_model::TaskId;
    use anyon_testkit::{World, fixed};

    fn message(title: &str, description: &str) -> String {
        let state = World::new().task(title, description).state();
        let task = state.projects[&fixed(1)].tasks[&fixed::<TaskId>(1)].clone();
        landing_message(&task)
    }

    #[test]
    fn a_short_title_is_the_first_line_and_the_description_follows() {
        assert_eq!(message("Fix the login", ""), "Fix the login");
        assert_eq!(
            message("Fix the login", "It fails with 500."),
            "Fix the login\n\nIt fails with 500."
        );
    }

    #[test]
    fn a_long_title_is_cut_at_a_word_and_stands_whole_below() {
        let title = "Send people whose session is over to the login page and back to where they came from";
        assert_eq!(
            message(title, "Also in tabs."),
            format!(
                "Send people whose session is over to the login page and back to where…\n\n{title}\n\nAlso in tabs."
            )
        );
        let korean = "세션이 만료된 사용자를 로그인 페이지로 보내고 ".repeat(4);
        let first = message(&korean, "");
        let first = first.lines().next().unwrap();
        let kept = first.strip_suffix('…').unwrap();
        assert!(first.chars().count() <= 72, "{first}");
        assert!(korean.starts_with(&format!("{kept} ")), "at a word: {first}");
        let word = "x".repeat(100);
        let first = message(&word, "");
        assert_eq!(
            first.lines().next().unwrap().chars().count(),
            72,
            "one word is cut in itself"
        );
    }

    #[test]
    fn a_title_that_was_cut_from_its_description_is_whole_again() {
        let prompt = "Send people whose session is over to the login page and back to where they came from";
        assert_eq!(
            message("Send people whose session is …", prompt),
            format!("Send people whose session is over to the login page and back to where…\n\n{prompt}")
        );
        assert_eq!(
            message("Fix the login …", "Fix the login\n\nIt fails with 500."),
            "Fix the login\n\nIt fails with 500."
        );
        assert_eq!(
            message("And so on…", "Something else"),
            "And so on…\n\nSomething else"
        );
    }
}
