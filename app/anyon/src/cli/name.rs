//! What a person types for a project, a task or an attempt, and what it names.

use super::cards::{AttemptCard, RuleCard, TaskCard};
use anyon_model::{FilePath, Problem, ProblemCode, ProjectId, ProjectShard, State};
use std::{path::Path, sync::Arc};

/// The project with this id, name, or folder (any folder in it).
pub fn project<'a>(state: &'a State, text: &str) -> Result<&'a Arc<ProjectShard>, Problem> {
    let by_id = text
        .parse::<ProjectId>()
        .ok()
        .and_then(|project_id| state.projects.get(&project_id));
    if let Some(shard) = by_id.or_else(|| project_at(state, Path::new(text))) {
        return Ok(shard);
    }
    let named: Vec<_> = state
        .projects
        .values()
        .filter(|shard| shard.project.name == text || shard.project.short_prefix == text)
        .collect();
    match named.as_slice() {
        [shard] => Ok(shard),
        [] => Err(not_found("project", text)
            .hint("list them with `anyon project list`, add one with `anyon project add DIR`")),
        _ => Err(ambiguous("project", text)),
    }
}

/// The project that a folder belongs to: the nearest folder above it with a `.git` decides.
pub fn project_at<'a>(state: &'a State, folder: &Path) -> Option<&'a Arc<ProjectShard>> {
    let folder = folder.canonicalize().ok().filter(|folder| folder.is_dir())?;
    let repo = folder
        .ancestors()
        .find(|above| above.join(".git").exists())
        .unwrap_or(&folder);
    state
        .projects
        .values()
        .find(|shard| shard.project.repo_path.as_path() == repo)
}

/// The task with this short form (`ANY-12`), id, or unique start of an id.
pub fn task(state: &State, text: &str) -> Result<TaskCard, Problem> {
    let cards = TaskCard::all(state);
    pick(cards, "task", text, |card| {
        (card.name.clone(), card.task.id.to_string())
    })
}

/// The attempt with this short form (`ANY-12.1`), id, or unique start of an id.
pub fn attempt(state: &State, text: &str) -> Result<AttemptCard, Problem> {
    let cards = AttemptCard::all(state);
    pick(cards, "attempt", text, |card| {
        (card.name.clone(), card.attempt.id.to_string())
    })
}

/// The rule with this name or id.
pub fn rule(state: &State, text: &str) -> Result<RuleCard, Problem> {
    pick(RuleCard::all(state), "rule", text, |card| {
        (card.name.clone(), card.rule.id.to_string())
    })
}

/// A folder that is there, absolute. A file in it is none.
pub fn folder(path: &Path) -> Result<FilePath, Problem> {
    match path.is_file() {
        true => Err(Problem::new(
            ProblemCode::InvalidRequest,
            format!("“{}” is a file", path.display()),
        )
        .hint("name the folder of the repository")),
        false => absolute(path),
    }
}

/// An absolute path for the host, whose current folder may be another one.
pub fn absolute(path: &Path) -> Result<FilePath, Problem> {
    std::path::absolute(path).map(FilePath::from).map_err(|error| {
        Problem::new(
            ProblemCode::InvalidRequest,
            format!("“{}” is not a path", path.display()),
        )
        .detail(error.to_string())
    })
}

fn pick<T>(
    cards: Vec<T>,
    what: &str,
    text: &str,
    names: impl Fn(&T) -> (String, String),
) -> Result<T, Problem> {
    let exact = |card: &T| {
        let (name, identity) = names(card);
        name.eq_ignore_ascii_case(text) || identity == text
    };
    let starts = |card: &T| text.len() >= 4 && names(card).1.starts_with(text);
    let (mut exact, rest): (Vec<T>, Vec<T>) = cards.into_iter().partition(exact);
    if exact.is_empty() {
        exact = rest.into_iter().filter(starts).collect();
    }
    match (exact.len(), exact.pop()) {
        (1, Some(card)) => Ok(card),
        (0, _) => Err(not_found(what, text).hint(format!("list them with `anyon {what} list`"))),
        _ => Err(ambiguous(what, text)),
    }
}

fn not_found(what: &str, text: &str) -> Problem {
    Problem::new(ProblemCode::NotFound, format!("There is no {what} “{text}”"))
}

fn ambiguous(what: &str, text: &str) -> Problem {
    Problem::new(
        ProblemCode::InvalidRequest,
        format!("“{text}” names more than one {what}"),
    )
    .hint("use more of its id")
}
