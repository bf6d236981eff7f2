//! What an agent that Anyon started gets to see: its own project. What it may do is the engine's to say.

use anyon_model::{Actor, Problem, ProblemCode, ProjectId, ProjectShard, State};
use std::sync::Arc;

/// The only project that the actor sees; `None`: it sees all.
pub fn only_project(state: &State, actor: &Actor) -> Option<ProjectId> {
    match actor {
        Actor::Agent { attempt_id } => {
            let own = state.shard_of_attempt(*attempt_id);
            // An agent whose attempt is gone sees nothing that exists.
            Some(own.map_or(ProjectId::from_bytes([0; 16]), |shard| shard.project.id))
        }
        Actor::Person | Actor::Mcp { .. } | Actor::System => None,
    }
}

/// The projects that the actor sees.
pub fn projects<'s>(state: &'s State, actor: &Actor) -> impl Iterator<Item = &'s Arc<ProjectShard>> {
    let only = only_project(state, actor);
    let seen = move |shard: &&Arc<ProjectShard>| only.is_none_or(|only| only == shard.project.id);
    state.projects.values().filter(seen)
}

/// Refuses what belongs to a project that the actor does not see.
pub fn check(state: &State, actor: &Actor, project_id: ProjectId, what: &str) -> Result<(), Problem> {
    match only_project(state, actor) {
        Some(only) if only != project_id => Err(Problem::new(
            ProblemCode::Forbidden,
            format!("This {what} belongs to another project"),
        )
        .detail("an agent that Anyon started sees the project of its own attempt and no other")
        .hint("Work with what list_projects and list_tasks name, or ask the person")),
        _ => Ok(()),
    }
}
