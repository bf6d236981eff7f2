//! What a person types for an agent, and the agent that is meant when nobody names one.

use anyon_executors::agents::{self, AgentSpec};
use anyon_model::{ExecutorProfileId, Problem, ProblemCode, ProjectId, Session, State};
use std::sync::Arc;

/// What `--agent` takes, for the help of a verb.
pub fn help(more: &str) -> String {
    let agents = agents::agents().iter();
    let named: Vec<String> = agents
        .map(|spec| format!("{} ({})", spec.id, spec.name))
        .collect();
    format!("The agent: {}, or one of agents.toml{more}", named.join(", "))
}

/// The agent's id, however it is written.
pub fn named(text: &str) -> String {
    agents::named(text).map_or_else(|| text.to_owned(), |spec| spec.id.to_owned())
}

/// The agent that worked last, in this project if it did there; else the one of the settings.
pub fn last_used(state: &State, project_id: ProjectId) -> Result<ExecutorProfileId, Problem> {
    let newest = |sessions: &mut dyn Iterator<Item = &Arc<Session>>| {
        let last = sessions.max_by_key(|session| (session.created_at, session.id));
        last.map(|session| session.profile.clone())
    };
    let here = state.projects.get(&project_id).into_iter();
    newest(&mut here.flat_map(|shard| shard.sessions.values()))
        .or_else(|| newest(&mut state.projects.values().flat_map(|shard| shard.sessions.values())))
        .or_else(|| state.settings.default_profile.clone())
        .ok_or_else(nobody)
}

fn nobody() -> Problem {
    let ids: Vec<&str> = agents::agents().iter().map(|spec: &AgentSpec| spec.id).collect();
    Problem::new(
        ProblemCode::InvalidRequest,
        "No agent worked here yet, so it has to be named",
    )
    .hint(format!("name one with --agent: {}", ids.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_known_however_it_is_written() {
        for text in ["demo", "DEMO", "Demo"] {
            assert_eq!(named(text), "DEMO");
        }
        assert_eq!(named("claude-code"), "CLAUDE_CODE");
        assert_eq!(
            named("claudia"),
            "claudia",
            "what nobody knows is refused by the host"
        );
        assert!(help("").contains("CLAUDE_CODE (Claude Code)"));
    }
}
