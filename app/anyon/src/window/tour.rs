//! The demo in the window: registers the sample project and lets the demo agent begin; the person does the rest.

use crate::{cli::exchange::Exchange, demo::sample};
use anyon_model::{ApproveMode, Command, ExecutorProfileId, Outcome, Problem, ProblemCode, WaitingClient};
use anyon_ui::Place;
use std::path::Path;

/// Builds the sample if it is not there, and starts the demo agent on it. Gives where to look.
pub fn begin(sample: &Path, client: &dyn WaitingClient) -> Result<Place, Problem> {
    if !sample.exists() {
        sample::build(sample)?;
    }
    let mut exchange = Exchange::new(client);
    let added = exchange.command(Command::AddProject {
        path: sample.into(),
        name: None,
        initial_commit: false,
    })?;
    let Outcome::Project { project_id } = added else {
        return Err(unexpected());
    };
    let created = exchange.command(Command::CreateTask {
        project_id,
        title: sample::TASK_TITLE.to_owned(),
        description: sample::TASK_DESCRIPTION.to_owned(),
    })?;
    let Outcome::Task { task_id } = created else {
        return Err(unexpected());
    };
    let started = exchange.command(Command::StartAttempt {
        task_id,
        profile: ExecutorProfileId::new("DEMO"),
        base: None,
        target: None,
        approve: ApproveMode::Edits,
    })?;
    match started {
        Outcome::Attempt { attempt_id } => Ok(Place::attempt(task_id, attempt_id)),
        _ => Err(unexpected()),
    }
}

fn unexpected() -> Problem {
    Problem::new(ProblemCode::Internal, "The demo could not begin")
}
