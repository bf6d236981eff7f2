//! What a caller writes for a project, a task, an attempt or a question, and what it names.

use crate::text;
use anyon_model::{
    Approval, ApprovalId, Attempt, AttemptId, Problem, ProblemCode, ProjectId, ProjectShard, State, Task,
    TaskId,
};
use std::sync::Arc;

/// Something with the shard that holds it.
pub type InShard<'s, T> = (&'s Arc<ProjectShard>, &'s Arc<T>);

/// The project with this id, short prefix, name or folder.
pub fn project<'s>(state: &'s State, named: &str) -> Result<&'s Arc<ProjectShard>, Problem> {
    let by_id = named.parse::<ProjectId>().ok();
    let is_it = |shard: &&Arc<ProjectShard>| {
        let project = &shard.project;
        by_id == Some(project.id)
            || project.short_prefix == named
            || project.name == named
            || project.repo_path.as_path().as_os_str() == named
    };
    let mut found = state.projects.values().filter(is_it);
    one(found.next(), found.next(), "project", named, "list_projects")
}

/// The task with this id or short id (`ANY-12`).
pub fn task<'s>(state: &'s State, named: &str) -> Result<InShard<'s, Task>, Problem> {
    let by_id = named.parse::<TaskId>().ok();
    let short = short_id(named).filter(|(_, _, attempt)| attempt.is_none());
    let in_shard = |shard: &'s Arc<ProjectShard>| {
        let is_it = move |task: &&Arc<Task>| match (by_id, short) {
            (Some(task_id), _) => task.id == task_id,
            (None, Some((prefix, number, _))) => {
                task.number == number && shard.project.short_prefix.eq_ignore_ascii_case(prefix)
            }
            (None, None) => false,
        };
        shard.tasks.values().filter(is_it).map(move |task| (shard, task))
    };
    let mut found = state.projects.values().flat_map(in_shard);
    one(found.next(), found.next(), "task", named, "list_tasks")
}

/// The attempt with this id or short id (`ANY-12.1`).
pub fn attempt<'s>(state: &'s State, named: &str) -> Result<InShard<'s, Attempt>, Problem> {
    let by_id = named.parse::<AttemptId>().ok();
    let short = short_id(named);
    let in_shard = |shard: &'s Arc<ProjectShard>| {
        let is_it = move |attempt: &&Arc<Attempt>| match (by_id, short) {
            (Some(attempt_id), _) => attempt.id == attempt_id,
            (None, Some((prefix, number, Some(of_task)))) => {
                let task = shard.tasks.get(&attempt.task_id);
                attempt.number == of_task
                    && task.is_some_and(|task| task.number == number)
                    && shard.project.short_prefix.eq_ignore_ascii_case(prefix)
            }
            _ => false,
        };
        let attempts = shard.attempts.values().filter(is_it);
        attempts.map(move |attempt| (shard, attempt))
    };
    let mut found = state.projects.values().flat_map(in_shard);
    one(found.next(), found.next(), "attempt", named, "get_task")
}

/// The question with this id.
pub fn approval<'s>(state: &'s State, named: &str) -> Result<InShard<'s, Approval>, Problem> {
    let approval_id = named.parse::<ApprovalId>().ok();
    let in_shard = |shard: &'s Arc<ProjectShard>| Some((shard, shard.approvals.get(&approval_id?)?));
    let found = state.projects.values().find_map(in_shard);
    one(found, None, "approval", named, "list_approvals")
}

/// `ANY-12`, or `ANY-12.1` with the number of an attempt.
fn short_id(named: &str) -> Option<(&str, u32, Option<u32>)> {
    let (prefix, numbers) = named.rsplit_once('-')?;
    let (task, attempt) = match numbers.split_once('.') {
        Some((task, attempt)) => (task, Some(attempt.parse().ok()?)),
        None => (numbers, None),
    };
    Some((prefix, task.parse().ok()?, attempt))
}

fn one<T>(
    first: Option<T>,
    second: Option<T>,
    what: &str,
    named: &str,
    listed_by: &str,
) -> Result<T, Problem> {
    match (first, second) {
        (Some(found), None) => Ok(found),
        (None, _) => {
            let title = format!("There is no {what} “{}”", text::quoted(named));
            Err(Problem::new(ProblemCode::NotFound, title)
                .hint(format!("{listed_by} names those that there are")))
        }
        (Some(_), Some(_)) => {
            let title = format!("“{}” names more than one {what}", text::quoted(named));
            Err(Problem::new(ProblemCode::InvalidRequest, title).hint("Use its id"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ids_are_read_and_nothing_else_is() {
        assert_eq!(short_id("ANY-12"), Some(("ANY", 12, None)));
        assert_eq!(short_id("ANY-12.3"), Some(("ANY", 12, Some(3))));
        for text in [
            "ANY",
            "ANY-",
            "ANY-x",
            "ANY-1.",
            "ANY-1.x",
            "",
            "-",
            "ANY-99999999999",
        ] {
            assert_eq!(short_id(text), None, "{text}");
        }
    }
}
