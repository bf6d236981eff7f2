//! The cards of the board.

use super::{Nature, Verb};
use crate::{
    call::{Call, unexpected},
    page::{self, Wanted},
    shape::{StatusWord, TaskCard, TaskLine},
};
use anyon_model::{Command, Outcome, Problem, TaskPatch, TaskStatus};
use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Lists tasks.
pub struct ListTasks;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Which {
    /// Id, short prefix or name
    project_id: String,
    status: Option<StatusWord>,
    #[serde(flatten)]
    wanted: Wanted,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Tasks {
    tasks: Vec<TaskLine>,
    #[serde(flatten)]
    page: page::Shown,
    project_id: String,
    applied_filters: Filters,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Filters {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    limit: usize,
}

impl Verb for ListTasks {
    type Input = Which;
    type Output = Tasks;
    const NAME: &'static str = "list_tasks";
    const ABOUT: &'static str = "List a project's tasks, the newest first";
    const NATURE: Nature = Nature::Reads;

    async fn run(asked: Which, call: &Call) -> Result<Tasks, Problem> {
        let sight = call.sight().await?;
        let shard = sight.project(&asked.project_id)?;
        let status = asked.status.map(TaskStatus::from);
        let tasks = shard.tasks.values().rev();
        let all = tasks
            .filter(|task| status.is_none_or(|status| task.status == status))
            .map(|task| (task.id.to_string(), task.clone()))
            .collect();
        let page = page::of(all, &asked.wanted)?;
        Ok(Tasks {
            page: page.shown(),
            tasks: page.items.iter().map(|task| TaskLine::of(shard, task)).collect(),
            project_id: shard.project.id.to_string(),
            applied_filters: Filters {
                status: status.map(|status| status.as_str().into()),
                limit: page::limit(asked.wanted.limit),
            },
        })
    }
}

/// Shows a task.
pub struct GetTask;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct OfTask {
    task_id: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct OneTask {
    task: TaskCard,
}

impl Verb for GetTask {
    type Input = OfTask;
    type Output = OneTask;
    const NAME: &'static str = "get_task";
    const ABOUT: &'static str = "Show a task with its attempts";
    const NATURE: Nature = Nature::Reads;

    async fn run(asked: OfTask, call: &Call) -> Result<OneTask, Problem> {
        shown(&asked.task_id, call).await
    }
}

async fn shown(task_id: &str, call: &Call) -> Result<OneTask, Problem> {
    let sight = call.sight().await?;
    let (shard, task) = sight.task(task_id)?;
    Ok(OneTask {
        task: TaskCard::of(shard, task),
    })
}

/// Writes a task.
pub struct CreateTask;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct NewTask {
    /// Id, short prefix or name
    project_id: String,
    /// One line
    title: String,
    /// Markdown; with the title it is the agent's prompt. @name expands to that template
    description: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Written {
    task_id: String,
    short_id: String,
}

impl Verb for CreateTask {
    type Input = NewTask;
    type Output = Written;
    const NAME: &'static str = "create_task";
    const ABOUT: &'static str = "Write a new task";
    const NATURE: Nature = Nature::Adds;

    async fn run(wish: NewTask, call: &Call) -> Result<Written, Problem> {
        let project_id = call.project_id(&wish.project_id).await?;
        let command = Command::CreateTask {
            project_id,
            title: wish.title,
            description: wish.description.unwrap_or_default(),
        };
        let Outcome::Task { task_id } = call.command(command).await? else {
            return Err(unexpected());
        };
        let short_id = call.sight().await?.state.short_id(task_id);
        Ok(Written {
            task_id: task_id.to_string(),
            short_id: short_id.unwrap_or_default(),
        })
    }
}

/// Changes a task.
pub struct UpdateTask;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct TaskChanges {
    task_id: String,
    title: Option<String>,
    description: Option<String>,
    status: Option<StatusWord>,
}

impl Verb for UpdateTask {
    type Input = TaskChanges;
    type Output = OneTask;
    const NAME: &'static str = "update_task";
    const ABOUT: &'static str = "Change a task's title, description or status";
    const NATURE: Nature = Nature::Sets;

    async fn run(wish: TaskChanges, call: &Call) -> Result<OneTask, Problem> {
        let patch = TaskPatch {
            title: wish.title,
            description: wish.description,
            status: wish.status.map(TaskStatus::from),
            ..TaskPatch::default()
        };
        changed(&wish.task_id, patch, call).await
    }
}

/// Moves a task to another column.
pub struct UpdateTaskStatus;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Move {
    task_id: String,
    status: StatusWord,
}

impl Verb for UpdateTaskStatus {
    type Input = Move;
    type Output = OneTask;
    const NAME: &'static str = "update_task_status";
    const ABOUT: &'static str = "Move a task to another column";
    const NATURE: Nature = Nature::Sets;

    async fn run(wish: Move, call: &Call) -> Result<OneTask, Problem> {
        let patch = TaskPatch {
            status: Some(wish.status.into()),
            ..TaskPatch::default()
        };
        changed(&wish.task_id, patch, call).await
    }
}

async fn changed(named: &str, patch: TaskPatch, call: &Call) -> Result<OneTask, Problem> {
    let task_id = call.task_id(named).await?;
    if patch != TaskPatch::default() {
        call.command(Command::UpdateTask { task_id, patch }).await?;
    }
    shown(&task_id.to_string(), call).await
}

/// Removes a task.
pub struct DeleteTask;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub struct Deleted {
    deleted_task_id: String,
}

impl Verb for DeleteTask {
    type Input = OfTask;
    type Output = Deleted;
    const NAME: &'static str = "delete_task";
    const ABOUT: &'static str = "Remove a task. Refused while its attempts run or hold work";
    const NATURE: Nature = Nature::Destroys;

    async fn run(asked: OfTask, call: &Call) -> Result<Deleted, Problem> {
        let task_id = call.task_id(&asked.task_id).await?;
        call.command(Command::DeleteTask { task_id }).await?;
        Ok(Deleted {
            deleted_task_id: task_id.to_string(),
        })
    }
}
