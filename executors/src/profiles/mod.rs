//! `agents.toml`: agents of the person's own, and the person's variants of all agents.
//!
//! What may stand in the file is described once, in [`anyon_model::AGENT_FIELDS`] and [`anyon_model::PROFILE_FIELDS`].
//! Reading and editing is text in, text out; only [`AgentsFile`] touches the file. Values of variables may be secrets:
//! no fault quotes them.

mod agent;
mod edit;
mod file;
mod known;
mod read;
#[cfg(test)]
mod tests;
mod typed;

pub use agent::Agent;
pub use edit::edited;
pub use file::{AgentsFile, Reading};
pub use known::known_agents;
pub use read::read;

use crate::agents::{self, OwnAgent};
use anyon_model::{AgentFields, AgentInfo, AgentTable, ExecutorProfileId, ProfileConfig};
use std::sync::Arc;

/// What the file comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Configuration {
    /// The person's own agents.
    pub agents: Vec<Arc<OwnAgent>>,
    /// The person's variants.
    pub profiles: Vec<(ExecutorProfileId, ProfileConfig)>,
    /// All tables, as they stand there.
    pub tables: Vec<(AgentTable, AgentFields)>,
}

impl Configuration {
    /// All agents, in the order they are offered: the person's own before the demo agent.
    pub fn agents(&self) -> Vec<Agent> {
        let listed = agents::agents().iter().map(Agent::Listed);
        let (built_in, mut all): (Vec<_>, Vec<_>) = listed.partition(Agent::is_built_in);
        all.extend(self.agents.iter().cloned().map(Agent::Own));
        all.extend(built_in);
        all
    }

    /// The agent with this id.
    pub fn agent(&self, agent_id: &str) -> Option<Agent> {
        let own = || self.agents.iter().find(|own| own.id == agent_id);
        agents::agent(agent_id)
            .map(Agent::Listed)
            .or_else(|| own().cloned().map(Agent::Own))
    }

    /// What the engine and the panels know of all agents. A variant of the person's takes the place of the agent's.
    pub fn catalogue(&self) -> Vec<AgentInfo> {
        let with_profiles = |agent: Agent| {
            let mut info = agent.info();
            let own = self.profiles.iter().filter(|(id, _)| id.executor == info.id);
            let own: Vec<_> = own
                .map(|(id, config)| (id.variant_name().to_owned(), config.clone()))
                .collect();
            info.variants.extend(own);
            info
        };
        self.agents().into_iter().map(with_profiles).collect()
    }
}
