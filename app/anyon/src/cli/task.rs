//! `anyon task`: the cards of the board.

use super::{cards::TaskCard, ending::Ending, exchange::Exchange, name, out::Out, run::unexpected};
use anyon_model::{Command, Outcome, Priority, Problem, TaskId, TaskPatch, TaskStatus};
use clap::{Args, Subcommand, ValueEnum};

/// Write, change, move and remove tasks
#[derive(Debug, Args)]
pub struct TaskArgs {
    #[command(subcommand)]
    verb: TaskVerb,
}

#[derive(Debug, Subcommand)]
enum TaskVerb {
    /// List tasks
    List {
        /// Only of this project: name, folder or id
        #[arg(long, value_name = "PROJECT")]
        project: Option<String>,
        /// Only with this status: todo, inprogress, inreview, done or cancelled
        #[arg(long)]
        status: Option<TaskStatus>,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Write a new task
    Add {
        /// One line
        title: String,
        /// Its project: name, folder or id
        #[arg(long, value_name = "PROJECT", default_value = ".")]
        project: String,
        /// Markdown; with the title it is the prompt
        #[arg(long, default_value = "")]
        description: String,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Show a task
    Show {
        /// The task: `ANY-1`, its id, or the start of its id
        task: String,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Change a task's text, priority or labels
    Edit {
        /// The task: `ANY-1`, its id, or the start of its id
        task: String,
        /// One line
        #[arg(long)]
        title: Option<String>,
        /// Markdown
        #[arg(long)]
        description: Option<String>,
        /// How urgent it is
        #[arg(long, value_enum)]
        priority: Option<Urgency>,
        /// Its labels, with commas between them; an empty text takes all away
        #[arg(long, value_name = "NAMES")]
        labels: Option<String>,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Move a task to another column
    Move {
        /// The task: `ANY-1`, its id, or the start of its id
        task: String,
        /// todo, inprogress, inreview, done or cancelled
        status: TaskStatus,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Remove a task
    Remove {
        /// The task: `ANY-1`, its id, or the start of its id
        task: String,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Urgency {
    None,
    Low,
    Medium,
    High,
    Urgent,
}

impl From<Urgency> for Priority {
    fn from(urgency: Urgency) -> Self {
        match urgency {
            Urgency::None => Self::None,
            Urgency::Low => Self::Low,
            Urgency::Medium => Self::Medium,
            Urgency::High => Self::High,
            Urgency::Urgent => Self::Urgent,
        }
    }
}

impl TaskArgs {
    /// JSON is wanted.
    pub fn json(&self) -> bool {
        match &self.verb {
            TaskVerb::List { json, .. }
            | TaskVerb::Add { json, .. }
            | TaskVerb::Show { json, .. }
            | TaskVerb::Edit { json, .. }
            | TaskVerb::Move { json, .. }
            | TaskVerb::Remove { json, .. } => *json,
        }
    }
}

/// Runs it.
pub fn run(args: &TaskArgs, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    match &args.verb {
        TaskVerb::List { project, status, .. } => list(project.as_deref(), *status, exchange, out),
        TaskVerb::Add {
            title,
            project,
            description,
            ..
        } => add(project, title, description, exchange, out),
        TaskVerb::Show { task, .. } => {
            out.task(&name::task(&exchange.state(), task)?);
            Ok(Ending::Done)
        }
        TaskVerb::Edit {
            task,
            title,
            description,
            priority,
            labels,
            ..
        } => {
            let names = |text: &String| {
                let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
                names.map(str::to_owned).collect()
            };
            let patch = TaskPatch {
                title: title.clone(),
                description: description.clone(),
                priority: priority.map(Priority::from),
                labels: labels.as_ref().map(names),
                ..TaskPatch::default()
            };
            change(task, patch, exchange, out)
        }
        TaskVerb::Move { task, status, .. } => {
            let patch = TaskPatch {
                status: Some(*status),
                ..TaskPatch::default()
            };
            change(task, patch, exchange, out)
        }
        TaskVerb::Remove { task, .. } => remove(task, exchange, out),
    }
}

fn list(
    project: Option<&str>,
    status: Option<TaskStatus>,
    exchange: &Exchange<'_>,
    out: &mut Out,
) -> Result<Ending, Problem> {
    let state = exchange.state();
    let project_id = project
        .map(|text| name::project(&state, text))
        .transpose()?
        .map(|shard| shard.project.id);
    let mut cards = TaskCard::all(&state);
    cards.retain(|card| project_id.is_none_or(|project_id| card.task.project_id == project_id));
    cards.retain(|card| status.is_none_or(|status| card.task.status == status));
    out.tasks(&cards);
    Ok(Ending::Done)
}

fn add(
    project: &str,
    title: &str,
    description: &str,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<Ending, Problem> {
    let project_id = name::project(&exchange.state(), project)?.project.id;
    let (title, description) = (title.to_owned(), description.to_owned());
    match exchange.command(Command::CreateTask {
        project_id,
        title,
        description,
    })? {
        Outcome::Task { task_id } => show(task_id, exchange, out),
        _ => return Err(unexpected()),
    }
    Ok(Ending::Done)
}

fn change(
    task: &str,
    patch: TaskPatch,
    exchange: &mut Exchange<'_>,
    out: &mut Out,
) -> Result<Ending, Problem> {
    let task_id = name::task(&exchange.state(), task)?.task.id;
    exchange.command(Command::UpdateTask { task_id, patch })?;
    show(task_id, exchange, out);
    Ok(Ending::Done)
}

fn remove(task: &str, exchange: &mut Exchange<'_>, out: &mut Out) -> Result<Ending, Problem> {
    let state = exchange.state();
    let card = name::task(&state, task)?;
    exchange.command(Command::DeleteTask {
        task_id: card.task.id,
    })?;
    out.done("removed", &format!("{} is removed", card.name));
    let shard = state.projects.get(&card.task.project_id);
    let kept: usize = card
        .attempts
        .iter()
        .filter_map(|attempt| Some(shard?.snapshots_of(attempt.attempt.id).count()))
        .sum();
    if kept > 0 {
        // They hold work that is nowhere else, so only a person throws them away.
        out.note("its snapshots stay in the repository under refs/anyon/snapshots/ (docs/cli.md says how to remove them)");
    }
    Ok(Ending::Done)
}

fn show(task_id: TaskId, exchange: &Exchange<'_>, out: &mut Out) {
    if let Some(card) = TaskCard::of(&exchange.state(), task_id) {
        out.task(&card);
    }
}
