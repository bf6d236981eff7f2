//! Resources: projects, tasks, attempts, and of an attempt its log and its diff.

use crate::{
    call::{Call, Sight},
    page, shape, text, tools,
};
use anyon_model::{Problem, ProblemCode};
use rmcp::model::{ListResourcesResult, ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde::Serialize;

const JSON: &str = "application/json";
const LOG: &str = "text/markdown";
const DIFF: &str = "text/x-diff";

/// What an address names. The name is an id or a short id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address<'u> {
    /// A project.
    Project(&'u str),
    /// A task.
    Task(&'u str),
    /// An attempt.
    Attempt(&'u str),
    /// An attempt's conversation.
    Log(&'u str),
    /// What an attempt changed.
    Diff(&'u str),
}

impl<'u> Address<'u> {
    /// Reads an address.
    pub fn read(uri: &'u str) -> Result<Self, Problem> {
        let parts: Vec<&str> = uri
            .strip_prefix("anyon://")
            .unwrap_or_default()
            .split('/')
            .collect();
        match parts.as_slice() {
            ["projects", name] => Ok(Self::Project(name)),
            ["tasks", name] => Ok(Self::Task(name)),
            ["attempts", name] => Ok(Self::Attempt(name)),
            ["attempts", name, "log"] => Ok(Self::Log(name)),
            ["attempts", name, "diff"] => Ok(Self::Diff(name)),
            _ => {
                let title = format!("There is no resource “{}”", text::quoted(uri));
                Err(Problem::new(ProblemCode::NotFound, title)
                    .hint("resources/templates/list says how addresses are written"))
            }
        }
    }
}

/// How addresses are written.
pub fn templates() -> Vec<ResourceTemplate> {
    let template = |uri: &str, name: &str, about: &str, kind: &str| {
        ResourceTemplate::new(uri, name)
            .with_description(about)
            .with_mime_type(kind)
    };
    vec![
        template("anyon://projects/{project_id}", "project", "A project", JSON),
        template(
            "anyon://tasks/{task_id}",
            "task",
            "A task with its attempts",
            JSON,
        ),
        template(
            "anyon://attempts/{attempt_id}",
            "attempt",
            "How an attempt stands",
            JSON,
        ),
        template(
            "anyon://attempts/{attempt_id}/log",
            "log",
            "The newest part of an attempt's log",
            LOG,
        ),
        template(
            "anyon://attempts/{attempt_id}/diff",
            "diff",
            "What an attempt changed, as a patch",
            DIFF,
        ),
    ]
}

/// A page of what there is: of each project first itself, then its tasks, each followed by its attempts.
pub fn list(sight: &Sight, cursor: Option<String>) -> Result<ListResourcesResult, Problem> {
    let mut all = Vec::new();
    let mut push = |uri: String, name: String, title: String, kind: &str| {
        let resource = Resource::new(uri.clone(), name)
            .with_title(title)
            .with_mime_type(kind);
        all.push((uri, resource));
    };
    for shard in sight.projects() {
        let project = &shard.project;
        push(
            format!("anyon://projects/{}", project.id),
            project.name.clone(),
            project.name.clone(),
            JSON,
        );
        for task in shard.tasks.values().rev() {
            let name = shape::task_name(shard, task);
            push(
                format!("anyon://tasks/{}", task.id),
                name,
                task.title.clone(),
                JSON,
            );
            for attempt in shard.attempts_of(task.id) {
                let name = shape::attempt_name(shard, attempt);
                let uri = format!("anyon://attempts/{}", attempt.id);
                push(uri.clone(), name.clone(), task.title.clone(), JSON);
                push(
                    format!("{uri}/log"),
                    format!("{name} log"),
                    format!("Log of {name}"),
                    LOG,
                );
                push(
                    format!("{uri}/diff"),
                    format!("{name} diff"),
                    format!("Changes of {name}"),
                    DIFF,
                );
            }
        }
    }
    let page = page::of(
        all,
        &page::Wanted {
            cursor,
            limit: Some(100),
        },
    )?;
    let mut listed = ListResourcesResult::with_all_items(page.items);
    listed.next_cursor = page.next;
    Ok(listed)
}

/// What is at an address.
pub async fn read(uri: &str, call: &Call) -> Result<ReadResourceResult, Problem> {
    let (content, kind) = match Address::read(uri)? {
        Address::Project(name) => {
            let sight = call.sight().await?;
            (
                json(&shape::ProjectCard::of(&sight.project(name)?.project))?,
                JSON,
            )
        }
        Address::Task(name) => {
            let sight = call.sight().await?;
            let (shard, task) = sight.task(name)?;
            (json(&shape::TaskCard::of(shard, task))?, JSON)
        }
        Address::Attempt(name) => (json(&tools::card_with_summaries(name, call).await?)?, JSON),
        Address::Log(name) => (tools::log_text(name, call).await?, LOG),
        Address::Diff(name) => (tools::diff_text(name, call).await?, DIFF),
    };
    let contents = ResourceContents::text(content, uri).with_mime_type(kind);
    Ok(ReadResourceResult::new(vec![contents]))
}

/// As JSON.
pub fn json(value: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|error| {
        Problem::new(ProblemCode::Internal, "The resource could not be written").detail(error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_tricks_are_not() {
        assert_eq!(
            Address::read("anyon://tasks/ANY-1").unwrap(),
            Address::Task("ANY-1")
        );
        assert_eq!(
            Address::read("anyon://attempts/ANY-1.1/log").unwrap(),
            Address::Log("ANY-1.1")
        );
        for uri in [
            "",
            "anyon://",
            "file:///etc/passwd",
            "anyon://attempts/ANY-1.1/log/../../x",
            "anyon://attempts/ANY-1.1/secrets",
            "anyon://tasks",
        ] {
            assert!(Address::read(uri).is_err(), "{uri}");
        }
    }
}
