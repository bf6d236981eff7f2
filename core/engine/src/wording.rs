//! Messages made from tasks: of commits and of notifications.

use crate::{cx::Cx, prompt};
use anyon_model::{Attempt, Effect, Execution, ExitStatus, FailureKind, Question, Task};

/// Message of the commit on the target.
pub fn landing_message(task: &Task) -> String {
    prompt::joined(&task.title, &task.description)
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
